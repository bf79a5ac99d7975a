//! Stamps: the record is changed, nothing is run.

use crate::database::{Connection, Engine};
use crate::error::Error;
use crate::ops::observed::tell_lost;
use crate::ops::{Consent, Observed, Offline, Report, locked};
use crate::plan::{self, State, Target};
use crate::project::Project;
use crate::revision::Graph;
use crate::runner::{self, Event, Outcome, Pacing, Setting, tables_sql};
use crate::script::{Compiler, Grouping, Programs, Script};

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
    check(request)?;
    locked(project, connection, observe, |connection, setting, observe| {
        until_stamped(project, connection, request, setting, observe)
    })
}

fn until_stamped(
    project: &Project,
    connection: &mut (dyn Connection + '_),
    request: &StampRequest<'_>,
    setting: &Setting<'_>,
    observe: &mut dyn FnMut(Event<'_>),
) -> Result<Report, Error> {
    let setting = Setting { pacing: Pacing::Each, ..setting.clone() };
    loop {
        let observed = Observed::read(project, Some(connection))?;
        tell_lost(project, connection, &observed, observe)?;
        let engine = connection.engine();
        let (script, state) = compile(project, &observed.graph, &observed.state, engine, request)?;
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
    check(request)?;
    let before = State::of_heads(&project.graph, &[]);
    let engine = Engine::usual(project.dialect()?);
    compile(project, &project.graph, &before, engine, request)?;
    Ok(())
}

fn check(request: &StampRequest<'_>) -> Result<(), Error> {
    match request.targets.iter().find(|target| target.contains(':')) {
        Some(range) => Err(Error::RangeOnline { range: range.clone() }),
        None => Ok(()),
    }
}

/// Makes the script of a stamp from one revision to others, without a database.
pub fn stamp_offline(project: &Project, request: &StampRequest<'_>) -> Result<Offline, Error> {
    if request.purge == Purge::All {
        return Err(Error::PurgeOffline);
    }
    let graph = &project.graph;
    let range = match request.targets {
        [range] => range.split_once(':'),
        _ => None,
    };
    let (starts, targets) = match range {
        Some((start, target)) => {
            (plan::find(graph, &Target::parse(start))?, vec![target.to_owned()])
        }
        None => (Vec::new(), request.targets.to_vec()),
    };
    if starts.len() > 1 {
        let start = range.map(|(start, _)| start.to_owned()).unwrap_or_default();
        return Err(Error::SeveralStarts { start });
    }
    let dialect = project.dialect()?;
    let request = StampRequest { targets: &targets, ..*request };
    let before = State::of_heads(graph, &starts);
    let (script, _) = compile(project, graph, &before, Engine::usual(dialect), &request)?;
    let tables = if starts.is_empty() {
        tables_sql(&project.printed_ledger(dialect), project.clock)?
    } else {
        Vec::new()
    };
    Ok(Offline { script, tables })
}

fn compile(
    project: &Project,
    graph: &Graph,
    before: &State,
    engine: Engine,
    request: &StampRequest<'_>,
) -> Result<(Script, State), Error> {
    let targets: Vec<Target> = request.targets.iter().map(|it| Target::parse(it)).collect();
    let nothing = State::of_heads(graph, &[]);
    let (before, known) = match request.purge {
        Purge::All => (&nothing, None),
        Purge::Nothing => (before, Some(&before.applied)),
    };
    let stamp = plan::stamp(graph, before, &targets)?;
    let variables = project.config.variables()?;
    let grouping = Grouping::EachRevision;
    let compiler = Compiler {
        graph,
        engine,
        grouping,
        variables: &variables,
        tag: request.tag.map(Into::into),
        timeouts: project.timeouts(engine.dialect()),
        programs: Programs::LeftOut,
        resume: None,
        lasting: None,
        record: None,
    };
    Ok((compiler.stamp(&stamp.steps, known, &stamp.state.applied)?, stamp.state))
}
