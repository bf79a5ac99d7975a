//! Stamps: the record is changed, and nothing is run.

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

/// The parameters of a stamp.
#[derive(Debug, Clone, Copy)]
pub struct StampRequest<'a> {
    /// The revisions to stamp with.
    pub targets: &'a [String],
    /// The value of `--tag`.
    pub tag: Option<&'a str>,
    /// Whether all rows are deleted first.
    pub purge: Purge,
    /// Whether the user confirmed, as by `--yes`.
    pub consent: Consent,
}

impl<'a> StampRequest<'a> {
    /// Requests a stamp with these revisions on top of existing rows, without a tag or confirmation.
    pub fn new(targets: &'a [String]) -> Self {
        Self { targets, tag: None, purge: Purge::Nothing, consent: Consent::Missing }
    }
}

/// Whether a stamp starts from an empty version table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purge {
    /// All rows are deleted first.
    All,
    /// Existing rows count.
    Nothing,
}

/// Records revisions as applied without running them, in one transaction.
pub fn stamp(
    project: &Project,
    connection: &mut (dyn Connection + '_),
    request: &StampRequest<'_>,
    observe: &mut dyn FnMut(Event<'_>),
) -> Result<Report, Error> {
    let work = StampRun::new(project, request)?;
    locked(project, connection, observe, |connection, setting, observe| {
        work.until_done(connection, setting, observe)
    })
}

/// Checks whether a database that doesn't exist yet can be stamped; nothing is created.
pub fn preview_stamp(project: &Project, request: &StampRequest<'_>) -> Result<(), Error> {
    let before = State::of_heads(&project.graph, &[]);
    let engine = Engine::usual(project.dialect()?);
    StampRun::new(project, request)?.compile((&project.graph, &before), engine)?;
    Ok(())
}

/// Compiles the script of a stamp from one revision to others, without a database.
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
    let (script, _) = StampRun { project, request, targets }.compile((graph, &before), engine)?;
    let tables = if starts.is_empty() {
        tables_sql(&project.printed_ledger(dialect), project.clock)?
    } else {
        Vec::new()
    };
    Ok(Offline { script, tables })
}

/// A stamp with its targets parsed.
struct StampRun<'a> {
    project: &'a Project,
    request: &'a StampRequest<'a>,
    targets: Vec<Target>,
}

impl<'a> StampRun<'a> {
    fn new(project: &'a Project, request: &'a StampRequest<'a>) -> Result<Self, Error> {
        let targets = request.targets.iter().map(|it| target(it)).collect::<Result<_, _>>()?;
        Ok(Self { project, request, targets })
    }

    fn until_done(
        &self,
        connection: &mut (dyn Connection + '_),
        setting: &Setting<'_>,
        observe: &mut dyn FnMut(Event<'_>),
    ) -> Result<Report, Error> {
        let setting = Setting { pacing: Pacing::Each, ..setting.clone() };
        let (project, request) = (self.project, self.request);
        loop {
            let observed = Observed::read(project, Some(connection))?;
            tell_lost(project, connection, &observed, observe)?;
            let before = (&*observed.graph, &observed.state);
            let (script, state) = self.compile(before, connection.engine())?;
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

    fn compile(
        &self,
        (graph, before): (&Graph, &State),
        engine: Engine,
    ) -> Result<(Script, State), Error> {
        let nothing = State::of_heads(graph, &[]);
        let (before, known) = match self.request.purge {
            Purge::All => (&nothing, None),
            Purge::Nothing => (before, Some(&before.applied)),
        };
        let stamp = plan::stamp(graph, before, &self.targets)?;
        let tag = self.request.tag.map(Into::into);
        let compiler = Compiler { tag, ..compiler(self.project, graph, engine)? };
        Ok((compiler.stamp(&stamp.steps, known, &stamp.state.applied)?, stamp.state))
    }
}
