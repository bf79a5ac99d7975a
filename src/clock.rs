//! The time of day, from the system or fixed for tests.

use chrono::{DateTime, SecondsFormat, Utc};

/// Where the time comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Clock {
    /// The system's clock.
    #[default]
    System,
    /// Always the same second, counted from 1970 (`SOURCE_DATE_EPOCH`).
    Fixed(i64),
}

impl Clock {
    /// Returns the time in UTC.
    pub fn now(self) -> DateTime<Utc> {
        match self {
            #[expect(clippy::disallowed_methods, reason = "this is where the time comes from")]
            Self::System => Utc::now(),
            Self::Fixed(seconds) => DateTime::from_timestamp(seconds, 0).unwrap_or_default(),
        }
    }

    /// Returns the time as RFC 3339 with milliseconds.
    pub fn timestamp(self) -> String {
        self.now().to_rfc3339_opts(SecondsFormat::Millis, true)
    }
}
