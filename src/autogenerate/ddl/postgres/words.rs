//! Differences in words.

use crate::autogenerate::ddl::postgres::names::{CONSTRAINTS, known, shown, shown_owner, word};
use crate::autogenerate::ddl::postgres::plan::special;
use crate::autogenerate::ddl::postgres::write::not_null::name;
use crate::autogenerate::ddl::postgres::write::sequence::following;
use crate::autogenerate::ddl::postgres::write::types::attributes;
use crate::autogenerate::ddl::postgres::{follow, leave};
use crate::catalog::{
    Attribute, Catalog, ChangeKind, Delta, Difference, EXPRESSION, Id, Kind, NOT_NULL, Object,
    TYPE, Value, diff,
};
use crate::inspect::postgres::attributes::{
    ATTRIBUTES, BOUND, COLLATION, COLUMN_COMMENTS, COLUMN_GRANTS, COMMAND, COMMENT, COMPRESSION,
    DEFAULT, DEFINITION, ENABLED, FORCE_RLS, GENERATED, GRANTS, IDENTITY, IDENTITY_OPTIONS,
    INHERITED, LABELS, NO_INHERIT, NOT_ENFORCED, NOT_NULL_COMMENT, NOT_NULL_NAME, NOT_VALID,
    OPTIONS, OWNED_BY, OWNER, PARENTS, PERMISSIVE, REPLICA_IDENTITY, RLS, ROLES, STATISTICS,
    STORAGE, UNLOGGED, USING, WITH_CHECK,
};

/// Returns the differences of two catalogs in words; what is made or dropped with a table isn't told.
pub(super) fn differences(from: &Catalog, to: &Catalog) -> Vec<Difference> {
    let renamed = follow::find(from, to);
    let mut res: Vec<Difference> = follow::differences(&renamed);
    let mut from = follow::apply(from, &renamed);
    leave::take_back(&mut from);
    let from = &from;
    let sides = (from, to);
    for delta in diff(from, to) {
        let id = delta.id();
        if is_along(&delta, from, to) || special::is_kept(&delta, from, to) {
            continue;
        }
        if id.kind != Kind::Default {
            res.push(difference(&delta));
            continue;
        }
        // The default is told with its column.
        let column = Id { kind: Kind::Column, ..id.clone() };
        let is_its = |it: &&mut Difference| it.ids.first() == Some(&column);
        if let Some(own) = res.iter_mut().find(is_its) {
            own.ids.push(id.clone());
            let is_altered = own.kind == ChangeKind::Alter;
            if let Some(detail) = default(id, sides).filter(|_| is_altered) {
                own.description = format!("{}, {detail}", own.description);
            }
        } else {
            let detail = default(id, sides).unwrap_or_default();
            let what = format!("change column {}: {detail}", shown(id));
            let whole = Difference::whole(ChangeKind::Alter, &column);
            let ids = vec![column, id.clone()];
            res.push(Difference { ids, object: shown(id), description: what, ..whole });
        }
    }
    res.sort_by_key(|it| it.object_type);
    res
}

/// Tells whether something comes or goes with its table, or follows the parent table.
fn is_along(delta: &Delta<'_>, from: &Catalog, to: &Catalog) -> bool {
    let inherited = |it: &Object| it.aside.contains_key(INHERITED);
    let of_column = |it: &Object, catalog: &Catalog| {
        let column = Id { kind: Kind::Column, ..it.id.clone() };
        [Kind::Column, Kind::Default].contains(&it.id.kind)
            && catalog.get(&column).is_some_and(inherited)
    };
    let is_with = |it: &Object, here: &Catalog, there: &Catalog| {
        let owner = it.id.owner.as_ref().map(|owner| Id {
            owner: None,
            kind: if it.id.kind == Kind::DomainCheck { Kind::Domain } else { Kind::Table },
            name: owner.clone(),
            schema: it.id.schema.clone(),
        });
        let owner = owner.filter(|owner| it.id.kind.is_part() && here.holds(owner));
        owner.is_some_and(|owner| !there.holds(&owner)) || of_column(it, here)
    };
    match delta {
        Delta::Create(it) => is_with(it, to, from),
        Delta::Drop(it) => is_with(it, from, to),
        Delta::Alter { .. } => false,
    }
}

fn difference(delta: &Delta<'_>) -> Difference {
    let id = delta.id();
    let kind = match delta {
        Delta::Create(_) => ChangeKind::Create,
        Delta::Drop(_) => ChangeKind::Drop,
        Delta::Alter { .. } => ChangeKind::Alter,
    };
    let told = match delta {
        Delta::Drop(it) => known(it),
        Delta::Create(_) | Delta::Alter { .. } => id.clone(),
    };
    let (name, what) = (shown(&told), named(&told));
    let is_part = id.kind == Kind::Column;
    let is_rule = CONSTRAINTS.contains(&id.kind);
    let definition = |it: &Object| {
        let text = one_line(it.written(DEFINITION));
        if text.is_empty() { text } else { format!(": {text}") }
    };
    let owner = shown_owner(id);
    let description = match delta {
        Delta::Create(_) if is_part => format!("add {what}"),
        Delta::Create(it) if is_rule => {
            format!("add constraint {} to {owner}{}", id.name, definition(it))
        }
        Delta::Create(_) => format!("create {what}"),
        Delta::Drop(_) => format!("drop {what}"),
        Delta::Alter { old, new, attributes } => {
            let details = details(old, new, attributes);
            let details = details.join(", ");
            let colon = if details.is_empty() { "" } else { ": " };
            format!("change {what}{colon}{details}")
        }
    };
    let destructive = match delta {
        Delta::Drop(it) => {
            let is_kept = id.kind == Kind::Column && !it.says(GENERATED);
            is_kept || [Kind::Table, Kind::Sequence].contains(&id.kind)
        }
        Delta::Create(_) | Delta::Alter { .. } => false,
    };
    Difference {
        object_type: id.kind,
        object: name,
        destructive,
        description,
        ..Difference::whole(kind, id)
    }
}

/// Describes the change of an object, its default included if it is a column.
pub(super) fn changed(old: &Object, new: &Object) -> String {
    let all = old.attributes.keys().chain(new.attributes.keys()).copied();
    let mut attributes: Vec<Attribute> =
        all.filter(|it| old.attributes.get(it) != new.attributes.get(it)).collect();
    attributes.sort_unstable();
    attributes.dedup();
    let details = details(old, new, &attributes).join(", ");
    let colon = if details.is_empty() { "" } else { ": " };
    if new.id.kind == Kind::Default {
        return format!("change column {}: {details}", shown(&new.id));
    }
    format!("change {}{colon}{details}", named(&new.id))
}

fn named(id: &Id) -> String {
    if [Kind::Trigger, Kind::Rule, Kind::Policy].contains(&id.kind) {
        format!("{} {} on {}", word(id.kind), id.name, shown_owner(id))
    } else if CONSTRAINTS.contains(&id.kind) {
        format!("constraint {} of {}", id.name, shown_owner(id))
    } else if id.kind == Kind::Opaque {
        id.name.to_string()
    } else {
        format!("{} {}", word(id.kind), shown(id))
    }
}

/// Describes the change of the default of a column.
fn default(id: &Id, (from, to): (&Catalog, &Catalog)) -> Option<String> {
    let text = |it: &Catalog| it.get(id).map(|it| one_line(it.written(EXPRESSION)));
    let (old, new) = (text(from), text(to));
    let none = || "none".to_owned();
    (old != new).then(|| {
        format!("default {} becomes {}", old.unwrap_or_else(none), new.unwrap_or_else(none))
    })
}

/// The attributes that are described with both values.
const TOLD: &[(Attribute, &str)] = &[
    (TYPE, "type"),
    (COLLATION, "collation"),
    (DEFAULT, "default"),
    (EXPRESSION, "default"),
    (LABELS, "values"),
    (COMMENT, "comment"),
    (IDENTITY, "identity"),
    (STORAGE, "storage"),
    (COMPRESSION, "compression"),
    (STATISTICS, "statistics"),
    (OWNED_BY, "owner"),
    (OWNER, "owner"),
    (BOUND, "bound"),
    (PARENTS, "parents"),
    (REPLICA_IDENTITY, "replica identity"),
    (COMMAND, "command"),
    (PERMISSIVE, "kind"),
    (ROLES, "roles"),
    (USING, "USING"),
    (WITH_CHECK, "WITH CHECK"),
];

/// The attributes that are true or not, with the words for both.
const FLAGS: &[(Attribute, &str, &str)] = &[
    (NOT_NULL, "becomes NOT NULL", "may be NULL"),
    (UNLOGGED, "becomes unlogged", "becomes logged"),
    (RLS, "row security on", "row security off"),
    (FORCE_RLS, "row security for the owner, too", "no row security for the owner"),
    (NOT_VALID, "is not valid", "is validated"),
    (NOT_ENFORCED, "is not enforced", "is enforced"),
];

/// Describes what is different in an object.
fn details(old: &Object, new: &Object, attributes: &[Attribute]) -> Vec<String> {
    let mut res = Vec::new();
    let rank = |it: &Attribute| TOLD.iter().position(|(told, _)| told == it).unwrap_or(TOLD.len());
    let mut attributes = attributes.to_vec();
    attributes.sort_by_key(rank);
    for attribute in attributes {
        let (before, after) = (old.attributes.get(attribute), new.attributes.get(attribute));
        if attribute == EXPRESSION && new.id.kind != Kind::Default {
            // The definition has it.
            continue;
        }
        if REFUSING.contains(&attribute) && [Kind::Column, Kind::Domain].contains(&new.id.kind) {
            res.extend(refusal(old, new, attribute));
        } else if let Some((_, yes, no)) = FLAGS.iter().find(|(it, ..)| *it == attribute) {
            res.push((if after.is_some() { *yes } else { *no }).to_owned());
        } else if attribute == GENERATED {
            res.push(match after {
                Some(it) => format!("is generated as {}", one_line(&it.written)),
                None => "is generated no more".to_owned(),
            });
        } else if attribute == ENABLED {
            res.push(format!("fires {}", fires(new)));
        } else if attribute == DEFINITION && old.id.kind.is_part() {
            let text =
                |it: Option<&Value>| it.map_or("none".to_owned(), |it| one_line(&it.written));
            res.push(format!("{} becomes {}", text(before), text(after)));
        } else if [OPTIONS, IDENTITY_OPTIONS].contains(&attribute) {
            res.extend(options(old, new, attribute));
        } else if let Some((_, word)) = TOLD.iter().find(|(it, _)| *it == attribute) {
            let text = |it: Option<&Value>| match it {
                None if attribute == OWNER => "CURRENT_USER".to_owned(),
                None => "none".to_owned(),
                Some(it) if attribute == COMMENT => format!("'{}'", one_line(&it.written)),
                Some(it) => one_line(&it.written),
            };
            let verb = if is_plural(word) { "become" } else { "becomes" };
            res.push(format!("{word} {} {verb} {}", text(before), text(after)));
        } else if attribute == ATTRIBUTES {
            res.extend(attributes_of(old, new));
        } else if [GRANTS, COLUMN_GRANTS].contains(&attribute) {
            res.extend(rights(old.list(attribute), new.list(attribute)));
        } else if attribute == NOT_NULL_COMMENT {
            res.push("comment on NOT NULL".to_owned());
        } else if attribute == COLUMN_COMMENTS {
            res.push("comments on columns".to_owned());
        }
    }
    res
}

/// The attributes of the constraint by which a column or a domain refuses NULL.
const REFUSING: [Attribute; 3] = [NOT_NULL_NAME, NOT_VALID, NO_INHERIT];

/// Describes what is different in the constraint by which a column or a domain refuses NULL.
fn refusal(old: &Object, new: &Object, attribute: Attribute) -> Option<String> {
    let (is_new, says) = (!old.says(NOT_NULL), new.says(attribute));
    if !new.says(NOT_NULL) || (is_new && !says) {
        return None;
    }
    Some(match attribute {
        NOT_VALID if says => "rows that are there may have NULL".to_owned(),
        NOT_VALID => "NOT NULL is validated".to_owned(),
        NO_INHERIT if says => "NOT NULL is for this table alone".to_owned(),
        NO_INHERIT => "NOT NULL is for the tables below, too".to_owned(),
        _ => format!("constraint of NOT NULL is {}", name(new)?),
    })
}

/// Describes the privileges that come and go.
fn rights(old: &[String], new: &[String]) -> impl Iterator<Item = String> {
    let words = |it: &String| it.replace("GRANT\tGRANT", "GRANT").replace('\t', " ");
    let comes = new.iter().filter(|it| !old.contains(it)).map(words);
    let goes = old.iter().filter(|it| !new.contains(it)).map(move |it| format!("no {}", words(it)));
    comes.chain(goes).collect::<Vec<_>>().into_iter()
}

fn is_plural(word: &str) -> bool {
    ["values", "parents", "roles"].contains(&word)
}

/// Describes the options that are different, and don't follow from the type.
fn options(old: &Object, new: &Object, attribute: Attribute) -> Option<String> {
    if attribute == IDENTITY_OPTIONS && old.says(IDENTITY) != new.says(IDENTITY) {
        return None;
    }
    let types = (old.normal(TYPE), new.normal(TYPE));
    let (had, has) = (following(old.list(attribute), types), new.list(attribute).to_vec());
    let only = |of: &[String], not: &[String]| {
        let rest: Vec<&str> =
            of.iter().filter(|it| !not.contains(it)).map(String::as_str).collect();
        if rest.is_empty() { "none".to_owned() } else { one_line(&rest.join(", ")) }
    };
    let what = if attribute == OPTIONS { "options" } else { "options of the identity" };
    let is_other = had != has;
    is_other.then(|| format!("{what} {} become {}", only(&had, &has), only(&has, &had)))
}

/// Describes how the attributes of a composite type, or the columns of a view, change.
fn attributes_of(old: &Object, new: &Object) -> Vec<String> {
    let word = if new.id.kind == Kind::Composite { "attribute" } else { "column" };
    let (before, after): (Vec<_>, Vec<_>) = (attributes(old).collect(), attributes(new).collect());
    let mut res = Vec::new();
    for (name, type_name) in &after {
        match before.iter().find(|it| it.0 == *name) {
            None => res.push(format!("{word} {name} comes")),
            Some(one) if one.1 == *type_name => {}
            Some(one) => res.push(format!("{word} {name}: type {} becomes {type_name}", one.1)),
        }
    }
    let gone = before.iter().filter(|it| !after.iter().any(|one| one.0 == it.0));
    res.extend(gone.map(|it| format!("{word} {} goes", it.0)));
    if res.is_empty() { vec![format!("order of the {word}s")] } else { res }
}

fn fires(it: &Object) -> &'static str {
    match it.normal(ENABLED) {
        "D" => "never",
        "R" => "on replicas only",
        "A" => "always",
        _ => "as usual",
    }
}

/// Returns a text on one line, and not a long one.
fn one_line(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= 100 {
        return line;
    }
    let head: String = line.chars().take(97).collect();
    format!("{head}…")
}
