//! The renames between two schemas.

use crate::autogenerate::ddl::Ddl;
use crate::catalog::{ChangeKind, Difference, Id, Kind, Name};

/// Renames between two schemas: old and new ids. The owner of a column is its table by its new
/// name, on both sides.
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

    /// Returns the old and the new names of a kind.
    pub fn pairs(&self, kind: Kind) -> impl Iterator<Item = (&Name, &Name)> {
        let own = self.0.iter().filter(move |(old, _)| old.kind == kind);
        own.map(|(old, new)| (&old.name, &new.name))
    }

    /// Returns the old and the new names of a table's columns; the table is given by its new name.
    pub fn columns<'a>(&'a self, table: &Name) -> impl Iterator<Item = (&'a Name, &'a Name)> {
        let is_own =
            |(_, new): &&(Id, Id)| new.kind == Kind::Column && new.owner.as_ref() == Some(table);
        let own: Vec<&(Id, Id)> = self.0.iter().filter(is_own).collect();
        own.into_iter().map(|(old, new)| (&old.name, &new.name))
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
        let back = |id: &Id| {
            let owner = id.owner.as_ref().map(|it| self.old_table(it).unwrap_or(it).clone());
            Id { owner, ..id.clone() }
        };
        Self(self.0.iter().map(|(old, new)| (back(new), back(old))).collect())
    }

    /// Returns the renames as differences: tables, then columns, then indexes.
    pub(crate) fn differences(&self, ddl: &dyn Ddl) -> Vec<Difference> {
        let one = |(old, new): &(Id, Id)| {
            let kind = new.kind;
            let owner = new.owner.as_ref().map(|it| format!("{it}.")).unwrap_or_default();
            // Else the old one is dropped, and the new one made.
            let is_name = ddl.can_rename(kind);
            let ids = if is_name { vec![new.clone()] } else { vec![new.clone(), old.clone()] };
            let object = format!("{owner}{}", new.name);
            Difference {
                kind: ChangeKind::Rename,
                object_type: kind,
                ids,
                is_name,
                destructive: false,
                description: format!("rename {kind} {owner}{} to {object}", old.name),
                object,
            }
        };
        let mut res: Vec<Difference> = self.0.iter().map(one).collect();
        res.sort_by_key(|it| it.object_type);
        res
    }
}

/// Finds a name's counterpart among pairs; the counterpart of another name has none itself.
fn counterpart<'a>(
    mut pairs: impl Iterator<Item = (&'a Name, &'a Name)>,
    name: &'a Name,
) -> Option<&'a Name> {
    let mut is_other = false;
    let found = pairs.find_map(|(one, other)| {
        is_other |= other == name;
        (one == name).then_some(other)
    });
    found.or((!is_other).then_some(name))
}
