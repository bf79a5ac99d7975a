//! What a statement of PostgreSQL has left that failed outside a transaction, and has to go before another
//! try: an invalid index, a partition that is half detached.

use std::time::Duration;

use crate::clock::pause;
use crate::database::{DatabaseError, Engine, SqlFault};
use crate::ledger::Running;
use crate::runner::indexes::left_by;
use crate::runner::{Event, Run};
use crate::sql::{Dialect, Lexer};

/// How often it is tried to drop an index.
const MOST_TRIES: u32 = 5;

/// How long a drop waits for others after an interrupt.
const BRIEFLY: &str = "SET lock_timeout TO '2s'";

/// What would end the detaching of partitions that has begun.
const PENDING: &str = "\
    SELECT pg_catalog.format('ALTER TABLE %s DETACH PARTITION %s FINALIZE', \
    inhparent::pg_catalog.regclass, inhrelid::pg_catalog.regclass) \
    FROM pg_catalog.pg_inherits WHERE inhdetachpending";

impl Run<'_> {
    /// Clears away what a statement has left that failed, and returns the error with what couldn't be.
    pub(super) fn clear_away(&mut self, text: &str, cause: DatabaseError) -> DatabaseError {
        if matches!(cause, DatabaseError::Interrupted) {
            self.clear_interrupted(text);
        }
        let DatabaseError::Sql(mut fault) = cause else {
            return cause;
        };
        if self.engine == Engine::Postgres && !self.batch.connection.in_transaction() {
            let connection = &mut *self.batch.connection;
            for index in self.indexes.left(connection, text).unwrap_or_default() {
                self.drop_index(&index, &mut fault);
            }
            let is_taken = fault.code.as_deref() == Some("42P07");
            let connection = &mut *self.batch.connection;
            if let Some(index) =
                is_taken.then(|| self.indexes.stands_invalid(connection, text)).flatten()
            {
                add(
                    &mut fault,
                    &format!(
                        "it is invalid, for a build of it failed before; `DROP INDEX CONCURRENTLY \
                         {index}` makes room for another"
                    ),
                );
            }
            if detaches(text) {
                self.tell_pending(&mut fault);
            }
        }
        DatabaseError::Sql(fault)
    }

    /// Drops what a build has left that somebody has interrupted, unless others are in the way: whoever
    /// presses Ctrl-C doesn't want to wait.
    fn clear_interrupted(&mut self, text: &str) {
        if self.engine != Engine::Postgres || self.batch.connection.in_transaction() {
            return;
        }
        let indexes = std::mem::take(&mut self.indexes);
        let left = self.undisturbed(|connection| indexes.left(connection, text));
        self.indexes = indexes;
        for index in left.unwrap_or_default() {
            let drop = format!("DROP INDEX CONCURRENTLY {index}");
            let is_dropped = self
                .undisturbed(|connection| connection.execute(BRIEFLY))
                .and_then(|()| self.batch.connection.execute(&drop))
                .is_ok();
            let index = &*index;
            if !is_dropped {
                self.notes.set_left();
            }
            (self.observe)(if is_dropped {
                Event::Cleared { index }
            } else {
                Event::Left { index }
            });
        }
    }

    /// Drops what the first statement that goes on has left when a run was cut off at it. What can't be
    /// dropped the statement itself will meet.
    pub(super) fn clear_cut_off(&mut self, before: &Running) {
        let Some(noted) = before.catalog.as_deref().filter(|_| self.engine == Engine::Postgres)
        else {
            return;
        };
        let Some(statement) = self.statement_at_hand(before.done) else { return };
        let left = left_by(self.batch.connection, &statement, noted).unwrap_or_default();
        for index in left {
            if self.is_dropped(&index) {
                (self.observe)(Event::Cleared { index: &index });
            } else {
                self.notes.set_left();
            }
        }
    }

    fn statement_at_hand(&self, number: usize) -> Option<String> {
        let unit = self.unit_at_hand()?;
        let span = *unit.spans_of(u32::try_from(number).ok()?, 1).first()?;
        Some(unit.source.open().ok()?.statement(span).into_owned())
    }

    /// Drops an invalid index, where others are in the way after some tries; tells whether it is gone.
    fn is_dropped(&mut self, index: &str) -> bool {
        let drop = format!("DROP INDEX CONCURRENTLY {index}");
        for tries in 1..=MOST_TRIES {
            match self.batch.connection.execute(&drop) {
                Ok(()) => return true,
                Err(DatabaseError::Sql(cause))
                    if cause.is_transient && tries < MOST_TRIES && self.heed().is_ok() =>
                {
                    std::thread::sleep(pause(Duration::from_millis(100) * tries));
                }
                Err(_) => break,
            }
        }
        false
    }

    /// Drops the invalid index that a failed build has left.
    fn drop_index(&mut self, index: &str, fault: &mut SqlFault) {
        if self.is_dropped(index) {
            return (self.observe)(Event::Cleared { index });
        }
        let drop = format!("DROP INDEX CONCURRENTLY {index}");
        add(
            fault,
            &format!(
                "its try has left the invalid index `{index}`; `{drop}` makes room for another"
            ),
        );
        self.leaves = true;
        self.notes.set_left();
    }

    /// Says how a partition is detached wholly that is so in part.
    fn tell_pending(&mut self, fault: &mut SqlFault) {
        // Old servers don't know the column, nor the statement.
        if let Ok(Some(statement)) = self.batch.connection.value(PENDING) {
            add(fault, &format!("the partition is detached in part; `{statement}` ends it"));
            self.leaves = true;
        }
    }
}

fn add(fault: &mut SqlFault, text: &str) {
    let before = fault.detail.take().map(|detail| format!("{detail}; ")).unwrap_or_default();
    fault.detail = Some(before + text);
}

fn detaches(text: &str) -> bool {
    let mut tokens = Lexer::new(text, Dialect::Postgres).map_while(Result::ok);
    let begins = tokens.next().is_some_and(|first| first.is_word("ALTER"));
    begins && tokens.any(|token| token.is_word("DETACH"))
}
