//! What a statement of PostgreSQL has left that failed outside a transaction, and has to go before another
//! try: an invalid index, a partition that is half detached.

use std::time::Duration;

use crate::clock::pause;
use crate::database::{DatabaseError, Engine, SqlFault};
use crate::runner::{Event, Run};
use crate::sql::{Dialect, Lexer};

/// How often it is tried to drop an index.
const MOST_TRIES: u32 = 5;

/// What would end the detaching of partitions that has begun.
const PENDING: &str = "\
    SELECT pg_catalog.format('ALTER TABLE %s DETACH PARTITION %s FINALIZE', \
    inhparent::pg_catalog.regclass, inhrelid::pg_catalog.regclass) \
    FROM pg_catalog.pg_inherits WHERE inhdetachpending";

impl Run<'_> {
    /// Clears away what a statement has left that failed, and returns the error with what couldn't be.
    pub(super) fn clear_away(&mut self, text: &str, cause: DatabaseError) -> DatabaseError {
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

    /// Drops the invalid index that a failed build has left.
    fn drop_index(&mut self, index: &str, fault: &mut SqlFault) {
        let drop = format!("DROP INDEX CONCURRENTLY {index}");
        for tries in 1..=MOST_TRIES {
            match self.batch.connection.execute(&drop) {
                Ok(()) => return (self.observe)(Event::Cleared { index }),
                Err(DatabaseError::Sql(cause))
                    if cause.is_transient && tries < MOST_TRIES && self.heed().is_ok() =>
                {
                    std::thread::sleep(pause(Duration::from_millis(100) * tries));
                }
                Err(_) => break,
            }
        }
        add(
            fault,
            &format!(
                "its try has left the invalid index `{index}`; `{drop}` makes room for another"
            ),
        );
        self.leaves = true;
    }

    /// Says how a partition is detached wholly that is so in part.
    fn tell_pending(&mut self, fault: &mut SqlFault) {
        // Old servers don't know the column, nor the statement.
        let rows = self.batch.connection.query(PENDING).unwrap_or_default();
        if let Some(statement) = rows.into_iter().flatten().flatten().next() {
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
