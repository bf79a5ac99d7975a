//! Foreign keys: the order of tables, and the rows that others refer to.

use std::collections::BTreeSet;

use crate::autogenerate::ddl::postgres::names::quoted;
use crate::autogenerate::ddl::postgres::plant::Garden;
use crate::autogenerate::ddl::postgres::plant::ends::{Ends, Pair};
use crate::autogenerate::ddl::postgres::plant::facts::Table;
use crate::autogenerate::ddl::postgres::plant::rows::{Link, ROWS};
use crate::autogenerate::ddl::postgres::write::table::above;
use crate::catalog::{COLUMNS, Catalog, Id, Kind, Name, Needs, Object, REFERENCES, sorted};
use crate::database::{Connection, DatabaseError, Row};
use crate::inspect::postgres::attributes::DEFINITION;
use crate::sql::{Dialect, quote_literal};

/// The foreign keys at both ends.
pub(super) struct Links<'g, 'a> {
    pub(super) ends: &'g Ends<'a>,
    pub(super) garden: &'g Garden<'a>,
}

/// A foreign key of the wanted catalog, by present names where there are some.
struct Wanted<'a> {
    key: &'a Object,
    parent: Option<&'a Object>,
}

impl<'a> Links<'_, 'a> {
    /// Returns the present tables so that referenced ones come first.
    pub(super) fn order(&self) -> Vec<Id> {
        let mut needs: Needs =
            self.garden.pairs.iter().map(|it| (it.old.id.clone(), BTreeSet::new())).collect();
        for key in self.ends.from.of_kind(Kind::ForeignKey) {
            let (Some(table), Some(parent)) = (&key.parent, parent(key)) else { continue };
            needs.entry(table.clone()).or_default().insert(parent);
        }
        for pair in &self.garden.pairs {
            // A table has rows once its partitions have some, which need what it needs.
            for above in above(self.ends.from, pair.old) {
                let more = needs.get(&above.id).cloned().unwrap_or_default();
                needs.entry(pair.old.id.clone()).or_default().extend(more);
                needs.entry(above.id.clone()).or_default().insert(pair.old.id.clone());
            }
            let parents =
                self.wanted(pair).into_iter().filter_map(|it| Some(it.parent?.id.clone()));
            needs.entry(pair.old.id.clone()).or_default().extend(parents);
        }
        sorted(&needs)
    }

    /// Returns the foreign keys that only the wanted table has.
    fn wanted(&self, pair: &Pair<'a>) -> Vec<Wanted<'a>> {
        let Some(new) = pair.new else { return Vec::new() };
        let present = keys(self.ends.from, pair.old);
        let is_new = |it: &&'a Object| {
            !present.iter().any(|old| old.normal(DEFINITION) == it.normal(DEFINITION))
        };
        let keys = keys(self.ends.to, new).into_iter().filter(is_new);
        let wanted = |key: &'a Object| {
            let parent = parent(key).and_then(|it| self.ends.old_table(&it));
            Wanted { key, parent }
        };
        keys.map(wanted).collect()
    }

    /// Returns the foreign keys of a table with the rows that they can point at.
    pub(super) fn of(
        &self,
        pair: &Pair<'a>,
        table: &Table,
        connection: &mut dyn Connection,
    ) -> Result<Vec<Link>, DatabaseError> {
        let mut res = Vec::new();
        for key in &table.foreign_keys {
            let Some(parent) = self.garden.tables.get(key.parent) else { continue };
            let is_own = parent.written == table.written;
            let own = is_own.then(|| key.target.clone());
            // A row can't point back at what is lost on the way.
            let is_lost = is_own || (pair.new.is_some() && !self.keeps(parent, &key.target));
            let parents =
                if is_lost { Vec::new() } else { self.rows(parent, &key.target, connection)? };
            res.push(Link { columns: key.columns.clone(), parents, own });
        }
        for Wanted { key, parent } in self.wanted(pair) {
            let columns = key.list(COLUMNS).iter().map(|it| pair.old_column(it));
            let Some(columns) = columns.collect::<Option<Vec<String>>>() else { continue };
            let target = parent.and_then(|it| {
                let (pair, table) = (self.garden.pair(&it.id)?, self.present(it)?);
                let names = key.list(REFERENCES).iter().map(|it| pair.old_column(it));
                Some((table, names.collect::<Option<Vec<String>>>()?))
            });
            let own = target.as_ref().filter(|(it, _)| it.written == table.written);
            let own = own.map(|(_, names)| names.clone());
            let parents = match &target {
                Some((table, names)) if own.is_none() => self.rows(table, names, connection)?,
                _ => Vec::new(),
            };
            res.push(Link { columns, parents, own });
        }
        Ok(res)
    }

    /// Tells whether the rows of a table survive, with some of its columns.
    fn keeps(&self, table: &Table, columns: &[String]) -> bool {
        let home = self.ends.from.home.as_ref().map_or("public", Name::as_str);
        let schema = (table.schema != home).then(|| Name::exact(&table.schema));
        let pair = self.garden.pair(&Id { schema, ..Id::table(&Name::exact(&table.name)) });
        pair.filter(|it| it.new.is_some()).is_some_and(|pair| {
            let names = pair.names();
            columns.iter().all(|it| names.contains_key(it))
        })
    }

    /// Returns queries for planted rows to which a foreign key of the wanted table objects.
    pub(super) fn guards(&self, pair: &Pair<'a>) -> Vec<String> {
        let guard = |Wanted { key, parent }: Wanted<'a>| {
            let (child, columns) = self.stand(pair, key.list(COLUMNS))?;
            let set: Vec<String> = columns.iter().map(|it| format!("c.{it} IS NOT NULL")).collect();
            // A full match takes all columns or none.
            let is_full = key.written(DEFINITION).contains(" MATCH FULL");
            let set = format!("({})", set.join(if is_full { " OR " } else { " AND " }));
            let parent = parent.and_then(|it| self.garden.pair(&it.id));
            let parent = parent.and_then(|it| self.stand(it, key.list(REFERENCES)));
            let Some((parent, target)) = parent else {
                return Some(format!("SELECT 1 FROM {child} c WHERE {set} LIMIT 1"));
            };
            let pairs = columns.iter().zip(&target);
            let equal: Vec<String> =
                pairs.map(|(one, other)| format!("c.{one}::text = p.{other}::text")).collect();
            Some(format!(
                "SELECT 1 FROM {child} c WHERE {set} \
                 AND NOT EXISTS (SELECT FROM {parent} p WHERE {}) LIMIT 1",
                equal.join(" AND ")
            ))
        };
        self.wanted(pair).into_iter().filter_map(guard).collect()
    }

    /// Returns the table that has the rows as the wanted one will, with the names of some of its
    /// columns there.
    fn stand(&self, pair: &Pair<'a>, columns: &[String]) -> Option<(String, Vec<String>)> {
        if let Some((_, table)) = self.garden.shadow(&pair.old.id) {
            return Some((table.written.clone(), columns.iter().map(|it| quoted(it)).collect()));
        }
        let names = columns.iter().map(|it| pair.old_column(it).map(|it| quoted(&it)));
        Some((self.present(pair.old)?.written.clone(), names.collect::<Option<_>>()?))
    }

    /// Returns the values of some columns in the first rows of a table, those of partitions left out
    /// that leave it: no row may refer to these then.
    fn rows(
        &self,
        table: &Table,
        columns: &[String],
        connection: &mut dyn Connection,
    ) -> Result<Vec<Row>, DatabaseError> {
        if columns.is_empty() {
            return Ok(Vec::new());
        }
        let leaving = self.garden.pairs.iter().filter(|it| self.ends.leaves(it));
        let leaving = leaving.filter_map(|it| Some(self.present(it.old)?.written.as_str()));
        let leaving = leaving.filter(|it| *it != table.written);
        let leaving: Vec<String> = leaving
            .map(|it| format!("{}::regclass", quote_literal(it, Dialect::Postgres)))
            .collect();
        let names: Vec<String> = columns.iter().map(|it| quoted(it)).collect();
        let texts: Vec<String> = names.iter().map(|it| format!("{it}::text")).collect();
        let mut set: Vec<String> = names.iter().map(|it| format!("{it} IS NOT NULL")).collect();
        if !leaving.is_empty() {
            set.push(format!("tableoid NOT IN ({})", leaving.join(", ")));
        }
        connection.query(&format!(
            "SELECT {} FROM {} WHERE {} ORDER BY {} LIMIT {ROWS}",
            texts.join(", "),
            table.written,
            set.join(" AND "),
            names.join(", ")
        ))
    }

    fn present(&self, table: &Object) -> Option<&Table> {
        self.garden.table(self.ends.from, &table.id)
    }
}

/// Returns the foreign keys of a table, those of the tables whose partition it is included.
fn keys<'a>(catalog: &'a Catalog, table: &'a Object) -> Vec<&'a Object> {
    let owners = [table].into_iter().chain(above(catalog, table));
    owners.flat_map(|it| catalog.parts(Kind::ForeignKey, &it.id)).collect()
}

/// Returns the table that a foreign key refers to: it needs columns there.
pub(super) fn parent(key: &Object) -> Option<Id> {
    let table = |it: &Id| match (it.kind, &it.owner) {
        (Kind::Table, _) => Some(it.clone()),
        (Kind::Column, Some(owner)) => Some(Id { schema: it.schema.clone(), ..Id::table(owner) }),
        (_, _) => None,
    };
    let other = key.needs.iter().filter_map(table).find(|it| Some(it) != key.parent.as_ref());
    other.or_else(|| key.parent.clone())
}
