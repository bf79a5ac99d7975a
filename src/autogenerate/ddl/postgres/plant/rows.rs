//! The rows of one table: their values, and the statements that insert them.

use std::collections::BTreeMap;

use crate::autogenerate::ddl::postgres::names::{literal, quoted};
use crate::autogenerate::ddl::postgres::plant::facts::{Column, Table};
use crate::autogenerate::ddl::postgres::plant::shadow::Shadow;
use crate::autogenerate::ddl::postgres::plant::solve::{
    Conditions, Field, Group, cast, chosen, ordered, query_of_all, same,
};
use crate::autogenerate::ddl::postgres::plant::types::Types;
use crate::autogenerate::ddl::postgres::plant::values::Turn;
use crate::autogenerate::ddl::postgres::plant::{attempt, save, undo};
use crate::database::{Connection, DatabaseError, Row, Values as _};

/// How many rows a table gets.
pub(super) const ROWS: usize = 3;

/// How often a row is tried with other values.
const TRIES: usize = 8;

/// A value of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cell {
    Null,
    Default,
    Text(String),
}

/// A foreign key, with the rows that it can point at.
#[derive(Debug, Clone)]
pub(super) struct Link {
    /// The names of the columns in the present table.
    pub(super) columns: Vec<String>,
    pub(super) parents: Vec<Row>,
    /// The names of the referenced columns if the table refers to itself.
    pub(super) own: Option<Vec<String>>,
}

/// A table that gets rows.
pub(super) struct Bed<'a> {
    pub(super) table: &'a Table,
    /// The table with the rules of the wanted one, and how rows get there.
    pub(super) shadow: Option<(&'a Shadow, &'a Table)>,
    /// For the present columns, the names of the wanted ones.
    pub(super) names: BTreeMap<String, String>,
    pub(super) links: Vec<Link>,
    /// The queries that return a row if a planted one refers to nothing.
    pub(super) guards: Vec<String>,
}

impl<'a> Bed<'a> {
    /// Inserts the rows; returns how many the table has.
    pub(super) fn plant(
        &self,
        types: &Types,
        connection: &mut dyn Connection,
    ) -> Result<usize, DatabaseError> {
        let fields = self.fields(types, connection)?;
        let conditions = Conditions::of(self.table, self.shadow.map(|(_, it)| it));
        let groups = conditions.groups(&fields, types);
        let solutions = solve(&groups, &fields, types, connection)?;
        let solved: Vec<(Group, Vec<Row>)> = groups.into_iter().zip(solutions).collect();
        let values = Values { bed: self, fields: &fields, solved: &solved, types };
        let all: Vec<Vec<Cell>> = (0..ROWS).map(|row| values.row(row, 0)).collect();
        if self.insert(&fields, &all, types, connection)? {
            return Ok(ROWS);
        }
        let mut count = 0;
        for row in 0..ROWS {
            for at in 0..TRIES {
                if self.insert(&fields, &[values.row(row, at)], types, connection)? {
                    count += 1;
                    break;
                }
            }
        }
        Ok(count)
    }

    fn fields(
        &self,
        types: &Types,
        connection: &mut dyn Connection,
    ) -> Result<Vec<Field<'a>>, DatabaseError> {
        let conditions = Conditions::of(self.table, self.shadow.map(|(_, it)| it));
        let mut res = Vec::new();
        for column in self.table.columns.iter().filter(|it| !it.is_generated) {
            let shadow = self.shadow.map(|(_, it)| it);
            let wanted = shadow.and_then(|it| it.column(self.names.get(&column.name)?));
            let mut field = Field { column, wanted, candidates: Vec::new(), is_bound: false };
            let link = self.links.iter().find(|it| it.columns == [column.name.clone()]);
            let parents = link.map(|it| it.parents.as_slice()).unwrap_or_default();
            if parents.is_empty() {
                for it in conditions.candidates(&field, types) {
                    if fits(&it, column, wanted, types, connection)? {
                        field.candidates.push(Some(it));
                    }
                }
            } else {
                field.candidates = parents.iter().filter_map(|it| it.first().cloned()).collect();
                field.is_bound = true;
            }
            let refuses = |it: &Column| it.is_required || types.refuses_null(it.typed);
            if !refuses(column) && !wanted.is_some_and(refuses) {
                field.candidates.push(None);
            }
            res.push(field);
        }
        Ok(res)
    }

    /// Writes the clause by which values are computed that are stored nowhere: that can fail.
    fn read_back(&self) -> String {
        let all = self.table.columns.iter().filter(|it| it.is_virtual);
        let names: Vec<String> = all.map(|it| quoted(&it.name)).collect();
        if names.is_empty() { String::new() } else { format!(" RETURNING {}", names.join(", ")) }
    }

    /// Inserts rows; tells whether both tables have taken them.
    fn insert(
        &self,
        fields: &[Field<'_>],
        rows: &[Vec<Cell>],
        types: &Types,
        connection: &mut dyn Connection,
    ) -> Result<bool, DatabaseError> {
        let insert = insertion(&self.table.written, fields, rows, types);
        let insert = match self.shadow {
            Some((shadow, _)) => shadow.around(&insert),
            None => format!("{insert}{}", self.read_back()),
        };
        if self.guards.is_empty() {
            return attempt(connection, &[insert]);
        }
        save(connection)?;
        if connection.execute(&insert).is_err() {
            undo(connection)?;
            return Ok(false);
        }
        for guard in &self.guards {
            if !connection.query(guard)?.is_empty() {
                undo(connection)?;
                return Ok(false);
            }
        }
        connection.execute("RELEASE plant")?;
        Ok(true)
    }
}

/// Asks the server for values with which conditions hold: for all groups at once, and for each
/// alone if that fails.
fn solve(
    groups: &[Group],
    fields: &[Field<'_>],
    types: &Types,
    connection: &mut dyn Connection,
) -> Result<Vec<Vec<Row>>, DatabaseError> {
    let mut res = vec![Vec::new(); groups.len()];
    if groups.is_empty() {
        return Ok(res);
    }
    if let Some(rows) = asked(&query_of_all(groups, fields, types), connection)? {
        for mut row in rows {
            let at = row.text(0).parse::<usize>().ok();
            let Some((group, found)) = at.and_then(|at| groups.get(at).zip(res.get_mut(at))) else {
                continue;
            };
            row.remove(0);
            row.truncate(group.fields.len());
            found.push(row);
        }
    } else if groups.len() > 1 {
        let mut alone = Vec::new();
        for it in groups {
            alone.extend(solve(std::slice::from_ref(it), fields, types, connection)?);
        }
        return Ok(alone);
    }
    Ok(res.into_iter().map(ordered).collect())
}

/// Asks a question that may fail.
fn asked(query: &str, connection: &mut dyn Connection) -> Result<Option<Vec<Row>>, DatabaseError> {
    save(connection)?;
    let Ok(found) = connection.query(query) else {
        undo(connection)?;
        return Ok(None);
    };
    connection.execute("RELEASE plant")?;
    Ok(Some(found))
}

/// Tells whether a value can be one of both columns.
fn fits(
    text: &str,
    column: &Column,
    wanted: Option<&Column>,
    types: &Types,
    connection: &mut dyn Connection,
) -> Result<bool, DatabaseError> {
    let Some(wanted) = wanted.filter(|it| !same(types, it.typed, column.typed)) else {
        return Ok(true);
    };
    let value = format!("{}::{}", literal(text), types.written(column.typed));
    attempt(connection, &[format!("SELECT {}", cast(&value, column.typed, wanted.typed, types))])
}

/// Writes the statement that inserts rows.
fn insertion(table: &str, fields: &[Field<'_>], rows: &[Vec<Cell>], types: &Types) -> String {
    if fields.is_empty() {
        return format!("INSERT INTO {table} DEFAULT VALUES");
    }
    let names: Vec<String> = fields.iter().map(|it| quoted(&it.column.name)).collect();
    let row = |cells: &Vec<Cell>| {
        let cells = cells.iter().zip(fields).map(|(cell, field)| match cell {
            Cell::Null => "NULL".to_owned(),
            Cell::Default => "DEFAULT".to_owned(),
            Cell::Text(text) => {
                format!("{}::{}", literal(text), types.written(field.column.typed))
            }
        });
        format!("({})", cells.collect::<Vec<_>>().join(", "))
    };
    let rows: Vec<String> = rows.iter().map(row).collect();
    let (names, rows) = (names.join(", "), rows.join(", "));
    format!("INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE VALUES {rows}")
}

/// The choice of the values of rows.
struct Values<'a> {
    bed: &'a Bed<'a>,
    fields: &'a [Field<'a>],
    /// The groups of fields with values for which their conditions hold.
    solved: &'a [(Group, Vec<Row>)],
    types: &'a Types,
}

impl Values<'_> {
    /// Chooses the values of a row; later attempts are tamer.
    fn row(&self, row: usize, attempt: usize) -> Vec<Cell> {
        let plain = self.fields.iter().enumerate();
        let mut res: Vec<Cell> =
            plain.map(|(at, field)| self.plain(field, at, row, attempt)).collect();
        for (group, solutions) in self.solved {
            let Some(solution) = chosen(solutions, row, attempt) else { continue };
            for (at, value) in group.fields.iter().zip(solution) {
                if let Some(cell) = res.get_mut(*at) {
                    *cell = value.clone().map_or(Cell::Null, Cell::Text);
                }
            }
        }
        for link in self.bed.links.iter().filter(|it| !self.is_solved(it)) {
            self.point(&mut res, link, row + attempt);
        }
        res
    }

    /// Tells whether the values of a foreign key are among those that are solved.
    fn is_solved(&self, link: &Link) -> bool {
        let [name] = link.columns.as_slice() else { return false };
        let at = self.fields.iter().position(|it| it.is_bound && it.column.name == *name);
        at.is_some_and(|at| {
            self.solved.iter().any(|(group, found)| group.fields.contains(&at) && !found.is_empty())
        })
    }

    /// Points a foreign key at a row of its parent; at the row itself, or at nothing, if there is
    /// none.
    fn point(&self, cells: &mut [Cell], link: &Link, turn: usize) {
        let position = |name: &String| self.fields.iter().position(|it| it.column.name == *name);
        let parent = link.parents.get(turn % link.parents.len().max(1));
        for (at, name) in link.columns.iter().enumerate() {
            let Some(place) = position(name) else { continue };
            let own = link.own.as_ref().and_then(|it| position(it.get(at)?));
            let is_required = self.fields.get(place).is_some_and(|it| it.column.is_required);
            let value = match (parent, own) {
                (Some(parent), _) => {
                    parent.get(at).cloned().flatten().map_or(Cell::Null, Cell::Text)
                }
                (None, Some(own)) if is_required || turn % ROWS == 1 => {
                    cells.get(own).cloned().unwrap_or(Cell::Null)
                }
                (None, _) => Cell::Null,
            };
            if let Some(cell) = cells.get_mut(place) {
                *cell = value;
            }
        }
    }

    /// Chooses a value on which no condition depends.
    fn plain(&self, field: &Field<'_>, at: usize, row: usize, attempt: usize) -> Cell {
        let column = field.column;
        let is_nullable = field.candidates.contains(&None);
        let turn = Turn { number: row + ROWS * (attempt / 2), at, is_tame: attempt > 1 };
        let value = || self.types.value(column.typed, turn).map_or(Cell::Null, Cell::Text);
        let border = |turn: usize| {
            let all = self.types.extremes(column.typed);
            let chosen = all.get((at + turn) % all.len().max(1)).cloned();
            chosen.map_or_else(value, Cell::Text)
        };
        let candidate = || {
            let all: Vec<&String> = field.candidates.iter().flatten().collect();
            let chosen = all.get((row + attempt) % all.len().max(1));
            chosen.map_or(Cell::Null, |it| Cell::Text((*it).clone()))
        };
        let is_key = self.bed.table.keys.contains(&column.name)
            || field.wanted.is_some_and(|wanted| {
                self.bed.shadow.is_some_and(|(_, it)| it.keys.contains(&wanted.name))
            });
        let other = field.wanted.is_some_and(|it| !same(self.types, it.typed, column.typed));
        match (attempt, row) {
            (3, _) if column.has_default => Cell::Default,
            (3, _) if is_nullable => Cell::Null,
            _ if other => candidate(),
            (6.., _) if !is_key => candidate(),
            (0, 1) if !is_key => border(0),
            (0, 2) if !is_key && is_nullable => Cell::Null,
            (0, 2) if !is_key => border(1),
            _ => value(),
        }
    }
}
