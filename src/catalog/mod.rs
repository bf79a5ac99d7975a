//! The objects of a database as values that are the same for every engine: by id, with attributes
//! and dependencies.
//!
//! Each engine has a reader that makes a catalog. Differences, dependencies and filters are defined
//! here once for all kinds; how a change is written in SQL is up to the engine.

mod attribute;
mod change;
mod diff;
mod filter;
mod id;
mod name;
mod object;
mod reach;

use std::collections::BTreeMap;

pub use attribute::{
    Attribute, BODY, COLUMNS, EXPRESSION, INVALID, NOT_NULL, ON_DELETE, ON_UPDATE, REFERENCES,
    TYPE, UNIQUE, WHERE,
};
pub use change::{Change, ChangeKind, Difference};
pub use diff::{Delta, diff};
pub use filter::Filter;
pub use id::{Id, Kind};
pub use name::Name;
pub use object::{Object, Value};
pub use reach::{Needs, sorted};

/// The objects of a database, by id.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Catalog {
    /// The objects. Their order is that of creation where nothing else decides.
    pub objects: BTreeMap<Id, Object>,
    /// The schema of the objects whose ids say none, where there are schemas.
    pub home: Option<Name>,
}

impl Catalog {
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }

    /// Tells whether there is nothing that a new database doesn't have too: schemas and extensions
    /// may be there.
    pub fn is_bare(&self) -> bool {
        self.objects.keys().all(|id| matches!(id.kind, Kind::Schema | Kind::Extension))
    }

    pub fn holds(&self, id: &Id) -> bool {
        self.objects.contains_key(id)
    }

    pub fn get(&self, id: &Id) -> Option<&Object> {
        self.objects.get(id)
    }

    /// Adds an object, or replaces the one with its id.
    pub fn insert(&mut self, object: Object) {
        self.objects.insert(object.id.clone(), object);
    }

    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Object> {
        let least = Id { kind, schema: None, owner: None, name: Name::exact("") };
        self.objects.range(least..).map(|(_, it)| it).take_while(move |it| it.id.kind == kind)
    }

    /// Returns the parts of one kind that a table has, ordered by position: its columns.
    pub fn parts(&self, kind: Kind, table: &Id) -> Vec<&Object> {
        let owner = Some(table.name.clone());
        let least = Id { kind, schema: table.schema.clone(), owner, name: Name::exact("") };
        let is_own = |it: &&Object| {
            let same = (it.id.kind, &it.id.schema, &it.id.owner);
            same == (kind, &least.schema, &least.owner)
        };
        let parts = self.objects.range(&least..).map(|(_, it)| it).take_while(is_own);
        let mut parts: Vec<&Object> = parts.collect();
        parts.sort_by_key(|it| it.place);
        parts
    }

    /// Returns the dependents that are dropped with an object, parts left out: a table's indexes
    /// and triggers.
    pub fn with(&self, parent: &Id) -> Vec<Id> {
        let hangs = |it: &&Object| it.parent.as_ref() == Some(parent) && !it.id.kind.is_part();
        self.objects.values().filter(hangs).map(|it| it.id.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_stand_in_their_places() {
        let table = |name| Id::new(Kind::Table, &Name::exact(name));
        let mut catalog = Catalog::default();
        for (place, (owner, name)) in
            [("t", "z"), ("t", "a"), ("s", "b"), ("u", "c")].into_iter().enumerate()
        {
            let id = Id::part(Kind::Column, &Name::exact(owner), &Name::exact(name));
            catalog.insert(Object { place, parent: Some(table(owner)), ..Object::new(id) });
        }
        let id = Id::new(Kind::Index, &Name::exact("i"));
        catalog.insert(Object { parent: Some(table("t")), ..Object::new(id.clone()) });
        let names: Vec<&str> =
            catalog.parts(Kind::Column, &table("t")).iter().map(|it| it.id.name.as_str()).collect();
        assert_eq!(names, ["z", "a"]);
        assert_eq!(catalog.with(&table("t")), [id]);
        assert_eq!(catalog.of_kind(Kind::Column).count(), 4);
    }
}
