//! Random pairs of SQLite schemas with rows: what is generated leads there and back.
//!
//! A schema is drawn as values that know each other by key, so it is known what a rename is and
//! which column a value goes to. What has to come out is worked out by inserting the rows into the
//! wanted schema itself, and read with rusqlite.

mod draw;
mod mend;
mod model;
mod mutate;
mod rows;
mod write;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use limbeck::autogenerate::{
    AutogenerateError, Desired, Generated, Scratch, Wish, generate, load_text, scratch,
};
use limbeck::catalog::Catalog;
use limbeck::sql::{Dialect, Splitter};
use limbeck::sqlite::{diff, dump};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use rusqlite::Connection;

use self::draw::Tape;
use self::model::{Model, same};
use self::rows::{Way, contents, sow, violations};
use self::write::{statements, text};
use crate::cases;

/// What came of the pairs.
#[derive(Default)]
struct Tally {
    pairs: AtomicUsize,
    rows: AtomicUsize,
    taken_names: AtomicUsize,
    not_renamed: AtomicUsize,
}

fn add(counter: &AtomicUsize, more: usize) {
    counter.fetch_add(more, Ordering::Relaxed);
}

/// Makes an empty database to try things on.
fn empty() -> Box<dyn Scratch> {
    scratch(Dialect::Sqlite).unwrap()
}

fn load(text: &str) -> Desired {
    let res = load_text(Path::new("schema.sql"), text, &mut *empty());
    res.unwrap_or_else(|error| panic!("{error} at {:?}\n{text}", error.place()))
}

fn drawn(numbers: &[u16]) -> (Model, Model, Tape<'_>) {
    let mut tape = Tape::new(numbers);
    let before = tape.model();
    let after = if tape.once_in(5) { tape.model() } else { tape.mutated(&before) };
    (before, after, tape)
}

#[test]
fn scripts_lead_there_and_back_with_all_rows() {
    let tally = Tally::default();
    let mut runner = TestRunner::new(cases(250));
    let numbers = (vec(any::<u16>(), 0..260), any::<u16>());
    let res = runner.run(&numbers, |(numbers, style)| {
        pair(&numbers, usize::from(style), &tally);
        Ok(())
    });
    res.unwrap_or_else(|error| panic!("{error}"));
    let count = |it: &AtomicUsize| it.load(Ordering::Relaxed);
    assert!(count(&tally.rows) > count(&tally.pairs), "there were hardly any rows");
    let refused = count(&tally.taken_names) + count(&tally.not_renamed);
    assert!(refused * 50 < count(&tally.pairs) + 250, "{refused} are refused");
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn spelling_is_no_difference_and_dumps_are_stable(
        numbers in vec(any::<u16>(), 0..200), style in any::<u16>(),
    ) {
        let model = Tape::new(&numbers).model();
        let (plain, odd) = (text(&model, None, 0), text(&model, None, usize::from(style)));
        let (plain, odd) = (load(&plain), load(&odd));
        prop_assert_eq!(diff(&plain.schema, &odd.schema), vec![]);
        nothing_to_do(&plain.schema, &odd);
        let written = dump(&odd.schema).unwrap();
        let again = load(&written);
        prop_assert_eq!(&dump(&again.schema).unwrap(), &written);
        prop_assert_eq!(diff(&again.schema, &plain.schema), vec![]);
        nothing_to_do(&plain.schema, &again);
        nothing_to_do(&again.schema, &plain);
    }
}

fn nothing_to_do(from: &Catalog, desired: &Desired) {
    let res = generate(from, desired, &Wish::default(), &mut *empty()).unwrap();
    assert_eq!((res.up, res.down, res.changes), (String::new(), String::new(), vec![]));
}

/// Tells whether a new name was another's before: a hint can't say which of the two is meant.
fn takes_names(before: &Model, after: &Model) -> bool {
    let column = |new: &model::Table| {
        let old = before.table(new.key);
        let taken = |old: &model::Table, it: &model::Column| {
            let was = old.column(it.key);
            was.is_some_and(|was| !same(&it.name, &was.name)) && old.named(&it.name).is_some()
        };
        old.is_some_and(|old| new.columns.iter().any(|it| taken(old, it)))
    };
    let table = |new: &&model::Table| {
        let moved = before.table(new.key).is_some_and(|it| !same(&it.name, &new.name));
        (moved && before.taken().iter().any(|it| same(it, &new.name))) || column(new)
    };
    let index = |new: &&model::Index| {
        let old = before.indexes.iter().find(|it| it.key == new.key);
        let moved = old.is_some_and(|it| !same(&it.name, &new.name));
        moved && before.taken().iter().any(|it| same(it, &new.name))
    };
    after.tables.iter().any(|it| table(&it)) || after.indexes.iter().any(|it| index(&it))
}

/// Tells whether something has the name that another thing had before it was renamed.
fn reuses_names(before: &Model, after: &Model) -> bool {
    let column = |new: &model::Table, it: &model::Column| {
        let was = before.table(new.key).and_then(|old| old.column(it.key));
        was.is_some_and(|was| new.named(&was.name).is_some_and(|other| other.key != it.key))
    };
    let is_taken =
        |was: &str, now: &str| !same(was, now) && after.taken().iter().any(|it| same(it, was));
    let table = |new: &model::Table| {
        let was = before.table(new.key);
        was.is_some_and(|was| is_taken(&was.name, &new.name))
            || new.columns.iter().any(|it| column(new, it))
    };
    let index = |new: &model::Index| {
        let was = before.indexes.iter().find(|it| it.key == new.key);
        was.is_some_and(|was| is_taken(&was.name, &new.name))
    };
    after.tables.iter().any(table) || after.indexes.iter().any(index)
}

fn pair(numbers: &[u16], style: usize, tally: &Tally) {
    let (before, after, mut tape) = drawn(numbers);
    let texts = (text(&before, None, 0), text(&after, Some(&before), style));
    let (from, desired) = (load(&texts.0).schema, load(&texts.1));
    add(&tally.pairs, 1);
    let generated = match generate(&from, &desired, &Wish::default(), &mut *empty()) {
        Ok(generated) => generated,
        Err(AutogenerateError::Rename { .. }) if takes_names(&before, &after) => {
            return add(&tally.taken_names, 1);
        }
        // SQLite renames no column that is called like the rowid, nor some that a generated column
        // before them uses in a table WITHOUT ROWID.
        Err(AutogenerateError::Refused { reason, .. })
            if ["rowid alias", " after rename: "].iter().any(|it| reason.contains(it)) =>
        {
            return add(&tally.not_renamed, 1);
        }
        Err(AutogenerateError::Unproven { direction, problem, script }) => panic!(
            "{direction} {problem}\n-- A\n{}\n-- B\n{}\n-- script\n{script}",
            texts.0, texts.1
        ),
        Err(error) => panic!("{error}\n-- A\n{}\n-- B\n{}", texts.0, texts.1),
    };
    let case = Case { before, after, from, desired, generated, texts };
    add(&tally.rows, case.check(&mut tape, false));
    add(&tally.rows, case.check(&mut tape, true));
}

/// Returns what SQLite finds wrong with a file, but for "TEXT value in …": behind a generated column
/// it looks at a neighbor, and says it of sound rows or not, as they happen to be stored.
fn integrity(connection: &Connection) -> Vec<String> {
    let mut res = all(connection, "PRAGMA integrity_check");
    res.retain(|it| !it.contains(" value in ") && it != "ok");
    res
}

struct Case {
    before: Model,
    after: Model,
    from: Catalog,
    desired: Desired,
    generated: Generated,
    texts: (String, String),
}

impl Case {
    fn told(&self) -> String {
        let (Generated { up, down, .. }, (before, after)) = (&self.generated, &self.texts);
        format!("\n-- A\n{before}\n-- B\n{after}\n-- up\n{up}\n-- down\n{down}")
    }

    /// Runs the scripts on rows, and returns how many there were.
    fn check(&self, tape: &mut Tape<'_>, both_ways: bool) -> usize {
        let up = Way { from: &self.before, to: &self.after, filled: true };
        let down = Way { from: &self.after, to: &self.before, filled: false };
        let [tables, rest] = statements(&self.before, None, 0);
        let [new_tables, new_rest] = statements(&self.after, None, 0);
        let (live, wanted, returned) = (made(&tables), made(&new_tables), made(&tables));
        let count = sow(tape, up, both_ways.then_some(down), [&live, &wanted, &returned]);
        let numbered = self.raise(&live);
        add_all(&live, &rest);
        add_all(&wanted, &new_rest);
        add_all(&returned, &rest);
        self.run(&live, &self.generated.up);
        self.same_schema(&live, &self.desired.schema, &wanted);
        self.same_rows(up, &live, &wanted);
        self.numbers(&live, up, &numbered);
        self.joined();
        let again = seen(&live);
        // Where a new thing has the old name of a renamed one, it takes the revisions to tell whether
        // the hint is spent, and there are none.
        let plain = load(&text(&self.after, None, 0));
        let reuses = reuses_names(&self.before, &self.after);
        nothing_to_do(&again, if reuses { &plain } else { &self.desired });
        if both_ways {
            self.run(&live, &self.generated.down);
            self.same_schema(&live, &self.from, &returned);
            self.same_rows(down, &live, &returned);
        }
        count
    }

    /// What all changes hold together is the script.
    fn joined(&self) {
        let split = |text: &str| -> BTreeSet<String> {
            Splitter::new(text, Dialect::Sqlite).map(|it| it.unwrap().text.to_owned()).collect()
        };
        let all: BTreeSet<String> =
            self.generated.changes.iter().flat_map(|it| split(&it.sql)).collect();
        assert_eq!(all, split(&self.generated.up), "{}", self.told());
        let empty = self.generated.changes.iter().find(|it| it.sql.is_empty());
        assert_eq!(empty, None, "{}", self.told());
    }

    fn run(&self, live: &Connection, script: &str) {
        // It finds fault with some STRICT tables as they were made.
        let before = integrity(live);
        let res = live.execute_batch(&format!("BEGIN;\n{script};\nCOMMIT;"));
        res.unwrap_or_else(|error| panic!("{error}{}", self.told()));
        assert_eq!(violations(live, None).unwrap(), 0, "foreign keys{}", self.told());
        assert_eq!(integrity(live), before, "{}", self.told());
    }

    fn same_schema(&self, live: &Connection, wanted: &Catalog, other: &Connection) {
        let there = seen(live);
        assert_eq!(diff(&there, wanted), vec![], "{}", self.told());
        assert!(there == *wanted, "{}", self.told());
        assert_eq!(told(live), told(other), "{}", self.told());
    }

    fn same_rows(&self, way: Way<'_>, live: &Connection, wanted: &Connection) {
        for table in way.to.tables.iter().filter(|it| way.old_table(it).is_some()) {
            let columns = way.comparable(table);
            let (is, shall) =
                (contents(live, &table.name, &columns), contents(wanted, &table.name, &columns));
            assert_eq!(is, shall, "{} {columns:?}{}", table.name, self.told());
        }
    }

    /// Pretends that higher numbers were given and deleted; returns in which tables.
    fn raise(&self, live: &Connection) -> Vec<usize> {
        let counts =
            |it: &&model::Table| it.primary_key.as_ref().is_some_and(|it| it.autoincrement);
        let tables: Vec<&model::Table> = self.before.tables.iter().filter(counts).collect();
        for table in &tables {
            let name = table.name.replace('\'', "''");
            live.execute_batch(&format!(
                "DELETE FROM sqlite_sequence WHERE name = '{name}'; \
                 INSERT INTO sqlite_sequence (name, seq) VALUES ('{name}', 5000)"
            ))
            .unwrap();
        }
        tables.iter().map(|it| it.key).collect()
    }

    fn numbers(&self, live: &Connection, way: Way<'_>, numbered: &[usize]) {
        for new in &way.to.tables {
            let old = way.old_table(new).filter(|it| numbered.contains(&it.key));
            let counts = new.primary_key.as_ref().is_some_and(|it| it.autoincrement);
            if let (Some(_), true) = (old, counts) {
                let sql = "SELECT max(seq) FROM sqlite_sequence WHERE lower(name) = lower(?)";
                let seq: Option<i64> = live.query_row(sql, [&new.name], |it| it.get(0)).unwrap();
                assert_eq!(seq, Some(5000), "{}{}", new.name, self.told());
            }
        }
    }
}

fn made(statements: &[String]) -> Connection {
    let res = Connection::open_in_memory().unwrap();
    res.execute_batch("PRAGMA foreign_keys = off").unwrap();
    add_all(&res, statements);
    res
}

fn add_all(connection: &Connection, statements: &[String]) {
    for statement in statements {
        connection
            .execute_batch(statement)
            .unwrap_or_else(|error| panic!("{error}\n{}", statements.join(";\n")));
    }
}

/// The schema as the library sees it.
fn seen(connection: &Connection) -> Catalog {
    let sql = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%'";
    load(&all(connection, sql).join(";\n")).schema
}

fn all(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(sql).unwrap_or_else(|error| panic!("{error}: {sql}"));
    let rows = statement.query_map([], |row| {
        let count = row.as_ref().column_count();
        let values: rusqlite::Result<Vec<rusqlite::types::Value>> =
            (0..count).map(|at| row.get(at)).collect();
        let values = values?;
        match values.as_slice() {
            [rusqlite::types::Value::Text(text)] => Ok(text.clone()),
            values => Ok(format!("{values:?}")),
        }
    });
    rows.unwrap().map(Result::unwrap).collect()
}

/// A type without blanks and the comments that odd spelling puts in.
const TYPE: &str = "replace(replace(replace(replace(replace(type, '-- it''s', ''), '/* a; ''b */', ''), \
    ' ', ''), char(10), ''), char(9), '')";

/// The schema as SQLite's pragmas tell it, without what order and spelling make.
fn told(connection: &Connection) -> Vec<String> {
    let mut res = all(connection, "SELECT type, name, tbl_name FROM sqlite_schema");
    let tables = "SELECT name FROM pragma_table_list WHERE type = 'table' AND schema = 'main'";
    for table in all(connection, tables) {
        let mut list = |sql: &str| {
            let rows = all(connection, sql);
            res.extend(rows.into_iter().map(|row| format!("{table}: {row}")));
        };
        let name = table.replace('\'', "''");
        let from_table = |pragma: &str| format!("{pragma}('{name}')");
        // A rowid is never NULL, whatever is said of it; any other key has an index.
        let key = format!("SELECT 1 FROM pragma_index_list('{name}') WHERE origin = 'pk'");
        list(&format!(
            "SELECT name, {TYPE}, \"notnull\" AND (NOT pk OR EXISTS ({key})), \
             nullif(lower(trim(replace(dflt_value, ' ', ''), '()')), 'null'), \
             pk, hidden FROM {}",
            from_table("pragma_table_xinfo")
        ));
        // One that is said twice does what one does; without columns it is about the primary key.
        list(&format!(
            "SELECT DISTINCT lower(\"table\"), \
             lower(group_concat(\"from\" || '>' || coalesce(\"to\", \
                 (SELECT name FROM pragma_table_xinfo(k.\"table\") WHERE pk = k.seq + 1), ''))), \
             on_update, on_delete \
             FROM {} AS k GROUP BY id, \"table\", on_update, on_delete",
            from_table("pragma_foreign_key_list")
        ));
        list(&format!(
            "SELECT iif(i.origin = 'c', i.name, ''), i.\"unique\", i.origin, i.partial, \
             (SELECT group_concat(ifnull(x.name, '?') || x.\"desc\" || x.coll) \
             FROM pragma_index_xinfo(i.name) AS x WHERE x.key) FROM {} AS i",
            from_table("pragma_index_list")
        ));
        list(&format!(
            "SELECT wr, strict FROM pragma_table_list WHERE name = '{name}' AND schema = 'main'"
        ));
    }
    res = res.into_iter().map(|it| it.to_lowercase()).collect();
    res.retain(|it| !it.contains("sqlite_"));
    res.sort();
    res
}
