//! Upgrades and downgrades.

use crate::config::TransactionMode;
use crate::database::Connection;
use crate::error::Error;
use crate::ledger::Running;
use crate::ops::wait::{Wait, refuse_live};
use crate::ops::{Consent, Observed, Offline, Report, planned, printable_dialect};
use crate::plan::{self, Operation, Plan, State, Step, Target};
use crate::process::Life;
use crate::project::Project;
use crate::revision::{Graph, Node, NodeSet, RevisionId};
use crate::runner::{self, Done, Event, Outcome, Pacing, RunError, Setting, tables_sql};
use crate::script::{Compiler, Grouping, Script};
use crate::sql::Dialect;

/// How often a plan is made anew before another process's pace is too much.
const MOST_PLANS: usize = 1000;

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Up scripts.
    Upgrade,
    /// Down scripts.
    Downgrade,
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Which way.
    pub direction: Direction,
    /// The revision to reach; with `--sql` a range.
    pub target: &'a str,
    /// What `--tag` said.
    pub tag: Option<&'a str>,
    /// What `--yes` said.
    pub consent: Consent,
    /// What `--resume` said.
    pub resume: Resume,
    /// What `--allow-edited` said.
    pub edited: Edited,
}

/// What becomes of an upgrade where applied scripts were edited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edited {
    /// It is refused.
    Refuse,
    /// It is warned of.
    Allow,
}

impl<'a> Request<'a> {
    /// Asks for an upgrade, as `migrate upgrade TARGET` does.
    pub fn upgrade(target: &'a str) -> Self {
        Self::new(Direction::Upgrade, target)
    }

    /// Asks for a downgrade, as `migrate downgrade TARGET` does.
    pub fn downgrade(target: &'a str) -> Self {
        Self::new(Direction::Downgrade, target)
    }

    /// Asks for either.
    pub fn new(direction: Direction, target: &'a str) -> Self {
        let (consent, resume, edited) = (Consent::Missing, Resume::Refuse, Edited::Refuse);
        Self { direction, target, tag: None, consent, resume, edited }
    }
}

/// What becomes of a revision that has run in part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resume {
    /// It stands in the way.
    Refuse,
    /// It goes on after the last statement that is known to be done.
    GoOn,
}

/// Brings a database to a revision.
///
/// The plan is made of what the version table says, and made anew if another process moves it.
pub fn migrate(
    project: &Project,
    connection: &mut (dyn Connection + 'static),
    request: &Request<'_>,
    observe: &mut dyn FnMut(Event<'_>),
) -> Result<Report, Error> {
    let ledger = project.ledger(connection.dialect());
    let by = project.applied_by();
    let usual = if project.config.group_commit { Pacing::USUAL } else { Pacing::Each };
    let mut setting =
        Setting { ledger: &ledger, clock: project.clock, applied_by: &by, pacing: usual };
    let mut steps: Vec<Done> = Vec::new();
    let wait = Wait::new(project);
    let (mut plans, mut lost) = (0, None);
    while plans < MOST_PLANS {
        let is_over = wait.is_over();
        let turn = match once(project, connection, request, &setting, is_over, observe) {
            Ok(Turn::Waits(running)) => {
                wait.once_more(connection, &running, observe).map(|()| Turn::Waits(running))
            }
            turn => turn,
        };
        match turn {
            Ok(Turn::Waits(_)) => continue,
            Ok(Turn::Ran(Outcome::Complete(done), heads)) => {
                steps.extend(done);
                return Ok(Report { steps, heads });
            }
            Ok(Turn::Ran(Outcome::Moved(done), _)) => steps.extend(done),
            Ok(Turn::Ran(Outcome::Lost(mut error), _)) => {
                steps.append(&mut error.done);
                setting.pacing = Pacing::Each;
                lost = Some(error);
            }
            Err(error) => return Err(stopped(error, lost, steps)),
        }
        plans += 1;
    }
    Err(Error::KeepsMoving { tries: MOST_PLANS })
}

/// How one plan ended.
enum Turn {
    /// Another process is at work on a revision and has to be waited for.
    Waits(Box<Running>),
    /// It ran; the heads are those that it leads to.
    Ran(Outcome, Vec<RevisionId>),
}

/// Makes a plan and runs it.
fn once(
    project: &Project,
    connection: &mut (dyn Connection + 'static),
    request: &Request<'_>,
    setting: &Setting<'_>,
    is_over: bool,
    observe: &mut dyn FnMut(Event<'_>),
) -> Result<Turn, Error> {
    let mut ended: Option<Running> = None;
    let observed = loop {
        let observed = Observed::read(project, Some(connection))?;
        match observed.running.first() {
            Some(running) if waits_for(running, is_over) => {
                return Ok(Turn::Waits(Box::new(running.clone())));
            }
            // Its process has ended, maybe after the row was read: what is left then counts.
            Some(running) if ended.as_ref() != Some(running) => ended = Some(running.clone()),
            Some(_) | None => break observed,
        }
    };
    let plan = plan(project, &observed, request)?;
    let edited = observed.graph.ids(&observed.modified);
    if request.direction == Direction::Upgrade && !edited.is_empty() {
        observe(Event::Edited(&edited));
    }
    let resume = half_done(project, &observed, request, &plan)?;
    if plan.steps.is_empty() {
        return Ok(Turn::Ran(Outcome::Complete(Vec::new()), observed.heads()));
    }
    let script = compile(project, &observed.graph, connection.dialect(), request, &plan, resume)?;
    let outcome = runner::run(connection, &script, observed.applied_ids(), setting, observe)?;
    let heads = State::new(&observed.graph, after(&observed, request, &plan)).heads;
    Ok(Turn::Ran(outcome, observed.graph.ids(&heads)))
}

/// Tells whether a process has to be waited for; for one of which nothing is known, not for ever.
fn waits_for(running: &Running, is_over: bool) -> bool {
    match running.life() {
        Life::Goes => true,
        Life::Unknown => !is_over,
        Life::Ended => false,
    }
}

/// Adds what earlier plans have done to the error that stopped the last one.
fn stopped(error: Error, lost: Option<Box<RunError>>, steps: Vec<Done>) -> Error {
    let mut run = match (error, lost) {
        (Error::Run(run), _) => run,
        // If not even a plan can be made after a loss, what led to the loss is the one to tell.
        (_, Some(lost)) => lost,
        (error, None) if steps.is_empty() => return error,
        (error, None) => return Error::Partly { done: steps, error: Box::new(error) },
    };
    run.done.splice(0..0, steps);
    run.into()
}

/// Finds what would be done; nothing is changed, and nothing needs to be there.
pub fn preview(
    project: &Project,
    connection: Option<&mut (dyn Connection + 'static)>,
    request: &Request<'_>,
) -> Result<Report, Error> {
    let dialect = project.dialect()?;
    let observed = Observed::read(project, connection)?;
    let plan = plan(project, &observed, request)?;
    let resume = half_done(project, &observed, request, &plan)?;
    compile(project, &observed.graph, dialect, request, &plan, resume)?;
    let heads = State::new(&observed.graph, after(&observed, request, &plan)).heads;
    Ok(Report { steps: planned(&observed, &plan), heads: observed.graph.ids(&heads) })
}

/// Makes the script from one revision to another, without a database.
pub fn migrate_offline(project: &Project, request: &Request<'_>) -> Result<Offline, Error> {
    let (start, target) = match (request.target.split_once(':'), request.direction) {
        (Some((start, target)), _) => (start, target),
        (None, Direction::Upgrade) => ("base", request.target),
        (None, Direction::Downgrade) => return Err(Error::RangeNeeded),
    };
    let graph = &project.graph;
    let starts = plan::find(graph, &Target::parse(start))?;
    if starts.len() > 1 {
        return Err(Error::SeveralStarts { start: start.to_owned() });
    }
    let state = State::of_heads(graph, &starts);
    let target = Target::parse(target);
    let plan = match request.direction {
        Direction::Upgrade => plan::upgrade(graph, &state, &target)?,
        Direction::Downgrade => plan::downgrade(graph, &state, &target)?,
    };
    let dialect = printable_dialect(project)?;
    let script = compile(project, graph, dialect, request, &plan, None)?;
    let tables = if starts.is_empty() && request.direction == Direction::Upgrade {
        tables_sql(&project.ledger(dialect), project.clock)?
    } else {
        Vec::new()
    };
    Ok(Offline { script, tables })
}

fn plan(project: &Project, observed: &Observed<'_>, request: &Request<'_>) -> Result<Plan, Error> {
    if request.target.contains(':') {
        return Err(Error::RangeOnline { range: request.target.to_owned() });
    }
    let target = Target::parse(request.target);
    Ok(match request.direction {
        Direction::Upgrade => {
            // First: what no file has may be a second head, which is not what is wrong.
            observed.refuse_unknown()?;
            let plan = plan::upgrade(&observed.graph, &observed.state, &target)?;
            if request.edited == Edited::Refuse {
                observed.refuse_modified()?;
            }
            plan
        }
        Direction::Downgrade => {
            request.consent.check(project, "downgrade")?;
            plan::downgrade(&observed.graph, &observed.state, &target)?
        }
    })
}

fn compile(
    project: &Project,
    graph: &Graph,
    dialect: Dialect,
    request: &Request<'_>,
    plan: &Plan,
    resume: Option<&Running>,
) -> Result<Script, Error> {
    let grouping = match project.config.transaction {
        TransactionMode::Revision => Grouping::EachRevision,
        TransactionMode::All => Grouping::All,
    };
    let variables = project.config.variables()?;
    let tag = request.tag;
    let compiler = Compiler { graph, dialect, grouping, variables: &variables, tag, resume };
    Ok(compiler.compile(plan)?)
}

/// Finds the revision that has run in part and goes on in this plan; any other stands in the way.
fn half_done<'a>(
    project: &Project,
    observed: &'a Observed<'_>,
    request: &Request<'_>,
    plan: &Plan,
) -> Result<Option<&'a Running>, Error> {
    let Some(running) = observed.running.first() else {
        return Ok(None);
    };
    refuse_live(project, running)?;
    let operation = match running.operation.as_str() {
        "downgrade" => Operation::Downgrade,
        _ => Operation::Upgrade,
    };
    let step = observed.graph.find(running.revision.as_str()).map(|node| Step { node, operation });
    let goes_on = request.resume == Resume::GoOn
        && !running.is_in_doubt()
        && step.is_some_and(|step| plan.steps.contains(&step));
    if goes_on {
        return Ok(Some(running));
    }
    let variables = project.config.variables()?;
    let compiler = Compiler {
        graph: &observed.graph,
        dialect: project.dialect()?,
        grouping: Grouping::EachRevision,
        variables: &variables,
        tag: None,
        resume: None,
    };
    let place = step.and_then(|step| compiler.place_of(step, running.done + 1));
    Err(Error::HalfDone { running: Box::new(running.clone()), place: place.map(Box::new) })
}

/// Returns what is applied once a plan is done.
fn after(observed: &Observed<'_>, request: &Request<'_>, plan: &Plan) -> NodeSet {
    let nodes: Vec<Node> = plan.nodes();
    let mut applied = observed.state.applied.clone();
    match request.direction {
        Direction::Upgrade => applied.extend(nodes),
        Direction::Downgrade => applied.subtract(&NodeSet::of(observed.graph.len(), &nodes)),
    }
    applied
}
