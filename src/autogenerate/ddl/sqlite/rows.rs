//! The rows of a table as a script will write them, queried before it runs.

use crate::autogenerate::ddl::sqlite::rebuild::fill_of;
use crate::autogenerate::ddl::sqlite::tighten::Between;
use crate::catalog::Name;
use crate::sqlite::{Column, Index, KeyColumn, Table, identifier, words};

/// One table before and after, and its name before the script.
#[derive(Clone, Copy)]
pub(crate) struct Rows<'a> {
    /// The table after its renames.
    pub(crate) old: &'a Table,
    pub(crate) new: &'a Table,
    pub(crate) table: &'a Name,
    pub(crate) between: &'a Between<'a>,
}

impl Rows<'_> {
    pub(crate) fn query(&self, columns: &[&Name], condition: &str) -> String {
        format!("SELECT * FROM {} WHERE {condition}", self.source(columns))
    }

    pub(crate) fn is_null(&self, name: &Name) -> bool {
        self.new.column(name).is_some_and(|column| self.value(column) == "NULL")
    }

    /// Tells whether a column is new, and the same in all rows.
    pub(crate) fn is_constant(&self, name: &Name) -> bool {
        self.new.column(name).is_some_and(|column| {
            let is_told = self.between.how.backfill(&self.new.name, name).is_some();
            let is_new = self.old.column(name).is_none() && self.new.rowid_column() != Some(name);
            is_new && !is_told && column.generated.is_none()
        })
    }

    /// Writes the query for duplicate keys; none if there can't be any.
    pub(crate) fn duplicates(&self, key: &[KeyColumn]) -> Option<String> {
        let names: Vec<&Name> = key.iter().map(|it| &it.name).collect();
        let is_rowid =
            |name: &Name| self.old.column(name).is_none() && self.new.rowid_column() == Some(name);
        if names.iter().any(|name| self.is_null(name) || is_rowid(name)) {
            return None;
        }
        let parts = key.iter().map(|it| self.collated(&it.name, it.collation.as_ref()));
        Some(self.grouped(&names, &parts.collect::<Vec<_>>(), None))
    }

    /// Writes the query for duplicate keys of an index.
    pub(crate) fn duplicates_of(&self, index: &Index) -> Option<String> {
        let mut used =
            words(&index.filter.as_ref().map(|it| it.source.clone()).unwrap_or_default());
        let mut parts = Vec::new();
        for part in &index.columns {
            let text = &part.expression.source;
            let own = words(text);
            let bare = self.new.columns.iter().find(|it| own.len() == 1 && own.contains(&it.name));
            let bare =
                bare.filter(|it| part.expression.normal() == format!("\"{}\"", it.name.key()));
            parts.push(match (bare, &part.collation) {
                (Some(column), collation) => self.collated(&column.name, collation.as_ref()),
                (None, Some(collation)) => format!("{text} COLLATE {}", identifier(collation)),
                (None, None) => text.clone(),
            });
            if bare.is_some_and(|column| self.is_null(&column.name)) {
                return None;
            }
            used.extend(own);
        }
        let columns = self.new.columns.iter().map(|it| &it.name).filter(|it| used.contains(it));
        let filter = index.filter.as_ref().map(|it| it.source.as_str());
        Some(self.grouped(&columns.collect::<Vec<_>>(), &parts, filter))
    }

    fn grouped(&self, columns: &[&Name], parts: &[String], filter: Option<&str>) -> String {
        let mut conditions: Vec<String> =
            parts.iter().map(|part| format!("{part} IS NOT NULL")).collect();
        conditions.extend(filter.map(|it| format!("({it})")));
        let (list, conditions) = (parts.join(", "), conditions.join(" AND "));
        // A number behind GROUP BY means a column of the answer, whatever the key is.
        let places: Vec<String> = (1..=parts.len()).map(|at| at.to_string()).collect();
        format!(
            "SELECT {list}, count(*) FROM {} WHERE {conditions} GROUP BY {} HAVING count(*) > 1",
            self.source(columns),
            places.join(", ")
        )
    }

    /// Writes a column of a key, with its collation where the existing one differs.
    fn collated(&self, name: &Name, collation: Option<&Name>) -> String {
        let binary = Name::any_case("BINARY");
        let own = |table: &Table| table.column(name).and_then(|it| it.collation.clone());
        let wanted = collation.cloned().or_else(|| own(self.new)).unwrap_or(binary.clone());
        let text = identifier(name);
        if wanted == own(self.old).unwrap_or(binary) {
            text
        } else {
            format!("{text} COLLATE {}", identifier(&wanted))
        }
    }

    pub(crate) fn is_unique_already(&self, key: &[KeyColumn]) -> bool {
        let collation = |table: &Table, it: &KeyColumn| {
            let own = table.column(&it.name).and_then(|column| column.collation.clone());
            it.collation.clone().or(own).unwrap_or_else(|| Name::any_case("BINARY"))
        };
        let has = |before: &KeyColumn| {
            key.iter().any(|it| {
                let is_kept = self
                    .new
                    .column(&it.name)
                    .is_some_and(|column| self.value(column) == self.old_name(column));
                it.name == before.name
                    && is_kept
                    && collation(self.new, it) == collation(self.old, before)
            })
        };
        let uniques = self.old.uniques.iter().map(|it| &it.columns);
        let primary = self.old.primary_key.iter().map(|it| &it.columns);
        uniques.chain(primary).any(|columns| columns.iter().all(has))
    }

    fn old_name(&self, column: &Column) -> String {
        let old = self.between.renames.old_column(&self.new.name, &column.name);
        identifier(old.unwrap_or(&column.name))
    }

    /// Writes the future value of a column, in old names.
    fn value(&self, column: &Column) -> String {
        let Self { old, new, between, .. } = self;
        let name = &column.name;
        let before = old.column(name);
        let fill = fill_of(new, column, between.how).map(|(value, _)| value);
        if let Some(before) = before.filter(|it| it.generated == column.generated) {
            let own = self.old_name(column);
            let tightens = new.requires(column) && !old.requires(before);
            let fill = fill.filter(|_| tightens && new.rowid_column() != Some(name));
            return fill.map_or(own.clone(), |fill| format!("coalesce({own}, {fill})"));
        }
        if let Some(generated) = &column.generated {
            return format!("({})", generated.expression.source);
        }
        if before.is_some() {
            return self.old_name(column);
        }
        if new.rowid_column() == Some(name) {
            return old.rowid().unwrap_or("NULL").to_owned();
        }
        fill.unwrap_or_else(|| "NULL".to_owned())
    }

    /// Writes the source of the rows: the table, or its future content.
    fn source(&self, columns: &[&Name]) -> String {
        let table = identifier(self.table);
        let mut used: Vec<&Column> =
            columns.iter().filter_map(|name| self.new.column(name)).collect();
        // What is computed needs what it is computed from.
        let mut at = 0;
        while let Some(column) = used.get(at) {
            let text = column.generated.as_ref().map(|it| it.expression.source.clone());
            let needs = words(&text.unwrap_or_default());
            let more = self.new.columns.iter().filter(|it| needs.contains(&it.name));
            let more: Vec<&Column> =
                more.filter(|it| !used.iter().any(|known| known.name == it.name)).collect();
            used.extend(more);
            at += 1;
        }
        let is_plain = |it: &Column| self.value(it) == identifier(&it.name);
        let has_names = self.between.renames.columns(&self.new.name).next().is_some();
        if used.iter().all(|it| is_plain(it)) && *self.table == self.new.name && !has_names {
            return table;
        }
        let is_computed = |it: &Column| self.value(it).starts_with('(');
        let (computed, stored): (Vec<&Column>, Vec<&Column>) =
            used.into_iter().partition(|it| is_computed(it));
        let named = |it: &&Column| {
            let (value, name) = (self.value(it), identifier(&it.name));
            if value == name { value } else { format!("{value} AS {name}") }
        };
        let mut parts: Vec<String> = self.old.rowid().map(str::to_owned).into_iter().collect();
        parts.extend(stored.iter().map(named));
        let mut res = format!("(SELECT {} FROM {table})", parts.join(", "));
        for column in computed.into_iter().rev() {
            res = format!("(SELECT *, {} FROM {res})", named(&column));
        }
        format!("{res} AS {}", identifier(&self.new.name))
    }
}
