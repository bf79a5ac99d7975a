//! The effect of statements of PostgreSQL on the session.

use crate::sql::dialect::Dialect;
use crate::sql::effect::value::is_constant;
use crate::sql::effect::{Effect, Sets, program};
use crate::sql::lexer::Token;
use crate::sql::tokens::{
    bare, calls, calls_any, has, is_at, names, outside, pass, qualified, within,
};
use crate::words::words;

/// Functions that take a lock beyond the transaction.
const LOCKS: &[&str] = words![
    pg_advisory_lock pg_advisory_lock_shared pg_try_advisory_lock pg_try_advisory_lock_shared
];

/// Words between `CREATE` and the kind of object.
const BEFORE_KIND: &[&str] =
    &["OR", "REPLACE", "GLOBAL", "LOCAL", "TEMP", "TEMPORARY", "UNLOGGED", "RECURSIVE", "UNIQUE"];

pub(super) fn effect(tokens: &[Token<'_>]) -> Effect {
    let is = |at: usize, words: &[&str]| is_at(tokens, at, words);
    let name_at = |at: usize| tokens.get(at).and_then(bare);
    let drops = |name: Option<String>| Effect::Drops { names: name.into_iter().collect() };
    if is(0, &["SET"]) {
        let passes = is(1, &["LOCAL", "TRANSACTION", "CONSTRAINTS"]);
        if passes { Effect::Nothing } else { Effect::Setting }
    } else if is(0, &["RESET", "LISTEN", "UNLISTEN", "LOAD"]) {
        Effect::Setting
    } else if is(0, &["DISCARD"]) {
        if is(1, &["ALL"]) { Effect::Forgets } else { Effect::Nothing }
    } else if is(0, &["DEALLOCATE"]) {
        drops(
            name_at(pass(tokens, 1, &["PREPARE"])).filter(|name| !name.eq_ignore_ascii_case("ALL")),
        )
    } else if is(0, &["PREPARE"]) && is(1, &["TRANSACTION"]) {
        Effect::Closes
    } else if is(0, &["PREPARE"]) {
        name_at(1).map_or(Effect::Nothing, |name| Effect::Prepared { name })
    } else if is(0, &["DECLARE"]) {
        let holds = tokens.windows(2).any(|it| it[0].is_word("WITH") && it[1].is_word("HOLD"));
        let cursor = name_at(1).filter(|_| holds).map(|name| Effect::Cursor { name });
        cursor.unwrap_or(Effect::Nothing)
    } else if is(0, &["CLOSE"]) {
        drops(name_at(1))
    } else if is(0, &["BEGIN", "START"]) {
        Effect::Opens
    } else if is(0, &["COMMIT", "END", "ABORT", "ROLLBACK"]) {
        let stays = has(tokens, "TO") || (has(tokens, "CHAIN") && !has(tokens, "NO"));
        if stays { Effect::Nothing } else { Effect::Closes }
    } else if is(0, &["CREATE"]) {
        create(tokens)
    } else if is(0, &["DROP"]) {
        let at = pass(tokens, 1, &["MATERIALIZED", "FOREIGN"]);
        Effect::Drops { names: names(tokens, pass(tokens, at + 1, &["IF", "EXISTS"])) }
    } else if is(0, &["DO"]) {
        Effect::Runs(program::sets(tokens, Dialect::Postgres))
    } else if is(0, &["CALL"]) {
        called(tokens)
    } else {
        of_query(tokens)
    }
}

fn called(tokens: &[Token<'_>]) -> Effect {
    match qualified(tokens, 1) {
        Some((_, name, _)) => Effect::Calls { name, names: Vec::new(), is_prepared: false },
        None => Effect::Runs(Sets::unknown()),
    }
}

fn create(tokens: &[Token<'_>]) -> Effect {
    let at = pass(tokens, 1, BEFORE_KIND);
    let before = tokens.get(..at).unwrap_or_default();
    let is_temporary = has(before, "TEMP") || has(before, "TEMPORARY");
    let start = pass(tokens, at + 1, &["IF", "NOT", "EXISTS"]);
    let Some((schema, name, next)) = qualified(tokens, start) else { return Effect::Nothing };
    let is_inside = schema.is_some_and(|schema| schema.eq_ignore_ascii_case("pg_temp"));
    if is_temporary || is_inside {
        let is_table = is_at(tokens, at, &["TABLE"]);
        let holds_rows = is_table && is_filled(tokens.get(next..).unwrap_or_default());
        return Effect::Temporary { name, holds_rows, acts: is_at(tokens, at, &["TRIGGER"]) };
    }
    Effect::Nothing
}

/// Tells whether a table is created with the rows of a query, by the text after its name.
fn is_filled(rest: &[Token<'_>]) -> bool {
    let is_empty = rest.windows(2).any(|it| it[0].is_word("NO") && it[1].is_word("DATA"));
    outside(rest, |token| token.is_word("AS")).is_some() && !is_empty
}

/// Determines the effect of functions that a query or a change of rows calls.
fn of_query(tokens: &[Token<'_>]) -> Effect {
    let into = tokens.iter().position(|token| token.is_word("INTO"));
    if let Some(into) = into.filter(|at| is_at(tokens, at + 1, &["TEMP", "TEMPORARY"])) {
        let at = pass(tokens, into + 2, &["TABLE"]);
        if let Some((_, name, _)) = qualified(tokens, at) {
            return Effect::Temporary { name, holds_rows: true, acts: false };
        }
    }
    let lock = |(open, _): (usize, String)| written(within(tokens, open));
    if let Some(name) = calls(tokens, LOCKS).next().map(lock) {
        return Effect::Locks { name };
    }
    if calls_any(tokens, &["pg_advisory_unlock_all"]) {
        return Effect::Unlocks { name: String::new() };
    }
    let ends = ["pg_advisory_unlock", "pg_advisory_unlock_shared"];
    if let Some(name) = calls(tokens, &ends).next().map(lock) {
        return Effect::Unlocks { name };
    }
    of_settings(tokens)
}

fn written(tokens: &[Token<'_>]) -> String {
    tokens.iter().map(|token| token.text).collect::<Vec<_>>().join(" ")
}

/// Determines the effect of `set_config`.
fn of_settings(tokens: &[Token<'_>]) -> Effect {
    let sets = program::configured(tokens);
    if sets.is_nothing() {
        return Effect::Nothing;
    }
    let is_select = is_at(tokens, 0, &["SELECT"]);
    if is_select && is_constant(tokens.get(1..).unwrap_or_default()) {
        return Effect::Setting;
    }
    let names = if sets.anything { Vec::new() } else { sets.names };
    Effect::Read { names, again: false }
}
