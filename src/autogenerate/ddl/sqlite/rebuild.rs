//! The rebuild of a table: created under a free name, filled, and renamed.
//!
//! It relies on foreign keys being off while it runs, as they are in a revision: the DROP would
//! delete the rows of other tables by ON DELETE CASCADE (`sqlite.org/foreignkeys.html`, "Identical
//! Parent and Child Tables … CREATE, ALTER and DROP TABLE").

use crate::autogenerate::ddl::How;
use crate::autogenerate::ddl::sqlite::plan::under_another_name;
use crate::autogenerate::script::Step;
use crate::catalog::{Id, Name};
use crate::sql::{Dialect, quote_literal};
use crate::sqlite::{Column, Fragment, Schema, Table, diff, identifier};

pub(super) fn rebuild(from: &Schema, to: &Schema, old: &Table, new: &Table, how: &How<'_>) -> Step {
    let free = free_name(from, to, &new.name);
    let temporary = identifier(&free);
    let name = identifier(&new.name);
    let copy = Copy::new(old, new, how);
    let mut statements = vec![under_another_name(new, &temporary)];
    statements.push(copy.statement(old, new, &temporary));
    if old.has_autoincrement() && new.has_autoincrement() {
        statements.extend(keep_sequence(&old.name, &free));
    }
    statements.push(format!("DROP TABLE {}", identifier(&old.name)));
    statements.push(format!("ALTER TABLE {temporary} RENAME TO {name}"));
    let title = format!("Rebuild table {}", new.name);
    let takes = from.catalog.with(&Id::table(&old.name));
    let mut step = Step { takes, title, statements, ..Step::default() };
    describe(&mut step, old, new);
    step.notes.extend(copy.notes);
    step.fills = copy.fills;
    step
}

/// Describes the changes and the lost data.
fn describe(step: &mut Step, old: &Table, new: &Table) {
    for difference in diff(&old.lowered(), &new.lowered()) {
        step.serves.extend(difference.ids);
        let what = difference.description;
        if difference.destructive {
            step.destructive.push(match what.strip_prefix("drop ") {
                Some(column) => format!("drops {column} with its values"),
                None => what.replacen("change ", "changes ", 1),
            });
        } else {
            step.notes.push(what);
        }
    }
}

/// Finds a name that is not used.
fn free_name(from: &Schema, to: &Schema, table: &Name) -> Name {
    let mut res = Name::any_case(format!("_migrate_new_{table}"));
    let mut number = 2;
    while from.holds(&res) || to.holds(&res) {
        res = Name::any_case(format!("_migrate_new_{table}_{number}"));
        number += 1;
    }
    res
}

/// Preserves the highest number that AUTOINCREMENT has assigned.
fn keep_sequence(old: &Name, new: &Name) -> [String; 2] {
    let (old, new) = (
        quote_literal(old.as_str(), Dialect::Sqlite),
        quote_literal(new.as_str(), Dialect::Sqlite),
    );
    [
        format!("DELETE FROM sqlite_sequence WHERE name = {new}"),
        format!(
            "INSERT INTO sqlite_sequence (name, seq)\nSELECT {new}, seq FROM sqlite_sequence WHERE name = {old}"
        ),
    ]
}

/// The values of the columns in the copy.
struct Copy {
    columns: Vec<String>,
    values: Vec<String>,
    notes: Vec<String>,
    fills: Vec<String>,
}

impl Copy {
    fn new(old: &Table, new: &Table, how: &How<'_>) -> Self {
        let mut res =
            Self { columns: Vec::new(), values: Vec::new(), notes: Vec::new(), fills: Vec::new() };
        if let (Some(from), Some(to), None) = (old.rowid(), new.rowid(), new.rowid_column()) {
            res.push(to.to_owned(), from.to_owned());
        }
        for column in new.columns.iter().filter(|it| it.generated.is_none()) {
            res.add(old, new, column, how);
        }
        if res.columns.is_empty() {
            res.keep_count(new, how);
        }
        res
    }

    /// Gives the copy as many rows as the table has, though no value of them stays.
    fn keep_count(&mut self, new: &Table, how: &How<'_>) {
        if let Some(column) = new.columns.iter().find(|it| it.generated.is_none()) {
            let is_rowid = new.rowid_column() == Some(&column.name);
            let fill = fill_of(new, column, how).filter(|_| !is_rowid);
            self.push(identifier(&column.name), fill.map_or_else(|| "NULL".to_owned(), |it| it.0));
        }
    }

    fn push(&mut self, column: String, value: String) {
        self.columns.push(column);
        self.values.push(value);
    }

    fn add(&mut self, old: &Table, new: &Table, column: &Column, how: &How<'_>) {
        let name = identifier(&column.name);
        let is_rowid = new.rowid_column() == Some(&column.name);
        if let Some(before) = old.column(&column.name) {
            let tightens = new.requires(column) && !old.requires(before) && !is_rowid;
            match fill_of(new, column, how).filter(|_| tightens) {
                Some((value, note)) => {
                    self.push(name.clone(), format!("coalesce({name}, {value})"));
                    self.notes.push(note);
                }
                None => self.push(name.clone(), name),
            }
        } else if let Some(backfill) = how.backfill(&new.name, &column.name) {
            let place = format!("{}.{}", new.name, column.name);
            self.notes.push(format!("{place} of rows that are there becomes {backfill}"));
            self.push(name, backfill.to_owned());
        } else if is_rowid {
            if let Some(rowid) = old.rowid() {
                self.push(name, rowid.to_owned());
            }
        } else if new.requires(column) && column.default.as_ref().is_none_or(Fragment::is_null) {
            self.fills.push(format!(
                "{}.{} is NOT NULL and has no default; rows that are there need a value in place of NULL",
                new.name, column.name
            ));
            self.push(name, "NULL /* FILL IN */".to_owned());
        }
    }

    fn statement(&self, old: &Table, new: &Table, temporary: &str) -> String {
        // What a conflict clause says of duplicates would lose rows without a word.
        let or_abort = if new.has_conflict_clause() { " OR ABORT" } else { "" };
        let order = old.rowid().map(|rowid| format!("\nORDER BY {rowid}")).unwrap_or_default();
        format!(
            "INSERT{or_abort} INTO {temporary} ({})\nSELECT {}\nFROM {}{order}",
            self.columns.join(", "),
            self.values.join(", "),
            identifier(&old.name),
        )
    }
}

/// Returns the replacement for NULL in a column that refuses it from now on, with its description.
pub(crate) fn fill_of(table: &Table, column: &Column, how: &How<'_>) -> Option<(String, String)> {
    let place = format!("{}.{}", table.name, column.name);
    if let Some(backfill) = how.backfill(&table.name, &column.name) {
        return Some((backfill.to_owned(), format!("NULL in {place} becomes {backfill}")));
    }
    let default = column.default.as_ref().filter(|default| !default.is_null())?;
    // A bare word is a string as a default, and a name anywhere else.
    let is_string = default.is_literal() && default.normal().starts_with('\'');
    let value = if is_string { default.normal() } else { default.source.as_str() };
    Some((value.to_owned(), format!("NULL in {place} becomes the default, {value}")))
}
