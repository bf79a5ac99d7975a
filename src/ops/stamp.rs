//! Stamps: the record is changed, nothing is run.

use crate::database::{Connection, Engine};
use crate::error::Error;
use crate::ops::observed::tell_lost;
use crate::ops::offline::starts;
use crate::ops::request::target;
use crate::ops::{Consent, Observed, Offline, Report, compiler, locked};
use crate::plan::{self, Goal, State, Target};
use crate::project::Project;
use crate::revision::Graph;
use crate::runner::{self, Event, Outcome, Pacing, Setting, tables_sql};
use crate::script::{Compiler, Script};

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct StampRequest<'a> {
    /// The revisions to stamp with.
    pub targets: &'a [String],
    /// What `--tag` said.
    pub tag: Option<&'a str>,
    /// Whether every row goes first.
    pub purge: Purge,
    /// What `--yes` said.
    pub consent: Consent,
}

impl<'a> StampRequest<'a> {
    /// Asks for revisions beside what is there, with nothing else said.
    pub fn new(targets: &'a [String]) -> Self {
        Self { targets, tag: None, purge: Purge::Nothing, consent: Consent::Missing }
    }
}

/// Whether a stamp starts from nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purge {
    /// Every row is struck first.
    All,
    /// What is there counts.
    Nothing,
}

/// Records revisions as applied without running them, in one transaction.
pub fn stamp(
    project: &Project,
    connection: &mut (dyn Connection + '_),
    request: &StampRequest<'_>,
    observe: &mut dyn FnMut(Event<'_>),
) -> Result<Report, Error> {
    let targets = targets(request)?;
    locked(project, connection, observe, |connection, setting, observe| {
        until_stamped(project, connection, request, &targets, setting, observe)
    })
}

fn until_stamped(
    project: &Project,
    connection: &mut (dyn Connection + '_),
    request: &StampRequest<'_>,
    targets: &[Target],
    setting: &Setting<'_>,
    observe: &mut dyn FnMut(Event<'_>),
) -> Result<Report, Error> {
    let setting = Setting { pacing: Pacing::Each, ..setting.clone() };
    loop {
        let observed = Observed::read(project, Some(connection))?;
        tell_lost(project, connection, &observed, observe)?;
        let engine = connection.engine();
        let before = (&*observed.graph, &observed.state);
        let (script, state) = compile(project, before, engine, request, targets)?;
        let mut erased = observed.state.applied.clone();
        erased.subtract(&state.applied);
        if request.purge == Purge::All && !observed.state.applied.is_empty() {
            request.consent.check(project, "stamp --purge")?;
        } else if !erased.is_empty() {
            request.consent.check(project, "stamp")?;
        }
        observe(Event::Planned(script.units.len()));
        match runner::run(connection, &script, observed.applied_ids(), &setting, observe)? {
            Outcome::Complete(steps) => {
                let heads = observed.graph.ids(&state.heads);
                return Ok(Report { steps, heads, ..Report::default() });
            }
            Outcome::Moved(_) | Outcome::Lost(_) => {}
        }
    }
}

/// Finds whether a database that isn't there yet can be stamped; nothing is made.
pub fn preview_stamp(project: &Project, request: &StampRequest<'_>) -> Result<(), Error> {
    let targets = targets(request)?;
    let before = State::of_heads(&project.graph, &[]);
    let engine = Engine::usual(project.dialect()?);
    compile(project, (&project.graph, &before), engine, request, &targets)?;
    Ok(())
}

fn targets(request: &StampRequest<'_>) -> Result<Vec<Target>, Error> {
    request.targets.iter().map(|it| target(it)).collect()
}

/// Makes the script of a stamp from one revision to others, without a database.
pub fn stamp_offline(project: &Project, request: &StampRequest<'_>) -> Result<Offline, Error> {
    if request.purge == Purge::All {
        return Err(Error::PurgeOffline);
    }
    let graph = &project.graph;
    let only = if let [only] = request.targets { Some(Goal::parse(only)) } else { None };
    let (starts, targets) = match only {
        Some(Goal::Range { start, target }) => (starts(graph, &start)?, vec![target]),
        _ => (Vec::new(), request.targets.iter().map(|it| Target::parse(it)).collect()),
    };
    let dialect = project.dialect()?;
    let (before, engine) = (State::of_heads(graph, &starts), Engine::usual(dialect));
    let (script, _) = compile(project, (graph, &before), engine, request, &targets)?;
    let tables = if starts.is_empty() {
        tables_sql(&project.printed_ledger(dialect), project.clock)?
    } else {
        Vec::new()
    };
    Ok(Offline { script, tables })
}

fn compile(
    project: &Project,
    (graph, before): (&Graph, &State),
    engine: Engine,
    request: &StampRequest<'_>,
    targets: &[Target],
) -> Result<(Script, State), Error> {
    let nothing = State::of_heads(graph, &[]);
    let (before, known) = match request.purge {
        Purge::All => (&nothing, None),
        Purge::Nothing => (before, Some(&before.applied)),
    };
    let stamp = plan::stamp(graph, before, targets)?;
    let tag = request.tag.map(Into::into);
    let compiler = Compiler { tag, ..compiler(project, graph, engine)? };
    Ok((compiler.stamp(&stamp.steps, known, &stamp.state.applied)?, stamp.state))
}
