//! SQL as text: its dialect, the ends of its statements, and the quoting of names.
//!
//! It lexes but does not parse: it handles quotes, comments and delimiters, and a statement's
//! meaning only as far as the runner needs it. It does no I/O and uses no database. SQLite's rules
//! are compared with SQLite itself by `tests/splitter.rs`; those of PostgreSQL and MySQL are held
//! by `tests/golden/split`, which agrees with `psql`, `mysql` and their servers.

mod body;
mod changed;
mod client;
mod commit;
mod complete;
mod cursor;
mod dialect;
mod effect;
mod error;
mod lexer;
mod lines;
mod objects;
mod partial;
mod program;
mod quote;
mod rest;
mod scan;
mod session;
mod split;
mod statement;
#[cfg(test)]
mod testing;
mod tokens;
mod touches;
mod transaction;
mod writes;

pub(crate) use changed::{TableChange, changed_in_program, changed_tables, table_change};
pub(crate) use client::DATA_END;
#[cfg(feature = "postgres")]
pub(crate) use client::inline_data;
pub use commit::commits_implicitly;
pub(crate) use commit::ends_transaction;
pub use complete::{Completeness, completeness};
pub(crate) use cursor::Cursor;
pub use cursor::GrammarError;
pub use dialect::{
    BlockComments, Bodies, Client, Dialect, DollarQuotes, Escape, Lexicon, LineComment, Quote,
};
pub use effect::sets_session;
pub(crate) use effect::{
    Code, Effect, Sets, assigned_variables, code_of, last_id, runs_code, session_effect,
    sets_of_strings,
};
pub use error::SplitError;
pub use lexer::{Lexer, Token, TokenKind, Unterminated};
pub use lines::{LineIndex, find_nul};
pub use objects::{ObjectKind, ObjectName, named_objects};
pub(crate) use partial::asks_last;
pub use partial::{TableLocks, may_leave_part, table_locks};
pub(crate) use quote::push_literal;
pub use quote::{hex, quote_identifier, quote_literal, quote_qualified};
pub(crate) use rest::statement_of_rows;
pub use session::leaves_traces;
pub use split::{Splitter, split};
pub use statement::Statement;
pub(crate) use tokens::{Depth, mentions, parts, within};
pub use touches::{Touch, touched_tables};
pub(crate) use transaction::leaves_commits_to_script;
pub use transaction::transaction_control;
pub(crate) use writes::{Written, written};
