//! Which hints are still to be followed. A hint stays in the schema when it is done, so it is spent
//! where the present schema shows that it was followed.

use std::collections::BTreeMap;

use crate::autogenerate::hints::{RenameHint, Subject};
use crate::autogenerate::{AutogenerateError, Renames};
use crate::schema::{Column, Name, Schema, Table};

impl Renames {
    /// Finds which hints are to be followed.
    pub fn resolve(
        hints: &[RenameHint],
        from: &Schema,
        to: &Schema,
    ) -> Result<Self, AutogenerateError> {
        let mut res = Self::default();
        let is_there = |name: &Name| from.tables.contains_key(name);
        let is_wanted = |name: &Name| to.tables.contains_key(name);
        let fits = |old: &Name, new: &Name| {
            let pair = from.tables.get(old).zip(to.tables.get(new));
            pair.is_some_and(|(old, new)| Table { name: new.name.clone(), ..old.clone() } == *new)
        };
        let sides = Sides { is_there: &is_there, is_wanted: &is_wanted, fits: &fits };
        res.tables = sides.due(hints.iter().filter_map(of_table).collect())?;
        let is_there = |name: &Name| from.indexes.contains_key(name);
        let is_wanted = |name: &Name| to.indexes.contains_key(name);
        let fits = |old: &Name, new: &Name| {
            let pair = from.indexes.get(old).zip(to.indexes.get(new));
            pair.is_some_and(|(old, new)| old.is_like(new))
        };
        let sides = Sides { is_there: &is_there, is_wanted: &is_wanted, fits: &fits };
        res.indexes = sides.due(hints.iter().filter_map(of_index).collect())?;
        res.resolve_columns(hints, from, to)?;
        match hints.iter().find(|hint| hint.subject == Subject::Other) {
            None => Ok(res),
            Some(hint) => {
                let problem = "only tables, columns and indexes have hints of their old name";
                Err(refused(hint, &"…", problem))
            }
        }
    }

    fn resolve_columns(
        &mut self,
        hints: &[RenameHint],
        from: &Schema,
        to: &Schema,
    ) -> Result<(), AutogenerateError> {
        let mut columns: BTreeMap<&Name, Vec<(&RenameHint, &Name)>> = BTreeMap::new();
        for hint in hints {
            if let Subject::Column(table, new) = &hint.subject {
                // On the command line the table may have its old name.
                let table =
                    self.tables.iter().find(|(old, _)| old == table).map_or(table, |(_, new)| {
                        if to.tables.contains_key(table) { table } else { new }
                    });
                let table = to.tables.get_key_value(table).map_or(table, |(name, _)| name);
                columns.entry(table).or_default().push((hint, new));
            }
        }
        let mut res = Vec::new();
        for (table, list) in columns {
            let before = self.old_table(table).and_then(|old| from.tables.get(old));
            let after = to.tables.get(table);
            let column = |table: Option<&Table>, name: &Name| -> Option<Column> {
                table.and_then(|table| table.column(name)).cloned()
            };
            let is_there = |name: &Name| column(before, name).is_some();
            let is_wanted = |name: &Name| column(after, name).is_some();
            let fits = |old: &Name, new: &Name| {
                let pair = column(before, old).zip(column(after, new));
                pair.is_some_and(|(old, new)| Column { name: new.name.clone(), ..old } == new)
            };
            let sides = Sides { is_there: &is_there, is_wanted: &is_wanted, fits: &fits };
            let due = sides.due(list)?;
            res.extend(due.into_iter().map(|(old, new)| (table.clone(), old, new)));
        }
        self.columns = res;
        Ok(())
    }
}

fn of_table(hint: &RenameHint) -> Option<(&RenameHint, &Name)> {
    if let Subject::Table(new) = &hint.subject { Some((hint, new)) } else { None }
}

fn of_index(hint: &RenameHint) -> Option<(&RenameHint, &Name)> {
    if let Subject::Index(new) = &hint.subject { Some((hint, new)) } else { None }
}

/// A hint, with the new name.
type Hint<'h> = (&'h RenameHint, &'h Name);

/// What is asked about names of one kind, as the columns of one table.
struct Sides<'a> {
    is_there: &'a dyn Fn(&Name) -> bool,
    is_wanted: &'a dyn Fn(&Name) -> bool,
    /// Tells whether what has an old name is what is wanted under a new one.
    fits: &'a dyn Fn(&Name, &Name) -> bool,
}

impl Sides<'_> {
    /// Finds the renames that are still to be done, old name and new.
    ///
    /// Where both names are there, a hint is to be followed if its new name is given away by another
    /// one: in a chain, or in a circle, which swaps names. Else it is spent if both are wanted. A
    /// chain or a circle looks the same before and after, so one that a revision has done is spent.
    fn due(&self, hints: Vec<Hint<'_>>) -> Result<Vec<(Name, Name)>, AutogenerateError> {
        let mut res: Vec<(Name, Name)> = Vec::new();
        let mut open: Vec<Hint<'_>> = Vec::new();
        for (hint, new) in hints {
            match ((self.is_there)(&hint.old), (self.is_there)(new)) {
                _ if !(self.is_wanted)(new) => {
                    return Err(refused(hint, new, "the schema has no such new name"));
                }
                (true, false) => res.push((hint.old.clone(), new.clone())),
                (false, true) => {}
                (true, true) if hint.done && (self.is_wanted)(&hint.old) => {}
                (true, true) => open.push((hint, new)),
                (false, false) => return Err(refused(hint, new, "neither is there")),
            }
        }
        let given_away =
            |res: &[(Name, Name)], (_, new): &Hint<'_>| res.iter().any(|(old, _)| old == *new);
        while let Some(at) = open.iter().position(|hint| given_away(&res, hint)) {
            let (hint, new) = open.remove(at);
            res.push((hint.old.clone(), new.clone()));
        }
        let (circles, rest): (Vec<Hint<'_>>, Vec<Hint<'_>>) =
            open.iter().partition(|hint| is_in_circle(&open, hint));
        for (hint, new) in &circles {
            if hint.place.is_none() || !self.is_swapped(&circles) {
                res.push((hint.old.clone(), (*new).clone()));
            }
        }
        for (hint, new) in rest {
            if hint.place.is_none() || !(self.is_wanted)(&hint.old) {
                return Err(refused(hint, new, "both are there already"));
            }
        }
        Ok(res)
    }

    /// Tells whether what stands in a circle of names is where it is wanted, and wasn't otherwise.
    fn is_swapped(&self, circles: &[Hint<'_>]) -> bool {
        circles.iter().all(|(_, new)| (self.fits)(new, new))
            && !circles.iter().all(|(hint, new)| (self.fits)(&hint.old, new))
    }
}

/// Tells whether the hints lead from a new name to its old one, to that one's, and back.
fn is_in_circle(open: &[Hint<'_>], (hint, new): &Hint<'_>) -> bool {
    let mut name = &hint.old;
    for _ in open {
        if name == *new {
            return true;
        }
        let Some((next, _)) = open.iter().find(|(_, new)| *new == name) else {
            return false;
        };
        name = &next.old;
    }
    name == *new
}

fn refused(hint: &RenameHint, new: &dyn ToString, problem: &'static str) -> AutogenerateError {
    let (place, old, new) = (hint.place.clone(), hint.old.to_string(), new.to_string());
    AutogenerateError::Rename { place, old, new, problem }
}
