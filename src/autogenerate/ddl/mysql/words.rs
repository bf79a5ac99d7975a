//! Differences in words.

use crate::autogenerate::ddl::mysql::names::{named, shown};
use crate::autogenerate::ddl::mysql::order;
use crate::catalog::{
    Attribute, COLUMNS, Catalog, ChangeKind, Delta, Difference, EXPRESSION, Id, Kind, NOT_NULL,
    Object, REFERENCES, TYPE, Value, diff,
};
use crate::inspect::mysql::attributes::{
    AUTO_INCREMENT, CHARACTER_SET, COLLATION, COMMENT, DEFAULT, GENERATED, INVISIBLE, NOT_ENFORCED,
    OPTIONS, PARTITIONS, UPDATED, VERSIONED,
};

/// Returns the differences of two catalogs in words; what is made or dropped with a table isn't told.
pub(super) fn differences(from: &Catalog, to: &Catalog) -> Vec<Difference> {
    let deltas = diff(from, to);
    let told = deltas.iter().filter(|it| !is_along(it, from, to));
    let mut res: Vec<Difference> = told.map(difference).collect();
    let tables = to.of_kind(Kind::Table).filter(|it| from.holds(&it.id));
    for table in tables {
        for column in order::moved(from, to, &table.id) {
            let id = Id { schema: table.id.schema.clone(), ..Id::column(&table.id.name, column) };
            moves(&mut res, &id, &place(to, &table.id, &id));
        }
    }
    for id in order::moved_triggers(from, to) {
        moves(&mut res, &id, "fires in another order");
    }
    res.sort_by_key(|it| it.object_type);
    res
}

/// Adds a move to the difference of an object.
fn moves(all: &mut Vec<Difference>, id: &Id, detail: &str) {
    if let Some(own) = all.iter_mut().find(|it| it.ids.first() == Some(id)) {
        own.description = format!("{}, {detail}", own.description);
        return;
    }
    let description = format!("change {}: {detail}", named(id));
    all.push(Difference {
        object: shown(id),
        description,
        ..Difference::whole(ChangeKind::Alter, id)
    });
}

fn place(catalog: &Catalog, table: &Id, column: &Id) -> String {
    let all = order::columns(catalog, table);
    let at = all.iter().position(|it| **it == column.name).unwrap_or_default();
    match at.checked_sub(1).and_then(|it| all.get(it)) {
        Some(before) => format!("moves behind {before}"),
        None => "becomes the first".to_owned(),
    }
}

/// Tells whether something comes or goes with its table.
fn is_along(delta: &Delta<'_>, from: &Catalog, to: &Catalog) -> bool {
    let is_with = |it: &Object, here: &Catalog, there: &Catalog| {
        let is_part = it.id.kind.is_part() || it.id.kind == Kind::Index;
        let table = it.parent.as_ref().filter(|table| is_part && here.holds(table));
        table.is_some_and(|table| !there.holds(table))
    };
    match delta {
        Delta::Create(it) => is_with(it, to, from),
        Delta::Drop(it) => is_with(it, from, to),
        Delta::Alter { .. } => false,
    }
}

fn difference(delta: &Delta<'_>) -> Difference {
    let (id, what) = (delta.id(), named(delta.id()));
    let kind = match delta {
        Delta::Create(_) => ChangeKind::Create,
        Delta::Drop(_) => ChangeKind::Drop,
        Delta::Alter { .. } => ChangeKind::Alter,
    };
    let is_rule = [Kind::Check, Kind::ForeignKey, Kind::PrimaryKey].contains(&id.kind);
    let description = match delta {
        Delta::Create(it) if is_rule => {
            let owner = it.parent.as_ref().map_or("", |it| it.name.as_str());
            let text = one_line(it.statement());
            let name = if id.kind == Kind::PrimaryKey { "" } else { id.name.as_str() };
            let blank = if name.is_empty() { "" } else { " " };
            format!("add {}{blank}{name} to {owner}: {text}", super::names::word(id.kind))
        }
        Delta::Create(_) if id.kind == Kind::Column => format!("add {what}"),
        Delta::Create(_) => format!("create {what}"),
        Delta::Drop(_) => format!("drop {what}"),
        Delta::Alter { old, new, attributes } => {
            let details = details(old, new, attributes).join(", ");
            let colon = if details.is_empty() { "" } else { ": " };
            format!("change {what}{colon}{details}")
        }
    };
    let destructive = match delta {
        Delta::Drop(it) => {
            let has_values = id.kind == Kind::Column && !it.says(GENERATED);
            has_values || [Kind::Table, Kind::Sequence].contains(&id.kind)
        }
        Delta::Alter { old, new, .. } => {
            id.kind == Kind::Table && old.says(VERSIONED) && !new.says(VERSIONED)
        }
        Delta::Create(_) => false,
    };
    let whole = Difference::whole(kind, id);
    Difference { object: shown(id), destructive, description, ..whole }
}

/// The attributes that are described with both values, and the words for them.
const TOLD: [(Attribute, &str); 10] = [
    (TYPE, "type"),
    (CHARACTER_SET, "character set"),
    (COLLATION, "collation"),
    (DEFAULT, "default"),
    (UPDATED, "ON UPDATE"),
    (COLUMNS, "columns"),
    (REFERENCES, "references"),
    (EXPRESSION, "condition"),
    (OPTIONS, "options"),
    (COMMENT, "comment"),
];

/// The attributes that are true or not, with the words for both.
const FLAGS: [(Attribute, &str, &str); 5] = [
    (NOT_NULL, "becomes NOT NULL", "may be NULL"),
    (AUTO_INCREMENT, "becomes AUTO_INCREMENT", "is AUTO_INCREMENT no more"),
    (INVISIBLE, "becomes invisible", "becomes visible"),
    (NOT_ENFORCED, "is not enforced", "is enforced"),
    (VERSIONED, "becomes system versioned", "loses its history"),
];

/// Describes what is different in an object.
fn details(old: &Object, new: &Object, attributes: &[Attribute]) -> Vec<String> {
    let mut res = Vec::new();
    let rank = |it: &Attribute| TOLD.iter().position(|(told, _)| told == it).unwrap_or(TOLD.len());
    let mut attributes = attributes.to_vec();
    attributes.sort_by_key(rank);
    for attribute in attributes {
        let (before, after) = (old.attributes.get(attribute), new.attributes.get(attribute));
        let text = |it: Option<&Value>| it.map_or("none".to_owned(), |it| one_line(&it.written));
        if attribute == EXPRESSION && new.id.kind == Kind::Index {
            // The columns have it.
            continue;
        }
        if let Some((_, yes, no)) = FLAGS.iter().find(|(it, ..)| *it == attribute) {
            res.push((if after.is_some() { *yes } else { *no }).to_owned());
        } else if attribute == GENERATED {
            res.push(match after {
                Some(it) => format!("is generated as {}", one_line(&it.written)),
                None => "is generated no more".to_owned(),
            });
        } else if attribute == PARTITIONS {
            res.push(match (before, after) {
                (Some(_), Some(_)) => "partitions change".to_owned(),
                (None, _) => "becomes partitioned".to_owned(),
                (_, None) => "is partitioned no more".to_owned(),
            });
        } else if attribute == OPTIONS {
            res.push(options(old, new));
        } else if let Some((_, word)) = TOLD.iter().find(|(it, _)| *it == attribute) {
            res.push(format!("{word} {} becomes {}", text(before), text(after)));
        }
    }
    res
}

/// Describes the options that are different.
fn options(old: &Object, new: &Object) -> String {
    let (had, has) = (old.list(OPTIONS), new.list(OPTIONS));
    if had.is_empty() && has.is_empty() {
        let text = |it: &Object| match it.written(OPTIONS) {
            "" => "none".to_owned(),
            text => one_line(text),
        };
        return format!("options {} become {}", text(old), text(new));
    }
    let only = |of: &[String], not: &[String]| {
        let rest: Vec<&str> =
            of.iter().filter(|it| !not.contains(it)).map(String::as_str).collect();
        if rest.is_empty() { "none".to_owned() } else { one_line(&rest.join(", ")) }
    };
    format!("options {} become {}", only(had, has), only(has, had))
}

/// Returns a text on one line, and not a long one.
pub(super) fn one_line(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= 100 {
        return line;
    }
    let head: String = line.chars().take(97).collect();
    format!("{head}…")
}
