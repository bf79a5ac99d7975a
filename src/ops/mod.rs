//! The operations: the only place where files, plans and databases meet.
//!
//! Each operation has a file. None prints, and none reads the environment.

mod agreed;
mod autogenerate;
mod check;
mod copy;
mod current;
#[cfg(feature = "diagram")]
mod diagram;
mod diff;
mod half_done;
mod history;
mod init;
mod lock;
mod migrate;
mod new;
mod observed;
mod offline;
mod propose;
mod query;
mod rehearse;
mod renamed;
mod repair;
mod replans;
mod request;
mod stamp;
mod status;
mod templates;
mod wait;

use std::path::PathBuf;

use crate::config::LockMode;
use crate::database::{Access, Connection, Engine, NativeLock, Options, Waiting, connect};
use crate::error::Error;
use crate::plan::{self, Operation};
use crate::project::Project;
use crate::revision::{Graph, Node, RevisionId};
use crate::runner::{self, Done, Event, Lock, Pacing, Setting, Wanted};
use crate::script::{Compiler, Script, SetAgain, Undeclared};
use crate::url::Family;

pub use autogenerate::{Present, desired, filter, present, refuse_unknown};
pub use check::{Check, Compared, Uncompared, check, check_files, check_schemas, strangers};
pub use copy::backup;
pub use current::{Current, current};
#[cfg(feature = "diagram")]
pub use diagram::{Format, draw, outline, outline_of_schema};
pub use diff::{Dumped, Texts, diff, diff_texts, dump_schema, write_dump};
pub use half_done::{by_hand, invalid_indexes, known_effect, obstacle};
pub use history::{history, locate};
pub use init::{Created, Init, init};
pub use lock::{at_work, lock_holder, release_lock, writer};
pub use migrate::{Ready, migrate, migrate_ready, preview, ready};
pub use new::{Create, Draft, create, draft, merge, run_hooks};
pub use observed::{Observed, is_record_lost, rows};
pub use offline::migrate_offline;
pub use propose::{Baseline, Proposal, ProposalRequest, propose};
pub use query::{
    OnFailure, Outcome, Queries, Source, Words, check_consent, close, indexes, may_hold_password,
    open_for_queries, read_statements, schema, statements_of, tables, words,
};
pub use rehearse::Rehearsal;
pub use repair::{Verdict, accept, settle};
pub use request::{Direction, Edited, Request, Resume};
pub use stamp::{Purge, StampRequest, preview_stamp, stamp, stamp_offline};
pub use status::{Progress, Standing, Status, status};
pub use templates::{TEMPLATES, Template};

/// The result of an upgrade, a downgrade or a stamp.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// The steps in the order in which they were done.
    pub steps: Vec<Done>,
    /// The heads of the applied revisions afterwards.
    pub heads: Vec<RevisionId>,
    /// In a preview, the pending revisions whose down scripts are not written yet. A run reports
    /// them as it begins.
    pub unwritten: Vec<RevisionId>,
    /// In a preview, the finished statements of a resumed revision that would run again, to restore
    /// the session. A run reports each in turn.
    pub set_again: Vec<SetAgain>,
    /// In a preview, text within quotes that resembles a variable and is not replaced. A run
    /// reports it as it begins.
    pub undeclared: Vec<Undeclared>,
}

/// The SQL that `--sql` prints, made without a connection.
#[derive(Debug)]
#[non_exhaustive]
pub struct Offline {
    /// The script of all steps.
    pub script: Script,
    /// The statements that create the bookkeeping tables; empty if they exist already.
    pub tables: Vec<String>,
}

/// The paths of a new revision.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Written {
    /// The id of the new revision.
    pub revision: RevisionId,
    /// The path of the up script.
    pub up: PathBuf,
    /// The path of the down script.
    pub down: PathBuf,
}

/// Whether the user confirmed a destructive operation on a protected environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consent {
    /// The user confirmed, by `--yes` or at a prompt.
    Given,
    /// There was no confirmation.
    Missing,
}

impl Consent {
    /// Refuses a destructive operation on a protected environment without confirmation.
    pub fn check(self, project: &Project, operation: &'static str) -> Result<(), Error> {
        if project.config.protected && self == Self::Missing {
            return Err(Error::Protected { operation });
        }
        Ok(())
    }
}

/// Connects to a project's database; `None` if it is to be read only and doesn't exist yet.
pub fn open(project: &Project, access: Access) -> Result<Option<Box<dyn Connection>>, Error> {
    open_as(project, access, Warnings::Left)
}

/// Whether warnings are fetched, which costs a round trip each on MySQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Warnings {
    /// Warnings are fetched.
    Fetched,
    /// Warnings are ignored.
    Left,
}

fn open_as(
    project: &Project,
    access: Access,
    warnings: Warnings,
) -> Result<Option<Box<dyn Connection>>, Error> {
    let options = Options {
        reach: project.config.wait,
        warnings: warnings == Warnings::Fetched,
        ..Options::new(access, project.config.lock_timeout)
    };
    Ok(connect(project.config.url()?, &options)?)
}

/// Connects to a project's database for reading; it has to exist.
pub fn open_to_read(project: &Project) -> Result<Box<dyn Connection>, Error> {
    let missing = || crate::database::DatabaseError::Open {
        url: project.config.url().map(ToString::to_string).unwrap_or_default(),
        reason: "there is no such database".to_owned(),
    };
    open(project, Access::Read)?.ok_or_else(|| missing().into())
}

/// Connects to a project's database for writing; a missing one is created on the first write.
pub fn open_to_write(project: &Project) -> Result<Box<dyn Connection>, Error> {
    open_to_write_with(project, Warnings::Left)
}

/// Connects to a project's database as [`open_to_write`] does, with an option for warnings.
pub fn open_to_write_with(
    project: &Project,
    warnings: Warnings,
) -> Result<Box<dyn Connection>, Error> {
    let missing = || crate::database::DatabaseError::Open {
        url: project.config.url().map(ToString::to_string).unwrap_or_default(),
        reason: "it could not be created".to_owned(),
    };
    open_as(project, Access::Write, warnings)?.ok_or_else(|| missing().into())
}

/// Tells whether the database doesn't exist yet; a server's is assumed to.
pub fn is_missing(project: &Project) -> Result<bool, Error> {
    let is_file = project.config.url()?.family() == Family::Sqlite;
    Ok(is_file && open(project, Access::Read)?.is_none())
}

/// Creates the version table, or evolves it to the latest version.
pub fn ensure_version(
    project: &Project,
    connection: &mut (dyn Connection + '_),
) -> Result<(), Error> {
    let actions = vec![crate::script::Action::EnsureTables];
    let script = Script { actions, ..Script::default() };
    locked(project, connection, &mut |_| {}, |connection, setting, observe| {
        Ok(runner::run(connection, &script, Vec::new(), setting, observe)?)
    })?;
    Ok(())
}

/// Returns the statements that create the version table.
pub fn ensure_version_offline(project: &Project) -> Result<Vec<String>, Error> {
    Ok(runner::tables_sql(&project.printed_ledger(project.dialect()?), project.clock)?)
}

/// Makes the default compiler: a commit for each revision, and without run-only actions.
fn compiler<'a>(
    project: &Project,
    graph: &'a Graph,
    engine: Engine,
) -> Result<Compiler<'a>, Error> {
    let (variables, timeouts) = (project.config.variables()?, project.timeouts(engine.dialect()));
    Ok(Compiler { variables, timeouts, ..Compiler::new(graph, engine) })
}

/// Runs an operation under the lock, which is released in every case.
fn locked<T>(
    project: &Project,
    connection: &mut (dyn Connection + '_),
    observe: &mut dyn FnMut(Event<'_>),
    mut work: impl FnMut(
        &mut (dyn Connection + '_),
        &Setting<'_>,
        &mut dyn FnMut(Event<'_>),
    ) -> Result<T, Error>,
) -> Result<T, Error> {
    let config = &project.config;
    let ledger = project.ledger(connection.dialect())?;
    let by = project.applied_by();
    let (wait, url) = (config.lock_timeout, config.url()?);
    let has_no_lock = connection.engine().native_lock() == NativeLock::None;
    if has_no_lock || config.lock == Some(LockMode::Lease) {
        // A lease has a table: none is made beside another program's.
        runner::Tables::look(connection, &ledger)?;
    }
    let wanted = Wanted { mode: config.lock, wait, ledger: &ledger, url };
    let lock = {
        let waiting = &mut |waiting: &Waiting| observe(Event::Waiting(waiting));
        Lock::take(connection, wanted, waiting)?
    };
    let setting = Setting {
        ledger: &ledger,
        clock: project.clock,
        applied_by: &by,
        pacing: if config.group_commit { Pacing::USUAL } else { Pacing::Each },
        lock: Some(&lock),
        wait,
        url: url.to_string(),
        steps: &project.steps,
    };
    let result = work(connection, &setting, observe);
    let released = lock.release(connection);
    // The first error is reported; a lost connection has released the lock.
    let value = result?;
    released?;
    Ok(value)
}

/// Returns the steps of a plan as a report, for `--dry-run`.
fn planned(observed: &Observed<'_>, plan: &plan::Plan) -> Vec<Done> {
    let done = |node: Node, operation: Operation| {
        let revision = observed.graph.revision(node);
        Done {
            revision: revision.id().clone(),
            operation,
            message: revision.header.message.clone(),
            duration: std::time::Duration::ZERO,
        }
    };
    plan.steps.iter().map(|step| done(step.node, step.operation)).collect()
}
