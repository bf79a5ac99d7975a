//! Waiting for another process that runs a revision without a transaction.

use std::time::{Duration, Instant};

use crate::database::{Connection, DatabaseError, Waiting};
use crate::error::Error;
use crate::ledger::Running;
use crate::process::{Life, Process};
use crate::project::Project;
use crate::runner::Event;

/// How long to sleep before looking again.
const PAUSE: Duration = Duration::from_millis(50);

/// Refuses to touch a revision that another process is at work on.
pub(super) fn refuse_live(project: &Project, running: &Running) -> Result<(), Error> {
    if running.life() == Life::Goes {
        let url = project.config.url()?.to_string();
        let (waited, holder) = (Duration::ZERO, named(running));
        return Err(DatabaseError::Locked { url, waited, holder }.into());
    }
    Ok(())
}

/// Returns a name for the process that runs a revision.
fn named(running: &Running) -> Option<String> {
    Process::parse(&running.process).map(|process| process.name())
}

/// The patience of one command.
pub(super) struct Wait {
    url: String,
    most: Duration,
    since: Instant,
}

impl Wait {
    pub(super) fn new(project: &Project) -> Self {
        let url = project.config.url().map(ToString::to_string).unwrap_or_default();
        Self { url, most: project.config.lock_timeout, since: Instant::now() }
    }

    /// Tells whether the patience has come to its end.
    pub(super) fn is_over(&self) -> bool {
        self.since.elapsed() >= self.most
    }

    /// Sleeps a little; an error if that was too often, or somebody asked to stop.
    pub(super) fn once_more(
        &self,
        connection: &dyn Connection,
        running: &Running,
        observe: &mut dyn FnMut(Event<'_>),
    ) -> Result<(), Error> {
        let waited = self.since.elapsed();
        if connection.interrupter().is_interrupted() {
            return Err(DatabaseError::Interrupted.into());
        }
        // One of which nothing is known isn't locked out for; the next look takes it for ended.
        if waited >= self.most && running.life() == Life::Goes {
            let (url, waited) = (self.url.clone(), self.most);
            return Err(DatabaseError::Locked { url, waited, holder: named(running) }.into());
        }
        observe(Event::Waiting(&Waiting { waited, holder: named(running) }));
        std::thread::sleep(PAUSE);
        Ok(())
    }
}
