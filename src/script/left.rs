//! Session state that statements have left, and how a new session restores it.

use std::borrow::Cow;

use crate::script::hidden::Hidden;
use crate::sql::{Code, Dialect, Lexer, Sets, Splitter, assigned_variables, mentions};

/// Session state that a statement has left.
pub(super) struct LeftState {
    /// The index of the statement.
    pub(super) at: usize,
    pub(super) kind: StateKind,
}

pub(super) enum StateKind {
    /// A setting, which can be set again.
    Setting,
    /// Variables whose values were read; whether the same statement sets something else.
    Read(Vec<String>, bool),
    /// A temporary object; whether it held rows from the start, whether it may have been given some
    /// since, and whether it acts unnamed.
    Temporary {
        name: String,
        holds_rows: bool,
        is_filled: bool,
        acts: bool,
    },
    /// A prepared statement; whether its text was read.
    Prepared {
        name: String,
        is_read: bool,
    },
    Cursor(String),
    Lock(String),
    /// State set by code that has other effects too.
    Code(Sets),
}

/// The name for locks of whole tables (MySQL), which no other lock has.
const TABLES: &str = "LOCK TABLES";

/// The way to restore session state.
pub(super) enum Remedy {
    /// No later statement depends on it.
    Nothing,
    /// The statement runs again.
    Again,
    /// The state can't be restored; the text names it.
    Impossible(String),
}

impl StateKind {
    /// Tells whether the state has effects without being named.
    pub(super) fn acts(&self) -> bool {
        matches!(self, Self::Temporary { acts: true, .. })
    }

    /// Determines how the state is restored before the following statements.
    pub(super) fn remedy(&self, following: &Following<'_>) -> Remedy {
        let again_unless = |is_lost: bool, what: String| {
            if is_lost { Remedy::Impossible(what) } else { Remedy::Again }
        };
        let is_named = |name: &str| following.names(name);
        let is_read = |name: &str| following.is_alone(name) || following.needs(name);
        match self {
            Self::Read(names, runs) => {
                if names.is_empty() {
                    Remedy::Impossible("a setting whose value was read".to_owned())
                } else if let Some(name) = names.iter().find(|it| is_read(it)) {
                    Remedy::Impossible(format!("a value that was read in `{name}`"))
                } else if *runs {
                    Remedy::Again
                } else {
                    Remedy::Nothing
                }
            }
            Self::Setting | Self::Temporary { acts: true, .. } => Remedy::Again,
            Self::Temporary { name, holds_rows, is_filled, .. } if is_named(name) => again_unless(
                *holds_rows || (*is_filled && following.uses(name)),
                format!("rows in the temporary object `{name}`"),
            ),
            Self::Prepared { name, is_read } if is_named(name) => again_unless(
                *is_read,
                format!("the prepared statement `{name}`, whose text was read"),
            ),
            Self::Cursor(name) if is_named(name) => {
                Remedy::Impossible(format!("the open cursor `{name}`"))
            }
            Self::Temporary { .. } | Self::Prepared { .. } | Self::Cursor(_) => Remedy::Nothing,
            // Whole tables are locked again, and the following statements run under these locks.
            Self::Lock(name) => again_unless(name != TABLES, "a lock".to_owned()),
            Self::Code(sets) if sets.anything => {
                Remedy::Impossible("whatever its code has set".to_owned())
            }
            Self::Code(sets) => match sets.names.iter().find(|name| following.needs(name)) {
                Some(name) => Remedy::Impossible(format!("what its code has set in `{name}`")),
                None => Remedy::Nothing,
            },
        }
    }
}

/// The statements of the new session: those that run again, and the rest of the script.
pub(super) struct Following<'t> {
    /// All statements of the script.
    texts: &'t [Cow<'t, str>],
    run: Vec<Follower<'t>>,
    dialect: Dialect,
}

/// A statement of the new session.
struct Follower<'t> {
    text: &'t str,
    /// Whether it creates something that acts unnamed: a trigger.
    acts: bool,
    /// The code that it may run implicitly.
    codes: Vec<&'t Code>,
}

impl<'t> Following<'t> {
    /// Takes a script, the number of its finished statements, and the code that it may run.
    pub(super) fn new(
        texts: &'t [Cow<'t, str>],
        done: usize,
        dialect: Dialect,
        hidden: &'t Hidden,
    ) -> Self {
        let follower = |text: &'t Cow<'t, str>| {
            let statement = Splitter::new(text, dialect).next().and_then(Result::ok);
            let codes = statement.map(|it| hidden.reached(&it)).unwrap_or_default();
            Follower { text, acts: false, codes }
        };
        let run = texts.get(done..).unwrap_or_default().iter().map(follower).collect();
        Self { texts, run, dialect }
    }

    /// Adds a statement that runs again, before all others.
    pub(super) fn add(&mut self, text: &'t str, acts: bool) {
        self.run.insert(0, Follower { text, acts, codes: Vec::new() });
    }

    fn codes(&self) -> impl Iterator<Item = &Code> {
        self.run.iter().flat_map(|it| &it.codes).copied()
    }

    /// Tells whether a temporary object, a prepared statement or a cursor is named.
    fn names(&self, name: &str) -> bool {
        self.run.iter().any(|it| mentions(it.text, name))
            || self.codes().any(|code| mentions(&code.text, name))
    }

    /// Tells whether the content of a temporary object may be read; triggers may add to it.
    fn uses(&self, name: &str) -> bool {
        let is_seen = |text: &str| does_more_than_add(text, name, self.dialect);
        self.run.iter().any(|it| if it.acts { is_seen(it.text) } else { mentions(it.text, name) })
            || self.codes().any(|code| is_seen(&code.text))
    }

    /// Tells whether a variable may be read before it is set again.
    fn needs(&self, name: &str) -> bool {
        for Follower { text, codes, .. } in &self.run {
            let is_named = may_read(text, name);
            if codes.iter().any(|code| may_read(&code.text, name) && !sets_first(code, name)) {
                return true;
            } else if is_named {
                return !is_only_set(text, name, self.dialect);
            }
        }
        false
    }

    /// Tells whether only one statement names a variable, so that its readers must be hidden.
    fn is_alone(&self, name: &str) -> bool {
        let all: usize = self.texts.iter().map(|text| usize::from(mentions(text, name))).sum();
        all <= 1 && self.texts.iter().all(|text| text.matches(name).count() <= 1)
    }
}

/// Tells whether a text names a variable, or may compute its name.
fn may_read(text: &str, name: &str) -> bool {
    if !name.contains('.') || mentions(text, name) {
        return mentions(text, name);
    }
    let text = text.to_ascii_lowercase();
    let mut read = text.split("current_setting").skip(1);
    mentions(&text, "pg_settings")
        || read.any(|rest| {
            let argument = rest.trim_start_matches([' ', '\n', '\t', '"', '(']);
            let after = argument.strip_prefix('\'').and_then(|it| it.split_once('\''));
            !after.is_some_and(|(_, after)| after.trim_start().starts_with([',', ')', ':']))
        })
}

/// Tells whether a statement sets a variable without reading it.
fn is_only_set(text: &str, name: &str, dialect: Dialect) -> bool {
    let Some(Ok(statement)) = Splitter::new(text, dialect).next() else { return false };
    let is_target = |target: &String| target.eq_ignore_ascii_case(name);
    let value = text.split_once('=').map_or("", |(_, value)| value);
    statement.begins_with("SET")
        && assigned_variables(&statement).iter().any(is_target)
        && !mentions(value, name)
}

/// Keywords after which code may have been skipped.
const BRANCHES: &[&str] = &["then", "else", "when", "loop", "do", "repeat", "handler"];

/// Tells whether code sets a variable, or creates a temporary object, before any other use of it.
fn sets_first(code: &Code, name: &str) -> bool {
    let text = code.text.to_ascii_lowercase();
    let name = name.to_ascii_lowercase();
    let is_whole = |after: &str| !after.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    let mut found = text.match_indices(&name).map(|(at, _)| text.split_at(at));
    let found = found.find(|(_, rest)| rest.get(name.len()..).is_some_and(is_whole));
    let Some((before, rest)) = found else { return false };
    let after = rest.get(name.len()..).unwrap_or_default();
    let words: Vec<&str> = before
        .split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .filter(|word| !word.is_empty())
        .collect();
    let is_set = match words.as_slice() {
        [.., "into"] => name.starts_with('@'),
        [.., "set" | "set_config"]
        | [.., "set", "session"]
        | [.., "temp" | "temporary" | "drop", "table"]
        | [.., "if", "exists"] => true,
        _ => false,
    };
    let value = after.split(';').next().unwrap_or_default();
    is_set && !words.iter().any(|word| BRANCHES.contains(word)) && !mentions(value, &name)
}

/// Tells whether code does more with a table than insert rows.
fn does_more_than_add(text: &str, name: &str, dialect: Dialect) -> bool {
    let tokens: Vec<_> = Lexer::new(text, dialect).map_while(Result::ok).collect();
    let is = |at: Option<usize>, text: &str| {
        at.and_then(|at| tokens.get(at)).is_some_and(|it| it.text.eq_ignore_ascii_case(text))
    };
    tokens.iter().enumerate().any(|(at, token)| {
        let is_qualified = is(at.checked_sub(1), ".");
        let verb = at.checked_sub(if is_qualified { 3 } else { 1 });
        mentions(token.text, name) && !is(verb, "into")
    })
}
