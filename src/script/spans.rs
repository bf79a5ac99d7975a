//! The statements of a script: where they stand, and what the runner has to know of each.

use crate::place::Place;
use crate::revision::{Header, Wrapping};
use crate::script::variables::without_value;
use crate::script::{Compiler, ScriptError, Span, Text};
use crate::sql::{
    DATA_END, Dialect, Effect, Splitter, Statement, TableLocks, Token, commits_implicitly,
    leaves_traces, session_effect, sets_session, table_locks, transaction_control,
};

/// Where a transaction was opened, by which keyword, and the savepoints that are within it.
struct Opened {
    line: usize,
    column: usize,
    keyword: &'static str,
    savepoints: Vec<String>,
}

impl Opened {
    fn at(statement: &Statement<'_>, keyword: &'static str) -> Self {
        let (line, column) = (statement.line, statement.column);
        Self { line, column, keyword, savepoints: Vec::new() }
    }
}

impl Compiler<'_> {
    pub(super) fn split(
        &self,
        source: &Text<'_>,
        header: &Header,
        wrapping: Wrapping,
    ) -> Result<Box<[Span]>, ScriptError> {
        let (mut res, mut is_locked, mut open) = (Vec::new(), false, None);
        if u32::try_from(source.as_str().len()).is_err() {
            return Err(ScriptError::TooLong { file: source.file().into_owned() });
        }
        let at = |line, column| Box::new(Place::at(&source.file(), source.as_str(), line, column));
        for statement in Splitter::new(source.as_str(), self.dialect()) {
            let statement = statement.map_err(|problem| {
                let (line, column) = problem.location();
                ScriptError::Split { place: at(line, column), problem }
            })?;
            let span = self.span(&statement, wrapping).map_err(|keyword| {
                let place = at(statement.line, statement.column);
                ScriptError::TransactionControl { place, keyword }
            })?;
            if let Some(table) = self.own_table(&statement) {
                let place = at(statement.line, statement.column);
                return Err(ScriptError::OwnTable { place, table });
            }
            let missing =
                without_value(statement.text, &header.extras.variables, source.variables());
            if let Some((within, name)) = missing {
                let offset = statement.offset + within;
                let place = Place::at_offset(&source.file(), source.as_str(), offset);
                return Err(ScriptError::NoValue { place: Box::new(place), name: name.to_owned() });
            }
            open = self.opened(open, &statement, wrapping);
            is_locked = match span.locks {
                TableLocks::Kept => is_locked,
                TableLocks::Taken => true,
                TableLocks::Released => false,
            };
            res.push(Span { is_locked, ..span });
        }
        if let Some(Opened { line, column, keyword, .. }) = open {
            return Err(ScriptError::LeftOpen { place: at(line, column), keyword });
        }
        Ok(res.into_boxed_slice())
    }

    /// Follows the transactions that a script without one opens for itself: returns where one was opened
    /// that is open after a statement.
    fn opened(
        &self,
        before: Option<Opened>,
        statement: &Statement<'_>,
        wrapping: Wrapping,
    ) -> Option<Opened> {
        if wrapping == Wrapping::Transaction || statement.is_of_rows() {
            return before;
        }
        let keyword = transaction_control(statement);
        match keyword.map(|keyword| (keyword, session_effect(statement))) {
            Some((keyword, Effect::Opens)) => Some(Opened::at(statement, keyword)),
            Some((_, Effect::Closes)) => None,
            None if self.dialect() == Dialect::Sqlite => savepoint(before, statement),
            _ if self.dialect() == Dialect::MySql && commits_implicitly(statement) => None,
            _ => before,
        }
    }

    /// Tells what the runner has to know of a statement, or by which words it steers the transaction
    /// that it is to run in.
    pub(super) fn span(
        &self,
        statement: &Statement<'_>,
        wrapping: Wrapping,
    ) -> Result<Span, &'static str> {
        let res = Span::new(statement.offset, statement.text);
        if statement.is_of_rows() {
            return Ok(res);
        }
        let keyword = transaction_control(statement);
        if let Some(keyword) = keyword.filter(|_| wrapping == Wrapping::Transaction) {
            return Err(keyword);
        }
        let leaves_traces = leaves_traces(statement);
        let attaches = statement.begins_with("ATTACH");
        let commits = !self.engine.has_transactional_ddl() && commits_implicitly(statement);
        let (sets_session, locks) = (sets_session(statement), table_locks(statement));
        Ok(Span { leaves_traces, attaches, commits, sets_session, locks, ..res })
    }
}

/// Follows the savepoints of SQLite: where no transaction is open, the outermost opens one, and ends it.
fn savepoint(before: Option<Opened>, statement: &Statement<'_>) -> Option<Opened> {
    let name =
        |token: Token<'_>| token.text.trim_matches(['"', '\'', '`', '[', ']']).to_ascii_lowercase();
    if statement.begins_with("SAVEPOINT") {
        let mut res = before.unwrap_or_else(|| Opened::at(statement, "SAVEPOINT"));
        res.savepoints.extend(statement.code().nth(1).map(name));
        return Some(res);
    }
    if !statement.begins_with("RELEASE") {
        return before;
    }
    let mut res = before?;
    let name = statement.code().last().map(name)?;
    if let Some(at) = res.savepoints.iter().rposition(|it| *it == name) {
        res.savepoints.truncate(at);
    }
    (res.keyword != "SAVEPOINT" || !res.savepoints.is_empty()).then_some(res)
}

/// Tells whether a word begins a statement, in any case: MySQL's USE says in which database the
/// following ones work, ROLLBACK goes back to a savepoint.
pub(super) fn begins_with(text: &str, word: &str) -> bool {
    let first = text.split_whitespace().next();
    first.is_some_and(|first| first.eq_ignore_ascii_case(word))
}

/// Tells whether psql must not go on if a statement fails, or one before it: it would go back to a
/// savepoint, or take data for commands.
pub(super) fn needs_stop(text: &str) -> bool {
    begins_with(text, "rollback") || text.ends_with(DATA_END)
}
