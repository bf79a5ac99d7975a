//! Upgrades and downgrades.

use crate::config::TransactionMode;
use crate::database::{Connection, Engine};
use crate::error::Error;
use crate::ledger::Running;
use crate::ops::autogenerate::{leaves_out, refuse_to_reach_out};
use crate::ops::half_done::{half_done, half_done_first, stuck};
use crate::ops::observed::tell_lost;
use crate::ops::replans::{Replans, Start};
use crate::ops::request::{Venue, target};
use crate::ops::wait::Wait;
use crate::ops::{Direction, Edited, Observed, Report, Request, compiler, locked, planned};
use crate::plan::{self, Plan, State, Step};
use crate::process::Life;
use crate::project::Project;
use crate::revision::{Graph, NodeSet, RevisionId};
use crate::runner::{self, Done, Event, Outcome, Pacing, RunError, Setting};
use crate::script::{Compiler, Grouping, Lasting, Programs, Resumed, Script};
use crate::sql::Dialect;

/// A plan that was checked before the database exists.
#[derive(Debug)]
pub struct Ready {
    plan: Plan,
    script: Script,
}

/// Plans for a database that doesn't exist yet, so that errors are found before it is created.
pub fn ready(project: &Project, request: &Request<'_>) -> Result<Ready, Error> {
    let engine = Engine::usual(project.dialect()?);
    let observed = Observed::read(project, None)?;
    let plan = plan(project, &observed, request)?;
    let input = CompileInput { engine, resume: None, lasting: None };
    let script = compile(project, &observed.graph, request, &plan.steps, &input)?;
    Ok(Ready { plan, script })
}

/// Upgrades or downgrades a database.
///
/// The plan follows from the version table, and is remade if another process changes that. On a
/// server this happens under a lock, which is not needed to find that there is nothing to do.
pub fn migrate(
    project: &Project,
    connection: &mut (dyn Connection + '_),
    request: &Request<'_>,
    observe: &mut dyn FnMut(Event<'_>),
) -> Result<Report, Error> {
    migrate_ready(project, connection, request, None, observe)
}

/// Upgrades or downgrades a database as [`migrate`] does, and runs a prepared plan if it still
/// applies.
pub fn migrate_ready(
    project: &Project,
    connection: &mut (dyn Connection + '_),
    request: &Request<'_>,
    ready: Option<Ready>,
    observe: &mut dyn FnMut(Event<'_>),
) -> Result<Report, Error> {
    if !connection.engine().excludes_writers()
        && let Some(report) = nothing_to_do(project, connection, request, observe)?
    {
        return Ok(report);
    }
    let (mut report, mut ready) = (Report::default(), ready);
    let result = locked(project, connection, observe, |connection, setting, observe| {
        let work = Work { project, request, setting: setting.clone(), ready: ready.take() };
        report = work.until_done(connection, observe)?;
        Ok(())
    });
    match result {
        // Only the release of the lock failed: everything stands.
        Err(error) if !report.steps.is_empty() => {
            Err(Error::Partly { done: report.steps, error: Box::new(error) })
        }
        result => result.map(|()| report),
    }
}

/// Tells whether there is nothing to do; obstacles are reported later, under the lock.
fn nothing_to_do(
    project: &Project,
    connection: &mut (dyn Connection + '_),
    request: &Request<'_>,
    observe: &mut dyn FnMut(Event<'_>),
) -> Result<Option<Report>, Error> {
    let observed = Observed::read(project, Some(connection))?;
    let plan = plan(project, &observed, request)?;
    if !plan.steps.is_empty() || !observed.running.is_empty() {
        return Ok(None);
    }
    tell_lost(project, connection, &observed, observe)?;
    if request.direction == Direction::Upgrade {
        observed.tell_modified(observe);
    }
    Ok(Some(Report { heads: observed.heads(), ..Report::default() }))
}

/// An upgrade or a downgrade under the lock.
struct Work<'a> {
    project: &'a Project,
    request: &'a Request<'a>,
    setting: Setting<'a>,
    ready: Option<Ready>,
}

enum PlanOutcome {
    /// Another process is running a revision and has to be waited for.
    Waits(Box<Running>),
    /// The plan is complete; the database is at these heads.
    Complete(Vec<Done>, Vec<RevisionId>),
    /// The run found another version table than the plan began with.
    Moved(Vec<Done>, Start),
    /// Several revisions were rolled back together.
    Lost(Box<RunError>),
}

impl Work<'_> {
    /// Makes and runs plans until one completes.
    fn until_done(
        mut self,
        connection: &mut (dyn Connection + '_),
        observe: &mut dyn FnMut(Event<'_>),
    ) -> Result<Report, Error> {
        let mut steps: Vec<Done> = Vec::new();
        let wait = Wait::new(self.project);
        let (mut replans, mut lost) = (Replans::default(), None);
        loop {
            let turn = match self.once(connection, wait.is_over(), observe) {
                Ok(PlanOutcome::Waits(running)) => wait
                    .once_more(connection, &running, observe)
                    .map(|()| PlanOutcome::Waits(running)),
                turn => turn,
            };
            match turn {
                Ok(PlanOutcome::Waits(_)) => {}
                Ok(PlanOutcome::Complete(done, heads)) => {
                    steps.extend(done);
                    return Ok(Report { steps, heads, ..Report::default() });
                }
                Ok(PlanOutcome::Moved(done, start)) => {
                    let moved = replans.moved(&done, start);
                    steps.extend(done);
                    if let Err(error) = moved {
                        return Err(after(steps, error));
                    }
                }
                Ok(PlanOutcome::Lost(mut error)) => {
                    steps.append(&mut error.done);
                    self.setting.pacing = Pacing::Each;
                    lost = Some(error);
                    replans.planned().map_err(|error| after(steps.clone(), error))?;
                }
                Err(error) => return Err(stopped(error, lost, steps)),
            }
        }
    }

    fn once(
        &mut self,
        connection: &mut (dyn Connection + '_),
        is_over: bool,
        observe: &mut dyn FnMut(Event<'_>),
    ) -> Result<PlanOutcome, Error> {
        let (project, request, setting) = (self.project, self.request, &self.setting);
        let mut ended: Option<Running> = None;
        let observed = loop {
            let observed = Observed::read(project, Some(connection))?;
            match observed.running.first() {
                Some(running) if waits_for(running, is_over || is_excluded(setting)) => {
                    return Ok(PlanOutcome::Waits(Box::new(running.clone())));
                }
                // The process has ended, maybe after the row was read, so the newer state counts.
                Some(running) if ended.as_ref() != Some(running) => ended = Some(running.clone()),
                Some(_) | None => break observed,
            }
        };
        tell_lost(project, connection, &observed, observe)?;
        let plan = plan(project, &observed, request)?;
        if request.direction == Direction::Upgrade {
            observed.tell_modified(observe);
        }
        let resume = half_done(project, &observed, Some(connection), request, &plan)?;
        if plan.steps.is_empty() {
            return Ok(PlanOutcome::Complete(Vec::new(), observed.heads()));
        }
        let engine = connection.engine();
        let is_alone = engine.excludes_writers();
        let is_fresh = resume.is_none() && observed.order.is_empty() && is_alone;
        let input = CompileInput { engine, resume, lasting: runner::read_lasting(connection)? };
        let script = match self.ready.take().filter(|ready| is_fresh && ready.plan == plan) {
            Some(ready) => ready.script,
            None => compile(project, &observed.graph, request, &plan.steps, &input)
                .map_err(|error| stuck(&observed, error))?,
        };
        // What is dropped touches pages all over the file, what is created those of the schema.
        connection.expect_writes(match request.direction {
            Direction::Upgrade => observed.graph.len() / 2,
            Direction::Downgrade => observed.graph.len() * 2,
        })?;
        forget_leftover(connection, setting, &observed)?;
        tell_missing(&script, observe);
        observe(Event::Planned(plan.steps.len()));
        Ok(match runner::run(connection, &script, observed.applied_ids(), setting, observe)? {
            Outcome::Complete(done) => {
                let applied = applied_after(&observed, request, &plan);
                let heads = State::new(&observed.graph, applied).heads;
                PlanOutcome::Complete(done, observed.graph.ids(&heads))
            }
            Outcome::Moved(done) => {
                PlanOutcome::Moved(done, Start::new(observed.applied_ids(), &observed.graph, &plan))
            }
            Outcome::Lost(error) => PlanOutcome::Lost(error),
        })
    }
}

/// Deletes the row of progress of a revision that is completely done or undone.
fn forget_leftover(
    connection: &mut dyn Connection,
    setting: &Setting<'_>,
    observed: &Observed<'_>,
) -> Result<(), Error> {
    for leftover in &observed.leftover {
        connection.execute(&setting.ledger.forget_running(leftover))?;
    }
    Ok(())
}

/// Tells whether the lock held excludes every other process: then a process of unknown state is not
/// running.
fn is_excluded(setting: &Setting<'_>) -> bool {
    setting.lock.and_then(runner::Lock::condition).is_some()
}

/// Tells whether to wait for a process; for one of unknown state only for a while.
fn waits_for(running: &Running, is_over: bool) -> bool {
    match running.life() {
        Life::Goes => true,
        Life::Unknown => !is_over,
        Life::Ended => false,
    }
}

/// Adds the results of earlier plans to the error that stopped the last one.
fn stopped(error: Error, lost: Option<Box<RunError>>, steps: Vec<Done>) -> Error {
    match (error, lost) {
        // If not even a plan can be made after a loss, what led to the loss is the one to tell.
        (error, Some(lost)) if !matches!(error, Error::Run(_)) => after(steps, lost.into()),
        (error, _) => after(steps, error),
    }
}

/// Adds the steps that were done before to an error.
fn after(mut done: Vec<Done>, error: Error) -> Error {
    if let Error::Run(mut run) = error {
        run.done.splice(0..0, done);
        Error::Run(run)
    } else if let Error::Partly { done: more, error } = error {
        done.extend(more);
        Error::Partly { done, error }
    } else if done.is_empty() {
        error
    } else {
        Error::Partly { done, error: Box::new(error) }
    }
}

/// Warns of unwritten down scripts and undeclared variables.
fn tell_missing(script: &Script, observe: &mut dyn FnMut(Event<'_>)) {
    for it in &script.undeclared() {
        observe(Event::Undeclared(it));
    }
    if !script.unwritten.is_empty() {
        observe(Event::Unwritten(&script.unwritten));
    }
}

/// Returns the steps that would run; nothing is changed, and the database need not exist.
pub fn preview(
    project: &Project,
    mut connection: Option<&mut (dyn Connection + '_)>,
    request: &Request<'_>,
) -> Result<Report, Error> {
    let engine = match connection.as_deref() {
        Some(connection) => connection.engine(),
        None => Engine::usual(project.dialect()?),
    };
    let observed = Observed::read(project, connection.as_deref_mut())?;
    let plan = plan(project, &observed, request)?;
    let lasting = match connection.as_deref_mut() {
        Some(connection) => runner::read_lasting(connection)?,
        None => None,
    };
    let resume = half_done(project, &observed, connection, request, &plan)?;
    let input = CompileInput { engine, resume, lasting };
    let script = compile(project, &observed.graph, request, &plan.steps, &input)
        .map_err(|error| stuck(&observed, error))?;
    let (undeclared, set_again) = (script.undeclared(), script.set_again()?);
    let heads = State::new(&observed.graph, applied_after(&observed, request, &plan)).heads;
    let (steps, heads) = (planned(&observed, &plan), observed.graph.ids(&heads));
    Ok(Report { steps, heads, unwritten: script.unwritten, set_again, undeclared })
}

fn plan(project: &Project, observed: &Observed<'_>, request: &Request<'_>) -> Result<Plan, Error> {
    let target = target(request.target)?;
    let plan = match request.direction {
        Direction::Upgrade => {
            // First, since a revision without a file may look like a second head, which is not the
            // problem.
            observed.refuse_unknown()?;
            let plan = plan::upgrade(&observed.graph, &observed.state, &target)?;
            if request.edited == Edited::Refuse {
                observed.refuse_modified()?;
            }
            plan
        }
        Direction::Downgrade => {
            let plan = plan::downgrade(&observed.graph, &observed.state, &target)?;
            check_consent(project, observed, request, &plan)?;
            plan
        }
    };
    Ok(half_done_first(observed, plan))
}

/// Facts about a database that compiling scripts takes.
pub(super) struct CompileInput<'a> {
    pub(super) engine: Engine,
    pub(super) resume: Option<Resumed<'a>>,
    /// The tables without transactions.
    pub(super) lasting: Option<Lasting>,
}

/// Refuses steps without the consent they need; an empty plan needs none.
fn check_consent(
    project: &Project,
    observed: &Observed<'_>,
    request: &Request<'_>,
    plan: &Plan,
) -> Result<(), Error> {
    if plan.steps.is_empty() {
        return Ok(());
    }
    request.consent.check(project, "downgrade")?;
    let Some(agreed) = request.agreed else { return Ok(()) };
    let mut revisions = observed.graph.ids(&plan.nodes());
    revisions.retain(|id| !agreed.contains(id));
    if revisions.is_empty() { Ok(()) } else { Err(Error::NotAgreed { revisions }) }
}

pub(super) fn compile(
    project: &Project,
    graph: &Graph,
    request: &Request<'_>,
    steps: &[Step],
    input: &CompileInput<'_>,
) -> Result<Script, Error> {
    let grouping = match project.config.transaction {
        TransactionMode::Revision => Grouping::EachRevision,
        TransactionMode::All => Grouping::All,
    };
    // A copy of a file has all that the file has; a scratch database hasn't what is of the server.
    let is_on_server = request.venue == Venue::Copy && input.engine.dialect() != Dialect::Sqlite;
    let compiler = Compiler {
        grouping,
        tag: request.tag.map(Into::into),
        programs: Programs::Called(&project.steps),
        resume: input.resume.clone(),
        lasting: input.lasting.clone(),
        record: Some(project.ledger_to_spare(input.engine.dialect())),
        leaves_out: is_on_server.then(|| leaves_out(project)),
        ..compiler(project, graph, input.engine)?
    };
    let script = compiler.compile(steps)?;
    if is_on_server {
        refuse_to_reach_out(&script, input.engine.dialect())?;
    }
    Ok(script)
}

fn applied_after(observed: &Observed<'_>, request: &Request<'_>, plan: &Plan) -> NodeSet {
    let mut applied = observed.state.applied.clone();
    match request.direction {
        Direction::Upgrade => applied.extend(plan.nodes()),
        Direction::Downgrade => applied.subtract(&NodeSet::of(observed.graph.len(), &plan.nodes())),
    }
    applied
}
