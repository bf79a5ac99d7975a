//! Determines the hints that still apply. A hint stays in the schema after it is done, so it has no
//! effect where the present schema shows that.

use std::collections::BTreeMap;

use crate::autogenerate::hints::RenameHint;
use crate::autogenerate::rename::{OWNERS, is_value};
use crate::autogenerate::{AutogenerateError, Renames};
use crate::catalog::{Attribute, Catalog, Id, Kind, Name, Value};
use crate::inspect::postgres::attributes::LABELS;

impl Renames {
    /// Determines the hints that apply.
    pub fn resolve(
        hints: &[RenameHint],
        from: &Catalog,
        to: &Catalog,
    ) -> Result<Self, AutogenerateError> {
        if let Some((hint, problem)) = hints.iter().find_map(|hint| Some((hint, untold(hint)?))) {
            let unnamed = Id::table(&Name::exact("…"));
            return Err(refused(hint, hint.subject.as_ref().unwrap_or(&unnamed), problem));
        }
        if let Some((hint, id)) = hints.iter().find_map(|hint| Some((hint, strayed(hint, hints)?)))
        {
            return Err(refused(hint, id, "the name before the dot isn't that of its table"));
        }
        let hints: Vec<RenameHint> = hints.iter().map(whole).collect();
        let mut res = Self::default();
        let ranks: [fn(&Id) -> bool; 3] = [
            |it| it.kind == Kind::Schema,
            |it| it.kind != Kind::Schema && it.owner.is_none(),
            |it| it.owner.is_some(),
        ];
        for is_next in ranks {
            let due = |hint| res.pair(hint, (from, to));
            let next = |it: &&RenameHint| it.subject.as_ref().is_some_and(is_next);
            let list: Vec<Resolved<'_>> = hints.iter().filter(next).filter_map(due).collect();
            let before = |id: &Id| res.place_before(id);
            let found = Sides { from, to, before: &before }.due(list)?;
            res.extend(found);
        }
        Ok(res)
    }

    /// Returns a hint with the old and the new id of its object, schemas and owners by their new names.
    fn pair<'h>(
        &self,
        hint: &'h RenameHint,
        (from, to): (&Catalog, &Catalog),
    ) -> Option<Resolved<'h>> {
        let new = self.now(hint.subject.as_ref()?, to);
        let schema = match &hint.schema {
            Some(schema) if new.owner.is_none() => {
                let is_home = from.home.as_ref() == Some(schema);
                (!is_home).then(|| self.schema_now(schema))
            }
            Some(_) | None => new.schema.clone(),
        };
        let old = Id { schema, name: hint.old.clone(), ..new.clone() };
        Some(Resolved { hint, old, new })
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
    let is_of = |kinds: &[Kind]| hint.subject.as_ref().is_some_and(|it| kinds.contains(&it.kind));
    if hint.subject.is_none() || is_of(&[Kind::Extension, Kind::Default, Kind::Opaque]) {
        return Some("it is of a kind whose objects are not renamed, but made anew");
    }
    let is_moved = hint.schema.is_some() && is_of(&[Kind::Schema, Kind::EventTrigger]);
    is_moved.then_some("it is of a kind whose objects are in no schema")
}

/// Returns the id of a part if its hint has the name of another table than its own before the old name:
/// its own has the name that is wanted, or that of a hint.
fn strayed<'h>(hint: &'h RenameHint, hints: &[RenameHint]) -> Option<&'h Id> {
    let id = hint.subject.as_ref()?;
    let (owner, said) = (id.owner.as_ref()?, hint.schema.as_ref()?);
    let is_whole = |it: &Id| it.owner.is_none() && it.name == *owner && it.schema == id.schema;
    let mut old = hints.iter().filter(|it| it.subject.as_ref().is_some_and(is_whole));
    let is_own = said == owner || old.any(|it| it.old == *said);
    (!is_own).then_some(id)
}

/// A hint, with the old and the new id.
#[derive(Clone)]
struct Resolved<'h> {
    hint: &'h RenameHint,
    old: Id,
    new: Id,
}

/// The schemas before and after.
struct Sides<'a> {
    from: &'a Catalog,
    to: &'a Catalog,
    /// Finds the id in the present catalog before the renames that are known.
    before: &'a dyn Fn(&Id) -> Option<Id>,
}

impl Sides<'_> {
    fn is_there(&self, id: &Id) -> bool {
        (self.before)(id).is_some_and(|id| has(self.from, &id))
    }

    /// Tells whether the object of an old id resembles the wanted one of a new id.
    fn fits(&self, old: &Id, new: &Id) -> bool {
        (self.before)(old).is_some_and(|old| {
            let (one, other) = (self.from.get(&old), self.to.get(new));
            one.map(|it| &it.attributes) == other.map(|it| &it.attributes)
                && inside(self.from, &old) == inside(self.to, new)
        })
    }

    /// Tells whether nothing but names, and what has its own in it, tells the object of an old id from the
    /// wanted one of a new id.
    fn is_alike(&self, old: &Id, new: &Id) -> bool {
        (self.before)(old).is_some_and(|old| {
            let (one, other) = (self.from.get(&old), self.to.get(new));
            one.map(|it| &it.attributes) == other.map(|it| &it.attributes)
                && columns(inside(self.from, &old)) == columns(inside(self.to, new))
        })
    }

    /// Finds the renames that are still to be done, old id and new.
    ///
    /// Where both are there, a hint is to be followed if its new name is given away by another
    /// one: in a chain, or in a circle, which swaps names. Else it is spent if both are wanted. A
    /// chain or a circle looks the same before and after, so one that a revision has done is spent.
    fn due(&self, hints: Vec<Resolved<'_>>) -> Result<Vec<(Id, Id)>, AutogenerateError> {
        let mut res: Vec<(Id, Id)> = Vec::new();
        let mut open: Vec<Resolved<'_>> = Vec::new();
        self.refuse_rivals(&hints)?;
        for it in hints {
            let Resolved { hint, old, new } = &it;
            match (self.is_there(old), self.is_there(new)) {
                _ if !has(self.to, new) => {
                    return Err(refused(hint, new, "the schema has no such new name"));
                }
                (true, _) if old == new => {}
                (true, false) => res.push((old.clone(), new.clone())),
                (false, true) => {}
                (true, true) if hint.done && has(self.to, old) => {}
                (true, true) => open.push(it),
                (false, false) if self.has_capitals(old) => {
                    let problem = "neither is there; one with capital letters has to be in quotes";
                    return Err(refused(hint, new, problem));
                }
                (false, false) if old == new => {
                    return Err(refused(hint, new, "it has that name already"));
                }
                (false, false) => {
                    let problem = self.kinds(old, new);
                    let problem = problem.unwrap_or_else(|| "neither is there".to_owned());
                    return Err(refused(hint, new, problem));
                }
            }
        }
        let given_away =
            |res: &[(Id, Id)], it: &Resolved<'_>| res.iter().any(|(old, _)| *old == it.new);
        while let Some(at) = open.iter().position(|hint| given_away(&res, hint)) {
            let Resolved { old, new, .. } = open.remove(at);
            res.push((old, new));
        }
        let (circles, rest): (Vec<Resolved<'_>>, Vec<Resolved<'_>>) =
            open.iter().cloned().partition(|hint| is_in_circle(&open, hint));
        if let Some(it) = circles.iter().find(|it| is_value(&it.new)) {
            // Nothing tells whether that is done already.
            return Err(refused(it.hint, &it.new, "values can't change places"));
        }
        for Resolved { hint, old, new } in &circles {
            if hint.place.is_none() || !self.is_swapped(&circles) {
                res.push((old.clone(), new.clone()));
            }
        }
        for Resolved { hint, old, new } in rest {
            if hint.place.is_none() || !has(self.to, &old) {
                return Err(refused(hint, &new, "both are there already"));
            }
        }
        Ok(res)
    }

    /// Refuses two hints that give one object two new names.
    fn refuse_rivals(&self, hints: &[Resolved<'_>]) -> Result<(), AutogenerateError> {
        let is_due = |it: &&Resolved<'_>| self.is_there(&it.old) && !self.is_there(&it.new);
        let due: Vec<&Resolved<'_>> = hints.iter().filter(is_due).collect();
        for (at, it) in due.iter().enumerate() {
            let mut before = due.iter().take(at);
            if let Some(first) = before.find(|one| one.old == it.old && one.new != it.new) {
                let rival = match &first.hint.place {
                    Some(place) => {
                        let file = place.file.file_name().unwrap_or_default().to_string_lossy();
                        format!("the hint at {file}:{}:{}", place.line, place.column)
                    }
                    None => "another --rename".to_owned(),
                };
                let problem = format!("{rival} renames it to `{}`", first.new.full_name());
                return Err(refused(it.hint, &it.new, problem));
            }
        }
        Ok(())
    }

    /// Describes an object of another kind that has the old name.
    fn kinds(&self, old: &Id, new: &Id) -> Option<String> {
        let bare = |it: &Id| it.name.as_str().split('(').next().map(str::to_owned);
        let before = (self.before)(old)?;
        let is_it = |it: &&Id| {
            it.kind != new.kind
                && it.schema == before.schema
                && it.owner == before.owner
                && bare(it) == bare(&before)
        };
        let found = self.from.objects.keys().find(is_it)?;
        let word = |kind: Kind| {
            let word = kind.as_str().replace('_', " ");
            let article = if word.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" };
            format!("{article} {word}")
        };
        Some(format!("the old one is {}, and the new one {}", word(found.kind), word(new.kind)))
    }

    /// Tells whether a name, or that of its owner, is there with other letters as capitals.
    fn has_capitals(&self, id: &Id) -> bool {
        let is_near = |one: &Name, other: &Name| {
            one != other && one.as_str().eq_ignore_ascii_case(other.as_str())
        };
        let of_owner = |it: &Id| {
            it.owner.is_none() && id.owner.as_ref().is_some_and(|owner| is_near(owner, &it.name))
        };
        self.from.objects.keys().any(|it| {
            it.kind == id.kind && it.owner == id.owner && is_near(&id.name, &it.name)
                || of_owner(it)
        })
    }

    /// Tells whether the objects in a circle of names are where they are wanted only after the
    /// swap.
    fn is_swapped(&self, circles: &[Resolved<'_>]) -> bool {
        circles.iter().all(|it| self.fits(&it.new, &it.new))
            && !circles.iter().all(|it| self.is_alike(&it.old, &it.new))
    }
}

/// Tells whether a catalog has an object, or a value of an enum.
fn has(catalog: &Catalog, id: &Id) -> bool {
    let Some(owner) = id.owner.as_ref().filter(|_| is_value(id)) else { return catalog.holds(id) };
    let id_of_type = Id { schema: id.schema.clone(), ..Id::new(Kind::Enum, owner) };
    let is_it = |label: &String| label == id.name.as_str();
    catalog.get(&id_of_type).is_some_and(|it| it.list(LABELS).iter().any(is_it))
}

/// The content of a part of a table, by its identity in it.
type Part<'a> = (Kind, &'a Name, &'a BTreeMap<Attribute, Value>);

/// Returns the content of the parts of a table.
fn inside<'a>(catalog: &'a Catalog, table: &Id) -> Vec<Part<'a>> {
    let parts = catalog.objects.values().filter(|it| it.parent.as_ref() == Some(table));
    let parts = parts.filter(|it| it.id.kind.is_part());
    parts.map(|it| (it.id.kind, &it.id.name, &it.attributes)).collect()
}

fn columns(mut parts: Vec<Part<'_>>) -> Vec<Part<'_>> {
    parts.retain(|(kind, ..)| *kind == Kind::Column);
    parts
}

/// Tells whether the hints lead from a new name to its old one, to that one's, and back.
fn is_in_circle(open: &[Resolved<'_>], hint: &Resolved<'_>) -> bool {
    let mut id = &hint.old;
    for _ in open {
        if *id == hint.new {
            return true;
        }
        let Some(next) = open.iter().find(|it| it.new == *id) else { return false };
        id = &next.old;
    }
    *id == hint.new
}

fn refused(hint: &RenameHint, new: &Id, problem: impl Into<String>) -> AutogenerateError {
    let schema = hint.schema.as_ref().map(|it| format!("{it}.")).unwrap_or_default();
    let old = format!("{schema}{}", hint.old);
    let new = if hint.schema.is_some() { new.full_name() } else { new.name.to_string() };
    AutogenerateError::Rename { place: hint.place.clone(), old, new, problem: problem.into() }
}
