//! Notes on the locks under which steps read or rewrite tables that are there, as the server shows them.
//!
//! Each step is run in a transaction of its own on a scratch database: the files of a table
//! tell whether it was rewritten, the server's counters whether it was read, and `pg_locks` what was
//! locked meanwhile. So a note is true for the settings and the version of the server at hand.

use std::collections::BTreeMap;

use crate::autogenerate::AutogenerateError;
use crate::autogenerate::ddl::Opener;
use crate::autogenerate::script::Step;
use crate::catalog::{Catalog, Id, Kind};
use crate::database::{Connection, DatabaseError, Values as _};

/// The tables with the number of their file, how often they were read in the transaction, the weight of
/// the strongest lock that it holds, and their names; a partition has that of the topmost table.
const TABLES: &str = "\
    SELECT c.oid, c.relfilenode, pg_stat_get_xact_numscans(c.oid), COALESCE(l.weight, 0), \
    CASE WHEN n.nspname = current_schema() THEN '' ELSE n.nspname || '.' END || r.relname \
    FROM pg_class c \
    JOIN pg_class r ON r.oid = COALESCE(pg_partition_root(c.oid), c.oid) \
    JOIN pg_namespace n ON n.oid = r.relnamespace \
    LEFT JOIN (SELECT relation, max(CASE mode WHEN 'AccessExclusiveLock' THEN 2 \
        WHEN 'ShareLock' THEN 1 WHEN 'ShareRowExclusiveLock' THEN 1 WHEN 'ExclusiveLock' THEN 1 \
        ELSE 0 END) AS weight FROM pg_locks \
        WHERE pid = pg_backend_pid() AND locktype = 'relation' GROUP BY relation) l \
        ON l.relation = c.oid \
    WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";

/// Parts of statements that may read or rewrite a table that is there.
const HEAVY: [&str; 12] = [
    " TYPE ",
    " SET NOT NULL",
    " ADD CONSTRAINT ",
    " ADD COLUMN ",
    " ADD GENERATED ",
    "CREATE INDEX ",
    "CREATE UNIQUE INDEX ",
    "LOGGED",
    " SET ACCESS METHOD ",
    " SET TABLESPACE ",
    " ATTACH PARTITION ",
    "PARTITION OF ",
];

/// The notes of the planner, which can't know; what is measured takes their place.
const GUESSES: [&str; 4] = [
    "rewrites the table",
    "rewrites the tables that use it",
    "builds the indexes on the column anew",
    "copies the table",
];

/// Adds notes to the steps of scripts that are run one after the other. What can't be measured keeps the
/// notes that it has.
pub(in super::super) fn measure(
    from: &Catalog,
    scripts: [&mut [Step]; 2],
    open: Opener<'_>,
) -> Result<(), AutogenerateError> {
    let has_tables = from.of_kind(Kind::Table).next().is_some();
    let is_heavy =
        |step: &Step| step.statements.iter().any(|it| HEAVY.iter().any(|part| it.contains(part)));
    if !has_tables || !scripts.iter().any(|steps| steps.iter().any(is_heavy)) {
        return Ok(());
    }
    let mut scratch = open()?;
    let connection = scratch.connection()?;
    if connection.value("SHOW track_counts")?.as_deref() != Some("on") {
        return Ok(());
    }
    for steps in scripts {
        let known = Tables::read(connection)?;
        for step in steps {
            match known.run(step, connection) {
                Ok(note) => {
                    step.notes.retain(|it| !GUESSES.contains(&it.as_str()));
                    step.notes.extend(note);
                }
                // It was proven together with the others; alone it may be refused.
                Err(DatabaseError::Sql(_)) => return Ok(()),
                Err(error) => return Err(error.into()),
            }
        }
    }
    Ok(())
}

/// The state of a table.
struct Table {
    file: String,
    reads: u64,
    weight: u8,
    name: String,
}

/// The tables that are there, by their numbers.
struct Tables(BTreeMap<String, Table>);

impl Tables {
    fn read(connection: &mut dyn Connection) -> Result<Self, DatabaseError> {
        let table = |row: Vec<Option<String>>| {
            let reads = row.text(2).parse().unwrap_or_default();
            let weight = row.text(3).parse().unwrap_or_default();
            let (file, name) = (row.text(1).to_owned(), row.text(4).to_owned());
            (row.text(0).to_owned(), Table { file, reads, weight, name })
        };
        Ok(Self(connection.query(TABLES)?.into_iter().map(table).collect()))
    }

    /// Runs a step, and says what it does to these tables.
    fn run(
        &self,
        step: &Step,
        connection: &mut dyn Connection,
    ) -> Result<Option<String>, DatabaseError> {
        connection.execute("BEGIN")?;
        let before = Self::read(connection)?;
        for statement in &step.statements {
            connection.execute(statement)?;
        }
        let after = Self::read(connection)?;
        connection.execute("COMMIT")?;
        Ok(self.note(step, [&before, &after]))
    }

    /// Describes the tables that were locked while one of them was read or rewritten.
    fn note(&self, step: &Step, [before, after]: [&Self; 2]) -> Option<String> {
        let (mut locked, mut read, mut rewritten) = (Vec::new(), Vec::new(), Vec::new());
        let mut weight = 0;
        for (oid, now) in
            after.0.iter().filter(|(oid, now)| self.0.contains_key(*oid) && now.weight > 0)
        {
            let Some(old) = before.0.get(oid) else { continue };
            weight = weight.max(now.weight);
            locked.push(now.name.as_str());
            if old.file != now.file {
                rewritten.push(now.name.as_str());
            } else if old.reads < now.reads {
                read.push(now.name.as_str());
            }
        }
        // How the server looks up what a foreign key refers to depends on the rows.
        let own = |id: &Id| Some(Id { schema: id.schema.clone(), ..Id::table(id.own_table()?) });
        let own: Vec<String> =
            step.serves.iter().filter_map(own).map(|it| it.full_name()).collect();
        let is_own = |it: &&str| own.iter().any(|own| own == it);
        if read.iter().any(is_own) {
            read.retain(is_own);
        }
        let (what, done) =
            if rewritten.is_empty() { (read, "read") } else { (rewritten, "rewritten") };
        if what.is_empty() {
            return None;
        }
        let against = if weight > 1 { "reads and writes" } else { "writes" };
        let (locked, what) = (listed(locked), listed(what));
        let is_one = what == locked && !what.contains(", ");
        let what = if is_one { "it" } else { &what };
        let verb = if what.contains(", ") { "are" } else { "is" };
        Some(format!("locks {locked} against {against} while all of {what} {verb} {done}"))
    }
}

/// Joins names, each once, in order.
fn listed(mut names: Vec<&str>) -> String {
    names.sort_unstable();
    names.dedup();
    names.join(", ")
}
