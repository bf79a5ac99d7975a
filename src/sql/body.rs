//! Distinguishes delimiters that end a statement from those in its body.
//!
//! There is a state machine for each dialect, with just enough grammar to find the end of a body:
//! for valid text they find it, for other text they find some end.

use crate::sql::{dialect::Bodies, lexer::Token, program::Program};

/// The position in a statement that may contain a body.
#[derive(Debug, Clone)]
pub(crate) enum Body<'a> {
    /// Any delimiter ends the statement.
    None,
    Sqlite {
        state: State,
        begun_at: Option<usize>,
    },
    Atomic(Atomic),
    Program(Program<'a>),
}

impl<'a> Body<'a> {
    /// Starts before the first token of a statement.
    pub(crate) fn new(bodies: Bodies) -> Self {
        match bodies {
            Bodies::Sqlite => Self::Sqlite { state: State::default(), begun_at: None },
            Bodies::Atomic => Self::Atomic(Atomic::default()),
            Bodies::Programs => Self::Program(Program::default()),
        }
    }

    /// Advances past a token that is not a delimiter.
    pub(crate) fn pass(&mut self, token: &Token<'a>) {
        match self {
            Self::None => {}
            Self::Sqlite { state, begun_at } => {
                *state = state.after(token);
                if *state == State::Trigger && begun_at.is_none() && token.is_word("BEGIN") {
                    *begun_at = Some(token.offset);
                }
            }
            Self::Atomic(atomic) => atomic.pass(token),
            Self::Program(program) => program.pass(token),
        }
    }

    /// Tells whether the next delimiter outside of strings and comments ends the statement, which
    /// is one of SQLite.
    pub(crate) fn is_plain(&self) -> bool {
        matches!(self, Self::Sqlite { state: State::Plain, .. })
    }

    /// Returns the position and the opening words of an unfinished body.
    pub(crate) fn opened(&self) -> Option<(usize, &'a str)> {
        match self {
            Self::None => None,
            Self::Sqlite { state, begun_at } => {
                let is_open = matches!(state, State::Trigger | State::TriggerDelimiter);
                begun_at.filter(|_| is_open).map(|at| (at, "BEGIN"))
            }
            Self::Atomic(atomic) => {
                (atomic.head == Head::Body).then_some((atomic.begun_at, "BEGIN ATOMIC"))
            }
            Self::Program(program) => program.opened(),
        }
    }

    /// Advances past a delimiter, and tells whether it ends the statement.
    pub(crate) fn ends(&mut self) -> bool {
        match self {
            Self::None => true,
            Self::Sqlite { state, .. } => {
                *state = state.after_delimiter();
                *state == State::Start
            }
            Self::Atomic(atomic) => atomic.ends(),
            Self::Program(program) => program.ends(),
        }
    }
}

/// The position in a statement: the state machine of `sqlite3_complete`, in SQLite's
/// `src/complete.c`, which was written for `CREATE TRIGGER … BEGIN …; END;`.
///
/// `Virtual` is an addition. SQLite's grammar accepts any token within the parentheses of `CREATE
/// VIRTUAL TABLE`, and `sqlite3_prepare` does not stop at a delimiter there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum State {
    #[default]
    Start,
    Plain,
    Explain,
    Create,
    Virtual {
        depth: usize,
    },
    Trigger,
    TriggerDelimiter,
    TriggerEnd,
}

impl State {
    /// Returns the state after a token that is not a delimiter.
    fn after(self, token: &Token<'_>) -> Self {
        match self {
            Self::Start if token.is_word("EXPLAIN") => Self::Explain,
            Self::Start | Self::Explain if token.is_word("CREATE") => Self::Create,
            Self::Explain if token.is_one_of(&["QUERY", "PLAN"]) => Self::Explain,
            Self::Create if token.is_word("TRIGGER") => Self::Trigger,
            Self::Create if token.is_word("VIRTUAL") => Self::Virtual { depth: 0 },
            Self::Create if token.is_one_of(&["TEMP", "TEMPORARY"]) => Self::Create,
            Self::Plain | Self::Start | Self::Explain | Self::Create => Self::Plain,
            Self::Virtual { depth } => Self::Virtual {
                depth: match token.text {
                    "(" => depth + 1,
                    ")" => depth.saturating_sub(1),
                    _ => depth,
                },
            },
            Self::TriggerDelimiter if token.is_word("END") => Self::TriggerEnd,
            Self::Trigger | Self::TriggerDelimiter | Self::TriggerEnd => Self::Trigger,
        }
    }

    /// Returns the state after a delimiter; `Start` is where a statement has ended.
    fn after_delimiter(self) -> Self {
        match self {
            Self::Trigger | Self::TriggerDelimiter => Self::TriggerDelimiter,
            Self::Virtual { depth: 1.. } => self,
            Self::Start
            | Self::Plain
            | Self::Explain
            | Self::Create
            | Self::Virtual { depth: 0 }
            | Self::TriggerEnd => Self::Start,
        }
    }
}

/// The position in a statement of PostgreSQL.
///
/// A body of `BEGIN ATOMIC` is a list of statements with a `;` after each (`routine_body` in
/// PostgreSQL's `gram.y`), so that its `END` is the one where a statement could begin, whatever
/// ends a `CASE` or is a label without `AS`.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Atomic {
    head: Head,
    parens: usize,
    /// Whether the next token may start a statement of the body.
    starts: bool,
    after_begin: bool,
    /// The position of the last BEGIN.
    begun_at: usize,
}

/// The state after the first words.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Head {
    #[default]
    Start,
    Create,
    Or,
    Routine,
    Body,
    Plain,
}

impl Atomic {
    fn pass(&mut self, token: &Token<'_>) {
        match token.text {
            "(" => self.parens += 1,
            ")" => self.parens = self.parens.saturating_sub(1),
            _ => {}
        }
        let starts = std::mem::take(&mut self.starts);
        let after_begin = std::mem::replace(&mut self.after_begin, token.is_word("BEGIN"));
        if self.after_begin && self.head == Head::Routine {
            self.begun_at = token.offset;
        }
        self.head = match self.head {
            Head::Start if token.is_word("CREATE") => Head::Create,
            Head::Create if token.is_word("OR") => Head::Or,
            Head::Or if token.is_word("REPLACE") => Head::Create,
            Head::Create if token.is_one_of(&["FUNCTION", "PROCEDURE"]) => Head::Routine,
            Head::Routine if after_begin && self.parens == 0 && token.is_word("ATOMIC") => {
                self.starts = true;
                Head::Body
            }
            Head::Body if starts && token.is_word("END") => Head::Plain,
            Head::Routine | Head::Body => self.head,
            Head::Start | Head::Create | Head::Or | Head::Plain => Head::Plain,
        };
    }

    fn ends(&mut self) -> bool {
        let inside = self.parens > 0;
        self.starts = self.head == Head::Body && !inside;
        !inside && self.head != Head::Body
    }
}

#[cfg(test)]
mod tests {
    use crate::sql::{Dialect, split};

    #[test]
    fn an_atomic_body_is_told_from_what_looks_like_one() {
        let count = |text| split(text, Dialect::Postgres).unwrap().len();
        assert_eq!(count("CREATE FUNCTION f(begin atomic) BEGIN ATOMIC a (;end;); END; b"), 2);
        assert_eq!(count("CREATE FUNCTION \"begin\" \"atomic\"; b"), 2);
        assert_eq!(count("CREATE FUNCTION a(begin atomic); b"), 2);
        assert_eq!(count("BEGIN; ATOMIC; END"), 3);
        assert_eq!(count("a); (b"), 2);
    }
}
