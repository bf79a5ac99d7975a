//! The order of a table's columns, and of the triggers on one event: both count.

use std::collections::BTreeSet;

use crate::catalog::{Catalog, Id, Kind, Name, Object};
use crate::inspect::mysql::attributes::{EVENT, POSITION};

/// Returns the names that both lists have in one order: a longest common subsequence, so that the
/// fewest others move.
pub(super) fn kept<'a>(before: &[&'a Name], after: &[&'a Name]) -> BTreeSet<&'a Name> {
    let (rows, columns) = (before.len(), after.len());
    let mut lengths = vec![vec![0_usize; columns + 1]; rows + 1];
    let at = |lengths: &[Vec<usize>], row: usize, column: usize| {
        lengths.get(row).and_then(|it| it.get(column)).copied().unwrap_or_default()
    };
    for (row, one) in before.iter().enumerate().rev() {
        for (column, other) in after.iter().enumerate().rev() {
            let length = if one == other {
                at(&lengths, row + 1, column + 1) + 1
            } else {
                at(&lengths, row + 1, column).max(at(&lengths, row, column + 1))
            };
            if let Some(cell) = lengths.get_mut(row).and_then(|it| it.get_mut(column)) {
                *cell = length;
            }
        }
    }
    let (mut row, mut column, mut res) = (0, 0, BTreeSet::new());
    while let (Some(one), Some(other)) = (before.get(row), after.get(column)) {
        if one == other {
            res.insert(*one);
            row += 1;
            column += 1;
        } else if at(&lengths, row + 1, column) >= at(&lengths, row, column + 1) {
            row += 1;
        } else {
            column += 1;
        }
    }
    res
}

/// Returns the columns of a table in their order.
pub(super) fn columns<'a>(catalog: &'a Catalog, table: &Id) -> Vec<&'a Name> {
    catalog.parts(Kind::Column, table).into_iter().map(|it| &it.id.name).collect()
}

/// Finds the columns that both tables have, and that stand elsewhere in the second one.
pub(super) fn moved<'a>(from: &'a Catalog, to: &'a Catalog, table: &Id) -> BTreeSet<&'a Name> {
    let (old, new) = (columns(from, table), columns(to, table));
    let common = |all: &[&'a Name], other: &[&'a Name]| -> Vec<&'a Name> {
        all.iter().filter(|it| other.contains(it)).copied().collect()
    };
    let (before, after) = (common(&old, &new), common(&new, &old));
    let kept = kept(&before, &after);
    after.into_iter().filter(|it| !kept.contains(it)).collect()
}

/// Returns the triggers of a table that fire on one event, in their order.
pub(super) fn fellows<'a>(catalog: &'a Catalog, trigger: &Object) -> Vec<&'a Object> {
    let is_one =
        |it: &&Object| it.parent == trigger.parent && it.normal(EVENT) == trigger.normal(EVENT);
    let mut res: Vec<&Object> = catalog.of_kind(Kind::Trigger).filter(is_one).collect();
    res.sort_by_key(|it| it.aside(POSITION).parse::<usize>().unwrap_or_default());
    res
}

/// Finds the triggers that both catalogs have unchanged, and that fire in another order in the second.
pub(super) fn moved_triggers(from: &Catalog, to: &Catalog) -> BTreeSet<Id> {
    let mut res = BTreeSet::new();
    for trigger in to.of_kind(Kind::Trigger) {
        let stays = |it: &&Object| from.get(&it.id) == to.get(&it.id);
        let old: Vec<&Object> = fellows(from, trigger).into_iter().filter(stays).collect();
        let new: Vec<&Object> = fellows(to, trigger).into_iter().filter(stays).collect();
        let names = |all: &[&Object]| all.iter().map(|it| it.id.name.clone()).collect::<Vec<_>>();
        let (before, after) = (names(&old), names(&new));
        let kept = kept(&before.iter().collect::<Vec<_>>(), &after.iter().collect::<Vec<_>>());
        res.extend(new.iter().filter(|it| !kept.contains(&it.id.name)).map(|it| it.id.clone()));
    }
    res
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fewest_names_move() {
        let names = |text: &str| -> Vec<Name> { text.split(' ').map(Name::any_case).collect() };
        for (before, after, expected) in [
            ("a b c", "a b c", "a b c"),
            ("a b c", "c a b", "a b"),
            ("a b c d", "b a d c", "b d"),
            ("a", "b", ""),
        ] {
            let (before, after) = (names(before), names(after));
            let kept = kept(&before.iter().collect::<Vec<_>>(), &after.iter().collect::<Vec<_>>());
            let kept: Vec<&str> = kept.into_iter().map(Name::as_str).collect();
            assert_eq!(kept.join(" "), expected);
        }
    }
}
