//! The price of an ALTER: the least ALGORITHM and the weakest LOCK that the server accepts for it.
//!
//! Each statement is run on a scratch database with the cheapest clauses first: a server refuses those
//! that it can't keep, and changes nothing. So a note is true for the version and the settings of the
//! server at hand.

use std::collections::BTreeSet;

use crate::autogenerate::ddl::Opener;
use crate::autogenerate::script::{Purpose, Step};
use crate::autogenerate::{AutogenerateError, Online};
use crate::catalog::{Catalog, Kind};
use crate::database::{Connection, DatabaseError, SqlFault, Values as _};
use crate::sql::{Dialect, Splitter, named_objects};

const TABLES: &str = "SELECT table_name FROM information_schema.tables \
    WHERE table_schema = database() AND table_type <> 'VIEW'";

/// The ways to alter a table, cheapest first. MySQL takes no LOCK with INSTANT, and has no NOCOPY.
const WAYS: [(&str, &str); 11] = [
    ("INSTANT", "NONE"),
    ("INSTANT", ""),
    ("NOCOPY", "NONE"),
    ("NOCOPY", "SHARED"),
    ("NOCOPY", "EXCLUSIVE"),
    ("INPLACE", "NONE"),
    ("INPLACE", "SHARED"),
    ("INPLACE", "EXCLUSIVE"),
    ("COPY", "NONE"),
    ("COPY", "SHARED"),
    ("COPY", "EXCLUSIVE"),
];

/// The server doesn't know an ALGORITHM.
const UNKNOWN: &str = "1800";

/// The codes of refused clauses: not supported, with a reason or without, not together, unknown, and no
/// more instant changes of this table.
const REFUSALS: [&str; 5] = ["1845", "1846", "1221", UNKNOWN, "4092"];

/// Adds notes to the steps of scripts that are run one after the other, and clauses to their statements
/// where tables are to be kept in use. What can't be measured stays as it is.
pub(super) fn measure(
    from: &Catalog,
    scripts: [&mut [Step]; 2],
    online: Online,
    open: Opener<'_>,
) -> Result<(), AutogenerateError> {
    let has_tables = from.of_kind(Kind::Table).next().is_some();
    let alters = |step: &Step| step.statements.iter().any(|it| it.starts_with("ALTER TABLE "));
    if !has_tables || !scripts.iter().any(|steps| steps.iter().any(alters)) {
        return Ok(());
    }
    let mut scratch = open()?;
    let connection = scratch.connection()?;
    connection.reset()?;
    for steps in scripts {
        let tables = connection.query(TABLES)?;
        let mut there: BTreeSet<String> = tables.iter().map(|row| row.text(0).to_owned()).collect();
        for step in steps {
            match run(step, &there, online, connection) {
                Ok(()) => {}
                // It was proven together with the others; alone it may be refused.
                Err(DatabaseError::Sql(_)) => return Ok(()),
                Err(error) => return Err(error.into()),
            }
            if step.purpose == Purpose::Rename {
                let tables = step.serves.iter().filter(|id| id.kind == Kind::Table);
                there.extend(tables.map(|id| id.name.to_string()));
            }
        }
    }
    Ok(())
}

/// Runs the statements of a step, and notes in it what they cost.
fn run(
    step: &mut Step,
    there: &BTreeSet<String>,
    online: Online,
    connection: &mut dyn Connection,
) -> Result<(), DatabaseError> {
    for statement in &mut step.statements {
        let Some(Altered { table, is_divided }) = altered(statement, there) else {
            connection.execute(statement)?;
            continue;
        };
        let cost = if is_divided { None } else { Cost::find(statement, connection)? };
        let Some(cost) = cost else {
            connection.execute(statement)?;
            // Clauses on partitions stand alone, and all of the table goes to others.
            let note = Cost::COPY.told(&table);
            step.notes.extend(is_divided.then_some(note));
            continue;
        };
        let mut note = cost.told(&table);
        if online.constraints {
            *statement = cost.written(statement);
        } else {
            note += ": ";
            note += &cost.clauses();
        }
        if !step.notes.contains(&note) {
            step.notes.push(note);
        }
    }
    Ok(())
}

/// The table that a statement alters.
struct Altered {
    table: String,
    /// Whether it gets or loses its partitions.
    is_divided: bool,
}

/// Finds the table of an ALTER, if it was there before the script.
fn altered(statement: &str, there: &BTreeSet<String>) -> Option<Altered> {
    let statement = Splitter::new(statement, Dialect::MySql).next()?.ok()?;
    let mut tokens = statement.code();
    let is_alter = [tokens.next()?.is_word("ALTER"), tokens.next()?.is_word("TABLE")];
    let table = named_objects(&statement).into_iter().next()?.name;
    let clause = tokens.nth(1)?;
    let is_divided = clause.is_word("PARTITION") || clause.is_word("REMOVE");
    let is_meant = is_alter == [true, true] && there.contains(&table);
    is_meant.then_some(Altered { table, is_divided })
}

/// The price of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cost {
    algorithm: &'static str,
    lock: &'static str,
    /// Whether the server tells what it rebuilds from what it only changes in place.
    has_no_copy: bool,
}

impl Cost {
    /// The price of making or removing partitions.
    const COPY: Self = Self { algorithm: "COPY", lock: "SHARED", has_no_copy: true };

    /// Runs a statement in the cheapest way that the server accepts; none if it accepts no clauses.
    fn find(
        statement: &str,
        connection: &mut dyn Connection,
    ) -> Result<Option<Self>, DatabaseError> {
        let mut has_no_copy = true;
        for (algorithm, lock) in WAYS {
            let cost = Self { algorithm, lock, has_no_copy };
            match connection.execute(&cost.written(statement)) {
                Ok(()) => return Ok(Some(cost)),
                Err(DatabaseError::Sql(fault)) => match refusal(&fault) {
                    Some(code) => has_no_copy &= code != UNKNOWN,
                    None => return Ok(None),
                },
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    fn clauses(self) -> String {
        let Self { algorithm, lock, .. } = self;
        if lock.is_empty() {
            return format!("ALGORITHM={algorithm}");
        }
        format!("ALGORITHM={algorithm}, LOCK={lock}")
    }

    /// Writes a statement with the clauses, on a line of their own if each has one.
    fn written(self, statement: &str) -> String {
        let is_one = statement.lines().nth(1).is_none();
        let blank = if is_one { " " } else { "\n  " };
        format!("{statement},{blank}{}", self.clauses())
    }

    /// Describes who waits for what.
    fn told(self, table: &str) -> String {
        let done = match self.algorithm {
            "INSTANT" => return format!("changes {table} and none of its rows"),
            "COPY" => "all of it is copied",
            "NOCOPY" => "it is changed in place",
            _ if self.has_no_copy => "all of it is rebuilt",
            _ => "it is changed in place, or rebuilt",
        };
        match self.lock {
            "NONE" => format!("leaves {table} to readers and writers while {done}"),
            "SHARED" => format!("locks {table} against writes while {done}"),
            _ => format!("locks {table} against reads and writes while {done}"),
        }
    }
}

/// Returns the code of a fault if it is about the clauses alone.
fn refusal(fault: &SqlFault) -> Option<&'static str> {
    let code = fault.code.as_deref()?.split(' ').next()?;
    REFUSALS.into_iter().find(|it| *it == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn there() -> BTreeSet<String> {
        ["a b".to_owned(), "t".to_owned()].into()
    }

    #[test]
    fn only_alters_of_tables_that_are_there_have_a_price() {
        let table = |sql: &str| altered(sql, &there()).map(|it| (it.table, it.is_divided));
        let whole = |name: &str| Some((name.to_owned(), false));
        assert_eq!(table("ALTER TABLE `a b` ADD COLUMN c int"), whole("a b"));
        assert_eq!(table("ALTER TABLE `t`\n  DROP KEY k,\n  DROP KEY l"), whole("t"));
        let divided = Some(("t".to_owned(), true));
        assert_eq!(table("ALTER TABLE `t` PARTITION BY HASH (a)"), divided);
        assert_eq!(table("ALTER TABLE `t` /*!50100 PARTITION BY HASH (a) */"), divided);
        assert_eq!(table("ALTER TABLE `t` REMOVE PARTITIONING"), divided);
        assert_eq!(table("ALTER TABLE `u` ADD COLUMN c int"), None);
        assert_eq!(table("CREATE TABLE `t` (a int)"), None);
        assert_eq!(table("ALTER SEQUENCE `t` CYCLE"), None);
    }

    #[test]
    fn clauses_stand_as_the_others_do() {
        let cost = |algorithm, lock| Cost { algorithm, lock, has_no_copy: false };
        let one = cost("INSTANT", "").written("ALTER TABLE `t` DROP KEY k");
        assert_eq!(one, "ALTER TABLE `t` DROP KEY k, ALGORITHM=INSTANT");
        let two = cost("COPY", "SHARED").written("ALTER TABLE `t`\n  DROP KEY k");
        assert_eq!(two, "ALTER TABLE `t`\n  DROP KEY k,\n  ALGORITHM=COPY, LOCK=SHARED");
    }

    #[test]
    fn a_note_says_who_waits() {
        let check = |algorithm, lock, has_no_copy, expected: &str| {
            assert_eq!(Cost { algorithm, lock, has_no_copy }.told("t"), expected);
        };
        check("INSTANT", "NONE", true, "changes t and none of its rows");
        check(
            "NOCOPY",
            "NONE",
            true,
            "leaves t to readers and writers while it is changed in place",
        );
        check("INPLACE", "SHARED", true, "locks t against writes while all of it is rebuilt");
        check(
            "INPLACE",
            "EXCLUSIVE",
            false,
            "locks t against reads and writes while it is changed in place, or rebuilt",
        );
        check("COPY", "SHARED", true, "locks t against writes while all of it is copied");
    }

    #[test]
    fn other_faults_are_no_refusals() {
        let fault = |code: &str| SqlFault { code: Some(code.to_owned()), ..SqlFault::new("no") };
        assert_eq!(refusal(&fault("1846 (0A000)")), Some("1846"));
        assert_eq!(refusal(&fault("1452 (23000)")), None);
    }
}
