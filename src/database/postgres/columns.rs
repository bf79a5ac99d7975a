//! The types of a result's columns.
//!
//! The simple protocol describes the columns of its rows with their types. Preparing the statement
//! would return them too, but at the price of two round trips and of a prepared statement, which
//! transaction poolers lose.

use std::collections::HashMap;

use fallible_iterator::FallibleIterator as _;
use postgres_protocol::message::backend::{Field, RowDescriptionBody};
use postgres_types::{Kind, Type};

use crate::database::postgres::array;
use crate::database::value::Meaning;
use crate::database::{Column, Row, Value};

/// A column as described by the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Described {
    name: String,
    oid: u32,
}

/// A type that is defined in the database: an enumeration, one of an extension, an array of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Foreign {
    pub(super) name: String,
    pub(super) is_array: bool,
}

/// How the texts of a column are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Value(Meaning),
    Array(Meaning),
}

/// Parses the descriptions of columns, as far as they are valid.
pub(super) fn read(body: &RowDescriptionBody) -> Vec<Described> {
    let described = |it: Field<'_>| Described { name: it.name().to_owned(), oid: it.type_oid() };
    body.fields().map(|field| Ok(described(field))).collect().unwrap_or_default()
}

/// Returns the number of changed rows of a command tag.
pub(super) fn changed(tag: &str) -> u64 {
    let mut words = tag.split(' ');
    match words.next() {
        Some("INSERT" | "UPDATE" | "DELETE" | "MERGE" | "COPY") => {
            words.next_back().and_then(|count| count.parse().ok()).unwrap_or_default()
        }
        Some(_) | None => 0,
    }
}

/// Returns the types that have to be looked up in the database.
pub(super) fn foreign(columns: &[Described], known: &HashMap<u32, Foreign>) -> Vec<u32> {
    let oids = columns.iter().map(|it| it.oid);
    oids.filter(|oid| Type::from_oid(*oid).is_none() && !known.contains_key(oid)).collect()
}

/// Makes typed columns and rows.
pub(super) fn typed(
    described: &[Described],
    rows: Vec<Row>,
    known: &HashMap<u32, Foreign>,
) -> (Vec<Column>, Vec<Vec<Value>>) {
    let (columns, shapes): (Vec<Column>, Vec<Shape>) = described
        .iter()
        .map(|it| {
            let (type_name, shape) = shape(it.oid, known);
            (Column { name: it.name.clone(), type_name }, shape)
        })
        .unzip();
    let value = |(text, shape): (Option<String>, &Shape)| match (text, shape) {
        (None, _) => Value::Null,
        (Some(text), Shape::Value(Meaning::Blob)) => {
            bytes(&text).map_or(Value::Text(text), Value::Blob)
        }
        (Some(text), Shape::Value(meaning)) => Value::read(&text, *meaning),
        (Some(text), Shape::Array(meaning)) => {
            Value::Text(array::json(&text, *meaning).unwrap_or(text))
        }
    };
    let rows = rows.into_iter().map(|row| row.into_iter().zip(&shapes).map(value).collect());
    let rows = rows.collect();
    (columns, rows)
}

fn shape(oid: u32, known: &HashMap<u32, Foreign>) -> (String, Shape) {
    let Some(own) = Type::from_oid(oid) else {
        let Some(foreign) = known.get(&oid) else {
            return (String::new(), Shape::Value(Meaning::Text));
        };
        let text = Meaning::Text;
        let shape = if foreign.is_array { Shape::Array(text) } else { Shape::Value(text) };
        return (foreign.name.clone(), shape);
    };
    if let Kind::Array(element) = own.kind() {
        // These are lists by another name, and no arrays to look at.
        if !matches!(own, Type::INT2_VECTOR | Type::OID_VECTOR) {
            return (format!("{}[]", element.name()), Shape::Array(meaning(element)));
        }
    }
    (own.name().to_owned(), Shape::Value(meaning(&own)))
}

fn meaning(own: &Type) -> Meaning {
    match *own {
        Type::BOOL => Meaning::Boolean,
        Type::INT2 | Type::INT4 | Type::INT8 | Type::OID => Meaning::Integer,
        Type::FLOAT4 | Type::FLOAT8 => Meaning::Real,
        Type::NUMERIC => Meaning::Decimal,
        Type::BYTEA => Meaning::Blob,
        Type::TIMESTAMP | Type::TIME => Meaning::Time,
        _ => Meaning::Text,
    }
}

/// Parses bytes in either format of `bytea_output`.
fn bytes(text: &str) -> Option<Vec<u8>> {
    if let Some(digits) = text.strip_prefix("\\x") {
        let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|it| u8::try_from(it).ok());
        let pair = |pair: &[u8]| match *pair {
            [high, low] => Some(digit(high)? << 4 | digit(low)?),
            _ => None,
        };
        return digits.as_bytes().chunks(2).map(pair).collect();
    }
    let mut res = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        rest = match (first, after) {
            (b'\\', [b'\\', after @ ..]) => {
                res.push(b'\\');
                after
            }
            (b'\\', [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', after @ ..]) => {
                res.push((a - b'0') << 6 | (b - b'0') << 3 | (c - b'0'));
                after
            }
            (b'\\', _) => return None,
            (byte, after) => {
                res.push(byte);
                after
            }
        };
    }
    Some(res)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_changes_are_counted() {
        for (tag, wanted) in
            [("INSERT 0 5", 5), ("UPDATE 12", 12), ("SELECT 7", 0), ("CREATE TABLE", 0), ("", 0)]
        {
            assert_eq!(changed(tag), wanted);
        }
    }

    #[test]
    fn bytes_are_read_in_both_forms() {
        assert_eq!(bytes("\\x0aFf"), Some(vec![10, 255]));
        assert_eq!(bytes("\\x0"), None);
        assert_eq!(bytes("a\\\\b\\012\\377"), Some(vec![b'a', b'\\', b'b', 10, 255]));
        assert_eq!(bytes("\\9"), None);
    }
}
