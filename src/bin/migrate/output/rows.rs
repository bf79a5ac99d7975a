//! The formats of results: a table, a list, CSV, a line for each column, or a document.

use comfy_table::{Attribute, Cell, CellAlignment, ContentArrangement, Table, presets};
use limbeck::database::{Answer, Value};
use limbeck::ops::Outcome;
use limbeck::runner::milliseconds;
use limbeck::sql::hex;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use unicode_width::UnicodeWidthStr as _;

use crate::output::table::plain_borders;

/// NULL is dimmed where there are colors.
const DIM: anstyle::Style = anstyle::Style::new().dimmed();

/// A format of results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Table,
    /// A line for each row, with `|` between values.
    List,
    /// A document for each statement.
    Json,
    /// Comma-separated values (RFC 4180).
    Csv,
    /// A line for each column.
    Expanded,
}

impl Mode {
    pub(crate) const NAMES: [(&'static str, Self); 6] = [
        ("table", Self::Table),
        ("list", Self::List),
        ("json", Self::Json),
        ("csv", Self::Csv),
        ("expanded", Self::Expanded),
        // The name that it has in the shell of SQLite.
        ("line", Self::Expanded),
    ];

    pub(crate) fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, mode)| *mode == self).map_or("", |(name, _)| name)
    }
}

/// Writes a result, each line terminated; `headers` shows the columns' names.
pub(super) fn render(answer: &Answer, mode: Mode, headers: bool) -> String {
    match mode {
        Mode::Table | Mode::Json => table(answer, headers),
        Mode::List => list(answer, headers),
        Mode::Csv => csv(answer, headers),
        Mode::Expanded => expanded(answer),
    }
}

/// Makes control characters visible: foreign values can't control a terminal or hide themselves.
pub(super) fn harmless(text: &str) -> String {
    let escape = |c: char| {
        // Characters that change the direction of writing, or have no width.
        let hides = matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{ad}');
        let shown = |c: char| {
            if hides { c.escape_unicode().to_string() } else { c.escape_default().to_string() }
        };
        if c.is_control() || hides { shown(c) } else { c.to_string() }
    };
    text.chars().map(escape).collect()
}

/// Writes a value for a person; the text `NULL` is quoted, unlike the value.
fn shown(value: &Value) -> String {
    match value {
        Value::Text(text) if text == "NULL" => "'NULL'".to_owned(),
        value => harmless(&value.to_string()),
    }
}

fn styled(value: &Value) -> String {
    let text = shown(value);
    if *value == Value::Null { format!("{DIM}{text}{DIM:#}") } else { text }
}

fn table(answer: &Answer, headers: bool) -> String {
    let mut table = Table::new();
    // Styled always: the stream takes the colors out where none are wanted.
    table.enforce_styling();
    table.load_style(plain_borders(presets::ASCII_FULL_CONDENSED));
    table.set_content_arrangement(ContentArrangement::Dynamic);
    if headers {
        table.set_header(answer.columns.iter().map(|column| harmless(&column.name)));
    }
    for row in &answer.rows {
        table.add_row(row.iter().map(|value| {
            let cell = Cell::new(shown(value));
            match value {
                Value::Null => cell.add_attribute(Attribute::Dim),
                value if value.is_number() => cell.set_alignment(CellAlignment::Right),
                _ => cell,
            }
        }));
    }
    if !headers && answer.rows.is_empty() {
        return String::new();
    }
    lines(table.lines())
}

fn list(answer: &Answer, headers: bool) -> String {
    let names = || answer.columns.iter().map(|column| harmless(&column.name));
    let header = headers.then(|| names().collect::<Vec<_>>().join("|"));
    let row = |row: &Vec<Value>| row.iter().map(styled).collect::<Vec<_>>().join("|");
    lines(header.into_iter().chain(answer.rows.iter().map(row)))
}

/// Writes the text verbatim, for a program: NULL is an empty field, and an empty text is quoted.
fn csv(answer: &Answer, headers: bool) -> String {
    let quoted = |text: &str| {
        let is_plain = !text.is_empty() && !text.contains([',', '"', '\n', '\r']);
        if is_plain { text.to_owned() } else { format!("\"{}\"", text.replace('"', "\"\"")) }
    };
    let field = |value: &Value| match value {
        Value::Null => String::new(),
        value => quoted(&value.to_string()),
    };
    let names = || answer.columns.iter().map(|column| quoted(&column.name));
    let header = headers.then(|| names().collect::<Vec<_>>().join(","));
    let row = |row: &Vec<Value>| row.iter().map(field).collect::<Vec<_>>().join(",");
    lines(header.into_iter().chain(answer.rows.iter().map(row)))
}

fn expanded(answer: &Answer) -> String {
    let names: Vec<String> = answer.columns.iter().map(|it| harmless(&it.name)).collect();
    let width = names.iter().map(|name| name.width()).max().unwrap_or_default();
    let line = |(name, value): (&String, &Value)| {
        let text = format!("{name} = {}", styled(value));
        format!("{}{}\n", " ".repeat(width.saturating_sub(name.width())), text.trim_end())
    };
    let row = |row: &Vec<Value>| names.iter().zip(row).map(line).collect::<String>();
    answer.rows.iter().map(row).collect::<Vec<_>>().join("\n")
}

fn lines(lines: impl Iterator<Item = String>) -> String {
    lines.map(|line| line.trim_end().to_owned() + "\n").collect()
}

/// The part of the document for a statement.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Document {
    columns: Vec<Column>,
    rows: Vec<Vec<Json>>,
    changed: u64,
    duration_ms: u64,
}

#[derive(Debug, Clone, Serialize)]
struct Column {
    name: String,
    #[serde(rename = "type")]
    type_name: String,
}

#[derive(Debug, Clone)]
struct Json(Value);

impl Document {
    /// Makes the parts of a statement: one, unless a procedure returned several sets of rows.
    pub(super) fn of(outcome: Outcome) -> impl Iterator<Item = Self> {
        let duration_ms = milliseconds(outcome.duration);
        outcome.answers.into_iter().map(move |answer| Self {
            columns: answer
                .columns
                .into_iter()
                .map(|it| Column { name: it.name, type_name: it.type_name })
                .collect(),
            rows: answer.rows.into_iter().map(|row| row.into_iter().map(Json).collect()).collect(),
            changed: answer.changed,
            duration_ms,
        })
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Value::Null => serializer.serialize_none(),
            Value::Boolean(value) => serializer.serialize_bool(*value),
            Value::Integer(value) => serializer.serialize_i128(*value),
            Value::Text(text) => serializer.serialize_str(text),
            Value::Blob(bytes) => serializer.serialize_str(&hex(bytes)),
            // All digits are kept; numbers that JSON can't represent are texts.
            value @ (Value::Real(_) | Value::Decimal(_)) => {
                match RawValue::from_string(value.to_string()) {
                    Ok(number) => number.serialize(serializer),
                    Err(_) => serializer.serialize_str(&value.to_string()),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_a_document_keep_their_digits() {
        let json = |value| serde_json::to_string(&Json(value)).unwrap();
        assert_eq!(json(Value::Integer(9_007_199_254_740_993)), "9007199254740993");
        assert_eq!(json(Value::Integer(u64::MAX.into())), "18446744073709551615");
        assert_eq!(json(Value::Real(1.0)), "1.0");
        assert_eq!(json(Value::Real(f64::NAN)), "\"NaN\"");
        assert_eq!(json(Value::Decimal("-0.50".to_owned())), "-0.50");
        assert_eq!(json(Value::Decimal("NaN".to_owned())), "\"NaN\"");
        assert_eq!(json(Value::Text("1\u{1b}".to_owned())), "\"1\\u001b\"");
        assert_eq!(json(Value::Blob(vec![10, 255])), "\"0aff\"");
    }

    #[test]
    fn nothing_a_terminal_obeys_is_left() {
        assert_eq!(harmless("a\u{1b}[2Jb\r\n\t\u{9b}"), "a\\u{1b}[2Jb\\r\\n\\t\\u{9b}");
        assert_eq!(harmless("\u{202e}ü\u{200b}日本"), "\\u{202e}ü\\u{200b}日本");
    }
}
