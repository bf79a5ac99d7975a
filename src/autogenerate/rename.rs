//! The renames between two schemas.

use crate::autogenerate::ddl::Ddl;
use crate::catalog::{ChangeKind, Difference, Id, Kind, Name};

/// The kinds that parts belong to.
pub(crate) const OWNERS: [Kind; 5] =
    [Kind::Enum, Kind::Domain, Kind::Table, Kind::View, Kind::MaterializedView];

/// Renames between two schemas: old and new ids. The owner of a part, and schemas, have their new names
/// on both sides. Where the two ids have different schemas, the object moves from one to the other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Renames(Vec<(Id, Id)>);

impl Renames {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn extend(&mut self, more: impl IntoIterator<Item = (Id, Id)>) {
        self.0.extend(more);
    }

    /// Returns the old and the new ids.
    pub(crate) fn all(&self) -> impl Iterator<Item = &(Id, Id)> {
        self.0.iter()
    }

    /// Returns the old and the new names of a kind, of those in the home schema.
    pub fn pairs(&self, kind: Kind) -> impl Iterator<Item = (&Name, &Name)> {
        let own = self.0.iter().filter(move |(old, _)| old.kind == kind && old.schema.is_none());
        own.map(|(old, new)| (&old.name, &new.name))
    }

    /// Returns the old and the new names of a table's columns; the table is given by its new name.
    pub fn columns<'a>(&'a self, table: &Name) -> impl Iterator<Item = (&'a Name, &'a Name)> {
        self.columns_of(&Id::table(table))
    }

    /// Returns the old and the new names of the columns of a table in any schema.
    pub(crate) fn columns_of<'a>(
        &'a self,
        table: &Id,
    ) -> impl Iterator<Item = (&'a Name, &'a Name)> + use<'a> {
        let is_own = |(_, new): &&(Id, Id)| {
            new.kind == Kind::Column
                && new.owner.as_ref() == Some(&table.name)
                && new.schema == table.schema
        };
        let own: Vec<&(Id, Id)> = self.0.iter().filter(is_own).collect();
        own.into_iter().map(|(old, new)| (&old.name, &new.name))
    }

    /// Returns the id of an object before the renames of its schema and its owner, by its id after them;
    /// none if the owner is a new one.
    pub(crate) fn place_before(&self, id: &Id) -> Option<Id> {
        let (schema, owner) = match &id.owner {
            None => (id.schema.clone(), None),
            Some(owner) => {
                let whole = self.owner_before(id.schema.as_ref(), owner)?;
                (whole.schema, Some(whole.name))
            }
        };
        let schema = match schema {
            Some(schema) => Some(self.before_alone(&Id::new(Kind::Schema, &schema))?.name),
            None => None,
        };
        Some(Id { schema, owner, ..id.clone() })
    }

    /// Returns the id of an object before all renames, by its id after them; none if it is a new one.
    pub(crate) fn before(&self, id: &Id) -> Option<Id> {
        self.place_before(&self.before_alone(id)?)
    }

    /// Returns the old id of a renamed object, or the same id; none if that is another object's old one.
    fn before_alone(&self, id: &Id) -> Option<Id> {
        counterpart(self.0.iter().map(|(old, new)| (new, old)), id).cloned()
    }

    /// Returns the old id of the table, view or domain of a part.
    fn owner_before(&self, schema: Option<&Name>, owner: &Name) -> Option<Id> {
        let whole = |kind: Kind| Id { schema: schema.cloned(), ..Id::new(kind, owner) };
        let pairs = self.0.iter().filter(|(_, new)| OWNERS.contains(&new.kind));
        let as_table = |id: &Id| Id { kind: Kind::Table, ..id.clone() };
        let pairs: Vec<(Id, Id)> = pairs.map(|(old, new)| (as_table(new), as_table(old))).collect();
        counterpart(pairs.iter().map(|(new, old)| (new, old)), &whole(Kind::Table)).cloned()
    }

    /// Returns the schema, as it is named now, by its old name.
    pub(crate) fn schema_now(&self, old: &Name) -> Name {
        let mut schemas = self.0.iter().filter(|(it, _)| it.kind == Kind::Schema);
        let found = schemas.find(|(it, _)| it.name == *old);
        found.map_or_else(|| old.clone(), |(_, new)| new.name.clone())
    }

    /// Returns the tables, by their new names, with renamed columns.
    pub fn tables_of_columns(&self) -> impl Iterator<Item = &Name> {
        let columns = self.0.iter().filter(|(_, new)| new.kind == Kind::Column);
        columns.filter_map(|(_, new)| new.owner.as_ref())
    }

    /// Returns the old name of a table; none if it is a new one, possibly with a name that is now
    /// free.
    pub fn old_table<'a>(&'a self, new: &'a Name) -> Option<&'a Name> {
        counterpart(self.pairs(Kind::Table).map(|(old, new)| (new, old)), new)
    }

    /// Returns the new name of a table; none if another table takes its name.
    pub fn new_table<'a>(&'a self, old: &'a Name) -> Option<&'a Name> {
        counterpart(self.pairs(Kind::Table), old)
    }

    /// Returns the old name of a column; the table is given by its new name.
    pub fn old_column<'a>(&'a self, table: &Name, new: &'a Name) -> Option<&'a Name> {
        counterpart(self.columns(table).map(|(old, new)| (new, old)), new)
    }

    /// Returns the new name of a column; the table is given by its new name.
    pub fn new_column<'a>(&'a self, table: &Name, old: &'a Name) -> Option<&'a Name> {
        counterpart(self.columns(table), old)
    }

    #[must_use]
    pub fn reversed(&self) -> Self {
        let back = |id: &Id| self.place_before(id).unwrap_or_else(|| id.clone());
        Self(self.0.iter().map(|(old, new)| (back(new), back(old))).collect())
    }

    /// Returns the renames as differences: tables, then columns, then indexes. The schema in which a
    /// session works is named where something moves from one to another.
    pub(crate) fn differences(&self, ddl: &dyn Ddl, home: Option<&Name>) -> Vec<Difference> {
        let shown = |id: &Id| {
            let home = if id.schema.is_none() { home.map(|it| format!("{it}.")) } else { None };
            [home.unwrap_or_default(), id.place(), id.name.to_string()].concat()
        };
        let words = |id: &Id| match id.owner.as_ref().filter(|_| is_value(id)) {
            Some(owner) => format!("value {} of enum {owner}", id.name),
            None => id.kind.as_str().replace('_', " "),
        };
        let one = |(old, new): &(Id, Id)| {
            let kind = new.kind;
            let owner = new.place();
            let object = format!("{owner}{}", new.name);
            let (before, after) = if old.schema == new.schema {
                (format!("{owner}{}", old.name), object.clone())
            } else {
                (shown(old), shown(new))
            };
            // Else the old one is dropped, and the new one made.
            let is_name = ddl.can_rename(kind);
            let ids = if is_name { vec![new.clone()] } else { vec![new.clone(), old.clone()] };
            Difference {
                kind: ChangeKind::Rename,
                object_type: kind,
                ids,
                is_name,
                destructive: false,
                description: if is_value(new) {
                    format!("rename {} to {}", words(old), new.name)
                } else {
                    format!("rename {} {before} to {after}", words(new))
                },
                object,
            }
        };
        let mut res: Vec<Difference> = self.0.iter().map(one).collect();
        res.sort_by_key(|it| it.object_type);
        res
    }
}

/// Tells whether an id is that of a value of an enum, which is no object by itself.
pub(crate) fn is_value(id: &Id) -> bool {
    id.kind == Kind::Enum && id.owner.is_some()
}

/// Finds the counterpart of a name or an id among pairs; the counterpart of another one has none itself.
fn counterpart<'a, T: PartialEq>(
    mut pairs: impl Iterator<Item = (&'a T, &'a T)>,
    name: &'a T,
) -> Option<&'a T> {
    let mut is_other = false;
    let found = pairs.find_map(|(one, other)| {
        is_other |= other == name;
        (one == name).then_some(other)
    });
    found.or((!is_other).then_some(name))
}
