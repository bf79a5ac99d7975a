//! Upgrades and downgrades.

use crate::config::TransactionMode;
use crate::database::{Connection, Engine};
use crate::error::Error;
use crate::ledger::Running;
use crate::ops::half_done::{half_done, half_done_first, stuck};
use crate::ops::observed::tell_lost;
use crate::ops::pace::{Pace, Start};
use crate::ops::request::target;
use crate::ops::wait::Wait;
use crate::ops::{Direction, Edited, Observed, Report, Request, compiler, locked, planned};
use crate::plan::{self, Plan, State, Step};
use crate::process::Life;
use crate::project::Project;
use crate::revision::{Graph, NodeSet, RevisionId};
use crate::runner::{self, Done, Event, Outcome, Pacing, RunError, Setting};
use crate::script::{Compiler, Grouping, Lasting, Programs, Resumed, Script};

/// A plan that was checked before there was a database.
#[derive(Debug)]
pub struct Ready {
    plan: Plan,
    script: Script,
}

/// Plans for a database that doesn't exist yet: what can't be done is found before it is created.
pub fn ready(project: &Project, request: &Request<'_>) -> Result<Ready, Error> {
    let engine = Engine::usual(project.dialect()?);
    let observed = Observed::read(project, None)?;
    let plan = plan(project, &observed, request)?;
    let known = Known { engine, resume: None, lasting: None };
    let script = compile(project, &observed.graph, request, &plan.steps, &known)?;
    Ok(Ready { plan, script })
}

/// Brings a database to a revision.
///
/// The plan is made of what the version table says, and made anew if another process moves it. On
/// a server that is done under a lock; to find that there is nothing to do takes none.
pub fn migrate(
    project: &Project,
    connection: &mut (dyn Connection + '_),
    request: &Request<'_>,
    observe: &mut dyn FnMut(Event<'_>),
) -> Result<Report, Error> {
    migrate_ready(project, connection, request, None, observe)
}

/// Brings a database to a revision as [`migrate`] does; a script that is ready is run if it is
/// what has to be done.
pub fn migrate_ready(
    project: &Project,
    connection: &mut (dyn Connection + '_),
    request: &Request<'_>,
    ready: Option<Ready>,
    observe: &mut dyn FnMut(Event<'_>),
) -> Result<Report, Error> {
    if connection.engine() != Engine::Sqlite
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
        // Only giving the lock back has failed: everything stands.
        Err(error) if !report.steps.is_empty() => {
            Err(Error::Partly { done: report.steps, error: Box::new(error) })
        }
        result => result.map(|()| report),
    }
}

/// Finds whether there is nothing to do; what stands in the way is found under the lock.
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

/// How one plan ended.
enum Turn {
    /// Another process is at work on a revision and has to be waited for.
    Waits(Box<Running>),
    /// All of it was done; it leads to these heads.
    Complete(Vec<Done>, Vec<RevisionId>),
    /// It found another record than it began with.
    Moved(Vec<Done>, Start),
    /// Several revisions were lost together.
    Lost(Box<RunError>),
}

impl Work<'_> {
    /// Makes plans and runs them until one is wholly done.
    fn until_done(
        mut self,
        connection: &mut (dyn Connection + '_),
        observe: &mut dyn FnMut(Event<'_>),
    ) -> Result<Report, Error> {
        let mut steps: Vec<Done> = Vec::new();
        let wait = Wait::new(self.project);
        let (mut pace, mut lost) = (Pace::default(), None);
        loop {
            let turn = match self.once(connection, wait.is_over(), observe) {
                Ok(Turn::Waits(running)) => {
                    wait.once_more(connection, &running, observe).map(|()| Turn::Waits(running))
                }
                turn => turn,
            };
            match turn {
                Ok(Turn::Waits(_)) => {}
                Ok(Turn::Complete(done, heads)) => {
                    steps.extend(done);
                    return Ok(Report { steps, heads, ..Report::default() });
                }
                Ok(Turn::Moved(done, start)) => {
                    let moved = pace.moved(&done, start);
                    steps.extend(done);
                    if let Err(error) = moved {
                        return Err(after(steps, error));
                    }
                }
                Ok(Turn::Lost(mut error)) => {
                    steps.append(&mut error.done);
                    self.setting.pacing = Pacing::Each;
                    lost = Some(error);
                    pace.planned().map_err(|error| after(steps.clone(), error))?;
                }
                Err(error) => return Err(stopped(error, lost, steps)),
            }
        }
    }

    /// Makes a plan and runs it.
    fn once(
        &mut self,
        connection: &mut (dyn Connection + '_),
        is_over: bool,
        observe: &mut dyn FnMut(Event<'_>),
    ) -> Result<Turn, Error> {
        let (project, request, setting) = (self.project, self.request, &self.setting);
        let mut ended: Option<Running> = None;
        let observed = loop {
            let observed = Observed::read(project, Some(connection))?;
            match observed.running.first() {
                Some(running) if waits_for(running, is_over || is_excluded(setting)) => {
                    return Ok(Turn::Waits(Box::new(running.clone())));
                }
                // Its process has ended, maybe after the row was read: what is left then counts.
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
            return Ok(Turn::Complete(Vec::new(), observed.heads()));
        }
        let engine = connection.engine();
        let is_fresh = resume.is_none() && observed.order.is_empty() && engine == Engine::Sqlite;
        let known = Known { engine, resume, lasting: runner::read_lasting(connection)? };
        let script = match self.ready.take().filter(|ready| is_fresh && ready.plan == plan) {
            Some(ready) => ready.script,
            None => compile(project, &observed.graph, request, &plan.steps, &known)
                .map_err(|error| stuck(&observed, error))?,
        };
        connection.expect_writes(observed.graph.len())?;
        forget_leftover(connection, setting, &observed)?;
        tell_missing(&script, observe);
        observe(Event::Planned(plan.steps.len()));
        Ok(match runner::run(connection, &script, observed.applied_ids(), setting, observe)? {
            Outcome::Complete(done) => {
                let applied = applied_after(&observed, request, &plan);
                let heads = State::new(&observed.graph, applied).heads;
                Turn::Complete(done, observed.graph.ids(&heads))
            }
            Outcome::Moved(done) => {
                Turn::Moved(done, Start::new(observed.applied_ids(), &observed.graph, &plan))
            }
            Outcome::Lost(error) => Turn::Lost(error),
        })
    }
}

/// Deletes the row of progress that a run left when its revision was wholly done, or not at all.
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

/// Tells whether a lock is held that no other process can hold at the same time: one of which
/// nothing else is known is not at work then.
fn is_excluded(setting: &Setting<'_>) -> bool {
    setting.lock.and_then(runner::Lock::condition).is_some()
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
    match (error, lost) {
        // If not even a plan can be made after a loss, what led to the loss is the one to tell.
        (error, Some(lost)) if !matches!(error, Error::Run(_)) => after(steps, lost.into()),
        (error, _) => after(steps, error),
    }
}

/// Adds to an error what was done before it.
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

/// Tells what nobody has written or declared yet, if there is anything.
fn tell_missing(script: &Script, observe: &mut dyn FnMut(Event<'_>)) {
    for it in &script.undeclared() {
        observe(Event::Undeclared(it));
    }
    if !script.unwritten.is_empty() {
        observe(Event::Unwritten(&script.unwritten));
    }
}

/// Finds what would be done; nothing is changed, and nothing needs to be there.
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
    let known = Known { engine, resume, lasting };
    let script = compile(project, &observed.graph, request, &plan.steps, &known)
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
            // First: what no file has may be a second head, which is not what is wrong.
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

/// What is known of a database before scripts are made for it.
pub(super) struct Known<'a> {
    pub(super) engine: Engine,
    /// The revision that goes on.
    pub(super) resume: Option<Resumed<'a>>,
    /// The tables whose rows can't be rolled back.
    pub(super) lasting: Option<Lasting>,
}

/// Refuses what nobody agreed to; nothing to do needs no consent.
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
    known: &Known<'_>,
) -> Result<Script, Error> {
    let grouping = match project.config.transaction {
        TransactionMode::Revision => Grouping::EachRevision,
        TransactionMode::All => Grouping::All,
    };
    let compiler = Compiler {
        grouping,
        tag: request.tag.map(Into::into),
        programs: Programs::Called(&project.steps),
        resume: known.resume.clone(),
        lasting: known.lasting.clone(),
        record: Some(project.ledger_to_spare(known.engine.dialect())),
        ..compiler(project, graph, known.engine)?
    };
    Ok(compiler.compile(steps)?)
}

/// Returns what is applied once a plan is done.
fn applied_after(observed: &Observed<'_>, request: &Request<'_>, plan: &Plan) -> NodeSet {
    let mut applied = observed.state.applied.clone();
    match request.direction {
        Direction::Upgrade => applied.extend(plan.nodes()),
        Direction::Downgrade => applied.subtract(&NodeSet::of(observed.graph.len(), &plan.nodes())),
    }
    applied
}
