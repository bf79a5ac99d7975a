//! The effect of a statement on the session, and whether another session can be given the same.
//!
//! A resumed run has a new session. The settings of earlier statements are restored by running them
//! again, where that gives the same; other effects are classified.

mod code;
mod mysql;
mod postgres;
mod program;
mod sqlite;
mod value;

use crate::sql::{
    dialect::Dialect,
    lexer::{Lexer, Token},
    statement::Statement,
    tokens::{self, mentions},
};

pub(crate) use code::{Code, code_of, runs_code};
pub(crate) use program::Sets;

/// The effect of a statement on the session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Effect {
    Nothing,
    /// Settings that are the same whenever the statement is repeated in the same order.
    Setting,
    /// Settings whose value comes from rows, the clock, or chance, so that a repetition may differ.
    Read {
        /// The variables; empty if the settings concern every statement.
        names: Vec<String>,
        /// Whether the statement also makes settings that a repetition restores.
        again: bool,
    },
    Temporary {
        name: String,
        /// Whether it holds rows from the start, or anything else that its text doesn't show.
        holds_rows: bool,
        /// Whether it acts without being named: a trigger.
        acts: bool,
    },
    Prepared {
        name: String,
    },
    /// A cursor that stays open.
    Cursor {
        name: String,
    },
    /// A lock that outlives its transaction.
    Locks {
        name: String,
    },
    /// The release of one lock, or of all.
    Unlocks {
        /// The identity of the lock; empty for all.
        name: String,
    },
    /// The end of temporary objects, prepared statements and cursors.
    Drops {
        /// The names; empty for all prepared statements.
        names: Vec<String>,
    },
    Opens,
    Closes,
    /// A reset of the session.
    Forgets,
    /// Settings by a routine or a prepared statement, if any.
    Calls {
        name: String,
        /// Output variables of the call.
        names: Vec<String>,
        /// Whether it is a prepared statement.
        is_prepared: bool,
    },
    /// Settings by a block of code that also changes other things.
    Runs(Sets),
}

pub(crate) fn session_effect(statement: &Statement<'_>) -> Effect {
    let tokens: Vec<_> = statement.code().collect();
    match statement.dialect {
        Dialect::Sqlite => sqlite::effect(&tokens),
        Dialect::Postgres => postgres::effect(&tokens),
        Dialect::MySql => mysql::effect(&tokens),
    }
}

/// Tells whether a statement changes nothing but its session: settings, locks, the database in use.
pub fn sets_session(statement: &Statement<'_>) -> bool {
    let tokens: Vec<_> = statement.code().collect();
    let is = |at: usize, words: &[&str]| tokens::is_at(&tokens, at, words);
    let lasts = || LASTING.iter().any(|word| tokens::has(&tokens, word));
    is(0, &["SET", "RESET", "USE", "LOCK", "UNLOCK", "PRAGMA"])
        && match session_effect(statement) {
            Effect::Setting => !lasts(),
            Effect::Read { .. } => !lasts() && value::only_reads(&tokens),
            Effect::Locks { .. } | Effect::Unlocks { .. } => true,
            Effect::Nothing => is(1, &["LOCAL", "TRANSACTION", "CONSTRAINTS"]),
            Effect::Temporary { .. }
            | Effect::Prepared { .. }
            | Effect::Cursor { .. }
            | Effect::Drops { .. }
            | Effect::Opens
            | Effect::Closes
            | Effect::Forgets
            | Effect::Calls { .. }
            | Effect::Runs(_) => false,
        }
}

/// Keywords of settings that reach beyond the session.
const LASTING: &[&str] = &["GLOBAL", "PERSIST", "PERSIST_ONLY", "journal_mode"];

/// Tells whether a statement sets the id that the next one can query, and whether it queries it:
/// the id of the row inserted last, or the last value of a sequence.
pub(crate) fn last_id(statement: &Statement<'_>) -> LastId {
    let tokens: Vec<_> = statement.code().collect();
    let calls = |names: &[&str]| tokens::calls_any(&tokens, names);
    let begins = |words: &[&str]| tokens.first().is_some_and(|first| first.is_one_of(words));
    let inserts = tokens.iter().any(|token| token.is_one_of(&["INSERT", "REPLACE"]));
    let (sets, asks) = match statement.dialect {
        Dialect::Sqlite => (inserts, calls(&["last_insert_rowid"])),
        Dialect::Postgres => (
            inserts || calls(&["nextval", "setval"]) || begins(&["COPY", "CALL", "DO"]),
            calls(&["currval", "lastval"]),
        ),
        Dialect::MySql => {
            let asks = calls(&["last_insert_id", "lastval"])
                || tokens::names_server_variable(&tokens, &["last_insert_id", "identity"]);
            let counts = calls(&["nextval", "setval"]) || tokens::has(&tokens, "NEXT");
            (inserts || counts || begins(&["LOAD", "CALL", "EXECUTE"]), asks)
        }
    };
    LastId { sets, asks }
}

/// Returns the user variables that a statement of MySQL sets, in lower case, or the custom setting
/// that one of PostgreSQL does.
pub(crate) fn assigned_variables(statement: &Statement<'_>) -> Vec<String> {
    let tokens: Vec<_> = statement.code().collect();
    let is_set = tokens.first().is_some_and(|first| first.is_word("SET"));
    match statement.dialect {
        Dialect::Postgres if is_set => {
            let found = tokens::qualified(&tokens, tokens::pass(&tokens, 1, &["SESSION"]));
            let name = found.and_then(|(class, name, _)| Some(format!("{}.{name}", class?)));
            return name.into_iter().collect();
        }
        Dialect::Sqlite | Dialect::Postgres => return Vec::new(),
        Dialect::MySql => {}
    }
    if !is_set {
        return program::taken_into(&tokens);
    }
    let parts = tokens::parts(tokens.get(1..).unwrap_or_default());
    let target = |part: &[Token<'_>]| {
        let at = part.iter().position(|token| token.text == "=").unwrap_or(0);
        tokens::user_variables(part.get(..at).unwrap_or_default())
    };
    parts.into_iter().flat_map(target).collect()
}

/// Determines the settings of a prepared statement of MySQL when it is executed: its text is a
/// string, or in a variable that earlier statements set to strings. `prepare` is the preparing
/// statement.
pub(crate) fn sets_of_strings<'t>(before: impl Iterator<Item = &'t str>, prepare: &str) -> Sets {
    let lex = |text: &'t str| Lexer::new(text, Dialect::MySql).map_while(Result::ok);
    let of: Vec<_> = Lexer::new(prepare, Dialect::MySql).map_while(Result::ok).collect();
    let variables = tokens::user_variables(&of);
    let is_of_it =
        |text: &&str| *text == prepare || variables.iter().any(|name| mentions(text, name));
    let (mut res, mut is_known) = (Sets::default(), false);
    for token in before.filter(is_of_it).flat_map(lex) {
        if let Some((sets, is_statement)) = program::sets_of_string(&token) {
            is_known |= is_statement;
            res.names.extend(sets.names);
            res.anything |= sets.anything;
        }
    }
    if is_known { res } else { Sets::unknown() }
}

/// The relation of a statement to the last generated id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LastId {
    pub(crate) sets: bool,
    pub(crate) asks: bool,
}

#[cfg(test)]
mod tests;
