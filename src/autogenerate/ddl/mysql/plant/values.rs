//! Awkward values of every type, as expressions.

use crate::autogenerate::ddl::found::Literals;
use crate::autogenerate::ddl::mysql::kinds;
use crate::catalog::{Object, TYPE};
use crate::sql::{Dialect, quote_literal};

/// The most letters of an awkward text.
const LONG: usize = 3000;

/// The type of a column, taken apart.
pub(super) struct Type<'a> {
    /// The first word, in lower case.
    pub(super) name: String,
    /// The text in parentheses.
    pub(super) arguments: &'a str,
    is_unsigned: bool,
    is_json: bool,
}

impl<'a> Type<'a> {
    pub(super) fn of(column: &'a Object) -> Self {
        let text = column.written(TYPE);
        let arguments = text.split_once('(').and_then(|(_, rest)| rest.rsplit_once(')'));
        Self {
            name: kinds::word(column),
            arguments: arguments.map_or("", |it| it.0),
            is_unsigned: text.contains("unsigned"),
            is_json: kinds::is_json(column),
        }
    }

    fn numbers(&self) -> Vec<usize> {
        self.arguments.split(',').filter_map(|it| it.trim().parse().ok()).collect()
    }

    /// Returns a value that is different for each number, as far as the type has as many.
    pub(super) fn value(&self, number: usize, at: usize, is_tame: bool) -> String {
        let turn = number + at;
        let pick = |all: &[&str]| {
            all.get(turn % all.len().max(1)).map_or("NULL".to_owned(), |it| (*it).to_owned())
        };
        let text = |text: &str| quote_literal(text, Dialect::MySql);
        if self.is_json {
            let values = [r#"{"a": [1, 2.5, null], "b": "ü"}"#, "[]", r#""it's""#, "17"];
            return text(values.get(turn % values.len()).copied().unwrap_or("{}"));
        }
        match self.name.as_str() {
            "tinyint" | "smallint" | "mediumint" | "int" | "bigint" if is_tame => {
                (number * 3 + 1).to_string()
            }
            "tinyint" | "smallint" | "mediumint" | "int" | "bigint" => {
                let extremes = self.extremes();
                let awkward = [(number + 7).to_string(), extremes.1, "0".to_owned(), extremes.0];
                awkward.get(turn % awkward.len()).cloned().unwrap_or_default()
            }
            "decimal" | "numeric" => self.decimal(number, is_tame || turn.is_multiple_of(2)),
            "float" | "double" | "real" => pick(&["1.5", "0", "1234.25", "-7"])
                .replace('-', if self.is_unsigned { "" } else { "-" }),
            "bit" => format!("{}", turn % 2),
            "year" => format!("{}", 1990 + turn % 60),
            "date" => format!("DATE'20{:02}-02-{:02}'", 10 + turn % 60, 1 + turn % 28),
            "time" => pick(&["TIME'00:00:00'", "TIME'23:59:59'", "TIME'-12:30:00'"]),
            "datetime" => {
                format!("TIMESTAMP'20{:02}-02-28 23:5{}:59.123456'", 10 + turn % 60, turn % 10)
            }
            "timestamp" => format!("TIMESTAMP'20{:02}-01-02 03:04:0{}'", 10 + turn % 25, turn % 10),
            "enum" | "set" => {
                let members = members(self.arguments);
                members.get(turn % members.len().max(1)).cloned().unwrap_or_else(|| "''".to_owned())
            }
            "binary" | "varbinary" | "tinyblob" | "blob" | "mediumblob" | "longblob" => {
                let most = self.numbers().first().copied().unwrap_or(60);
                let bytes = format!("{:02X}00FF27{number:02X}", turn % 200);
                format!("X'{}'", bytes.get(..(most * 2).min(bytes.len())).unwrap_or_default())
            }
            "uuid" => text(&format!("00000000-0000-4000-8000-{:012x}", number * 17 + at)),
            "inet4" => text(&format!("10.0.{}.{}", at % 250, number % 250)),
            "inet6" => text(&format!("2001:db8::{:x}:{:x}", at % 65_000, number)),
            _ => match shape(&self.name, turn) {
                Some(shape) => format!("ST_GeomFromText('{shape}')"),
                None => text(&self.text(number, turn, is_tame)),
            },
        }
    }

    /// Returns the least and the greatest integer of the type.
    fn extremes(&self) -> (String, String) {
        let bits: u32 = match self.name.as_str() {
            "tinyint" => 8,
            "smallint" => 16,
            "mediumint" => 24,
            "int" => 32,
            _ => 64,
        };
        let half = 1_i128 << (bits - 1);
        if self.is_unsigned {
            return ("1".to_owned(), (half * 2 - 1).to_string());
        }
        ((-half).to_string(), (half - 1).to_string())
    }

    fn decimal(&self, number: usize, is_tame: bool) -> String {
        let sizes = self.numbers();
        let all = sizes.first().copied().unwrap_or(10);
        let behind = sizes.get(1).copied().unwrap_or(0);
        let whole = all.saturating_sub(behind);
        let head = if is_tame { (number % 9 + 1).to_string() } else { "9".repeat(whole) };
        let head = if whole == 0 { "0".to_owned() } else { head };
        if behind == 0 { head } else { format!("{head}.{}", "5".repeat(behind)) }
    }

    fn text(&self, number: usize, turn: usize, is_tame: bool) -> String {
        let usual = match self.name.as_str() {
            "tinytext" => 250,
            "text" | "mediumtext" | "longtext" => LONG,
            _ => 1,
        };
        let most = self.numbers().first().copied().unwrap_or(usual);
        let long = "é".repeat(100);
        let awkward = [
            format!("it's {number} \\ ü"),
            format!("{number}"),
            long + &number.to_string(),
            format!(" {number} "),
        ];
        let text = if is_tame {
            format!("row {number}")
        } else {
            awkward.get(turn % awkward.len()).cloned().unwrap_or_default()
        };
        if text.chars().count() <= most {
            return text.trim_end().to_owned();
        }
        let letters = format!("{number}{}", "a".repeat(most));
        letters.chars().take(most).collect()
    }

    /// Returns the values that conditions mention, as far as the type has such.
    pub(super) fn shaped(&self, found: &Literals) -> Vec<String> {
        let text = |text: &String| quote_literal(text, Dialect::MySql);
        let is_number = |it: &&String| it.parse::<f64>().is_ok();
        match self.name.as_str() {
            "tinyint" | "smallint" | "mediumint" | "int" | "bigint" | "decimal" | "float"
            | "double" | "bit" | "year" => {
                let negative = found.texts.iter().filter(is_number).map(|it| format!("-{it}"));
                let own = found.texts.iter().filter(is_number).cloned();
                own.chain(negative.filter(|it| !it.starts_with("--"))).collect()
            }
            "date" | "datetime" | "timestamp" | "time" => {
                let is_moment = |it: &&String| it.contains(['-', ':']);
                found.texts.iter().filter(is_moment).map(text).collect()
            }
            _ => {
                let lengths =
                    found.lengths.iter().map(|it| quote_literal(&"a".repeat(*it), Dialect::MySql));
                lengths.chain(found.texts.iter().map(text)).collect()
            }
        }
    }
}

/// Returns a value of a type of shapes in its usual text.
fn shape(type_name: &str, turn: usize) -> Option<String> {
    let (one, nine) = (turn + 1, turn + 9);
    Some(match type_name {
        "geometry" | "point" => format!("POINT({turn} 2)"),
        "linestring" => format!("LINESTRING(0 0,{one} 1)"),
        "polygon" => format!("POLYGON((0 0,{nine} 0,{nine} 9,0 0))"),
        "multipoint" => format!("MULTIPOINT({turn} 2,3 4)"),
        "multilinestring" => format!("MULTILINESTRING((0 0,{one} 1))"),
        "multipolygon" => format!("MULTIPOLYGON(((0 0,{nine} 0,{nine} 9,0 0)))"),
        "geometrycollection" => format!("GEOMETRYCOLLECTION(POINT({turn} 1))"),
        _ => return None,
    })
}

/// Returns the members of an enum or a set, as literals.
pub(super) fn members(arguments: &str) -> Vec<String> {
    let tokens = crate::sql::Lexer::new(arguments, Dialect::MySql).map_while(Result::ok);
    tokens.filter(|it| it.text.starts_with('\'')).map(|it| it.text.to_owned()).collect()
}
