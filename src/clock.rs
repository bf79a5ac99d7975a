//! The time of day, from the system or fixed for tests.

use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};

/// Source of the current time: the system's, or a fixed one for reproducible output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Clock {
    #[default]
    System,
    /// Always the same second, counted from 1970 (`SOURCE_DATE_EPOCH`).
    Fixed(i64),
}

impl Clock {
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

/// Returns how long to sleep before the next try: longer with time, and jittered.
pub fn pause(waited: Duration) -> Duration {
    let most = waited.as_millis().clamp(20, 250);
    // Without random numbers there is no jitter; nothing fails.
    let random = u128::from(getrandom::u32().unwrap_or_default());
    Duration::from_millis(u64::try_from(5 + random % most).unwrap_or(5))
}
