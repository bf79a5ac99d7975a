//! What a script does, change by change, each with its statements.
//!
//! Steps and changes know each other by their ids. Statements that several changes need stand at each
//! of them: the rebuild of a table at all that it does to the table. No statement is left over.

use std::collections::{BTreeMap, BTreeSet};

use crate::autogenerate::Renames;
use crate::autogenerate::script::Step;
use crate::autogenerate::tighten::Tightening;
use crate::schema::{Change, ChangeKind, Difference, Id, Name, ObjectType, Schema, diff};

/// Lists what leads from one schema to another, renames first.
///
/// `moved` is the present schema with its renames done; what had to make way for them is taken from
/// the present one, so that its change is told, too.
pub(crate) fn differences(
    from: &Schema,
    moved: &Schema,
    to: &Schema,
    renames: &Renames,
) -> Vec<Difference> {
    let mut present = moved.clone();
    for (name, index) in &from.indexes {
        present.indexes.entry(name.clone()).or_insert_with(|| index.clone());
    }
    for (name, view) in &from.views {
        present.views.entry(name.clone()).or_insert_with(|| view.clone());
    }
    for (name, trigger) in &from.triggers {
        present.triggers.entry(name.clone()).or_insert_with(|| trigger.clone());
    }
    let is_renamed_index = |difference: &Difference| {
        let id = |name: &Name| Id::whole(ObjectType::Index, name);
        renames.indexes.iter().any(|(old, new)| match difference.kind {
            ChangeKind::Drop => difference.ids.contains(&id(old)),
            ChangeKind::Create => difference.ids.contains(&id(new)),
            ChangeKind::Alter | ChangeKind::Rename => false,
        })
    };
    let own = diff(&present, to).into_iter().filter(|it| !is_renamed_index(it));
    renames.differences().into_iter().chain(own).collect()
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
    let mut checks: Vec<Vec<String>> = vec![Vec::new(); differences.len()];
    for tightening in tightenings {
        if let Some(list) = whose.of_tightening(tightening).and_then(|at| checks.get_mut(at)) {
            list.push(tightening.query.clone());
        }
    }
    let change = |((difference, mut own), checks): ((Difference, Vec<&Step>), Vec<String>)| {
        if own.is_empty() {
            // It goes along with its table.
            own.extend(difference.ids.iter().filter_map(|id| takers.get(id)).flatten());
        }
        let sql: Vec<String> = own.into_iter().map(Step::sql).collect();
        Change { checks, sql: sql.join("\n"), ..Change::from(difference) }
    };
    differences.into_iter().zip(own).zip(checks).map(change).collect()
}

/// Which differences an id means, by their places in the list.
struct Whose<'a> {
    by_id: BTreeMap<&'a Id, Vec<usize>>,
    by_table: BTreeMap<&'a Name, Vec<usize>>,
    count: usize,
}

impl<'a> Whose<'a> {
    fn of(differences: &'a [Difference]) -> Self {
        let mut res =
            Self { by_id: BTreeMap::new(), by_table: BTreeMap::new(), count: differences.len() };
        for (at, difference) in differences.iter().enumerate() {
            for id in &difference.ids {
                res.by_id.entry(id).or_default().push(at);
                if let Some(table) = id.own_table().filter(|_| !id.is_rename) {
                    res.by_table.entry(table).or_default().push(at);
                }
            }
        }
        res
    }

    /// Finds the difference that a demand on rows comes of.
    fn of_tightening(&self, tightening: &Tightening) -> Option<usize> {
        let exact = tightening.ids.iter().find_map(|id| self.by_id.get(id));
        let near = || self.by_table.get(tightening.ids.last()?.own_table()?);
        exact.or_else(near)?.first().copied()
    }

    /// Finds the differences that a step makes; or those that it is done for; or else all.
    fn of_step(&self, step: &Step) -> BTreeSet<usize> {
        let exact = |ids: &[Id]| -> BTreeSet<usize> {
            ids.iter().filter_map(|id| self.by_id.get(id)).flatten().copied().collect()
        };
        let mut res = exact(&step.serves);
        if res.is_empty() {
            res = exact(&step.causes);
            let tables = step.causes.iter().filter(|id| !id.is_rename);
            let tables = tables.filter_map(|id| self.by_table.get(id.own_table()?));
            res.extend(tables.flatten());
        }
        if res.is_empty() { (0..self.count).collect() } else { res }
    }
}
