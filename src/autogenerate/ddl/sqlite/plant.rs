//! Test rows that are inserted before a script is tried: the same in the present and the wanted
//! tables.
//!
//! A row is inserted into the present tables, and from there into the wanted ones; only rows that
//! both accept stay. So the wanted tables hold the expected result of the script.

use std::collections::{BTreeMap, BTreeSet};

use crate::autogenerate::ddl::Stage;
use crate::autogenerate::ddl::sqlite::answers::Sides;
use crate::autogenerate::{AutogenerateError, Backfills, Renames, Scratch};
use crate::catalog::{Id, Kind, Name, sorted};
use crate::database::{Connection, DatabaseError, Row};
use crate::sql::{Dialect, Lexer, TokenKind, quote_literal};
use crate::sqlite::{Column, ForeignKey, Table, identifier, words};

const ROWS: usize = 3;

/// How often a row is tried with other values.
const TRIES: usize = 12;

/// Inserts test rows into the present tables and returns the wanted ones, with the same rows;
/// neither has views and triggers.
pub(super) fn plant(
    sides: &Sides<'_>,
    present: &mut dyn Scratch,
    empty: &mut dyn Scratch,
) -> Result<Box<dyn Scratch>, AutogenerateError> {
    let (mut wanted, mut returned) = (empty.fork()?, present.fork()?);
    wanted.make(&sides.to.catalog, Stage::BeforeRows)?;
    let mut databases = Databases {
        sides,
        back: sides.renames.reversed(),
        present: present.connection()?,
        wanted: wanted.connection()?,
        returned: returned.connection()?,
    };
    databases.all(|it| it.execute("BEGIN"))?;
    for name in order(sides) {
        if let Some(table) = sides.from.tables.get(&name).filter(|it| !it.is_virtual()) {
            databases.plant(table)?;
        }
    }
    databases.remove_orphans()?;
    databases.all(|it| it.execute("COMMIT"))?;
    Ok(wanted)
}

/// Orders the present tables so that referenced ones come first.
fn order(sides: &Sides<'_>) -> Vec<Name> {
    let mut needs = sides.from.catalog.needs(Kind::Table);
    let old = |id: &Id| sides.renames.old_table(&id.name).map(Id::table);
    for (id, more) in sides.to.catalog.needs(Kind::Table) {
        if let Some(id) = old(&id) {
            needs.entry(id).or_default().extend(more.iter().filter_map(old));
        }
    }
    sorted(&needs).into_iter().map(|id| id.name).collect()
}

/// The databases that test rows are inserted into.
struct Databases<'a> {
    sides: &'a Sides<'a>,
    back: Renames,
    present: &'a mut dyn Connection,
    wanted: &'a mut dyn Connection,
    /// The present tables once more, for the rows as they are restored.
    returned: &'a mut dyn Connection,
}

/// A row to insert.
#[derive(Clone, Copy)]
struct Seed<'a> {
    table: &'a Table,
    /// The wanted table, if there is one.
    new: Option<&'a Table>,
    row: usize,
    attempt: usize,
}

impl Databases<'_> {
    fn all(
        &mut self,
        mut run: impl FnMut(&mut dyn Connection) -> Result<(), DatabaseError>,
    ) -> Result<(), DatabaseError> {
        run(self.present)?;
        run(self.wanted)?;
        run(self.returned)
    }

    /// Inserts the rows of a table.
    fn plant(&mut self, table: &Table) -> Result<(), DatabaseError> {
        let Sides { to, renames, unfilled, .. } = *self.sides;
        let name = renames.new_table(&table.name);
        let new = name.and_then(|name| to.tables.get(name));
        if name.is_none_or(|name| !unfilled.contains(name)) {
            for row in 0..ROWS {
                self.try_row(Seed { table, new, row, attempt: 0 })?;
            }
        }
        self.raise_sequence(table)
    }

    fn try_row(&mut self, seed: Seed<'_>) -> Result<(), DatabaseError> {
        for attempt in 0..TRIES {
            let seed = Seed { attempt, ..seed };
            let insert = self.insertion(seed)?;
            self.all(|it| it.execute("SAVEPOINT seed"))?;
            let taken = self.take(&insert, seed);
            self.all(|it| {
                if !taken {
                    it.execute("ROLLBACK TO seed")?;
                }
                it.execute("RELEASE seed")
            })?;
            if taken {
                break;
            }
        }
        Ok(())
    }

    /// Inserts a row as given, as wanted, and as restored; tells whether all databases accepted it.
    fn take(&mut self, insert: &str, Seed { table, new, row, .. }: Seed<'_>) -> bool {
        let planted = |connection: &mut dyn Connection, insert: &str| {
            connection.query(insert).ok().and_then(|rows| rows.into_iter().next())
        };
        let Some(first) = planted(self.present, insert) else { return false };
        let Some(new) = new else { return true };
        let Sides { renames, backfills, .. } = *self.sides;
        let copy = returning(&transplant((renames, backfills), (table, new), row, &first), new);
        let Some(second) = planted(self.wanted, &copy) else { return false };
        let copy = transplant((&self.back, &Backfills::new()), (new, table), row, &second);
        self.returned.execute(&copy).is_ok()
    }

    fn insertion(&mut self, seed: Seed<'_>) -> Result<String, DatabaseError> {
        let Seed { table, new, row, .. } = seed;
        let columns = table.columns.iter().enumerate().filter(|(_, it)| it.generated.is_none());
        let values = columns.map(|(at, column)| (column.name.clone(), value(seed, column, at)));
        let mut values: BTreeMap<Name, String> = values.collect();
        for key in &table.foreign_keys {
            self.refer(&mut values, &key.columns, (&key.table, &key.target), row)?;
        }
        for key in new.into_iter().flat_map(|new| &new.foreign_keys) {
            self.refer_as_wanted(&mut values, table, key, row)?;
        }
        // A NULL there becomes a number, which a down script can't tell from others.
        let rowid = new.and_then(Table::rowid_column).and_then(|it| values.get_mut(it));
        if let Some(value) = rowid.filter(|it| *it == "NULL") {
            *value = rowid_of(row).to_string();
        }
        if let (Some(rowid), None) = (table.rowid(), table.rowid_column()) {
            values.insert(Name::any_case(rowid), rowid_of(row).to_string());
        }
        let insert = insert_into(&table.name, &values.into_iter().collect::<Vec<_>>());
        Ok(returning(&insert, table))
    }

    /// Points a key that only the wanted table has at an existing row.
    fn refer_as_wanted(
        &mut self,
        values: &mut BTreeMap<Name, String>,
        table: &Table,
        key: &ForeignKey,
        row: usize,
    ) -> Result<(), DatabaseError> {
        let renames = self.sides.renames;
        let old = |columns: &[Name], table: &Name| -> Option<Vec<Name>> {
            columns.iter().map(|it| renames.old_column(table, it).cloned()).collect()
        };
        let new_name = renames.new_table(&table.name).unwrap_or(&table.name);
        let (columns, target) = (old(&key.columns, new_name), old(&key.target, &key.table));
        let parent = renames.old_table(&key.table);
        let Some((columns, parent)) = columns.zip(parent) else { return Ok(()) };
        self.refer(values, &columns, (parent, &target.unwrap_or_default()), row)
    }

    /// Points a key at an existing row; at NULL if there is none.
    fn refer(
        &mut self,
        values: &mut BTreeMap<Name, String>,
        columns: &[Name],
        (table, target): (&Name, &[Name]),
        row: usize,
    ) -> Result<(), DatabaseError> {
        let parent = self.sides.from.tables.get(table);
        let key = parent.and_then(|it| it.primary_key.as_ref());
        let own: Vec<Name> =
            key.iter().flat_map(|it| &it.columns).map(|it| it.name.clone()).collect();
        let target = if target.is_empty() { &own } else { target };
        let known = parent.is_some_and(|it| target.iter().all(|name| it.column(name).is_some()));
        let mut found = None;
        if known && !target.is_empty() {
            let list: Vec<String> = target.iter().map(quoted).collect();
            let (list, table) = (list.join(", "), identifier(table));
            let query = format!("SELECT {list} FROM {table} ORDER BY 1 LIMIT 1");
            for query in [format!("{query} OFFSET {row}"), query] {
                if found.is_none() {
                    found = self.present.query(&query)?.into_iter().next();
                }
            }
        }
        let found = found.unwrap_or_default();
        for (at, column) in columns.iter().enumerate() {
            if let Some(value) = values.get_mut(column) {
                *value = found.get(at).cloned().flatten().unwrap_or_else(|| "NULL".to_owned());
            }
        }
        Ok(())
    }

    /// Raises the AUTOINCREMENT sequence above every existing number.
    fn raise_sequence(&mut self, table: &Table) -> Result<(), DatabaseError> {
        let Sides { to, renames, .. } = *self.sides;
        let new_name = renames.new_table(&table.name).unwrap_or(&table.name);
        let new = to.tables.get(new_name);
        if !table.has_autoincrement() || !new.is_some_and(Table::has_autoincrement) {
            return Ok(());
        }
        let raise = |name: &Name| {
            let name = quote_literal(name.as_str(), Dialect::Sqlite);
            format!("UPDATE sqlite_sequence SET seq = 1000000 WHERE name = {name} COLLATE NOCASE")
        };
        self.present.execute(&raise(&table.name))?;
        self.wanted.execute(&raise(new_name))
    }

    /// Removes rows with dangling references, until there are none.
    fn remove_orphans(&mut self) -> Result<(), DatabaseError> {
        let Sides { to, renames, .. } = *self.sides;
        loop {
            let mut broken = broken_tables(self.present);
            broken.extend(broken_tables(self.returned));
            let new = broken_tables(self.wanted);
            broken.extend(new.iter().filter_map(|it| renames.old_table(it).cloned()));
            if broken.is_empty() {
                return Ok(());
            }
            for name in broken {
                let delete = format!("DELETE FROM {}", identifier(&name));
                self.present.execute(&delete)?;
                self.returned.execute(&delete)?;
                let new = renames.new_table(&name);
                if let Some(new) = new.filter(|new| to.tables.contains_key(new)) {
                    self.wanted.execute(&format!("DELETE FROM {}", identifier(new)))?;
                }
            }
        }
    }
}

/// Returns the tables with dangling references; a key that SQLite can't check has none.
fn broken_tables(connection: &mut dyn Connection) -> BTreeSet<Name> {
    let rows = connection.query("PRAGMA foreign_key_check").unwrap_or_default();
    let tables = rows.into_iter().filter_map(|row| row.into_iter().next().flatten());
    tables.map(Name::any_case).collect()
}

/// Returns the rowids of the test rows: neither dense nor small.
fn rowid_of(row: usize) -> usize {
    7 + row * 1009
}

pub(super) fn quoted(column: &Name) -> String {
    format!("quote({})", identifier(column))
}

/// Adds a RETURNING clause: types and generated columns change values.
fn returning(insert: &str, table: &Table) -> String {
    let mut values: Vec<String> = table.columns.iter().map(|it| quoted(&it.name)).collect();
    values.extend(table.rowid().map(|it| format!("quote({it})")));
    format!("{insert} RETURNING {}", values.join(", "))
}

fn insert_into(table: &Name, values: &[(Name, String)]) -> String {
    let names: Vec<String> = values.iter().map(|(name, _)| identifier(name)).collect();
    let values: Vec<&str> = values.iter().map(|(_, value)| value.as_str()).collect();
    let table = identifier(table);
    format!("INSERT OR ABORT INTO {table} ({}) VALUES ({})", names.join(", "), values.join(", "))
}

/// Chooses a value for a column; later tries are tamer.
fn value(seed: Seed<'_>, column: &Column, at: usize) -> String {
    let Seed { table, new, row, attempt } = seed;
    let wanted = new.and_then(|it| it.column(&column.name));
    let becomes_rowid = new.is_some_and(|it| it.rowid_column() == Some(&column.name));
    if becomes_rowid || table.rowid_column() == Some(&column.name) {
        return (rowid_of(row)).to_string();
    }
    let mut pool: Vec<String> = allowed(table, column)
        .into_iter()
        .chain(new.into_iter().flat_map(|it| allowed(it, column)))
        .collect();
    let numeric = column.is_numeric() || wanted.is_some_and(Column::is_numeric);
    let text = format!("'row {row}'");
    let tame = if numeric { (row + 1).to_string() } else { text };
    if attempt == TRIES - 1 {
        return pool.first().cloned().unwrap_or(tame);
    }
    if pool.is_empty() || attempt < 2 {
        pool.push(tame);
        let awkward: &[&str] = match column.type_name() {
            "" | "any" => &["NULL", "x'00FF'", "'1'", "1.5"],
            _ if attempt < 3 && numeric => {
                &["9223372036854775807", "'twelve'", "NULL", "-1.5", "0"]
            }
            _ if numeric => &["NULL", "0", "-1"],
            _ if attempt < 3 => &[
                "'it''s 🦀 Ünï'",
                "''",
                "NULL",
                "x'00FF'",
                "'007'",
                "replace(hex(zeroblob(2000)), '0', 'é')",
            ],
            _ => &["NULL", "'007'", "''"],
        };
        pool.extend(awkward.iter().map(|it| (*it).to_owned()));
    }
    let turn = row + at * 2 + attempt;
    pool.get(turn % pool.len()).cloned().unwrap_or_else(|| "NULL".to_owned())
}

/// Returns the literals in the CHECKs that name a column, which are often valid values.
fn allowed(table: &Table, column: &Column) -> Vec<String> {
    let mut res = Vec::new();
    for check in &table.checks {
        let source = &check.expression.source;
        if words(source).contains(&column.name) {
            let tokens = Lexer::new(source, Dialect::Sqlite).map_while(Result::ok);
            for token in tokens {
                if token.kind == TokenKind::Quoted && token.text.starts_with('\'') {
                    res.push(token.text.to_owned());
                } else if let (TokenKind::Number, Ok(number)) =
                    (token.kind, token.text.parse::<i64>())
                {
                    res.extend([
                        number.saturating_add(1).to_string(),
                        number.to_string(),
                        number.saturating_sub(1).to_string(),
                    ]);
                }
            }
        }
    }
    res
}

/// Writes a row of an old table as an INSERT into a new one.
fn transplant(
    (renames, backfills): (&Renames, &Backfills),
    (old, new): (&Table, &Table),
    row: usize,
    planted: &Row,
) -> String {
    let mut values: Vec<(Name, String)> = Vec::new();
    for column in new.columns.iter().filter(|it| it.generated.is_none()) {
        let before = renames.old_column(&new.name, &column.name);
        let at = old.columns.iter().position(|it| Some(&it.name) == before);
        let value = at.and_then(|at| planted.get(at)).cloned().flatten();
        let fills = value.as_deref() == Some("NULL") && new.requires(column);
        // The value of an expression over other columns isn't known here.
        let backfill = backfills.get(&Id::column(&new.name, &column.name));
        let backfill =
            backfill.filter(|it| words(it).iter().all(|word| old.column(word).is_none()));
        match value {
            Some(value) if !fills || column.default.is_none() => {
                values.push((column.name.clone(), value));
            }
            None if backfill.is_some() => {
                values.extend(backfill.map(|it| (column.name.clone(), it.clone())));
            }
            None if new.requires(column) && column.default.is_none() => {
                let value = quote_literal(&format!("new {row}"), Dialect::Sqlite);
                values.push((column.name.clone(), value));
            }
            Some(_) | None => {}
        }
    }
    let rowid = old.rowid().and_then(|_| planted.last()).cloned().flatten();
    keep_rowid(&mut values, new, rowid);
    insert_into(&new.name, &values)
}

/// Keeps the rowid of the present row for the wanted one, as the script has to.
fn keep_rowid(values: &mut Vec<(Name, String)>, new: &Table, rowid: Option<String>) {
    let Some(value) = rowid else { return };
    match (new.rowid_column(), new.rowid()) {
        (Some(column), _) => {
            if !values.iter().any(|(name, _)| name == column) {
                values.push((column.clone(), value));
            }
        }
        (None, Some(name)) => values.push((Name::any_case(name), value)),
        (None, None) => {}
    }
}
