//! Objects that are made in the statement of another one: the parts of a new table, the default of
//! a new column.

use std::collections::{BTreeMap, BTreeSet};

use crate::autogenerate::ddl::postgres::names::is_constraint;
use crate::catalog::{Catalog, Id, Kind, Object};
use crate::inspect::postgres::attributes::{BOUND, INHERITED, NOT_VALID};

/// For each object without a statement of its own, the object whose statement makes it.
#[derive(Default)]
pub(super) struct Folds<'a> {
    host: BTreeMap<&'a Id, &'a Id>,
    parts: BTreeMap<&'a Id, Vec<&'a Object>>,
}

impl<'a> Folds<'a> {
    /// Finds the parts that can be made with their tables. What they need must not wait for the
    /// table in turn: for what is created or altered.
    pub(super) fn find(
        to: &'a Catalog,
        created: &BTreeSet<&'a Id>,
        is_active: &dyn Fn(&Id) -> bool,
    ) -> Self {
        let mut res = Self::default();
        let new = |kind: Kind| to.of_kind(kind).filter(|it| created.contains(&it.id));
        for column in new(Kind::Column) {
            if let Some(table) = column.parent.as_ref().filter(|it| created.contains(it)) {
                res.add(column, table);
            }
        }
        let kinds =
            [Kind::PrimaryKey, Kind::Unique, Kind::Check, Kind::Exclusion, Kind::ForeignKey];
        for part in [Kind::Default].into_iter().chain(kinds).flat_map(new) {
            let Some(host) = res.place(to, part, created) else { continue };
            if !res.reaches(to, part, host, is_active) {
                res.add(part, host);
            }
        }
        res
    }

    fn add(&mut self, part: &'a Object, host: &'a Id) {
        self.host.insert(&part.id, host);
        self.parts.entry(host).or_default().push(part);
    }

    /// Finds the new object whose statement has a place for a part.
    fn place(&self, to: &Catalog, part: &'a Object, created: &BTreeSet<&Id>) -> Option<&'a Id> {
        let parent = part.parent.as_ref().filter(|it| created.contains(it))?;
        let table = if part.id.kind == Kind::Default {
            let is_inherited = to.get(parent).is_some_and(|it| it.aside.contains_key(INHERITED));
            match self.host.get(parent) {
                Some(table) if !is_inherited => table,
                Some(_) => return None,
                None => return Some(parent),
            }
        } else {
            parent
        };
        let is_fit = is_constraint(part.id.kind) || part.id.kind == Kind::Default;
        let is_partition = to.get(table).is_some_and(|it| it.says(BOUND));
        (is_fit && !is_partition && !part.says(NOT_VALID)).then_some(table)
    }

    /// Tells whether a need of a part waits for its host.
    fn reaches(
        &self,
        to: &'a Catalog,
        part: &'a Object,
        host: &Id,
        is_active: &dyn Fn(&Id) -> bool,
    ) -> bool {
        let mut seen: BTreeSet<&Id> = BTreeSet::new();
        let mut todo: Vec<&Id> = Vec::new();
        let push = |todo: &mut Vec<&'a Id>, object: &'a Object| {
            todo.extend(object.needs.iter().map(|need| self.maker(need)));
        };
        push(&mut todo, part);
        todo.retain(|it| *it != host);
        while let Some(id) = todo.pop() {
            if id == host {
                return true;
            }
            if !seen.insert(id) || !is_active(id) {
                continue;
            }
            let own = to.get(id).into_iter().chain(self.parts(id).iter().copied());
            own.for_each(|it| push(&mut todo, it));
            todo.retain(|need| *need != id);
        }
        false
    }

    /// Returns the object whose statement makes an object: often that itself.
    pub(super) fn maker<'b>(&self, id: &'b Id) -> &'b Id
    where
        'a: 'b,
    {
        let mut res = id;
        while let Some(host) = self.host.get(res) {
            res = host;
        }
        res
    }

    /// Tells whether something has no statement of its own.
    pub(super) fn holds(&self, id: &Id) -> bool {
        self.host.contains_key(id)
    }

    /// Returns what is made in the statement of an object.
    pub(super) fn parts(&self, id: &Id) -> &[&'a Object] {
        self.parts.get(id).map_or(&[], Vec::as_slice)
    }

    /// Returns what the statement that makes an object needs.
    pub(super) fn needs(&self, object: &'a Object) -> impl Iterator<Item = &'a Id> {
        let parts = self.parts(&object.id).to_vec();
        parts.into_iter().chain([object]).flat_map(|it| &it.needs)
    }
}
