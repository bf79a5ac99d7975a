//! The store in an `SQLite` file.
//!
//! One connection: only one can write at a time anyhow, and no statement here takes longer than
//! its fsync. WAL, so that a look from outside (`sqlite3`, `migrate`) keeps nobody waiting; the
//! timeout is for a writer from outside, as `jwt-auth grant` is one.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, TransactionBehavior, params};
use tokio::task::spawn_blocking;

use crate::config::LockPolicy;
use crate::store::{
    Account, Credentials, Grant, NewRefreshToken, NewSession, Result, Rotation, SignIn, SignOut,
    StoreError, roles,
};

/// How long to wait for another writer.
const PATIENCE: Duration = Duration::from_secs(10);

/// A connection that threads take in turns.
pub(crate) struct Sqlite(Arc<Mutex<Connection>>);

/// The columns of `Account::read`.
const ACCOUNT: &str = "SELECT id, subject, email, created_at, disabled_at IS NOT NULL, \
     tokens_valid_from, (SELECT group_concat(roles.name) FROM user_roles \
     JOIN roles ON roles.id = user_roles.role_id WHERE user_roles.user_id = users.id) FROM users";

impl Sqlite {
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let connection = Connection::open(path)?;
        connection.busy_timeout(PATIENCE)?;
        connection.pragma_update(None, "journal_mode", "wal")?;
        // Else a power failure could bring a revoked token back.
        connection.pragma_update(None, "synchronous", "full")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        Ok(Self(Arc::new(Mutex::new(connection))))
    }

    /// Runs on a thread that may block, in a transaction that writes.
    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.call(move |connection| {
            // Immediate: what is read in it is still so when it is written.
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let res = work(&transaction)?;
            transaction.commit()?;
            Ok(res)
        })
        .await
    }

    /// Runs on a thread that may block.
    async fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let connection = Arc::clone(&self.0);
        // A panic in `work` rolls back, so the connection is good as it is.
        let work = move || work(&mut connection.lock().unwrap_or_else(PoisonError::into_inner));
        spawn_blocking(work).await.map_err(|_| StoreError::Thread)?
    }

    pub(crate) async fn ping(&self) -> Result<()> {
        self.call(|it| {
            Ok(it.query_row("SELECT 1 FROM users LIMIT 1", [], |_| Ok(())).optional()?)
        })
        .await
        .map(|_| ())
    }

    pub(crate) async fn register(&self, email: &str, hash: &str, now: i64) -> Result<Account> {
        let (email, hash) = (email.to_owned(), hash.to_owned());
        self.write(move |it| {
            let sql = "INSERT INTO users (email, password_hash, created_at, updated_at) \
                       VALUES (?1, ?2, ?3, ?3)";
            it.execute(sql, params![email, hash, now]).map_err(taken)?;
            let id = it.last_insert_rowid();
            let sql = "INSERT INTO user_roles (user_id, role_id, granted_at) \
                       SELECT ?1, id, ?2 FROM roles WHERE name = 'user'";
            it.execute(sql, params![id, now])?;
            Ok(it.query_row(&format!("{ACCOUNT} WHERE id = ?1"), [id], account)?)
        })
        .await
    }

    pub(crate) async fn credentials(&self, email: &str) -> Result<Option<Credentials>> {
        let email = email.to_owned();
        self.call(move |it| {
            let sql = "SELECT id, password_hash, locked_until FROM users WHERE email = ?1";
            let read = |row: &Row<'_>| {
                let (user_id, password_hash, locked_until) =
                    (row.get(0)?, row.get(1)?, row.get(2)?);
                Ok(Credentials { user_id, password_hash, locked_until })
            };
            Ok(it.query_row(sql, [email], read).optional()?)
        })
        .await
    }

    pub(crate) async fn fail(&self, user_id: i64, policy: LockPolicy, now: i64) -> Result<()> {
        self.write(move |it| {
            // What counts is counted by the database, so that none of several at once is lost.
            // After a lock the count begins anew.
            let sql = "UPDATE users SET \
                         failed_sign_ins = CASE WHEN locked_until IS NULL \
                                           THEN failed_sign_ins + 1 ELSE 1 END, \
                         locked_until = CASE WHEN CASE WHEN locked_until IS NULL \
                                        THEN failed_sign_ins + 1 ELSE 1 END >= ?2 THEN ?3 END \
                       WHERE id = ?1 AND (locked_until IS NULL OR locked_until <= ?4)";
            it.execute(sql, params![user_id, policy.failures, now + policy.seconds, now])?;
            Ok(())
        })
        .await
    }

    pub(crate) async fn sign_in(&self, session: NewSession) -> Result<SignIn> {
        self.write(move |it| {
            let NewSession { user_id, family, refresh, password_hash } = session;
            let locked: Option<Option<i64>> = it
                .query_row("SELECT locked_until FROM users WHERE id = ?1", [user_id], |it| {
                    it.get(0)
                })
                .optional()?;
            match locked {
                None => return Ok(SignIn::Gone),
                Some(Some(until)) if refresh.issued_at < until => return Ok(SignIn::Locked(until)),
                Some(_) => {}
            }
            let account = it.query_row(&format!("{ACCOUNT} WHERE id = ?1"), [user_id], account)?;
            if account.is_disabled {
                return Ok(SignIn::Disabled);
            }
            let sql = "UPDATE users SET failed_sign_ins = 0, locked_until = NULL \
                       WHERE id = ?1 AND (failed_sign_ins <> 0 OR locked_until IS NOT NULL)";
            it.execute(sql, [user_id])?;
            if let Some(hash) = password_hash {
                let sql = "UPDATE users SET password_hash = ?2 WHERE id = ?1";
                it.execute(sql, params![user_id, hash])?;
            }
            insert(it, user_id, &family, &refresh)?;
            Ok(SignIn::Done(account))
        })
        .await
    }

    pub(crate) async fn rotate(&self, hash: [u8; 32], new: NewRefreshToken) -> Result<Rotation> {
        self.write(move |it| {
            let now = new.issued_at;
            let sql = "SELECT id, user_id, family, expires_at, revoke_reason FROM refresh_tokens \
                       WHERE token_hash = ?1";
            let read = |row: &Row<'_>| {
                let reason: Option<String> = row.get(4)?;
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, reason))
            };
            let found: Option<(i64, i64, String, i64, _)> =
                it.query_row(sql, [hash], read).optional()?;
            let Some((id, user_id, family, expires_at, reason)) = found else {
                return Ok(Rotation::Refused);
            };
            if reason.as_deref() == Some("rotated") {
                let sql = "UPDATE refresh_tokens SET revoked_at = ?2, revoke_reason = 'reused' \
                           WHERE family = ?1 AND revoked_at IS NULL";
                // Whoever has the live token has an access token, too.
                if it.execute(sql, params![family, now])? != 0 {
                    refuse_access(it, user_id, now)?;
                }
                return Ok(Rotation::Reused);
            }
            let account = it.query_row(&format!("{ACCOUNT} WHERE id = ?1"), [user_id], account)?;
            if reason.is_some() || expires_at <= now || account.is_disabled {
                return Ok(Rotation::Refused);
            }
            // In this order: a family has one live token.
            let sql = "UPDATE refresh_tokens SET revoked_at = ?2, revoke_reason = 'rotated' \
                       WHERE id = ?1";
            it.execute(sql, params![id, now])?;
            let successor = insert(it, user_id, &family, &new)?;
            let sql = "UPDATE refresh_tokens SET replaced_by = ?2 WHERE id = ?1";
            it.execute(sql, params![id, successor])?;
            Ok(Rotation::Done { account, family })
        })
        .await
    }

    pub(crate) async fn authenticate(&self, subject: &str, jti: &str) -> Result<Option<Account>> {
        let (subject, jti) = (subject.to_owned(), jti.to_owned());
        self.call(move |it| {
            let sql = format!(
                "{ACCOUNT} WHERE subject = ?1 \
                 AND NOT EXISTS (SELECT 1 FROM revoked_access_tokens WHERE jti = ?2)"
            );
            Ok(it.query_row(&sql, [subject, jti], account).optional()?)
        })
        .await
    }

    pub(crate) async fn sign_out(&self, end: SignOut, now: i64) -> Result<()> {
        self.write(move |it| {
            let sql = "INSERT INTO revoked_access_tokens (jti, user_id, expires_at, revoked_at) \
                       VALUES (?1, ?2, ?3, ?4) ON CONFLICT (jti) DO NOTHING";
            it.execute(sql, params![end.jti, end.user_id, end.expires_at, now])?;
            let family = (!end.is_everywhere).then_some(end.family);
            revoke(it, end.user_id, family.as_deref(), "signed_out", now)?;
            if end.is_everywhere {
                refuse_access(it, end.user_id, now)?;
            }
            Ok(())
        })
        .await
    }

    pub(crate) async fn accounts(&self, skip: i64, limit: i64) -> Result<Vec<Account>> {
        self.call(move |it| {
            let sql = format!("{ACCOUNT} ORDER BY id LIMIT ?2 OFFSET ?1");
            let mut statement = it.prepare(&sql)?;
            let rows = statement.query_map([skip, limit], account)?;
            Ok(rows.collect::<std::result::Result<_, _>>()?)
        })
        .await
    }

    pub(crate) async fn set_disabled(
        &self,
        subject: &str,
        is_disabled: bool,
        now: i64,
    ) -> Result<Option<Account>> {
        let subject = subject.to_owned();
        self.write(move |it| {
            let sql = "UPDATE users SET disabled_at = CASE WHEN ?2 THEN coalesce(disabled_at, ?3) END \
                       WHERE subject = ?1 RETURNING id";
            let params = params![subject, is_disabled, now];
            let id: Option<i64> = it.query_row(sql, params, |row| row.get(0)).optional()?;
            let Some(id) = id else { return Ok(None) };
            if is_disabled {
                revoke(it, id, None, "by_admin", now)?;
                refuse_access(it, id, now)?;
            }
            Ok(Some(it.query_row(&format!("{ACCOUNT} WHERE id = ?1"), [id], account)?))
        })
        .await
    }

    pub(crate) async fn grant(&self, email: &str, role: &str, now: i64) -> Result<Grant> {
        let (email, role) = (email.to_owned(), role.to_owned());
        self.write(move |it| {
            let id = |sql: &str, name: &str| -> Result<Option<i64>> {
                Ok(it.query_row(sql, [name], |row| row.get(0)).optional()?)
            };
            let Some(user) = id("SELECT id FROM users WHERE email = ?1", &email)? else {
                return Ok(Grant::NoUser);
            };
            let Some(role) = id("SELECT id FROM roles WHERE name = ?1", &role)? else {
                return Ok(Grant::NoRole);
            };
            let sql = "INSERT INTO user_roles (user_id, role_id, granted_at) VALUES (?1, ?2, ?3) \
                       ON CONFLICT (user_id, role_id) DO NOTHING";
            let rows = it.execute(sql, [user, role, now])?;
            Ok(if rows == 0 { Grant::Kept } else { Grant::Done })
        })
        .await
    }

    pub(crate) async fn prune(&self, now: i64) -> Result<()> {
        self.write(move |it| {
            it.execute("DELETE FROM revoked_access_tokens WHERE expires_at <= ?1", [now])?;
            it.execute("DELETE FROM refresh_tokens WHERE expires_at <= ?1", [now])?;
            Ok(())
        })
        .await
    }
}

/// Stores a refresh token and returns its id.
fn insert(it: &Transaction<'_>, user_id: i64, family: &str, new: &NewRefreshToken) -> Result<i64> {
    let sql = "INSERT INTO refresh_tokens (user_id, family, token_hash, issued_at, expires_at) \
               VALUES (?1, ?2, ?3, ?4, ?5)";
    it.execute(sql, params![user_id, family, new.hash, new.issued_at, new.expires_at])?;
    Ok(it.last_insert_rowid())
}

/// Revokes the live refresh tokens of a family, or all that a user has.
fn revoke(
    it: &Transaction<'_>,
    user_id: i64,
    family: Option<&str>,
    reason: &str,
    now: i64,
) -> Result<()> {
    let sql = "UPDATE refresh_tokens SET revoked_at = ?3, revoke_reason = ?4 \
               WHERE user_id = ?1 AND (?2 IS NULL OR family = ?2) AND revoked_at IS NULL";
    it.execute(sql, params![user_id, family, now, reason])?;
    Ok(())
}

/// Refuses all access tokens of a user that were issued up to now, this second included.
fn refuse_access(it: &Transaction<'_>, user_id: i64, now: i64) -> Result<()> {
    let sql = "UPDATE users SET tokens_valid_from = max(tokens_valid_from, ?2) WHERE id = ?1";
    it.execute(sql, [user_id, now + 1])?;
    Ok(())
}

/// Reads a row of `ACCOUNT`.
fn account(row: &Row<'_>) -> rusqlite::Result<Account> {
    let joined: Option<String> = row.get(6)?;
    Ok(Account {
        id: row.get(0)?,
        subject: row.get(1)?,
        email: row.get(2)?,
        created_at: row.get(3)?,
        is_disabled: row.get(4)?,
        tokens_valid_from: row.get(5)?,
        roles: roles(&joined.unwrap_or_default()),
    })
}

/// Tells a second row of an email from other failures.
fn taken(error: rusqlite::Error) -> StoreError {
    match error.sqlite_error() {
        Some(it) if it.extended_code == rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE => {
            StoreError::Taken
        }
        _ => error.into(),
    }
}
