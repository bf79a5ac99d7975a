//! Partitions: which of them get rows for themselves, and the bounds that rows have to keep.

use std::collections::{BTreeMap, BTreeSet};

use crate::autogenerate::ddl::postgres::names::{full, literal};
use crate::autogenerate::ddl::postgres::plan::special::is_partition_key;
use crate::autogenerate::ddl::postgres::plant::attempt;
use crate::autogenerate::ddl::postgres::plant::ends::{Ends, Pair};
use crate::autogenerate::ddl::postgres::plant::shadow::{Maker, column};
use crate::autogenerate::ddl::postgres::write::table::{above, parents};
use crate::catalog::{Catalog, Id, Kind, Object, TYPE};
use crate::database::DatabaseError;
use crate::inspect::postgres::attributes::{BOUND, COLLATION, PARENTS, PARTITION_KEY};

/// Returns the partitions of a table, on all levels.
pub(super) fn members<'c>(catalog: &'c Catalog, root: &Object) -> Vec<&'c Object> {
    let mut res: Vec<&Object> = Vec::new();
    let mut todo = children(catalog, root);
    while let Some(member) = todo.pop() {
        res.push(member);
        todo.extend(children(catalog, member));
    }
    res
}

/// Returns the partitions of a table, on the next level.
fn children<'c>(catalog: &'c Catalog, parent: &Object) -> Vec<&'c Object> {
    let parent = full(catalog, &parent.id);
    let is_own = |it: &&Object| it.says(BOUND) && it.list(PARENTS).contains(&parent);
    catalog.of_kind(Kind::Table).filter(is_own).collect()
}

impl<'a> Ends<'a> {
    /// Has partitioned tables that are made anew lose their rows, and those of their partitions: the
    /// type of a key can't change.
    pub(super) fn lose(&self, pairs: &mut [Pair<'a>]) {
        let is_key = |pair: &Pair<'a>| {
            pair.columns.iter().any(|it| {
                let says = |of: &Object| [TYPE, COLLATION].map(|what| of.normal(what).to_owned());
                let is_other = |old: &Object| says(old) != says(it.new);
                it.old.is_some_and(|old| is_other(old) && is_partition_key(old, self.from))
            })
        };
        let is_lost = |it: &Pair<'a>| {
            let stays = self.new_table(&it.old.id).is_some_and(|new| self.to.holds(&new));
            it.old.says(PARTITION_KEY) && stays && (it.new.is_none() || is_key(it))
        };
        let lost: BTreeSet<&Id> =
            pairs.iter().filter(|it| is_lost(it)).map(|it| &it.old.id).collect();
        for pair in pairs {
            let goes_along = pair.new.is_some_and(|it| it.says(BOUND))
                && above(self.from, pair.old).iter().any(|it| lost.contains(&it.id));
            if goes_along || lost.contains(&pair.old.id) {
                (pair.new, pair.columns, pair.differs) = (None, Vec::new(), false);
            }
        }
    }

    /// Finds the tables whose partitions come, go or get other bounds.
    pub(super) fn split(&self, pairs: &mut [Pair<'a>]) {
        let news: BTreeMap<&Id, Option<&'a Object>> =
            pairs.iter().map(|it| (&it.old.id, it.new)).collect();
        let is_root = |it: &&Pair<'a>| it.old.says(PARTITION_KEY) && !it.old.says(BOUND);
        // Whether a table stays empty goes for its partitions, too.
        let mut split: BTreeMap<&Id, bool> = BTreeMap::new();
        for root in pairs.iter().filter(is_root) {
            let before = members(self.from, root.old);
            let is_kept = |it: &&Object| news.get(&it.id).is_some_and(Option::is_some);
            let differs = match root.new {
                Some(new) => self.signs(&before, false) != self.signs(&members(self.to, new), true),
                None => before.iter().any(is_kept),
            };
            if differs {
                let all = before.into_iter().chain([root.old]);
                split.extend(all.map(|it| (&it.id, root.stays_empty)));
            }
        }
        for pair in pairs {
            if let Some(stays_empty) = split.get(&pair.old.id) {
                pair.is_split = true;
                pair.stays_empty |= stays_empty;
                pair.differs |= pair.new.is_some();
            }
        }
    }

    /// Returns the names, bounds, keys and parents of partitions, by their wanted names.
    fn signs(&self, members: &[&Object], is_wanted: bool) -> BTreeSet<[String; 4]> {
        let name = |it: &Object| {
            let moved = if is_wanted { None } else { self.new_table(&it.id) };
            full(self.to, moved.as_ref().unwrap_or(&it.id))
        };
        let catalog = if is_wanted { self.to } else { self.from };
        let sign = |it: &&Object| {
            let [bound, key] = [BOUND, PARTITION_KEY].map(|of| it.normal(of).to_owned());
            let above = parents(it, catalog).into_iter().map(name).collect();
            [name(it), bound, key, above]
        };
        members.iter().map(sign).collect()
    }

    /// Tells whether a partition leaves the table above all others.
    pub(super) fn leaves(&self, pair: &Pair<'_>) -> bool {
        let top = |catalog, it| above(catalog, it).last().map(|it| it.id.clone());
        let before = top(self.from, pair.old).and_then(|it| self.new_table(&it));
        pair.old.says(BOUND) && before != pair.new.and_then(|it| top(self.to, it))
    }
}

impl Maker<'_> {
    /// Returns the condition that a wanted partition has for its rows, for which tables are made like
    /// those above it; none if that isn't possible.
    pub(super) fn bound(
        &mut self,
        partition: &Object,
        number: usize,
    ) -> Result<Option<String>, DatabaseError> {
        let to = self.ends.to;
        let above = above(to, partition);
        let Some(top) = above.last().copied() else { return Ok(None) };
        let name = |level: usize| format!("pg_temp.migrate_above_{number}_{level}");
        let columns = to.parts(Kind::Column, &top.id).into_iter();
        let columns: Vec<String> = columns.map(|it| self.bare(it)).collect();
        let head = format!("CREATE TEMP TABLE migrate_above_{number}_");
        let key = |it: &Object| match it.written(PARTITION_KEY) {
            "" => String::new(),
            key => format!(" PARTITION BY {}", self.types.replace(key)),
        };
        let levels = above.len();
        let mut statements = vec![format!("{head}{levels} ({}){}", columns.join(", "), key(top))];
        let below: Vec<&Object> = [partition].into_iter().chain(above).collect();
        for (level, (it, parent)) in below.iter().zip(below.iter().skip(1)).enumerate().rev() {
            let parent_name = name(level + 1);
            let bound = |it: &Object| self.types.replace(it.written(BOUND));
            let part = |rest: String| format!("{head}{rest}");
            // The bound of a default partition is what the others leave.
            let is_other = |other: &&Object| other.id != it.id && it.normal(BOUND) == "DEFAULT";
            let others = children(to, parent).into_iter().filter(is_other);
            for (at, other) in others.enumerate() {
                let of = format!("{level}_{at} PARTITION OF {parent_name} {}", bound(other));
                statements.push(part(of));
            }
            let key = if level == 0 { String::new() } else { key(it) };
            statements.push(part(format!("{level} PARTITION OF {parent_name} {}{key}", bound(it))));
        }
        if !attempt(self.connection, &statements)? {
            return Ok(None);
        }
        let name = literal(&name(0));
        let query = format!("SELECT pg_catalog.pg_get_partition_constraintdef({name}::regclass)");
        let bound = self.connection.value(&query)?;
        Ok(Some(bound.filter(|it| !it.is_empty()).unwrap_or_else(|| "true".to_owned())))
    }

    /// Writes a column with its type alone.
    fn bare(&self, it: &Object) -> String {
        let mut res = format!("{} {}", column(it), self.types.replace(it.written(TYPE)));
        if it.says(COLLATION) {
            res += " COLLATE ";
            res += &self.types.replace(it.written(COLLATION));
        }
        res
    }
}
