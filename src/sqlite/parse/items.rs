//! Syntax that columns and tables share: keys, references, conflict clauses.

use crate::catalog::Name;
use crate::sql::{Cursor, GrammarError, Token, parts};
use crate::sqlite::parse::{self, name_of};
use crate::sqlite::{Action, Aside, Conflict, ForeignKey, KeyColumn};

pub(super) fn conflict(cursor: &mut Cursor<'_>) -> Result<Option<Conflict>, GrammarError> {
    if !cursor.accept(&["ON", "CONFLICT"]) {
        return Ok(None);
    }
    let known = [Conflict::Rollback, Conflict::Fail, Conflict::Ignore, Conflict::Replace];
    let found = known.into_iter().find(|it| cursor.accept(&[it.keyword()]));
    if found.is_none() {
        cursor.expect("ABORT")?;
    }
    Ok(found)
}

/// Parses the columns of a key, with an optional `AUTOINCREMENT` after the last.
pub(super) fn key_columns(cursor: &mut Cursor<'_>) -> Result<(Vec<KeyColumn>, bool), GrammarError> {
    let tokens = cursor.parenthesized()?;
    let (tokens, autoincrement) = match tokens.split_last() {
        Some((last, rest)) if last.is_word("AUTOINCREMENT") => (rest, true),
        _ => (tokens.as_slice(), false),
    };
    let column = |tokens: &[Token<'_>]| key_column(tokens).ok_or_else(|| cursor.error("a column"));
    let columns = parts(tokens).into_iter().map(column).collect::<Result<_, _>>()?;
    Ok((columns, autoincrement))
}

fn key_column(tokens: &[Token<'_>]) -> Option<KeyColumn> {
    let (name, rest) = tokens.split_first()?;
    let (rest, descending) = match rest.split_last() {
        Some((last, rest)) if last.is_word("DESC") => (rest, true),
        Some((last, rest)) if last.is_word("ASC") => (rest, false),
        _ => (rest, false),
    };
    let collation = match rest {
        [] => None,
        [word, collation] if word.is_word("COLLATE") => Some(name_of(collation)?),
        _ => return None,
    };
    Some(KeyColumn { name: name_of(name)?, collation, descending })
}

pub(super) fn names(cursor: &mut Cursor<'_>) -> Result<Vec<Name>, GrammarError> {
    let tokens = cursor.parenthesized()?;
    let name = |part: &[Token<'_>]| match part {
        [only] => name_of(only).ok_or_else(|| cursor.error("a column")),
        _ => Err(cursor.error("a column")),
    };
    parts(&tokens).into_iter().map(name).collect()
}

/// Parses the rest after `REFERENCES`.
pub(super) fn references(
    cursor: &mut Cursor<'_>,
    name: Option<Name>,
    columns: Vec<Name>,
    at: Option<Name>,
) -> Result<ForeignKey, GrammarError> {
    let table = parse::name(cursor)?;
    let is_open = cursor.peek().is_some_and(|token| token.text == "(");
    let target = if is_open { names(cursor)? } else { Vec::new() };
    let mut res = ForeignKey {
        name,
        columns,
        table,
        target,
        primary: Vec::new(),
        on_delete: None,
        on_update: None,
        matching: None,
        deferred: false,
        at: Aside(at),
    };
    loop {
        if cursor.accept(&["ON", "DELETE"]) {
            res.on_delete = action(cursor)?;
        } else if cursor.accept(&["ON", "UPDATE"]) {
            res.on_update = action(cursor)?;
        } else if cursor.accept(&["ON", "INSERT"]) {
            action(cursor)?;
        } else if cursor.accept(&["MATCH"]) {
            res.matching = Some(parse::name(cursor)?);
        } else if let Some(deferred) = deferrable(cursor)? {
            res.deferred = deferred;
        } else {
            return Ok(res);
        }
    }
}

/// Parses a DEFERRABLE clause; none if there is none.
fn deferrable(cursor: &mut Cursor<'_>) -> Result<Option<bool>, GrammarError> {
    let negated = cursor.accept(&["NOT", "DEFERRABLE"]);
    if !negated && !cursor.accept(&["DEFERRABLE"]) {
        return Ok(None);
    }
    if !cursor.accept(&["INITIALLY"]) {
        return Ok(Some(false));
    }
    let deferred = cursor.accept(&["DEFERRED"]);
    if !deferred {
        cursor.expect("IMMEDIATE")?;
    }
    Ok(Some(deferred && !negated))
}

fn action(cursor: &mut Cursor<'_>) -> Result<Option<Action>, GrammarError> {
    let known: [(&[&str], Option<Action>); 5] = [
        (&["SET", "NULL"], Some(Action::SetNull)),
        (&["SET", "DEFAULT"], Some(Action::SetDefault)),
        (&["CASCADE"], Some(Action::Cascade)),
        (&["RESTRICT"], Some(Action::Restrict)),
        (&["NO", "ACTION"], None),
    ];
    let found = known.into_iter().find(|(words, _)| cursor.accept(words));
    found.map(|(_, action)| action).ok_or_else(|| cursor.error("an action"))
}
