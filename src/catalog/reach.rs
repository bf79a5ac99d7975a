//! Dependencies: the order of creation, and the dependents of an object.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{Catalog, Id, Kind};

/// For each object, by its id, the objects that must exist before it.
pub type Needs = BTreeMap<Id, BTreeSet<Id>>;

impl Catalog {
    /// Returns the dependencies of the objects of one kind.
    pub fn needs(&self, kind: Kind) -> Needs {
        self.of_kind(kind).map(|it| (it.id.clone(), it.needs.clone())).collect()
    }

    /// Returns the ids of a kind so that each comes after those that it needs.
    pub fn in_order(&self, kind: Kind) -> Vec<Id> {
        sorted(&self.needs(kind))
    }

    /// Finds the objects of some kinds that need one of the roots, directly or indirectly, each
    /// with the roots that it needs.
    pub fn reach(&self, roots: &BTreeSet<Id>, kinds: &[Kind]) -> Needs {
        let mut users: BTreeMap<&Id, Vec<&Id>> = BTreeMap::new();
        for object in kinds.iter().flat_map(|kind| self.of_kind(*kind)) {
            for need in &object.needs {
                users.entry(need).or_default().push(&object.id);
            }
        }
        let mut res = Needs::new();
        let mut todo: Vec<(&Id, &Id)> = roots.iter().map(|root| (root, root)).collect();
        while let Some((id, root)) = todo.pop() {
            for user in users.get(id).into_iter().flatten() {
                if res.entry((*user).clone()).or_default().insert(root.clone()) {
                    todo.push((user, root));
                }
            }
        }
        res
    }
}

/// Orders ids so that each comes after those that it needs, and by id otherwise; a cycle starts
/// with its lowest id.
pub fn sorted(needs: &Needs) -> Vec<Id> {
    let mut res = Vec::new();
    let mut met: BTreeSet<&Id> = BTreeSet::new();
    for start in needs.keys() {
        if !met.insert(start) {
            continue;
        }
        let mut path = vec![(start, needs.get(start).into_iter().flatten())];
        while let Some((name, open)) = path.last_mut() {
            let next = open.find(|need| needs.contains_key(*need) && !met.contains(*need));
            if let Some(need) = next {
                met.insert(need);
                path.push((need, needs.get(need).into_iter().flatten()));
            } else {
                res.push((*name).clone());
                path.pop();
            }
        }
    }
    res
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Name, Object};

    fn view(name: &str) -> Id {
        Id::new(Kind::View, &Name::exact(name))
    }

    fn views(all: &[(&str, &[&str])]) -> Catalog {
        let mut res = Catalog::default();
        for (name, needs) in all {
            let needs = needs.iter().map(|it| view(it)).collect();
            res.insert(Object { needs, ..Object::new(view(name)) });
        }
        res
    }

    fn names<'a>(ids: impl IntoIterator<Item = &'a Id>) -> String {
        ids.into_iter().map(|it| it.name.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[track_caller]
    fn check(all: &[(&str, &[&str])], expected: &str) {
        assert_eq!(names(&views(all).in_order(Kind::View)), expected);
    }

    #[test]
    fn what_is_needed_comes_first_and_circles_end() {
        check(&[("a", &["b"]), ("b", &["c"]), ("c", &[])], "c b a");
        check(&[("a", &[]), ("b", &["nowhere"]), ("c", &["a"])], "a b c");
        check(&[("a", &["b"]), ("b", &["a"]), ("c", &["c"])], "b a c");
    }

    #[test]
    fn what_hangs_on_a_root_is_found_with_it() {
        let catalog = views(&[("a", &["r"]), ("b", &["a", "s"]), ("c", &["t"]), ("d", &["d"])]);
        let found = catalog.reach(&[view("r"), view("s")].into(), &[Kind::View]);
        let found: Vec<String> =
            found.iter().map(|(id, roots)| format!("{}: {}", id.name, names(roots))).collect();
        assert_eq!(found, ["a: r", "b: r s"]);
        assert!(catalog.reach(&[view("r")].into(), &[Kind::Trigger]).is_empty());
    }
}
