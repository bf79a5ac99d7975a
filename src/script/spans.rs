//! The statements of a script: positions, and the properties that the runner needs.

use crate::place::Place;
use crate::revision::{Header, Wrapping};
use crate::script::transactions::{Open, Opened};
use crate::script::variables::without_value;
use crate::script::{Compiler, ScriptError, Span, Text};
use crate::sql::{
    DATA_END, Splitter, Statement, TableLocks, asks_last, commits_implicitly, leaves_traces,
    sets_session, table_locks, transaction_control,
};

impl Compiler<'_> {
    pub(super) fn split(
        &self,
        source: &Text<'_>,
        header: &Header,
        wrapping: Wrapping,
    ) -> Result<Box<[Span]>, ScriptError> {
        let (mut res, mut is_locked, mut open) = (Vec::new(), false, Open::default());
        if u32::try_from(source.as_str().len()).is_err() {
            return Err(ScriptError::TooLong { file: source.file().to_path_buf() });
        }
        let at = |line, column| Box::new(Place::at(source.file(), source.as_str(), line, column));
        for statement in Splitter::new(source.as_str(), self.dialect()) {
            let statement = statement.map_err(|problem| {
                let (line, column) = problem.location();
                ScriptError::Split { place: at(line, column), problem }
            })?;
            if self.leaves_out.is_some_and(|it| (it.tells)(&statement, it.extensions)) {
                continue;
            }
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
                let place = Place::at_offset(source.file(), source.as_str(), offset);
                return Err(ScriptError::NoValue { place: Box::new(place), name: name.to_owned() });
            }
            if wrapping == Wrapping::None {
                open.pass(&statement);
            }
            is_locked = match span.locks {
                TableLocks::Kept => is_locked,
                TableLocks::Taken => true,
                TableLocks::Released => false,
            };
            res.push(Span { is_locked, ..span });
        }
        if let Some(Opened { line, column, keyword }) = open.left() {
            return Err(ScriptError::LeftOpen { place: at(line, column), keyword });
        }
        Ok(res.into_boxed_slice())
    }

    /// Determines the properties of a statement, or the keywords by which it interferes with its
    /// transaction.
    pub(super) fn span(
        &self,
        statement: &Statement<'_>,
        wrapping: Wrapping,
    ) -> Result<Span, &'static str> {
        let notes = wrapping == Wrapping::None || !self.engine.has_transactional_ddl();
        let asks_last = notes && asks_last(statement);
        let res = Span { asks_last, ..Span::new(statement.offset, statement.text) };
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

/// Tells whether a statement begins with a word, in any case: MySQL's USE changes the current
/// database, ROLLBACK returns to a savepoint.
pub(super) fn begins_with(text: &str, word: &str) -> bool {
    let first = text.split_whitespace().next();
    first.is_some_and(|first| first.eq_ignore_ascii_case(word))
}

/// Tells whether psql has to stop if a statement or one before it fails: it would roll back to a
/// savepoint, or read data as commands.
pub(super) fn needs_stop(text: &str) -> bool {
    begins_with(text, "rollback") || text.ends_with(DATA_END)
}
