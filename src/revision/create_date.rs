//! When a revision was made, as its head says it.

use std::cmp::Ordering;
use std::fmt;

/// A date as it is written in a head; empty if none is.
///
/// A graph holds thousands of them, most in the form that we write: two digits fit into a byte, and
/// no memory elsewhere is needed.
#[derive(Clone, PartialEq, Eq)]
pub struct CreateDate(Written);

#[derive(Clone, PartialEq, Eq)]
enum Written {
    /// `2026-01-31T23:59:59Z`: its digits by two.
    Usual([u8; 7]),
    Other(Box<str>),
}

/// Where the pairs of digits stand in the usual form.
const PAIRS: [usize; 7] = [0, 2, 5, 8, 11, 14, 17];

/// What stands between them.
const MARKS: [(usize, u8); 6] =
    [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':'), (19, b'Z')];

impl CreateDate {
    fn usual(text: &str) -> Option<[u8; 7]> {
        let bytes: &[u8; 20] = text.as_bytes().try_into().ok()?;
        if MARKS.iter().any(|(at, mark)| bytes[*at] != *mark) {
            return None;
        }
        let mut res = [0; 7];
        for (to, at) in res.iter_mut().zip(PAIRS) {
            let digit = |at: usize| bytes[at].is_ascii_digit().then(|| bytes[at] - b'0');
            *to = digit(at)? * 10 + digit(at + 1)?;
        }
        Some(res)
    }
}

impl From<&str> for CreateDate {
    fn from(text: &str) -> Self {
        Self(Self::usual(text).map_or_else(|| Written::Other(text.into()), Written::Usual))
    }
}

impl From<String> for CreateDate {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl Default for CreateDate {
    fn default() -> Self {
        Self(Written::Other(Box::default()))
    }
}

impl fmt::Display for CreateDate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Written::Usual([century, year, month, day, hour, minute, second]) => write!(
                formatter,
                "{century:02}{year:02}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"
            ),
            Written::Other(text) => formatter.write_str(text),
        }
    }
}

impl fmt::Debug for CreateDate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.to_string(), formatter)
    }
}

/// By the text.
impl Ord for CreateDate {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (Written::Usual(one), Written::Usual(other)) => one.cmp(other),
            (Written::Other(one), Written::Other(other)) => one.cmp(other),
            _ => self.to_string().cmp(&other.to_string()),
        }
    }
}

impl PartialOrd for CreateDate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXTS: [&str; 11] = [
        "",
        "2026-01-31T23:59:59Z",
        "2026-01-31T23:59:58Z",
        "0000-00-00T00:00:00Z",
        "9999-99-99T99:99:99Z",
        "2026-01-31 23:59:59Z",
        "2026-01-31T23:59:59z",
        "2026-01-31T23:59:59+01:00",
        "2026-01-31T23:59:5aZ",
        "yesterday",
        "2026-01-31T23:59:5\u{663}",
    ];

    #[test]
    fn it_stays_as_it_is_written_and_is_sorted_by_its_text() {
        for text in TEXTS {
            assert_eq!(CreateDate::from(text).to_string(), text);
            for other in TEXTS {
                let order = CreateDate::from(text).cmp(&CreateDate::from(other));
                assert_eq!(order, text.cmp(other), "{text} {other}");
            }
        }
    }

    #[test]
    fn the_usual_form_needs_no_memory_elsewhere() {
        assert!(matches!(CreateDate::from(TEXTS[1]).0, Written::Usual(_)));
        assert_eq!(size_of::<CreateDate>(), size_of::<Box<str>>());
    }
}
