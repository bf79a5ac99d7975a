//! Renames: which are meant, and the statements for them.

use std::collections::BTreeSet;

use crate::autogenerate::AutogenerateError;
use crate::autogenerate::hints::{RenameHint, Subject};
use crate::autogenerate::script::Step;
use crate::schema::{ChangeKind, Difference, Name, ObjectType, Schema, identifier, words};

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
    /// Finds which hints are to be followed: those whose old name is still there.
    pub fn resolve(
        hints: &[RenameHint],
        from: &Schema,
        to: &Schema,
    ) -> Result<Self, AutogenerateError> {
        let mut res = Self::default();
        for hint in hints {
            if let Subject::Table(new) = &hint.subject {
                let is = |schema: &Schema, name: &Name| schema.tables.contains_key(name);
                if is_due(hint, new, is(from, &hint.old), is(from, new), is(to, new))? {
                    res.tables.push((hint.old.clone(), new.clone()));
                }
            }
        }
        for hint in hints {
            match &hint.subject {
                Subject::Table(_) => {}
                Subject::Column(table, new) => res.add_column(hint, table, new, from, to)?,
                Subject::Index(new) => {
                    let is = |schema: &Schema, name: &Name| schema.indexes.contains_key(name);
                    if is_due(hint, new, is(from, &hint.old), is(from, new), is(to, new))? {
                        res.indexes.push((hint.old.clone(), new.clone()));
                    }
                }
                Subject::Other => {
                    let problem = "only tables, columns and indexes have hints of their old name";
                    return Err(refused(hint, &"…", problem));
                }
            }
        }
        Ok(res)
    }

    fn add_column(
        &mut self,
        hint: &RenameHint,
        table: &Name,
        new: &Name,
        from: &Schema,
        to: &Schema,
    ) -> Result<(), AutogenerateError> {
        let old_table = self.old_table(table).clone();
        let before = from.tables.get(&old_table);
        let is = |name: &Name| before.is_some_and(|table| table.column(name).is_some());
        let wanted = to.tables.get(table).is_some_and(|it| it.column(new).is_some());
        if is_due(hint, new, is(&hint.old), is(new), wanted)? {
            self.columns.push((table.clone(), hint.old.clone(), new.clone()));
        }
        Ok(())
    }

    /// Returns the old name of a table.
    pub fn old_table<'a>(&'a self, new: &'a Name) -> &'a Name {
        self.tables.iter().find(|(_, it)| it == new).map_or(new, |(old, _)| old)
    }

    /// Returns the new name of a table.
    pub fn new_table<'a>(&'a self, old: &'a Name) -> &'a Name {
        self.tables.iter().find(|(it, _)| it == old).map_or(old, |(_, new)| new)
    }

    /// Returns the new name of a column of a table by its new name.
    pub fn new_column<'a>(&'a self, table: &Name, old: &'a Name) -> &'a Name {
        let found = self.columns.iter().find(|(it, before, _)| it == table && before == old);
        found.map_or(old, |(_, _, new)| new)
    }

    /// Returns the way back.
    #[must_use]
    pub fn reversed(&self) -> Self {
        let swap = |(old, new): &(Name, Name)| (new.clone(), old.clone());
        let column = |(table, old, new): &(Name, Name, Name)| {
            (self.old_table(table).clone(), new.clone(), old.clone())
        };
        Self {
            tables: self.tables.iter().map(swap).collect(),
            columns: self.columns.iter().map(column).collect(),
            indexes: self.indexes.iter().map(swap).collect(),
        }
    }

    /// Returns the renames as differences.
    pub fn differences(&self) -> Vec<Difference> {
        let one = |object_type, owner: &Name, old: &str, new: String| Difference {
            kind: ChangeKind::Rename,
            object_type,
            owner: owner.clone(),
            destructive: false,
            description: format!("rename {object_type} {old} to {new}"),
            object: new,
        };
        let tables = self
            .tables
            .iter()
            .map(|(old, new)| one(ObjectType::Table, new, old.as_str(), new.to_string()));
        let columns = self.columns.iter().map(|(table, old, new)| {
            one(ObjectType::Column, table, &format!("{table}.{old}"), format!("{table}.{new}"))
        });
        let indexes = self
            .indexes
            .iter()
            .map(|(old, new)| one(ObjectType::Index, new, old.as_str(), new.to_string()));
        tables.chain(columns).chain(indexes).collect()
    }

    /// Returns the steps that rename tables and columns.
    ///
    /// On the way back a new object can have taken an old name: a table is dropped before, a column
    /// steps aside and is dropped later.
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
            reached.extend(self.columns.iter().map(|(table, _, _)| self.old_table(table).clone()));
        }
        drop_what_reaches(&mut res, from, &reached);
        for name in &in_the_way {
            let sql = format!("DROP TABLE {}", identifier(name));
            let mut step =
                Step::new(name, format!("Drop table {name}, whose name is wanted"), vec![sql]);
            step.destructive.push(format!("drops table {name} with its rows"));
            res.push(step);
        }
        let there =
            from.tables.keys().filter(|name| !in_the_way.contains(*name)).cloned().collect();
        for (old, new) in sequence(&self.tables, there) {
            let sql = format!("ALTER TABLE {} RENAME TO {}", identifier(&old), identifier(&new));
            res.push(Step::new(&new, format!("Rename table {old} to {new}"), vec![sql]));
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
            let before = from.tables.get(self.old_table(table));
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
            for (old, new) in sequence(&pairs, there) {
                let (target, from, to) = (identifier(table), identifier(&old), identifier(&new));
                let sql = format!("ALTER TABLE {target} RENAME COLUMN {from} TO {to}");
                res.push(Step::new(
                    table,
                    format!("Rename column {table}.{old} to {new}"),
                    vec![sql],
                ));
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
            res.push(Step::new(name, format!("Drop trigger {name}"), vec![sql]));
        }
    }
    for name in views.into_iter().rev() {
        let sql = format!("DROP VIEW {}", identifier(name));
        res.push(Step::new(name, format!("Drop view {name}"), vec![sql]));
    }
}

/// Tells whether a rename is still to be done.
fn is_due(
    hint: &RenameHint,
    new: &Name,
    old_is_there: bool,
    new_is_there: bool,
    new_is_wanted: bool,
) -> Result<bool, AutogenerateError> {
    match (old_is_there, new_is_there) {
        _ if !new_is_wanted => Err(refused(hint, new, "the schema has no such new name")),
        (true, false) => Ok(true),
        (false, true) => Ok(false),
        // What was renamed once may get a successor of its old name.
        (true, true) => Err(refused(hint, new, "both are there already")),
        (false, false) => Err(refused(hint, new, "neither is there")),
    }
}

fn refused(hint: &RenameHint, new: &dyn ToString, problem: &'static str) -> AutogenerateError {
    let (place, old, new) = (hint.place.clone(), hint.old.to_string(), new.to_string());
    AutogenerateError::Rename { place, old, new, problem }
}

/// Orders renames so that each name is free when it is taken; a circle is opened with a name aside.
fn sequence(pairs: &[(Name, Name)], mut there: BTreeSet<Name>) -> Vec<(Name, Name)> {
    let mut todo: Vec<(Name, Name)> = pairs.to_vec();
    let mut res = Vec::new();
    while !todo.is_empty() {
        let (at, aside) = match todo.iter().position(|(_, new)| !there.contains(new)) {
            Some(at) => (at, None),
            None => (0, Some(())),
        };
        let (old, new) = todo.remove(at);
        let target = match aside {
            None => new,
            Some(()) => {
                let free = Name::new(format!("_migrate_old_{old}"));
                todo.push((free.clone(), new));
                free
            }
        };
        there.remove(&old);
        there.insert(target.clone());
        res.push((old, target));
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
            sequence(&pairs, there).iter().map(|(old, new)| format!("{old}>{new}")).collect();
        assert_eq!(res.join(" "), expected);
    }

    #[test]
    fn every_name_is_free_when_it_is_taken() {
        check(&[("a", "b"), ("b", "c")], "b>c a>b");
        check(&[("a", "b"), ("b", "a")], "a>_migrate_old_a b>a _migrate_old_a>b");
    }
}
