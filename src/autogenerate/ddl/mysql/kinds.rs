//! Families of types: which values turn into others, and what a row gets that says nothing.

use crate::catalog::{Attribute, Catalog, NOT_NULL, Object, TYPE};
use crate::inspect::mysql::attributes::{
    AUTO_INCREMENT, CHARACTER_SET, COLLATION, COLUMN_CHECK, DEFAULT, OPTIONS,
};
use crate::sql::{Dialect, Lexer};

/// The families of types between which the server turns no values, but for texts, which turn into all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Text,
    Number,
    Shape,
    /// An address or a UUID: each type is a family.
    Alone(&'static str),
}

const SHAPES: [&str; 9] = [
    "geometry",
    "point",
    "linestring",
    "polygon",
    "multipoint",
    "multilinestring",
    "multipolygon",
    "geometrycollection",
    "geomcollection",
];

const TEXTS: [&str; 16] = [
    "char",
    "varchar",
    "tinytext",
    "text",
    "mediumtext",
    "longtext",
    "binary",
    "varbinary",
    "tinyblob",
    "blob",
    "mediumblob",
    "longblob",
    "enum",
    "set",
    "json",
    "vector",
];

const ALONE: [&str; 4] = ["inet4", "inet6", "uuid", "xmltype"];

/// Returns the first word of a column's type, in lower case.
pub(super) fn word(column: &Object) -> String {
    let text = column.written(TYPE);
    let end = text.find(|it: char| !it.is_alphanumeric() && it != '_').unwrap_or(text.len());
    text.get(..end).unwrap_or_default().to_ascii_lowercase()
}

/// Tells whether a column is one of JSON: MariaDB knows it by its check.
pub(super) fn is_json(column: &Object) -> bool {
    word(column) == "json" || column.written(COLUMN_CHECK).contains("json_valid")
}

fn family(column: &Object) -> Family {
    let word = word(column);
    if TEXTS.contains(&word.as_str()) {
        return Family::Text;
    }
    if SHAPES.contains(&word.as_str()) {
        return Family::Shape;
    }
    let alone = ALONE.iter().find(|it| **it == word);
    alone.map_or(Family::Number, |it| Family::Alone(it))
}

/// Tells whether a column holds texts, or bytes.
pub(super) fn is_text(column: &Object) -> bool {
    family(column) == Family::Text
}

/// Returns the character set and the collation of a column, said by itself or by its table; none if it
/// holds no letters.
pub(super) fn letters(catalog: &Catalog, column: &Object) -> Option<[String; 2]> {
    const LETTERS: [&str; 8] =
        ["char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "set"];
    if !LETTERS.contains(&word(column).as_str()) {
        return None;
    }
    let table = column.parent.as_ref().and_then(|it| catalog.get(it))?;
    let of_table = |name: &str| {
        let options = table.list(OPTIONS).iter();
        options.filter_map(|it| it.split_once('=')).find(|it| it.0 == name).map_or("", |it| it.1)
    };
    let one = |own: Attribute, name: &str| {
        let own = column.written(own);
        if own.is_empty() { of_table(name).to_owned() } else { own.to_owned() }
    };
    Some([one(CHARACTER_SET, "CHARSET"), one(COLLATION, "COLLATE")])
}

/// Tells whether some version of the server refuses to turn the values of a column into those of another
/// type, whatever they are.
pub(super) fn may_be_cast(old: &Object, new: &Object) -> bool {
    let (from, to) = (family(old), family(new));
    from == to || from == Family::Text || to == Family::Text
}

/// Returns the value that existing rows get in a new column that has no default and takes no NULL; none
/// if the type has none.
pub(super) fn implicit(column: &Object) -> Option<String> {
    let is_required = column.says(NOT_NULL) && !column.says(AUTO_INCREMENT);
    if !is_required || column.says(DEFAULT) || is_json(column) {
        return None;
    }
    let word = word(column);
    Some(match word.as_str() {
        "enum" => {
            let tokens = Lexer::new(column.written(TYPE), Dialect::MySql).map_while(Result::ok);
            tokens.into_iter().find(|it| it.text.starts_with('\''))?.text.to_owned()
        }
        "date" => "'0000-00-00'".to_owned(),
        "datetime" | "timestamp" => "'0000-00-00 00:00:00'".to_owned(),
        "time" => "'00:00:00'".to_owned(),
        "uuid" => "'00000000-0000-0000-0000-000000000000'".to_owned(),
        "inet4" => "'0.0.0.0'".to_owned(),
        "inet6" => "'::'".to_owned(),
        _ => match family(column) {
            Family::Text => "''".to_owned(),
            Family::Number => "0".to_owned(),
            Family::Shape | Family::Alone(_) => return None,
        },
    })
}

/// Tells whether a new column has no sensible value for rows that are there: the server makes up a date
/// that there isn't, or refuses.
pub(super) fn has_no_value(column: &Object) -> bool {
    let is_date = ["date", "datetime", "timestamp"].contains(&word(column).as_str());
    column.says(NOT_NULL)
        && !column.says(DEFAULT)
        && !column.says(AUTO_INCREMENT)
        && (is_date || implicit(column).is_none())
}
