//! What the service keeps, and all the SQL that it knows: a file a database.
//!
//! What belongs together is one method and one transaction. Times are seconds since 1970, handed
//! in by the caller, whatever type a database keeps them in.

mod postgres;
mod sqlite;
mod tls;

use limbeck::url::{DatabaseUrl, SqliteTarget};

use crate::config::LockPolicy;
use crate::store::postgres::Postgres;
use crate::store::sqlite::Sqlite;

/// A database at its newest revision.
pub(crate) enum Store {
    /// A file.
    Sqlite(Sqlite),
    /// A server.
    Postgres(Postgres),
}

/// A user, as far as requests are concerned.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(crate) id: i64,
    pub(crate) subject: String,
    pub(crate) email: String,
    pub(crate) created_at: i64,
    pub(crate) is_disabled: bool,
    /// An access token that was issued earlier is refused.
    pub(crate) tokens_valid_from: i64,
    /// The names of the roles, sorted.
    pub(crate) roles: Vec<String>,
}

/// What a sign-in is checked against.
#[derive(Debug)]
pub(crate) struct Credentials {
    pub(crate) user_id: i64,
    pub(crate) password_hash: String,
    pub(crate) locked_until: Option<i64>,
}

/// A refresh token that is to be stored.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NewRefreshToken {
    /// SHA-256 of the token.
    pub(crate) hash: [u8; 32],
    pub(crate) issued_at: i64,
    pub(crate) expires_at: i64,
}

/// A password was right; this is what it begins.
#[derive(Debug)]
pub(crate) struct NewSession {
    pub(crate) user_id: i64,
    /// The family of its refresh tokens.
    pub(crate) family: String,
    pub(crate) refresh: NewRefreshToken,
    /// A hash of today's parameters, if the stored one is older.
    pub(crate) password_hash: Option<String>,
}

/// How a sign-in ended.
pub(crate) enum SignIn {
    Done(Account),
    /// Others failed meanwhile: locked until then.
    Locked(i64),
    Disabled,
    /// The user is gone.
    Gone,
}

/// How a refresh ended.
pub(crate) enum Rotation {
    /// The token is replaced; the family is that of both.
    Done { account: Account, family: String },
    /// No such token, or it is over, or its user may not sign in.
    Refused,
    /// It had been replaced before: its family is revoked.
    Reused,
}

/// What ends.
#[derive(Debug)]
pub(crate) struct SignOut {
    pub(crate) user_id: i64,
    /// The access token, refused from now on.
    pub(crate) jti: String,
    pub(crate) expires_at: i64,
    /// The family of refresh tokens.
    pub(crate) family: String,
    /// All of the user's sign-ins, not only this one.
    pub(crate) is_everywhere: bool,
}

/// How a grant ended.
pub(crate) enum Grant {
    Done,
    /// The user has the role.
    Kept,
    NoUser,
    NoRole,
}

/// Why the database didn't do what was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    #[error("the email is taken")]
    Taken,
    #[error("the database failed")]
    Sqlite(#[from] rusqlite::Error),
    #[error("the database failed")]
    Postgres(#[from] tokio_postgres::Error),
    #[error("the database was not reached")]
    Pool(#[from] deadpool_postgres::PoolError),
    #[error("the pool of connections was not made")]
    Build(#[from] deadpool_postgres::BuildError),
    #[error("the database's url")]
    Url(#[from] limbeck::url::UrlError),
    #[error("the certificates of the system's authorities: {0}")]
    Tls(String),
    #[error("a thread that asked the database has ended")]
    Thread,
}

type Result<T> = std::result::Result<T, StoreError>;

/// Asks whichever database it is.
macro_rules! either {
    ($self:ident, $store:ident => $call:expr) => {
        match $self {
            Store::Sqlite($store) => $call.await,
            Store::Postgres($store) => $call.await,
        }
    };
}

impl Store {
    /// Opens a database; a server is reached only when it is needed.
    pub(crate) fn open(url: &DatabaseUrl) -> Result<Self> {
        match url {
            DatabaseUrl::Sqlite(SqliteTarget::File(path)) => Ok(Self::Sqlite(Sqlite::open(path)?)),
            DatabaseUrl::Sqlite(SqliteTarget::Memory) => {
                Ok(Self::Sqlite(Sqlite::open(std::path::Path::new(":memory:"))?))
            }
            DatabaseUrl::Server(server) => Ok(Self::Postgres(Postgres::open(server)?)),
        }
    }

    /// Tells whether the database answers.
    pub(crate) async fn ping(&self) -> Result<()> {
        either!(self, it => it.ping())
    }

    /// Adds a user with the role `user`, if that role is there.
    pub(crate) async fn register(&self, email: &str, hash: &str, now: i64) -> Result<Account> {
        either!(self, it => it.register(email, hash, now))
    }

    /// Returns what a sign-in by this email is checked against.
    pub(crate) async fn credentials(&self, email: &str) -> Result<Option<Credentials>> {
        either!(self, it => it.credentials(email))
    }

    /// Counts a failed sign-in, and locks the account if it is one too many.
    pub(crate) async fn fail(&self, user_id: i64, policy: LockPolicy, now: i64) -> Result<()> {
        either!(self, it => it.fail(user_id, policy, now))
    }

    /// Begins a family of refresh tokens, and forgets the failures.
    pub(crate) async fn sign_in(&self, session: NewSession) -> Result<SignIn> {
        either!(self, it => it.sign_in(session))
    }

    /// Replaces a refresh token, or revokes its family if it was replaced before.
    pub(crate) async fn rotate(&self, hash: [u8; 32], new: NewRefreshToken) -> Result<Rotation> {
        either!(self, it => it.rotate(hash, new))
    }

    /// Returns the user of an access token that is not revoked.
    pub(crate) async fn authenticate(&self, subject: &str, jti: &str) -> Result<Option<Account>> {
        either!(self, it => it.authenticate(subject, jti))
    }

    /// Revokes an access token and its family, or all that a user has.
    pub(crate) async fn sign_out(&self, end: SignOut, now: i64) -> Result<()> {
        either!(self, it => it.sign_out(end, now))
    }

    /// Lists users in the order in which they came.
    pub(crate) async fn accounts(&self, skip: i64, limit: i64) -> Result<Vec<Account>> {
        either!(self, it => it.accounts(skip, limit))
    }

    /// Disables an account and revokes all that it has, or enables it.
    pub(crate) async fn set_disabled(
        &self,
        subject: &str,
        is_disabled: bool,
        now: i64,
    ) -> Result<Option<Account>> {
        either!(self, it => it.set_disabled(subject, is_disabled, now))
    }

    /// Gives a user a role.
    pub(crate) async fn grant(&self, email: &str, role: &str, now: i64) -> Result<Grant> {
        either!(self, it => it.grant(email, role, now))
    }

    /// Deletes tokens that are over: they are refused by their time alone.
    pub(crate) async fn prune(&self, now: i64) -> Result<()> {
        either!(self, it => it.prune(now))
    }
}

/// Reads the roles as the queries join them.
fn roles(joined: &str) -> Vec<String> {
    let mut res: Vec<String> =
        joined.split(',').filter(|it| !it.is_empty()).map(str::to_owned).collect();
    res.sort_unstable();
    res
}
