//! The only place that asks what time it is.

use std::time::{SystemTime, UNIX_EPOCH};

/// Returns the seconds since 1970, as `iat` and `exp` and the columns of the schema have them.
#[expect(clippy::disallowed_methods, reason = "this is the clock")]
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
