//! The remains of a PostgreSQL statement that failed outside a transaction, which have to go before
//! a retry: an invalid index, a half-detached partition.

use std::time::Duration;

use crate::clock::pause;
use crate::database::{DatabaseError, SqlFault};
use crate::ledger::Running;
use crate::runner::indexes::left_by;
use crate::runner::{Event, Noted, Run};
use crate::sql::{Dialect, Lexer};

/// How often dropping an index is tried.
const MOST_TRIES: u32 = 5;

/// The lock timeout of a drop after an interrupt.
const BRIEFLY: &str = "SET lock_timeout TO '2s'";

/// The statements that complete a begun detachment of partitions.
const PENDING: &str = "\
    SELECT pg_catalog.format('ALTER TABLE %s DETACH PARTITION %s FINALIZE', \
    inhparent::pg_catalog.regclass, inhrelid::pg_catalog.regclass) \
    FROM pg_catalog.pg_inherits WHERE inhdetachpending";

impl Noted {
    /// Drops the remains of a failed statement, and returns the error with those that can't be
    /// dropped.
    pub(super) fn clear_away(
        &mut self,
        run: &mut Run<'_>,
        text: &str,
        cause: DatabaseError,
    ) -> DatabaseError {
        if !run.engine().builds_concurrently() || run.connection.in_transaction() {
            return cause;
        }
        if matches!(cause, DatabaseError::Interrupted) {
            self.clear_interrupted(run, text);
        }
        let DatabaseError::Sql(mut fault) = cause else { return cause };
        for index in self.indexes.left(run.connection, text).unwrap_or_default() {
            if is_dropped(run, &index) {
                (run.observe)(Event::Cleared { index: &index });
            } else {
                let left = format!("its try has left the invalid index `{index}`");
                add(&mut fault, &format!("{left}; `{}` makes room for another", drop_sql(&index)));
                self.leaves = true;
                self.notes.set_left();
            }
        }
        let is_taken = fault.code.as_deref() == Some("42P07");
        if is_taken && let Some(index) = self.indexes.stands_invalid(run.connection, text) {
            add(
                &mut fault,
                &format!(
                    "it is invalid, for a build of it failed before; `{}` makes room for another",
                    drop_sql(&index),
                ),
            );
        }
        if detaches(text) {
            self.tell_pending(run, &mut fault);
        }
        DatabaseError::Sql(fault)
    }

    /// Drops the remains of an interrupted build, unless others are in the way: after Ctrl-C nobody
    /// wants to wait.
    fn clear_interrupted(&mut self, run: &mut Run<'_>, text: &str) {
        let left = run.undisturbed(|connection| self.indexes.left(connection, text));
        for index in left.unwrap_or_default() {
            let is_dropped = run
                .undisturbed(|connection| connection.execute(BRIEFLY))
                .and_then(|()| run.connection.execute(&drop_sql(&index)))
                .is_ok();
            if !is_dropped {
                self.notes.set_left();
            }
            let index = &*index;
            (run.observe)(if is_dropped {
                Event::Cleared { index }
            } else {
                Event::Left { index }
            });
        }
    }

    /// Drops the remains of the statement at which the previous run was cut off. If that fails, the
    /// statement itself will report it.
    pub(super) fn clear_cut_off(&mut self, run: &mut Run<'_>, before: &Running) {
        let noted = before.catalog.as_deref().filter(|_| run.engine().builds_concurrently());
        let Some(noted) = noted else { return };
        let Some(statement) = statement_at_hand(run, before.done) else { return };
        for index in left_by(run.connection, &statement, noted).unwrap_or_default() {
            if is_dropped(run, &index) {
                (run.observe)(Event::Cleared { index: &index });
            } else {
                self.notes.set_left();
            }
        }
    }

    /// Reports how a half-detached partition is fully detached.
    fn tell_pending(&mut self, run: &mut Run<'_>, fault: &mut SqlFault) {
        // Old servers lack the column and the statement.
        if let Ok(Some(statement)) = run.connection.value(PENDING) {
            add(fault, &format!("the partition is detached in part; `{statement}` ends it"));
            self.leaves = true;
        }
    }
}

fn statement_at_hand(run: &Run<'_>, number: usize) -> Option<String> {
    let unit = run.unit_at_hand()?;
    let span = *unit.spans_of(u32::try_from(number).ok()?, 1).first()?;
    Some(unit.source.open().ok()?.statement(span).into_owned())
}

fn drop_sql(index: &str) -> String {
    format!("DROP INDEX CONCURRENTLY {index}")
}

/// Drops an invalid index, with several tries if others are in the way; tells whether it is gone.
fn is_dropped(run: &mut Run<'_>, index: &str) -> bool {
    for tries in 1..=MOST_TRIES {
        match run.connection.execute(&drop_sql(index)) {
            Ok(()) => return true,
            Err(DatabaseError::Sql(cause))
                if cause.is_transient && tries < MOST_TRIES && run.heed().is_ok() =>
            {
                std::thread::sleep(pause(Duration::from_millis(100) * tries));
            }
            Err(_) => break,
        }
    }
    false
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
