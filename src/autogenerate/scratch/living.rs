//! The scratch databases on servers that this process has made, for an end by a signal: no value is
//! dropped then.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::autogenerate::AutogenerateError;
use crate::database::{Access, Connection, Options};
use crate::url::ServerUrl;

static LIVING: Mutex<Living> = Mutex::new(Living(Vec::new()));

/// Connects to a server by a database that stays.
pub(super) type Open = fn(&ServerUrl, &Options) -> Result<Box<dyn Connection>, AutogenerateError>;

pub(super) struct Living(Vec<Entry>);

struct Entry {
    server: ServerUrl,
    open: Open,
    name: String,
    /// The statement that drops the database.
    drop: String,
}

/// Keeps other threads from making or dropping databases.
pub(super) fn lock() -> MutexGuard<'static, Living> {
    LIVING.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Living {
    pub(super) fn add(&mut self, server: &ServerUrl, open: Open, name: &str, drop: String) {
        self.0.push(Entry { server: server.clone(), open, name: name.to_owned(), drop });
    }

    pub(super) fn remove(&mut self, name: &str) {
        self.0.retain(|it| it.name != name);
    }
}

/// Drops the scratch databases of this process by connections of its own, then ends the process by
/// a function; until then no other database is made.
pub fn drop_scratch(end: impl FnOnce()) {
    let mut living = lock();
    for Entry { server, open, drop, .. } in living.0.drain(..) {
        let options = Options::new(Access::Write, Duration::ZERO);
        if let Ok(mut connection) = open(&server, &options) {
            // What fails is swept up by a later run.
            let _result = connection.execute(&drop);
        }
    }
    end();
}
