//! How long to wait: `60s`, `500ms`, `10min`, `1h`, or a number of seconds.

use std::time::Duration;

/// A year: more is a mistake, and clocks overflow at far larger values.
const LONGEST: Duration = Duration::from_hours(365 * 24);

/// Each unit with its milliseconds; of those that mean the same, the first is written.
const UNITS: &[(&str, u32)] =
    &[("h", 3_600_000), ("min", 60_000), ("m", 60_000), ("s", 1_000), ("", 1_000), ("ms", 1)];

/// Reads a duration, if it is one; in whole milliseconds, which is what databases count in.
pub fn parse(text: &str) -> Option<Duration> {
    let text = text.trim();
    let is_number = |c: char| c.is_ascii_digit() || c == '.';
    let (number, unit) = text.split_at(text.find(|c| !is_number(c)).unwrap_or(text.len()));
    let (_, milliseconds) = UNITS.iter().find(|(name, _)| *name == unit.trim_start())?;
    let number: f64 = number.parse().ok()?;
    let milliseconds = number * f64::from(*milliseconds);
    // Zero means forever to a database, so a tiny duration must not be rounded to it.
    let milliseconds = if 0.0 < milliseconds { milliseconds.max(1.0) } else { milliseconds };
    let exact = Duration::try_from_secs_f64(milliseconds / 1000.0).ok()?;
    let rounded = exact.checked_add(Duration::from_micros(500))?.as_millis();
    let res = Duration::from_millis(u64::try_from(rounded).ok()?);
    if res <= LONGEST { Some(res) } else { None }
}

/// Writes whole milliseconds so that they are read back, in the largest unit that holds them.
pub fn written(duration: Duration) -> String {
    let milliseconds = duration.as_millis();
    let whole = |unit: &&(&str, u32)| milliseconds.is_multiple_of(u128::from(unit.1));
    match UNITS.iter().find(whole) {
        Some((unit, factor)) if milliseconds != 0 => {
            format!("{}{unit}", milliseconds / u128::from(*factor))
        }
        Some(_) | None => "0".to_owned(),
    }
}

/// Formats an elapsed time for people, as precisely as matters.
pub fn shown(duration: Duration) -> String {
    let (seconds, milliseconds) = (duration.as_secs(), duration.as_millis());
    match seconds {
        0 => format!("{milliseconds} ms"),
        1..10 => {
            let tenths = (milliseconds + 50) / 100;
            match tenths % 10 {
                0 => format!("{} s", tenths / 10),
                rest => format!("{}.{rest} s", tenths / 10),
            }
        }
        10..120 => format!("{} s", (milliseconds + 500) / 1000),
        120..7200 => format!("{} min", (seconds + 30) / 60),
        _ => format!("{} h", (seconds + 1800) / 3600),
    }
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
            ("10min", 600_000),
            ("1h", 3_600_000),
            ("90", 90_000),
            ("1.5", 1_500),
            ("1.1", 1_100),
            ("0.29 s", 290),
            ("0", 0),
            ("0.0ms", 0),
            ("0.2ms", 1),
            (" 10 s ", 10_000),
        ];
        for (text, milliseconds) in cases {
            assert_eq!(parse(text), Some(Duration::from_millis(milliseconds)), "{text}");
        }
        for text in [
            "", "s", "-1", "+1", "1d", "1 2", "1e9", "inf", "nan", "1.2.3", "99999h", ".", "1 mins",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn people_are_shown_no_more_digits_than_matter() {
        let cases = [
            (0, "0 ms"),
            (999_999, "999 ms"),
            (1_000_000, "1 s"),
            (5_000_721, "5 s"),
            (5_149_000, "5.1 s"),
            (9_990_000, "10 s"),
            (60_000_500, "60 s"),
            (600_000_000, "10 min"),
            (10_800_000_000, "3 h"),
        ];
        for (microseconds, text) in cases {
            assert_eq!(shown(Duration::from_micros(microseconds)), text);
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let cases = [
            (0, "0"),
            (1, "1ms"),
            (1_500, "1500ms"),
            (5_000, "5s"),
            (90_000, "90s"),
            (600_000, "10min"),
            (7_200_000, "2h"),
        ];
        for (milliseconds, text) in cases {
            let duration = Duration::from_millis(milliseconds);
            assert_eq!(written(duration), text);
            assert_eq!(parse(text), Some(duration));
        }
    }
}
