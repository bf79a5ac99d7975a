//! The order of the renames of what follows its table: each name is free before it is taken.

use crate::autogenerate::ddl::postgres::follow::{Renamed, is_of_another};
use crate::autogenerate::ddl::postgres::names::schema;
use crate::autogenerate::ddl::postgres::places::names_of_parents;
use crate::autogenerate::ddl::postgres::plan::actions::relation;
use crate::autogenerate::ddl::postgres::rename::{LONGEST, aside_of};
use crate::catalog::{Catalog, Id, Kind, Name, Object};
use crate::inspect::postgres::attributes::BOUND;

/// The kinds of parts that have a name among the relations.
const PARTS: [Kind; 5] =
    [Kind::PrimaryKey, Kind::Unique, Kind::Exclusion, Kind::Index, Kind::Sequence];

/// Returns the renames in order. Those whose names nothing makes free are taken out.
pub(super) fn moves(objects: &mut Vec<Renamed>, from: &Catalog, to: &Catalog) -> Vec<Renamed> {
    let mut asides = brought(objects, from, to);
    loop {
        let mut more = Vec::new();
        let in_vain = objects.iter().position(|it| {
            let taker = taker(&it.new, from);
            let taker = taker.filter(|taker| !is_moved(&taker.id, objects, &asides));
            let given: Vec<&Renamed> = objects.iter().chain(&asides).chain(&more).collect();
            match taker.map(|taker| aside(taker, &given, from, to)) {
                None => false,
                Some(None) => true,
                Some(Some(it)) => {
                    more.push(it);
                    false
                }
            }
        });
        let Some(at) = in_vain else {
            asides.extend(more);
            break;
        };
        objects.remove(at);
    }
    let own = objects.iter().map(|it| Renamed { old: it.old.clone(), new: it.new.clone() });
    in_order(asides.into_iter().chain(own).collect(), from, to)
}

fn is_moved(id: &Id, objects: &[Renamed], asides: &[Renamed]) -> bool {
    objects.iter().chain(asides).any(|it| it.old == *id)
}

/// Returns the name that an object takes among the relations of its schema.
fn place(catalog: &Catalog, id: &Id) -> Option<(String, Name)> {
    PARTS.contains(&id.kind).then(|| (schema(catalog, id), id.name.clone()))
}

/// Finds what has the name that an object is to have.
fn taker<'a>(new: &Id, from: &'a Catalog) -> Option<&'a Object> {
    let (schema, name) = place(from, new)?;
    let name = (schema, name.to_string());
    from.objects.values().find(|it| relation(from, it).as_ref() == Some(&name))
}

/// Puts aside what goes, or what something else takes the name of.
fn aside(object: &Object, given: &[&Renamed], from: &Catalog, to: &Catalog) -> Option<Renamed> {
    let goes = !to.holds(&object.id) || is_of_another(object, to);
    if !PARTS.contains(&object.id.kind) || !goes {
        return None;
    }
    let mut new = Id { name: aside_of(&object.id.name), ..object.id.clone() };
    while !is_free(&new, given, from, to) {
        new.name = aside_of(&new.name);
    }
    Some(Renamed { old: object.id.clone(), new })
}

/// Tells whether a name is that of nothing before and after, and of nothing on the way.
fn is_free(id: &Id, given: &[&Renamed], from: &Catalog, to: &Catalog) -> bool {
    let wanted = place(from, id);
    let is_it = |it: &Id| it.name == id.name && place(from, it) == wanted;
    let is_given = given.iter().any(|it| is_it(&it.old) || is_it(&it.new));
    let of_parents = |table: &Object| {
        table.id.schema == id.schema && names_of_parents(table).any(|name| name == id.name)
    };
    let is_taken = taker(id, from).is_some() || taker(id, to).is_some();
    !is_given && !is_taken && !from.of_kind(Kind::Table).any(of_parents)
}

/// Finds what a new partition brings along under the name of something new, as a rule of the parent that
/// has the old name of the table; on the way back, what the parent has under the name of it.
fn brought(objects: &[Renamed], from: &Catalog, to: &Catalog) -> Vec<Renamed> {
    let changes =
        |new: &Object| from.get(&new.id).is_some_and(|old| old.says(BOUND) != new.says(BOUND));
    if !to.of_kind(Kind::Table).any(changes) {
        return Vec::new();
    }
    let comes = |it: &&Object| {
        from.get(&it.id).is_none_or(|old| is_of_another(old, to)) && PARTS.contains(&it.id.kind)
    };
    let mut res = Vec::new();
    for new in to.objects.values().filter(comes).filter(|it| it.id.kind != Kind::Sequence) {
        let Some(old) = taker(&new.id, from) else { continue };
        let Some(table) = old.parent.as_ref().filter(|_| old.id.kind != Kind::Sequence) else {
            continue;
        };
        // The index of a table that leaves comes under the name of the root's.
        let mut ends = new.parent.iter().chain([table]).filter_map(|it| to.get(it));
        if !ends.any(changes) || new.parent == old.parent || is_moved(&old.id, objects, &res) {
            continue;
        }
        let owner = new.parent.as_ref().map_or("", |it| it.name.as_str());
        let rest = old.id.name.as_str().strip_prefix(owner).unwrap_or_default();
        let name = Name::exact(format!("{}{rest}", table.name));
        let name = Some(name).filter(|it| it.as_str().len() <= LONGEST && rest.starts_with('_'));
        let own = name.map(|name| Id { name, ..old.id.clone() });
        let given: Vec<&Renamed> = objects.iter().chain(&res).collect();
        let own = own.filter(|id| is_free(id, &given, from, to));
        let own = own.map(|new| Renamed { old: old.id.clone(), new });
        let own = own.or_else(|| aside(old, &given, from, to));
        res.extend(own);
    }
    res
}

/// Orders renames so that each name is free when it is taken; a circle is opened by a temporary name.
fn in_order(mut todo: Vec<Renamed>, from: &Catalog, to: &Catalog) -> Vec<Renamed> {
    let mut res: Vec<Renamed> = Vec::new();
    while !todo.is_empty() {
        let is_next = |it: &Renamed| {
            let wanted = place(from, &it.new);
            wanted.is_none() || todo.iter().all(|other| place(from, &other.old) != wanted)
        };
        if let Some(at) = todo.iter().position(is_next) {
            res.push(todo.remove(at));
        } else {
            let Renamed { old, new } = todo.remove(0);
            let given: Vec<&Renamed> = res.iter().chain(&todo).collect();
            let mut aside = Id { name: aside_of(&old.name), ..old.clone() };
            while !is_free(&aside, &given, from, to) {
                aside.name = aside_of(&aside.name);
            }
            res.push(Renamed { old, new: aside.clone() });
            todo.push(Renamed { old: aside, new });
        }
    }
    res
}
