//! The store on a `PostgreSQL` server, by a pool of connections.
//!
//! Statements say seconds, and the tables hold moments: `to_timestamp` and `extract` are between.
//! Whatever touches a user's tokens locks the user first, so that no two of them are at it at once.

use deadpool_postgres::{Client, Manager, ManagerConfig, Pool, RecyclingMethod};
use deadpool_postgres::{Runtime, Transaction};
use limbeck::url::{ConnectSettings, Host, ServerUrl, TlsMode};
use tokio_postgres::config::SslMode;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Config, NoTls, Row};

use crate::config::{LockPolicy, Options};
use crate::store::tls;
use crate::store::{
    Account, Credentials, Grant, NewRefreshToken, NewSession, Result, Rotation, SignIn, SignOut,
    StoreError, roles,
};

/// How many connections there are at most; a server has 100 for all of its clients.
const CONNECTIONS: usize = 10;

/// A pool of connections.
pub(crate) struct Postgres(Pool);

/// The columns of `account`. The moment from which tokens are good is cut to a second, as `iat` is.
const ACCOUNT: &str = "SELECT id, subject::text, email, \
     floor(extract(epoch FROM created_at))::bigint, disabled_at IS NOT NULL, \
     floor(extract(epoch FROM tokens_valid_from))::bigint, \
     (SELECT string_agg(roles.name, ',') FROM user_roles \
      JOIN roles ON roles.id = user_roles.role_id WHERE user_roles.user_id = users.id) FROM users";

impl Postgres {
    pub(crate) fn open(url: &ServerUrl) -> Result<Self> {
        let settings = url.settings()?;
        let (mut config, is_local) = config(url, &settings);
        let is_plain = match settings.tls {
            TlsMode::Disable => true,
            TlsMode::Prefer => is_local,
            TlsMode::Require | TlsMode::VerifyCa | TlsMode::VerifyFull => false,
        };
        // Verified: a connection is asked before it is given away.
        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Verified };
        let manager = if is_plain {
            config.ssl_mode(SslMode::Disable);
            Manager::from_config(config, NoTls, recycling)
        } else {
            config.ssl_mode(SslMode::Require);
            Manager::from_config(config, tls::connector(settings.root_cert.as_deref())?, recycling)
        };
        let pool = Pool::builder(manager)
            .max_size(CONNECTIONS)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(Options::PATIENCE))
            .create_timeout(Some(Options::PATIENCE))
            .build()?;
        Ok(Self(pool))
    }

    async fn client(&self) -> Result<Client> {
        Ok(self.0.get().await?)
    }

    pub(crate) async fn ping(&self) -> Result<()> {
        self.client().await?.query_opt("SELECT 1 FROM users LIMIT 1", &[]).await?;
        Ok(())
    }

    pub(crate) async fn register(&self, email: &str, hash: &str, now: i64) -> Result<Account> {
        let mut client = self.client().await?;
        let it = client.transaction().await?;
        let sql = "INSERT INTO users (email, password_hash, created_at, updated_at) \
                   VALUES ($1, $2, to_timestamp($3::bigint), to_timestamp($3::bigint)) RETURNING id";
        let id: i64 = it.query_one(sql, &[&email, &hash, &now]).await.map_err(taken)?.get(0);
        let sql = "INSERT INTO user_roles (user_id, role_id, granted_at) \
                   SELECT $1, id, to_timestamp($2::bigint) FROM roles WHERE name = 'user'";
        it.execute(sql, &[&id, &now]).await?;
        let res = by_id(&it, id).await?;
        it.commit().await?;
        Ok(res)
    }

    pub(crate) async fn credentials(&self, email: &str) -> Result<Option<Credentials>> {
        // By the expression that the index holds.
        let sql = "SELECT id, password_hash, ceil(extract(epoch FROM locked_until))::bigint \
                   FROM users WHERE lower(email) = lower($1)";
        let row = self.client().await?.query_opt(sql, &[&email]).await?;
        Ok(row.map(|row| Credentials {
            user_id: row.get(0),
            password_hash: row.get(1),
            locked_until: row.get(2),
        }))
    }

    pub(crate) async fn fail(&self, user_id: i64, policy: LockPolicy, now: i64) -> Result<()> {
        // What counts is counted by the database, so that none of several at once is lost.
        // After a lock the count begins anew.
        let sql = "UPDATE users SET \
                     failed_sign_ins = CASE WHEN locked_until IS NULL \
                                       THEN failed_sign_ins + 1 ELSE 1 END, \
                     locked_until = CASE WHEN CASE WHEN locked_until IS NULL \
                                    THEN failed_sign_ins + 1 ELSE 1 END >= $2::bigint \
                                    THEN to_timestamp($3::bigint) END \
                   WHERE id = $1 \
                   AND (locked_until IS NULL OR locked_until <= to_timestamp($4::bigint))";
        let (failures, until) = (i64::from(policy.failures), now + policy.seconds);
        self.client().await?.execute(sql, &[&user_id, &failures, &until, &now]).await?;
        Ok(())
    }

    pub(crate) async fn sign_in(&self, session: NewSession) -> Result<SignIn> {
        let NewSession { user_id, family, refresh, password_hash } = session;
        let mut client = self.client().await?;
        let it = client.transaction().await?;
        let sql = "SELECT ceil(extract(epoch FROM locked_until))::bigint FROM users \
                   WHERE id = $1 FOR UPDATE";
        let Some(row) = it.query_opt(sql, &[&user_id]).await? else {
            return Ok(SignIn::Gone);
        };
        let locked: Option<i64> = row.get(0);
        if let Some(until) = locked.filter(|until| refresh.issued_at < *until) {
            return Ok(SignIn::Locked(until));
        }
        let account = by_id(&it, user_id).await?;
        if account.is_disabled {
            return Ok(SignIn::Disabled);
        }
        let sql = "UPDATE users SET failed_sign_ins = 0, locked_until = NULL \
                   WHERE id = $1 AND (failed_sign_ins <> 0 OR locked_until IS NOT NULL)";
        it.execute(sql, &[&user_id]).await?;
        if let Some(hash) = password_hash {
            let sql = "UPDATE users SET password_hash = $2 WHERE id = $1";
            it.execute(sql, &[&user_id, &hash]).await?;
        }
        insert(&it, user_id, &family, &refresh).await?;
        it.commit().await?;
        Ok(SignIn::Done(account))
    }

    pub(crate) async fn rotate(&self, hash: [u8; 32], new: NewRefreshToken) -> Result<Rotation> {
        let now = new.issued_at;
        let mut client = self.client().await?;
        let it = client.transaction().await?;
        let sql = "SELECT users.id FROM users \
                   JOIN refresh_tokens ON refresh_tokens.user_id = users.id \
                   WHERE token_hash = $1 FOR UPDATE OF users";
        if it.query_opt(sql, &[&hash.as_slice()]).await?.is_none() {
            return Ok(Rotation::Refused);
        }
        // Read under the lock: of two refreshes at once the second sees what the first has done.
        let sql = "SELECT id, user_id, family::text, \
                     floor(extract(epoch FROM expires_at))::bigint, revoke_reason \
                   FROM refresh_tokens WHERE token_hash = $1";
        let Some(row) = it.query_opt(sql, &[&hash.as_slice()]).await? else {
            return Ok(Rotation::Refused);
        };
        let (id, user_id, family): (i64, i64, String) = (row.get(0), row.get(1), row.get(2));
        let (expires_at, reason): (i64, Option<String>) = (row.get(3), row.get(4));
        if reason.as_deref() == Some("rotated") {
            let live = revoke(&it, user_id, Some(&family), "reused", now).await?;
            // Whoever has the live token has an access token, too.
            if live != 0 {
                refuse_access(&it, user_id, now).await?;
            }
            it.commit().await?;
            return Ok(Rotation::Reused);
        }
        let account = by_id(&it, user_id).await?;
        if reason.is_some() || expires_at <= now || account.is_disabled {
            return Ok(Rotation::Refused);
        }
        // In this order: a family has one live token.
        let sql = "UPDATE refresh_tokens \
                   SET revoked_at = to_timestamp($2::bigint), revoke_reason = 'rotated' \
                   WHERE id = $1";
        it.execute(sql, &[&id, &now]).await?;
        let successor = insert(&it, user_id, &family, &new).await?;
        let sql = "UPDATE refresh_tokens SET replaced_by = $2 WHERE id = $1";
        it.execute(sql, &[&id, &successor]).await?;
        it.commit().await?;
        Ok(Rotation::Done { account, family })
    }

    pub(crate) async fn authenticate(&self, subject: &str, jti: &str) -> Result<Option<Account>> {
        let sql = format!(
            "{ACCOUNT} WHERE subject = $1::text::uuid \
             AND NOT EXISTS (SELECT 1 FROM revoked_access_tokens WHERE jti = $2)"
        );
        let row = self.client().await?.query_opt(&sql, &[&subject, &jti]).await?;
        Ok(row.as_ref().map(account))
    }

    pub(crate) async fn sign_out(&self, end: SignOut, now: i64) -> Result<()> {
        let mut client = self.client().await?;
        let it = client.transaction().await?;
        it.query("SELECT 1 FROM users WHERE id = $1 FOR UPDATE", &[&end.user_id]).await?;
        let sql = "INSERT INTO revoked_access_tokens (jti, user_id, expires_at, revoked_at) \
                   VALUES ($1, $2, to_timestamp($3::bigint), to_timestamp($4::bigint)) \
                   ON CONFLICT (jti) DO NOTHING";
        it.execute(sql, &[&end.jti, &end.user_id, &end.expires_at, &now]).await?;
        let family = (!end.is_everywhere).then_some(end.family);
        revoke(&it, end.user_id, family.as_deref(), "signed_out", now).await?;
        if end.is_everywhere {
            refuse_access(&it, end.user_id, now).await?;
        }
        Ok(it.commit().await?)
    }

    pub(crate) async fn accounts(&self, skip: i64, limit: i64) -> Result<Vec<Account>> {
        let sql = format!("{ACCOUNT} ORDER BY id LIMIT $2 OFFSET $1");
        let rows = self.client().await?.query(&sql, &[&skip, &limit]).await?;
        Ok(rows.iter().map(account).collect())
    }

    pub(crate) async fn set_disabled(
        &self,
        subject: &str,
        is_disabled: bool,
        now: i64,
    ) -> Result<Option<Account>> {
        let mut client = self.client().await?;
        let it = client.transaction().await?;
        let sql = "UPDATE users SET disabled_at = \
                     CASE WHEN $2 THEN coalesce(disabled_at, to_timestamp($3::bigint)) END \
                   WHERE subject = $1::text::uuid RETURNING id";
        let Some(row) = it.query_opt(sql, &[&subject, &is_disabled, &now]).await? else {
            return Ok(None);
        };
        let id: i64 = row.get(0);
        if is_disabled {
            revoke(&it, id, None, "by_admin", now).await?;
            refuse_access(&it, id, now).await?;
        }
        let res = by_id(&it, id).await?;
        it.commit().await?;
        Ok(Some(res))
    }

    pub(crate) async fn grant(&self, email: &str, role: &str, now: i64) -> Result<Grant> {
        let client = self.client().await?;
        let sql = "SELECT id FROM users WHERE lower(email) = lower($1)";
        let Some(user) = client.query_opt(sql, &[&email]).await? else {
            return Ok(Grant::NoUser);
        };
        let sql = "SELECT id FROM roles WHERE name = $1";
        let Some(role) = client.query_opt(sql, &[&role]).await? else {
            return Ok(Grant::NoRole);
        };
        let (user, role): (i64, i64) = (user.get(0), role.get(0));
        let sql = "INSERT INTO user_roles (user_id, role_id, granted_at) \
                   VALUES ($1, $2, to_timestamp($3::bigint)) \
                   ON CONFLICT (user_id, role_id) DO NOTHING";
        let rows = client.execute(sql, &[&user, &role, &now]).await?;
        Ok(if rows == 0 { Grant::Kept } else { Grant::Done })
    }

    pub(crate) async fn prune(&self, now: i64) -> Result<()> {
        let client = self.client().await?;
        for table in ["revoked_access_tokens", "refresh_tokens"] {
            let sql = format!("DELETE FROM {table} WHERE expires_at <= to_timestamp($1::bigint)");
            client.execute(&sql, &[&now]).await?;
        }
        Ok(())
    }
}

/// Says what a URL says in the driver's words, and whether the server is on this machine.
fn config(url: &ServerUrl, settings: &ConnectSettings) -> (Config, bool) {
    let mut res = Config::new();
    res.port(url.port_or_default()).connect_timeout(Options::PATIENCE);
    res.application_name(settings.application_name.as_deref().unwrap_or("jwt-auth"));
    let mut is_local = true;
    match &url.host {
        None => _ = res.host("localhost"),
        Some(Host::Socket(path)) => _ = res.host_path(path),
        Some(Host::Name(name)) => {
            res.host(name);
            is_local = tls::is_loopback(name);
        }
    }
    if let Some(address) = settings.host_address {
        res.hostaddr(address);
        is_local = address.is_loopback();
    }
    if let Some(user) = &url.user {
        res.user(user);
    }
    if let Some(password) = &url.password {
        res.password(password.expose());
    }
    if let Some(database) = &url.database {
        res.dbname(database);
    }
    if let Some(options) = &settings.options {
        res.options(options);
    }
    (res, is_local)
}

async fn by_id(it: &Transaction<'_>, id: i64) -> Result<Account> {
    Ok(account(&it.query_one(&format!("{ACCOUNT} WHERE id = $1"), &[&id]).await?))
}

/// Stores a refresh token and returns its id.
async fn insert(
    it: &Transaction<'_>,
    user_id: i64,
    family: &str,
    new: &NewRefreshToken,
) -> Result<i64> {
    let sql = "INSERT INTO refresh_tokens (user_id, family, token_hash, issued_at, expires_at) \
               VALUES ($1, $2::text::uuid, $3, to_timestamp($4::bigint), to_timestamp($5::bigint)) \
               RETURNING id";
    let hash = new.hash.as_slice();
    let params: [&(dyn tokio_postgres::types::ToSql + Sync); 5] =
        [&user_id, &family, &hash, &new.issued_at, &new.expires_at];
    Ok(it.query_one(sql, &params).await?.get(0))
}

/// Revokes the live refresh tokens of a family, or all that a user has; returns how many.
async fn revoke(
    it: &Transaction<'_>,
    user_id: i64,
    family: Option<&str>,
    reason: &str,
    now: i64,
) -> Result<u64> {
    let sql = "UPDATE refresh_tokens \
               SET revoked_at = to_timestamp($3::bigint), revoke_reason = $4 \
               WHERE user_id = $1 AND ($2::text IS NULL OR family = $2::text::uuid) \
               AND revoked_at IS NULL";
    Ok(it.execute(sql, &[&user_id, &family, &now, &reason]).await?)
}

/// Refuses all access tokens of a user that were issued up to now, this second included.
async fn refuse_access(it: &Transaction<'_>, user_id: i64, now: i64) -> Result<()> {
    let sql = "UPDATE users \
               SET tokens_valid_from = greatest(tokens_valid_from, to_timestamp($2::bigint)) \
               WHERE id = $1";
    it.execute(sql, &[&user_id, &(now + 1)]).await?;
    Ok(())
}

/// Reads a row of `ACCOUNT`.
fn account(row: &Row) -> Account {
    let joined: Option<String> = row.get(6);
    Account {
        id: row.get(0),
        subject: row.get(1),
        email: row.get(2),
        created_at: row.get(3),
        is_disabled: row.get(4),
        tokens_valid_from: row.get(5),
        roles: roles(&joined.unwrap_or_default()),
    }
}

/// Tells a second row of an email from other failures.
fn taken(error: tokio_postgres::Error) -> StoreError {
    match error.code() {
        Some(code) if *code == SqlState::UNIQUE_VIOLATION => StoreError::Taken,
        _ => error.into(),
    }
}
