//! Tells whether text typed line by line is complete.

use crate::sql::{Dialect, SplitError, Splitter};

/// Whether a text ends with a complete statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Completeness {
    /// The last statement, quote or comment has not ended.
    Open,
    /// All statements have ended.
    Ended {
        /// The delimiter for later statements, which a script can change.
        delimiter: String,
    },
}

/// Tells whether all statements of a text have ended, and not merely by the end of the text.
pub fn completeness(
    text: &str,
    dialect: Dialect,
    delimiter: &str,
) -> Result<Completeness, SplitError> {
    // A word more is a statement of its own only if nothing before it is open.
    let probed = format!("{text}\nx");
    let mut splitter = Splitter::new(&probed, dialect).with_delimiter(delimiter);
    let mut last = None;
    for statement in splitter.by_ref() {
        match statement {
            Ok(statement) => last = Some(statement.offset),
            Err(
                SplitError::UnterminatedQuote { .. }
                | SplitError::UnterminatedComment { .. }
                | SplitError::UnterminatedBody { .. }
                | SplitError::ClientData { .. },
            ) => return Ok(Completeness::Open),
            Err(error) => return Err(error),
        }
    }
    let is_ended = last == Some(probed.len() - 1);
    let delimiter = splitter.delimiter().to_owned();
    Ok(if is_ended { Completeness::Ended { delimiter } } else { Completeness::Open })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(dialect: Dialect, text: &str, delimiter: Option<&str>) {
        let wanted = delimiter.map_or(Completeness::Open, |delimiter| Completeness::Ended {
            delimiter: delimiter.to_owned(),
        });
        assert_eq!(completeness(text, dialect, ";").unwrap(), wanted, "{text:?}");
    }

    #[test]
    fn a_statement_has_ended_with_its_delimiter() {
        for text in ["", "-- a;", "a;", "a; b;", "a ';' ;", "a; -- b", "a;/* b */"] {
            check(Dialect::Sqlite, text, Some(";"));
        }
        for text in ["a", "a; b", "a '", "a ';'", "/* a;", "a -- ;", "a [;"] {
            check(Dialect::Sqlite, text, None);
        }
        check(Dialect::Sqlite, "create trigger a after insert on b begin c;", None);
        check(Dialect::Sqlite, "create trigger a after insert on b begin c; end;", Some(";"));
        check(Dialect::Postgres, "a $$;", None);
        check(Dialect::Postgres, "/* /* */ ;", None);
        completeness("\\d users", Dialect::Postgres, ";").unwrap_err();
    }

    #[test]
    fn another_delimiter_stays() {
        check(Dialect::MySql, "delimiter //", Some("//"));
        check(Dialect::MySql, "delimiter //\na;", None);
        check(Dialect::MySql, "delimiter //\na; //", Some("//"));
        check(Dialect::MySql, "delimiter //\na; //\ndelimiter ;", Some(";"));
        let ended = completeness("a; b //", Dialect::MySql, "//").unwrap();
        assert_eq!(ended, Completeness::Ended { delimiter: "//".to_owned() });
    }
}
