//! The steps that rename and move the objects that share their names: each name is free when it is
//! taken.

use crate::autogenerate::ddl::Transition;
use crate::autogenerate::ddl::postgres::names::{
    full, keyword, quoted, reference, schema, shown, word,
};
use crate::autogenerate::ddl::postgres::places::{Place, Places};
use crate::autogenerate::ddl::postgres::rename::{LONGEST, NAMED};
use crate::autogenerate::rename::is_value;
use crate::autogenerate::script::{Purpose, Step};
use crate::catalog::{Id, Kind, Name, Object};

/// An object that gets another name or schema: its id in the present catalog, and the new one.
struct Due {
    was: Id,
    new: Id,
}

/// Returns the steps, and notes where everything is after them.
pub(super) fn steps(places: &mut Places<'_>) -> Vec<Step> {
    let renames = places.way.renames;
    let moved: Vec<&(Id, Id)> =
        renames.all().filter(|(old, new)| old.schema != new.schema).collect();
    let mut res = new_schemas(&moved, places);
    let alone = moved.into_iter().filter(|(old, _)| !NAMED.contains(&old.kind));
    // Routines are named by their types.
    let (routines, rest): (Vec<_>, Vec<_>) = alone.partition(|(old, _)| is_routine(old.kind));
    res.extend(routines.into_iter().filter_map(|it| moved_alone(it, places)));
    let rest: Vec<Step> = rest.into_iter().filter_map(|it| moved_alone(it, places)).collect();
    res.extend(Mover { places }.all());
    res.extend(rest);
    for step in &mut res {
        step.purpose = Purpose::Rename;
    }
    res
}

fn is_routine(kind: Kind) -> bool {
    [Kind::Function, Kind::Procedure, Kind::Aggregate].contains(&kind)
}

/// Returns the step that moves an object whose name nothing else could have.
fn moved_alone((old, new): &(Id, Id), places: &Places<'_>) -> Option<Step> {
    let from = places.way.from;
    let mut object = from.get(&places.way.renames.place_before(old)?)?.clone();
    object.id = old.clone();
    Some(set_schema(&object, new, places))
}

/// Returns the step that gives an object, as it is named now, another schema.
fn set_schema(object: &Object, new: &Id, places: &Places<'_>) -> Step {
    let from = places.way.from;
    let target = schema(from, new);
    let sql = format!("ALTER {} SET SCHEMA {target}", reference(from, object));
    let title = format!("Move {} {} to schema {target}", word(object.id.kind), shown(&object.id));
    Step::new(new.clone(), title, vec![sql])
}

/// Gives objects their new places.
struct Mover<'p, 'a> {
    places: &'p mut Places<'a>,
}

impl Mover<'_, '_> {
    fn all(&mut self) -> Vec<Step> {
        let mut todo = self.due();
        let mut res = Vec::new();
        while !todo.is_empty() {
            if let Some(at) = todo.iter().position(|it| self.is_ready(it)) {
                let due = todo.remove(at);
                res.extend(self.put(&due));
                continue;
            }
            let held = |it: &Due| self.holder(&it.new).filter(|_| !self.waits(it));
            let Some(holder) = todo.iter().find_map(held) else { break };
            let own = todo.iter().find(|it| it.was == holder).map(|it| it.new.clone());
            res.extend(self.put_aside(&holder, own.as_ref()));
        }
        res.extend(self.give_back());
        res
    }

    /// Finds the objects whose place changes.
    fn due(&self) -> Vec<Due> {
        let is_named = |(old, _): &&(Id, Id)| NAMED.contains(&old.kind) && !is_value(old);
        let renames = self.places.way.renames;
        let due = |(old, new): &(Id, Id)| {
            let place = self.places.get(&renames.place_before(old)?)?;
            let is_there = place.now.schema == new.schema && place.now.name == new.name;
            (!is_there).then(|| Due { was: place.was.clone(), new: new.clone() })
        };
        renames.all().filter(is_named).filter_map(due).collect()
    }

    /// Tells whether something has to wait for the table with which it moves.
    fn waits(&self, due: &Due) -> bool {
        let place = self.places.get(&due.was);
        place.is_some_and(|it| it.table.is_some() && it.now.schema != due.new.schema)
    }

    fn holder(&self, new: &Id) -> Option<Id> {
        self.places.holder(new.schema.as_ref(), &new.name).map(|it| it.was.clone())
    }

    fn is_ready(&self, due: &Due) -> bool {
        !self.waits(due) && self.holder(&due.new).is_none()
    }

    /// Gives an object its new place, which is free.
    fn put(&mut self, Due { was, new }: &Due) -> Vec<Step> {
        let Some(now) = self.places.get(was).map(|it| it.now.clone()) else { return Vec::new() };
        let mut res = Vec::new();
        if now.schema != new.schema {
            let (before, after) = (now.schema.as_ref(), new.schema.as_ref());
            let is_free = |name: &&Name| {
                let is_own = **name == now.name;
                self.places.holder(after, name).is_none()
                    && (is_own || self.places.holder(before, name).is_none())
            };
            let name = [&now.name, &new.name].into_iter().find(is_free).cloned();
            let name = name.unwrap_or_else(|| self.places.aside([before, after], &now.name));
            res.extend(self.named(was, &name, new));
            res.extend(self.make_way(was, new));
            let object = Object::new(Id { name, ..now });
            res.push(set_schema(&object, new, self.places));
            self.places.follow(was, new.schema.as_ref());
        }
        res.extend(self.named(was, &new.name, new));
        res
    }

    /// Renames what has a name already in the schema to which a table moves: what is in the way, if it
    /// doesn't keep that name, or what the table brings along.
    fn make_way(&mut self, table: &Id, new: &Id) -> Vec<Step> {
        let parts = self.places.parts(table);
        let mut res = Vec::new();
        for was in parts {
            let Some(now) = self.places.get(&was).map(|it| it.now.clone()) else { continue };
            let Some(holder) = self.places.holder(new.schema.as_ref(), &now.name) else { continue };
            if self.places.keeps(holder) {
                let name = self.places.aside([now.schema.as_ref(), new.schema.as_ref()], &now.name);
                res.extend(self.named(&was, &name, new));
            } else {
                let holder = holder.was.clone();
                res.extend(self.put_aside(&holder, Some(new)));
            }
        }
        res
    }

    /// Gives an object a name under which it is in nobody's way; that serves what is to be there then.
    fn put_aside(&mut self, was: &Id, serves: Option<&Id>) -> Option<Step> {
        let now = self.places.get(was)?.now.clone();
        let name = self.places.aside([now.schema.as_ref(); 2], &now.name);
        let own = Id { name: name.clone(), ..now };
        self.named(was, &name, serves.unwrap_or(&own))
    }

    /// Returns the step that renames an object within its schema.
    fn named(&mut self, was: &Id, name: &Name, serves: &Id) -> Option<Step> {
        let from = self.places.way.from;
        let now = self.places.get(was)?.now.clone();
        if now.name == *name {
            return None;
        }
        // A constraint has the name of its index.
        let is_key = now.owner.is_some();
        let kind = if is_key { Kind::Index } else { now.kind };
        let it = Id { kind, owner: None, ..now };
        let (before, after) = (full(from, &it), quoted(name.as_str()));
        let sql = format!("ALTER {} {before} RENAME TO {after}", keyword(kind));
        let title = format!("Rename {} {} to {name}", word(kind), shown(&it));
        self.places.rename(was, name);
        let step = Step::new(serves.clone(), title, vec![sql]);
        Some(Step { purpose: Purpose::Rename, ..step })
    }

    /// Gives what has a name that nothing else tells, as the sequence of an identity, its name back, or one
    /// after its table.
    fn give_back(&mut self) -> Vec<Step> {
        let is_aside = |it: &&Place| it.is_unnamed && it.now.name != it.was.name;
        let aside: Vec<(Id, Option<Id>)> = self
            .places
            .list
            .iter()
            .filter(is_aside)
            .map(|it| (it.was.clone(), it.table.clone()))
            .collect();
        let mut res = Vec::new();
        for (was, table) in aside {
            let Some(table) = table else { continue };
            let Some(new) = self.places.at_last(&table) else { continue };
            let rest = was.name.as_str().strip_prefix(table.name.as_str());
            let other = rest.map(|rest| Name::exact(format!("{}{rest}", new.name)));
            let names = [Some(was.name.clone()), other].into_iter().flatten();
            let is_free = |name: &Name| {
                name.as_str().len() <= LONGEST
                    && self.places.holder(new.schema.as_ref(), name).is_none()
            };
            if let Some(name) = names.into_iter().find(is_free) {
                res.extend(self.named(&was, &name, &new));
            }
        }
        res
    }
}

/// Returns the steps that make the schemas which aren't there yet.
fn new_schemas(moved: &[&(Id, Id)], places: &Places<'_>) -> Vec<Step> {
    let Transition { from, renames, .. } = *places.way;
    let mut res: Vec<Step> = Vec::new();
    for name in moved.iter().filter_map(|(_, new)| new.schema.as_ref()) {
        let id = Id::new(Kind::Schema, name);
        let is_there = renames.before(&id).is_some_and(|it| from.holds(&it));
        if !is_there && res.iter().all(|it| !it.serves.contains(&id)) {
            let sql = format!("CREATE SCHEMA {}", quoted(name.as_str()));
            res.push(Step::new(id, format!("Create schema {name}"), vec![sql]));
        }
    }
    res
}
