//! How long to wait: `60s`, `500ms`, `2m`, `1h`, or a number of seconds.

use std::time::Duration;

/// What is waited if nothing else is said.
pub(crate) const DEFAULT: Duration = Duration::from_mins(1);

/// A year: more is a mistake, and clocks overflow at much more.
const LONGEST: Duration = Duration::from_hours(365 * 24);

const UNITS: &[(&str, f64)] = &[("", 1.0), ("s", 1.0), ("ms", 0.001), ("m", 60.0), ("h", 3600.0)];

/// Reads a duration, if it is one.
pub(crate) fn parse(text: &str) -> Option<Duration> {
    let text = text.trim();
    let is_number = |c: char| c.is_ascii_digit() || c == '.';
    let (number, unit) = text.split_at(text.find(|c| !is_number(c)).unwrap_or(text.len()));
    let (_, factor) = UNITS.iter().find(|(name, _)| *name == unit.trim_start())?;
    let number: f64 = number.parse().ok()?;
    let res = Duration::try_from_secs_f64(number * factor).ok()?;
    if res <= LONGEST { Some(res) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_a_number_with_a_unit_or_of_seconds() {
        let cases = [
            ("60s", 60_000),
            ("500ms", 500),
            ("2m", 120_000),
            ("1h", 3_600_000),
            ("90", 90_000),
            ("1.5", 1_500),
            ("0", 0),
            (" 10 s ", 10_000),
        ];
        for (text, milliseconds) in cases {
            assert_eq!(parse(text), Some(Duration::from_millis(milliseconds)), "{text}");
        }
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        for text in ["", "s", "-1", "+1", "1d", "1 2", "1e9", "inf", "nan", "1.2.3", "99999h", "."]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
