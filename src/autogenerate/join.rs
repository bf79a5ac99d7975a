//! The changes of a script, each with its statements.
//!
//! Steps and changes are joined by ids. Statements that several changes need are listed with each:
//! the rebuild of a table with everything that it does to the table. No statement is left over.

use std::collections::{BTreeMap, BTreeSet};

use crate::autogenerate::ddl::{Ddl, Transition};
use crate::autogenerate::script::{Purpose, Step};
use crate::autogenerate::tighten::Tightening;
use crate::catalog::{Catalog, Change, ChangeKind, Difference, Id, Kind, Name};

/// Lists what leads from one catalog to another, renames first.
///
/// Objects dropped for renames are taken from the present catalog, so that their changes are
/// reported too.
pub(crate) fn differences(
    ddl: &dyn Ddl,
    way: &Transition<'_>,
    renamed: &Catalog,
) -> Vec<Difference> {
    let mut present = renamed.clone();
    // A schema that is made for what moves there.
    let is_made = |id: &Id| {
        id.kind == Kind::Schema && !way.renames.before(id).is_some_and(|it| way.from.holds(&it))
    };
    present.objects.retain(|id, _| !is_made(id));
    for object in way.from.objects.values() {
        // What can be renamed isn't dropped for it: it can have another name or place.
        let is_apart = !ddl.can_rename(object.id.kind) && !object.id.kind.is_part();
        if is_apart && !present.holds(&object.id) {
            present.insert(object.clone());
        }
    }
    let is_told = |difference: &Difference| {
        way.renames.all().filter(|(_, new)| !ddl.can_rename(new.kind)).any(|(old, new)| {
            match difference.kind {
                ChangeKind::Drop => difference.ids.contains(old),
                ChangeKind::Create => difference.ids.contains(new),
                ChangeKind::Alter | ChangeKind::Rename => false,
            }
        })
    };
    let own = ddl.differences(&present, way.to).into_iter().filter(|it| !is_told(it));
    way.renames.differences(ddl, way.from.home.as_ref()).into_iter().chain(own).collect()
}

/// Gives each difference the statements of the steps that make it.
pub(crate) fn join(
    steps: &[Step],
    differences: Vec<Difference>,
    tightenings: &[Tightening],
) -> Vec<Change> {
    let whose = Whose::of(&differences);
    let mut own: Vec<Vec<&Step>> = vec![Vec::new(); differences.len()];
    let mut takers: BTreeMap<&Id, Vec<&Step>> = BTreeMap::new();
    for step in steps {
        for at in whose.of_step(step) {
            own[at].push(step);
        }
        for id in &step.takes {
            takers.entry(id).or_default().push(step);
        }
    }
    let mut rules: Vec<Vec<&Tightening>> = vec![Vec::new(); differences.len()];
    for tightening in tightenings {
        if let Some(list) = whose.of_tightening(tightening).and_then(|at| rules.get_mut(at)) {
            list.push(tightening);
        }
    }
    let change = |((difference, mut own), rules): ((Difference, Vec<&Step>), Vec<&Tightening>)| {
        if own.is_empty() {
            // It goes along with its table.
            own.extend(difference.ids.iter().filter_map(|id| takers.get(id)).flatten());
        }
        let sql: Vec<String> = own.into_iter().map(Step::sql).collect();
        let checks = rules.iter().filter_map(|it| it.query.clone()).collect();
        let may_fail = !rules.is_empty();
        Change { may_fail, checks, sql: sql.join("\n"), ..Change::from(difference) }
    };
    let losing = losing(steps, &whose, &differences);
    let mut differences = differences;
    for at in losing {
        if let Some(difference) = differences.get_mut(at) {
            difference.destructive = true;
        }
    }
    differences.into_iter().zip(own).zip(rules).map(change).collect()
}

/// Finds the differences whose steps lose values. Where a step makes several, and some are known to
/// lose values, the others don't.
fn losing(steps: &[Step], whose: &Whose<'_>, differences: &[Difference]) -> BTreeSet<usize> {
    let mut res = BTreeSet::new();
    for step in steps.iter().filter(|it| !it.destructive.is_empty()) {
        let made = whose.of_step(step);
        let is_known = |at: &usize| differences.get(*at).is_some_and(|it| it.destructive);
        if !made.iter().any(is_known) {
            res.extend(made);
        }
    }
    res
}

/// The differences that an id refers to, by their indexes in the list.
#[derive(Default)]
struct Whose<'a> {
    by_id: BTreeMap<&'a Id, Vec<usize>>,
    /// The differences that change only a name.
    by_name: BTreeMap<&'a Id, Vec<usize>>,
    by_table: BTreeMap<&'a Name, Vec<usize>>,
    renames: BTreeSet<usize>,
    count: usize,
}

impl<'a> Whose<'a> {
    fn of(differences: &'a [Difference]) -> Self {
        let mut res = Self { count: differences.len(), ..Self::default() };
        for (at, difference) in differences.iter().enumerate() {
            res.renames.extend((difference.kind == ChangeKind::Rename).then_some(at));
            for id in &difference.ids {
                if difference.is_name {
                    res.by_name.entry(id).or_default().push(at);
                    continue;
                }
                res.by_id.entry(id).or_default().push(at);
                if let Some(table) = id.own_table() {
                    res.by_table.entry(table).or_default().push(at);
                }
            }
        }
        res
    }

    /// Finds the difference that causes a stricter rule.
    fn of_tightening(&self, tightening: &Tightening) -> Option<usize> {
        let exact = tightening.ids.iter().find_map(|id| self.by_id.get(id));
        let near = || self.by_table.get(tightening.ids.last()?.own_table()?);
        exact.or_else(near)?.first().copied()
    }

    /// Finds the differences that a step makes; otherwise those that caused it; otherwise all.
    fn of_step(&self, step: &Step) -> BTreeSet<usize> {
        let is_rename = step.purpose == Purpose::Rename;
        let places = if is_rename { &self.by_name } else { &self.by_id };
        let exact = |ids: &[Id]| -> BTreeSet<usize> {
            ids.iter().filter_map(|id| places.get(id)).flatten().copied().collect()
        };
        let mut res = exact(&step.serves);
        if res.is_empty() && step.purpose == Purpose::WayForRenames {
            res.clone_from(&self.renames);
        } else if res.is_empty() {
            res = exact(&step.causes);
            let tables = step.causes.iter().filter_map(|id| self.by_table.get(id.own_table()?));
            res.extend(tables.flatten());
        }
        if res.is_empty() { (0..self.count).collect() } else { res }
    }
}
