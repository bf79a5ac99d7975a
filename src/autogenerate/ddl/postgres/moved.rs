//! The statements that move objects from one schema to another.

use std::cmp::Reverse;

use crate::autogenerate::Renames;
use crate::autogenerate::ddl::postgres::names::{
    full, keyword, quoted, reference, schema, shown, word,
};
use crate::autogenerate::ddl::postgres::rename::{NAMED, aside_of};
use crate::autogenerate::script::{Purpose, Step};
use crate::catalog::{Catalog, Id, Kind, Name, Object};

/// The kinds of constraints that have an index of their names.
const KEYS: [Kind; 3] = [Kind::PrimaryKey, Kind::Unique, Kind::Exclusion];

/// The places of the objects that share their names, while they are moved: ids in the present catalog,
/// and where they are now.
pub(super) struct Places(Vec<(Id, Id)>);

impl Places {
    /// Finds the places once the schemas have their new names.
    pub(super) fn find(renames: &Renames, from: &Catalog) -> Self {
        let now = |object: &Object| {
            let schema = object.id.schema.as_ref().map(|it| renames.schema_now(it));
            (object.id.clone(), Id { schema, ..object.id.clone() })
        };
        let kinds = NAMED.into_iter().chain(KEYS);
        Self(kinds.flat_map(|kind| from.of_kind(kind)).map(now).collect())
    }

    /// Returns where an object is now, by its id before the renames.
    pub(super) fn now(&self, renames: &Renames, old: &Id) -> Option<Id> {
        let before = renames.place_before(old)?;
        self.0.iter().find(|(it, _)| *it == before).map(|(_, now)| now.clone())
    }

    /// Returns what is in a schema now, constraints left out.
    pub(super) fn of(&self, schema: Option<&Name>) -> impl Iterator<Item = Id> {
        let is_own = move |it: &&Id| it.schema.as_ref() == schema && it.owner.is_none();
        self.0.iter().map(|(_, now)| now).filter(is_own).cloned()
    }

    fn is_taken(&self, schema: Option<&Name>, name: &Name) -> bool {
        self.0.iter().any(|(_, now)| now.schema.as_ref() == schema && now.name == *name)
    }

    /// Returns the steps that move objects: routines first, which are named by their types.
    pub(super) fn move_all(&mut self, renames: &Renames, from: &Catalog) -> Vec<Step> {
        let is_moved = |(old, new): &&(Id, Id)| old.schema != new.schema;
        let mut pairs: Vec<&(Id, Id)> = renames.all().filter(is_moved).collect();
        let is_routine =
            |it: &Id| [Kind::Function, Kind::Procedure, Kind::Aggregate].contains(&it.kind);
        pairs.sort_by_key(|(old, _)| Reverse(is_routine(old)));
        let mut res = new_schemas(&pairs, renames, from);
        for (old, new) in &pairs {
            let Some(object) = renames.place_before(old).and_then(|id| from.get(&id)) else {
                continue;
            };
            let goes_along = table_of(object).is_some_and(|table| {
                let mut tables = pairs.iter().filter(|(it, _)| it.kind == Kind::Table);
                tables.any(|(it, _)| renames.place_before(it).as_ref() == Some(&table))
            });
            if !goes_along {
                res.extend(self.steps(object, (old, new), from));
            }
        }
        res
    }

    /// Returns the steps that move one object, under a name that is free in both schemas.
    fn steps(&mut self, object: &Object, (old, new): (&Id, &Id), from: &Catalog) -> Vec<Step> {
        let (before, after) = (old.schema.as_ref(), new.schema.as_ref());
        let is_named = NAMED.contains(&old.kind);
        let is_free = |name: &Name| {
            !self.is_taken(after, name) && (*name == old.name || !self.is_taken(before, name))
        };
        let names = [old.name.clone(), new.name.clone(), aside_of(&old.name)];
        let name = names.into_iter().find(|it| !is_named || is_free(it));
        let name = name.unwrap_or_else(|| old.name.clone());
        let mut it = Object { id: old.clone(), ..object.clone() };
        let mut res = Vec::new();
        if name != old.name {
            let sql = format!("ALTER {} RENAME TO {}", reference(from, &it), quoted(name.as_str()));
            let title = format!("Rename {} {} to {name}", word(old.kind), shown(old));
            res.push(Step::new(new.clone(), title, vec![sql]));
            it.id.name = name.clone();
        }
        res.extend(self.make_way(&object.id, (old, new), from));
        let target = schema(from, new);
        let sql = format!("ALTER {} SET SCHEMA {target}", reference(from, &it));
        let title = format!("Move {} {} to schema {target}", word(old.kind), shown(&it.id));
        res.push(Step::new(new.clone(), title, vec![sql]));
        for step in &mut res {
            step.purpose = Purpose::Rename;
        }
        for (was, now) in &mut self.0 {
            let own = from.get(was).is_some_and(|it| table_of(it).as_ref() == Some(&object.id));
            if *was == object.id {
                now.name = name.clone();
            }
            if own || *was == object.id {
                now.schema.clone_from(&new.schema);
            }
        }
        res
    }
}

impl Places {
    /// Gives what goes along with a table, and has a name that is taken in its new schema, another one:
    /// where the wanted name is another, it comes with the changes after the renames.
    fn make_way(&mut self, table: &Id, (old, new): (&Id, &Id), from: &Catalog) -> Vec<Step> {
        let is_own =
            |was: &Id| from.get(was).is_some_and(|it| table_of(it).as_ref() == Some(table));
        let taken = self
            .0
            .iter()
            .filter(|(was, now)| is_own(was) && self.is_taken(new.schema.as_ref(), &now.name));
        let taken: Vec<Id> = taken.map(|(was, _)| was.clone()).collect();
        let mut res = Vec::new();
        for (was, now) in self.0.iter_mut().filter(|(was, _)| taken.contains(was)) {
            let kind = if was.kind == Kind::Sequence { Kind::Sequence } else { Kind::Index };
            let it = Id { schema: old.schema.clone(), ..Id::new(kind, &now.name) };
            now.name = aside_of(&now.name);
            let after = quoted(now.name.as_str());
            let sql = format!("ALTER {} {} RENAME TO {after}", keyword(kind), full(from, &it));
            let title = format!("Rename {} {} to {}", word(kind), shown(&it), now.name);
            res.push(Step::new(new.clone(), title, vec![sql]));
        }
        res
    }
}

/// Returns the steps that make the schemas which aren't there yet.
fn new_schemas(pairs: &[&(Id, Id)], renames: &Renames, from: &Catalog) -> Vec<Step> {
    let mut res: Vec<Step> = Vec::new();
    for name in pairs.iter().filter_map(|(_, new)| new.schema.as_ref()) {
        let id = Id::new(Kind::Schema, name);
        let is_there = renames.before(&id).is_some_and(|it| from.holds(&it));
        if !is_there && res.iter().all(|it| !it.serves.contains(&id)) {
            let sql = format!("CREATE SCHEMA {}", quoted(name.as_str()));
            res.push(Step::new(id, format!("Create schema {name}"), vec![sql]));
        }
    }
    res
}

/// Returns the id of the table that an index, or the sequence of a column, goes with.
fn table_of(object: &Object) -> Option<Id> {
    let parent = object.parent.as_ref()?;
    match &parent.owner {
        Some(table) => Some(Id { schema: parent.schema.clone(), ..Id::table(table) }),
        None => Some(parent.clone()),
    }
}
