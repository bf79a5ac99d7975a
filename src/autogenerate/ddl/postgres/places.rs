//! The places of the objects that share their names, while some of them are renamed and moved.

use crate::autogenerate::ddl::Transition;
use crate::autogenerate::ddl::postgres::rename::{NAMED, aside_of};
use crate::catalog::{Catalog, Id, Kind, Name, Object};
use crate::inspect::postgres::attributes::{IDENTITY_SEQUENCE, INDEXES_OF_PARENTS};

/// The kinds of constraints that have an index of their names.
const KEYS: [Kind; 3] = [Kind::PrimaryKey, Kind::Unique, Kind::Exclusion];

/// An object, and where it is now.
pub(super) struct Place {
    /// The id in the present catalog; also of what is no object there: the sequence of an identity, the
    /// index of a partition for one of its parent.
    pub(super) was: Id,
    pub(super) now: Id,
    /// The table with which the object goes along, by its id in the present catalog.
    pub(super) table: Option<Id>,
    /// Whether nothing but the database tells the name.
    pub(super) is_unnamed: bool,
}

/// The places of all objects that share their names.
pub(super) struct Places<'a> {
    pub(super) way: &'a Transition<'a>,
    pub(super) list: Vec<Place>,
}

impl<'a> Places<'a> {
    /// Finds the places once the schemas have their new names.
    pub(super) fn find(way: &'a Transition<'a>) -> Self {
        let Transition { from, renames, .. } = *way;
        let place = |was: Id, table: Option<Id>, is_unnamed: bool| {
            let schema = was.schema.as_ref().map(|it| renames.schema_now(it));
            let now = Id { schema, ..was.clone() };
            Place { was, now, table, is_unnamed }
        };
        let kinds = NAMED.into_iter().chain(KEYS);
        let own = kinds.flat_map(|kind| from.of_kind(kind));
        let own = own.map(|it| place(it.id.clone(), table_of(it), false));
        let identities = from.of_kind(Kind::Column).filter_map(|column| {
            let name = column.aside.get(IDENTITY_SEQUENCE)?;
            let sequence = Id::new(Kind::Sequence, &Name::exact(name.clone()));
            let id = Id { schema: column.id.schema.clone(), ..sequence };
            Some(place(id, table_of(column), true))
        });
        let indexes = from.of_kind(Kind::Table).flat_map(|table| {
            let id = |name| Id { kind: Kind::Index, name, ..table.id.clone() };
            let names = names_of_parents(table).map(id);
            names.map(move |id| (id, table.id.clone())).collect::<Vec<_>>()
        });
        let indexes = indexes.map(|(id, table)| place(id, Some(table), true));
        Self { way, list: own.chain(identities).chain(indexes).collect() }
    }

    /// Finds an object by its id in the present catalog.
    pub(super) fn get(&self, was: &Id) -> Option<&Place> {
        self.list.iter().find(|it| it.was == *was)
    }

    /// Finds what has a name in a schema now.
    pub(super) fn holder(&self, schema: Option<&Name>, name: &Name) -> Option<&Place> {
        self.list.iter().find(|it| it.now.schema.as_ref() == schema && it.now.name == *name)
    }

    /// Returns what goes along with a table.
    pub(super) fn parts(&self, table: &Id) -> Vec<Id> {
        let is_own = |it: &&Place| it.table.as_ref() == Some(table);
        self.list.iter().filter(is_own).map(|it| it.was.clone()).collect()
    }

    /// Finds a name for what has to go out of the way, which is free in two schemas.
    pub(super) fn aside(&self, schemas: [Option<&Name>; 2], name: &Name) -> Name {
        let mut res = aside_of(name);
        while schemas.iter().any(|schema| self.holder(*schema, &res).is_some()) {
            res = aside_of(&res);
        }
        res
    }

    pub(super) fn rename(&mut self, was: &Id, name: &Name) {
        if let Some(it) = self.list.iter_mut().find(|it| it.was == *was) {
            it.now.name = name.clone();
        }
    }

    /// Notes that an object, with what goes along, has another schema now.
    pub(super) fn follow(&mut self, was: &Id, schema: Option<&Name>) {
        let is_it = |it: &&mut Place| it.was == *was || it.table.as_ref() == Some(was);
        for it in self.list.iter_mut().filter(is_it) {
            it.now.schema = schema.cloned();
        }
    }

    /// Returns the id that an object has in the end; none if it goes.
    pub(super) fn at_last(&self, was: &Id) -> Option<Id> {
        let Transition { to, renames, .. } = *self.way;
        let is_it = |(old, _): &&(Id, Id)| renames.place_before(old).as_ref() == Some(was);
        if let Some((_, new)) = renames.all().find(is_it) {
            return Some(new.clone());
        }
        let schema = was.schema.as_ref().map(|it| renames.schema_now(it));
        let res = Id { schema, ..was.clone() };
        (to.holds(&res) && renames.all().all(|(_, new)| *new != res)).then_some(res)
    }

    /// Tells whether an object has the name that it has in the end.
    pub(super) fn keeps(&self, place: &Place) -> bool {
        let Place { was, now, table, is_unnamed } = place;
        let renames = self.way.renames;
        let is_it = |(old, _): &&(Id, Id)| renames.place_before(old).as_ref() == Some(was);
        if let Some((_, new)) = renames.all().find(is_it) {
            return new.schema == now.schema && new.name == now.name;
        }
        if now.name != was.name {
            return false;
        }
        let Some(last) = self.at_last(table.as_ref().unwrap_or(was)) else { return false };
        if last.schema != now.schema {
            return false;
        }
        let Some(table) = table else { return is_alone(self.way.to, &last) };
        if *is_unnamed {
            return last.name == table.name;
        }
        let owner = was.owner.as_ref().map(|_| last.name.clone());
        let wanted = self.way.to.get(&Id { owner, ..now.clone() });
        wanted.is_some_and(|it| table_of(it).as_ref() == Some(&last))
    }
}

/// Returns the names of the indexes that a table has for those of its parents.
pub(super) fn names_of_parents(table: &Object) -> impl Iterator<Item = Name> + '_ {
    let names = table.aside(INDEXES_OF_PARENTS).split('\n');
    names.filter(|it| !it.is_empty()).map(Name::exact)
}

/// Tells whether nothing takes an object along.
fn is_alone(catalog: &Catalog, id: &Id) -> bool {
    catalog.get(id).is_some_and(|it| table_of(it).is_none())
}

/// Returns the id of the table that an index, a key, or the sequence of a column goes with.
fn table_of(object: &Object) -> Option<Id> {
    let parent = object.parent.as_ref()?;
    match &parent.owner {
        Some(table) => Some(Id { schema: parent.schema.clone(), ..Id::table(table) }),
        None => Some(parent.clone()),
    }
}
