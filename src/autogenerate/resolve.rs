//! Determines the hints that still apply. A hint stays in the schema after it is done, so it has no
//! effect where the present schema shows that.

use std::collections::BTreeMap;

use crate::autogenerate::hints::RenameHint;
use crate::autogenerate::rename::OWNERS;
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
        let hints: Vec<RenameHint> = hints.iter().map(whole).collect();
        let mut res = Self::default();
        let ranks: [fn(&Id) -> bool; 3] = [
            |it| it.kind == Kind::Schema,
            |it| it.kind != Kind::Schema && it.owner.is_none(),
            |it| it.owner.is_some(),
        ];
        for is_next in ranks {
            let mut places: BTreeMap<Id, Vec<Hint<'_>>> = BTreeMap::new();
            for hint in &hints {
                let Some(subject) = hint.subject.as_ref().filter(|it| is_next(it)) else {
                    continue;
                };
                let place = Id { name: Name::exact(""), ..res.now(subject, to) };
                places.entry(place).or_default().push((hint, &subject.name));
            }
            let mut found = Vec::new();
            for (place, list) in places {
                let of = |name: &Name| Id { name: name.clone(), ..place.clone() };
                let before = |name: &Name| res.place_before(&of(name));
                let after = |name: &Name| Some(of(name));
                let due = Sides { from, to, before: &before, after: &after }.due(list)?;
                found.extend(due.iter().map(|(old, new)| (of(old), of(new))));
            }
            res.extend(found);
        }
        Ok(res)
    }

    /// Returns an id with the owner as it is wanted: on the command line it may have its old name.
    fn now(&self, id: &Id, to: &Catalog) -> Id {
        let Some(owner) = &id.owner else { return id.clone() };
        let whole = |kind, name: &Name| Id { schema: id.schema.clone(), ..Id::new(kind, name) };
        let wanted = |name: &Name| {
            let found = OWNERS.into_iter().find_map(|kind| to.get(&whole(kind, name)));
            found.map(|it| it.id.name.clone())
        };
        let moved = || {
            let is_it = |it: &Id| OWNERS.iter().any(|kind| *it == whole(*kind, owner));
            self.all().find(|(old, _)| is_it(old)).map(|(_, new)| new.name.clone())
        };
        let owner = wanted(owner).or_else(moved).unwrap_or_else(|| owner.clone());
        Id { owner: Some(owner), ..id.clone() }
    }
}

/// Gives the old name of a routine the arguments of the new one.
fn whole(hint: &RenameHint) -> RenameHint {
    let routines = [Kind::Function, Kind::Procedure, Kind::Aggregate];
    let subject = hint.subject.as_ref().filter(|it| routines.contains(&it.kind));
    let arguments = subject.and_then(|it| Some(it.name.as_str().split_once('(')?.1));
    let mut res = hint.clone();
    if let Some(arguments) = arguments.filter(|_| !hint.old.as_str().contains('(')) {
        res.old = Name::exact(format!("{}({arguments}", hint.old));
    }
    res
}

/// Describes why a hint has no effect, if it is about an object that it can't rename.
fn untold(hint: &RenameHint) -> Option<&'static str> {
    let kinds = [Kind::Extension, Kind::Default, Kind::Opaque];
    let is_known = hint.subject.as_ref().is_some_and(|it| !kinds.contains(&it.kind));
    (!is_known).then_some("it is of a kind whose objects are not renamed, but made anew")
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
                _ if hint.old == *new => {}
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
