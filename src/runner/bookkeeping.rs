//! The bookkeeping tables: created if missing, evolved by refinery, read by every command.
//!
//! refinery runs this program's embedded migrations on its own connection; users' scripts never go
//! through it.

use std::collections::BTreeSet;

use refinery::{Migration, Runner};
use refinery_core::Migrate;
use refinery_core::traits::sync::{Query, Transaction};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::clock::Clock;
use crate::database::{Connection, DatabaseError, SqlFault, Waiting};
use crate::ledger::{Guard, Ledger, Row, Running};
use crate::runner::{Failure, Tables};
use crate::sql::quote_literal;

/// Creates the tables or evolves them to the latest version; usually one query finds that there is
/// nothing to do.
///
/// `entry` is the condition that the transaction has to begin with; tells whether it was met.
pub(super) fn ensure(
    connection: &mut dyn Connection,
    ledger: &Ledger,
    clock: Clock,
    entry: Option<&str>,
    waiting: &mut dyn FnMut(&Waiting),
) -> Result<bool, Failure> {
    if Tables::look(connection, ledger)?.are_whole(ledger) {
        return Ok(true);
    }
    // In one transaction: two processes that start together wait for each other here.
    connection.begin(waiting)?;
    let entered = entry.map_or(Ok(()), |entry| connection.execute(&ledger.insist(entry)));
    let is_busy = matches!(&entered, Err(DatabaseError::Sql(fault))
        if fault.code.as_deref().is_some_and(|code| code.starts_with(Guard::FAILED)));
    let evolved = entered.map_err(Failure::from).and_then(|()| evolve(connection, ledger, clock));
    match evolved {
        Ok(()) => connection.commit().map(|()| true).map_err(Failure::from),
        Err(failure) => {
            // The first error is the one to tell.
            let _result = connection.rollback();
            // Another process may just have made them, where a proxy has made the lock useless.
            let mut is_made =
                || Tables::look(connection, ledger).is_ok_and(|it| it.are_whole(ledger));
            if is_busy {
                Ok(false)
            } else if is_made() {
                Ok(true)
            } else {
                Err(failure)
            }
        }
    }
}

/// Creates missing tables, and has refinery run new migrations.
fn evolve(connection: &mut dyn Connection, ledger: &Ledger, clock: Clock) -> Result<(), Failure> {
    if let Some(statement) = ledger.create_schema() {
        connection.execute(&statement)?;
    }
    if !connection.has_table(&ledger.history_name())? {
        connection.execute(&history_sql(ledger))?;
    }
    let migrations = migrations(ledger)?;
    let noted = connection.firsts(&ledger.select_versions())?;
    let mut noted: BTreeSet<String> = noted.into_iter().collect();
    for (migration, table) in migrations.iter().zip(ledger.made()) {
        if !connection.has_table(&table)? {
            connection.execute(migration.sql().unwrap_or_default())?;
        }
        if noted.insert(migration.version().to_string()) {
            connection.execute(&note_sql(ledger, clock, migration))?;
        }
    }
    if migrations.iter().all(|it| noted.contains(&it.version().to_string())) {
        return Ok(());
    }
    // The checksums are of texts that name the table with its schema, which changes where a
    // database is copied under another name.
    let mut runner = Runner::new(&migrations).set_abort_divergent(false);
    runner.set_migration_table_name(ledger.history_table());
    let mut carrier = RefineryConnection(connection);
    runner.run(&mut carrier).map_err(|error| bookkeeping(&error))?;
    Ok(())
}

/// The facts that planning needs, as found by a single query.
pub struct Snapshot {
    /// Whether revisions have run in part.
    pub is_running: bool,
}

/// Reads the applied revisions in one query: revision, position, parents, checksum. None if the
/// tables don't exist or have another version. Changes nothing.
pub fn read_snapshot(
    connection: &mut dyn Connection,
    ledger: &Ledger,
    each: &mut dyn FnMut(&str, i64, &str, &str),
) -> Result<Option<Snapshot>, Failure> {
    let (mut version, mut running) = (None, None);
    let read = connection.query_each(&ledger.select_state(), &mut |columns| {
        let text = |at: usize| columns.get(at).and_then(Option::as_deref).unwrap_or_default();
        let number = text(1).parse::<i64>().ok();
        match (text(0), text(2)) {
            ("", Ledger::VERSION) => version = number,
            ("", Ledger::RUNNING) => running = number,
            // No revision has this name; unreadable values are reported by the queries below.
            (revision, parents) => each(
                if number.is_some() { revision } else { "" },
                number.unwrap_or(0),
                parents,
                text(3),
            ),
        }
    });
    match read {
        Ok(()) if version == Some(ledger.newest_version()) => {
            Ok(Some(Snapshot { is_running: running != Some(0) }))
        }
        Ok(()) | Err(DatabaseError::Sql(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Reads every row of the version table; none if it doesn't exist. Changes nothing.
pub fn read_rows(connection: &mut dyn Connection, ledger: &Ledger) -> Result<Vec<Row>, Failure> {
    if !Tables::look(connection, ledger)?.has_versions {
        return Ok(Vec::new());
    }
    let rows = connection.query(&ledger.select_all())?;
    rows.into_iter().map(|row| Ok(Row::parse(&ledger.name(), row)?)).collect()
}

/// Reads the progress of revisions that have run in part. Changes nothing.
pub fn read_running(
    connection: &mut dyn Connection,
    ledger: &Ledger,
) -> Result<Vec<Running>, Failure> {
    if !Tables::look(connection, ledger)?.has_running {
        return Ok(Vec::new());
    }
    let rows = connection.query(&ledger.select_running())?;
    rows.into_iter().map(|row| Ok(Running::parse(&ledger.running_name(), row)?)).collect()
}

/// Reads the ids only; none if the version table doesn't exist.
pub(super) fn read_ids(
    connection: &mut dyn Connection,
    ledger: &Ledger,
) -> Result<BTreeSet<String>, Failure> {
    if !Tables::look(connection, ledger)?.has_versions {
        return Ok(BTreeSet::new());
    }
    Ok(connection.firsts(&ledger.select_ids())?.into_iter().collect())
}

/// Reads the stored down script of an applied revision.
pub fn read_down(
    connection: &mut dyn Connection,
    ledger: &Ledger,
    revision: &str,
) -> Result<Option<String>, Failure> {
    Ok(connection.value(&ledger.select_down(revision))?)
}

/// Returns the statements that create the tables in the state in which a run leaves them.
pub fn tables_sql(ledger: &Ledger, clock: Clock) -> Result<Vec<String>, Failure> {
    let mut res = vec![history_sql(ledger)];
    for migration in migrations(ledger)? {
        res.extend(migration.sql().map(str::to_owned));
        res.push(note_sql(ledger, clock, &migration));
    }
    Ok(res)
}

/// Returns the statement that creates refinery's history table.
fn history_sql(ledger: &Ledger) -> String {
    // The shape is refinery's own (`ASSERT_MIGRATIONS_TABLE_QUERY`).
    let create =
        <RefineryConnection<'_> as Migrate>::assert_migrations_table_query(&ledger.history_table());
    create.trim_end_matches(';').to_owned()
}

/// Returns the statement by which refinery records a migration.
fn note_sql(ledger: &Ledger, clock: Clock, migration: &Migration) -> String {
    let text = |value: &str| quote_literal(value, ledger.dialect());
    format!(
        "INSERT INTO {} (version, name, applied_on, checksum) VALUES ({}, {}, {}, {})",
        ledger.history_table(),
        migration.version(),
        text(migration.name()),
        text(&clock.timestamp()),
        text(&migration.checksum().to_string()),
    )
}

fn migrations(ledger: &Ledger) -> Result<Vec<Migration>, Failure> {
    let unapplied = |(number, name, sql): (i32, &str, String)| {
        let name = format!("V{number}__{name}");
        Migration::unapplied(&name, &sql).map_err(|error| bookkeeping(&error))
    };
    ledger.migrations().into_iter().map(unapplied).collect()
}

fn bookkeeping(error: &refinery::Error) -> Failure {
    Failure::Bookkeeping { reason: error.to_string() }
}

/// An adapter that lets refinery use a connection inside the open transaction.
struct RefineryConnection<'a>(&'a mut dyn Connection);

impl Transaction for RefineryConnection<'_> {
    type Error = DatabaseError;

    fn execute<'a, T: Iterator<Item = &'a str>>(
        &mut self,
        queries: T,
    ) -> Result<usize, DatabaseError> {
        let mut count = 0;
        for query in queries {
            self.0.execute(query)?;
            count += 1;
        }
        Ok(count)
    }
}

impl Query<Vec<Migration>> for RefineryConnection<'_> {
    fn query(&mut self, query: &str) -> Result<Vec<Migration>, DatabaseError> {
        let parse = |row: Vec<Option<String>>| {
            let mut columns = row.into_iter();
            let mut next = || columns.next().flatten();
            let (version, name) = (next()?.parse().ok()?, next()?);
            let applied_on = OffsetDateTime::parse(&next()?, &Rfc3339).ok()?;
            Some(Migration::applied(version, name, applied_on, next()?.parse().ok()?))
        };
        let rows = self.0.query(query)?.into_iter().map(parse);
        let rows: Option<Vec<Migration>> = rows.collect();
        rows.ok_or_else(|| SqlFault::new("the history of the bookkeeping tables is damaged").into())
    }
}

impl Migrate for RefineryConnection<'_> {}

#[cfg(test)]
mod tests {
    #[cfg(feature = "sqlite")]
    #[test]
    fn refinery_finds_nothing_to_do_where_the_tables_were_made_without_it() {
        use super::*;
        use crate::database::{Access, Options, connect};
        use crate::sql::Dialect;
        use crate::url::DatabaseUrl;

        let url = DatabaseUrl::parse("sqlite::memory:").unwrap();
        let options = Options::new(Access::Write, std::time::Duration::ZERO);
        let mut connection = connect(&url, &options).unwrap().unwrap();
        let ledger = Ledger::new("moves", Dialect::Sqlite);
        evolve(&mut *connection, &ledger, Clock::System).unwrap();
        let mut runner = Runner::new(&migrations(&ledger).unwrap())
            .set_abort_divergent(true)
            .set_abort_missing(true);
        runner.set_migration_table_name(ledger.history_table());
        let report = runner.run(&mut RefineryConnection(&mut *connection)).unwrap();
        assert!(report.applied_migrations().is_empty());
        let names = "SELECT count(*) FROM sqlite_schema WHERE type = 'table'";
        assert_eq!(connection.query(names).unwrap(), [[Some("3".to_owned())]]);
    }
}
