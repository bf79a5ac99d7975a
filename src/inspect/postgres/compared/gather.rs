//! A catalog while it is read: objects, and the addresses under which the server knows them.

use std::collections::HashMap;

use crate::catalog::{Catalog, Id, Kind, Name, Object};
use crate::database::Connection;
use crate::inspect::InspectError;
use crate::inspect::postgres::attributes::INDEXES_OF_PARENTS;
use crate::inspect::postgres::compared::fields::Fields;
use crate::inspect::postgres::compared::session::Session;

/// The numbers of the server's own tables, which are the same in all versions.
pub(super) mod class {
    pub(in super::super) const TYPE: u32 = 1247;
    pub(in super::super) const ROUTINE: u32 = 1255;
    pub(in super::super) const RELATION: u32 = 1259;
    pub(in super::super) const DEFAULT: u32 = 2604;
    pub(in super::super) const CONSTRAINT: u32 = 2606;
    pub(in super::super) const SCHEMA: u32 = 2615;
    pub(in super::super) const RULE: u32 = 2618;
    pub(in super::super) const TRIGGER: u32 = 2620;
    pub(in super::super) const EXTENSION: u32 = 3079;
    pub(in super::super) const POLICY: u32 = 3256;
    pub(in super::super) const STATISTICS: u32 = 3381;
    pub(in super::super) const COLLATION: u32 = 3456;
    pub(in super::super) const EVENT_TRIGGER: u32 = 3466;
}

/// The address of an object as `pg_depend` writes it: a table of the server, a row of it, and the
/// number of a column or zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Address {
    pub(super) class: u32,
    pub(super) oid: u32,
    pub(super) column: i32,
}

impl Address {
    pub(super) fn new(class: u32, oid: u32) -> Self {
        Self { class, oid, column: 0 }
    }

    pub(super) fn column(table: u32, column: i32) -> Self {
        Self { class: class::RELATION, oid: table, column }
    }
}

/// How an address stands for an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// The address is the object's own.
    Own,
    /// The address is of a thing that was made with the object, and lends it its needs: a row type.
    Also,
    /// The address is of a thing that others need, and with it the object: a partition's index.
    Aim,
}

/// An object under an address, by its position.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    pub(super) at: usize,
    pub(super) role: Role,
}

/// A catalog while it is read.
pub(super) struct Gatherer<'a> {
    connection: &'a mut dyn Connection,
    home: Option<String>,
    version: u32,
    pub(super) objects: Vec<Object>,
    known: HashMap<Address, Known>,
    /// The names of the columns of tables, views and composite types.
    pub(super) columns: HashMap<(u32, i32), String>,
    /// The objects that each object needs, by position.
    pub(super) edges: Vec<(usize, usize)>,
}

impl<'a> Gatherer<'a> {
    pub(super) fn new(connection: &'a mut dyn Connection, session: &Session) -> Self {
        let (home, version) = (session.home.clone(), session.version);
        let (objects, known, columns) = (Vec::new(), HashMap::new(), HashMap::new());
        Self { connection, home, version, objects, known, columns, edges: Vec::new() }
    }

    /// Tells whether the server is of a version, or a later one: 14.
    pub(super) fn is_from(&self, major: u32) -> bool {
        self.version >= major * 10_000
    }

    /// Returns a piece of SQL that needs a version, or what stands for it before.
    pub(super) fn since<'t>(&self, major: u32, text: &'t str, before: &'t str) -> &'t str {
        if self.is_from(major) { text } else { before }
    }

    pub(super) fn ask(&mut self, query: &str) -> Result<Vec<Fields>, InspectError> {
        Ok(self.connection.query(query)?.into_iter().map(Fields::new).collect())
    }

    /// Makes an object whose name is not scoped by a table.
    pub(super) fn new_object(&self, kind: Kind, schema: &str, name: &str) -> Object {
        let is_home = self.home.as_deref() == Some(schema);
        let schema = (!is_home).then(|| Name::exact(schema));
        Object::new(Id { schema, ..Id::new(kind, &Name::exact(name)) })
    }

    /// Makes an object that is named within another one, and goes with it.
    pub(super) fn new_part(&self, kind: Kind, of: usize, name: &str) -> Object {
        let mut res = Object::new(Id::new(kind, &Name::exact(name)));
        if let Some(owner) = self.objects.get(of) {
            res.id.schema.clone_from(&owner.id.schema);
            res.id.owner = Some(owner.id.name.clone());
            res.parent = Some(owner.id.clone());
        }
        res
    }

    /// Adds an object under its address, and returns its position.
    pub(super) fn add(&mut self, address: Address, mut object: Object) -> usize {
        let at = self.objects.len();
        if object.place == 0 {
            object.place = at;
        }
        self.objects.push(object);
        self.known.insert(address, Known { at, role: Role::Own });
        at
    }

    /// Lets a further address stand for an object; zero is no address.
    pub(super) fn also(&mut self, class: u32, oid: u32, at: usize) {
        if oid != 0 {
            self.known.insert(Address::new(class, oid), Known { at, role: Role::Also });
        }
    }

    /// Lets an address stand for an object wherever something else needs it.
    pub(super) fn aim(&mut self, class: u32, oid: u32, at: usize) {
        if oid != 0 {
            self.known.insert(Address::new(class, oid), Known { at, role: Role::Aim });
        }
    }

    /// Notes the index that a table has for one of its parents, and the name of it.
    pub(super) fn index_of_parent(&mut self, oid: u32, table: usize, name: &str) {
        self.aim(class::RELATION, oid, table);
        if let Some(table) = self.objects.get_mut(table).filter(|_| oid != 0) {
            let names = table.aside.entry(INDEXES_OF_PARENTS).or_default();
            if !names.is_empty() {
                names.push('\n');
            }
            names.push_str(name);
        }
    }

    /// Finds the object under an address, or the one whose column is there.
    pub(super) fn find(&self, address: Address) -> Option<Known> {
        let whole = Address { column: 0, ..address };
        self.known.get(&address).or_else(|| self.known.get(&whole)).copied()
    }

    /// Finds the table or view with a number.
    pub(super) fn relation(&self, oid: u32) -> Option<usize> {
        self.find(Address::new(class::RELATION, oid)).map(|it| it.at)
    }

    pub(super) fn object(&mut self, at: usize) -> Option<&mut Object> {
        self.objects.get_mut(at)
    }

    /// Returns the names of columns of a relation, by number.
    pub(super) fn names(&self, relation: u32, numbers: &[i32]) -> Vec<String> {
        let name = |number: &i32| self.columns.get(&(relation, *number)).cloned();
        numbers.iter().filter_map(name).collect()
    }

    /// Returns the catalog of all that was added.
    pub(super) fn finish(mut self) -> Catalog {
        self.edges.sort_unstable();
        self.edges.dedup();
        let ids: Vec<Id> = self.objects.iter().map(|it| it.id.clone()).collect();
        for (from, to) in self.edges {
            if let (Some(object), Some(id)) = (self.objects.get_mut(from), ids.get(to)) {
                object.needs.insert(id.clone());
            }
        }
        let mut res = Catalog { home: self.home.map(Name::exact), ..Catalog::default() };
        self.objects.into_iter().for_each(|it| res.insert(it));
        res
    }
}
