//! Names that the server has made up follow the objects in them: what is the same under another name
//! is renamed.

use std::collections::BTreeMap;

use crate::autogenerate::ddl::postgres::names::{
    CONSTRAINTS, full, keyword, owner, quoted, shown_owner, word,
};
use crate::autogenerate::ddl::postgres::{free, nulls};
use crate::autogenerate::script::Step;
use crate::catalog::{
    Attribute, Catalog, ChangeKind, Difference, EXPRESSION, Id, Kind, Object, Value,
};
use crate::inspect::postgres::attributes::{COMMENT, DEFINITION, KNOWN_AS, REPLICA_IDENTITY};

/// A constraint, an index or the sequence of a column that has only another name.
pub(super) struct Renamed {
    pub(super) old: Id,
    pub(super) new: Id,
}

/// All that has only another name.
pub(super) struct Following {
    /// The pairs of the names that are there and those that are wanted.
    objects: Vec<Renamed>,
    /// The renames in order, those that only make a name free included.
    moves: Vec<Renamed>,
    nulls: Vec<nulls::Renamed>,
}

/// Finds what differs from something else of the same table in its name alone.
pub(super) fn find(from: &Catalog, to: &Catalog) -> Following {
    let mut objects = objects(from, to);
    let moves = free::moves(&mut objects, from, to);
    let nulls = nulls::find(&with_names(from, &moves), to);
    Following { objects, moves, nulls }
}

fn objects(from: &Catalog, to: &Catalog) -> Vec<Renamed> {
    let mut res: Vec<Renamed> = Vec::new();
    for kind in CONSTRAINTS.into_iter().chain([Kind::Index, Kind::Sequence]) {
        let goes = |it: &&Object| is_without(it, to) || is_of_another(it, to);
        let mut gone: Vec<&Object> = from.of_kind(kind).filter(goes).collect();
        let comes = |it: &&Object| {
            !from.holds(&it.id) || from.get(&it.id).is_some_and(|old| is_of_another(old, to))
        };
        for new in to.of_kind(kind).filter(comes) {
            let is_twin = |old: &&Object| {
                // What counts for a column counts on, however it counts then.
                let is_same = kind == Kind::Sequence || shape(old) == shape(new);
                old.parent == new.parent && new.parent.is_some() && is_same
            };
            let is_free = !nulls::takes(&new.id, from);
            if let Some(at) = gone.iter().position(is_twin).filter(|_| is_free) {
                let old = gone.remove(at).id.clone();
                res.push(Renamed { old, new: new.id.clone() });
            }
        }
    }
    res
}

/// Tells whether nothing has the id of an object afterwards.
fn is_without(object: &Object, to: &Catalog) -> bool {
    !to.holds(&object.id)
}

/// Tells whether something of another table or column wants the name of an object: that of a renamed
/// table has a name that a new table can want.
pub(super) fn is_of_another(object: &Object, to: &Catalog) -> bool {
    to.get(&object.id).is_some_and(|it| it.parent != object.parent && it.parent.is_some())
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
    let mut res = with_names(catalog, &following.moves);
    nulls::apply(&mut res, &following.nulls);
    res
}

fn with_names(catalog: &Catalog, renamed: &[Renamed]) -> Catalog {
    if renamed.is_empty() {
        return catalog.clone();
    }
    let mut res = Catalog { home: catalog.home.clone(), ..Catalog::default() };
    for object in catalog.objects.values() {
        let mut next = object.clone();
        for it in renamed {
            with_name(&mut next, it, catalog);
        }
        res.insert(next);
    }
    res
}

/// Gives an object, or what it says of another one, a new name.
fn with_name(object: &mut Object, Renamed { old, new }: &Renamed, catalog: &Catalog) {
    let is_own = object.id == *old && old.kind == Kind::Index;
    let needs = object.needs.contains(old);
    let (before, after) = (quoted(old.name.as_str()), quoted(new.name.as_str()));
    if is_own {
        put(object, DEFINITION, &format!(" {before} "), &format!(" {after} "));
    } else if needs && old.kind == Kind::Sequence {
        let (before, after) = (full(catalog, old), full(catalog, new));
        put(object, EXPRESSION, &format!("'{before}'"), &format!("'{after}'"));
    } else if old.own_table() == Some(&object.id.name) || old.kind == Kind::Index {
        let whole = format!("USING INDEX {before}");
        if object.normal(REPLICA_IDENTITY) == whole {
            put(object, REPLICA_IDENTITY, &whole, &format!("USING INDEX {after}"));
        }
    }
    let now = |id: &Id| if id == old { new.clone() } else { id.clone() };
    if object.id == *old {
        object.aside.entry(KNOWN_AS).or_insert_with(|| old.name.to_string());
        object.id = new.clone();
    }
    if object.parent.as_ref() == Some(old) {
        object.parent = Some(new.clone());
    }
    if needs {
        object.needs = object.needs.iter().map(now).collect();
    }
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
    let objects = following.moves.iter().map(step);
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
