//! The edges of the graph: which action has to come before which.

use std::collections::{BTreeMap, BTreeSet};

use crate::autogenerate::ddl::postgres::plan::Sides;
use crate::autogenerate::ddl::postgres::plan::actions::{
    Action, Actions, Verb, identity_of, relation,
};
use crate::autogenerate::ddl::postgres::plan::fates::Fates;
use crate::autogenerate::ddl::postgres::plan::special;
use crate::autogenerate::ddl::postgres::write::not_null::is_kept;
use crate::autogenerate::ddl::postgres::write::table::{table_of, twins};
use crate::catalog::{Catalog, Id, Kind, Name, Object};
use crate::inspect::postgres::attributes::{BOUND, IDENTITY, NO_INHERIT};

/// Finds the pairs of actions of which the first has to come before the second.
pub(super) fn edges(
    actions: &Actions<'_>,
    sides: &Sides<'_>,
    fates: &Fates<'_>,
) -> BTreeSet<(usize, usize)> {
    let mut along: BTreeMap<usize, Vec<&Id>> = BTreeMap::new();
    for id in fates.silent.keys() {
        if let Some(at) = actions.killer(id, fates) {
            along.entry(at).or_default().push(id);
        }
    }
    let mut res = Edges { actions, sides, fates, along, set: BTreeSet::new() };
    for (at, action) in actions.list.iter().enumerate() {
        match action.verb {
            Verb::Drop => res.of_drop(at, action),
            Verb::Alter => {
                res.of_needs(at, action);
                res.of_alter(at, action);
            }
            Verb::Finish => res.of_finish(at, action),
            Verb::Create | Verb::Secure | Verb::Later | Verb::Refresh => res.of_needs(at, action),
        }
    }
    res.of_names();
    res.of_partitions();
    res.set
}

struct Edges<'e, 'a> {
    actions: &'e Actions<'a>,
    sides: &'e Sides<'a>,
    fates: &'e Fates<'a>,
    /// For each drop, what goes along with it.
    along: BTreeMap<usize, Vec<&'e Id>>,
    set: BTreeSet<(usize, usize)>,
}

impl Edges<'_, '_> {
    fn add(&mut self, one: Option<usize>, other: Option<usize>) {
        if let (Some(one), Some(other)) = (one, other)
            && one != other
        {
            self.set.insert((one, other));
        }
    }

    /// Puts an object that is made or altered behind everything that it needs then.
    fn of_needs(&mut self, at: usize, action: &Action<'_>) {
        let id = &action.object.id;
        let Some(object) = self.sides.to.get(id) else { return };
        let mut needs: Vec<&Id> = self.actions.folds.needs(object).collect();
        match (action.verb, id.kind) {
            (Verb::Later, Kind::Table) => {
                needs.extend(identity_of(object, self.sides.to).map(|it| &it.id));
            }
            (Verb::Refresh, _) => needs = through_views(&needs, self.sides.to),
            (Verb::Later, Kind::Sequence) => needs.extend(object.parent.as_ref()),
            _ => {}
        }
        // What has rows of a view comes after the view has them.
        let other = if action.verb == Verb::Refresh { Verb::Refresh } else { Verb::Alter };
        let at_other = |id: &Id| self.actions.at(other, id);
        let befores: Vec<Option<usize>> =
            needs.iter().flat_map(|need| [self.actions.maker(need), at_other(need)]).collect();
        for before in befores {
            self.add(before, Some(at));
        }
        if action.verb != Verb::Create {
            self.add(self.actions.at(Verb::Create, id), Some(at));
            if action.verb != Verb::Alter {
                self.add(self.actions.at(Verb::Alter, id), Some(at));
            }
        } else if self.sides.from.holds(id) {
            self.add(self.actions.killer(id, self.fates), Some(at));
        }
        for part in self.actions.folds.parts(id) {
            if action.verb == Verb::Create && self.sides.from.holds(&part.id) {
                self.add(self.actions.killer(&part.id, self.fates), Some(at));
            }
        }
    }

    fn users(&self, id: &Id) -> Vec<Id> {
        self.fates.users.get(id).into_iter().flatten().map(|it| (*it).clone()).collect()
    }

    /// Puts a drop behind those of everything that needs the object, or what goes along.
    fn of_drop(&mut self, at: usize, action: &Action<'_>) {
        let along = self.along.get(&at).into_iter().flatten().copied();
        let all: Vec<&Id> = along.chain([&action.object.id]).collect();
        let users: Vec<Id> = all.into_iter().flat_map(|id| self.users(id)).collect();
        if action.object.id.kind == Kind::Column
            && let Some(table) = &action.object.parent
        {
            // A column that a table has of a parent goes once it has left it.
            self.add(self.actions.at(Verb::Alter, table), Some(at));
        }
        for key in special::keys_to(action.object, self.sides.from) {
            self.add(self.actions.killer(&key.id, self.fates), Some(at));
        }
        for user in users {
            if !self.follows(&user, &action.object.id) {
                self.add(self.actions.killer(&user, self.fates), Some(at));
            }
            self.add(self.actions.at(Verb::Alter, &user), Some(at));
            self.add(self.actions.at(Verb::Finish, &user), Some(at));
        }
    }

    /// Tells whether something goes with any of several columns, of which one is dropped.
    fn follows(&self, user: &Id, column: &Id) -> bool {
        let with = self.fates.silent.get(user).filter(|_| user.kind != Kind::ForeignKey);
        with.is_some_and(|with| {
            let is_column = with.kind == Kind::Column && column.kind == Kind::Column;
            is_column && with.owner == column.owner && with.schema == column.schema
        })
    }

    /// Lets users of an object that changes go before, and come back after it.
    fn of_alter(&mut self, at: usize, action: &Action<'_>) {
        let id = &action.object.id;
        let is_aside = self.fates.alters.get(id).is_some_and(|it| it.is_aside);
        if is_aside || self.fates.swaps.contains(id) {
            let mut users = self.users(id);
            if self.fates.swaps.contains(id) {
                // What hangs on the columns whose type it is hangs on it.
                let columns = users.iter().filter(|it| it.kind == Kind::Column);
                let more: Vec<Id> = columns.flat_map(|it| self.users(it)).collect();
                users.extend(more);
            }
            for user in users {
                self.add(self.actions.killer(&user, self.fates), Some(at));
                if self.fates.created.contains(&user) {
                    self.add(Some(at), self.actions.maker(&user));
                }
            }
        }
        if id.kind == Kind::Column {
            self.of_column(at, id);
        } else if id.kind == Kind::Sequence {
            // The sequence would go along with the column that owned it.
            let old = self.sides.from.get(id).and_then(|it| it.parent.clone());
            let killer = old.and_then(|it| self.actions.killer(&it, self.fates));
            self.add(Some(at), killer);
        }
    }

    /// An old type goes once nothing has it any more.
    fn of_finish(&mut self, at: usize, action: &Action<'_>) {
        let id = &action.object.id;
        for user in self.users(id).iter().chain([id]) {
            self.add(self.actions.at(Verb::Alter, user), Some(at));
            if user != id {
                self.add(self.actions.at(Verb::Finish, user), Some(at));
            }
        }
    }

    fn of_column(&mut self, at: usize, id: &Id) {
        let default = Id { kind: Kind::Default, ..id.clone() };
        self.add(self.actions.at(Verb::Drop, &default), Some(at));
        self.add(Some(at), self.actions.at(Verb::Create, &default));
        self.add(Some(at), self.actions.at(Verb::Alter, &default));
        // A key refuses NULL, and a sequence can have the name of an identity's.
        for key in self.users(id).iter().filter(|it| it.kind == Kind::PrimaryKey) {
            self.add(self.actions.at(Verb::Drop, key), Some(at));
        }
        self.of_fill(at, id);
        self.of_heir(at, id);
        let owner = id.owner.as_ref().map_or("", Name::as_str);
        let name = Name::exact(format!("{owner}_{}_seq", id.name));
        let sequence = Id { schema: id.schema.clone(), ..Id::new(Kind::Sequence, &name) };
        let has = |catalog: &Catalog| catalog.get(id).is_some_and(|it| it.says(IDENTITY));
        if has(self.sides.from) {
            self.add(Some(at), self.actions.at(Verb::Create, &sequence));
        }
        if has(self.sides.to) {
            self.add(self.actions.at(Verb::Drop, &sequence), Some(at));
            // No partition can have an identity of its own.
            let table = self.sides.to.get(id).and_then(|it| it.parent.as_ref());
            let left = table.and_then(|it| self.actions.at(Verb::Alter, it));
            self.add(left.filter(|_| !has(self.sides.from)), Some(at));
        }
    }

    /// Puts a column that gets its default in place of NULL behind what the default needs.
    fn of_fill(&mut self, at: usize, id: &Id) {
        let default = Id { kind: Kind::Default, ..id.clone() };
        let refuses = |catalog: &Catalog| catalog.get(id).is_some_and(is_kept);
        if refuses(self.sides.from) || !refuses(self.sides.to) {
            return;
        }
        let needs = self.sides.to.get(&default).map(|it| it.needs.clone()).unwrap_or_default();
        for need in needs.iter().filter(|it| *it != id) {
            self.add(self.actions.maker(need), Some(at));
        }
    }

    /// Lets a column follow that of a parent table whose constraint is for it, too, or isn't any more.
    fn of_heir(&mut self, at: usize, id: &Id) {
        let Some(table) = table_of(id, self.sides.to) else { return };
        for twin in twins(id, table, self.sides.to) {
            let old = self.sides.from.get(&twin.id);
            if old.is_some_and(|old| old.says(NO_INHERIT) != twin.says(NO_INHERIT)) {
                self.add(self.actions.at(Verb::Alter, &twin.id), Some(at));
            }
        }
    }

    /// A foreign key that refers to a partitioned table can need the rows of each partition.
    fn of_partitions(&mut self) {
        let mut pairs = Vec::new();
        for action in self.actions.list.iter().filter(|it| it.object.id.kind == Kind::Table) {
            let id = &action.object.id;
            let (Some(old), Some(new)) = (self.sides.from.get(id), self.sides.to.get(id)) else {
                continue;
            };
            let (leaves, comes) =
                (self.actions.at(Verb::Alter, id), self.actions.at(Verb::Later, id));
            // The server would take what goes for a part of the parent's.
            let own = self.fates.dropped.iter().filter_map(|it| self.sides.from.get(it));
            for part in own.filter(|it| it.parent.as_ref() == Some(id) && new.says(BOUND)) {
                pairs.push((self.actions.at(Verb::Drop, &part.id), comes));
            }
            for key in special::keys_to(old, self.sides.from) {
                pairs.push((self.actions.at(Verb::Drop, &key.id), leaves));
            }
            for key in special::keys_to(new, self.sides.to) {
                pairs.push((comes, self.actions.at(Verb::Create, &key.id)));
            }
        }
        for (one, other) in pairs {
            self.add(one, other);
        }
    }

    /// A name is free before something else takes it.
    fn of_names(&mut self) {
        let mut free: BTreeMap<(String, String), usize> = BTreeMap::new();
        for id in &self.fates.dropped {
            let name = self.sides.from.get(id).and_then(|it| relation(self.sides.from, it));
            let killer = self.actions.killer(id, self.fates);
            free.extend(name.zip(killer));
        }
        let mut pairs = Vec::new();
        for (at, action) in self.actions.list.iter().enumerate() {
            if action.verb == Verb::Create {
                let parts = self.actions.folds.parts(&action.object.id);
                let all = parts.iter().copied().chain([action.object]);
                let name = |it: &Object| relation(self.sides.to, it);
                let killers = all.filter_map(name).filter_map(|it| free.get(&it).copied());
                pairs.extend(killers.map(|killer| (killer, at)));
            }
        }
        for (killer, at) in pairs {
            self.add(Some(killer), Some(at));
        }
    }
}

/// Adds to needs those of the views among them.
fn through_views<'a>(needs: &[&'a Id], catalog: &'a Catalog) -> Vec<&'a Id> {
    let mut res: Vec<&Id> = Vec::new();
    let mut todo = needs.to_vec();
    while let Some(id) = todo.pop() {
        if !res.contains(&id) {
            res.push(id);
            let view = catalog.get(id).filter(|it| it.id.kind == Kind::View);
            todo.extend(view.into_iter().flat_map(|it| &it.needs));
        }
    }
    res
}
