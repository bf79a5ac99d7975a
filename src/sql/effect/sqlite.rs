//! The effect of statements of SQLite on the session.

use crate::sql::effect::Effect;
use crate::sql::lexer::Token;
use crate::sql::tokens::{bare, has, is_at, names, pass, qualified};
use crate::words::words;

/// Pragmas that take a value and set nothing for the session: they query, act at once, or write
/// into the file.
const OF_NO_SESSION: &[&str] = words![
    application_id auto_vacuum default_cache_size encoding foreign_key_check foreign_key_list
    incremental_vacuum index_info index_list index_xinfo integrity_check optimize page_size
    quick_check schema_version table_info table_list table_xinfo user_version wal_checkpoint
];

pub(super) fn effect(tokens: &[Token<'_>]) -> Effect {
    let is = |at: usize, words: &[&str]| is_at(tokens, at, words);
    if is(0, &["PRAGMA"]) {
        pragma(tokens)
    } else if is(0, &["ATTACH"]) {
        attach(tokens)
    } else if is(0, &["DETACH"]) {
        let name = tokens.get(pass(tokens, 1, &["DATABASE"])).and_then(bare);
        name.map_or(Effect::Nothing, |name| Effect::Drops { names: vec![name] })
    } else if is(0, &["CREATE"]) {
        create(tokens)
    } else if is(0, &["DROP"]) {
        Effect::Drops { names: names(tokens, pass(tokens, 2, &["IF", "EXISTS"])) }
    } else if is(0, &["BEGIN", "SAVEPOINT"]) {
        Effect::Opens
    } else if is(0, &["COMMIT", "END", "RELEASE"]) || (is(0, &["ROLLBACK"]) && !has(tokens, "TO")) {
        Effect::Closes
    } else {
        Effect::Nothing
    }
}

/// Only a pragma with a value sets something.
fn pragma(tokens: &[Token<'_>]) -> Effect {
    let Some((_, name, next)) = qualified(tokens, 1) else { return Effect::Nothing };
    let sets = tokens.get(next).is_some_and(|token| matches!(token.text, "=" | "("));
    let is_other = OF_NO_SESSION.iter().any(|other| name.eq_ignore_ascii_case(other));
    if sets && !is_other { Effect::Setting } else { Effect::Nothing }
}

fn attach(tokens: &[Token<'_>]) -> Effect {
    let file = tokens.get(pass(tokens, 1, &["DATABASE"])).and_then(bare).unwrap_or_default();
    let name = tokens.last().and_then(bare).unwrap_or_default();
    // Databases in memory, or in a file without a name, go with the session.
    let holds_rows = false;
    if file.is_empty() || file.contains(":memory:") || file.contains("mode=memory") {
        Effect::Temporary { name, holds_rows, acts: false }
    } else {
        Effect::Setting
    }
}

fn create(tokens: &[Token<'_>]) -> Effect {
    let is_temporary = is_at(tokens, 1, &["TEMP", "TEMPORARY"]);
    let at = pass(tokens, 1, &["TEMP", "TEMPORARY", "UNIQUE", "VIRTUAL"]);
    let acts = is_at(tokens, at, &["TRIGGER"]);
    let start = pass(tokens, at + 1, &["IF", "NOT", "EXISTS"]);
    let Some((schema, name, next)) = qualified(tokens, start) else { return Effect::Nothing };
    let is_inside = schema.is_some_and(|schema| schema.eq_ignore_ascii_case("temp"));
    if !(is_temporary || is_inside) {
        return Effect::Nothing;
    }
    let holds_rows = is_at(tokens, at, &["TABLE"]) && is_at(tokens, next, &["AS"]);
    Effect::Temporary { name, holds_rows, acts }
}
