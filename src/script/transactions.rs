//! The transactions that a script without one opens for itself: none may be open at the end.

use crate::sql::{
    Dialect, Effect, Statement, Token, ends_transaction, leaves_commits_to_script, session_effect,
    transaction_control,
};

/// Statements of MySQL that change no rows, so that no commit is needed after them.
const READS: &[&str] = &["SELECT", "SET", "SHOW", "USE", "ANALYZE", "EXPLAIN", "DESCRIBE"];

/// The place at which a transaction was opened, and the keyword.
#[derive(Debug, Clone, Copy)]
pub(super) struct Opened {
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) keyword: &'static str,
}

/// The open transactions after a statement.
#[derive(Debug, Default)]
pub(super) struct Open {
    transaction: Option<Opened>,
    /// The savepoints of SQLite: outside of a transaction, the outermost opens one and ends it.
    savepoints: Vec<String>,
    /// The place at which MySQL's autocommit was switched off.
    unset: Option<Opened>,
    /// Whether there are uncommitted changes since then.
    is_used: bool,
}

impl Opened {
    fn at(statement: &Statement<'_>, keyword: &'static str) -> Self {
        Self { line: statement.line, column: statement.column, keyword }
    }
}

impl Open {
    pub(super) fn pass(&mut self, statement: &Statement<'_>) {
        if statement.is_of_rows() {
            return;
        }
        let keyword = transaction_control(statement);
        match keyword.map(|keyword| (keyword, session_effect(statement))) {
            Some((keyword, Effect::Opens)) => {
                self.end();
                self.transaction = Some(Opened::at(statement, keyword));
            }
            Some((_, Effect::Closes)) => self.end(),
            Some((keyword, _)) if leaves_commits_to_script(statement) => {
                self.unset = self.unset.or_else(|| Some(Opened::at(statement, keyword)));
            }
            // The server commits an open transaction when autocommit is switched on.
            Some((_, Effect::Setting | Effect::Read { .. })) => {
                if self.unset.take().is_some() {
                    self.end();
                }
            }
            // Elsewhere a savepoint stands within a transaction, and opens none.
            None if statement.dialect == Dialect::Sqlite => self.savepoint(statement),
            _ if ends_transaction(statement) => self.end(),
            _ => self.is_used |= !READS.iter().any(|word| statement.begins_with(word)),
        }
    }

    /// Returns the transaction that the script has left open.
    pub(super) fn left(&self) -> Option<Opened> {
        self.transaction.or(self.unset.filter(|_| self.is_used))
    }

    fn end(&mut self) {
        self.transaction = None;
        self.savepoints.clear();
        self.is_used = false;
    }

    fn savepoint(&mut self, statement: &Statement<'_>) {
        let name = |token: Token<'_>| {
            token.text.trim_matches(['"', '\'', '`', '[', ']']).to_ascii_lowercase()
        };
        if statement.begins_with("SAVEPOINT") {
            self.transaction =
                self.transaction.or_else(|| Some(Opened::at(statement, "SAVEPOINT")));
            self.savepoints.extend(statement.code().nth(1).map(name));
        } else if statement.begins_with("RELEASE")
            && let Some(name) = statement.code().last().map(name)
            && let Some(at) = self.savepoints.iter().rposition(|it| *it == name)
        {
            self.savepoints.truncate(at);
            let is_own = self.transaction.is_some_and(|it| it.keyword == "SAVEPOINT");
            if is_own && self.savepoints.is_empty() {
                self.end();
            }
        }
    }
}
