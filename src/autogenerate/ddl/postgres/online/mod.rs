//! Changes of tables in use: notes on their locks.

pub(super) mod measure;
