//! Typed reading of TOML tables, with the place of every mistake.
//!
//! It is written by hand rather than with serde, whose messages quote values, and a value may be a
//! password.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::config::ConfigError;
use crate::config::place::{Document, Located, hidden, shown, shown_key};
use crate::near::nearest;
use crate::place::Place;

/// The name of the outermost table in messages.
pub(crate) const TOP_LEVEL: &str = "the top level";

/// A table of a document, and its name in messages.
pub(crate) struct TomlTable<'a> {
    document: &'a Document,
    name: String,
    span: Range<usize>,
    entries: &'a DeTable<'a>,
}

type Texts = Located<Vec<Located<String>>>;

pub(crate) fn parse(document: &Document) -> Result<Spanned<DeTable<'_>>, ConfigError> {
    DeTable::parse(&document.text).map_err(|error| ConfigError::Syntax {
        place: Box::new(document.syntax_place(&error.span().unwrap_or_default())),
        message: shown(error.message()).replace('\n', ", "),
    })
}

impl<'a> TomlTable<'a> {
    pub(crate) fn root(document: &'a Document, root: &'a Spanned<DeTable<'a>>) -> Self {
        let name = TOP_LEVEL.to_owned();
        Self { document, name, span: root.span(), entries: root.get_ref() }
    }

    pub(crate) fn place(&self) -> Place {
        self.document.place(&self.span)
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Refuses unknown keys; the error names the first in the file.
    pub(crate) fn check_keys(&self, known: &[&'static str]) -> Result<(), ConfigError> {
        let unknown = self.entries.keys().filter(|key| !known.contains(&key.get_ref().as_ref()));
        match unknown.min_by_key(|key| key.span().start) {
            None => Ok(()),
            Some(key) => Err(ConfigError::UnknownKey {
                place: Box::new(self.document.place(&key.span())),
                key: shown_key(key.get_ref()),
                table: self.name.clone(),
                nearest: nearest(key.get_ref(), known.iter().copied()),
            }),
        }
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &'a str> {
        self.entries.keys().map(|key| key.get_ref().as_ref())
    }

    pub(crate) fn string(&self, key: &str) -> Result<Option<Located<String>>, ConfigError> {
        self.value(key).map(|value| self.to_string(key, value)).transpose()
    }

    /// Returns a text, for which a number may stand.
    pub(crate) fn number_or_string(
        &self,
        key: &str,
    ) -> Result<Option<Located<String>>, ConfigError> {
        let Some(value) = self.value(key) else { return Ok(None) };
        let text = match value.get_ref() {
            DeValue::Integer(_) => self.integer(key)?.map(|number| number.value.to_string()),
            DeValue::Float(float) => Some(float.as_str().to_owned()),
            DeValue::String(text) => Some(text.to_string()),
            DeValue::Boolean(_) | DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => {
                return Err(self.wrong_type(key, value, "a string or a number"));
            }
        };
        Ok(text.map(|text| self.located(key, value, text)))
    }

    pub(crate) fn strings(&self, key: &str) -> Result<Option<Texts>, ConfigError> {
        self.texts(key, "an array of strings")
    }

    /// Returns a list of texts; a text without brackets counts as a list of one.
    pub(crate) fn strings_or_one(&self, key: &str) -> Result<Option<Texts>, ConfigError> {
        match self.value(key) {
            Some(value) if value.get_ref().is_str() => {
                let text = self.to_string(key, value)?;
                Ok(Some(self.located(key, value, vec![text])))
            }
            _ => self.texts(key, "an array of strings or a string"),
        }
    }

    fn texts(&self, key: &str, expected: &'static str) -> Result<Option<Texts>, ConfigError> {
        let Some(value) = self.value(key) else { return Ok(None) };
        let Some(items) = value.get_ref().as_array() else {
            return Err(self.wrong_type(key, value, expected));
        };
        let texts = items.iter().map(|item| self.to_string(key, item)).collect::<Result<_, _>>()?;
        Ok(Some(self.located(key, value, texts)))
    }

    pub(crate) fn boolean(&self, key: &str) -> Result<Option<Located<bool>>, ConfigError> {
        let read = |value: &Spanned<DeValue<'a>>| match value.get_ref().as_bool() {
            Some(boolean) => Ok(self.located(key, value, boolean)),
            None => Err(self.wrong_type(key, value, "true or false")),
        };
        self.value(key).map(read).transpose()
    }

    pub(crate) fn integer(&self, key: &str) -> Result<Option<Located<i64>>, ConfigError> {
        let read = |value: &Spanned<DeValue<'a>>| {
            let integer = value.get_ref().as_integer();
            match integer.and_then(|i| i64::from_str_radix(i.as_str(), i.radix()).ok()) {
                Some(integer) => Ok(self.located(key, value, integer)),
                None => Err(self.wrong_type(key, value, "an integer")),
            }
        };
        self.value(key).map(read).transpose()
    }

    /// Returns a table, to which messages refer as `name`.
    pub(crate) fn table(&self, key: &str, name: &str) -> Result<Option<Self>, ConfigError> {
        let read = |value: &'a Spanned<DeValue<'a>>| self.to_table(key, name, value);
        self.value(key).map(read).transpose()
    }

    /// Returns an array of tables, to which messages refer as `name`.
    pub(crate) fn tables(&self, key: &str, name: &str) -> Result<Vec<Self>, ConfigError> {
        let Some(value) = self.value(key) else { return Ok(Vec::new()) };
        match value.get_ref().as_array() {
            Some(items) => items.iter().map(|item| self.to_table(key, name, item)).collect(),
            None => Err(self.wrong_type(key, value, "an array of tables")),
        }
    }

    fn value(&self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.entries.get(key)
    }

    fn to_string(
        &self,
        key: &str,
        value: &Spanned<DeValue<'a>>,
    ) -> Result<Located<String>, ConfigError> {
        match value.get_ref().as_str() {
            Some(text) => Ok(self.located(key, value, text.to_owned())),
            None => Err(self.wrong_type(key, value, "a string")),
        }
    }

    fn to_table(
        &self,
        key: &str,
        name: &str,
        value: &'a Spanned<DeValue<'a>>,
    ) -> Result<Self, ConfigError> {
        match value.get_ref().as_table() {
            Some(entries) => Ok(Self {
                document: self.document,
                name: name.to_owned(),
                span: value.span(),
                entries,
            }),
            None => Err(self.wrong_type(key, value, "a table")),
        }
    }

    fn located<T>(&self, key: &str, value: &Spanned<DeValue<'a>>, content: T) -> Located<T> {
        Located { key: key.to_owned(), value: content, place: Box::new(self.value_place(value)) }
    }

    /// Returns the place of a value; a variable's line may hold a secret.
    fn value_place(&self, value: &Spanned<DeValue<'a>>) -> Place {
        let place = self.document.place(&value.span());
        if self.name == "[variables]" { hidden(place) } else { place }
    }

    fn wrong_type(
        &self,
        key: &str,
        value: &Spanned<DeValue<'a>>,
        expected: &'static str,
    ) -> ConfigError {
        let found = match value.get_ref() {
            DeValue::String(_) => "a string",
            DeValue::Integer(_) => "an integer",
            DeValue::Float(_) => "a float",
            DeValue::Boolean(_) => "a boolean",
            DeValue::Datetime(_) => "a date or time",
            DeValue::Array(_) => "an array",
            DeValue::Table(_) => "a table",
        };
        ConfigError::WrongType {
            place: Box::new(self.value_place(value)),
            key: shown_key(key),
            expected,
            found,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::testing::{keeps_secrets, read, told};

    #[test]
    fn a_value_of_another_type_is_told_with_its_place() {
        type Read = fn(&TomlTable<'_>) -> Option<ConfigError>;
        let several = "1:5: `a` must be an array of strings, not a string";
        let one = "1:5: `a` must be an array of strings or a string, not a boolean";
        let date = "1:5: `a` must be an integer, not a date or time";
        let tables = "2:1: `a` must be an array of tables, not a table";
        let number = "1:5: `a` must be a string or a number, not an array";
        let unknown = "2:1: unknown key `zz` in the top level";
        let cases: [(&str, Read, &str); 10] = [
            ("a = 1", |t| t.string("a").err(), "1:5: `a` must be a string, not an integer"),
            ("a = [ 1.5 ]", |t| t.strings("a").err(), "1:7: `a` must be a string, not a float"),
            ("a = 'x'", |t| t.strings("a").err(), several),
            ("a = true", |t| t.strings_or_one("a").err(), one),
            ("a = 'x'", |t| t.boolean("a").err(), "1:5: `a` must be true or false, not a string"),
            ("a = 2020-01-01", |t| t.integer("a").err(), date),
            ("a = []", |t| t.table("a", "[a]").err(), "1:5: `a` must be a table, not an array"),
            ("\n[a]", |t| t.tables("a", "[[a]]").err(), tables),
            ("a = []", |t| t.number_or_string("a").err(), number),
            // Of several unknown keys the first in the file is told.
            ("b = 1\nzz = 1\naa = 1", |t| t.check_keys(&["b"]).err(), unknown),
        ];
        for (text, error, expected) in cases {
            let error = read(text, |table| Ok(error(table))).unwrap().unwrap();
            assert_eq!(told(&error), expected, "{text}");
        }
    }

    #[test]
    fn numbers_are_read_in_every_notation() {
        let text = "a = 0x1F\nb = 1_000\nc = -2\nd = 1_0.5";
        let read_all = |table: &TomlTable<'_>| {
            let integer = |key| table.integer(key).unwrap().map(|it| it.value);
            let expected = [Some(31), Some(1000), Some(-2), None];
            assert_eq!(["a", "b", "c", "none"].map(integer), expected);
            let text = |key| table.number_or_string(key).unwrap().unwrap().value;
            assert_eq!(["a", "d"].map(text), ["31", "10.5"]);
            Ok(())
        };
        read(text, read_all).unwrap();
    }

    #[test]
    fn a_syntax_error_has_its_place_and_no_value() {
        let cases = [
            ("a = [\"x\"\nb = 2", 2),
            ("a = 1\nurl = postgres://u:s3cr3t@h/d", 2),
            ("url = \"postgres://u:s3cr3t@h/d\n", 1),
            ("[variables]\npw = s3cr3t", 2),
            ("pw = \"\"\"\ns3cr3t", 2),
            ("a = 1\na = 's3cr3t@'", 2),
            ("s3cr3t:x@y", 1),
        ];
        for (text, line) in cases {
            let error = read(text, |_| Ok(())).unwrap_err();
            assert_eq!(error.place().map(|place| place.line), Some(line), "{text}: {error}");
            keeps_secrets(&error);
        }
    }
}
