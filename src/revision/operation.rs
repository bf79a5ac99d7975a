//! The operations on a revision.

use std::fmt;

/// The operation performed on a revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// The up script is run.
    Upgrade,
    /// The down script is run.
    Downgrade,
    /// The revision is recorded, or removed from the record; nothing is run.
    Stamp,
}

impl Operation {
    /// Returns the word for the operation, as recorded and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Upgrade => "upgrade",
            Self::Downgrade => "downgrade",
            Self::Stamp => "stamp",
        }
    }

    /// Parses the word for an operation.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Upgrade, Self::Downgrade, Self::Stamp].into_iter().find(|it| it.as_str() == text)
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
