//! What is done with a revision.

use std::fmt;

/// What is done with a revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// Its up script is run.
    Upgrade,
    /// Its down script is run.
    Downgrade,
    /// It is recorded, or struck from the record; nothing is run.
    Stamp,
}

impl Operation {
    /// Returns the word for the operation, as it is recorded and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Upgrade => "upgrade",
            Self::Downgrade => "downgrade",
            Self::Stamp => "stamp",
        }
    }

    /// Reads the word for an operation.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Upgrade, Self::Downgrade, Self::Stamp].into_iter().find(|it| it.as_str() == text)
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
