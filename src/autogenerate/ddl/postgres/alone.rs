//! The renames of objects that share their names with few others: routines with arguments alike, and the
//! constraints, triggers, rules and policies of one table.

use std::collections::BTreeSet;

use crate::autogenerate::ddl::moves::{Move, sequence};
use crate::autogenerate::ddl::postgres::names::{
    CONSTRAINTS, is_constraint, owner, quoted, reference, shown, word,
};
use crate::autogenerate::ddl::postgres::places::Places;
use crate::autogenerate::ddl::postgres::rename::in_the_way;
use crate::autogenerate::script::{Purpose, Step};
use crate::catalog::{Catalog, Id, Kind, Name, Object};
use crate::inspect::postgres::attributes::NAME;

const ROUTINES: [Kind; 3] = [Kind::Function, Kind::Procedure, Kind::Aggregate];

/// Returns the steps of some renames, those together whose objects share their names.
pub(super) fn steps(pairs: &[&(Id, Id)], places: &Places<'_>) -> Vec<Step> {
    let mut spaces: Vec<Id> = Vec::new();
    for (_, new) in pairs {
        let space = space_of(new);
        if !spaces.contains(&space) {
            spaces.push(space);
        }
    }
    let steps = |space: &Id| {
        let is_own = |pair: &&&(Id, Id)| space_of(&pair.1) == *space;
        let own: Vec<&(Id, Id)> = pairs.iter().filter(is_own).copied().collect();
        Space { id: space, pairs: &own, places }.steps()
    };
    spaces.iter().flat_map(steps).collect()
}

/// Returns what is alike in the ids of objects that share their names: the name is that of none.
fn space_of(id: &Id) -> Id {
    let kind = if ROUTINES.contains(&id.kind) {
        Kind::Function
    } else if is_constraint(id.kind) {
        Kind::Check
    } else {
        id.kind
    };
    Id { kind, name: Name::exact(arguments(id)), ..id.clone() }
}

/// Returns the arguments in the name of a routine.
fn arguments(id: &Id) -> String {
    let rest = id.name.as_str().split_once('(').filter(|_| ROUTINES.contains(&id.kind));
    rest.map(|(_, rest)| format!("({rest}")).unwrap_or_default()
}

/// Returns the name of an object without the arguments of a routine.
fn bare(id: &Id) -> Name {
    let name = id.name.as_str();
    Name::exact(name.strip_suffix(&arguments(id)).unwrap_or(name))
}

/// The objects that share their names.
struct Space<'s, 'a> {
    id: &'s Id,
    pairs: &'s [&'s (Id, Id)],
    places: &'s Places<'a>,
}

impl Space<'_, '_> {
    fn steps(&self) -> Vec<Step> {
        let mut members = self.members();
        let there: BTreeSet<Name> = members.iter().map(|(_, it)| bare(&it.id)).collect();
        let renamed = |(was, object): &(Id, Object)| {
            let new = self.pair_of(was).map(|(_, new)| bare(new));
            let new = new.filter(|new| *new != bare(&object.id));
            new.map(|new| (bare(&object.id), new))
        };
        let mut pairs: Vec<(Name, Name)> = members.iter().filter_map(renamed).collect();
        pairs.extend(in_the_way(&pairs, &there));
        // The index of a key has its name among the relations.
        let aside = |name: &Name| self.places.aside([self.id.schema.as_ref(); 2], name);
        let mut res = Vec::new();
        for Move { old, new, meant } in sequence(&pairs, there, aside) {
            let is_it = |(_, it): &&mut (Id, Object)| bare(&it.id) == old;
            let Some((_, object)) = members.iter_mut().find(is_it) else { continue };
            res.push(step(object, &new, &meant, self.places.way.from));
            object.id.name = whole(&object.id, &new);
            object.aside.insert(NAME, new.to_string());
        }
        res
    }

    fn pair_of(&self, was: &Id) -> Option<&(Id, Id)> {
        let renames = self.places.way.renames;
        let is_it = |(old, _): &&&(Id, Id)| renames.place_before(old).as_ref() == Some(was);
        self.pairs.iter().find(is_it).copied()
    }

    /// Finds the objects: their ids in the present catalog, and as they are where all has moved.
    fn members(&self) -> Vec<(Id, Object)> {
        let (from, renames) = (self.places.way.from, self.places.way.renames);
        let before = renames.place_before(self.id).as_ref().map(space_of);
        let is_own = |was: &Id| {
            let stays = |it: Id| it.schema == self.id.schema;
            before.as_ref() == Some(&space_of(was)) && self.places.at_last(was).is_none_or(stays)
        };
        let member = |object: &Object| {
            let was = object.id.clone();
            (self.pair_of(&was).is_some() || is_own(&was)).then(|| {
                let name = self.places.get(&was).map_or(&was.name, |it| &it.now.name).clone();
                let place = Id { kind: was.kind, name, ..self.id.clone() };
                (was, Object { id: place, ..object.clone() })
            })
        };
        from.objects.values().filter_map(member).collect()
    }
}

/// Returns the id's name with another one in place of the bare one.
fn whole(id: &Id, name: &Name) -> Name {
    Name::exact(format!("{name}{}", arguments(id)))
}

/// Returns the step that renames an object, which serves what is to have the final name.
fn step(object: &Object, new: &Name, meant: &Name, from: &Catalog) -> Step {
    let (old, after) = (&object.id, quoted(new.as_str()));
    let is_rule = CONSTRAINTS.contains(&old.kind);
    let sql = if is_rule {
        let what = if old.kind == Kind::DomainCheck { "DOMAIN" } else { "TABLE" };
        let (table, before) = (owner(from, old), quoted(old.name.as_str()));
        format!("ALTER {what} {table} RENAME CONSTRAINT {before} TO {after}")
    } else {
        format!("ALTER {} RENAME TO {after}", reference(from, object))
    };
    let kind = if is_rule { "constraint".to_owned() } else { word(old.kind) };
    let title = format!("Rename {kind} {} to {new}", shown(old));
    let serves = Id { name: whole(old, meant), ..old.clone() };
    Step { purpose: Purpose::Rename, ..Step::new(serves, title, vec![sql]) }
}
