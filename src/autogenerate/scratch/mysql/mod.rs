//! Scratch databases of MySQL and MariaDB.

mod server;

pub(super) use crate::autogenerate::scratch::mysql::server::Server;
