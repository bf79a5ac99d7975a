//! Rows that are planted before a script is tried: awkward ones, in as many tables as take them.
//!
//! Each row goes into the present tables, and as it stands there into the wanted ones; only what both
//! take stays. So the wanted tables hold what the script has to lead to.

use std::collections::{BTreeMap, BTreeSet};

use crate::autogenerate::{Renames, Scratch};
use crate::catalog::{Id, Kind, Name, sorted};
use crate::database::{DatabaseError, Row};
use crate::sql::{Dialect, Lexer, TokenKind, quote_literal};
use crate::sqlite::{Column, ForeignKey, Schema, Table, identifier};

/// How many rows a table gets.
const ROWS: usize = 3;

/// How often a row is tried with other values.
const TRIES: usize = 12;

/// What the planting rests on.
pub(crate) struct Field<'a> {
    pub(crate) from: &'a Schema,
    pub(crate) to: &'a Schema,
    pub(crate) renames: &'a Renames,
    /// The tables, by their new names, that stay empty.
    pub(crate) barren: &'a BTreeSet<Name>,
}

/// Plants rows in the tables of both databases; no views and triggers are there yet.
pub(crate) fn plant(
    field: &Field<'_>,
    present: &mut Scratch,
    wanted: &mut Scratch,
) -> Result<(), DatabaseError> {
    let back = field.renames.reversed();
    let back = Field { from: field.to, to: field.from, renames: &back, barren: field.barren };
    let mut returned = Scratch::new()?;
    returned.make_tables(&field.from.catalog)?;
    let mut beds = Beds { field, back: &back, present, wanted, returned: &mut returned };
    beds.present.execute("BEGIN")?;
    beds.wanted.execute("BEGIN")?;
    beds.returned.execute("BEGIN")?;
    for name in field.order() {
        let Some(table) = field.from.tables.get(&name).filter(|it| !it.is_virtual()) else {
            continue;
        };
        let new_name = field.renames.new_table(&name);
        if new_name.is_none_or(|name| !field.barren.contains(name)) {
            let new = new_name.and_then(|name| field.to.tables.get(name));
            for row in 0..ROWS {
                sow(&mut beds, table, new, row)?;
            }
        }
        raise_sequence(field, table, beds.present, beds.wanted)?;
    }
    weed(&mut beds)?;
    present.execute("COMMIT")?;
    wanted.execute("COMMIT")
}

impl Field<'_> {
    /// Orders the tables so that those which others refer to come first.
    fn order(&self) -> Vec<Name> {
        let mut needs = self.from.catalog.needs(Kind::Table);
        let old = |id: &Id| self.renames.old_table(&id.name).map(Id::table);
        for (id, more) in self.to.catalog.needs(Kind::Table) {
            if let Some(id) = old(&id) {
                needs.entry(id).or_default().extend(more.iter().filter_map(old));
            }
        }
        sorted(&needs).into_iter().map(|id| id.name).collect()
    }
}

/// Where rows are planted.
struct Beds<'a> {
    field: &'a Field<'a>,
    back: &'a Field<'a>,
    present: &'a mut Scratch,
    wanted: &'a mut Scratch,
    /// The present tables once more, for the rows as they come back.
    returned: &'a mut Scratch,
}

impl Beds<'_> {
    /// Plants a row as it is given, as it is wanted, and as it comes back; tells whether all took it.
    fn plant(&mut self, insert: &str, old: &Table, new: Option<&Table>, row: usize) -> bool {
        let planted = |scratch: &mut Scratch, insert: &str| {
            scratch.query(insert).ok().and_then(|rows| rows.into_iter().next())
        };
        let Some(first) = planted(self.present, insert) else {
            return false;
        };
        let Some(new) = new else {
            return true;
        };
        let copy = returning(transplant(self.field, old, new, row, &first), new);
        let Some(second) = planted(self.wanted, &copy) else {
            return false;
        };
        let copy = transplant(self.back, new, old, row, &second);
        self.returned.execute(&copy).is_ok()
    }

    fn all(&mut self) -> [&mut Scratch; 3] {
        [self.present, self.wanted, self.returned]
    }
}

/// Tries to plant one row.
fn sow(
    beds: &mut Beds<'_>,
    table: &Table,
    new: Option<&Table>,
    row: usize,
) -> Result<(), DatabaseError> {
    for attempt in 0..TRIES {
        let insert = insertion(beds.field, table, new, row, attempt, beds.present)?;
        for scratch in beds.all() {
            scratch.execute("SAVEPOINT seed")?;
        }
        let taken = beds.plant(&insert, table, new, row);
        for scratch in beds.all() {
            if !taken {
                scratch.execute("ROLLBACK TO seed")?;
            }
            scratch.execute("RELEASE seed")?;
        }
        if taken {
            break;
        }
    }
    Ok(())
}

/// The rowids of the planted rows: neither dense nor small.
fn rowid_of(row: usize) -> usize {
    7 + row * 1009
}

fn insertion(
    field: &Field<'_>,
    table: &Table,
    new: Option<&Table>,
    row: usize,
    attempt: usize,
    present: &mut Scratch,
) -> Result<String, DatabaseError> {
    let mut values: BTreeMap<Name, String> = BTreeMap::new();
    for (at, column) in table.columns.iter().enumerate().filter(|(_, it)| it.generated.is_none()) {
        values.insert(column.name.clone(), value(table, new, column, (row, at, attempt)));
    }
    for key in &table.foreign_keys {
        refer(&mut values, &key.columns, &key.table, &key.target, field.from, row, present)?;
    }
    for key in new.into_iter().flat_map(|new| &new.foreign_keys) {
        refer_as_wanted(&mut values, field, table, key, row, present)?;
    }
    if let (Some(rowid), None) = (table.rowid(), table.rowid_column()) {
        values.insert(Name::any_case(rowid), rowid_of(row).to_string());
    }
    let insert = insert_into(&table.name, &values.into_iter().collect::<Vec<_>>());
    Ok(returning(insert, table))
}

/// Asks for what is there afterwards: types and generated columns make something of values.
fn returning(insert: String, table: &Table) -> String {
    let all = table.columns.iter().map(|column| identifier(&column.name));
    let all = all.chain(table.rowid().map(str::to_owned));
    let quoted: Vec<String> = all.map(|it| format!("quote({it})")).collect();
    insert + " RETURNING " + &quoted.join(", ")
}

fn insert_into(table: &Name, values: &[(Name, String)]) -> String {
    let names: Vec<String> = values.iter().map(|(name, _)| identifier(name)).collect();
    let values: Vec<&str> = values.iter().map(|(_, value)| value.as_str()).collect();
    let table = identifier(table);
    format!("INSERT OR ABORT INTO {table} ({}) VALUES ({})", names.join(", "), values.join(", "))
}

/// Points a key that only the wanted table has at a row that is there.
fn refer_as_wanted(
    values: &mut BTreeMap<Name, String>,
    field: &Field<'_>,
    table: &Table,
    key: &ForeignKey,
    row: usize,
    present: &mut Scratch,
) -> Result<(), DatabaseError> {
    let old = |columns: &[Name], table: &Name| -> Option<Vec<Name>> {
        columns.iter().map(|it| field.renames.old_column(table, it).cloned()).collect()
    };
    let new_name = field.renames.new_table(&table.name).unwrap_or(&table.name);
    let (columns, target) = (old(&key.columns, new_name), old(&key.target, &key.table));
    let parent = field.renames.old_table(&key.table);
    let Some((columns, parent)) = columns.zip(parent) else {
        return Ok(());
    };
    refer(values, &columns, parent, &target.unwrap_or_default(), field.from, row, present)
}

/// Points a key at a row that is there; at none if there is none.
fn refer(
    values: &mut BTreeMap<Name, String>,
    columns: &[Name],
    table: &Name,
    target: &[Name],
    schema: &Schema,
    row: usize,
    present: &mut Scratch,
) -> Result<(), DatabaseError> {
    let parent = schema.tables.get(table);
    let key = parent.and_then(|it| it.primary_key.as_ref());
    let own: Vec<Name> = key.iter().flat_map(|it| &it.columns).map(|it| it.name.clone()).collect();
    let target = if target.is_empty() { &own } else { target };
    let known = parent.is_some_and(|it| target.iter().all(|name| it.column(name).is_some()));
    let mut found = None;
    if known && !target.is_empty() {
        let quoted: Vec<String> =
            target.iter().map(|name| format!("quote({})", identifier(name))).collect();
        let (list, table) = (quoted.join(", "), identifier(table));
        let query = format!("SELECT {list} FROM {table} ORDER BY 1 LIMIT 1 OFFSET {row}");
        let first = format!("SELECT {list} FROM {table} ORDER BY 1 LIMIT 1");
        found = present.query(&query)?.into_iter().next();
        if found.is_none() {
            found = present.query(&first)?.into_iter().next();
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

/// Chooses a value for a column; later tries are tamer.
fn value(
    table: &Table,
    new: Option<&Table>,
    column: &Column,
    (row, at, attempt): (usize, usize, usize),
) -> String {
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

/// Returns the literals of the CHECKs that name a column, which are often what it may hold.
fn allowed(table: &Table, column: &Column) -> Vec<String> {
    let mut res = Vec::new();
    for check in &table.checks {
        let source = &check.expression.source;
        if crate::sqlite::words(source).contains(&column.name) {
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

/// Writes a planted row as an insertion into the wanted table.
fn transplant(field: &Field<'_>, old: &Table, new: &Table, row: usize, planted: &Row) -> String {
    let mut values: Vec<(Name, String)> = Vec::new();
    for column in new.columns.iter().filter(|it| it.generated.is_none()) {
        let before = field.renames.old_column(&new.name, &column.name);
        let at = old.columns.iter().position(|it| Some(&it.name) == before);
        let value = at.and_then(|at| planted.get(at)).cloned().flatten();
        let fills = value.as_deref() == Some("NULL") && new.requires(column);
        match value {
            Some(value) if !fills || column.default.is_none() => {
                values.push((column.name.clone(), value));
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

/// Gives the wanted row the rowid of the present one, as the script has to.
fn keep_rowid(values: &mut Vec<(Name, String)>, new: &Table, rowid: Option<String>) {
    let Some(value) = rowid else {
        return;
    };
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

/// Has AUTOINCREMENT remember a number that no row bears.
fn raise_sequence(
    field: &Field<'_>,
    table: &Table,
    present: &mut Scratch,
    wanted: &mut Scratch,
) -> Result<(), DatabaseError> {
    let new_name = field.renames.new_table(&table.name).unwrap_or(&table.name);
    let new = field.to.tables.get(new_name);
    if !table.has_autoincrement() || !new.is_some_and(Table::has_autoincrement) {
        return Ok(());
    }
    let raise = |name: &Name| {
        let name = quote_literal(name.as_str(), Dialect::Sqlite);
        format!("UPDATE sqlite_sequence SET seq = 1000000 WHERE name = {name} COLLATE NOCASE")
    };
    present.execute(&raise(&table.name))?;
    wanted.execute(&raise(new_name))
}

/// Takes out the rows of tables that refer to none, until all do.
fn weed(beds: &mut Beds<'_>) -> Result<(), DatabaseError> {
    let renames = beds.field.renames;
    loop {
        let mut broken: BTreeSet<Name> = beds.present.broken_tables().into_iter().collect();
        broken.extend(beds.returned.broken_tables());
        let new = beds.wanted.broken_tables();
        broken.extend(new.iter().filter_map(|it| renames.old_table(it).cloned()));
        if broken.is_empty() {
            return Ok(());
        }
        for name in broken {
            let delete = format!("DELETE FROM {}", identifier(&name));
            beds.present.execute(&delete)?;
            beds.returned.execute(&delete)?;
            let new = renames.new_table(&name);
            if let Some(new) = new.filter(|new| beds.field.to.tables.contains_key(new)) {
                beds.wanted.execute(&format!("DELETE FROM {}", identifier(new)))?;
            }
        }
    }
}
