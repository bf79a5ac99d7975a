//! The effect of statements of MySQL and MariaDB on the session.

use crate::sql::dialect::Dialect;
use crate::sql::effect::value::is_constant;
use crate::sql::effect::{Effect, Sets, program};
use crate::sql::lexer::Token;
use crate::sql::tokens::{
    bare, calls, calls_any, has, is_at, names, parts, pass, qualified, user_variables, within,
};

const COMPOUND: &[&str] = &["CASE", "DECLARE", "FOR", "IF", "LOOP", "REPEAT", "WHILE"];

/// The scopes of variables that sessions share.
const SHARED: &[&str] = &["GLOBAL", "PERSIST", "PERSIST_ONLY"];

const TABLES: &str = "LOCK TABLES";

pub(super) fn effect(tokens: &[Token<'_>]) -> Effect {
    let is = |at: usize, words: &[&str]| is_at(tokens, at, words);
    let name_at = |at: usize| tokens.get(at).and_then(bare);
    let tables = || TABLES.to_owned();
    let is_code = is(0, &["CREATE", "BEGIN"]) || is(0, COMPOUND);
    if let Some(effect) = of_locks(tokens).filter(|_| !is_code) {
        effect
    } else if is(0, &["SET"]) {
        set(tokens)
    } else if is(0, &["USE"]) {
        Effect::Setting
    } else if is(0, &["PREPARE"]) {
        name_at(1).map_or(Effect::Nothing, |name| Effect::Prepared { name })
    } else if is(0, &["DEALLOCATE"]) || (is(0, &["DROP"]) && is(1, &["PREPARE"])) {
        Effect::Drops { names: name_at(2).into_iter().collect() }
    } else if is(0, &["EXECUTE", "CALL"]) {
        called(tokens)
    } else if is(0, &["HANDLER"]) {
        match qualified(tokens, 1) {
            Some((_, name, next)) if is(next, &["OPEN"]) => Effect::Cursor { name },
            Some((_, name, next)) if is(next, &["CLOSE"]) => Effect::Drops { names: vec![name] },
            Some(_) | None => Effect::Nothing,
        }
    } else if is(0, &["LOCK"]) && is(1, &["TABLE", "TABLES"]) {
        Effect::Locks { name: tables() }
    } else if is(0, &["UNLOCK"]) {
        Effect::Unlocks { name: tables() }
    } else if is(0, &["FLUSH"]) {
        let locks = has(tokens, "LOCK") || has(tokens, "EXPORT");
        if locks { Effect::Locks { name: tables() } } else { Effect::Nothing }
    } else if is(0, &["BEGIN"]) && tokens.len() > 1 && !is(1, &["WORK"]) || is(0, COMPOUND) {
        Effect::Runs(program::sets(tokens, Dialect::MySql))
    } else if is(0, &["BEGIN", "START"]) {
        Effect::Opens
    } else if is(0, &["COMMIT", "ROLLBACK"]) {
        let stays = has(tokens, "TO") || (has(tokens, "CHAIN") && !has(tokens, "NO"));
        if stays { Effect::Nothing } else { Effect::Closes }
    } else if is(0, &["CREATE"]) {
        create(tokens)
    } else if is(0, &["DROP"]) {
        let at = pass(tokens, 1, &["TEMPORARY"]);
        Effect::Drops { names: names(tokens, pass(tokens, at + 1, &["IF", "EXISTS"])) }
    } else {
        of_query(tokens)
    }
}

/// Determines what `SET` sets: variables of the session, of users, of all.
fn set(tokens: &[Token<'_>]) -> Effect {
    let is = |at: usize, words: &[&str]| is_at(tokens, at, words);
    let is_session = is(1, &["SESSION", "LOCAL"]) && is(2, &["TRANSACTION"]);
    let is_of_next = is(1, &["TRANSACTION"]) || (is(1, SHARED) && is(2, &["TRANSACTION"]));
    if is_of_next || is(1, &["PASSWORD", "STATEMENT"]) || (is(1, &["DEFAULT"]) && is(2, &["ROLE"]))
    {
        return Effect::Nothing;
    }
    if is_session
        || is(1, &["NAMES", "CHARACTER", "CHARSET", "ROLE", "RESOURCE"]) && parts(tokens).len() < 2
    {
        return Effect::Setting;
    }
    let (mut res, mut same, mut everything) = (Vec::new(), 0, false);
    for part in parts(tokens.get(1..).unwrap_or_default()) {
        match assignment(part) {
            Assigned::Shared => {}
            Assigned::Same => same += 1,
            Assigned::User(name) => res.push(name),
            Assigned::Server => everything = true,
        }
    }
    if everything {
        Effect::Read { names: Vec::new(), again: false }
    } else if !res.is_empty() {
        Effect::Read { names: res, again: same > 0 }
    } else if same > 0 {
        Effect::Setting
    } else {
        Effect::Nothing
    }
}

/// The effect of one part of a `SET`.
enum Assigned {
    /// A variable that sessions share is set.
    Shared,
    /// A repetition sets the same value.
    Same,
    /// A user variable is set to a value that was read.
    User(String),
    /// A server variable is set to a value that was read.
    Server,
}

fn assignment(part: &[Token<'_>]) -> Assigned {
    let at = part.iter().position(|token| token.text == "=");
    let (target, value) = match at {
        Some(at) => (part.get(..at).unwrap_or_default(), part.get(at + 1..).unwrap_or_default()),
        None => (part, &[][..]),
    };
    if target.iter().any(|token| token.is_one_of(SHARED)) {
        return Assigned::Shared;
    }
    match user_variables(target).pop() {
        _ if is_constant(value) => Assigned::Same,
        Some(name) => Assigned::User(name),
        None => Assigned::Server,
    }
}

fn called(tokens: &[Token<'_>]) -> Effect {
    let is_prepared = is_at(tokens, 0, &["EXECUTE"]);
    match qualified(tokens, 1) {
        Some((_, name, next)) => {
            let arguments = tokens.get(next..).unwrap_or_default();
            // The arguments of a prepared statement are only read.
            let names = if is_prepared { Vec::new() } else { user_variables(arguments) };
            Effect::Calls { name, names, is_prepared }
        }
        None => Effect::Runs(Sets::unknown()),
    }
}

fn create(tokens: &[Token<'_>]) -> Effect {
    let at = pass(tokens, 1, &["OR", "REPLACE"]);
    let start = pass(tokens, at + 2, &["IF", "NOT", "EXISTS"]);
    match qualified(tokens, start) {
        Some((_, name, next)) if is_at(tokens, at, &["TEMPORARY"]) => {
            let rest = tokens.get(next..).unwrap_or_default();
            let holds_rows = rest.iter().any(|it| it.is_one_of(&["SELECT", "VALUES", "AS"]));
            Effect::Temporary { name, holds_rows, acts: false }
        }
        Some(_) | None => Effect::Nothing,
    }
}

/// Determines the named lock that a statement takes or releases.
fn of_locks(tokens: &[Token<'_>]) -> Option<Effect> {
    let name_of = |function: &str| {
        let (open, _) = calls(tokens, &[function]).next()?;
        Some(lock(within(tokens, open)))
    };
    if let Some(name) = name_of("get_lock") {
        return Some(Effect::Locks { name });
    }
    if calls_any(tokens, &["release_all_locks"]) {
        return Some(Effect::Unlocks { name: String::new() });
    }
    name_of("release_lock").map(|name| Effect::Unlocks { name })
}

/// Determines the effect of assignments in a query or a change of rows.
fn of_query(tokens: &[Token<'_>]) -> Effect {
    let names = program::taken_into(tokens);
    if names.is_empty() {
        return Effect::Nothing;
    }
    let is_select = is_at(tokens, 0, &["SELECT"]);
    let without_into: Vec<Token<'_>> =
        tokens.iter().skip(1).filter(|token| !token.is_word("INTO")).copied().collect();
    if is_select && is_constant(&without_into) {
        Effect::Setting
    } else {
        Effect::Read { names, again: false }
    }
}

/// Returns the name of a lock, without its timeout.
fn lock(arguments: &[Token<'_>]) -> String {
    let first = parts(arguments).first().copied().unwrap_or_default();
    first.iter().map(|token| token.text.to_ascii_lowercase()).collect::<Vec<_>>().join(" ")
}
