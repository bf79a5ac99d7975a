//! Results of SQLite with types: by the storage class of a value and the declared type of its
//! column.

use rusqlite::Connection as Driver;
use rusqlite::types::ValueRef;

use crate::database::value::without_zeros;
use crate::database::{Answer, Column, Interrupter, Value};
use crate::sql::{Dialect, Lexer, Token};

/// The affinity of a column's declared type.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Declared {
    Boolean,
    Time,
    Other,
}

impl Declared {
    fn of(declaration: &str) -> Self {
        let name = declaration.split('(').next().unwrap_or_default().trim().to_ascii_lowercase();
        match name.as_str() {
            "bool" | "boolean" => Self::Boolean,
            "datetime" | "time" | "timestamp" => Self::Time,
            _ => Self::Other,
        }
    }

    fn value(self, value: ValueRef<'_>) -> Value {
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        match value {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(number @ (0 | 1)) if self == Self::Boolean => {
                Value::Boolean(number == 1)
            }
            ValueRef::Integer(number) => Value::Integer(i128::from(number)),
            ValueRef::Real(number) => Value::Real(number),
            ValueRef::Text(bytes) if self == Self::Time => {
                Value::Text(without_zeros(&text(bytes)).to_owned())
            }
            ValueRef::Text(bytes) => Value::Text(text(bytes)),
            ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
        }
    }
}

/// The number of virtual machine steps between two checks for an interrupt.
const STEPS: i32 = 10_000;

/// Makes later statements check for an interrupt while they run: one that comes just before a
/// statement begins stops nothing (sqlite.org/c3ref/interrupt.html).
pub(super) fn stoppable(driver: &mut Driver, interrupter: &Interrupter) -> rusqlite::Result<()> {
    let interrupter = interrupter.clone();
    driver.progress_handler(STEPS, Some(move || interrupter.is_interrupted()))
}

/// Tells whether a statement that may write also returns rows.
fn is_answered(statement: &str) -> bool {
    let mut tokens = Lexer::new(statement, Dialect::Sqlite).map_while(Result::ok);
    let is_asked =
        |first: Token<'_>| first.is_one_of(&["SELECT", "VALUES", "WITH", "PRAGMA", "EXPLAIN"]);
    tokens.next().is_some_and(is_asked) || tokens.any(|token| token.is_word("RETURNING"))
}

pub(super) fn answer(driver: &Driver, statement: &str) -> rusqlite::Result<Answer> {
    let before = driver.total_changes();
    // Prepared alone: a second statement after it is an error, not a silent drop.
    let mut prepared = driver.prepare(statement)?;
    // SQLite's internal queries, as of ALTER TABLE, are not answers.
    let answers = prepared.readonly() || is_answered(statement);
    let mut columns: Vec<Column> = prepared
        .columns()
        .map(|column| Column {
            name: column.name().to_owned(),
            type_name: column.decl_type().unwrap_or_default().to_owned(),
        })
        .collect();
    let declared: Vec<Declared> = columns.iter().map(|it| Declared::of(&it.type_name)).collect();
    let mut rows = Vec::new();
    let mut found = prepared.raw_query();
    while let Some(row) = found.next()? {
        let mut values = Vec::with_capacity(columns.len());
        for (at, column) in columns.iter_mut().enumerate() {
            let value = row.get_ref(at)?;
            // An expression has no declared type, but a value has a storage class.
            if column.type_name.is_empty() && value != ValueRef::Null {
                column.type_name = value.data_type().to_string().to_ascii_lowercase();
            }
            values.push(declared.get(at).map_or(Value::Null, |it| it.value(value)));
        }
        rows.push(values);
    }
    if !answers {
        (columns, rows) = (Vec::new(), Vec::new());
    }
    drop(found);
    drop(prepared);
    // The number of rows is that of the last statement that changed any.
    let changed = if driver.total_changes() == before { 0 } else { driver.changes() };
    Ok(Answer { columns, rows, changed })
}
