//! Real database servers for the tests: private ones, started at first use, gone with the test.
//!
//! [`postgres`], [`mariadb`] and [`oceanbase`] are shared by all tests of a process, each of which
//! makes a [`Database`] of its own; [`Postgres::start`] and its like are for tests that kill.
//! [`proxy`], [`pgbouncer`] and [`galera`] stand for what lies between a program and its database.
//!
//! What is not installed is a panic that says how to install it. It is left out only on demand,
//! and loudly: `LIMBECK_TEST_SKIP_POSTGRES=1`, `LIMBECK_TEST_SKIP_MYSQL=1` and
//! `LIMBECK_TEST_SKIP_OCEANBASE=1` make these functions return `None`. `LIMBECK_TEST_POSTGRES_URL`
//! and `LIMBECK_TEST_MYSQL_URL` name servers to use instead of private ones, as a user that may make
//! databases.
//!
//! The crate knows nothing of limbeck: it looks at databases with `psql` and `mariadb`.

mod certificates;
mod database;
mod galera;
mod keeper;
mod mariadb;
mod oceanbase;
mod pgbouncer;
mod postgres;
mod proxy;
mod switches;
mod system;
mod url;

pub use crate::database::{Database, psql_reaches};
pub use crate::galera::{Cluster, galera};
pub use crate::mariadb::{Mariadb, mariadb};
pub use crate::oceanbase::{Oceanbase, oceanbase};
pub use crate::pgbouncer::{Pgbouncer, pgbouncer};
pub use crate::postgres::{Postgres, postgres};
pub use crate::proxy::{Proxy, proxy};

/// The user that tests connect as. It owns its databases and is no superuser of `PostgreSQL`.
pub const USER: &str = "app";

/// The user's password: whatever a URL, a shell, a configuration file or SQL would stumble over.
pub const PASSWORD: &str = "p@ss/w:rd?#%41 '\"\\$&ü";
