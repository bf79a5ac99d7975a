//! What holds for every graph, every state and every target.

use limbeck::plan::{self, Plan, PlanError, RangeEnd, Splice, State, Target};
use limbeck::revision::{Node, RevisionId};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::cases;
use crate::family::{Family, MOST, drawn, members, subset};
use crate::typed::{ask, ask_or_text};

/// Whether a target is a name, and so means the same wherever the database stands.
fn is_absolute(target: &Target) -> bool {
    target.offset.is_none()
}

proptest! {
    #![proptest_config(cases(1024))]

    #[test]
    fn the_heads_of_a_state_are_its_maximal_revisions(drawn in drawn(MOST), set in subset()) {
        let family = Family::new(&drawn);
        let applied = family.closed(set);
        let state = family.state(applied);
        prop_assert_eq!(family.set(state.heads.iter().copied()), family.maximal(applied));
        prop_assert_eq!(State::of_heads(&family.graph, &state.heads).applied, state.applied);
    }

    #[test]
    fn an_upgrade_adds_what_is_needed_and_each_after_its_needs(
        drawn in drawn(MOST), set in subset(), ask in ask(),
    ) {
        let family = Family::new(&drawn);
        let applied = family.closed(set);
        let target = Target::parse(&ask.text(&drawn));
        if let Ok(plan) = plan::upgrade(&family.graph, &family.state(applied), &target) {
            let after = family.upgraded(applied, &plan);
            prop_assert_eq!(family.closed(after), after);
            if is_absolute(&target) {
                let wanted = family.set(plan::find(&family.graph, &target).unwrap());
                prop_assert_eq!(after, applied | family.closed(wanted));
                let again = plan::upgrade(&family.graph, &family.state(after), &target);
                prop_assert_eq!(again.unwrap(), Plan::default());
            }
        }
    }

    #[test]
    fn every_revision_all_heads_and_the_base_can_be_reached(drawn in drawn(MOST), set in subset()) {
        let family = Family::new(&drawn);
        let applied = family.closed(set);
        let state = family.state(applied);
        let reached = |target: &Target| {
            let plan = plan::upgrade(&family.graph, &state, target).unwrap();
            family.upgraded(applied, &plan)
        };
        for at in members(family.all) {
            prop_assert_eq!(reached(&family.id(at)), applied | family.below[at]);
        }
        prop_assert_eq!(reached(&Target::name("heads")), family.all);
        prop_assert_eq!(reached(&Target::name("base")), applied);
    }

    #[test]
    fn a_plan_depends_on_nothing_but_what_it_is_asked(
        drawn in drawn(MOST), set in subset(), ask in ask(), others in vec(ask_or_text(), 0..3),
    ) {
        let (one, other) = (Family::new(&drawn), Family::new(&drawn));
        let target = Target::parse(&ask.text(&drawn));
        for applied in [one.closed(set), set & one.all] {
            let first = both_ways(&one, applied, &target);
            for text in &others {
                let target = Target::parse(&text.text(&drawn));
                let _unrelated = both_ways(&other, applied >> 1, &target);
            }
            prop_assert_eq!(&both_ways(&other, applied, &target), &first);
            prop_assert_eq!(&both_ways(&one, applied, &target), &first);
        }
    }

    #[test]
    fn a_downgrade_drops_what_is_above_and_nothing_before_what_needs_it(
        drawn in drawn(MOST), set in subset(), ask in ask(),
    ) {
        let family = Family::new(&drawn);
        let applied = family.closed(set);
        let target = Target::parse(&ask.text(&drawn));
        if let Ok(plan) = plan::downgrade(&family.graph, &family.state(applied), &target) {
            let after = family.downgraded(applied, &plan);
            prop_assert_eq!(family.closed(after), after);
            let found = plan::find_one(&family.graph, &target);
            if let (true, Ok(found)) = (is_absolute(&target), found) {
                let roots = found.map_or(family.all, |it| family.children[family.number(it)]);
                prop_assert_eq!(applied & !after & !family.upwards(roots), 0);
                let stays = found.map_or(0, |it| 1 << family.number(it));
                prop_assert_eq!(stays & !after, 0);
            }
        }
    }

    #[test]
    fn a_downgrade_leads_to_every_revision_that_applied_ones_build_on(
        drawn in drawn(MOST), set in subset(),
    ) {
        let family = Family::new(&drawn);
        let applied = family.closed(set);
        let state = family.state(applied);
        for at in members(family.all) {
            let plan = plan::downgrade(&family.graph, &state, &family.id(at));
            let drops = applied & family.upwards(family.children[at]);
            if drops == 0 && family.maximal(applied) & (1 << at) == 0 {
                // As Alembic: what isn't applied, and what only dependents are applied of.
                let refused = matches!(plan, Err(PlanError::NotApplied { .. }));
                prop_assert!(refused, "{plan:?}");
            } else {
                let left = family.downgraded(applied, &plan.unwrap());
                prop_assert_eq!(left, applied & !drops);
            }
        }
        let plan = plan::downgrade(&family.graph, &state, &Target::name("base")).unwrap();
        prop_assert_eq!(family.downgraded(applied, &plan), 0);
    }

    #[test]
    fn an_upgrade_is_undone_by_the_downgrade_back(
        drawn in drawn(MOST), from in 0..MOST, to in 0..MOST, steps in 1..4_i64,
    ) {
        let family = Family::new(&drawn);
        let at = |number: usize| number.checked_rem(drawn.len());
        let (Some(from), Some(to)) = (at(from), at(to)) else { return Ok(()) };
        let up = |applied, target: &Target| {
            plan::upgrade(&family.graph, &family.state(applied), target)
                .map(|plan| family.upgraded(applied, &plan))
        };
        let down = |applied, target: &Target| {
            plan::downgrade(&family.graph, &family.state(applied), target)
                .map(|plan| family.downgraded(applied, &plan))
        };
        prop_assert_eq!(down(up(0, &family.id(to)).unwrap(), &Target::name("base")), Ok(0));
        // What came along from beside the starting point stays, unless it depends on what goes.
        let start = family.below[from];
        let reached = up(start, &family.id(to)).unwrap();
        let above = family.upwards(family.children[from]);
        if reached & above != 0 {
            let back = down(reached, &family.id(from)).unwrap();
            prop_assert_eq!(back, start | (reached & !above));
        }
        // So many up and so many down, where there is but one way.
        if let Ok(reached) = up(start, &Target::parse(&format!("+{steps}")))
            && u64::from((reached & !start).count_ones()) == steps.unsigned_abs()
            && let Ok(back) = down(reached, &Target::parse(&format!("-{steps}")))
        {
            prop_assert_eq!(back, start);
        }
    }

    #[test]
    fn a_stamp_records_all_that_is_below_the_new_heads(
        drawn in drawn(MOST), set in subset(), asks in vec(ask(), 1..3), to in 0..MOST,
    ) {
        let family = Family::new(&drawn);
        let before = family.closed(set);
        let state = family.state(before);
        let check = |stamped: &State| {
            let heads = family.set(stamped.heads.iter().copied());
            let applied = family.set(stamped.applied.iter());
            assert_eq!((family.closed(heads), family.maximal(applied)), (applied, heads));
            heads
        };
        let targets: Vec<Target> = asks.iter().map(|it| Target::parse(&it.text(&drawn))).collect();
        if let Ok(stamp) = plan::stamp(&family.graph, &state, &targets) {
            check(&stamp.state);
        }
        if let Some(to) = to.checked_rem(drawn.len()) {
            let stamp = plan::stamp(&family.graph, &state, &[family.id(to)]).unwrap();
            let others = family.maximal(before) & !family.below[to] & !family.above[to];
            prop_assert_eq!(check(&stamp.state), family.maximal(others | 1 << to));
        }
        let stamp = plan::stamp(&family.graph, &state, &[Target::name("base")]).unwrap();
        prop_assert_eq!(check(&stamp.state), 0);
    }

    #[test]
    fn several_targets_of_a_stamp_end_the_same_from_everywhere_and_in_every_order(
        drawn in drawn(MOST), sets in vec(subset(), 1..4), ids in vec(0..MOST, 1..5),
    ) {
        let family = Family::new(&drawn);
        let wanted: Vec<usize> = ids.iter().filter_map(|it| it.checked_rem(drawn.len())).collect();
        let mut targets: Vec<Target> = wanted.iter().map(|at| family.id(*at)).collect();
        let set = wanted.iter().fold(0, |set, at| set | 1 << at);
        let lines = wanted.iter().fold(0, |set, at| set | family.below[*at] | family.above[*at]);
        for before in sets.into_iter().map(|set| family.closed(set)).chain([0, family.all]) {
            let state = family.state(before);
            let expected = family.maximal(set | family.maximal(before) & !lines);
            for _ in 0..targets.len() {
                targets.rotate_left(1);
                let stamp = plan::stamp(&family.graph, &state, &targets).unwrap();
                prop_assert_eq!(family.set(stamp.state.heads.iter().copied()), expected);
            }
        }
    }

    #[test]
    fn a_downgrade_of_a_branch_takes_something_of_it(
        drawn in drawn(MOST), set in subset(), branch in 0..MOST, ask in ask(),
    ) {
        let family = Family::new(&drawn);
        let Some(branch) = branch.checked_rem(drawn.len()) else { return Ok(()) };
        let applied = family.closed(set);
        let state = family.state(applied);
        let (on, target) = (family.branch(&drawn, branch), ask.text(&drawn));
        let symbol = target.rsplit('@').next().unwrap_or_default();
        for name in drawn[branch].label.iter().chain([&drawn[branch].id]) {
            let target = Target::parse(&format!("{name}@{symbol}"));
            match plan::downgrade(&family.graph, &state, &target) {
                Ok(plan) => {
                    let goes = applied & !family.downgraded(applied, &plan);
                    prop_assert!(goes == 0 || goes & on != 0, "{}", target.text);
                }
                Err(PlanError::BesideBranch { instead: Some(instead), revisions, .. }) => {
                    prop_assert_eq!(applied & on, 0);
                    let plan = plan::downgrade(&family.graph, &state, &Target::parse(&instead));
                    prop_assert_eq!(family.graph.ids(&plan.unwrap().nodes()), revisions);
                }
                Err(_) => {}
            }
        }
    }

    #[test]
    fn the_whole_range_lists_every_revision_once_and_newest_first(
        drawn in drawn(MOST), set in subset(), ask in ask(),
    ) {
        let family = Family::new(&drawn);
        let applied = family.closed(set);
        let current = family.state(applied).heads;
        let list = |ends: &(RangeEnd, RangeEnd)| plan::range(&family.graph, &current, ends);
        for text in ["base:heads", ":", "base:", ":heads"] {
            let steps = list(&plan::parse_range(text).unwrap()).unwrap();
            prop_assert_eq!(family.set(steps.iter().copied()), family.all);
            newest_first(&family, &steps);
        }
        let steps = list(&(RangeEnd::Open, RangeEnd::Current)).unwrap();
        let expected = if applied == 0 { family.all } else { applied };
        prop_assert_eq!(family.set(steps), expected);
        let end = RangeEnd::Symbol(Target::parse(&ask.text(&drawn)));
        for ends in [(RangeEnd::Open, end.clone()), (end, RangeEnd::Current)] {
            newest_first(&family, &list(&ends).unwrap_or_default());
        }
    }

    #[test]
    fn no_target_makes_the_planner_panic(
        drawn in drawn(MOST), set in subset(), typed in vec(ask_or_text(), 1..4),
    ) {
        let family = Family::new(&drawn);
        let graph = &family.graph;
        let texts: Vec<String> = typed.iter().map(|it| it.text(&drawn)).collect();
        let targets: Vec<Target> = texts.iter().map(|it| Target::parse(it)).collect();
        for applied in [set & family.all, family.closed(set), 0] {
            let state = family.state(applied);
            for target in &targets {
                let _plans = both_ways(&family, applied, target);
                let _found = plan::locate(graph, &state, target);
            }
            let _stamp = plan::stamp(graph, &state, &targets);
            let range = [texts[0].as_str(), texts.last().unwrap()].join(":");
            for text in [range.as_str(), &texts[0], &format!(":{}", texts[0])] {
                let _range =
                    plan::parse_range(text).map(|ends| plan::range(graph, &state.heads, &ends));
            }
        }
        for target in &targets {
            let _found = (plan::find(graph, target), plan::find_one(graph, target));
        }
        for splice in [Splice::Refuse, Splice::Allow] {
            let _parents = plan::parents_of_new(graph, &targets, splice);
        }
    }

    #[test]
    fn a_revision_made_on_other_ones_keeps_the_graph_whole(drawn in drawn(MOST), ask in ask()) {
        let family = Family::new(&drawn);
        let names = [Target::parse(&ask.text(&drawn))];
        if let Ok(parents) = plan::parents_of_new(&family.graph, &names, Splice::Refuse) {
            prop_assert!(parents.iter().all(|it| family.children[family.number(*it)] == 0));
            let allowed = plan::parents_of_new(&family.graph, &names, Splice::Allow);
            prop_assert_eq!(allowed, Ok(parents));
        }
    }
}

/// Checks that nothing in a list comes before what needs it.
fn newest_first(family: &Family, steps: &[Node]) {
    let set = family.set(steps.iter().copied());
    steps.iter().fold(set, |left, node| {
        let at = family.number(*node);
        assert_eq!(
            family.above[at] & left,
            1 << at,
            "{} is listed too early",
            family.graph.id(*node)
        );
        left & !(1 << at)
    });
}

/// Plans both ways, from a set that may have gaps, as after a revision was given other parents.
fn both_ways(
    family: &Family,
    set: u32,
    target: &Target,
) -> [Result<Vec<RevisionId>, PlanError>; 2] {
    let state = family.state(set);
    [plan::upgrade(&family.graph, &state, target), plan::downgrade(&family.graph, &state, target)]
        .map(|plan| plan.map(|plan| family.graph.ids(&plan.nodes())))
}
