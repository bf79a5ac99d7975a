//! Objects that are made in the statement of another one: the parts of a new table, the default of
//! a new column.

use std::collections::{BTreeMap, BTreeSet};

use crate::autogenerate::ddl::postgres::names::is_constraint;
use crate::autogenerate::ddl::postgres::plan::sort::sort;
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
        let all = Self::of(to, created, |_, _, _| true);
        let circles = all.circles(to, is_active);
        if circles.is_empty() {
            return all;
        }
        let is_on_way = |id: &Id| circles.contains(all.maker(id));
        let is_free = |known: &Self, part: &'a Object, host: &Id| {
            !circles.contains(host) || !known.reaches(to, part, host, &is_on_way)
        };
        Self::of(to, created, is_free)
    }

    /// Finds the parts that have a place in the statement of another object, and fit there.
    fn of(
        to: &'a Catalog,
        created: &BTreeSet<&'a Id>,
        fits: impl Fn(&Self, &'a Object, &Id) -> bool,
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
            if fits(&res, part, host) {
                res.add(part, host);
            }
        }
        res
    }

    /// Returns the objects that wait for each other, and those between two such circles.
    fn circles(&self, to: &'a Catalog, is_active: &dyn Fn(&Id) -> bool) -> BTreeSet<&'a Id> {
        let nodes: Vec<&Object> =
            to.objects.values().filter(|it| is_active(&it.id) && !self.holds(&it.id)).collect();
        let places: BTreeMap<&Id, usize> =
            nodes.iter().enumerate().map(|(at, it)| (&it.id, at)).collect();
        let mut edges = BTreeSet::new();
        for (at, object) in nodes.iter().enumerate() {
            let needs = self.needs(object).filter_map(|it| places.get(self.maker(it)));
            edges.extend(needs.filter(|need| **need != at).map(|need| (*need, at)));
        }
        let left = |edges: &BTreeSet<(usize, usize)>| -> BTreeSet<usize> {
            let left = sort((0..nodes.len()).collect(), edges).err();
            left.into_iter().flatten().collect()
        };
        let behind = left(&edges);
        if behind.is_empty() {
            return BTreeSet::new();
        }
        let before = left(&edges.iter().map(|(one, other)| (*other, *one)).collect());
        let both = behind.intersection(&before).filter_map(|at| nodes.get(*at));
        both.map(|it| &it.id).collect()
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

    /// Tells whether a need of a part waits for its host, by way of objects of circles.
    fn reaches(
        &self,
        to: &'a Catalog,
        part: &'a Object,
        host: &Id,
        is_on_way: &dyn Fn(&Id) -> bool,
    ) -> bool {
        let mut seen: BTreeSet<&Id> = BTreeSet::new();
        let first = part.needs.iter().map(|need| self.maker(need));
        let mut todo: Vec<&Id> = first.filter(|it| *it != host).collect();
        while let Some(id) = todo.pop() {
            if id == host {
                return true;
            }
            if is_on_way(id) && seen.insert(id) {
                let needs = to.get(id).into_iter().flat_map(|it| self.needs(it));
                todo.extend(needs.map(|it| self.maker(it)).filter(|it| *it != id));
            }
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
        let parts = self.parts(&object.id).iter().copied();
        parts.chain([object]).flat_map(|it| &it.needs)
    }
}
