//! `jwt-auth grant`: gives a user a role. The first admin has nobody else to ask.

use std::error::Error;

use crate::config::Options;
use crate::store::{Grant, Store};
use crate::{clock, email, migrations, terminal};

/// Why nothing was granted.
#[derive(Debug, thiserror::Error)]
enum GrantError {
    #[error("`{0}` is no email address")]
    Email(String),
    #[error("there is no user `{0}`: `POST /register` makes one")]
    NoUser(String),
    #[error("there is no role `{0}`")]
    NoRole(String),
}

/// Runs the command.
pub(crate) fn run(options: &Options, text: &str, role: &str) -> Result<(), Box<dyn Error>> {
    let email = email::normalize(text).ok_or_else(|| GrantError::Email(text.to_owned()))?;
    let (text, url) = options.database()?;
    migrations::upgrade(text, &url)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let granted = runtime.block_on(async {
        let store = Store::open(&url)?;
        store.grant(&email, role, clock::now()).await
    });
    match granted? {
        Grant::Done => terminal::say(format_args!("{email} is {role} now")),
        Grant::Kept => terminal::say(format_args!("{email} was {role} already")),
        Grant::NoUser => return Err(GrantError::NoUser(email).into()),
        Grant::NoRole => return Err(GrantError::NoRole(role.to_owned()).into()),
    }
    Ok(())
}
