//! Plans of thousands of steps are run in stretches: what there is to know of a step, its statements and
//! texts, needn't be in memory for all of them at once.
//!
//! All of a plan is checked before any of it runs. Each stretch leaves fingerprints of its files then,
//! and is made again when its turn comes.

use crate::config::TransactionMode;
use crate::database::Connection;
use crate::error::Error;
use crate::plan::{Plan, Step};
use crate::project::Project;
use crate::revision::{RevisionError, RevisionId};
use crate::runner::{self, Basis, Done, Event, Outcome, RunError, Setting};
use crate::script::prints::ScriptPrints;
use crate::script::{Script, SetAgain, Undeclared};

/// How many steps a plan has at most whose script is kept: to make it twice costs small revisions a tenth
/// of their time, as long as there are few.
const WHOLE: usize = 2000;

/// How many steps a stretch has.
const STRETCH: usize = 250;

/// Makes the script of steps.
pub(super) type Make<'a> = dyn Fn(&[Step]) -> Result<Script, Error> + 'a;

/// What is kept of a plan whose files were read and found right.
#[derive(Debug)]
pub(super) enum Checked {
    Whole(Script),
    Stretches {
        prints: Vec<ScriptPrints>,
        bytes: usize,
        unwritten: Vec<RevisionId>,
        set_again: Vec<SetAgain>,
        undeclared: Vec<Undeclared>,
    },
}

/// Checks all of a plan.
pub(super) fn check(project: &Project, plan: &Plan, make: &Make<'_>) -> Result<Checked, Error> {
    let is_one = project.config.transaction == TransactionMode::All;
    if is_one || plan.steps.len() <= WHOLE {
        return Ok(Checked::Whole(make(&plan.steps)?));
    }
    let (mut prints, mut bytes) = (Vec::new(), 0);
    let (mut unwritten, mut undeclared, mut set_again) = (Vec::new(), Vec::new(), Vec::new());
    for steps in plan.steps.chunks(STRETCH) {
        let script = make(steps)?;
        prints.push(script.prints());
        bytes += script.bytes;
        unwritten.extend(script.unwritten());
        undeclared.extend(script.undeclared());
        set_again.extend(script.set_again()?);
    }
    Ok(Checked::Stretches { prints, bytes, unwritten, undeclared, set_again })
}

impl Checked {
    /// Returns how large a schema gets by them at most, in bytes.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Whole(script) => script.bytes,
            Self::Stretches { bytes, .. } => *bytes,
        }
    }

    /// Returns the revisions of an upgrade whose down scripts nobody has written yet.
    pub(super) fn unwritten(&self) -> Vec<RevisionId> {
        match self {
            Self::Whole(script) => script.unwritten(),
            Self::Stretches { unwritten, .. } => unwritten.clone(),
        }
    }

    /// Returns the statements that are done and run again, for what they set in the session.
    pub(super) fn set_again(&self) -> Result<Vec<SetAgain>, Error> {
        Ok(match self {
            Self::Whole(script) => script.set_again()?,
            Self::Stretches { set_again, .. } => set_again.clone(),
        })
    }

    /// Returns what looks like a variable within quotes and stays text.
    pub(super) fn undeclared(&self) -> Vec<Undeclared> {
        match self {
            Self::Whole(script) => script.undeclared(),
            Self::Stretches { undeclared, .. } => undeclared.clone(),
        }
    }

    /// Tells what nobody has written or declared yet, if there is anything.
    pub(super) fn tell_missing(&self, observe: &mut dyn FnMut(Event<'_>)) {
        for it in &self.undeclared() {
            observe(Event::Undeclared(it));
        }
        let unwritten = self.unwritten();
        if !unwritten.is_empty() {
            observe(Event::Unwritten(&unwritten));
        }
    }

    /// Runs the plan.
    pub(super) fn run(
        &self,
        connection: &mut (dyn Connection + '_),
        plan: &Plan,
        make: &Make<'_>,
        applied: Vec<RevisionId>,
        setting: &Setting<'_>,
        observe: &mut dyn FnMut(Event<'_>),
    ) -> Result<Outcome, Error> {
        let mut basis = Basis::new(applied);
        observe(Event::Planned(plan.steps.len()));
        let prints = match self {
            Self::Whole(script) => {
                return Ok(runner::run(connection, script, &mut basis, setting, observe)?);
            }
            Self::Stretches { prints, .. } => prints,
        };
        let mut done = Vec::with_capacity(plan.steps.len());
        for (steps, prints) in plan.steps.chunks(STRETCH).zip(prints) {
            let script = match again(make, steps, prints) {
                Ok(script) => script,
                Err(error) => return Err(after(done, error)),
            };
            match runner::run(connection, &script, &mut basis, setting, observe) {
                Ok(Outcome::Complete(more)) => done.extend(more),
                Ok(Outcome::Moved(more)) => {
                    done.extend(more);
                    return Ok(Outcome::Moved(done));
                }
                Ok(Outcome::Lost(mut error)) => {
                    error.done.splice(0..0, done);
                    return Ok(Outcome::Lost(error));
                }
                Err(error) => return Err(after(done, error.into())),
            }
        }
        Ok(Outcome::Complete(done))
    }
}

/// Makes a script that was made before; a file that was edited since is an error.
fn again(make: &Make<'_>, steps: &[Step], prints: &ScriptPrints) -> Result<Script, Error> {
    let script = make(steps)?;
    match script.changed_since(prints) {
        Some(path) => Err(Box::new(RunError::before(RevisionError::Changed { path })).into()),
        None => Ok(script),
    }
}

/// Adds to an error what was done before it.
pub(super) fn after(mut done: Vec<Done>, error: Error) -> Error {
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
