//! The differences between two states of a table, and the words for them.

use crate::catalog::{
    Attribute, COLUMNS, Catalog, ChangeKind, Difference, EXPRESSION, Id, Kind, NOT_NULL, Name,
    Object, REFERENCES, TYPE, Value,
};
use crate::sqlite::column::is_numeric;
use crate::sqlite::lower::{
    COLLATION, DEFAULT, GENERATED, MODULE, NAME, PLAIN, ROWID, STORED, STRICT, WITHOUT_ROWID,
};
use crate::sqlite::primary_key_id;

/// Compares a table that is in both catalogs.
pub(super) fn alterations(from: &Catalog, to: &Catalog, table: &Id) -> Vec<Difference> {
    let mut res = List { table: &table.name, items: Vec::new() };
    let whole = || vec![table.clone()];
    let (Some(old), Some(new)) = (from.get(table), to.get(table)) else { return res.items };
    let is_virtual = |it: &Object| it.attributes.contains_key(MODULE);
    if is_virtual(old) || is_virtual(new) {
        if old != new {
            let what = format!("make virtual table {} anew", table.name);
            let destructive = !is_external_index(new) || !is_external_index(old);
            res.add(ChangeKind::Alter, whole(), None, what).destructive = destructive;
        }
        return res.items;
    }
    columns(&mut res, from, to, table);
    let (before, after) = (|kind| from.parts(kind, table), |kind| to.parts(kind, table));
    if before(Kind::PrimaryKey) != after(Kind::PrimaryKey) {
        let what = format!("change the primary key of {}", table.name);
        res.add(ChangeKind::Alter, vec![primary_key_id(&table.name)], None, what);
    }
    for kind in [Kind::Unique, Kind::ForeignKey, Kind::Check] {
        constraints(&mut res, &before(kind), &after(kind));
    }
    for (attribute, word) in [(STRICT, "STRICT"), (WITHOUT_ROWID, "WITHOUT ROWID")] {
        if old.attributes.get(attribute) != new.attributes.get(attribute) {
            let not = if new.attributes.contains_key(attribute) { "" } else { "not " };
            let what = format!("make {} {not}{word}", table.name);
            res.add(ChangeKind::Alter, whole(), None, what);
        }
    }
    res.items
}

/// Tells whether a table is an FTS index whose text is in another table.
pub(super) fn is_external_index(table: &Object) -> bool {
    let said = table.normal(MODULE).to_ascii_lowercase();
    let empty = ["content = ''", "content = \"\"", "content = ,"];
    let is_fts = ["fts4 ", "fts5 "].iter().any(|module| said.starts_with(module));
    is_fts && said.contains("content =") && !empty.iter().any(|it| said.contains(it))
}

/// Tells whether an INSERT has to give a value for a column: by its own constraints, or because
/// SQLite implies NOT NULL for keys of tables without a rowid and of strict ones, unless the key is
/// the rowid.
fn requires(catalog: &Catalog, table: &Id, column: &Object) -> bool {
    let says =
        |attribute| catalog.get(table).is_some_and(|it| it.attributes.contains_key(attribute));
    let key = catalog.get(&primary_key_id(&table.name));
    let is_key = key
        .is_some_and(|key| !key.attributes.contains_key(ROWID) && key.needs.contains(&column.id));
    column.attributes.contains_key(NOT_NULL) || (is_key && (says(STRICT) || says(WITHOUT_ROWID)))
}

struct List<'a> {
    table: &'a Name,
    items: Vec<Difference>,
}

impl List<'_> {
    fn add(
        &mut self,
        kind: ChangeKind,
        ids: Vec<Id>,
        part: Option<&str>,
        description: String,
    ) -> &mut Difference {
        let part = part.map(|part| format!(".{part}")).unwrap_or_default();
        let at = self.items.len();
        self.items.push(Difference {
            kind,
            object_type: ids.first().map_or(Kind::Table, |id| id.kind),
            ids,
            is_name: false,
            object: format!("{}{part}", self.table),
            destructive: false,
            description,
        });
        &mut self.items[at]
    }
}

/// Adds the changes of one kind of constraints: replaced, dropped and added ones.
fn constraints<'a>(res: &mut List<'_>, before: &[&'a Object], after: &[&'a Object]) {
    let table = res.table;
    let lacks = |all: &[&Object], it: &Object| {
        !all.iter().any(|other| other.id == it.id || other.attributes == it.attributes)
    };
    let only = |one: &[&'a Object], other: &[&Object]| -> Vec<&'a Object> {
        one.iter().copied().filter(|it| lacks(other, it)).collect()
    };
    let (mut gone, mut come) = (only(before, after), only(after, before));
    // First those of one name, then those that are about the same.
    for attribute in [NAME, EXPRESSION, COLUMNS] {
        gone.retain(|old| {
            let own = old.attributes.get(attribute);
            let is_alike = |new: &&Object| own.is_some() && new.attributes.get(attribute) == own;
            let Some(at) = come.iter().position(is_alike) else { return true };
            let new = come.remove(at);
            let ids = vec![new.id.clone(), old.id.clone()];
            let what = format!("change {} of {table} to {}", old.statement(), new.statement());
            res.add(ChangeKind::Alter, ids, part(new), what);
            false
        });
    }
    for old in gone {
        let what = format!("drop {} of {table}", words(old));
        res.add(ChangeKind::Drop, vec![old.id.clone()], part(old), what);
    }
    for new in come {
        let what = format!("add {} to {table}", words(new));
        res.add(ChangeKind::Create, vec![new.id.clone()], part(new), what);
    }
}

/// Returns the name of a constraint within its table.
fn part(it: &Object) -> Option<&str> {
    let attribute = if it.id.kind == Kind::Check { NAME } else { COLUMNS };
    it.attributes.get(attribute).map(|it| it.written.as_str())
}

/// Returns the words for a constraint in a sentence.
fn words(it: &Object) -> String {
    let (columns, parent) = (it.written(COLUMNS), it.written(REFERENCES));
    if it.id.kind == Kind::Check {
        format!("CHECK ({})", it.written(EXPRESSION))
    } else if parent.is_empty() {
        format!("UNIQUE ({columns})")
    } else {
        format!("FOREIGN KEY ({columns}) REFERENCES {parent}")
    }
}

fn columns(res: &mut List<'_>, from: &Catalog, to: &Catalog, table: &Id) {
    let place = res.table;
    for new in to.parts(Kind::Column, table) {
        let (id, name) = (vec![new.id.clone()], new.id.name.as_str());
        let Some(old) = from.get(&new.id) else {
            let what = format!("add column {place}.{name}");
            res.add(ChangeKind::Create, id, Some(name), what);
            continue;
        };
        // An implied NOT NULL of both is not a difference, even if only one implies it by its key.
        let is_plain = |it: &Object| ["", PLAIN].contains(&it.normal(NOT_NULL));
        let demands = || requires(from, table, old) && requires(to, table, new);
        let same_null = is_plain(old) && is_plain(new) && demands();
        let details = details(old, new, same_null);
        if details.is_empty() {
            continue;
        }
        let what = format!("change column {place}.{name}: {}", details.join(", "));
        let is_generated = |it: &Object| it.attributes.contains_key(GENERATED);
        let is_replaced = !is_generated(old) && is_generated(new);
        let is_narrower = !is_numeric(old.normal(TYPE)) && is_numeric(new.normal(TYPE));
        res.add(ChangeKind::Alter, id, Some(name), what).destructive =
            is_replaced || (is_narrower && !is_generated(new));
    }
    for old in from.parts(Kind::Column, table).into_iter().filter(|it| !to.holds(&it.id)) {
        let name = old.id.name.as_str();
        let what = format!("drop column {place}.{name}");
        res.add(ChangeKind::Drop, vec![old.id.clone()], Some(name), what).destructive =
            !old.attributes.contains_key(GENERATED);
    }
}

/// Describes the changes of a column.
fn details(old: &Object, new: &Object, same_null: bool) -> Vec<String> {
    let mut res = Vec::new();
    let both = |it: Attribute| (old.attributes.get(it), new.attributes.get(it));
    let becomes = |res: &mut Vec<String>, attribute, word: &str, nothing: &str| {
        let text = |it: Option<&Value>| {
            it.map_or(nothing.to_owned(), |it| {
                it.written.split_whitespace().collect::<Vec<_>>().join(" ")
            })
        };
        let (old, new) = both(attribute);
        if old != new {
            res.push(format!("{word} {} becomes {}", text(old), text(new)));
        }
    };
    becomes(&mut res, TYPE, "type", "none");
    match both(NOT_NULL) {
        (old, new) if old == new || same_null => {}
        (None, Some(_)) => res.push("becomes NOT NULL".to_owned()),
        (Some(_), None) => res.push("may be NULL".to_owned()),
        _ => res.push("NOT NULL is written in another way".to_owned()),
    }
    becomes(&mut res, DEFAULT, "default", "none");
    becomes(&mut res, COLLATION, "collation", "BINARY");
    if both(GENERATED).0 != both(GENERATED).1 || both(STORED).0 != both(STORED).1 {
        let stored = if both(STORED).1.is_some() { ", stored" } else { "" };
        res.push(match both(GENERATED).1 {
            Some(it) => format!("is generated as {}{stored}", it.written),
            None => "is generated no more".to_owned(),
        });
    }
    res
}
