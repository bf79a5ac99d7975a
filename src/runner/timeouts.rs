//! Time limits of statements, in the settings of each engine.

use std::time::Duration;

use crate::config::Timeouts;
use crate::database::Engine;

/// The longest timeout that `OceanBase` accepts, in microseconds.
const LONGEST_OCEANBASE: u128 = 3_216_672_000_000_000;

/// Returns the statements that limit the open transaction (PostgreSQL).
pub(super) fn of_transaction(timeouts: Timeouts) -> impl Iterator<Item = String> {
    let named = [("lock_timeout", timeouts.lock), ("statement_timeout", timeouts.statement)];
    named.into_iter().filter_map(|(name, time)| {
        time.map(|time| format!("SET LOCAL {name} = '{}ms'", time.as_millis()))
    })
}

/// The longest wait for a lock on MySQL: a year, in seconds. Zero means not at all to MariaDB, and
/// forever to PostgreSQL.
const LONGEST_WAIT: u128 = 31_536_000;

/// The variable that keeps the initial statement limit of a MariaDB session.
const USUAL_TIME: &str = "@migrate_usual_max_statement_time";

/// Returns the statements that set a session's time limits.
///
/// MySQL counts seconds for locks, and milliseconds for statements (SELECT only); MariaDB seconds
/// with decimals.
pub(super) fn of_session(engine: Engine, timeouts: Timeouts) -> Vec<String> {
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
        Engine::OceanBase => vec![of_oceanbase(timeouts)],
    }
}

/// All are in microseconds. A transaction's limit also limits its statements. In a list of
/// settings, those after a `DEFAULT` are lost.
fn of_oceanbase(timeouts: Timeouts) -> String {
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
        let local: Vec<String> = of_transaction(timeouts).collect();
        let said = ["SET LOCAL lock_timeout = '1500ms'", "SET LOCAL statement_timeout = '2050ms'"];
        assert_eq!(local, said);
        let maria = |timeouts| of_session(Engine::MariaDb, timeouts).pop().unwrap();
        assert_eq!(
            maria(timeouts),
            "SET SESSION lock_wait_timeout = 2, innodb_lock_wait_timeout = 2, \
             max_statement_time = 2.050"
        );
        let off = Timeouts { lock: Some(Duration::ZERO), statement: Some(Duration::ZERO) };
        let local: Vec<String> = of_transaction(off).collect();
        let expected = ["SET LOCAL lock_timeout = '0ms'", "SET LOCAL statement_timeout = '0ms'"];
        assert_eq!(local, expected);
        assert_eq!(
            maria(off),
            "SET SESSION lock_wait_timeout = 31536000, innodb_lock_wait_timeout = 31536000, \
             max_statement_time = 0.000"
        );
        assert!(maria(Timeouts::default()).ends_with("= @migrate_usual_max_statement_time + 0"));
        assert_eq!(
            of_session(Engine::MySql, Timeouts::default()),
            ["SET SESSION lock_wait_timeout = DEFAULT, innodb_lock_wait_timeout = DEFAULT, \
              max_execution_time = DEFAULT"]
        );
        assert_eq!(
            of_session(Engine::OceanBase, timeouts),
            ["SET SESSION ob_trx_lock_timeout = 1500000, ob_query_timeout = 2050000, \
              ob_trx_timeout = 3216672000000000"]
        );
        assert_eq!(
            of_session(Engine::OceanBase, Timeouts::default()),
            ["SET SESSION ob_trx_lock_timeout = @@GLOBAL.ob_trx_lock_timeout, ob_query_timeout = \
              @@GLOBAL.ob_query_timeout, ob_trx_timeout = @@GLOBAL.ob_trx_timeout"]
        );
    }
}
