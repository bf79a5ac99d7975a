//! The statements that rename tables, columns and indexes. Foreign keys, generated columns and checks
//! follow by themselves; views and programs do not.

use std::collections::BTreeSet;

use crate::autogenerate::Renames;
use crate::autogenerate::ddl::moves::{Move, sequence};
use crate::autogenerate::ddl::mysql::names::{alter_table, named, quoted};
use crate::autogenerate::script::{Purpose, Step};
use crate::catalog::{Catalog, Id, Kind, Name, Object};

/// Returns the steps that rename tables, all in one statement, and then columns and indexes.
pub(super) fn rename(renames: &Renames, from: &Catalog) -> Vec<Step> {
    let mut res: Vec<Step> = tables(renames, from).into_iter().collect();
    let parts = |kind: Kind| renames.all().filter(move |(_, new)| new.kind == kind);
    let owners: BTreeSet<&Name> = [Kind::Column, Kind::Index]
        .into_iter()
        .flat_map(parts)
        .filter_map(|(_, new)| new.owner.as_ref())
        .collect();
    for owner in owners {
        let own = |kind: Kind| parts(kind).filter(|(_, new)| new.owner.as_ref() == Some(owner));
        let clause = |(old, new): &(Id, Id)| {
            let what = if old.kind == Kind::Column { "COLUMN" } else { "INDEX" };
            let [old, new] = [old, new].map(|it| quoted(it.name.as_str()));
            format!("RENAME {what} {old} TO {new}")
        };
        let all: Vec<&(Id, Id)> = own(Kind::Column).chain(own(Kind::Index)).collect();
        let clauses: Vec<String> = all.iter().map(|it| clause(it)).collect();
        let title = |(old, new): &(Id, Id)| {
            format!(
                "Rename {} to {}",
                named(&Id { owner: Some(owner.clone()), ..old.clone() }),
                new.name
            )
        };
        let title = match all.as_slice() {
            [one] => title(one),
            _ => format!("Rename parts of {owner}"),
        };
        let blank = if clauses.len() > 1 { "\n  " } else { " " };
        let old = from.get(&Id::table(renames.old_table(owner).unwrap_or(owner)));
        let table = Object {
            id: Id::table(owner),
            ..old.cloned().unwrap_or_else(|| Object::new(Id::table(owner)))
        };
        let sql = format!("{}{blank}{}", alter_table(&table), clauses.join(",\n  "));
        res.push(Step {
            purpose: Purpose::Rename,
            serves: all.iter().map(|(_, new)| new.clone()).collect(),
            title,
            statements: vec![sql],
            ..Step::default()
        });
    }
    res
}

fn tables(renames: &Renames, from: &Catalog) -> Option<Step> {
    let of = |(old, _): &&(Id, Id)| [Kind::Table, Kind::View].contains(&old.kind);
    let pairs: Vec<(Name, Name)> =
        renames.all().filter(of).map(|(old, new)| (old.name.clone(), new.name.clone())).collect();
    let there = [Kind::Table, Kind::View].into_iter().flat_map(|kind| from.of_kind(kind));
    let there: BTreeSet<Name> = there.map(|it| it.id.name.clone()).collect();
    let mut all = pairs.clone();
    // What has a wanted name and stays is dropped later, under another name.
    for (_, new) in &pairs {
        if there.contains(new) && !pairs.iter().any(|(old, _)| old == new) {
            all.push((new.clone(), aside_of(new)));
        }
    }
    let moves = sequence(&all, there, aside_of);
    let one = |Move { old, new, .. }: &Move| {
        format!("{} TO {}", quoted(old.as_str()), quoted(new.as_str()))
    };
    let sql: Vec<String> = moves.iter().map(one).collect();
    let title = match pairs.as_slice() {
        [] => return None,
        [(old, new)] => format!("Rename table {old} to {new}"),
        _ => "Rename tables".to_owned(),
    };
    let serves = pairs.iter().map(|(_, new)| Id::table(new)).collect();
    let statements = vec![format!("RENAME TABLE {}", sql.join(", "))];
    Some(Step { purpose: Purpose::Rename, serves, title, statements, ..Step::default() })
}

fn aside_of(name: &Name) -> Name {
    Name::exact(format!("_migrate_old_{name}"))
}
