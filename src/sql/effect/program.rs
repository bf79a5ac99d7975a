//! The settings that a block of code, or a called routine, makes in the session.

use crate::sql::dialect::Dialect;
use crate::sql::lexer::{Lexer, Token, TokenKind};
use crate::sql::tokens::{
    bare, calls, calls_any, has, is_at, names, parts, pass, qualified, user_variables, within,
};
use crate::words::words;

/// The depth to which texts within texts are parsed: a block, a statement that it builds, a literal
/// in that.
const DEEPEST: usize = 3;

/// The settings that code makes in the session.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Sets {
    /// User variables, settings and temporary objects, which are read by name.
    pub(crate) names: Vec<String>,
    /// Whether a setting concerns every statement, or has an unknown name.
    pub(crate) anything: bool,
}

impl Sets {
    /// Makes the result for unknown code.
    pub(crate) fn unknown() -> Self {
        Self { names: Vec::new(), anything: true }
    }

    pub(crate) fn is_nothing(&self) -> bool {
        self.names.is_empty() && !self.anything
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.names.extend(other.names);
        self.anything |= other.anything;
    }
}

/// Words that precede a statement of a block.
const BEFORE: &[&str] =
    &["BEGIN", "THEN", "ELSE", "DO", "LOOP", "REPEAT", "ATOMIC", "AS", "RETURN"];

/// Further such words in MySQL; in PostgreSQL a routine's settings follow some of them.
const BEFORE_MYSQL: &[&str] = words![
    BEGIN THEN ELSE DO LOOP REPEAT ATOMIC AS RETURN ROW DETERMINISTIC INVOKER DEFINER DATA FOUND
    SQLEXCEPTION SQLWARNING
];

fn before(dialect: Dialect) -> &'static [&'static str] {
    if dialect == Dialect::MySql { BEFORE_MYSQL } else { BEFORE }
}

/// The first words of statements that can be prepared.
const VERBS: &[&str] = &[
    "ALTER", "ANALYZE", "CALL", "CREATE", "DELETE", "DO", "DROP", "EXECUTE", "GRANT", "INSERT",
    "LOCK", "OPTIMIZE", "RENAME", "REPLACE", "REVOKE", "SELECT", "SET", "TRUNCATE", "UPDATE",
    "USE", "WITH",
];

/// Analyzes code: the tokens of a block or of a routine with its body.
pub(super) fn sets(tokens: &[Token<'_>], dialect: Dialect) -> Sets {
    read(tokens, dialect, DEEPEST)
}

fn read(tokens: &[Token<'_>], dialect: Dialect, deeper: usize) -> Sets {
    let mut res = Sets::default();
    for (at, token) in tokens.iter().enumerate() {
        if token.kind == TokenKind::Quoted && !is_said(tokens, at) {
            res.add(read_text(token, dialect, deeper));
        }
        let begins = at == 0
            || tokens.get(at - 1).is_some_and(|before| match before.text {
                ";" | ":" => true,
                // After the parameters of a routine with a single statement.
                ")" => dialect == Dialect::MySql,
                _ => false,
            })
            || is_at(tokens, at - 1, before(dialect));
        if begins && token.is_one_of(&["SET", "RESET"]) {
            res.add(assigned(tokens, at, dialect));
        }
        let makes = ["CREATE", "INTO", "REPLACE", "LOCAL", "GLOBAL"];
        let is_temporary = token.is_one_of(&["TEMP", "TEMPORARY"]);
        if is_temporary && at > 0 && is_at(tokens, at - 1, &makes) {
            res.add(made(tokens, at));
        }
        if token.is_word("DROP") {
            let dropped = names(tokens, pass(tokens, at + 1, DROPPED));
            res.names.retain(|name| !dropped.iter().any(|it| it.eq_ignore_ascii_case(name)));
        }
    }
    res.add(configured(tokens));
    res.anything |= calls_any(tokens, LOCKS);
    res.names.extend(taken_into(tokens));
    res
}

/// Words between `DROP` and the names of temporary objects.
const DROPPED: &[&str] = &["TEMPORARY", "TABLE", "VIEW", "SEQUENCE", "IF", "EXISTS"];

/// Determines which temporary object is created, unless it ends with its transaction.
fn made(tokens: &[Token<'_>], at: usize) -> Sets {
    let rest = tokens.get(at..).unwrap_or_default();
    let rest = rest.split(|token| token.text == ";").next().unwrap_or_default();
    let drops = rest.windows(2).any(|it| it[0].is_word("COMMIT") && it[1].is_word("DROP"));
    let kinds = ["RECURSIVE", "TABLE", "VIEW", "SEQUENCE", "IF", "NOT", "EXISTS"];
    match qualified(rest, pass(rest, 1, &kinds)) {
        _ if drops => Sets::default(),
        Some((_, name, _)) => Sets { names: vec![name], anything: false },
        None => Sets::unknown(),
    }
}

/// Parses a string as code, since blocks build statements from strings.
fn read_text(token: &Token<'_>, dialect: Dialect, deeper: usize) -> Sets {
    // Other languages quote strings as SQL quotes names.
    let is_string = token.text.starts_with(['\'', '$'])
        || (token.text.starts_with('"') && token.text.contains(' '));
    let inner = if token.text.starts_with('$') {
        let tag = token.text.get(1..).and_then(|rest| rest.find('$')).map_or(0, |at| at + 2);
        token.text.get(tag..token.text.len().saturating_sub(tag)).map(str::to_owned)
    } else {
        bare(token)
    };
    let Some(inner) = inner.filter(|_| is_string && deeper > 0) else { return Sets::default() };
    let tokens: Vec<Token<'_>> = Lexer::new(&inner, dialect).map_while(Result::ok).collect();
    read(&tokens, dialect, deeper - 1)
}

/// Parses a string of MySQL as the text of a statement, and tells whether it begins like one.
pub(super) fn sets_of_string(token: &Token<'_>) -> Option<(Sets, bool)> {
    let inner = bare(token).filter(|_| token.text.starts_with(['\'', '"']))?;
    let tokens: Vec<Token<'_>> = Lexer::new(&inner, Dialect::MySql).map_while(Result::ok).collect();
    let first = tokens.first()?;
    let is_statement = first.is_one_of(VERBS);
    let mut sets = read(&tokens, Dialect::MySql, 0);
    sets.anything |= is_at(&tokens, 0, &["CALL", "LOCK", "USE", "EXECUTE"]);
    Some((sets, is_statement))
}

/// Tells whether a string is a message for people.
fn is_said(tokens: &[Token<'_>], at: usize) -> bool {
    let before = tokens.get(..at).unwrap_or_default().rsplit(|token| token.text == ";").next();
    before.is_some_and(|before| before.iter().any(|it| it.is_one_of(&["RAISE", "SIGNAL"])))
}

/// Determines the variables that a `SET` in a block sets: local ones are declared before, all
/// others belong to the session.
fn assigned(tokens: &[Token<'_>], at: usize, dialect: Dialect) -> Sets {
    let end = tokens.iter().skip(at).position(|token| token.text == ";");
    let end = end.map_or(tokens.len(), |length| at + length);
    let found = tokens.get(at..end).unwrap_or_default();
    if dialect == Dialect::Sqlite
        || is_at(found, 1, &["LOCAL", "TRANSACTION", "CONSTRAINTS", "STATEMENT"])
    {
        return Sets::default();
    }
    if dialect == Dialect::Postgres {
        // The server's own settings affect every statement; custom ones are read by name.
        return match qualified(found, pass(found, 1, &["SESSION"])) {
            Some((Some(class), name, _)) => {
                Sets { names: vec![format!("{class}.{name}")], anything: false }
            }
            Some(_) | None => Sets::unknown(),
        };
    }
    let before = tokens.get(..at).unwrap_or_default();
    let mut res = Sets::default();
    for part in parts(found.get(1..).unwrap_or_default()) {
        let target = part.split(|token| token.text == "=").next().unwrap_or_default();
        let first = target.first().map_or("", |token| token.text);
        let users = user_variables(target);
        let is_shared = has(target, "GLOBAL") || has(target, "PERSIST");
        let is_row = is_at(target, 0, &["NEW", "OLD"]);
        res.anything |= users.is_empty() && !is_shared && !is_row && !is_declared(before, first);
        res.names.extend(users);
    }
    res
}

fn is_declared(before: &[Token<'_>], name: &str) -> bool {
    let is_server = |at: usize| at > 0 && before.get(at - 1).is_some_and(|it| it.text == "@");
    let mut found = before.iter().enumerate();
    found.any(|(at, token)| token.text.eq_ignore_ascii_case(name) && !is_server(at))
}

/// Functions of the server that take a lock beyond the transaction.
const LOCKS: &[&str] = words![
    get_lock pg_advisory_lock pg_advisory_lock_shared pg_try_advisory_lock
    pg_try_advisory_lock_shared
];

/// Determines the settings that calls of `set_config` make beyond their transaction.
pub(super) fn configured(tokens: &[Token<'_>]) -> Sets {
    let mut res = Sets::default();
    for (open, _) in calls(tokens, &["set_config"]) {
        let arguments = within(tokens, open);
        if arguments.last().is_some_and(|last| last.is_word("TRUE")) {
            continue;
        }
        match parts(arguments).first().copied().unwrap_or_default() {
            // A catalog includes the type of the name.
            [name, rest @ ..]
                if name.kind == TokenKind::Quoted
                    && name.text.contains('.')
                    && rest.first().is_none_or(|next| next.text == ":") =>
            {
                res.names.extend(bare(name));
            }
            _ => res.anything = true,
        }
    }
    res
}

/// Words that end the variables of an `INTO`.
const AFTER_INTO: &[&str] = &["FROM", "WHERE", "LIMIT", "ORDER", "GROUP", "FOR"];

/// Returns the user variables that `:=` and `INTO` set.
pub(super) fn taken_into(tokens: &[Token<'_>]) -> Vec<String> {
    let mut res = Vec::new();
    for at in 0..tokens.len() {
        let is = |at: usize, text: &str| tokens.get(at).is_some_and(|token| token.text == text);
        if is(at, ":") && is(at + 1, "=") && at >= 2 {
            res.extend(user_variables(tokens.get(at.saturating_sub(3)..at).unwrap_or_default()));
        } else if is_at(tokens, at, &["INTO"]) && is(at + 1, "@") {
            let rest = tokens.get(at + 1..).unwrap_or_default();
            let end = rest.iter().position(|token| token.is_one_of(AFTER_INTO));
            res.extend(user_variables(rest.get(..end.unwrap_or(rest.len())).unwrap_or_default()));
        }
    }
    res
}
