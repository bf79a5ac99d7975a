//! What holds for every two catalogs: how they differ, what hangs on what, what is looked at.

use std::collections::BTreeSet;

use limbeck::catalog::{Catalog, Delta, Filter, Id, Kind, Name, Object, Value, diff};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::cases;

const KINDS: [Kind; 4] = [Kind::Table, Kind::Index, Kind::View, Kind::Trigger];

const NAMES: [&str; 6] = ["a", "b", "c", "tmp_a", "tmp_b", "D"];

/// Makes the id that a number stands for.
fn id(number: usize) -> Id {
    let (kind, name) = (number % KINDS.len(), number / KINDS.len() % NAMES.len());
    Id::new(KINDS[kind], &Name::any_case(NAMES[name]))
}

/// Draws objects that say one thing each, need others, and hang on a table if they are no table.
fn drawn() -> impl Strategy<Value = Catalog> {
    let object = (0..24_usize, "[xXy]", vec(0..24_usize, 0..3), 0..6_usize);
    vec(object, 0..12).prop_map(|objects| {
        let mut res = Catalog::default();
        for (number, said, needs, parent) in objects {
            let mut object = Object::new(id(number));
            object.set("body", Value::new(said.as_str(), said.to_lowercase()));
            object.needs = needs.into_iter().map(id).collect();
            let hangs = [Kind::Index, Kind::Trigger].contains(&object.id.kind);
            object.parent = hangs.then(|| id(parent * KINDS.len()));
            if let Some(parent) = object.parent.clone().filter(|it| !res.holds(it)) {
                res.insert(Object::new(parent));
            }
            res.insert(object);
        }
        res
    })
}

/// Does to a catalog what the differences say.
fn changed(from: &Catalog, deltas: &[Delta<'_>]) -> Catalog {
    let mut res = from.clone();
    for delta in deltas {
        match delta {
            Delta::Create(new) | Delta::Alter { new, .. } => res.insert((*new).clone()),
            Delta::Drop(old) => drop(res.objects.remove(&old.id)),
        }
    }
    res
}

/// Finds what needs a root, one step after the other, by asking every object again and again.
fn reached(catalog: &Catalog, root: &Id, kinds: &[Kind]) -> BTreeSet<Id> {
    let mut res = BTreeSet::new();
    loop {
        let more = catalog.objects.values().find(|it| {
            let uses = |id: &Id| id == root || res.contains(id);
            kinds.contains(&it.id.kind) && !res.contains(&it.id) && it.needs.iter().any(uses)
        });
        let Some(more) = more else { return res };
        res.insert(more.id.clone());
    }
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn differences_lead_from_one_to_the_other(from in drawn(), to in drawn()) {
        let deltas = diff(&from, &to);
        prop_assert_eq!(&changed(&from, &deltas), &to);
        prop_assert_eq!(deltas.is_empty(), from == to);
        let ids: BTreeSet<&Id> = deltas.iter().map(Delta::id).collect();
        prop_assert_eq!(ids.len(), deltas.len());
        prop_assert!(deltas.is_sorted_by_key(|it| it.id().kind));
    }

    #[test]
    fn what_hangs_on_a_root_is_what_needs_it_step_by_step(
        catalog in drawn(), roots in vec(0..24_usize, 0..3),
    ) {
        let kinds = [Kind::View, Kind::Trigger];
        let roots: BTreeSet<Id> = roots.into_iter().map(id).collect();
        let found = catalog.reach(&roots, &kinds);
        for root in &roots {
            let with = found.iter().filter(|(_, own)| own.contains(root));
            let with: BTreeSet<Id> = with.map(|(id, _)| id.clone()).collect();
            prop_assert_eq!(with, reached(&catalog, root, &kinds));
        }
    }

    #[test]
    fn an_order_has_every_object_once_and_needs_before(catalog in drawn()) {
        let order = catalog.in_order(Kind::View);
        let all: BTreeSet<&Id> = order.iter().collect();
        prop_assert_eq!(all.len(), order.len());
        prop_assert_eq!(order.len(), catalog.of_kind(Kind::View).count());
        for (at, id) in order.iter().enumerate() {
            let later = order.iter().skip(at + 1);
            let needed = later.filter(|it| catalog.get(id).is_some_and(|own| own.needs.contains(it)));
            // Only in a circle something comes before what it needs.
            for need in needed {
                prop_assert!(reached(&catalog, id, &[Kind::View]).contains(need), "{:?}", order);
            }
        }
    }

    #[test]
    fn what_is_left_out_stays_as_it_is(from in drawn(), to in drawn()) {
        let filter = Filter { include: Vec::new(), exclude: vec!["TMP_*".to_owned()] };
        let res = filter.apply(&from, &to);
        for id in from.objects.keys().chain(to.objects.keys()).chain(res.objects.keys()) {
            let owner = |it: &Catalog| {
                let object = it.get(id)?;
                Some(object.parent.as_ref().unwrap_or(id).name.as_str().starts_with("tmp"))
            };
            let is_own = !id.name.as_str().starts_with("tmp");
            match (owner(&from), owner(&to)) {
                (Some(true), Some(true) | None) => prop_assert_eq!(res.get(id), from.get(id)),
                (Some(false) | None, Some(false)) if is_own => {
                    prop_assert_eq!(res.get(id), to.get(id));
                }
                (None | Some(_), None | Some(_)) => {}
            }
        }
        prop_assert_eq!(&filter.apply(&to, &to), &to);
        prop_assert_eq!(&Filter::default().apply(&from, &to), &to);
    }
}
