//! The descriptions of columns before rows, and the conversion of a row's texts.

use crate::database::mysql::wire::Fields;
use crate::database::value::Meaning;
use crate::database::{Column, Value};

/// The character set of binary data.
const BINARY: u64 = 63;
/// The flag of unsigned numbers.
const UNSIGNED: u64 = 1 << 5;
/// The flags of ENUM and SET.
const ENUM: u64 = 1 << 8;
const SET: u64 = 1 << 11;

/// A column as described by the server.
pub(super) struct Described {
    pub(super) column: Column,
    meaning: Meaning,
}

impl Described {
    pub(super) fn read(packet: &[u8]) -> Option<Self> {
        let mut fields = Fields(packet);
        // Catalog, schema, table, and the table's own name.
        for _ in 0..4 {
            fields.text()?;
        }
        let name = String::from_utf8_lossy(fields.text()?).into_owned();
        fields.text()?;
        fields.packed()?;
        let (charset, length) = (fields.number(2)?, fields.number(4)?);
        let (kind, flags) = (fields.byte()?, fields.number(2)?);
        let (type_name, meaning) = describe(kind, charset == BINARY, length, flags);
        Some(Self { column: Column { name, type_name }, meaning })
    }

    /// Converts a field of a row to a value.
    fn value(&self, bytes: &[u8]) -> Value {
        match (self.meaning, std::str::from_utf8(bytes)) {
            (Meaning::Blob, _) | (_, Err(_)) => Value::Blob(bytes.to_vec()),
            (meaning, Ok(text)) => Value::read(text, meaning),
        }
    }
}

/// Parses a row by its columns.
pub(super) fn values(packet: &[u8], columns: &[Described]) -> Option<Vec<Value>> {
    let mut fields = Fields(packet);
    let mut row = Vec::with_capacity(columns.len());
    for column in columns {
        row.push(if fields.0.first() == Some(&0xfb) {
            fields.byte()?;
            Value::Null
        } else {
            column.value(fields.text()?)
        });
    }
    Some(row)
}

/// Returns the name and the meaning of a type (`enum_field_types` of the protocol).
fn describe(kind: u8, is_binary: bool, length: u64, flags: u64) -> (String, Meaning) {
    let is_unsigned = flags & UNSIGNED != 0;
    let number =
        |name: &str| if is_unsigned { format!("{name} unsigned") } else { name.to_owned() };
    let text = |text: &str, bytes: &str| {
        if flags & ENUM != 0 {
            ("enum".to_owned(), Meaning::Text)
        } else if flags & SET != 0 {
            ("set".to_owned(), Meaning::Text)
        } else if is_binary {
            (bytes.to_owned(), Meaning::Blob)
        } else {
            (text.to_owned(), Meaning::Text)
        }
    };
    match kind {
        // BOOLEAN is a synonym (section 11.1.1 of MySQL's manual).
        1 if length == 1 => ("boolean".to_owned(), Meaning::Boolean),
        1 => (number("tinyint"), Meaning::Integer),
        2 => (number("smallint"), Meaning::Integer),
        3 => (number("int"), Meaning::Integer),
        8 => (number("bigint"), Meaning::Integer),
        9 => (number("mediumint"), Meaning::Integer),
        13 => ("year".to_owned(), Meaning::Integer),
        4 => ("float".to_owned(), Meaning::Real),
        5 => ("double".to_owned(), Meaning::Real),
        0 | 246 => ("decimal".to_owned(), Meaning::Decimal),
        6 => (String::new(), Meaning::Text),
        7 => ("timestamp".to_owned(), Meaning::Time),
        12 => ("datetime".to_owned(), Meaning::Time),
        10 | 14 => ("date".to_owned(), Meaning::Text),
        11 => ("time".to_owned(), Meaning::Time),
        16 => ("bit".to_owned(), Meaning::Blob),
        245 => ("json".to_owned(), Meaning::Text),
        247 => ("enum".to_owned(), Meaning::Text),
        248 => ("set".to_owned(), Meaning::Text),
        249..=252 => text("text", "blob"),
        254 => text("char", "binary"),
        255 => ("geometry".to_owned(), Meaning::Blob),
        _ => text("varchar", "varbinary"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_that_ends_too_early_is_none() {
        let packet = b"\x03def\x00\x00\x00\x01a\x00\x0c\x3f\x00\x01\x00\x00\x00\x01\x00\x00\x00";
        let described = Described::read(packet).unwrap();
        assert_eq!((&*described.column.name, &*described.column.type_name), ("a", "boolean"));
        assert_eq!(described.value(b"1"), Value::Boolean(true));
        assert_eq!(described.value(b"7"), Value::Integer(7));
        for length in 0..packet.len() - 3 {
            assert!(Described::read(&packet[..length]).is_none(), "{length} bytes");
        }
    }

    #[test]
    fn rows_are_read_by_their_columns() {
        let column = |meaning| Described {
            column: Column { name: String::new(), type_name: String::new() },
            meaning,
        };
        let columns = [column(Meaning::Integer), column(Meaning::Blob), column(Meaning::Text)];
        let row = values(b"\x0218\x02\x00\xff\xfb", &columns).unwrap();
        assert_eq!(row, [Value::Integer(18), Value::Blob(vec![0, 255]), Value::Null]);
        assert_eq!(values(b"\x0218", &columns), None);
    }
}
