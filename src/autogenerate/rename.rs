//! Renames: which are meant, and the statements for them.

use std::collections::BTreeSet;

use crate::autogenerate::script::Step;
use crate::schema::{ChangeKind, Difference, Id, Name, ObjectType, Schema, identifier, words};

/// What gets another name, between two schemas.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Renames {
    /// Tables: old, new.
    pub tables: Vec<(Name, Name)>,
    /// Columns: the table by its new name, old, new.
    pub columns: Vec<(Name, Name, Name)>,
    /// Indexes: old, new.
    pub indexes: Vec<(Name, Name)>,
}

impl Renames {
    /// Returns the old name of a table; none if it is a new one, maybe of a name that is free now.
    pub fn old_table<'a>(&'a self, new: &'a Name) -> Option<&'a Name> {
        counterpart(self.tables.iter().map(|(old, new)| (new, old)), new)
    }

    /// Returns the new name of a table; none if its name is another's then.
    pub fn new_table<'a>(&'a self, old: &'a Name) -> Option<&'a Name> {
        counterpart(self.tables.iter().map(|(old, new)| (old, new)), old)
    }

    /// Returns the old name of a column of a table by its new name.
    pub fn old_column<'a>(&'a self, table: &Name, new: &'a Name) -> Option<&'a Name> {
        let own = self.columns.iter().filter(|(it, _, _)| it == table);
        counterpart(own.map(|(_, old, new)| (new, old)), new)
    }

    /// Returns the new name of a column of a table by its new name.
    pub fn new_column<'a>(&'a self, table: &Name, old: &'a Name) -> Option<&'a Name> {
        let own = self.columns.iter().filter(|(it, _, _)| it == table);
        counterpart(own.map(|(_, old, new)| (old, new)), old)
    }

    /// Returns the way back.
    #[must_use]
    pub fn reversed(&self) -> Self {
        let swap = |(old, new): &(Name, Name)| (new.clone(), old.clone());
        let column = |(table, old, new): &(Name, Name, Name)| {
            (self.old_table(table).unwrap_or(table).clone(), new.clone(), old.clone())
        };
        Self {
            tables: self.tables.iter().map(swap).collect(),
            columns: self.columns.iter().map(column).collect(),
            indexes: self.indexes.iter().map(swap).collect(),
        }
    }

    /// Returns the renames as differences.
    pub fn differences(&self) -> Vec<Difference> {
        let one = |ids: Vec<Id>, object_type, old: &str, new: String| Difference {
            kind: ChangeKind::Rename,
            object_type,
            ids,
            destructive: false,
            description: format!("rename {object_type} {old} to {new}"),
            object: new,
        };
        let tables = self.tables.iter().map(|(old, new)| {
            let ids = vec![Id::table(new).renamed()];
            one(ids, ObjectType::Table, old.as_str(), new.to_string())
        });
        let columns = self.columns.iter().map(|(table, old, new)| {
            let ids = vec![Id::column(table, new).renamed()];
            one(ids, ObjectType::Column, &format!("{table}.{old}"), format!("{table}.{new}"))
        });
        // SQLite renames no index: the old one is dropped, and the new one made.
        let indexes = self.indexes.iter().map(|(old, new)| {
            let ids = [new, old].map(|name| Id::whole(ObjectType::Index, name)).to_vec();
            one(ids, ObjectType::Index, old.as_str(), new.to_string())
        });
        tables.chain(columns).chain(indexes).collect()
    }

    /// Returns the steps that rename tables and columns.
    ///
    /// On the way back a new object can have taken an old name: a table, an index or a view is
    /// dropped before, a column steps aside and is dropped later.
    pub(crate) fn steps(&self, from: &Schema, drop_dependents: bool) -> Vec<Step> {
        let mut res = Vec::new();
        let in_the_way: BTreeSet<Name> = self
            .tables
            .iter()
            .map(|(_, new)| new.clone())
            .filter(|new| {
                from.tables.contains_key(new) && !self.tables.iter().any(|(old, _)| old == new)
            })
            .collect();
        let mut reached = in_the_way.clone();
        if drop_dependents {
            reached.extend(self.tables.iter().map(|(old, _)| old.clone()));
            reached.extend(
                self.columns.iter().filter_map(|(table, _, _)| self.old_table(table).cloned()),
            );
        }
        let is_wanted = |name: &Name| self.tables.iter().any(|(_, new)| new == name);
        let views: Vec<&Name> = from.views.keys().filter(|name| is_wanted(name)).collect();
        reached.extend(views.iter().map(|name| (*name).clone()));
        drop_what_reaches(&mut res, from, &reached);
        let views = views.into_iter().map(|name| (ObjectType::View, name));
        let indexes = from.indexes.keys().filter(|name| is_wanted(name));
        for (kind, name) in views.chain(indexes.map(|name| (ObjectType::Index, name))) {
            let sql = format!("DROP {} {}", kind.as_str().to_ascii_uppercase(), identifier(name));
            let title = format!("Drop {kind} {name}, whose name is wanted");
            let takes = from.with(name);
            res.push(Step { takes, ..Step::new(Id::whole(kind, name), title, vec![sql]) });
        }
        let all: Vec<Id> = self.differences().into_iter().flat_map(|it| it.ids).collect();
        for step in &mut res {
            step.causes.clone_from(&all);
        }
        for name in &in_the_way {
            let sql = format!("DROP TABLE {}", identifier(name));
            let title = format!("Drop table {name}, whose name is wanted");
            let mut step = Step::new(Id::table(name), title, vec![sql]);
            step.takes = from.with(name);
            step.destructive.push(format!("drops table {name} with its rows"));
            res.push(step);
        }
        let there =
            from.tables.keys().filter(|name| !in_the_way.contains(*name)).cloned().collect();
        for Move { old, new, meant } in sequence(&self.tables, there) {
            let sql = format!("ALTER TABLE {} RENAME TO {}", identifier(&old), identifier(&new));
            let title = format!("Rename table {old} to {new}");
            res.push(Step::new(Id::table(&meant).renamed(), title, vec![sql]));
        }
        self.column_steps(from, &mut res);
        res
    }

    fn column_steps(&self, from: &Schema, res: &mut Vec<Step>) {
        let tables: BTreeSet<&Name> = self.columns.iter().map(|(table, _, _)| table).collect();
        for table in tables {
            let own = self.columns.iter().filter(|(it, _, _)| it == table);
            let mut pairs: Vec<(Name, Name)> =
                own.map(|(_, old, new)| (old.clone(), new.clone())).collect();
            let before = self.old_table(table).and_then(|old| from.tables.get(old));
            let there: BTreeSet<Name> = before
                .into_iter()
                .flat_map(|it| it.columns.iter().map(|it| it.name.clone()))
                .collect();
            let is_moved = |name: &Name| pairs.iter().any(|(old, _)| old == name);
            let aside: Vec<(Name, Name)> = pairs
                .iter()
                .filter(|(_, new)| there.contains(new) && !is_moved(new))
                .map(|(_, new)| (new.clone(), Name::new(format!("_migrate_old_{new}"))))
                .collect();
            pairs.extend(aside);
            for Move { old, new, meant } in sequence(&pairs, there) {
                let (target, from, to) = (identifier(table), identifier(&old), identifier(&new));
                let sql = format!("ALTER TABLE {target} RENAME COLUMN {from} TO {to}");
                let title = format!("Rename column {table}.{old} to {new}");
                res.push(Step::new(Id::column(table, &meant).renamed(), title, vec![sql]));
            }
        }
    }
}

fn drop_what_reaches(res: &mut Vec<Step>, from: &Schema, tables: &BTreeSet<Name>) {
    if tables.is_empty() {
        return;
    }
    let mut reached = tables.clone();
    let mut views = Vec::new();
    loop {
        let next = from.views.values().find(|view| {
            !reached.contains(&view.name) && words(&view.sql).iter().any(|it| reached.contains(it))
        });
        let Some(view) = next else {
            break;
        };
        reached.insert(view.name.clone());
        views.push(&view.name);
    }
    for trigger in from.triggers.values() {
        let own = reached.contains(&trigger.target);
        if own || words(&trigger.sql).iter().any(|it| reached.contains(it)) {
            let name = &trigger.name;
            let sql = format!("DROP TRIGGER {}", identifier(name));
            let id = Id::whole(ObjectType::Trigger, name);
            res.push(Step::new(id, format!("Drop trigger {name}"), vec![sql]));
        }
    }
    for name in views.into_iter().rev() {
        let sql = format!("DROP VIEW {}", identifier(name));
        let id = Id::whole(ObjectType::View, name);
        res.push(Step::new(id, format!("Drop view {name}"), vec![sql]));
    }
}

/// Finds a name's counterpart among pairs; a name that is another's counterpart has none itself.
fn counterpart<'a>(
    mut pairs: impl Iterator<Item = (&'a Name, &'a Name)>,
    name: &'a Name,
) -> Option<&'a Name> {
    let mut is_other = false;
    let found = pairs.find_map(|(one, other)| {
        is_other |= other == name;
        (one == name).then_some(other)
    });
    found.or((!is_other).then_some(name))
}

/// One rename on the way to the name that is meant.
struct Move {
    old: Name,
    new: Name,
    meant: Name,
}

/// Orders renames so that each name is free when it is taken; a circle is opened with a name aside.
fn sequence(pairs: &[(Name, Name)], mut there: BTreeSet<Name>) -> Vec<Move> {
    let mut todo: Vec<(Name, Name)> = pairs.to_vec();
    let mut res = Vec::new();
    while !todo.is_empty() {
        let free = todo.iter().position(|(_, new)| !there.contains(new));
        let (old, new) = todo.remove(free.unwrap_or(0));
        let meant = new.clone();
        let target = if free.is_some() {
            new
        } else {
            let aside = Name::new(format!("_migrate_old_{old}"));
            todo.push((aside.clone(), new));
            aside
        };
        there.remove(&old);
        there.insert(target.clone());
        res.push(Move { old, new: target, meant });
    }
    res
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pairs: &[(&str, &str)], expected: &str) {
        let pairs: Vec<(Name, Name)> =
            pairs.iter().map(|(a, b)| ((*a).into(), (*b).into())).collect();
        let there = pairs.iter().map(|(old, _)| old.clone()).collect();
        let res: Vec<String> =
            sequence(&pairs, there).iter().map(|it| format!("{}>{}", it.old, it.new)).collect();
        assert_eq!(res.join(" "), expected);
    }

    #[test]
    fn every_name_is_free_when_it_is_taken() {
        check(&[("a", "b"), ("b", "c")], "b>c a>b");
        check(&[("a", "b"), ("b", "a")], "a>_migrate_old_a b>a _migrate_old_a>b");
    }
}
