//! Waiting for another process that runs a revision without a transaction.

use std::time::{Duration, Instant};

use crate::database::{Connection, DatabaseError, Waiting};
use crate::error::Error;
use crate::ledger::Running;
use crate::process::{Life, Process};
use crate::project::Project;
use crate::runner::Event;

const PAUSE: Duration = Duration::from_millis(50);

/// Refuses a revision that another process is running.
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

/// The time that a command waits for another process.
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

    pub(super) fn is_over(&self) -> bool {
        self.since.elapsed() >= self.most
    }

    /// Sleeps briefly; an error if the time is over or the user asked to stop.
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
        // A process of unknown state isn't locked out; the next query takes it for ended.
        if waited >= self.most && running.life() == Life::Goes {
            let (url, waited) = (self.url.clone(), self.most);
            return Err(DatabaseError::Locked { url, waited, holder: named(running) }.into());
        }
        observe(Event::Waiting(&Waiting { waited, holder: named(running) }));
        std::thread::sleep(PAUSE);
        Ok(())
    }
}
