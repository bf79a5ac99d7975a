//! What two states of one table differ in, and the words for it.

use crate::catalog::{Attribute, ChangeKind, Difference, Id, Kind, Name, Object, TYPE, Value};
use crate::sqlite::lower::{
    COLLATION, COLUMNS, DEFAULT, EXPRESSION, GENERATED, NAME, NOT_NULL, PLAIN, REFERENCES, STORED,
    STRICT, WITHOUT_ROWID, parts, whole_table,
};
use crate::sqlite::{Table, primary_key_id};

/// Compares two tables of one name.
pub(super) fn alterations(from: &Table, to: &Table) -> Vec<Difference> {
    let mut res = List { table: &to.name, items: Vec::new() };
    let whole = || vec![Id::table(&to.name)];
    let (old, new) = (whole_table(from), whole_table(to));
    if from.is_virtual() || to.is_virtual() {
        if old != new {
            let what = format!("make virtual table {} anew", to.name);
            let destructive = !to.is_external_index() || !from.is_external_index();
            res.add(ChangeKind::Alter, whole(), None, what).destructive = destructive;
        }
        return res.items;
    }
    let (before, after) = (parts(from), parts(to));
    columns(&mut res, (from, &before), (to, &after));
    if !of_kind(&before, Kind::PrimaryKey).eq(of_kind(&after, Kind::PrimaryKey)) {
        let what = format!("change the primary key of {}", to.name);
        res.add(ChangeKind::Alter, vec![primary_key_id(&to.name)], None, what);
    }
    for kind in [Kind::Unique, Kind::ForeignKey, Kind::Check] {
        constraints(&mut res, kind, &before, &after);
    }
    for (attribute, word) in [(STRICT, "STRICT"), (WITHOUT_ROWID, "WITHOUT ROWID")] {
        if old.attributes.get(attribute) != new.attributes.get(attribute) {
            let not = if new.attributes.contains_key(attribute) { "" } else { "not " };
            let what = format!("make {} {not}{word}", to.name);
            res.add(ChangeKind::Alter, whole(), None, what);
        }
    }
    res.items
}

fn of_kind(parts: &[Object], kind: Kind) -> impl Iterator<Item = &Object> {
    parts.iter().filter(move |it| it.id.kind == kind)
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

/// Adds what became of one kind of constraints: those that are replaced, those that go, those that come.
fn constraints(res: &mut List<'_>, kind: Kind, before: &[Object], after: &[Object]) {
    let table = res.table;
    let lacks = |all: &[Object], it: &Object| {
        !of_kind(all, kind).any(|other| other.id == it.id || other.attributes == it.attributes)
    };
    let mut gone: Vec<&Object> = of_kind(before, kind).filter(|it| lacks(after, it)).collect();
    let mut come: Vec<&Object> = of_kind(after, kind).filter(|it| lacks(before, it)).collect();
    // First those of one name, then those that are about the same.
    for attribute in [NAME, EXPRESSION, COLUMNS] {
        gone.retain(|old| {
            let own = old.attributes.get(attribute);
            let is_alike = |new: &&Object| own.is_some() && new.attributes.get(attribute) == own;
            let Some(at) = come.iter().position(is_alike) else {
                return true;
            };
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

/// Returns what a constraint is called behind the table's name.
fn part(it: &Object) -> Option<&str> {
    let attribute = if it.id.kind == Kind::Check { NAME } else { COLUMNS };
    it.attributes.get(attribute).map(|it| it.written.as_str())
}

/// Returns a constraint as it is called in a sentence.
fn words(it: &Object) -> String {
    match it.id.kind {
        Kind::Check => format!("CHECK ({})", it.written(EXPRESSION)),
        Kind::Unique => format!("UNIQUE ({})", it.written(COLUMNS)),
        _ => format!("FOREIGN KEY ({}) REFERENCES {}", it.written(COLUMNS), it.written(REFERENCES)),
    }
}

fn columns(
    res: &mut List<'_>,
    (from, before): (&Table, &[Object]),
    (to, after): (&Table, &[Object]),
) {
    let table = res.table;
    for new in of_kind(after, Kind::Column) {
        let (id, name) = (vec![new.id.clone()], new.id.name.as_str());
        let Some(old) = of_kind(before, Kind::Column).find(|it| it.id == new.id) else {
            let what = format!("add column {table}.{name}");
            res.add(ChangeKind::Create, id, Some(name), what);
            continue;
        };
        let pair = from.column(&new.id.name).zip(to.column(&new.id.name));
        // A NOT NULL that both demand is none, for one of them may demand it because of its key.
        let is_plain = |it: &Object| ["", PLAIN].contains(&it.normal(NOT_NULL));
        let demands = pair.is_some_and(|(old, new)| from.requires(old) && to.requires(new));
        let same_null = demands && is_plain(old) && is_plain(new);
        let details = details(old, new, same_null);
        if details.is_empty() {
            continue;
        }
        let what = format!("change column {table}.{name}: {}", details.join(", "));
        let is_generated = |it: &Object| it.attributes.contains_key(GENERATED);
        let is_replaced = !is_generated(old) && is_generated(new);
        let is_narrower = pair.is_some_and(|(old, new)| !old.is_numeric() && new.is_numeric());
        res.add(ChangeKind::Alter, id, Some(name), what).destructive =
            is_replaced || (is_narrower && !is_generated(new));
    }
    for old in of_kind(before, Kind::Column).filter(|it| to.column(&it.id.name).is_none()) {
        let name = old.id.name.as_str();
        let what = format!("drop column {table}.{name}");
        res.add(ChangeKind::Drop, vec![old.id.clone()], Some(name), what).destructive =
            !old.attributes.contains_key(GENERATED);
    }
}

/// Says what becomes of a column.
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
        let expression = new.written(GENERATED);
        res.push(match both(STORED).1 {
            _ if expression.is_empty() => "is generated no more".to_owned(),
            Some(_) => format!("is generated as {expression}, stored"),
            None => format!("is generated as {expression}"),
        });
    }
    res
}
