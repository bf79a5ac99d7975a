//! What the databases' own programs write out runs as a revision, and leaves the same database.
#![cfg(all(unix, feature = "mysql", feature = "postgres", feature = "sqlite", feature = "cli"))]
#![expect(clippy::unwrap_used, reason = "a test that gets no further has failed")]

mod mysql;
mod postgres;
mod project;
mod sqlite;
