//! The answers that a database has to give once scripts have run on test rows.

use std::collections::BTreeSet;

use crate::autogenerate::Renames;
use crate::autogenerate::ddl::Answer;
use crate::autogenerate::ddl::sqlite::plant::quoted;
use crate::autogenerate::hints::Backfills;
use crate::catalog::{Id, Name};
use crate::database::{Connection, DatabaseError};
use crate::sql::{Dialect, quote_literal};
use crate::sqlite::{Schema, Table, identifier};

pub(super) struct Sides<'a> {
    pub(super) from: &'a Schema,
    pub(super) to: &'a Schema,
    pub(super) renames: &'a Renames,
    pub(super) backfills: &'a Backfills,
    /// The tables, by their new names, that stay empty.
    pub(super) unfilled: &'a BTreeSet<Name>,
}

impl Sides<'_> {
    /// Returns what the present database has to answer again once both scripts have run.
    pub(super) fn after_down(
        &self,
        present: &mut dyn Connection,
    ) -> Result<Vec<Answer>, DatabaseError> {
        let mut res = Vec::new();
        for (name, old) in self.from.tables.iter().filter(|(_, it)| !it.is_virtual()) {
            let new = self.renames.new_table(name).and_then(|name| self.to.tables.get(name));
            let Some(new) = new else { continue };
            let columns = old.columns.iter().map(|it| &it.name);
            let columns: Vec<&Name> = columns.filter(|it| self.returns(old, new, it)).collect();
            // A rowid that is a column by another name comes back if the column does; where another
            // column has become the rowid, it doesn't.
            let alias = old.rowid_column();
            let becomes = new.rowid_column().and_then(|it| self.renames.old_column(&new.name, it));
            let becomes = becomes.filter(|it| old.column(it).is_some());
            let same_rowid = new.rowid().is_some()
                && alias.is_none_or(|it| columns.contains(&it))
                && becomes.is_none_or(|it| alias == Some(it));
            let rowid = old.rowid().filter(|_| same_rowid);
            let otherwise = format!("doesn't bring the rows of `{name}` back");
            res.extend(answer(present, query(old, &columns, rowid), otherwise)?);
        }
        Ok(res)
    }

    /// Tells whether the values of a column are restored: neither converted nor filled in on the
    /// way.
    fn returns(&self, old: &Table, new: &Table, column: &Name) -> bool {
        let name = self.renames.new_column(&new.name, column);
        let pair = name.and_then(|name| Some((old.column(column)?, new.column(name)?)));
        pair.is_some_and(|(before, after)| {
            let told = self.backfills.contains_key(&Id::column(&new.name, &after.name));
            before.declared == after.declared
                && before.generated.is_none()
                && after.generated.is_none()
                && old.strict == new.strict
                && (before.not_null.is_some() || after.not_null.is_none())
                && (old.requires(before) || !new.requires(after))
                && !told
        })
    }

    /// Returns what a database has to answer once the up script has run: for surviving columns the same as
    /// the wanted one.
    pub(super) fn after_up(
        &self,
        wanted: &mut dyn Connection,
    ) -> Result<Vec<Answer>, DatabaseError> {
        let mut res = Vec::new();
        for (name, table) in self.to.tables.iter().filter(|(_, it)| !it.is_virtual()) {
            let old = self.renames.old_table(name).and_then(|old| self.from.tables.get(old));
            let Some(old) = old else { continue };
            let survives = |column: &&Name| {
                let before = self.renames.old_column(name, column);
                let before = before.and_then(|before| old.column(before));
                before.is_some_and(|it| it.generated.is_none())
                    && !self.backfills.contains_key(&Id::column(name, column))
            };
            let columns = table.columns.iter().filter(|it| it.generated.is_none());
            let columns: Vec<&Name> = columns.map(|it| &it.name).filter(survives).collect();
            let rowid = table.rowid().filter(|_| old.rowid().is_some());
            let otherwise = format!("doesn't keep the rows of `{name}` as they are");
            res.extend(answer(wanted, query(table, &columns, rowid), otherwise)?);
            if table.has_autoincrement() && old.has_autoincrement() {
                let literal = quote_literal(name.as_str(), Dialect::Sqlite);
                let query = format!(
                    "SELECT seq FROM sqlite_sequence WHERE name = {literal} COLLATE NOCASE"
                );
                let otherwise = format!("forgets which numbers `{name}` has given");
                res.extend(answer(wanted, Some(query), otherwise)?);
            }
        }
        Ok(res)
    }
}

fn answer(
    connection: &mut dyn Connection,
    query: Option<String>,
    otherwise: String,
) -> Result<Option<Answer>, DatabaseError> {
    let Some(query) = query else { return Ok(None) };
    let rows = connection.query(&query)?;
    Ok(Some(Answer { query, rows, otherwise }))
}

/// Writes the query for the rows of a table, in an order independent of storage; optionally with
/// rowids.
fn query(table: &Table, columns: &[&Name], rowid: Option<&str>) -> Option<String> {
    let mut parts: Vec<String> = columns.iter().map(|it| quoted(it)).collect();
    parts.extend(rowid.map(str::to_owned));
    if parts.is_empty() {
        return None;
    }
    let order: Vec<String> = (1..=parts.len()).map(|at| at.to_string()).collect();
    let (parts, table) = (parts.join(", "), identifier(&table.name));
    Some(format!("SELECT {parts} FROM {table} ORDER BY {}", order.join(", ")))
}
