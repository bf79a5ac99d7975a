//! What a run does on servers beside its statements: guards, timeouts, session settings.

use std::time::Duration;

use crate::config::Timeouts;
use crate::database::{DatabaseError, Engine};
use crate::ledger::Expected;
use crate::plan::Operation;
use crate::revision::{RevisionId, Wrapping};
use crate::runner::batch::Origin;
use crate::runner::transaction::Others;
use crate::runner::{Flow, Lock, Run, Stop};
use crate::script::Unit;
use crate::script::print::TIDY;
use crate::sql::Dialect;

impl Run<'_> {
    /// Tells whether each revision's statements find out for themselves that nobody has moved the
    /// database; a stamp is compared with the whole table instead.
    pub(super) fn is_guarded(&self) -> bool {
        let first = self.script.units.first();
        self.engine != Engine::Sqlite && first.is_some_and(|it| it.operation != Operation::Stamp)
    }

    /// Opens a transaction by statements that travel with those that follow.
    pub(super) fn begin_gathered(&mut self) -> Result<Flow, Stop> {
        if self.group.is_open() {
            return Ok(Flow::On);
        }
        self.send("BEGIN", Origin::Own)?;
        self.group.set_open();
        if let Some(entry) = self.setting.lock.and_then(Lock::entry) {
            self.send(&self.ledger.insist(&entry), Origin::Entry)?;
        }
        if self.is_guarded() {
            self.send(&self.ledger.lock_last(), Origin::Own)?;
            self.guard_end()?;
            return Ok(Flow::On);
        }
        self.flush()?;
        self.compare(Others::Unasked)
    }

    /// Has the transaction that records a revision which ran without one find out for itself that
    /// nobody has moved the database meanwhile.
    fn guard_end(&mut self) -> Result<(), Stop> {
        match self.unit_at_hand() {
            Some(unit) if unit.wrapping == Wrapping::None => {
                let lock = self.setting.lock.and_then(Lock::guard);
                let guard = self.ledger.guard(&self.expected(unit), lock.as_deref());
                self.send(&self.ledger.insist(&guard.condition), Origin::Guard)
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Begins a revision: what it expects, and how long its statements may take.
    pub(super) fn start_on_server(&mut self, number: usize) -> Result<(), Stop> {
        let Some(unit) = self.script.units.get(number) else {
            return Ok(());
        };
        if unit.operation == Operation::Stamp {
            return Ok(());
        }
        let in_transaction = unit.wrapping == Wrapping::Transaction;
        if self.engine.dialect() == Dialect::MySql {
            return Ok(self.set_timeouts(unit.timeouts)?);
        }
        if in_transaction {
            self.send(&self.guard_of(unit), Origin::Guard)?;
            for statement in timeouts_of_transaction(unit.timeouts) {
                self.send(&statement, Origin::Own)?;
            }
        } else {
            self.set_timeouts(unit.timeouts)?;
            if let Some(text) = self.text(number)? {
                self.indexes.remember(self.batch.connection, unit, &text)?;
            }
        }
        Ok(())
    }

    /// Returns what fails unless the database is as a revision's transaction has to find it, and
    /// nobody else can be at work.
    fn guard_of(&self, unit: &Unit) -> String {
        let lock = self.setting.lock.and_then(Lock::guard);
        let alone: Vec<String> = lock.into_iter().chain([self.ledger.nothing_runs()]).collect();
        let guard = self.ledger.guard(&self.expected(unit), Some(&alone.join(" AND ")));
        self.ledger.insist(&guard.condition)
    }

    /// Returns what the version table has to hold for a unit to be right.
    pub(super) fn expected(&self, unit: &Unit) -> Expected {
        let is_up = unit.operation == Operation::Upgrade;
        Expected {
            last: self.basis.known.last().map(str::to_owned),
            applied: unit.needs.iter().map(RevisionId::to_string).collect(),
            missing: is_up.then(|| unit.revision.to_string()),
        }
    }

    pub(super) fn lock_condition(&self) -> Option<String> {
        self.setting.lock.and_then(Lock::condition)
    }

    /// Undoes what a script set for its session, before anything of ours is written.
    pub(super) fn tidy_session(&mut self, unit: usize) -> Result<(), Stop> {
        let Some(unit) = self.script.units.get(unit) else {
            return Ok(());
        };
        let (leaves_traces, dialect) = (unit.leaves_traces, self.engine.dialect());
        // Where it travels with the rest it costs nothing.
        let is_free = dialect == Dialect::Postgres && self.group.is_open();
        // What a header said of a script outside a transaction was said to the session.
        let was_told = dialect == Dialect::Postgres && self.timeouts != Timeouts::default();
        if !(leaves_traces || is_free || was_told) {
            return Ok(());
        }
        if dialect != Dialect::Postgres {
            return Ok(self.tidy_aside(unit)?);
        }
        self.timeouts = Timeouts::default();
        // Who is logged in can be changed on PostgreSQL itself only.
        let skipped = usize::from(self.engine != Engine::Postgres);
        for statement in TIDY.iter().skip(skipped) {
            self.send(statement, Origin::Own)?;
        }
        if let Some(statement) = self.setting.lock.and_then(Lock::watch) {
            self.send(statement, Origin::Own)?;
        }
        Ok(())
    }

    /// Tells the session how long statements may take, unless it was told the same before.
    fn set_timeouts(&mut self, wanted: Timeouts) -> Result<(), DatabaseError> {
        if wanted == self.timeouts {
            return Ok(());
        }
        for statement in timeouts_of_session(self.engine, wanted) {
            self.batch.connection.execute(&statement)?;
        }
        self.timeouts = wanted;
        Ok(())
    }
}

/// The longest time that the settings of `OceanBase` take, in microseconds.
const LONGEST_OCEANBASE: u128 = 3_216_672_000_000_000;

fn timeouts_of_transaction(timeouts: Timeouts) -> impl Iterator<Item = String> {
    let named = [("lock_timeout", timeouts.lock), ("statement_timeout", timeouts.statement)];
    named.into_iter().filter_map(|(name, time)| {
        time.map(|time| format!("SET LOCAL {name} = '{}ms'", time.as_millis()))
    })
}

/// The seconds of a year: the most that MySQL waits for a lock. Zero is not at all to MariaDB, and
/// for ever to PostgreSQL.
const LONGEST_WAIT: u128 = 31_536_000;

/// What keeps how long a statement may take in a session of MariaDB that was told nothing.
const USUAL_TIME: &str = "@migrate_usual_max_statement_time";

/// MySQL counts seconds where it waits for locks, and milliseconds (of SELECT alone) where it
/// limits statements; MariaDB seconds with decimals.
fn timeouts_of_session(engine: Engine, timeouts: Timeouts) -> Vec<String> {
    let seconds = |time: Duration| match time.as_millis().div_ceil(1000) {
        0 => LONGEST_WAIT.to_string(),
        seconds => seconds.to_string(),
    };
    let or_default = |text: Option<String>| text.unwrap_or_else(|| "DEFAULT".to_owned());
    let lock = or_default(timeouts.lock.map(seconds));
    let milliseconds = timeouts.statement.map(|time| time.as_millis());
    match engine {
        Engine::Sqlite => Vec::new(),
        Engine::Postgres | Engine::CockroachDb | Engine::YugabyteDb => {
            let quoted = |time: Option<Duration>| {
                or_default(time.map(|time| format!("'{}ms'", time.as_millis())))
            };
            vec![
                format!("SET lock_timeout = {}", quoted(timeouts.lock)),
                format!("SET statement_timeout = {}", quoted(timeouts.statement)),
            ]
        }
        Engine::MariaDb | Engine::Galera => {
            let time = milliseconds.map(|time| format!("{}.{:03}", time / 1000, time % 1000));
            let time = time.unwrap_or_else(|| format!("{USUAL_TIME} + 0"));
            vec![
                // The default is the server's, and a user may have a limit of his own.
                format!("SET {USUAL_TIME} = coalesce({USUAL_TIME}, @@max_statement_time)"),
                format!(
                    "SET SESSION lock_wait_timeout = {lock}, innodb_lock_wait_timeout = {lock}, \
                     max_statement_time = {time}"
                ),
            ]
        }
        Engine::MySql | Engine::TiDb | Engine::Vitess => {
            let time = milliseconds.map(|time| time.to_string());
            vec![format!(
                "SET SESSION lock_wait_timeout = {lock}, innodb_lock_wait_timeout = {lock}, \
                 max_execution_time = {}",
                or_default(time),
            )]
        }
        Engine::OceanBase => vec![timeouts_of_oceanbase(timeouts)],
    }
}

/// All are microseconds. What limits a transaction limits its statements, too. A list of settings
/// loses those that come after a `DEFAULT`.
fn timeouts_of_oceanbase(timeouts: Timeouts) -> String {
    let micros = |time: Duration| match time.as_micros() {
        0 => LONGEST_OCEANBASE,
        some => some.min(LONGEST_OCEANBASE),
    };
    let whole = timeouts.statement.map(|_| Duration::ZERO);
    let values = [
        ("ob_trx_lock_timeout", timeouts.lock),
        ("ob_query_timeout", timeouts.statement),
        ("ob_trx_timeout", whole),
    ];
    let set = values.map(|(name, time)| match time {
        Some(time) => format!("{name} = {}", micros(time)),
        None => format!("{name} = @@GLOBAL.{name}"),
    });
    format!("SET SESSION {}", set.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timeouts_are_said_in_the_units_of_each_server() {
        let timeouts = Timeouts {
            lock: Some(Duration::from_millis(1500)),
            statement: Some(Duration::from_millis(2050)),
        };
        let local: Vec<String> = timeouts_of_transaction(timeouts).collect();
        assert_eq!(
            local,
            ["SET LOCAL lock_timeout = '1500ms'", "SET LOCAL statement_timeout = '2050ms'"]
        );
        let maria = |timeouts| timeouts_of_session(Engine::MariaDb, timeouts).pop().unwrap();
        assert_eq!(
            maria(timeouts),
            "SET SESSION lock_wait_timeout = 2, innodb_lock_wait_timeout = 2, \
             max_statement_time = 2.050"
        );
        let off = Timeouts { lock: Some(Duration::ZERO), statement: Some(Duration::ZERO) };
        let local: Vec<String> = timeouts_of_transaction(off).collect();
        assert_eq!(
            local,
            ["SET LOCAL lock_timeout = '0ms'", "SET LOCAL statement_timeout = '0ms'"]
        );
        assert_eq!(
            maria(off),
            "SET SESSION lock_wait_timeout = 31536000, innodb_lock_wait_timeout = 31536000, \
             max_statement_time = 0.000"
        );
        assert!(maria(Timeouts::default()).ends_with("= @migrate_usual_max_statement_time + 0"));
        assert_eq!(
            timeouts_of_session(Engine::MySql, Timeouts::default()),
            ["SET SESSION lock_wait_timeout = DEFAULT, innodb_lock_wait_timeout = DEFAULT, \
              max_execution_time = DEFAULT"]
        );
        assert_eq!(
            timeouts_of_session(Engine::OceanBase, timeouts),
            ["SET SESSION ob_trx_lock_timeout = 1500000, ob_query_timeout = 2050000, \
              ob_trx_timeout = 3216672000000000"]
        );
        assert_eq!(
            timeouts_of_session(Engine::OceanBase, Timeouts::default()),
            ["SET SESSION ob_trx_lock_timeout = @@GLOBAL.ob_trx_lock_timeout, ob_query_timeout = \
              @@GLOBAL.ob_query_timeout, ob_trx_timeout = @@GLOBAL.ob_trx_timeout"]
        );
    }
}
