//! What an upgrade or a downgrade is asked for.

use crate::error::Error;
use crate::ops::Consent;
use crate::plan::{Goal, Target};
use crate::revision::RevisionId;

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Up scripts.
    Upgrade,
    /// Down scripts.
    Downgrade,
}

/// What is asked for.
///
/// ```
/// use limbeck::ops::{Consent, Request};
///
/// let request = Request::downgrade("base").consent(Consent::Given).tag(Some("release 7"));
/// assert_eq!(request.target, "base");
/// ```
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
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
    /// The revisions that a downgrade may take back, if somebody agreed to these alone.
    pub agreed: Option<&'a [RevisionId]>,
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
        Self { direction, target, tag: None, consent, resume, edited, agreed: None }
    }

    /// Adds what `--tag` says.
    #[must_use]
    pub fn tag(self, tag: Option<&'a str>) -> Self {
        Self { tag, ..self }
    }

    /// Says whether the user agreed to what a protected environment asks about.
    #[must_use]
    pub fn consent(self, consent: Consent) -> Self {
        Self { consent, ..self }
    }

    /// Says that a downgrade may take these revisions back and no others, wherever another
    /// process moves the database meanwhile.
    #[must_use]
    pub fn agreed(self, revisions: &'a [RevisionId]) -> Self {
        Self { agreed: Some(revisions), ..self }
    }

    /// Says what becomes of a revision that has run in part.
    #[must_use]
    pub fn resume(self, resume: Resume) -> Self {
        Self { resume, ..self }
    }

    /// Says what becomes of edited scripts.
    #[must_use]
    pub fn edited(self, edited: Edited) -> Self {
        Self { edited, ..self }
    }
}

/// Takes what a database is to be brought to: a range has nothing to do with where it stands.
pub(super) fn target(text: &str) -> Result<Target, Error> {
    match Goal::parse(text) {
        Goal::To(target) => Ok(target),
        Goal::Range { .. } => Err(Error::RangeOnline { range: text.to_owned() }),
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
