//! The engines of servers, and the features each can be relied on for.
//!
//! A protocol says little: servers that speak `PostgreSQL`'s or `MySQL`'s differ in what a
//! transaction covers and in which locks exclude anything. So the driver asks the server for its
//! engine.

use crate::sql::Dialect;

/// A kind of database server, as it answers when it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Engine {
    /// SQLite, which runs in this process.
    Sqlite,
    /// `PostgreSQL`, not a compatible server.
    Postgres,
    /// `CockroachDB`: its advisory locks answer yes to everyone, and DDL commits.
    CockroachDb,
    /// `YugabyteDB`: advisory locks are young and off by default, and DDL commits.
    YugabyteDb,
    /// MySQL or Percona Server.
    MySql,
    /// `MariaDB`, not in a cluster.
    MariaDb,
    /// `MariaDB` or Percona in a Galera cluster: `GET_LOCK` locks one node only.
    Galera,
    /// TiDB: `GET_LOCK` holds over the cluster, and waits at least a second.
    TiDb,
    /// Vitess, `PlanetScale`: `GET_LOCK` is lost after some seconds.
    Vitess,
    /// `OceanBase`, in its MySQL mode: `GET_LOCK` outlives the session that took it.
    OceanBase,
}

/// The kind of lock that an engine provides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NativeLock {
    /// A write transaction excludes every other (SQLite).
    Transaction,
    /// A session's lock, gone when the session ends.
    Session,
    /// The engine has no lock that can be trusted.
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

    /// Returns the engine that a dialect is named for, for scripts without a connection.
    pub fn usual(dialect: Dialect) -> Self {
        match dialect {
            Dialect::Sqlite => Self::Sqlite,
            Dialect::Postgres => Self::Postgres,
            Dialect::MySql => Self::MySql,
        }
    }

    /// Tells whether the engine tells enough of its objects to compare schemas by: servers that
    /// only speak another one's protocol leave definitions out, or write them differently.
    pub fn tells_dependencies(self) -> bool {
        match self {
            Self::Sqlite | Self::Postgres | Self::MySql | Self::MariaDb | Self::Galera => true,
            Self::CockroachDb | Self::YugabyteDb | Self::TiDb | Self::Vitess | Self::OceanBase => {
                false
            }
        }
    }

    /// Tells whether a transaction rolls DDL back together with everything else.
    pub fn has_transactional_ddl(self) -> bool {
        matches!(self, Self::Sqlite | Self::Postgres)
    }

    /// Tells whether an interrupted schema change may continue in the background: distributed
    /// servers run it as a job.
    pub fn changes_schema_by_jobs(self) -> bool {
        matches!(self, Self::TiDb | Self::OceanBase)
    }

    /// Tells whether a transaction that writes excludes all others, so that nobody can come between.
    pub fn excludes_writers(self) -> bool {
        self.native_lock() == NativeLock::Transaction
    }

    /// Tells whether a lock can belong to a transaction, so that it holds behind a pooler.
    pub fn has_transaction_locks(self) -> bool {
        matches!(self, Self::Postgres)
    }

    /// Tells whether indexes can be built outside a transaction, and are left invalid by a failure.
    pub fn builds_concurrently(self) -> bool {
        matches!(self, Self::Postgres)
    }

    /// Tells whether there are tables whose changes no rollback takes back.
    pub fn has_tables_without_rollback(self) -> bool {
        self.dialect() == Dialect::MySql
    }

    /// Tells whether each revision notes its progress in a row, which the next revision reuses.
    pub fn passes_notes_on(self) -> bool {
        self.dialect() == Dialect::MySql
    }

    /// Tells whether foreign keys are always enforced, whatever the session sets.
    pub fn enforces_foreign_keys(self) -> bool {
        !matches!(self, Self::Sqlite)
    }

    /// Returns the kind of lock that the engine provides.
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

    /// Returns the name of the engine in messages.
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
