//! The steps that rename tables and columns.

use std::collections::BTreeSet;

use crate::autogenerate::Renames;
use crate::autogenerate::ddl::moves::{Move, sequence};
use crate::autogenerate::ddl::sqlite::drop_step;
use crate::autogenerate::script::{Purpose, Step};
use crate::catalog::{Catalog, Id, Kind, Name};
use crate::sqlite::identifier;

/// Returns the steps that rename tables and columns.
///
/// In reverse a new object can have taken an old name: a table, an index or a view is dropped
/// first, a column is renamed temporarily and is dropped later.
pub(super) fn rename(renames: &Renames, from: &Catalog, drop_dependents: bool) -> Vec<Step> {
    let mut res = Vec::new();
    let pairs: Vec<(Name, Name)> = owned(renames.pairs(Kind::Table));
    let is_moved = |name: &Name| pairs.iter().any(|(old, _)| old == name);
    let in_the_way = pairs.iter().map(|(_, new)| new);
    let in_the_way = in_the_way.filter(|new| from.holds(&Id::table(new)) && !is_moved(new));
    let in_the_way: BTreeSet<Name> = in_the_way.cloned().collect();
    let mut reached: BTreeSet<Id> = in_the_way.iter().map(Id::table).collect();
    if drop_dependents {
        reached.extend(pairs.iter().map(|(old, _)| Id::table(old)));
        let tables = renames.tables_of_columns().filter_map(|it| renames.old_table(it));
        reached.extend(tables.map(Id::table));
    }
    let wanted = |kind: Kind| {
        let all = from.of_kind(kind).map(|it| &it.id);
        all.filter(|id| pairs.iter().any(|(_, new)| *new == id.name))
    };
    reached.extend(wanted(Kind::View).cloned());
    drop_what_reaches(&mut res, from, reached);
    for id in wanted(Kind::View).chain(wanted(Kind::Index)) {
        let title = format!("Drop {} {}, whose name is wanted", id.kind, id.name);
        let takes = from.with(id);
        res.push(Step { takes, ..drop_step(id, title) });
    }
    for name in &in_the_way {
        let id = Id::table(name);
        let mut step = drop_step(&id, format!("Drop table {name}, whose name is wanted"));
        step.takes = from.with(&id);
        step.destructive.push(format!("drops table {name} with its rows"));
        res.push(step);
    }
    for step in &mut res {
        // A dropped table is a change of its own.
        let is_table = step.serves.iter().any(|id| id.kind == Kind::Table);
        step.purpose = if is_table { Purpose::Change } else { Purpose::WayForRenames };
    }
    let tables = from.of_kind(Kind::Table).map(|it| &it.id.name);
    let there = tables.filter(|name| !in_the_way.contains(*name)).cloned().collect();
    for Move { old, new, meant } in sequence(&pairs, there, aside_of) {
        let sql = format!("ALTER TABLE {} RENAME TO {}", identifier(&old), identifier(&new));
        let step = Step::new(Id::table(&meant), format!("Rename table {old} to {new}"), vec![sql]);
        res.push(Step { purpose: Purpose::Rename, ..step });
    }
    rename_columns(renames, from, &mut res);
    res
}

fn owned<'a>(pairs: impl Iterator<Item = (&'a Name, &'a Name)>) -> Vec<(Name, Name)> {
    pairs.map(|(old, new)| (old.clone(), new.clone())).collect()
}

fn rename_columns(renames: &Renames, from: &Catalog, res: &mut Vec<Step>) {
    let tables: BTreeSet<&Name> = renames.tables_of_columns().collect();
    for table in tables {
        let mut pairs = owned(renames.columns(table));
        let before = renames.old_table(table).map(Id::table);
        let there = before.iter().flat_map(|table| from.parts(Kind::Column, table));
        let there = there.map(|it| it.id.name.clone());
        let there: BTreeSet<Name> = there.collect();
        let is_moved = |name: &Name| pairs.iter().any(|(old, _)| old == name);
        let aside = pairs.iter().filter(|(_, new)| there.contains(new) && !is_moved(new));
        let aside = aside.map(|(_, new)| (new.clone(), aside_of(new)));
        let aside: Vec<(Name, Name)> = aside.collect();
        pairs.extend(aside);
        for Move { old, new, meant } in sequence(&pairs, there, aside_of) {
            let (target, from, to) = (identifier(table), identifier(&old), identifier(&new));
            let sql = format!("ALTER TABLE {target} RENAME COLUMN {from} TO {to}");
            let title = format!("Rename column {table}.{old} to {new}");
            let step = Step::new(Id::column(table, &meant), title, vec![sql]);
            res.push(Step { purpose: Purpose::Rename, ..step });
        }
    }
}

/// Returns the temporary name of an object until its new name is free.
fn aside_of(name: &Name) -> Name {
    Name::any_case(format!("_migrate_old_{name}"))
}

fn drop_what_reaches(res: &mut Vec<Step>, catalog: &Catalog, mut reached: BTreeSet<Id>) {
    let mut views = Vec::new();
    while let Some(view) = catalog
        .of_kind(Kind::View)
        .find(|it| !reached.contains(&it.id) && !it.needs.is_disjoint(&reached))
    {
        reached.insert(view.id.clone());
        views.push(&view.id);
    }
    let triggers = catalog.of_kind(Kind::Trigger).filter(|it| !it.needs.is_disjoint(&reached));
    let dropped = triggers.map(|it| &it.id).chain(views.into_iter().rev());
    res.extend(dropped.map(|id| drop_step(id, format!("Drop {} {}", id.kind, id.name))));
}
