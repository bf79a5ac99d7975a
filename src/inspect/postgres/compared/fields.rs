//! The values of a row, taken one after the other, and the texts of arrays.

use std::str::FromStr;
use std::vec::IntoIter;

use crate::catalog::Value;
use crate::database::Row;
use crate::inspect::postgres::normal::normal;

/// The value of a flag that is set.
const YES: &str = "yes";

/// The values of a row that are left.
pub(super) struct Fields {
    values: IntoIter<Option<String>>,
}

impl Fields {
    pub(super) fn new(row: Row) -> Self {
        Self { values: row.into_iter() }
    }

    /// Takes a value; none for NULL.
    pub(super) fn next(&mut self) -> Option<String> {
        self.values.next().flatten()
    }

    /// Takes a value; an empty text for NULL.
    pub(super) fn text(&mut self) -> String {
        self.next().unwrap_or_default()
    }

    /// Takes a number; zero for NULL.
    pub(super) fn number<T: FromStr + Default>(&mut self) -> T {
        self.next().and_then(|it| it.parse().ok()).unwrap_or_default()
    }

    pub(super) fn flag(&mut self) -> bool {
        self.next().is_some_and(|it| it == "t")
    }

    /// Takes an array of one dimension; an empty one for NULL.
    pub(super) fn list(&mut self) -> Vec<String> {
        self.next().map(|it| items(&it)).unwrap_or_default()
    }

    /// Takes an array in which the order says nothing.
    pub(super) fn set(&mut self) -> Vec<String> {
        let mut res = self.list();
        res.sort_unstable();
        res
    }

    /// Takes an array of numbers.
    pub(super) fn numbers<T: FromStr>(&mut self) -> Vec<T> {
        self.list().iter().filter_map(|it| it.parse().ok()).collect()
    }

    /// Takes a text that is compared as it is.
    pub(super) fn exact(&mut self) -> Option<Value> {
        self.next().map(Value::exact)
    }

    /// Takes a text in which the ends of lines say nothing.
    pub(super) fn lines(&mut self) -> Option<Value> {
        self.next().map(lines)
    }

    /// Takes an expression, or a definition that may hold some.
    pub(super) fn expression(&mut self) -> Option<Value> {
        self.next().map(expression)
    }

    /// Takes a flag as a value that is there only if it is set.
    pub(super) fn yes(&mut self) -> Option<Value> {
        yes(self.flag())
    }
}

/// Returns what a flag attribute says, if its condition holds.
pub(super) fn yes(holds: bool) -> Option<Value> {
    holds.then(|| Value::exact(YES))
}

/// Makes a value of an expression, or of a definition that may hold some. It is written in the form that
/// the server gives it when it is sent back, so that a dump that is loaded is dumped the same.
pub(super) fn expression(text: String) -> Value {
    Value::exact(normal(&lines(text).written))
}

/// Makes a value of a text in which the ends of lines say nothing.
pub(super) fn lines(text: String) -> Value {
    let text = if text.contains('\r') { text.replace("\r\n", "\n") } else { text };
    Value::exact(text)
}

/// Makes a value of a list; none if nothing is in it. No text can hold the character between the
/// items of the normal form.
pub(super) fn list(items: Vec<String>) -> Option<Value> {
    let value = Value::new(items.join(", "), items.join("\0"));
    (!items.is_empty()).then_some(Value { list: items, ..value })
}

/// Reads the text of an array of one dimension (section 8.15.2 of the manual); NULL is left out.
fn items(text: &str) -> Vec<String> {
    let inner = text.split_once('{').and_then(|(_, rest)| rest.strip_suffix('}'));
    let mut chars = inner.unwrap_or_default().chars().peekable();
    let mut res = Vec::new();
    while chars.peek().is_some() {
        let is_quoted = chars.next_if_eq(&'"').is_some();
        let mut item = String::new();
        while let Some(c) = chars.next() {
            match c {
                '\\' => item.extend(chars.next()),
                '"' if is_quoted => {
                    chars.next();
                    break;
                }
                ',' if !is_quoted => break,
                c => item.push(c),
            }
        }
        if is_quoted || item != "NULL" {
            res.push(item);
        }
    }
    res
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(items(text), expected, "{text}");
    }

    #[test]
    fn arrays_are_lists_of_texts() {
        check("{}", &[]);
        check("{1,2}", &["1", "2"]);
        check("[0:1]={a,b}", &["a", "b"]);
        check(
            r#"{"a,b","c\"d\\e"," ","NULL","",NULL,ü}"#,
            &["a,b", r#"c"d\e"#, " ", "NULL", "", "ü"],
        );
        check(r#"{fillfactor=70,"a={}"}"#, &["fillfactor=70", "a={}"]);
    }

    #[test]
    fn lists_with_other_items_differ() {
        let of = |items: &[&str]| list(items.iter().map(ToString::to_string).collect());
        assert_eq!(of(&["a", "b"]), of(&["a", "b"]));
        assert_ne!(of(&["a, b"]), of(&["a", "b"]));
        assert_eq!(of(&[]), None);
    }
}
