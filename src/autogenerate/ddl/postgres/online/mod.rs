//! Changes of tables in use: notes on their locks, and the division of a way in two, of which the second
//! part runs outside a transaction and locks nobody out for long.

mod apart;
mod divide;
pub(super) mod measure;
mod partitions;
mod words;

pub(super) use apart::apart;
pub(super) use divide::divide;
