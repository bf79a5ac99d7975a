//! Names that the server has made up follow the objects in them: what is the same under another name
//! is renamed.

use std::collections::BTreeMap;

use crate::autogenerate::ddl::postgres::names::{
    CONSTRAINTS, full, keyword, owner, quoted, shown_owner, word,
};
use crate::autogenerate::ddl::postgres::nulls;
use crate::autogenerate::ddl::postgres::plan::actions::relation;
use crate::autogenerate::script::Step;
use crate::catalog::{
    Attribute, Catalog, ChangeKind, Difference, EXPRESSION, Id, Kind, Object, Value,
};
use crate::inspect::postgres::attributes::{COMMENT, DEFINITION, REPLICA_IDENTITY};

/// A constraint, an index or the sequence of a column that has only another name.
struct Renamed {
    old: Id,
    new: Id,
}

/// All that has only another name.
pub(super) struct Following {
    objects: Vec<Renamed>,
    nulls: Vec<nulls::Renamed>,
}

/// Finds what differs from something else of the same table in its name alone.
pub(super) fn find(from: &Catalog, to: &Catalog) -> Following {
    let objects = objects(from, to);
    let nulls = nulls::find(&with_names(from, &objects), to);
    Following { objects, nulls }
}

fn objects(from: &Catalog, to: &Catalog) -> Vec<Renamed> {
    let mut res: Vec<Renamed> = Vec::new();
    let taken: Vec<(String, String)> =
        from.objects.values().filter_map(|it| relation(from, it)).collect();
    for kind in CONSTRAINTS.into_iter().chain([Kind::Index, Kind::Sequence]) {
        // The sequence of a renamed table has a name that that of a new table can want.
        let is_of_another = |old: &Object| {
            let there = to.get(&old.id).filter(|_| kind == Kind::Sequence);
            there.is_some_and(|it| it.parent != old.parent && it.parent.is_some())
        };
        let goes = |it: &&Object| !to.holds(&it.id) || is_of_another(it);
        let mut gone: Vec<&Object> = from.of_kind(kind).filter(goes).collect();
        for new in to.of_kind(kind).filter(|it| !from.holds(&it.id)) {
            let is_free = relation(to, new).is_none_or(|name| !taken.contains(&name))
                && !nulls::takes(&new.id, from);
            let is_twin = |old: &&Object| {
                // What counts for a column counts on, however it counts then.
                let is_same = kind == Kind::Sequence || shape(old) == shape(new);
                old.parent == new.parent && new.parent.is_some() && is_same
            };
            if let Some(at) = gone.iter().position(is_twin).filter(|_| is_free) {
                let old = gone.remove(at).id.clone();
                res.push(Renamed { old, new: new.id.clone() });
            }
        }
    }
    res
}

/// Returns what is said of an object, without its name.
fn shape(object: &Object) -> BTreeMap<Attribute, String> {
    let said = object.attributes.iter().filter(|(attribute, _)| **attribute != COMMENT);
    let name = quoted(object.id.name.as_str());
    let text = |(attribute, value): (&Attribute, &Value)| {
        let is_named = object.id.kind == Kind::Index && *attribute == DEFINITION;
        let text = &value.normal;
        let text =
            if is_named { text.replacen(&format!(" {name} "), " ", 1) } else { text.clone() };
        (*attribute, text)
    };
    said.map(text).collect()
}

/// Returns the catalog in which the objects have their new names.
pub(super) fn apply(catalog: &Catalog, following: &Following) -> Catalog {
    let mut res = with_names(catalog, &following.objects);
    nulls::apply(&mut res, &following.nulls);
    res
}

fn with_names(catalog: &Catalog, renamed: &[Renamed]) -> Catalog {
    if renamed.is_empty() {
        return catalog.clone();
    }
    let names: BTreeMap<&Id, &Id> = renamed.iter().map(|it| (&it.old, &it.new)).collect();
    let now = |id: &Id| names.get(id).copied().unwrap_or(id).clone();
    let mut res = Catalog { home: catalog.home.clone(), ..Catalog::default() };
    for object in catalog.objects.values() {
        let mut next = object.clone();
        next.id = now(&object.id);
        next.parent = object.parent.as_ref().map(now);
        next.needs = object.needs.iter().map(now).collect();
        for Renamed { old, new } in renamed {
            let is_own = object.id == *old && old.kind == Kind::Index;
            let uses = object.needs.contains(old) && old.kind == Kind::Sequence;
            let (before, after) = (quoted(old.name.as_str()), quoted(new.name.as_str()));
            if is_own {
                put(&mut next, DEFINITION, &format!(" {before} "), &format!(" {after} "));
            } else if uses {
                let (before, after) = (full(catalog, old), full(catalog, new));
                put(&mut next, EXPRESSION, &format!("'{before}'"), &format!("'{after}'"));
            } else if old.own_table() == Some(&object.id.name) || old.kind == Kind::Index {
                let whole = format!("USING INDEX {before}");
                if object.normal(REPLICA_IDENTITY) == whole {
                    put(&mut next, REPLICA_IDENTITY, &whole, &format!("USING INDEX {after}"));
                }
            }
        }
        res.insert(next);
    }
    res
}

fn put(object: &mut Object, attribute: Attribute, old: &str, new: &str) {
    if let Some(value) = object.attributes.get_mut(attribute) {
        value.written = value.written.replacen(old, new, 1);
        value.normal = value.normal.replacen(old, new, 1);
    }
}

/// Returns the steps that rename the objects.
pub(super) fn steps(catalog: &Catalog, following: &Following) -> Vec<Step> {
    let step = |it: &Renamed| {
        let Renamed { old, new } = it;
        let (before, after) = (quoted(old.name.as_str()), quoted(new.name.as_str()));
        let sql = if CONSTRAINTS.contains(&old.kind) {
            let what = if old.kind == Kind::DomainCheck { "DOMAIN" } else { "TABLE" };
            let owner = owner(catalog, old);
            format!("ALTER {what} {owner} RENAME CONSTRAINT {before} TO {after}")
        } else {
            format!("ALTER {} {} RENAME TO {after}", keyword(old.kind), full(catalog, old))
        };
        let title = words(it).replacen("rename", "Rename", 1);
        let serves = vec![new.clone(), old.clone()];
        Step { serves, title, statements: vec![sql], ..Step::default() }
    };
    let objects = following.objects.iter().map(step);
    objects.chain(nulls::steps(catalog, &following.nulls)).collect()
}

/// Returns the renames as differences.
pub(super) fn differences(following: &Following) -> Vec<Difference> {
    let difference = |it: &Renamed| Difference {
        ids: vec![it.new.clone(), it.old.clone()],
        description: words(it),
        ..Difference::whole(ChangeKind::Rename, &it.new)
    };
    let objects = following.objects.iter().map(difference);
    objects.chain(nulls::differences(&following.nulls)).collect()
}

fn words(Renamed { old, new }: &Renamed) -> String {
    if CONSTRAINTS.contains(&old.kind) {
        format!("rename constraint {} of {} to {}", old.name, shown_owner(old), new.name)
    } else {
        let schema = old.schema.as_ref().map(|it| format!("{it}.")).unwrap_or_default();
        format!("rename {} {schema}{} to {}", word(old.kind), old.name, new.name)
    }
}
