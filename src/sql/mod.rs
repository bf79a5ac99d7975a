//! SQL as text: which dialect it is, where its statements begin and end, how names are quoted.
//!
//! It lexes, it does not parse: it knows quotes, comments and delimiters, not what a statement
//! means. It does no I/O and asks no database. SQLite's rules are complete, and compared with
//! SQLite itself by `tests/splitter.rs`. Of PostgreSQL and MySQL it knows quotes and comments,
//! but not yet the statements that hold delimiters: see [`split`].

mod dialect;
mod lexer;
mod lines;
mod quote;
mod scan;
mod session;
mod split;
mod stub;
mod transaction;

pub use dialect::{BlockComments, Bodies, Dialect, Escape, Lexicon, LineComment, Quote};
pub use lexer::{Lexer, Token, TokenKind, Unterminated};
pub use lines::{LineIndex, find_nul};
pub use quote::{hex, quote_identifier, quote_literal, quote_qualified};
pub use session::leaves_traces;
pub use split::{SplitError, Splitter, Statement, split};
pub use stub::{ObjectName, commits_implicitly, named_objects};
pub use transaction::transaction_control;
