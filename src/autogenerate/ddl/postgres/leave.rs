//! Tables leave their parents before columns are renamed: a column that comes from a parent has its name
//! there, and the server renames both or none.

use crate::autogenerate::ddl::Transition;
use crate::autogenerate::ddl::postgres::names::{full, shown};
use crate::autogenerate::ddl::postgres::places::Places;
use crate::autogenerate::ddl::postgres::write::table::parents;
use crate::autogenerate::script::Step;
use crate::catalog::{Catalog, Id, Kind, Name, Object, UNIQUE, Value};
use crate::inspect::postgres::attributes::{BOUND, DEFINITION, KEPT, PARENTS};

/// The kinds of parts that a partition can keep from its parent.
pub(super) const KEEPABLE: [Kind; 5] =
    [Kind::PrimaryKey, Kind::Unique, Kind::Index, Kind::Check, Kind::ForeignKey];

/// Returns the steps by which tables leave those parents that they don't have any more, where a column of
/// theirs or of a table above is renamed.
pub(super) fn steps(places: &Places<'_>) -> Vec<Step> {
    let from = places.way.from;
    let mut res = Vec::new();
    for table in from.of_kind(Kind::Table) {
        for parent in parents(table, from) {
            let is_concerned = is_renamed(table, places) || is_above_renamed(parent, places);
            if is_concerned && !stays(table, parent, places) {
                res.extend(step(table, parent, places));
            }
        }
    }
    res
}

/// Tells whether columns of a table are renamed.
fn is_renamed(table: &Object, places: &Places<'_>) -> bool {
    let renames = places.way.renames;
    places.at_last(&table.id).is_some_and(|it| renames.columns_of(&it).next().is_some())
}

/// Tells whether columns of a table, or of one above it, are renamed.
fn is_above_renamed(table: &Object, places: &Places<'_>) -> bool {
    let mut todo = vec![table];
    while let Some(it) = todo.pop() {
        if is_renamed(it, places) {
            return true;
        }
        todo.extend(parents(it, places.way.from));
    }
    false
}

/// Tells whether a table that stays has the same parent in the end. One that goes needs to leave nothing.
fn stays(table: &Object, parent: &Object, places: &Places<'_>) -> bool {
    let to = places.way.to;
    let Some(new) = places.at_last(&table.id).and_then(|it| to.get(&it)) else { return true };
    let above = places.at_last(&parent.id);
    above.is_some_and(|above| parents(new, to).iter().any(|it| it.id == above))
}

/// Tells whether a column is renamed with that of a table above.
pub(super) fn is_given(table: &Object, pair: (&Name, &Name), places: &Places<'_>) -> bool {
    let Transition { from, renames, .. } = *places.way;
    let is_renamed = |parent: &Object| {
        let last = places.at_last(&parent.id);
        last.is_some_and(|it| renames.columns_of(&it).any(|it| it == pair))
    };
    let mut above = parents(table, from).into_iter().filter(|it| stays(table, it, places));
    above.any(|it| is_renamed(it) || is_given(it, pair, places))
}

fn step(table: &Object, parent: &Object, places: &Places<'_>) -> Option<Step> {
    let from = places.way.from;
    let (table_now, parent_now) = (&places.get(&table.id)?.now, &places.get(&parent.id)?.now);
    let (own, above) = (full(from, table_now), full(from, parent_now));
    let (verb, sql) = if table.says(BOUND) {
        ("Detach", format!("ALTER TABLE {above} DETACH PARTITION {own}"))
    } else {
        ("Take", format!("ALTER TABLE {own} NO INHERIT {above}"))
    };
    let title = format!("{verb} table {} from {above}", shown(table_now));
    Some(Step::new(places.at_last(&table.id)?, title, vec![sql]))
}

/// Notes the parents that tables have left, and takes out what they have kept of them: no catalog has the
/// names of that in the database in which the script is run.
pub(super) fn tell(way: &Transition<'_>, renamed: &mut Catalog) {
    let before = |id: &Id| way.renames.before(id).and_then(|it| way.from.get(&it));
    let has_left = |it: &&Object| {
        before(&it.id).is_some_and(|old| old.list(PARENTS).len() > it.list(PARENTS).len())
    };
    let left: Vec<Id> =
        renamed.of_kind(Kind::Table).filter(has_left).map(|it| it.id.clone()).collect();
    for id in left {
        let is_kept = |it: &&Object| {
            let is_part = KEEPABLE.contains(&it.id.kind) && it.parent.as_ref() == Some(&id);
            is_part && before(&it.id).is_none()
        };
        let kept: Vec<&Object> = renamed.objects.values().filter(is_kept).collect();
        let rules: Vec<String> = kept.iter().map(|it| rule(it)).collect();
        let kept: Vec<Id> = kept.into_iter().map(|it| it.id.clone()).collect();
        renamed.objects.retain(|it, _| !kept.contains(it));
        let Some(old) = before(&id) else { continue };
        let told = [BOUND, PARENTS].into_iter().filter(|it| old.says(it));
        let told: Vec<_> = told.map(|it| (it, old.written(it).to_owned())).collect();
        if let Some(table) = renamed.objects.get_mut(&id) {
            table.aside.extend(told);
            table.aside.insert(KEPT, rules.join("\n"));
        }
    }
}

/// Tells whether a table has kept an index or a constraint when it left its parents.
pub(super) fn has_kept(table: &Object, part: &Object) -> bool {
    table.aside(KEPT).split('\n').any(|it| it == rule(part))
}

/// Returns what an index or a constraint does, in one line, without its name and that of its table.
pub(super) fn rule(object: &Object) -> String {
    let text = object.normal(DEFINITION);
    let is_index = object.id.kind == Kind::Index;
    let text = text.split_once(" USING ").filter(|_| is_index).map_or(text, |(_, rest)| rest);
    let unique = object.normal(UNIQUE);
    format!("{} {unique} {text}", object.id.kind.as_str()).replace('\n', " ")
}

/// Gives tables the parents back that they have left: the words are about these, too.
pub(super) fn take_back(renamed: &mut Catalog) {
    for object in renamed.objects.values_mut().filter(|it| it.id.kind == Kind::Table) {
        for attribute in [BOUND, PARENTS] {
            let told = object.aside.get(attribute).cloned();
            object.set_if(attribute, told.map(Value::exact));
        }
    }
}
