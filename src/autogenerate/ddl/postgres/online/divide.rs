//! The catalog at which a way is divided: all that can be done in one transaction, which is short.
//!
//! Indexes that come or go are left as they are, constraints aren't validated yet, and columns that have
//! to refuse NULL have a constraint for it. What something else needs isn't put off.

use std::collections::BTreeSet;

use crate::autogenerate::Online;
use crate::autogenerate::ddl::postgres::follow;
use crate::autogenerate::ddl::postgres::names::{full, quoted};
use crate::autogenerate::ddl::postgres::online::words::{helper, helper_name, proves};
use crate::autogenerate::ddl::postgres::plan::actions::{identity_of, relation};
use crate::autogenerate::ddl::postgres::plan::filled::{columns_of_rows, named};
use crate::autogenerate::ddl::postgres::plan::rules::has_other_options;
use crate::autogenerate::ddl::postgres::write::not_null::{is_kept, name};
use crate::autogenerate::ddl::postgres::write::table::is_inherited;
use crate::autogenerate::hints::Backfills;
use crate::catalog::{Attribute, Catalog, Id, Kind, NOT_NULL, Object, TYPE, Value};
use crate::inspect::postgres::attributes::{
    BOUND, CLUSTERED, COMMENT, DEFINITION, GENERATED, IDENTITY, NOT_ENFORCED, NOT_VALID, PARENTS,
    PARTITION_KEY, STATISTICS, TABLESPACE,
};

/// The attributes of an index that are changed in place.
const IN_PLACE: [Attribute; 4] = [STATISTICS, TABLESPACE, CLUSTERED, COMMENT];

/// Finds the catalog between two others, after which the rest can be done apart; none if nothing is to be
/// done apart.
pub(in super::super) fn divide(
    [from, to]: [&Catalog; 2],
    backfills: &Backfills,
    online: Online,
) -> Option<Catalog> {
    let from = follow::apply(from, &follow::find(from, to));
    let between = to.clone();
    let mut res = Division { from: &from, to, backfills, between, is_divided: false };
    if online.indexes {
        res.indexes();
    }
    if online.constraints {
        res.keys();
        res.columns();
        res.checks();
    }
    res.is_divided.then_some(res.between)
}

struct Division<'a> {
    from: &'a Catalog,
    to: &'a Catalog,
    backfills: &'a Backfills,
    between: Catalog,
    is_divided: bool,
}

impl<'a> Division<'a> {
    /// Finds the table of a part, if it is there before and after with the same parents, whose parts it may
    /// keep, and is no partitioned one.
    fn table(&self, part: &Object) -> Option<&'a Object> {
        let id = part.parent.as_ref().filter(|it| it.kind == Kind::Table)?;
        let (old, new) = (self.from.get(id)?, self.to.get(id)?);
        let is_whole = !old.says(PARTITION_KEY) && !new.says(PARTITION_KEY);
        let is_at_home =
            old.says(BOUND) == new.says(BOUND) && old.normal(PARENTS) == new.normal(PARENTS);
        (is_whole && is_at_home).then_some(new)
    }

    /// Tells whether something else is made of an object, or names it.
    fn is_needed(&self, object: &Object) -> bool {
        let mut others = self.to.objects.values();
        let names = |table: &Object| identity_of(table, self.to).any(|it| it.id == object.id);
        others.any(|it| it.needs.contains(&object.id) && it.id != object.id)
            || self.table(object).is_some_and(names)
    }

    /// Tells whether an object can stay for a while: what it needs doesn't change, and nothing else takes
    /// its name.
    fn can_stay(&self, old: &Object) -> bool {
        let is_same = |id: &Id| self.to.get(id).is_some_and(|new| self.from.get(id) == Some(new));
        let parents = |id: &Id| old.parent.as_ref() == Some(id);
        let name = relation(self.from, old);
        let mut others = self.to.objects.values().filter(|it| it.id != old.id);
        old.needs.iter().all(|id| is_same(id) || parents(id))
            && !others.any(|it| name.is_some() && relation(self.to, it) == name)
    }

    fn put(&mut self, object: Object) {
        self.is_divided = true;
        self.between.insert(object);
    }

    fn leave_out(&mut self, id: &Id) {
        self.is_divided = true;
        self.between.objects.remove(id);
    }

    /// Tells whether a part is of a partitioned table that is there before and after.
    fn is_of_partitions(&self, part: &Object) -> bool {
        let table = part.parent.as_ref().filter(|it| it.kind == Kind::Table);
        let key = |catalog: &Catalog| Some(catalog.get(table?)?.normal(PARTITION_KEY).to_owned());
        let (before, after) = (key(self.from), key(self.to));
        before == after && before.is_some_and(|it| !it.is_empty())
    }

    fn indexes(&mut self) {
        for new in self.to.of_kind(Kind::Index) {
            let is_of_partitions = self.is_of_partitions(new);
            let has_table = is_of_partitions || self.table(new).is_some();
            if !has_table || new.says(TABLESPACE) || self.is_needed(new) {
                continue;
            }
            match self.from.get(&new.id) {
                Some(_) if is_of_partitions => {}
                Some(old) if !is_built_anew(old, new, self.to) => {}
                Some(old) if self.can_stay(old) => self.put(old.clone()),
                None | Some(_) => self.leave_out(&new.id),
            }
        }
        for old in self.from.of_kind(Kind::Index).filter(|it| !self.to.holds(&it.id)) {
            if self.table(old).is_some() && self.can_stay(old) {
                self.put(old.clone());
            }
        }
    }

    fn keys(&mut self) {
        for kind in [Kind::PrimaryKey, Kind::Unique] {
            for new in self.to.of_kind(kind) {
                let definition = new.written(DEFINITION);
                if self.table(new).is_none()
                    || new.says(TABLESPACE)
                    || definition.contains("WITHOUT OVERLAPS")
                    || self.is_needed(new)
                {
                    continue;
                }
                match self.from.get(&new.id) {
                    Some(old) if old.normal(DEFINITION) == new.normal(DEFINITION) => {}
                    Some(old) if self.can_stay(old) => self.put(old.clone()),
                    None | Some(_) => self.leave_out(&new.id),
                }
            }
        }
    }

    /// Puts a constraint in the place of each new NOT NULL.
    fn columns(&mut self) {
        let parents: BTreeSet<&String> =
            self.to.of_kind(Kind::Table).flat_map(|it| it.list(PARENTS)).collect();
        for new in self.to.of_kind(Kind::Column).filter(|it| it.says(NOT_NULL)) {
            let Some(old) = self.from.get(&new.id).filter(|it| !is_kept(it) && is_kept(new)) else {
                continue;
            };
            let Some(table) = self.table(new) else { continue };
            let is_simple = !table.says(BOUND)
                && !table.says(PARENTS)
                && !parents.contains(&full(self.to, &table.id))
                && !is_inherited(new)
                && ![IDENTITY, GENERATED].iter().any(|it| new.says(it) || old.says(it));
            let helper = helper(new, &helper_name(new));
            let proof = self.from.parts(Kind::Check, &table.id).into_iter();
            let is_proven = proof.into_iter().any(|it| proves(it, new) && self.to.holds(&it.id));
            let is_free = !self.from.holds(&helper.id) && !self.to.holds(&helper.id);
            // With another type, a backfill for NULL would be taken for one of all values in between.
            let is_told = old.attributes.get(TYPE) != new.attributes.get(TYPE)
                && self.backfills.contains_key(&new.id);
            let is_tied = self.fills_another(new) || self.is_filled_from_gone(new);
            if !is_simple || is_proven || !is_free || is_told || is_tied {
                continue;
            }
            let mut column = new.clone();
            if name(new).is_some() {
                column.set(NOT_VALID, Value::exact("yes"));
                self.put(column);
                continue;
            }
            column.attributes.remove(NOT_NULL);
            self.put(column);
            self.put(helper);
        }
        self.keys_of_columns();
    }

    /// Tells whether another column is filled from this one, whose values have to be there then.
    fn fills_another(&self, column: &Object) -> bool {
        let mut others = self.backfills.iter().filter(|(id, _)| **id != column.id);
        others.any(|(id, text)| named(text, id, self.to).iter().any(|it| it.id == column.id))
    }

    /// Tells whether a column is filled from what isn't there any more when that is done apart.
    fn is_filled_from_gone(&self, column: &Object) -> bool {
        let text = self.backfills.get(&column.id).map_or("", String::as_str);
        let named = named(text, &column.id, self.from).into_iter();
        let mut all = named.chain(columns_of_rows(text, &column.id, [self.from, self.to]));
        all.any(|it| !self.to.holds(&it.id))
    }

    /// Puts primary keys off whose columns can't refuse NULL yet.
    fn keys_of_columns(&mut self) {
        let is_open = |key: &&Object| {
            key.needs.iter().any(|it| {
                let column = self.between.get(it).filter(|it| it.id.kind == Kind::Column);
                column.is_some_and(|it| !is_kept(it))
            })
        };
        let early: Vec<Id> = self
            .between
            .of_kind(Kind::PrimaryKey)
            .filter(is_open)
            .map(|it| it.id.clone())
            .collect();
        for id in early {
            // Its columns are made to refuse NULL at once, with it.
            let columns = self.between.get(&id).map(|it| it.needs.clone()).unwrap_or_default();
            for column in columns {
                if let Some(whole) = self.to.get(&column).filter(|it| it.id.kind == Kind::Column) {
                    self.between.objects.remove(&helper(whole, &helper_name(whole)).id);
                    self.between.insert(whole.clone());
                }
            }
        }
    }

    fn checks(&mut self) {
        for kind in [Kind::ForeignKey, Kind::Check] {
            for new in self.to.of_kind(kind) {
                let Some(table) = self.table(new) else { continue };
                let is_lenient = new.says(NOT_VALID) || new.says(NOT_ENFORCED);
                let old = self.from.get(&new.id);
                let is_there = old.is_some_and(|it| {
                    it.normal(DEFINITION) == new.normal(DEFINITION) && !it.says(NOT_ENFORCED)
                });
                let is_partition = table.says(BOUND) && kind == Kind::ForeignKey;
                if is_lenient || is_there || is_partition || self.is_needed(new) {
                    continue;
                }
                let mut late = new.clone();
                late.set(NOT_VALID, Value::exact("yes"));
                self.put(late);
            }
        }
    }
}

/// Tells whether an index can't be changed in place.
fn is_built_anew(old: &Object, new: &Object, to: &Catalog) -> bool {
    let all = old.attributes.keys().chain(new.attributes.keys());
    let is_in_place = |it: &Attribute| {
        IN_PLACE.contains(it) || *it == DEFINITION && has_other_options(old, new, to)
    };
    all.into_iter().any(|it| !is_in_place(it) && old.attributes.get(it) != new.attributes.get(it))
        || quoted(old.id.name.as_str()) != quoted(new.id.name.as_str())
}
