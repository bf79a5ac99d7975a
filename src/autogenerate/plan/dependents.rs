//! Views and triggers: which have to go before tables change, and in which order they come back.

use std::collections::{BTreeMap, BTreeSet};

use crate::autogenerate::plan::Effort;
use crate::autogenerate::script::Step;
use crate::autogenerate::text::made_by;
use crate::schema::{Id, Name, ObjectType, Schema, identifier, sorted, words};

/// The views and triggers that are dropped, and those that are made.
pub(super) struct Dependents<'a> {
    from: &'a Schema,
    to: &'a Schema,
    dropped_views: BTreeSet<Name>,
    dropped_triggers: BTreeSet<Name>,
    /// Those that go with what they are on.
    gone_triggers: BTreeSet<Name>,
    /// For whose sake a view or a trigger goes: a table that goes or is made anew, a view that changes.
    causes: BTreeMap<Id, BTreeSet<Id>>,
}

/// Names a view.
fn view(name: &Name) -> Id {
    Id::whole(ObjectType::View, name)
}

/// Names a trigger.
fn trigger(name: &Name) -> Id {
    Id::whole(ObjectType::Trigger, name)
}

impl<'a> Dependents<'a> {
    /// Finds what hangs on tables that go or are made anew.
    pub(super) fn find(
        from: &'a Schema,
        to: &'a Schema,
        gone: &BTreeSet<Name>,
        effort: Effort,
    ) -> Self {
        let mut res = Self {
            from,
            to,
            dropped_views: BTreeSet::new(),
            dropped_triggers: BTreeSet::new(),
            gone_triggers: BTreeSet::new(),
            causes: BTreeMap::new(),
        };
        let all = effort == Effort::Everything;
        let changed =
            from.views.iter().filter(|(name, view)| all || to.views.get(*name) != Some(view));
        res.dropped_views = changed.map(|(name, _)| name.clone()).collect();
        res.reach_views(gone);
        res.reach_triggers(gone, all);
        res
    }

    /// Adds the views that name what goes, and those that name such views.
    fn reach_views(&mut self, gone: &BTreeSet<Name>) {
        let mut users: BTreeMap<Name, Vec<&Name>> = BTreeMap::new();
        let roots = gone.iter().map(|name| (name.clone(), Id::table(name)));
        let roots = roots.chain(self.dropped_views.iter().map(|name| (name.clone(), view(name))));
        let mut todo: Vec<(Name, Id)> = roots.collect();
        if todo.is_empty() {
            return;
        }
        for (name, view) in &self.from.views {
            for word in words(&view.sql) {
                users.entry(word).or_default().push(name);
            }
        }
        while let Some((name, root)) = todo.pop() {
            for user in users.get(&name).into_iter().flatten() {
                self.dropped_views.insert((*user).clone());
                if self.causes.entry(view(user)).or_default().insert(root.clone()) {
                    todo.push(((*user).clone(), root.clone()));
                }
            }
        }
    }

    fn reach_triggers(&mut self, gone: &BTreeSet<Name>, all: bool) {
        for (name, trigger) in &self.from.triggers {
            let new = self.to.triggers.get(name);
            self.blame(name, &trigger.target, gone);
            if self.dropped_views.contains(&trigger.target) {
                self.gone_triggers.insert(name.clone());
                continue;
            }
            // The table that it is on may go later than what it names.
            let names = |word: &Name| {
                *word != trigger.target
                    && (gone.contains(word) || self.dropped_views.contains(word))
            };
            let is_on_dropped = !self.to.tables.contains_key(&trigger.target);
            let is_changed = new != Some(trigger) && !is_on_dropped;
            let reached: Vec<Name> = words(&trigger.sql).into_iter().filter(names).collect();
            for other in &reached {
                self.blame(name, other, gone);
            }
            if all || is_changed || !reached.is_empty() {
                self.dropped_triggers.insert(name.clone());
            } else if gone.contains(&trigger.target) {
                self.gone_triggers.insert(name.clone());
            }
        }
    }

    /// Notes that a trigger may go for the sake of a table or a view.
    fn blame(&mut self, name: &Name, other: &Name, gone: &BTreeSet<Name>) {
        let mut roots: BTreeSet<Id> = BTreeSet::new();
        roots.extend(gone.contains(other).then(|| Id::table(other)));
        if self.dropped_views.contains(other) {
            roots.insert(view(other));
            roots.extend(self.causes.get(&view(other)).into_iter().flatten().cloned());
        }
        self.causes.entry(trigger(name)).or_default().extend(roots);
    }

    /// Returns the step that drops or makes something, with what it is done for.
    fn step(&self, id: Id, title: String, sql: String) -> Step {
        let causes = self.causes.get(&id).into_iter().flatten().cloned().collect();
        let takes =
            if id.object_type == ObjectType::View { self.from.with(&id.name) } else { Vec::new() };
        Step { causes, takes, ..Step::new(id, title, vec![sql]) }
    }

    /// Returns the steps that drop: triggers, then views, those that use others first.
    pub(super) fn drops(&self) -> Vec<Step> {
        let step = |id: Id, (comes_back, is_same): (bool, bool)| {
            let (kind, name) = (id.object_type, id.name.clone());
            let why = match (comes_back, is_same) {
                (false, _) => "",
                (true, true) => ": it comes back below",
                (true, false) => ": it is made anew below",
            };
            let sql = format!("DROP {} {}", kind.as_str().to_ascii_uppercase(), identifier(&name));
            self.step(id, format!("Drop {kind} {name}{why}"), sql)
        };
        let drop_trigger = |name: &Name| {
            let (old, new) = (self.from.triggers.get(name), self.to.triggers.get(name));
            step(trigger(name), (new.is_some(), old == new))
        };
        let drop_view = |name: &Name| {
            let (old, new) = (self.from.views.get(name), self.to.views.get(name));
            step(view(name), (new.is_some(), old == new))
        };
        let mut res: Vec<Step> = self.dropped_triggers.iter().map(drop_trigger).collect();
        let views = sorted(&self.from.view_needs());
        let views = views.iter().rev().filter(|name| self.dropped_views.contains(*name));
        res.extend(views.map(drop_view));
        res
    }

    /// Returns the steps that make: views, each after those that it uses, then triggers.
    pub(super) fn creates(&self) -> Vec<Step> {
        let mut res = Vec::new();
        for name in sorted(&self.to.view_needs()) {
            let is_there =
                self.from.views.contains_key(&name) && !self.dropped_views.contains(&name);
            if let Some(view) = self.to.views.get(&name).filter(|_| !is_there) {
                let back = self.from.views.get(&name) == Some(view);
                res.push(self.created(Id::whole(ObjectType::View, &name), &view.sql, back));
            }
        }
        for (name, trigger) in &self.to.triggers {
            let is_there = self.from.triggers.contains_key(name)
                && !self.dropped_triggers.contains(name)
                && !self.gone_triggers.contains(name);
            if !is_there {
                let back = self.from.triggers.get(name) == Some(trigger);
                res.push(self.created(Id::whole(ObjectType::Trigger, name), &trigger.sql, back));
            }
        }
        res
    }

    fn created(&self, id: Id, sql: &str, back: bool) -> Step {
        let (kind, name) = (id.object_type, &id.name);
        let title =
            if back { format!("Put {kind} {name} back") } else { format!("Create {kind} {name}") };
        Step { takes: Vec::new(), ..self.step(id, title, made_by(sql)) }
    }
}
