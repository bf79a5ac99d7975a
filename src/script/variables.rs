//! `${name}` in scripts: only names that the header declares are replaced.
//!
//! `${name:literal}` is quoted as a string, `${name:ident}` as a name; `${name}` is filled in
//! verbatim.

use std::borrow::Cow;

use crate::sql::{Dialect, Splitter, TokenKind, quote_identifier, quote_literal};

/// A way to fill in a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Bare,
    Literal,
    Identifier,
}

/// The suffixes of a name, with the forms they choose.
const FORMS: [(&str, Form); 3] =
    [("}", Form::Bare), (":literal}", Form::Literal), (":ident}", Form::Identifier)];

/// Finds the first declared variable without a value in a text: its offset and name.
pub(super) fn without_value<'a>(
    text: &str,
    declared: &'a [String],
    values: &[(String, String)],
) -> Option<(usize, &'a str)> {
    let missing = declared.iter().filter(|name| !values.iter().any(|(known, _)| known == *name));
    let first = |name: &'a String| {
        let uses = text.match_indices("${").find(|(at, _)| reference(&text[*at..], name).is_some());
        Some((uses?.0, name.as_str()))
    };
    missing.filter_map(first).min()
}

/// Finds the first reference in a text to a name without a value.
pub(super) fn undeclared<'a>(text: &'a str, values: &[(String, String)]) -> Option<&'a str> {
    let mut names = references(text).map(|(_, name)| name);
    names.find(|name| values.iter().all(|(known, _)| known != name))
}

/// Finds the references within quotes to undeclared names, each name once: they stay text, so no
/// error of the database would show a forgotten declaration. Returns their offsets.
pub(super) fn quoted_undeclared<'a>(
    text: &'a str,
    declared: &[String],
    dialect: Dialect,
) -> Vec<(usize, &'a str)> {
    let mut res: Vec<(usize, &str)> = Vec::new();
    if !text.contains("${") {
        return res;
    }
    for statement in Splitter::new(text, dialect).map_while(Result::ok) {
        // PostgreSQL's dollar quotes contain code in another language.
        let quoted = statement
            .tokens()
            .map_while(Result::ok)
            .filter(|token| token.kind == TokenKind::Quoted && !token.text.starts_with('$'));
        for token in quoted {
            for (at, found) in references(token.text) {
                let is_known = declared.iter().any(|it| it == found)
                    || res.iter().any(|(_, known)| *known == found);
                if !is_known {
                    res.push((statement.offset + token.offset + at, found));
                }
            }
        }
    }
    res
}

/// Returns the references to names in a text, each with its offset.
fn references(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.match_indices("${").filter_map(|(at, begin)| {
        let rest = text.get(at + begin.len()..)?;
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_')?;
        let name = rest.get(..end).filter(|it| !it.is_empty())?;
        reference(text.get(at..)?, name).map(|_| (at, name))
    })
}

/// Fills in values.
pub(super) fn substitute<'a>(
    text: &'a str,
    values: &[(String, String)],
    dialect: Dialect,
) -> Cow<'a, str> {
    if values.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut res = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        let (before, token) = rest.split_at(at);
        let known = values.iter().find_map(|(name, value)| {
            let (form, tail) = reference(token, name)?;
            Some((form.write(value, dialect), tail))
        });
        let (value, tail) = known.unwrap_or_else(|| {
            let (dollar, tail) = token.split_at(2);
            (dollar.to_owned(), tail)
        });
        res.push_str(before);
        res.push_str(&value);
        rest = tail;
    }
    if res.is_empty() {
        return Cow::Borrowed(text);
    }
    res.push_str(rest);
    Cow::Owned(res)
}

/// Parses a reference to a name at the start of a text: its form, and the rest.
fn reference<'a>(token: &'a str, name: &str) -> Option<(Form, &'a str)> {
    let rest = token.strip_prefix("${")?.strip_prefix(name)?;
    FORMS.iter().find_map(|(end, form)| Some((*form, rest.strip_prefix(end)?)))
}

impl Form {
    fn write(self, value: &str, dialect: Dialect) -> String {
        match self {
            Self::Bare => value.to_owned(),
            Self::Literal => quote_literal(value, dialect),
            Self::Identifier => quote_identifier(value, dialect),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let values = [("tenant", "o'neil"), ("a", "${b}"), ("b", "x")];
        let values = values.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(substitute(text, &values, Dialect::Sqlite), expected);
    }

    #[test]
    fn declared_names_are_put_in_once_and_quoted_on_request() {
        check("SELECT '${b}', '$2a$', ${c}, ${b:x}", "SELECT 'x', '$2a$', ${c}, ${b:x}");
        check("${b}", "x");
        check("plain", "plain");
        check("${tenant}", "o'neil");
        check("${tenant:literal}", "'o''neil'");
        check("${tenant:ident}", "\"o'neil\"");
        check("${a}", "${b}");
    }

    #[test]
    fn the_first_that_nobody_declared_or_gave_a_value_is_found() {
        let values = [("a".to_owned(), String::new())];
        assert_eq!(undeclared("${a} ${b c} ${} ${d:ident} ${e}", &values), Some("d"));
        assert_eq!(undeclared("${a} $2 ${", &values), None);
        let declared = ["a".to_owned(), "b".to_owned()];
        let values = [("a".to_owned(), String::new())];
        assert_eq!(without_value("${a} ${b:literal} ${c}", &declared, &values), Some((5, "b")));
        assert_eq!(without_value("${a} ${c} ${b", &declared, &values), None);
    }

    #[test]
    fn what_stays_text_within_quotes_is_found() {
        let find = |text, dialect| quoted_undeclared(text, &["a".to_owned()], dialect);
        let text = "-- '${c}'\nSELECT '${a} ${b} ${b}', ${c}, \"${d:ident}\", '${}', '$e', '{f}';";
        let found = [(23, "b"), (42, "d")];
        for dialect in [Dialect::Sqlite, Dialect::Postgres, Dialect::MySql] {
            assert_eq!(find(text, dialect), found, "{dialect}");
        }
        assert_eq!(find("DO $$ x := '${b}' $$", Dialect::Postgres), []);
    }
}
