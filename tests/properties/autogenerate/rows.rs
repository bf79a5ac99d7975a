//! Rows, put into databases and read by rusqlite, and what has to become of them.

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::draw::Tape;
use super::model::{Column, Model, Table, quoted, same};

/// A row by its columns' names; the rowid is there under a name that no column has.
pub(super) type Row = Vec<(String, Value)>;

const ROWID: &str = "\0rowid";

/// Two schemas, the second of which knows by its keys where its columns come from.
#[derive(Clone, Copy)]
pub(super) struct Way<'a> {
    pub(super) from: &'a Model,
    pub(super) to: &'a Model,
    /// Whether hints fill columns.
    pub(super) filled: bool,
}

impl<'a> Way<'a> {
    /// Finds what a table was: the one of its key, or of its name if that got no other.
    pub(super) fn old_table(&self, new: &Table) -> Option<&'a Table> {
        let of_name = || {
            let old = self.from.named(&new.name)?;
            Some(old).filter(|old| self.to.table(old.key).is_none())
        };
        self.from.table(new.key).or_else(of_name)
    }

    pub(super) fn old_column(old: &'a Table, new: &Table, name: &Column) -> Option<&'a Column> {
        let of_name = || {
            let before = old.named(&name.name)?;
            Some(before).filter(|before| new.column(before.key).is_none())
        };
        old.column(name.key).or_else(of_name)
    }

    /// Makes of a row what it has to become; none where SQLite is free to choose.
    fn carried(&self, old: &'a Table, new: &Table, row: &Row) -> Option<Row> {
        let value = |name: &str| row.iter().find(|it| it.0 == name).map(|it| it.1.clone());
        let mut res = Row::new();
        for column in new.columns.iter().filter(|it| it.generated.is_none()) {
            let is_rowid = new.rowid_column() == Some(column.key);
            let fill = match column.backfill {
                _ if !self.filled => None,
                "" => None,
                "9" => Some(Value::Integer(9)),
                text => Some(Value::Text(text.trim_matches('\'').to_owned())),
            };
            let push = |value| Some((column.name.clone(), value));
            let pair = match Self::old_column(old, new, column) {
                Some(before) => {
                    let value = value(&before.name)?;
                    let is_null = value == Value::Null;
                    let tightens = new.requires(column) && !old.requires(before) && !is_rowid;
                    match (is_null && tightens, fill) {
                        _ if is_null && is_rowid => return None,
                        (true, Some(fill)) => push(fill),
                        (true, None) if !column.default.is_empty() => None,
                        _ => push(value),
                    }
                }
                None if fill.is_some() => fill.and_then(push),
                None if is_rowid => value(ROWID).and_then(push),
                None => None,
            };
            res.extend(pair);
        }
        if let (Some(name), None, Some(rowid)) = (new.rowid(), new.rowid_column(), value(ROWID)) {
            res.push((name.to_owned(), rowid));
        }
        Some(res)
    }

    /// The columns of a table whose values are known beforehand.
    pub(super) fn comparable(&self, new: &Table) -> Vec<String> {
        let old = self.old_table(new);
        let before = |it: &Column| old.and_then(|old| Self::old_column(old, new, it));
        let is_clock = |it: &Column| it.default == "CURRENT_TIMESTAMP";
        let is_timed = |it: &Column| is_clock(it) || before(it).is_some_and(is_clock);
        let timed = new.columns.iter().any(is_timed);
        let has_rowid = old.is_some_and(|it| it.rowid().is_some());
        let is_free =
            |it: &Column| new.rowid_column() == Some(it.key) && before(it).is_none() && !has_rowid;
        // What is generated may be made of a number that the database is free to choose.
        let derived = timed || new.columns.iter().any(is_free);
        let known =
            |it: &&Column| !is_timed(it) && !is_free(it) && (!derived || it.generated.is_none());
        let mut res: Vec<String> =
            new.columns.iter().filter(known).map(|it| quoted(&it.name)).collect();
        res.extend(
            new.rowid().filter(|_| has_rowid && new.rowid_column().is_none()).map(str::to_owned),
        );
        res
    }
}

/// Inserts a row and returns it as it is then.
fn insert(connection: &Connection, table: &Table, row: &Row) -> rusqlite::Result<Row> {
    let mut names: Vec<String> = table.columns.iter().map(|it| it.name.clone()).collect();
    let mut list: Vec<String> = names.iter().map(|it| quoted(it)).collect();
    if let Some(rowid) = table.rowid() {
        list.push(rowid.to_owned());
        names.push(ROWID.to_owned());
    }
    let columns: Vec<String> = row.iter().map(|(name, _)| quoted(name)).collect();
    let marks = vec!["?"; row.len()].join(", ");
    let values = format!("({}) VALUES ({marks})", columns.join(", "));
    let values = if row.is_empty() { "DEFAULT VALUES".to_owned() } else { values };
    let name = quoted(&table.name);
    let sql = format!("INSERT OR ABORT INTO {name} {values} RETURNING {}", list.join(", "));
    let res = connection
        .prepare(&sql)?
        .query_row(params_from_iter(row.iter().map(|it| &it.1)), |it| {
            (0..names.len()).map(|at| Ok((names[at].clone(), it.get::<_, Value>(at)?))).collect()
        })?;
    match violations(connection, Some(&table.name))? {
        0 => Ok(res),
        _ => Err(rusqlite::Error::QueryReturnedNoRows),
    }
}

pub(super) fn violations(connection: &Connection, table: Option<&str>) -> rusqlite::Result<usize> {
    let table = table.map(|it| format!("({})", quoted(it))).unwrap_or_default();
    let mut statement = connection.prepare(&format!("PRAGMA foreign_key_check{table}"))?;
    Ok(statement.query_map([], |_| Ok(()))?.count())
}

/// Puts rows into a database that also fit where they have to go, and returns how many there are.
pub(super) fn sow(
    tape: &mut Tape<'_>,
    there: Way<'_>,
    back: Option<Way<'_>>,
    databases: [&Connection; 3],
) -> usize {
    let mut count = 0;
    for round in 0..4 {
        for table in &there.from.tables {
            for attempt in 0..3 {
                let row = draw(tape, databases[0], there, table, (round, attempt));
                for database in databases {
                    database.execute_batch("BEGIN").unwrap();
                }
                let taken = place(there, back, databases, table, &row).is_some();
                let end = if taken { "COMMIT" } else { "ROLLBACK" };
                for database in databases {
                    database.execute_batch(end).unwrap();
                }
                if taken {
                    count += 1;
                    break;
                }
            }
        }
    }
    count
}

fn place(
    there: Way<'_>,
    back: Option<Way<'_>>,
    databases: [&Connection; 3],
    table: &Table,
    row: &Row,
) -> Option<()> {
    let row = insert(databases[0], table, row).ok()?;
    let is_its = |new: &&Table| there.old_table(new).is_some_and(|it| it.key == table.key);
    let Some(new) = there.to.tables.iter().find(is_its) else {
        return Some(());
    };
    let row = insert(databases[1], new, &there.carried(table, new, &row)?).ok()?;
    if let Some(back) = back {
        insert(databases[2], table, &back.carried(new, table, &row)?).ok()?;
    }
    Some(())
}

fn draw(
    tape: &mut Tape<'_>,
    connection: &Connection,
    way: Way<'_>,
    table: &Table,
    (round, attempt): (usize, usize),
) -> Row {
    let mut res = Row::new();
    let number = i64::try_from(10 + round * 13).unwrap();
    let new =
        way.to.tables.iter().find(|new| way.old_table(new).is_some_and(|it| it.key == table.key));
    for (at, column) in table.columns.iter().enumerate().filter(|(_, it)| it.generated.is_none()) {
        let after = new.and_then(|new| {
            new.columns
                .iter()
                .find(|it| Way::old_column(table, new, it).is_some_and(|it| it.key == column.key))
        });
        let declared = [Some(column.declared), after.map(|it| it.declared)];
        let value = if table.rowid_column() == Some(column.key) {
            Value::Integer(number)
        } else {
            let turn = tape.below(31) + round * 5 + at * 3;
            let pool = pool(declared, attempt == 2);
            pool[turn % pool.len()].clone()
        };
        let required =
            table.requires(column) || new.zip(after).is_some_and(|it| it.0.requires(it.1));
        let value = if value == Value::Null && required { Value::Integer(number) } else { value };
        res.push((column.name.clone(), value));
    }
    for key in &table.foreign_keys {
        let parent = way.from.table(key.table).unwrap();
        let target: Vec<String> =
            key.target.iter().map(|it| quoted(&parent.column(*it).unwrap().name)).collect();
        let sql = format!(
            "SELECT {} FROM {} ORDER BY 1 LIMIT 1 OFFSET {}",
            target.join(", "),
            quoted(&parent.name),
            if attempt == 0 { round } else { 0 },
        );
        let found: Option<Vec<Value>> = connection
            .query_row(&sql, [], |row| (0..target.len()).map(|at| row.get(at)).collect())
            .ok()
            .filter(|_| attempt < 2);
        for (at, column) in key.columns.iter().enumerate() {
            let name = &table.column(*column).unwrap().name;
            let value = found.as_ref().map_or(Value::Null, |it| it[at].clone());
            res.iter_mut().filter(|it| same(&it.0, name)).for_each(|it| it.1 = value.clone());
        }
    }
    if let (Some(name), None) = (table.rowid(), table.rowid_column()) {
        res.push((name.to_owned(), Value::Integer(number)));
    }
    res
}

fn pool(declared: [Option<&str>; 2], tame: bool) -> Vec<Value> {
    let is = |list: &[&str]| declared.iter().flatten().any(|it| list.contains(it));
    let text = |it: &str| Value::Text(it.to_owned());
    let integers = [1, 0, -5, 7, 9_007_199_254_740_993].map(Value::Integer);
    let texts = [text(""), text("it's"), text("007"), text("Ünï 🦀"), text("1.50"), text("A")];
    let mut res = vec![Value::Null];
    if is(&["INTEGER", "INT"]) {
        res.extend(integers);
    } else if is(&["TEXT", "VARCHAR(20)"]) {
        res.extend(texts);
    } else if is(&["REAL"]) {
        res.extend([1.5, -2.25, 3.0].map(Value::Real));
    } else {
        res.extend(integers.into_iter().chain(texts));
        res.extend([Value::Real(0.5), Value::Blob(vec![0, 255])]);
    }
    if !tame && is(&["INTEGER", "TEXT", "BLOB"]) {
        res.extend([Value::Blob(vec![0, 255]), text("12"), Value::Integer(3)]);
    }
    res
}

/// Reads some columns of all rows, in an order that the rows give. Without columns they are counted.
pub(super) fn contents(connection: &Connection, table: &str, columns: &[String]) -> Vec<String> {
    let list = if columns.is_empty() { "1".to_owned() } else { columns.join(", ") };
    let sql = format!("SELECT {list} FROM {}", quoted(table));
    let mut statement = connection.prepare(&sql).unwrap();
    let rows = statement.query_map([], |row| {
        let values: rusqlite::Result<Vec<Value>> =
            (0..columns.len()).map(|at| row.get(at)).collect();
        Ok(format!("{:?}", values?))
    });
    let mut res: Vec<String> = rows.unwrap().map(Result::unwrap).collect();
    res.sort();
    res
}
