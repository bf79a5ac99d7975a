//! `CREATE INDEX`, `CREATE VIEW` and `CREATE TRIGGER`.

use crate::catalog::Name;
use crate::sql::{Cursor, Dialect, GrammarError, Token, parts};
use crate::sqlite::fragment::{Fragment, Names, source};
use crate::sqlite::parse::items::names as name_list;
use crate::sqlite::parse::{self, Trigger, name_of};
use crate::sqlite::{Index, IndexColumn};

pub(super) fn index(sql: &str, names: &Names) -> Result<Index, GrammarError> {
    let mut cursor = Cursor::new(sql, Dialect::Sqlite);
    cursor.expect("CREATE")?;
    let unique = cursor.accept(&["UNIQUE"]);
    cursor.expect("INDEX")?;
    cursor.accept(&["IF", "NOT", "EXISTS"]);
    let name = parse::qualified_name(&mut cursor)?;
    cursor.expect("ON")?;
    let table = parse::name(&mut cursor)?;
    let tokens = cursor.parenthesized()?;
    let column = |tokens: &[Token<'_>]| {
        index_column(sql, tokens, names).ok_or_else(|| cursor.error("a column"))
    };
    let columns = parts(&tokens).into_iter().map(column).collect::<Result<_, _>>()?;
    let filter = if cursor.accept(&["WHERE"]) {
        Some(Fragment::expression(sql, &cursor.rest(), names))
    } else {
        None
    };
    if !cursor.is_at_end() {
        return Err(cursor.error("WHERE"));
    }
    Ok(Index { name, table, unique, columns, filter, sql: sql.to_owned() })
}

fn index_column(sql: &str, tokens: &[Token<'_>], names: &Names) -> Option<IndexColumn> {
    let (tokens, descending) = match tokens.split_last() {
        Some((last, rest)) if last.is_word("DESC") => (rest, true),
        Some((last, rest)) if last.is_word("ASC") => (rest, false),
        _ => (tokens, false),
    };
    let (tokens, collation) = match tokens {
        [rest @ .., word, name] if word.is_word("COLLATE") => (rest, Some(name_of(name)?)),
        _ => (tokens, None),
    };
    if tokens.is_empty() || source(sql, tokens).is_empty() {
        return None;
    }
    let expression = Fragment::expression(sql, tokens, names);
    Some(IndexColumn { expression, collation, descending })
}

/// Parses a view: its column names, if any, and its query with the AS.
pub(crate) fn view(sql: &str, names: &Names) -> Result<(Vec<Name>, Fragment), GrammarError> {
    let mut cursor = Cursor::new(sql, Dialect::Sqlite);
    cursor.expect("CREATE")?;
    cursor.expect("VIEW")?;
    cursor.accept(&["IF", "NOT", "EXISTS"]);
    parse::qualified_name(&mut cursor)?;
    let gives_names = cursor.peek().is_some_and(|token| token.text == "(");
    let columns = if gives_names { name_list(&mut cursor)? } else { Vec::new() };
    Ok((columns, Fragment::verbatim(sql, &cursor.rest(), names)))
}

pub(crate) fn trigger(sql: &str, names: &Names) -> Result<Trigger, GrammarError> {
    let mut cursor = Cursor::new(sql, Dialect::Sqlite);
    cursor.expect("CREATE")?;
    cursor.expect("TRIGGER")?;
    cursor.accept(&["IF", "NOT", "EXISTS"]);
    parse::qualified_name(&mut cursor)?;
    let time = if cursor.accept(&["AFTER"]) {
        "AFTER"
    } else if cursor.accept(&["INSTEAD", "OF"]) {
        "INSTEAD OF"
    } else {
        cursor.accept(&["BEFORE"]);
        "BEFORE"
    };
    let event = if cursor.accept(&["INSERT"]) {
        "INSERT"
    } else if cursor.accept(&["DELETE"]) {
        "DELETE"
    } else {
        cursor.expect("UPDATE")?;
        "UPDATE"
    };
    let mut columns = Vec::new();
    if cursor.accept(&["OF"]) {
        columns.push(parse::name(&mut cursor)?);
        while cursor.accept_symbol(",") {
            columns.push(parse::name(&mut cursor)?);
        }
    }
    columns.sort();
    cursor.expect("ON")?;
    let target = parse::qualified_name(&mut cursor)?;
    cursor.accept(&["FOR", "EACH", "ROW"]);
    let condition = cursor
        .accept(&["WHEN"])
        .then(|| Fragment::expression(sql, &cursor.until(&["BEGIN"]), names));
    let body = Fragment::verbatim(sql, &cursor.rest(), names);
    Ok(Trigger { target, time, event, columns, condition, body })
}
