//! Hints in schema.sql: comments that say what no comparison can know.
//!
//! `-- renamed from: OLD` and `-- backfill: EXPRESSION` stand on the line of the name that they are
//! about, or alone on the line before it. A lexer finds them; a hint that says what was done already
//! says nothing.

use std::collections::BTreeMap;
use std::path::Path;

use crate::autogenerate::AutogenerateError;
use crate::place::Place;
use crate::schema::{Index, Name, Names, Table};
use crate::sql::{Dialect, Lexer, Splitter};

/// What new columns are filled with, by table and column.
pub type Backfills = BTreeMap<(Name, Name), String>;

/// All that the comments of a schema say.
#[derive(Debug, Clone, Default)]
pub struct Hints {
    /// What is renamed.
    pub renames: Vec<RenameHint>,
    /// What is filled in.
    pub backfills: Backfills,
}

/// That something had another name.
#[derive(Debug, Clone)]
pub struct RenameHint {
    /// What it is about, by its new name.
    pub subject: Subject,
    /// The old name.
    pub old: Name,
    /// Where it says so; none if it was said on the command line.
    pub place: Option<Box<Place>>,
    /// Whether a revision has done it: it is asked where the names alone don't tell.
    pub done: bool,
}

/// What a hint is about, by its new name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A table.
    Table(Name),
    /// A column of a table.
    Column(Name, Name),
    /// An index.
    Index(Name),
    /// What can't be renamed: made anew, it loses nothing.
    Other,
}

/// A comment that is a hint.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Comment {
    RenamedFrom(String),
    Backfill(String),
}

/// Tells whether a comment, its dashes included, is a hint.
pub(crate) fn is_hint(comment: &str) -> bool {
    read_comment(comment).is_some()
}

fn read_comment(comment: &str) -> Option<Comment> {
    let text = comment.strip_prefix("--")?.trim();
    let after = |prefix: &str| {
        let head = text.get(..prefix.len())?;
        let rest = text.get(prefix.len()..)?;
        head.eq_ignore_ascii_case(prefix).then(|| rest.trim().to_owned())
    };
    if let Some(value) = after("backfill:") {
        return Some(Comment::Backfill(value.trim_end_matches(';').trim().to_owned()));
    }
    let old = ["renamed from:", "@renamed from=", "@renamed from =", "atlas:renamed_from "];
    old.iter().find_map(|prefix| after(prefix)).map(Comment::RenamedFrom)
}

/// Reads the hints of a text.
pub(crate) fn read(file: &Path, text: &str) -> Result<Hints, AutogenerateError> {
    let definitions = definitions(text);
    let mut res = Hints::default();
    for (offset, is_alone, comment) in comments(text) {
        let place = || Box::new(Place::at_offset(file, text, offset));
        let found = definition_for(text, &definitions, offset, is_alone);
        let Some(subject) =
            found.map_err(|problem| AutogenerateError::Hint { place: place(), problem })?
        else {
            let problem = "it is about nothing: put it on the line of a name, or alone before it";
            return Err(AutogenerateError::Hint { place: place(), problem });
        };
        match (comment, subject) {
            (Comment::RenamedFrom(old), subject) => {
                let old = last_name(&old).ok_or_else(|| AutogenerateError::Hint {
                    place: place(),
                    problem: "it names no old name",
                })?;
                let (subject, place) = (subject.clone(), Some(place()));
                res.renames.push(RenameHint { subject, old, place, done: false });
            }
            (Comment::Backfill(value), Subject::Column(table, column)) if !value.is_empty() => {
                res.backfills.insert((table.clone(), column.clone()), value);
            }
            (Comment::Backfill(_), _) => {
                let problem = "a backfill is an expression for a column";
                return Err(AutogenerateError::Hint { place: place(), problem });
            }
        }
    }
    Ok(res)
}

/// Reads a name, maybe in quotes, and maybe with a table's before it.
fn last_name(text: &str) -> Option<Name> {
    let tokens: Vec<_> = Lexer::new(text, Dialect::Sqlite).map_while(Result::ok).collect();
    tokens.last().and_then(crate::schema::bare_name).map(Name::new)
}

/// Finds the line comments that are hints: where they begin, and whether they stand alone.
fn comments(text: &str) -> Vec<(usize, bool, Comment)> {
    let mut res = Vec::new();
    let mut end = 0;
    let ends: Vec<(usize, usize)> = Lexer::new(text, Dialect::Sqlite)
        .map_while(Result::ok)
        .map(|token| (token.offset, token.end()))
        .chain([(text.len(), text.len())])
        .collect();
    for (offset, next) in ends {
        let mut at = end;
        for line in text.get(end..offset).unwrap_or_default().split_inclusive('\n') {
            if let Some(start) = line.find("--") {
                let before = text.get(..at + start).unwrap_or_default();
                let is_alone = before.rsplit('\n').next().is_some_and(|it| it.trim().is_empty());
                let comment = read_comment(line.get(start..).unwrap_or_default().trim_end());
                res.extend(comment.map(|comment| (at + start, is_alone, comment)));
            }
            at += line.len();
        }
        end = next;
    }
    res
}

/// Returns all names that a text defines, with their offsets.
fn definitions(text: &str) -> Vec<(usize, Subject)> {
    let mut res = Vec::new();
    for statement in Splitter::new(text, Dialect::Sqlite).map_while(Result::ok) {
        let start = statement.offset;
        if let Ok(table) = Table::parse(statement.text) {
            let name = table.name.clone();
            res.push((start + table.rest.0.saturating_sub(1), Subject::Table(name.clone())));
            res.extend(table.columns.into_iter().map(|column| {
                (start + column.offset.0, Subject::Column(name.clone(), column.name))
            }));
        } else if let Ok(index) = Index::parse(statement.text, &Names::default()) {
            res.push((start, Subject::Index(index.name)));
        } else {
            res.push((start, Subject::Other));
        }
    }
    res
}

fn definition_for<'a>(
    text: &str,
    definitions: &'a [(usize, Subject)],
    offset: usize,
    is_alone: bool,
) -> Result<Option<&'a Subject>, &'static str> {
    let line_of = |at: usize| text.get(..at).unwrap_or_default().matches('\n').count();
    if is_alone {
        let next = definitions.iter().find(|(at, _)| offset < *at);
        return Ok(next.map(|(_, subject)| subject));
    }
    let line = line_of(offset);
    let mut here = definitions.iter().filter(|(at, _)| line_of(*at) == line);
    match (here.next(), here.next()) {
        (Some((_, subject)), None) => Ok(Some(subject)),
        (Some(_), Some(_)) => {
            Err("several names are on its line: put it alone on the line before one")
        }
        (None, _) => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(text: &str) -> String {
        let hints = match read(Path::new("schema.sql"), text) {
            Ok(hints) => hints,
            Err(error) => return format!("error: {error}"),
        };
        let renames = hints.renames.iter().map(|hint| match &hint.subject {
            Subject::Table(name) => format!("{}>{name}", hint.old),
            Subject::Column(table, name) => format!("{table}.{}>{name}", hint.old),
            Subject::Index(name) => format!("index {}>{name}", hint.old),
            Subject::Other => "other".to_owned(),
        });
        let fills =
            hints.backfills.iter().map(|((table, column), it)| format!("{table}.{column}={it}"));
        renames.chain(fills).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn hints_stand_on_the_line_or_before_it() {
        let text = "-- renamed from: people\nCREATE TABLE users (\n    id INTEGER, -- the key\n    \
                    full_name TEXT, -- renamed from: name\n    -- backfill: lower(full_name);\n    \
                    -- a word on it\n    slug TEXT\n);\nCREATE INDEX i -- @renamed from=\"j\"\nON users (slug);";
        assert_eq!(
            show(text),
            "people>users users.name>full_name index j>i users.slug=lower(full_name)"
        );
        assert_eq!(show("CREATE TABLE a ( -- atlas:renamed_from old\n x);"), "old>a");
        assert_eq!(show("SELECT '-- renamed from: a';"), "");
    }

    #[test]
    fn what_can_be_about_several_names_is_refused() {
        assert!(show("CREATE TABLE a (b, c); -- renamed from: d").contains("several names"));
        assert!(show("CREATE TABLE a (b);\n-- renamed from: d\n").contains("about nothing"));
    }
}
