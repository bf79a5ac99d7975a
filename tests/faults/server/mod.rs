//! Faults of clients, servers and networks, on `PostgreSQL` and `MariaDB`.
//!
//! `PostgreSQL` takes a revision back whole; on `MariaDB`, whose DDL commits by itself, one may be
//! half done, and then a row says so and names the statement.

mod cluster;
mod commits;
mod cuts;
mod kills;
mod leases;
mod look;
mod poolers;
mod races;
mod scene;
mod secrets;
mod sessions;
mod signals;
mod statements;
mod stops;
mod waits;
