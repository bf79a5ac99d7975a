//! Hints in schema.sql: comments with facts that no comparison can know.
//!
//! `-- renamed from: OLD` and `-- backfill: EXPRESSION` are on the line of the name that they refer
//! to, or alone on the line before. The lexer finds them; a hint that is done already has no
//! effect.

use std::collections::BTreeMap;
use std::path::Path;

use crate::autogenerate::AutogenerateError;
use crate::autogenerate::ddl::Ddl;
use crate::autogenerate::rename::is_value;
use crate::catalog::{Id, Kind, Name};
use crate::place::Place;
use crate::sql::{Dialect, Lexer, Splitter};

/// The expressions that fill new columns of existing rows, by the ids of the columns.
pub type Backfills = BTreeMap<Id, String>;

/// The hints in the comments of a schema.
#[derive(Debug, Clone, Default)]
pub struct Hints {
    pub renames: Vec<RenameHint>,
    /// The expressions that fill new columns.
    pub backfills: Backfills,
    /// The places of these hints.
    pub places: BTreeMap<Id, Place>,
}

/// A hint that an object had another name.
#[derive(Debug, Clone)]
pub struct RenameHint {
    /// The object by its new name; none for one that can't be renamed: rebuilding it loses nothing.
    pub subject: Option<Id>,
    pub old: Name,
    /// The name before the old one: its schema, for a part that of its table; none if it is the subject's.
    pub schema: Option<Name>,
    /// The place of the hint; none if it was given on the command line.
    pub place: Option<Box<Place>>,
    /// Whether a revision has done the rename: checked where names alone don't show it.
    pub done: bool,
}

/// A name that a statement defines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Definition {
    /// The position of the name, or of its definition, in bytes.
    pub(crate) offset: usize,
    /// The defined object; none for one that can't be renamed.
    pub(crate) id: Option<Id>,
}

/// The words by which a statement goes on after an expression.
const CLAUSES: [&str; 5] = ["WHERE", "RETURNING", "SET", "ORDER", "LIMIT"];

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

pub(crate) fn read(ddl: &dyn Ddl, file: &Path, text: &str) -> Result<Hints, AutogenerateError> {
    let definitions = all_definitions(ddl, text);
    let mut res = Hints::default();
    for (offset, is_alone, comment) in comments(ddl, text) {
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
                let (old, schema) = old_name(ddl, subject.as_ref(), &old)
                    .map_err(|problem| AutogenerateError::Hint { place: place(), problem })?;
                let old = subject.as_ref().map_or(old.clone(), |it| ddl.of_kind(it.kind, &old));
                let (subject, place) = (subject.clone(), Some(place()));
                res.renames.push(RenameHint { subject, old, schema, place, done: false });
            }
            (Comment::Backfill(value), subject) => {
                let column = subject.as_ref().filter(|it| it.kind == Kind::Column);
                let Some((id, value)) = column.zip(expression(&value, ddl.dialect())) else {
                    let problem = "a backfill is one expression for a column";
                    return Err(AutogenerateError::Hint { place: place(), problem });
                };
                res.places.insert(id.clone(), *place());
                res.backfills.insert(id.clone(), value);
            }
        }
    }
    Ok(res)
}

/// Reads the old name of an object, and the name of the schema before it.
fn old_name(
    ddl: &dyn Ddl,
    subject: Option<&Id>,
    text: &str,
) -> Result<(Name, Option<Name>), &'static str> {
    let is_routine =
        |it: &Id| [Kind::Function, Kind::Procedure, Kind::Aggregate].contains(&it.kind);
    let names = if subject.is_some_and(is_value) {
        ddl.label(text).map(|it| vec![it])
    } else {
        ddl.old_name(text)
    };
    let Some(mut names) = names else {
        return Err(if subject.is_some_and(is_routine) && text.contains('(') {
            "the old name of a routine stands alone: its arguments are those of the new one"
        } else {
            "it names no old name"
        });
    };
    let is_part = subject.is_some_and(|it| it.owner.is_some());
    match names.len() {
        4.. if is_part => {
            return Err(
                "the old name has too many parts: that of a table stands before it, if any",
            );
        }
        3.. if !is_part => {
            return Err(
                "the old name has too many parts: that of a schema stands before it, if any",
            );
        }
        _ => {}
    }
    let old = names.pop().ok_or("it names no old name")?;
    Ok((old, names.pop()))
}

/// Returns a text without the comment at its end if it is one expression: nothing in it ends the
/// expression or begins another clause of the statement in which it is put.
fn expression(text: &str, dialect: Dialect) -> Option<String> {
    let tokens = Lexer::new(text, dialect).collect::<Result<Vec<_>, _>>().ok()?;
    let (mut depth, mut before) = (0_usize, "");
    for token in &tokens {
        match token.text {
            "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.checked_sub(1)?,
            ";" => return None,
            "," if depth == 0 => return None,
            _ => {}
        }
        let is = |text: &str, word: &str| text.eq_ignore_ascii_case(word);
        let is_clause = CLAUSES.iter().any(|word| is(token.text, word))
            || is(token.text, "FROM") && !is(before, "DISTINCT");
        if depth == 0 && is_clause {
            return None;
        }
        before = token.text;
    }
    let end = tokens.last()?.end();
    (depth == 0).then(|| text.get(..end).unwrap_or_default().to_owned())
}

/// Finds the line comments that are hints: their positions, and whether they are alone on the line.
fn comments(ddl: &dyn Ddl, text: &str) -> Vec<(usize, bool, Comment)> {
    let mut res = Vec::new();
    let mut end = 0;
    let ends: Vec<(usize, usize)> = Lexer::new(text, ddl.dialect())
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

/// Returns all names that a text defines, with their positions.
fn all_definitions(ddl: &dyn Ddl, text: &str) -> Vec<Definition> {
    let statements = Splitter::new(text, ddl.dialect()).map_while(Result::ok);
    let all = statements.flat_map(|statement| {
        let own = ddl.definitions(statement.text).into_iter();
        own.map(move |it| Definition { offset: statement.offset + it.offset, ..it })
    });
    all.collect()
}

fn definition_for<'a>(
    text: &str,
    definitions: &'a [Definition],
    offset: usize,
    is_alone: bool,
) -> Result<Option<&'a Option<Id>>, &'static str> {
    let line_of = |at: usize| text.get(..at).unwrap_or_default().matches('\n').count();
    if is_alone {
        let next = definitions.iter().find(|it| offset < it.offset);
        return Ok(next.map(|it| &it.id));
    }
    let line = line_of(offset);
    let mut here = definitions.iter().filter(|it| line_of(it.offset) == line);
    match (here.next(), here.next()) {
        (Some(it), None) => Ok(Some(&it.id)),
        (Some(_), Some(_)) => {
            Err("several names are on its line: put it alone on the line before one")
        }
        (None, _) => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::autogenerate::ddl::ddl;

    fn show(text: &str) -> String {
        let hints = match read(ddl(Dialect::Sqlite).unwrap(), Path::new("schema.sql"), text) {
            Ok(hints) => hints,
            Err(error) => return format!("error: {error}"),
        };
        let renames = hints.renames.iter().map(|hint| match &hint.subject {
            Some(Id { owner: Some(table), name, .. }) => format!("{table}.{}>{name}", hint.old),
            Some(Id { kind: Kind::Table, name, .. }) => format!("{}>{name}", hint.old),
            Some(Id { kind, name, .. }) => format!("{kind} {}>{name}", hint.old),
            None => "other".to_owned(),
        });
        let place = |id: &Id| format!("{}.{}", id.owner.as_ref().unwrap(), id.name);
        let fills = hints.backfills.iter().map(|(id, it)| format!("{}={it}", place(id)));
        renames.chain(fills).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn hints_stand_on_the_line_or_before_it() {
        let text = "-- renamed from: people\nCREATE TABLE users (\n    id INTEGER, -- the key\n    \
                    full_name TEXT, -- renamed from: name\n    -- backfill: lower(full_name);\n    \
                    -- a word on it\n    slug TEXT\n);\nCREATE INDEX i -- @renamed from=\"j\"\nON users (slug);";
        let expected = "people>users users.name>full_name index j>i users.slug=lower(full_name)";
        assert_eq!(show(text), expected);
        assert_eq!(show("CREATE TABLE a ( -- atlas:renamed_from old\n x);"), "old>a");
        assert_eq!(show("SELECT '-- renamed from: a';"), "");
    }

    #[test]
    fn a_backfill_is_one_expression() {
        let fill = |text: &str| show(&format!("CREATE TABLE t (\n k INT -- backfill: {text}\n);"));
        for (text, expected) in [
            ("1", "1"),
            ("n * 10 -- ten times", "n * 10"),
            ("coalesce(a, 'x,y') || ')'", "coalesce(a, 'x,y') || ')'"),
            (
                "(SELECT c FROM o WHERE o.id = t.o LIMIT 1)",
                "(SELECT c FROM o WHERE o.id = t.o LIMIT 1)",
            ),
            ("a IS DISTINCT FROM b", "a IS DISTINCT FROM b"),
        ] {
            assert_eq!(fill(text), format!("t.k={expected}"));
        }
        for text in [
            "1, n = 'zap'",
            "1 WHERE n = 2",
            "1 FROM o",
            "f(1",
            "1)",
            "1; DROP TABLE t",
            "'a",
            "-- no",
        ] {
            assert_eq!(
                fill(text),
                "error: the hint can't be followed: a backfill is one expression for a column",
                "{text}"
            );
        }
    }

    #[test]
    fn what_can_be_about_several_names_is_refused() {
        assert!(show("CREATE TABLE a (b, c); -- renamed from: d").contains("several names"));
        assert!(show("CREATE TABLE a (b);\n-- renamed from: d\n").contains("about nothing"));
    }
}
