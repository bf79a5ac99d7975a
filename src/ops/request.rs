//! The parameters of an upgrade or a downgrade.

use crate::error::Error;
use crate::ops::Consent;
use crate::plan::{Goal, Target};
use crate::revision::RevisionId;

/// The direction of a migration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Up scripts are run, oldest first.
    Upgrade,
    /// Down scripts are run, newest first.
    Downgrade,
}

/// The parameters of an upgrade or a downgrade.
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
    /// The direction to migrate in.
    pub direction: Direction,
    /// The target revision; with `--sql` a range.
    pub target: &'a str,
    /// The value of `--tag`.
    pub tag: Option<&'a str>,
    /// Whether the user confirmed, as by `--yes`.
    pub consent: Consent,
    /// The handling of a revision that has run in part.
    pub resume: Resume,
    /// The handling of edited scripts.
    pub edited: Edited,
    /// The revisions that a downgrade may take back, if the user confirmed only these.
    pub agreed: Option<&'a [RevisionId]>,
    /// The database that the scripts run on.
    pub(super) venue: Venue,
}

/// The database that scripts run on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Venue {
    /// The project's own.
    Database,
    /// A copy, beyond which nothing may be felt.
    Copy,
}

/// The handling of edited scripts in an upgrade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edited {
    /// Edited scripts are an error.
    Refuse,
    /// Edited scripts are a warning.
    Allow,
}

impl<'a> Request<'a> {
    /// Requests an upgrade, as `migrate upgrade TARGET` does.
    pub fn upgrade(target: &'a str) -> Self {
        Self::new(Direction::Upgrade, target)
    }

    /// Requests a downgrade, as `migrate downgrade TARGET` does.
    pub fn downgrade(target: &'a str) -> Self {
        Self::new(Direction::Downgrade, target)
    }

    /// Requests a migration in the given direction.
    pub fn new(direction: Direction, target: &'a str) -> Self {
        let (consent, resume, edited) = (Consent::Missing, Resume::Refuse, Edited::Refuse);
        let venue = Venue::Database;
        Self { direction, target, tag: None, consent, resume, edited, agreed: None, venue }
    }

    /// Sets the tag to record, as `--tag` does.
    #[must_use]
    pub fn tag(self, tag: Option<&'a str>) -> Self {
        Self { tag, ..self }
    }

    /// Sets whether the user confirmed, which protected environments ask for.
    #[must_use]
    pub fn consent(self, consent: Consent) -> Self {
        Self { consent, ..self }
    }

    /// Limits a downgrade to these revisions, even if another process changes the database
    /// meanwhile.
    #[must_use]
    pub fn agreed(self, revisions: &'a [RevisionId]) -> Self {
        Self { agreed: Some(revisions), ..self }
    }

    /// Sets the handling of a revision that has run in part.
    #[must_use]
    pub fn resume(self, resume: Resume) -> Self {
        Self { resume, ..self }
    }

    /// Sets the handling of edited scripts.
    #[must_use]
    pub fn edited(self, edited: Edited) -> Self {
        Self { edited, ..self }
    }
}

/// Parses the target for a live database, where ranges make no sense.
pub(super) fn target(text: &str) -> Result<Target, Error> {
    match Goal::parse(text) {
        Goal::To(target) => Ok(target),
        Goal::Range { .. } => Err(Error::RangeOnline { range: text.to_owned() }),
    }
}

/// The handling of a revision that has run in part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resume {
    /// The revision is an error.
    Refuse,
    /// The revision is resumed after the last statement that is known to be done.
    GoOn,
}
