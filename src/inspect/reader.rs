//! Objects of the rows of queries, the same for all engines.

use crate::catalog::{Attribute, COLUMNS, Catalog, Id, Kind, Name, Object, REFERENCES, Value};
use crate::database::{Connection, Row, Values as _};
use crate::inspect::InspectError;

/// The statement that makes the object; no attribute, but a field of its own.
pub(super) const SQL: Attribute = "sql";

/// The schema of the table that a foreign key refers to, before [`REFERENCED`].
pub(super) const REFERENCED_SCHEMA: Attribute = "schema of references";

/// The table that a foreign key refers to, before the columns there.
pub(super) const REFERENCED: Attribute = "table of references";

/// How an engine names objects.
pub(super) struct Naming {
    /// Makes a name of an object of some kind.
    pub(super) name: fn(Kind, &str) -> Name,
    /// The kind, beside parts, whose names count only within their table.
    pub(super) within_table: Option<Kind>,
}

/// A catalog while it is read.
pub(super) struct Reader<'a> {
    pub(super) connection: &'a mut dyn Connection,
    pub(super) catalog: Catalog,
    naming: &'static Naming,
}

impl<'a> Reader<'a> {
    pub(super) fn new(connection: &'a mut dyn Connection, naming: &'static Naming) -> Self {
        Self { connection, catalog: Catalog::default(), naming }
    }

    /// Takes in the objects of a query: their kind, schema, table and name, then a column for each
    /// attribute; NULL says nothing. Rows of the same object add to its lists.
    pub(super) fn ask(&mut self, says: &[Attribute], query: &str) -> Result<(), InspectError> {
        for row in self.connection.query(query)? {
            let (id, parent) = self.named(&row)?;
            let place = self.catalog.objects.len();
            let new = || Object { parent, place, ..Object::new(id.clone()) };
            let object = self.catalog.objects.entry(id.clone()).or_insert_with(new);
            for (at, attribute) in says.iter().enumerate() {
                let Some(value) = row.get(at + 4).cloned().flatten() else { continue };
                match *attribute {
                    SQL => object.sql = Some(value),
                    REFERENCED_SCHEMA => {}
                    REFERENCED => {
                        let schema = row.get(at + 3).and_then(Option::as_deref);
                        let schema = schema.map(|it| (self.naming.name)(Kind::Table, it));
                        let name = (self.naming.name)(Kind::Table, &value);
                        let table = Id { schema, ..Id::table(&name) };
                        let list = object.attributes.entry(REFERENCES);
                        list.or_insert_with(|| Value::exact(table.full_name()));
                        object.needs.insert(table);
                    }
                    COLUMNS | REFERENCES => {
                        let list = object.attributes.entry(attribute);
                        list.or_insert_with(|| Value::exact("")).push(value);
                    }
                    attribute => object.set(attribute, Value::exact(value)),
                }
            }
        }
        Ok(())
    }

    /// Returns the id of a row's object, and that of the table or view with which it goes.
    fn named(&self, row: &Row) -> Result<(Id, Option<Id>), InspectError> {
        let name = self.naming.name;
        let Some(kind) = Kind::of(row.text(0)) else {
            let (kind, name) = (row.text(0).to_owned(), row.text(3).to_owned());
            return Err(InspectError::UnknownKind { kind, name });
        };
        let of = |at: usize| row.get(at).and_then(Option::as_deref).map(|it| name(Kind::Table, it));
        let (schema, table) = (of(1), of(2));
        let relation = |name: &Name, kind| Id { schema: schema.clone(), ..Id::new(kind, name) };
        let parent = table.as_ref().map(|table| {
            let mut known = Kind::RELATIONS.into_iter().map(|kind| relation(table, kind));
            let known = known.find(|id| self.catalog.holds(id));
            known.unwrap_or_else(|| relation(table, Kind::Table))
        });
        let is_within = kind.is_part() || self.naming.within_table == Some(kind);
        let owner = table.filter(|_| is_within);
        Ok((Id { owner, ..relation(&name(kind, row.text(3)), kind) }, parent))
    }
}
