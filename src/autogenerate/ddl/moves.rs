//! The order of renames.

use std::collections::BTreeSet;

use crate::catalog::Name;

/// A single rename on the way to the final name.
pub(super) struct Move {
    pub(super) old: Name,
    pub(super) new: Name,
    /// The final name.
    pub(super) meant: Name,
}

/// Orders renames so that each name is free when it is taken; a circle is opened by a temporary
/// name.
pub(super) fn sequence(
    pairs: &[(Name, Name)],
    mut there: BTreeSet<Name>,
    aside_of: impl Fn(&Name) -> Name,
) -> Vec<Move> {
    let mut todo: Vec<(Name, Name)> = pairs.to_vec();
    let mut res = Vec::new();
    while !todo.is_empty() {
        let free = todo.iter().position(|(_, new)| !there.contains(new));
        let (old, new) = todo.remove(free.unwrap_or(0));
        let meant = new.clone();
        let target = if free.is_some() {
            new
        } else {
            let mut aside = aside_of(&old);
            while there.contains(&aside) || todo.iter().any(|(_, new)| *new == aside) {
                aside = aside_of(&aside);
            }
            todo.push((aside.clone(), new));
            aside
        };
        there.remove(&old);
        there.insert(target.clone());
        res.push(Move { old, new: target, meant });
    }
    res
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aside(name: &Name) -> Name {
        Name::any_case(format!("_migrate_old_{name}"))
    }

    #[track_caller]
    fn check(pairs: &[(&str, &str)], expected: &str) {
        let pairs: Vec<(Name, Name)> =
            pairs.iter().map(|(a, b)| (Name::any_case(*a), Name::any_case(*b))).collect();
        let there = pairs.iter().map(|(old, _)| old.clone()).collect();
        let res: Vec<String> = sequence(&pairs, there, aside)
            .iter()
            .map(|it| format!("{}>{}", it.old, it.new))
            .collect();
        assert_eq!(res.join(" "), expected);
    }

    #[test]
    fn every_name_is_free_when_it_is_taken() {
        check(&[("a", "b"), ("b", "c")], "b>c a>b");
        check(&[("a", "b"), ("b", "a")], "a>_migrate_old_a b>a _migrate_old_a>b");
        check(
            &[("a", "b"), ("b", "a"), ("c", "_migrate_old_a")],
            "c>_migrate_old_a a>_migrate_old__migrate_old_a b>a _migrate_old__migrate_old_a>b",
        );
    }
}
