//! Results of statements with columns and types.
//!
//! Migrations need only texts ([`Connection::query`](crate::database::Connection::query)); this is
//! for people and programs that look at data, who expect the same data to look the same on every
//! database.

use std::fmt;

use crate::sql::hex;

/// The result of a statement: a set of rows, or the number of changed rows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Answer {
    /// The columns; none if the statement returns no rows.
    pub columns: Vec<Column>,
    /// The rows, each with one value per column.
    pub rows: Vec<Vec<Value>>,
    /// The number of rows that were inserted, updated or deleted.
    pub changed: u64,
}

/// A column of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The name, which need not be unique.
    pub name: String,
    /// The name of the type in the database; empty if unknown.
    pub type_name: String,
}

/// A value by its type, independent of a database's notation.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// The SQL value NULL, of any type.
    Null,
    /// A truth value, true or false.
    Boolean(bool),
    /// A whole number of any width.
    Integer(i128),
    /// A binary floating-point number.
    Real(f64),
    /// A decimal number, as the database writes it.
    Decimal(String),
    /// A text; times, JSON and other types without a variant are texts too.
    Text(String),
    /// A binary string of bytes.
    Blob(Vec<u8>),
}

/// How a driver's text of a value is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(
    not(any(feature = "postgres", feature = "mysql")),
    expect(dead_code, reason = "SQLite's values are typed by themselves")
)]
pub(super) enum Meaning {
    Boolean,
    Integer,
    Real,
    Decimal,
    Time,
    Text,
    Blob,
}

impl Value {
    /// Tells whether the value is a number.
    pub fn is_number(&self) -> bool {
        matches!(self, Self::Integer(_) | Self::Real(_) | Self::Decimal(_))
    }

    /// Reads a text by its type; text that can't be read stays a text.
    #[cfg(any(feature = "postgres", feature = "mysql"))]
    pub(super) fn read(text: &str, meaning: Meaning) -> Self {
        let as_text = || Self::Text(text.to_owned());
        match meaning {
            Meaning::Boolean => match text {
                "t" | "1" => Self::Boolean(true),
                "f" | "0" => Self::Boolean(false),
                other => Self::read(other, Meaning::Integer),
            },
            Meaning::Integer => text.parse().map_or_else(|_| as_text(), Self::Integer),
            Meaning::Real => text.parse().map_or_else(|_| as_text(), Self::Real),
            Meaning::Decimal => Self::Decimal(text.to_owned()),
            Meaning::Time => Self::Text(without_zeros(text).to_owned()),
            Meaning::Text | Meaning::Blob => as_text(),
        }
    }
}

/// Strips trailing zeros from a fraction of a second: databases differ in how many they write.
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql", test))]
pub(super) fn without_zeros(time: &str) -> &str {
    match time.rsplit_once('.') {
        Some((before, digits))
            if before.contains(':') && digits.bytes().all(|it| it.is_ascii_digit()) =>
        {
            let kept = digits.trim_end_matches('0').len();
            let end = if kept == 0 { before.len() } else { before.len() + 1 + kept };
            time.get(..end).unwrap_or(time)
        }
        Some(_) | None => time,
    }
}

/// Writes the value in one notation for all databases: `true`, `1.0`, `x'0aff'`, `NULL`.
impl fmt::Display for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => formatter.write_str("NULL"),
            Self::Boolean(value) => write!(formatter, "{value}"),
            Self::Integer(value) => write!(formatter, "{value}"),
            Self::Real(value) => formatter.write_str(&digits(*value)),
            Self::Decimal(text) | Self::Text(text) => formatter.write_str(text),
            Self::Blob(bytes) => write!(formatter, "x'{}'", hex(bytes)),
        }
    }
}

/// Writes the fewest digits that read back as the same number, always with a point.
fn digits(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "Infinity".to_owned() } else { "-Infinity".to_owned() };
    }
    let text = format!("{value:?}");
    match text.split_once('e') {
        Some((number, exponent)) if !number.contains('.') => format!("{number}.0e{exponent}"),
        Some(_) | None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_shown_as_they_are_and_reals_have_a_point() {
        let cases = [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (0.1 + 0.2, "0.30000000000000004"),
            (1e300, "1.0e300"),
            (1.5e-10, "1.5e-10"),
            (f64::INFINITY, "Infinity"),
            (f64::NEG_INFINITY, "-Infinity"),
            (f64::NAN, "NaN"),
        ];
        for (number, wanted) in cases {
            assert_eq!(Value::Real(number).to_string(), wanted);
        }
        assert_eq!(Value::Null.to_string(), "NULL");
        assert_eq!(Value::Boolean(true).to_string(), "true");
        assert_eq!(Value::Integer(i128::from(u64::MAX)).to_string(), "18446744073709551615");
        assert_eq!(Value::Blob(vec![10, 255]).to_string(), "x'0aff'");
    }

    #[test]
    fn times_lose_only_the_zeros_of_a_fraction() {
        let cases = [
            ("2026-11-23 10:15:00", "2026-11-23 10:15:00"),
            ("2026-11-23 10:15:00.500000", "2026-11-23 10:15:00.5"),
            ("10:15:00.000", "10:15:00"),
            ("10:15:00.50+00", "10:15:00.50+00"),
            ("20.10", "20.10"),
        ];
        for (text, wanted) in cases {
            assert_eq!(without_zeros(text), wanted);
        }
    }
}
