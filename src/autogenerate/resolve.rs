//! Determines the hints that still apply. A hint stays in the schema after it is done, so it has no
//! effect where the present schema shows that.

use std::collections::BTreeMap;

use crate::autogenerate::hints::RenameHint;
use crate::autogenerate::{AutogenerateError, Renames};
use crate::catalog::{Attribute, Catalog, Id, Kind, Name, Value};

impl Renames {
    /// Determines the hints that apply.
    pub fn resolve(
        hints: &[RenameHint],
        from: &Catalog,
        to: &Catalog,
    ) -> Result<Self, AutogenerateError> {
        if let Some((hint, problem)) = hints.iter().find_map(|hint| Some((hint, untold(hint)?))) {
            let new = hint.subject.as_ref().map_or("…".to_owned(), Id::full_name);
            return Err(refused(hint, &new, problem));
        }
        let mut res = Self::default();
        for kind in [Kind::Table, Kind::Index] {
            let id = |name: &Name| Some(Id::new(kind, name));
            let sides = Sides { from, to, before: &id, after: &id };
            let due = sides.due(hints.iter().filter_map(|hint| of_kind(hint, kind)).collect())?;
            res.extend(due.iter().map(|(old, new)| (Id::new(kind, old), Id::new(kind, new))));
        }
        res.resolve_columns(hints, from, to)?;
        Ok(res)
    }

    fn resolve_columns(
        &mut self,
        hints: &[RenameHint],
        from: &Catalog,
        to: &Catalog,
    ) -> Result<(), AutogenerateError> {
        let mut columns: BTreeMap<Name, Vec<Hint<'_>>> = BTreeMap::new();
        for (hint, new) in hints.iter().filter_map(|hint| of_kind(hint, Kind::Column)) {
            let Some(table) = hint.subject.as_ref().and_then(|it| it.owner.as_ref()) else {
                continue;
            };
            // On the command line the table may have its old name.
            let moved = self.pairs(Kind::Table).find(|(old, _)| *old == table);
            let is_wanted = to.holds(&Id::table(table));
            let table = moved.filter(|_| !is_wanted).map_or(table, |(_, new)| new);
            let table = to.get(&Id::table(table)).map_or(table, |it| &it.id.name);
            columns.entry(table.clone()).or_default().push((hint, new));
        }
        let mut res = Vec::new();
        for (table, list) in columns {
            let old_table = self.old_table(&table).cloned();
            let before = |name: &Name| old_table.as_ref().map(|table| Id::column(table, name));
            let after = |name: &Name| Some(Id::column(&table, name));
            let due = Sides { from, to, before: &before, after: &after }.due(list)?;
            let id = |name: &Name| Id::column(&table, name);
            res.extend(due.iter().map(|(old, new)| (id(old), id(new))));
        }
        self.extend(res);
        Ok(())
    }
}

/// Describes why a hint has no effect, if it is about an object that it can't rename.
fn untold(hint: &RenameHint) -> Option<&'static str> {
    let kinds = [Kind::Table, Kind::Column, Kind::Index];
    match hint.subject.as_ref().filter(|it| kinds.contains(&it.kind)) {
        None => Some("only tables, columns and indexes have hints of their old name"),
        Some(it) => it.schema.as_ref().map(|_| {
            "only objects of the schema where names are looked for first have hints of their old name"
        }),
    }
}

/// Returns a hint and the new name, if it is about an object of that kind.
fn of_kind(hint: &RenameHint, kind: Kind) -> Option<(&RenameHint, &Name)> {
    let subject = hint.subject.as_ref().filter(|it| it.kind == kind)?;
    Some((hint, &subject.name))
}

/// A hint, with the new name.
type Hint<'h> = (&'h RenameHint, &'h Name);

/// The objects of one kind before and after, e.g. the columns of one table.
struct Sides<'a> {
    from: &'a Catalog,
    to: &'a Catalog,
    /// Makes the id of a name in the present catalog.
    before: &'a dyn Fn(&Name) -> Option<Id>,
    /// Makes the id of a name in the wanted catalog.
    after: &'a dyn Fn(&Name) -> Option<Id>,
}

impl Sides<'_> {
    fn is_there(&self, name: &Name) -> bool {
        (self.before)(name).is_some_and(|id| self.from.holds(&id))
    }

    fn is_wanted(&self, name: &Name) -> bool {
        (self.after)(name).is_some_and(|id| self.to.holds(&id))
    }

    /// Tells whether the object of an old name resembles the wanted one of a new name.
    fn fits(&self, old: &Name, new: &Name) -> bool {
        let pair = (self.before)(old).zip((self.after)(new));
        pair.is_some_and(|(old, new)| {
            let (one, other) = (self.from.get(&old), self.to.get(&new));
            one.map(|it| &it.attributes) == other.map(|it| &it.attributes)
                && inside(self.from, &old) == inside(self.to, &new)
        })
    }

    /// Finds the renames that are still to be done, old name and new.
    ///
    /// Where both names are there, a hint is to be followed if its new name is given away by another
    /// one: in a chain, or in a circle, which swaps names. Else it is spent if both are wanted. A
    /// chain or a circle looks the same before and after, so one that a revision has done is spent.
    fn due(&self, hints: Vec<Hint<'_>>) -> Result<Vec<(Name, Name)>, AutogenerateError> {
        let mut res: Vec<(Name, Name)> = Vec::new();
        let mut open: Vec<Hint<'_>> = Vec::new();
        for (hint, new) in hints {
            match (self.is_there(&hint.old), self.is_there(new)) {
                _ if !self.is_wanted(new) => {
                    return Err(refused(hint, new, "the schema has no such new name"));
                }
                (true, false) => res.push((hint.old.clone(), new.clone())),
                (false, true) => {}
                (true, true) if hint.done && self.is_wanted(&hint.old) => {}
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
            if hint.place.is_none() || !self.is_wanted(&hint.old) {
                return Err(refused(hint, new, "both are there already"));
            }
        }
        Ok(res)
    }

    /// Tells whether the objects in a circle of names are where they are wanted only after the
    /// swap.
    fn is_swapped(&self, circles: &[Hint<'_>]) -> bool {
        circles.iter().all(|(_, new)| self.fits(new, new))
            && !circles.iter().all(|(hint, new)| self.fits(&hint.old, new))
    }
}

/// Returns the content of the parts of a table, by their identity in it.
fn inside<'a>(
    catalog: &'a Catalog,
    table: &Id,
) -> Vec<(Kind, &'a Name, &'a BTreeMap<Attribute, Value>)> {
    let parts = catalog.objects.values().filter(|it| it.parent.as_ref() == Some(table));
    let parts = parts.filter(|it| it.id.kind.is_part());
    parts.map(|it| (it.id.kind, &it.id.name, &it.attributes)).collect()
}

/// Tells whether the hints lead from a new name to its old one, to that one's, and back.
fn is_in_circle(open: &[Hint<'_>], (hint, new): &Hint<'_>) -> bool {
    let mut name = &hint.old;
    for _ in open {
        if name == *new {
            return true;
        }
        let Some((next, _)) = open.iter().find(|(_, new)| *new == name) else { return false };
        name = &next.old;
    }
    name == *new
}

fn refused(hint: &RenameHint, new: &dyn ToString, problem: &'static str) -> AutogenerateError {
    let (place, old, new) = (hint.place.clone(), hint.old.to_string(), new.to_string());
    AutogenerateError::Rename { place, old, new, problem }
}
