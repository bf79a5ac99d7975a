//! The order of columns that are filled: what an expression of the user names is there then, with its
//! values. Names are compared, and nothing is parsed, so an order that isn't possible isn't insisted on.

use std::collections::{BTreeMap, BTreeSet};

use crate::autogenerate::ddl::Effort;
use crate::autogenerate::ddl::postgres::names::full;
use crate::autogenerate::ddl::postgres::plan::Sides;
use crate::autogenerate::ddl::postgres::plan::actions::{Actions, Verb};
use crate::autogenerate::ddl::postgres::plan::fates::Fates;
use crate::autogenerate::ddl::postgres::plan::rules::{names_of_rows, texts, words};
use crate::autogenerate::ddl::postgres::write::table::{parents, table_of, twins};
use crate::autogenerate::hints::Backfills;
use crate::catalog::{Catalog, Id, Kind, Object, TYPE};
use crate::inspect::postgres::attributes::{NAME, PARENTS};

/// The kinds that are made of rows: an expression means those that are there before anything changes.
const OF_ROWS: [Kind; 5] =
    [Kind::Table, Kind::Column, Kind::View, Kind::MaterializedView, Kind::Sequence];

/// The other kinds that an expression can name.
const OTHERS: [Kind; 6] =
    [Kind::Collation, Kind::Enum, Kind::Domain, Kind::Composite, Kind::Range, Kind::Aggregate];

/// The order that backfills demand.
#[derive(Default)]
pub(super) struct Filled {
    /// The pairs of actions of which the first has to come before the second.
    pub(super) edges: BTreeSet<(usize, usize)>,
    /// The columns whose backfills name something that can only come after them, each with that.
    pub(super) circles: Vec<(Id, Id)>,
}

/// A named object, and the action before which or behind which a column is filled.
struct Named<'e> {
    fill: &'e Id,
    id: &'e Id,
    /// Whether another table has a column of that name, which can be the one that is meant, or the column
    /// isn't named at all.
    is_doubtful: bool,
    goes: Option<(usize, usize)>,
    comes: Option<(usize, usize)>,
}

/// Finds what backfills demand of an order, beside what is known of it.
pub(super) fn order(
    actions: &Actions<'_>,
    sides: &Sides<'_>,
    fates: &Fates<'_>,
    known: &BTreeSet<(usize, usize)>,
) -> Filled {
    let fills = Fills { actions, sides, fates };
    let mut named: Vec<Named<'_>> =
        sides.how.backfills.iter().flat_map(|(id, text)| fills.named(id, text)).collect();
    // What has no other choice is first.
    named.sort_by_key(|it| (it.is_doubtful, it.goes.is_none() || it.comes.is_some()));
    let mut next: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (one, other) in known {
        next.entry(*one).or_default().push(*other);
    }
    let mut res = Filled::default();
    for Named { fill, id, is_doubtful, goes, comes } in named {
        let choices = if OF_ROWS.contains(&id.kind) { [goes, comes] } else { [comes, goes] };
        let mut choices = choices.into_iter().flatten();
        match choices.find(|(one, other)| !reaches(&next, *other, *one)) {
            Some((one, other)) => {
                next.entry(one).or_default().push(other);
                res.edges.insert((one, other));
            }
            None if comes.is_some() && !is_doubtful => {
                res.circles.push((fill.clone(), id.clone()));
            }
            None => {}
        }
    }
    res
}

/// Tells whether an action comes before another one in any case.
fn reaches(next: &BTreeMap<usize, Vec<usize>>, from: usize, to: usize) -> bool {
    let (mut seen, mut todo) = (BTreeSet::new(), vec![from]);
    while let Some(at) = todo.pop() {
        if at == to {
            return true;
        }
        if seen.insert(at) {
            todo.extend(next.get(&at).into_iter().flatten());
        }
    }
    false
}

struct Fills<'e, 'a> {
    actions: &'e Actions<'a>,
    sides: &'e Sides<'a>,
    fates: &'e Fates<'a>,
}

impl<'e, 'a> Fills<'e, 'a> {
    /// Finds what the expression for a column names.
    fn named(&self, fill: &'e Id, expression: &str) -> Vec<Named<'e>>
    where
        'a: 'e,
    {
        let at = self.actions.at(Verb::Create, fill);
        let Some(at) = at.or_else(|| self.actions.at(Verb::Alter, fill)) else {
            return Vec::new();
        };
        let (from, to): (&'e Catalog, &'e Catalog) = (self.sides.from, self.sides.to);
        let mut all = named(expression, fill, to);
        all.extend(named(expression, fill, from).iter().filter(|it| !to.holds(&it.id)));
        let rows = columns_of_rows(expression, fill, [from, to]);
        let rows = rows.into_iter().filter(|it| all.iter().all(|named| named.id != it.id));
        let wholes = rows.map(|it| (it, true));
        let edges = all.iter().map(|it| (*it, false)).chain(wholes).map(|(object, is_in_row)| {
            let id = &object.id;
            let goes = self.fates.dropped.contains(id).then(|| self.actions.killer(id, self.fates));
            let goes = goes.flatten().or_else(|| self.retyped(id, Effort::Small));
            let comes = (!is_in_row).then(|| self.comes(id)).flatten();
            let comes = comes.or_else(|| self.retyped(id, Effort::Tables));
            let goes = goes.filter(|it| *it != at).map(|it| (at, it));
            let comes = comes.filter(|it| *it != at).map(|it| (it, at));
            let is_like = |it: &Id| it.kind == Kind::Column && it.name == id.name && it != id;
            let is_other = || id.kind == Kind::Column && all.iter().any(|it| is_like(&it.id));
            let is_doubtful = is_in_row || is_other();
            Named { fill, id, is_doubtful, goes, comes }
        });
        edges.filter(|it| it.id != fill && (it.goes.is_some() || it.comes.is_some())).collect()
    }

    /// Finds the action after which an object is as it is wanted, with its rows.
    fn comes(&self, id: &Id) -> Option<usize> {
        let altered = |id: &Id| self.actions.at(Verb::Alter, id);
        if self.fates.created.contains(id) {
            self.actions.at(Verb::Refresh, id).or_else(|| self.actions.maker(id))
        } else if id.kind == Kind::Column {
            let table = table_of(id, self.sides.to);
            let above = table.map(|it| twins(id, it, self.sides.to)).unwrap_or_default();
            let mut all = [id].into_iter().chain(above.into_iter().map(|it| &it.id));
            all.find_map(|it| altered(it).filter(|at| self.fills_rows(*at)))
        } else {
            altered(id).filter(|_| id.kind != Kind::Table && id.kind != Kind::Sequence)
        }
    }

    /// Finds the action that gives a column another type: its values are meant as they were before, and if
    /// that doesn't work, as they are then.
    fn retyped(&self, id: &Id, effort: Effort) -> Option<usize> {
        let (old, new) = (self.sides.from.get(id)?, self.sides.to.get(id)?);
        let is_small = self.sides.how.effort == Effort::Small;
        let is_it = id.kind == Kind::Column
            && old.attributes.get(TYPE) != new.attributes.get(TYPE)
            && is_small == (effort == Effort::Small);
        self.actions.at(Verb::Alter, id).filter(|at| is_it && !self.fills_rows(*at))
    }

    fn fills_rows(&self, at: usize) -> bool {
        let mut all = self.actions.list.get(at).into_iter().flat_map(|it| &it.step.statements);
        all.any(|it| it.starts_with("UPDATE "))
    }
}

/// Finds the objects of a catalog that the expression for a column can be about.
pub(in super::super) fn named<'c>(
    expression: &str,
    fill: &Id,
    catalog: &'c Catalog,
) -> Vec<&'c Object> {
    let names = Names { fill, words: words(expression), texts: texts(expression) };
    let kinds = OF_ROWS.into_iter().chain(OTHERS).chain([Kind::Function]);
    kinds.flat_map(|kind| catalog.of_kind(kind)).filter(|it| names.has(it)).collect()
}

/// Finds the present columns of the tables whose rows the expression for a column can read as a whole. The
/// column's own table can have the name of one above it there.
pub(in super::super) fn columns_of_rows<'c>(
    expression: &str,
    fill: &Id,
    [from, to]: [&'c Catalog; 2],
) -> Vec<&'c Object> {
    let names = names_of_rows(expression);
    let is_own = |id: &Id| fill.owner.as_ref() == Some(&id.name) && fill.schema == id.schema;
    let is_read = |id: &Id| {
        names.contains(id.name.as_str())
            || is_own(id) && to.get(id).is_some_and(|it| is_called(it, &names, to))
    };
    let tables = from.of_kind(Kind::Table).filter(|it| is_read(&it.id));
    tables.flat_map(|it| from.parts(Kind::Column, &it.id)).collect()
}

/// Tells whether one of some names is that of a table, or of one above it.
fn is_called(table: &Object, names: &BTreeSet<String>, catalog: &Catalog) -> bool {
    names.contains(table.id.name.as_str())
        || parents(table, catalog).into_iter().any(|it| is_called(it, names, catalog))
}

/// The names in the expression for a column.
struct Names<'e> {
    fill: &'e Id,
    words: BTreeSet<String>,
    texts: BTreeSet<String>,
}

impl Names<'_> {
    /// Tells whether the expression has the name of an object, and that of the table for a column of
    /// another one.
    fn has(&self, object: &Object) -> bool {
        let (id, fill) = (&object.id, self.fill);
        let is_routine = [Kind::Function, Kind::Aggregate].contains(&id.kind);
        let name = if is_routine { object.aside(NAME) } else { id.name.as_str() };
        let is_text = id.kind == Kind::Sequence && self.texts.contains(name);
        let is_own = id.owner == fill.owner && id.schema == fill.schema;
        let owner = id.owner.as_ref().filter(|_| !is_own);
        (self.words.contains(name) || is_text)
            && owner.is_none_or(|it| self.words.contains(it.as_str()))
    }
}

/// Returns backfills with those for columns of parents that tables have by themselves before: what is
/// said of a parent holds below it.
pub(in super::super) fn with_heirs(told: &Backfills, [from, to]: [&Catalog; 2]) -> Backfills {
    let mut res = told.clone();
    for table in to.of_kind(Kind::Table) {
        let Some(old) = from.get(&table.id) else { continue };
        let is_new = |it: &Object| !old.list(PARENTS).contains(&full(to, &it.id));
        let mut todo: Vec<(&Object, bool)> =
            parents(table, to).into_iter().map(|it| (it, is_new(it))).collect();
        while let Some((above, is_new)) = todo.pop() {
            for column in to.parts(Kind::Column, &above.id) {
                let (schema, owner) = (table.id.schema.clone(), Some(table.id.name.clone()));
                let own = Id { schema, owner, ..column.id.clone() };
                let is_apart = is_new || (from.holds(&own) && !from.holds(&column.id));
                let text = told.get(&column.id).filter(|_| is_apart && to.holds(&own));
                if let Some(text) = text {
                    res.entry(own).or_insert_with(|| text.clone());
                }
            }
            todo.extend(parents(above, to).into_iter().map(|it| (it, is_new)));
        }
    }
    res
}
