//! The kinds of servers, and what each can be relied on for.
//!
//! A protocol tells little: servers that speak `PostgreSQL`'s or `MySQL`'s differ in what a
//! transaction holds and in which locks lock anything. So the driver asks the server which it is.

use crate::sql::Dialect;

/// A kind of database server, as it answers when it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Engine {
    /// SQLite, in this process.
    Sqlite,
    /// `PostgreSQL` itself.
    Postgres,
    /// `CockroachDB`: its advisory locks answer yes to everyone, and DDL commits.
    CockroachDb,
    /// `YugabyteDB`: advisory locks are young and off by default, and DDL commits.
    YugabyteDb,
    /// MySQL, Percona Server.
    MySql,
    /// `MariaDB` by itself.
    MariaDb,
    /// `MariaDB` or Percona in a Galera cluster: `GET_LOCK` locks one node only.
    Galera,
    /// TiDB: `GET_LOCK` holds over the cluster, and waits a second at least.
    TiDb,
    /// Vitess, `PlanetScale`: `GET_LOCK` is lost after some seconds.
    Vitess,
    /// `OceanBase`, in its MySQL mode: `GET_LOCK` outlives the session that took it.
    OceanBase,
}

/// The lock that an engine has of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NativeLock {
    /// A write transaction excludes every other (SQLite).
    Transaction,
    /// A session's lock, gone when the session ends.
    Session,
    /// None that can be trusted.
    None,
}

impl Engine {
    /// Returns the dialect that the engine understands.
    pub fn dialect(self) -> Dialect {
        match self {
            Self::Sqlite => Dialect::Sqlite,
            Self::Postgres | Self::CockroachDb | Self::YugabyteDb => Dialect::Postgres,
            Self::MySql
            | Self::MariaDb
            | Self::Galera
            | Self::TiDb
            | Self::Vitess
            | Self::OceanBase => Dialect::MySql,
        }
    }

    /// Returns the engine that a dialect is named for, for scripts that no server was asked about.
    pub fn usual(dialect: Dialect) -> Self {
        match dialect {
            Dialect::Sqlite => Self::Sqlite,
            Dialect::Postgres => Self::Postgres,
            Dialect::MySql => Self::MySql,
        }
    }

    /// Tells whether a transaction takes back DDL together with everything else.
    pub fn has_transactional_ddl(self) -> bool {
        matches!(self, Self::Sqlite | Self::Postgres)
    }

    /// Tells whether a change of the schema that was interrupted may go on all the same: servers that
    /// share their schema with others make it by a job of its own.
    pub fn changes_schema_by_jobs(self) -> bool {
        matches!(self, Self::TiDb | Self::OceanBase)
    }

    /// Returns the lock that the engine has of its own.
    pub fn native_lock(self) -> NativeLock {
        match self {
            Self::Sqlite => NativeLock::Transaction,
            Self::Postgres | Self::MySql | Self::MariaDb | Self::TiDb => NativeLock::Session,
            Self::CockroachDb
            | Self::YugabyteDb
            | Self::Galera
            | Self::Vitess
            | Self::OceanBase => NativeLock::None,
        }
    }

    /// Returns the name by which messages call the engine.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
            Self::CockroachDb => "CockroachDB",
            Self::YugabyteDb => "YugabyteDB",
            Self::MySql => "MySQL",
            Self::MariaDb => "MariaDB",
            Self::Galera => "Galera",
            Self::TiDb => "TiDB",
            Self::Vitess => "Vitess",
            Self::OceanBase => "OceanBase",
        }
    }
}
