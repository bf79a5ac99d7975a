//! PostgreSQL's scratch databases.

mod like;
mod server;

pub(super) use crate::autogenerate::scratch::postgres::server::Server;
