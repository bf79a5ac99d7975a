//! From what goes, or is changed, to what hangs on it.

use crate::autogenerate::ddl::Effort;
use crate::autogenerate::ddl::postgres::names::is_constraint;
use crate::autogenerate::ddl::postgres::plan::Sides;
use crate::autogenerate::ddl::postgres::plan::fates::Fates;
use crate::autogenerate::ddl::postgres::plan::rules::{Alter, cast};
use crate::autogenerate::ddl::postgres::plan::special::is_partition_key;
use crate::catalog::{EXPRESSION, Id, Kind, Object, TYPE};
use crate::inspect::postgres::attributes::{DEFINITION, GENERATED};

/// The way from what goes, or is changed, to what hangs on it.
pub(super) struct Spread<'f, 'a> {
    fates: &'f mut Fates<'a>,
    sides: &'f Sides<'a>,
    /// The objects that are still to be looked at, each with the difference that causes it.
    todo: Vec<(&'a Id, &'a Id)>,
}

impl<'f, 'a> Spread<'f, 'a> {
    pub(super) fn new(fates: &'f mut Fates<'a>, sides: &'f Sides<'a>) -> Self {
        let aside = fates.alters.iter().filter(|(_, alter)| alter.is_aside).map(|(id, _)| *id);
        let roots = fates.dropped.iter().copied().chain(aside).chain(fates.swaps.iter().copied());
        let todo = roots.map(|id| (id, id)).collect();
        Self { fates, sides, todo }
    }

    pub(super) fn run(&mut self) {
        while let Some((id, root)) = self.todo.pop() {
            for user in self.fates.users.get(id).cloned().unwrap_or_default() {
                if !self.fates.dropped.contains(user) {
                    self.reach(id, user, root);
                }
            }
        }
    }

    fn reach(&mut self, id: &'a Id, user: &'a Id, root: &'a Id) {
        let (Some(old), Some(new)) = (self.sides.from.get(user), self.sides.to.get(user)) else {
            return;
        };
        if self.fates.swaps.contains(user) && !new.needs.contains(id) {
            // The type that takes the user's place doesn't need the dropped object any more.
            return;
        }
        if self.fates.swaps.contains(id) && is_of_type(old) {
            self.change_type(user, old, root);
        } else if !self.stays(id, old, new) {
            self.fates.make_anew(user);
            self.fates.causes.insert(user, root);
            self.todo.push((user, root));
        }
    }

    /// Gives something the type that takes the place of its own.
    fn change_type(&mut self, user: &'a Id, old: &'a Object, root: &'a Id) {
        if user.kind == Kind::Column && is_partition_key(old, self.sides.from) {
            let table = old.parent.as_ref().filter(|it| self.sides.to.holds(it));
            if let Some(table) = table.filter(|it| !self.fates.dropped.contains(*it)) {
                self.fates.make_anew(table);
                self.fates.causes.insert(table, root);
                self.todo.push((table, root));
            }
            return;
        }
        if user.kind != Kind::Column {
            if !self.fates.swaps.insert(user) {
                return;
            }
            self.fates.alters.remove(user);
        } else if let Some(alter) = self.fates.alters.get_mut(user) {
            if alter.is_aside {
                return;
            }
            alter.is_aside = true;
        } else {
            self.fates.alters.insert(user, Alter { is_aside: true, ..Alter::default() });
        }
        self.fates.causes.entry(user).or_insert(root);
        self.todo.push((user, root));
    }

    /// Tells whether a column gets a type that can't be compared with the one before.
    fn is_far(&self, column: &Id) -> bool {
        let (Some(old), Some(new)) = (self.sides.from.get(column), self.sides.to.get(column))
        else {
            return true;
        };
        let is_swapped = old.needs.iter().any(|it| self.fates.swaps.contains(it));
        is_swapped || cast(old.written(TYPE), new.written(TYPE)).needs_using
    }

    /// Tells whether something stays though what it needs goes, or changes.
    fn stays(&self, id: &Id, user: &Object, new: &Object) -> bool {
        let fates = &self.fates;
        let (kind, effort) = (user.id.kind, self.sides.how.effort);
        let goes = fates.dropped.contains(id);
        let is_aside = !goes && fates.alters.get(id).is_some_and(|it| it.is_aside);
        let follows =
            is_constraint(kind) || [Kind::Index, Kind::Statistics, Kind::Default].contains(&kind);
        let is_expression = kind == Kind::Check
            || user.says(EXPRESSION)
            || (kind == Kind::Index && user.written(DEFINITION).contains(" WHERE "));
        if is_aside && kind == Kind::ForeignKey {
            return effort == Effort::Small && !self.is_far(id);
        }
        if is_aside && follows {
            return kind == Kind::Default || !is_expression || effort == Effort::Small;
        }
        match (kind, id.kind) {
            (Kind::Table, other) if other != Kind::Table => return true,
            (Kind::Column, Kind::Table) => return !goes,
            (Kind::Sequence, _) if is_aside => return true,
            (Kind::Column, _) if !user.says(GENERATED) && id.kind != Kind::Column => {
                // Its type changes by itself.
                return fates.alters.contains_key(&user.id) || !fates.created.contains(id);
            }
            (Kind::Default, Kind::Column) if !goes => return true,
            _ => {}
        }
        // What is replaced can let go of what it needed.
        effort == Effort::Small
            && fates.alters.contains_key(&user.id)
            && !new.needs.contains(id)
            && fates.dropped.contains(id)
    }
}

/// Tells whether something has a type, so that it can get another one in its place.
fn is_of_type(user: &Object) -> bool {
    let kind = user.id.kind;
    (kind == Kind::Column && !user.says(GENERATED))
        || [Kind::Domain, Kind::Composite, Kind::Range].contains(&kind)
}
