//! Views and triggers: which are dropped before tables change, and the order in which they are
//! created again.

use std::collections::{BTreeMap, BTreeSet};

use crate::autogenerate::ddl::Effort;
use crate::autogenerate::ddl::sqlite::drop_step;
use crate::autogenerate::ddl::sqlite::text::made_by;
use crate::autogenerate::script::Step;
use crate::catalog::{Catalog, Id, Kind, Object};

/// The views and triggers that are dropped, and those that are created.
pub(super) struct Dependents<'a> {
    from: &'a Catalog,
    to: &'a Catalog,
    dropped: BTreeSet<Id>,
    /// The triggers that are dropped with their table.
    gone: BTreeSet<Id>,
    /// The causes of dropping a view or a trigger: a table that is dropped or rebuilt, a view that
    /// changes.
    causes: BTreeMap<Id, BTreeSet<Id>>,
}

impl<'a> Dependents<'a> {
    /// Finds the dependents of tables that are dropped or rebuilt.
    pub(super) fn find(
        from: &'a Catalog,
        to: &'a Catalog,
        tables: &BTreeSet<Id>,
        effort: Effort,
    ) -> Self {
        let all = effort == Effort::Everything;
        let changed = from.of_kind(Kind::View).filter(|it| all || to.get(&it.id) != Some(it));
        let mut roots = tables.clone();
        roots.extend(changed.map(|it| it.id.clone()));
        let causes = from.reach(&roots, &[Kind::View, Kind::Trigger]);
        // What is known of triggers is looked at one by one, for those of tables that go need no DROP.
        let views = roots.iter().chain(causes.keys()).filter(|id| id.kind == Kind::View);
        let dropped: BTreeSet<Id> = views.cloned().collect();
        let mut res = Self { from, to, dropped, gone: BTreeSet::new(), causes };
        for trigger in from.of_kind(Kind::Trigger) {
            res.add_trigger(trigger, tables, all);
        }
        res
    }

    fn add_trigger(&mut self, trigger: &Object, tables: &BTreeSet<Id>, all: bool) {
        let goes = |id: &Id| tables.contains(id) || self.dropped.contains(id);
        let target = trigger.parent.as_ref();
        if target.is_some_and(|it| self.dropped.contains(it)) {
            self.gone.insert(trigger.id.clone());
            return;
        }
        // The table that it is on may go later than what it names.
        let is_reached = trigger.needs.iter().any(|id| Some(id) != target && goes(id));
        let is_on_dropped = !target.is_some_and(|it| self.to.holds(it));
        let is_changed = self.to.get(&trigger.id) != Some(trigger) && !is_on_dropped;
        if all || is_changed || is_reached {
            self.dropped.insert(trigger.id.clone());
        } else if target.is_some_and(|it| tables.contains(it)) {
            self.gone.insert(trigger.id.clone());
        }
    }

    /// Returns a step that drops or creates something, with its causes.
    fn because(&self, id: &Id, step: Step) -> Step {
        let causes = self.causes.get(id).into_iter().flatten().cloned().collect();
        Step { causes, ..step }
    }

    /// Returns the dropping steps: triggers, then views, dependents first.
    pub(super) fn drops(&self) -> Vec<Step> {
        let triggers = self.from.of_kind(Kind::Trigger).map(|it| it.id.clone());
        let views = self.from.in_order(Kind::View).into_iter().rev();
        let dropped = triggers.chain(views).filter(|id| self.dropped.contains(id));
        let step = |id: Id| {
            let why = match self.to.get(&id) {
                None => "",
                new if new == self.from.get(&id) => ": it comes back below",
                Some(_) => ": it is made anew below",
            };
            let step = drop_step(&id, format!("Drop {} {}{why}", id.kind, id.name));
            self.because(&id, Step { takes: self.from.with(&id), ..step })
        };
        dropped.map(step).collect()
    }

    /// Returns the creating steps: views, each after those that it uses, then triggers.
    pub(super) fn creates(&self) -> Vec<Step> {
        let is_left =
            |id: &Id| self.from.holds(id) && !self.dropped.contains(id) && !self.gone.contains(id);
        let views = self.to.in_order(Kind::View);
        let views = views.iter().filter_map(|id| self.to.get(id));
        let made = views.chain(self.to.of_kind(Kind::Trigger)).filter(|it| !is_left(&it.id));
        let step = |it: &Object| {
            let Id { kind, name, .. } = &it.id;
            let back = self.from.get(&it.id) == Some(it);
            let title = if back {
                format!("Put {kind} {name} back")
            } else {
                format!("Create {kind} {name}")
            };
            self.because(&it.id, Step::new(it.id.clone(), title, vec![made_by(it.statement())]))
        };
        made.map(step).collect()
    }
}
