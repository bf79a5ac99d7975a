//! The fate of each object: made, altered, dropped, or made anew because of what it hangs on.

use std::collections::{BTreeMap, BTreeSet};

use crate::autogenerate::AutogenerateError;
use crate::autogenerate::ddl::postgres::names::{full, is_constraint};
use crate::autogenerate::ddl::postgres::plan::Sides;
use crate::autogenerate::ddl::postgres::plan::rules::{self, Alter, Means};
use crate::autogenerate::ddl::postgres::plan::special;
use crate::autogenerate::ddl::postgres::plan::spread::Spread;
use crate::autogenerate::ddl::postgres::write::not_null::is_shared;
use crate::autogenerate::ddl::postgres::write::sayings::SAID;
use crate::autogenerate::ddl::postgres::write::table::{is_inherited, table_of, twins};
use crate::catalog::{Attribute, COLUMNS, Catalog, Delta, Id, Kind, NOT_NULL, Object, diff};
use crate::inspect::postgres::attributes::{IDENTITY, NO_INHERIT, PARENTS};

/// The fates of the objects of two catalogs.
#[derive(Default)]
pub(super) struct Fates<'a> {
    /// The objects that go, those that come back included.
    pub(super) dropped: BTreeSet<&'a Id>,
    /// The objects that come, those that were there included.
    pub(super) created: BTreeSet<&'a Id>,
    pub(super) alters: BTreeMap<&'a Id, Alter>,
    /// The types whose place another one takes, under the same name.
    pub(super) swaps: BTreeSet<&'a Id>,
    /// For each object that is dropped without a statement, that with which it goes.
    pub(super) silent: BTreeMap<&'a Id, &'a Id>,
    /// For each object that is made anew only because of another one, that one.
    pub(super) causes: BTreeMap<&'a Id, &'a Id>,
    /// The parts that a partition keeps when it is detached, or brings when it is attached.
    pub(super) adopted: Vec<&'a Object>,
    /// For each object, those that need it now.
    pub(super) users: BTreeMap<&'a Id, Vec<&'a Id>>,
}

impl<'a> Fates<'a> {
    pub(super) fn find(sides: &Sides<'a>) -> Result<Self, AutogenerateError> {
        let mut res = Self { users: users(sides.from), ..Self::default() };
        res.classify(sides)?;
        special::find(&mut res, sides);
        Spread::new(&mut res, sides).run();
        res.bring_along(sides);
        res.silence(sides);
        Ok(res)
    }

    pub(super) fn is_anew(&self, id: &Id) -> bool {
        self.dropped.contains(id) && self.created.contains(id)
    }

    pub(super) fn make_anew(&mut self, id: &'a Id) {
        self.alters.remove(id);
        self.swaps.remove(id);
        self.dropped.insert(id);
        self.created.insert(id);
    }

    fn classify(&mut self, sides: &Sides<'a>) -> Result<(), AutogenerateError> {
        for delta in diff(sides.from, sides.to) {
            if delta.id().kind == Kind::Opaque {
                let verb = match delta {
                    Delta::Create(_) => "creating",
                    Delta::Drop(_) => "dropping",
                    Delta::Alter { .. } => "changing",
                };
                let what = format!("{verb} {}", delta.id().name);
                return Err(AutogenerateError::NoRule { what });
            }
            match delta {
                Delta::Create(it) => {
                    self.created.insert(&it.id);
                }
                Delta::Drop(it) => {
                    self.dropped.insert(&it.id);
                }
                Delta::Alter { old, new, mut attributes } => {
                    attributes.retain(|it| !is_given(it, new, sides));
                    if attributes.is_empty() {
                        continue;
                    }
                    let change = rules::Change { old, new, attributes: &attributes, sides };
                    match rules::means(&change)? {
                        Means::Alter(alter) => {
                            self.alters.insert(&old.id, alter);
                        }
                        Means::Swap => {
                            self.swaps.insert(&old.id);
                        }
                        Means::Anew => self.make_anew(&old.id),
                    }
                }
            }
        }
        Ok(())
    }

    /// Lets what belongs to an object that is made anew come back with it.
    fn bring_along(&mut self, sides: &Sides<'a>) {
        for (id, object) in &sides.to.objects {
            let Some(own) = sides.from.get(id) else { continue };
            let mut above = object.parent.as_ref();
            while let Some(parent) = above {
                if self.is_anew(parent) && !self.is_anew(id) {
                    if let Some((parent, _)) = sides.from.objects.get_key_value(parent) {
                        self.causes
                            .insert(&own.id, self.causes.get(parent).copied().unwrap_or(parent));
                    }
                    self.make_anew(&own.id);
                }
                above = sides.to.get(parent).and_then(|it| it.parent.as_ref());
            }
        }
    }

    /// Finds what goes without a statement, with its table or a column of it.
    fn silence(&mut self, sides: &Sides<'a>) {
        for id in &self.dropped {
            let Some(object) = sides.from.get(id) else { continue };
            let with = self.column_of(object).or_else(|| self.above(object, sides));
            let with = with.or_else(|| self.twin_of(object, sides));
            let with = with.or_else(|| self.heir_of(object, sides));
            if let Some(with) = with.filter(|with| !self.is_told(object, with, sides)) {
                self.silent.insert(*id, with);
            }
        }
    }

    /// Finds the dropped column of the same table with which something goes.
    fn column_of(&self, object: &'a Object) -> Option<&'a Id> {
        let kind = object.id.kind;
        if !is_constraint(kind) && ![Kind::Index, Kind::Statistics].contains(&kind) {
            return None;
        }
        let table = object.parent.as_ref()?;
        object.needs.iter().find(|need| {
            // A key that refers to its own table goes with its columns only.
            let is_target = kind == Kind::ForeignKey
                && !object.list(COLUMNS).iter().any(|it| it == need.name.as_str());
            if is_target {
                return false;
            }
            let is_own = need.kind == Kind::Column
                && need.owner.as_ref() == Some(&table.name)
                && need.schema == table.schema;
            is_own && self.dropped.contains(need)
        })
    }

    /// Finds the part of a parent table with which a new column or default comes.
    pub(super) fn giver<'b>(&self, object: &Object, sides: &Sides<'b>) -> Option<&'b Object> {
        if ![Kind::Column, Kind::Default].contains(&object.id.kind) {
            return None;
        }
        let table = table_of(&object.id, sides.to)?;
        let is_given = |it: &&Object| {
            let above = table_of(&it.id, sides.to).map(|it| full(sides.to, &it.id));
            let before = sides.from.get(&table.id).map_or(&[][..], |it| it.list(PARENTS));
            let was_parent = above.is_some_and(|it| before.contains(&it));
            self.created.contains(&table.id) || (was_parent && self.created.contains(&it.id))
        };
        twins(&object.id, table, sides.to).into_iter().find(is_given)
    }

    /// Finds the dropped column or default of a parent table with which that of a child goes.
    fn twin_of(&self, object: &'a Object, sides: &Sides<'a>) -> Option<&'a Id> {
        if ![Kind::Column, Kind::Default].contains(&object.id.kind) {
            return None;
        }
        let table = table_of(&object.id, sides.from)?;
        let twins = twins(&object.id, table, sides.from).into_iter().map(|it| &it.id);
        twins.into_iter().find(|it| self.dropped.contains(*it))
    }

    /// Finds the column whose new identity counts on from a sequence that goes.
    fn heir_of(&self, object: &'a Object, sides: &Sides<'a>) -> Option<&'a Id> {
        let column = object.parent.as_ref().filter(|_| object.id.kind == Kind::Sequence)?;
        let (old, new) = (sides.from.get(column)?, sides.to.get(column)?);
        let is_heir = !old.says(IDENTITY) && new.says(IDENTITY) && self.alters.contains_key(column);
        is_heir.then_some(column)
    }

    /// Finds the nearest dropped object that an object belongs to.
    fn above(&self, object: &'a Object, sides: &Sides<'a>) -> Option<&'a Id> {
        let mut above = object.parent.as_ref();
        while let Some(parent) = above {
            if self.dropped.contains(parent) {
                return Some(parent);
            }
            above = sides.from.get(parent).and_then(|it| it.parent.as_ref());
        }
        None
    }

    /// Tells whether something has to be dropped by name, though it would go with another object:
    /// because that may have to wait for what it refers to.
    fn is_told(&self, object: &Object, with: &Id, sides: &Sides<'_>) -> bool {
        let kind = object.id.kind;
        if kind == Kind::ForeignKey {
            return self.is_in_circle(object, sides) || special::is_of_itself(object, sides.from);
        }
        let of_another = |it: &&Id| {
            let is_own = it.kind == Kind::Column && it.owner == object.id.owner;
            *it != with && self.dropped.contains(*it) && it.kind != Kind::Schema && !is_own
        };
        [Kind::Policy, Kind::Rule, Kind::Trigger].contains(&kind)
            && object.needs.iter().any(|it| of_another(&it))
    }

    /// Tells whether the table to which a foreign key refers goes, and refers back in some way.
    fn is_in_circle(&self, key: &Object, sides: &Sides<'_>) -> bool {
        let Some(home) = &key.parent else { return false };
        let targets = |key: &'_ Object| -> Vec<Id> {
            let other = |need: &&Id| need.kind == Kind::Table && key.parent.as_ref() != Some(need);
            let tables = key.needs.iter().filter(other).cloned();
            let parts = key.needs.iter().filter(|it| it.kind != Kind::Table);
            let parts = parts.filter_map(|it| sides.from.get(it)?.parent.clone());
            tables.chain(parts.filter(|it| key.parent.as_ref() != Some(it))).collect()
        };
        let mut todo = targets(key);
        let mut seen: BTreeSet<Id> = BTreeSet::new();
        while let Some(table) = todo.pop() {
            if table == *home {
                return true;
            }
            if self.dropped.contains(&table) && seen.insert(table.clone()) {
                let keys = sides.from.parts(Kind::ForeignKey, &table);
                todo.extend(keys.into_iter().flat_map(targets));
            }
        }
        false
    }
}

/// Finds for each object those that need it. Who needs a column of a partition needs that of the
/// parent, which changes it.
fn users(catalog: &Catalog) -> BTreeMap<&Id, Vec<&Id>> {
    let mut res: BTreeMap<&Id, Vec<&Id>> = BTreeMap::new();
    for object in catalog.objects.values() {
        for need in &object.needs {
            res.entry(need).or_default().push(&object.id);
        }
    }
    for column in catalog.of_kind(Kind::Column).filter(|it| is_inherited(it)) {
        let Some(own) = res.get(&column.id).cloned() else { continue };
        let mut above: Vec<&Object> = vec![column];
        while let Some(below) = above.pop() {
            let Some(table) = table_of(&below.id, catalog) else { continue };
            for twin in twins(&below.id, table, catalog) {
                res.entry(&twin.id).or_default().extend(&own);
                above.push(twin);
            }
        }
    }
    res
}

/// Tells whether an attribute of a column or a default changes with that of the parent table.
fn is_given(attribute: Attribute, new: &Object, sides: &Sides<'_>) -> bool {
    if ![Kind::Column, Kind::Default].contains(&new.id.kind) || SAID.contains(&attribute) {
        return false;
    }
    let Some(table) = table_of(&new.id, sides.to) else { return false };
    if attribute == NOT_NULL && comes_from_above(new, table, sides) {
        return true;
    }
    let is_changed = |it: &&Object| {
        let before = sides.from.get(&it.id);
        before.is_some_and(|old| old.attributes.get(attribute) != it.attributes.get(attribute))
    };
    let mut above = twins_before(&new.id, table, sides).into_iter().filter(is_changed);
    above.any(|it| it.attributes.get(attribute) == new.attributes.get(attribute))
}

/// Finds the parts of parent tables that a part has, of those parents that its table had before.
fn twins_before<'b>(id: &Id, table: &Object, sides: &Sides<'b>) -> Vec<&'b Object> {
    let before = sides.from.get(&table.id).map_or(&[][..], |it| it.list(PARENTS));
    let had = |it: &&Object| {
        table_of(&it.id, sides.to).is_some_and(|it| before.contains(&full(sides.to, &it.id)))
    };
    twins(id, table, sides.to).into_iter().filter(had).collect()
}

/// Tells whether a column comes to refuse NULL since the constraint of a parent's becomes one for the
/// tables below.
fn comes_from_above(new: &Object, table: &Object, sides: &Sides<'_>) -> bool {
    let reaches = |it: &Object| it.says(NOT_NULL) && !it.says(NO_INHERIT);
    let was_without = |it: &&Object| sides.from.get(&it.id).is_some_and(|old| !reaches(old));
    let above = twins_before(&new.id, table, sides);
    is_shared(new) && above.iter().filter(|it| reaches(it)).any(was_without)
}
