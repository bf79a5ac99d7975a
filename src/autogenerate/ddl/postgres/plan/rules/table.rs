//! Changes of tables themselves.

use crate::autogenerate::AutogenerateError;
use crate::autogenerate::ddl::postgres::names::{full, owner, quoted};
use crate::autogenerate::ddl::postgres::plan::actions::names_index;
use crate::autogenerate::ddl::postgres::plan::rules::column::count_on;
use crate::autogenerate::ddl::postgres::plan::rules::{Alter, Change, Means, null};
use crate::autogenerate::ddl::postgres::write::table::{
    above, constraint_sql, options, parents, replica_identity,
};
use crate::catalog::{Id, Kind, Object};
use crate::inspect::postgres::attributes::{
    ACCESS_METHOD, BOUND, DEFINITION, FORCE_RLS, IDENTITY, OF_TYPE, OPTIONS, PARENTS,
    PARTITION_KEY, REPLICA_IDENTITY, RLS, TABLESPACE, UNLOGGED,
};

pub(super) fn table(change: &Change<'_, '_>) -> Result<Means, AutogenerateError> {
    let new = change.new;
    let alter = format!("ALTER TABLE {}", full(change.to(), &new.id));
    let mut res = Alter::default();
    for attribute in change.attributes {
        let says = new.says(attribute);
        match *attribute {
            PARTITION_KEY => return Ok(Means::Anew),
            RLS => {
                let verb = if says { "ENABLE" } else { "DISABLE" };
                res.statements.push(format!("{alter} {verb} ROW LEVEL SECURITY"));
            }
            FORCE_RLS => {
                let verb = if says { "FORCE" } else { "NO FORCE" };
                res.statements.push(format!("{alter} {verb} ROW LEVEL SECURITY"));
            }
            UNLOGGED => {
                let word = if says { "UNLOGGED" } else { "LOGGED" };
                res.statements.push(format!("{alter} SET {word}"));
                res.notes.push("rewrites the table".to_owned());
            }
            OPTIONS => res.statements.extend(set_options(&alter, change)),
            REPLICA_IDENTITY if names_index(new) => {}
            REPLICA_IDENTITY => res.statements.push(replica_identity(new, change.to())),
            ACCESS_METHOD => {
                let method = if says { new.written(ACCESS_METHOD) } else { "heap" };
                res.statements.push(format!("{alter} SET ACCESS METHOD {}", quoted(method)));
                res.notes.push("rewrites the table".to_owned());
            }
            TABLESPACE => {
                let place = if says { new.written(TABLESPACE) } else { "pg_default" };
                res.statements.push(format!("{alter} SET TABLESPACE {}", quoted(place)));
                res.notes.push("copies the table".to_owned());
            }
            OF_TYPE => {
                let of =
                    if says { format!("OF {}", new.written(OF_TYPE)) } else { "NOT OF".into() };
                res.later.push(format!("{alter} {of}"));
            }
            BOUND | PARENTS => {}
            attribute => return Err(change.no_rule(attribute)),
        }
    }
    if change.has(BOUND) || change.has(PARENTS) {
        change_parents(&mut res, change);
    }
    Ok(Means::Alter(res))
}

/// Lets a table leave its parents, and have others once those are made.
fn change_parents(res: &mut Alter, change: &Change<'_, '_>) {
    let (old, new) = (change.old, change.new);
    let name = full(change.to(), &new.id);
    if old.says(BOUND) {
        let parent = old.list(PARENTS).join(", ");
        res.statements.push(format!("ALTER TABLE {parent} DETACH PARTITION {name}"));
    }
    let (had, has) = (old.list(PARENTS), new.list(PARENTS));
    for parent in had.iter().filter(|it| !old.says(BOUND) && !has.contains(it)) {
        res.statements.push(format!("ALTER TABLE {name} NO INHERIT {parent}"));
    }
    let renames = null::renames(new, (change.sides.from, change.to()));
    if had.is_empty() { &mut res.later } else { &mut res.statements }.extend(renames);
    if new.says(BOUND) {
        let (parent, bound) = (new.list(PARENTS).join(", "), new.written(BOUND));
        res.later.extend(missing_checks(change));
        res.later.push(format!("ALTER TABLE {parent} ATTACH PARTITION {name} {bound}"));
        res.later.extend(counted_on(change));
    }
    for parent in has.iter().filter(|it| !new.says(BOUND) && !had.contains(it)) {
        res.later.push(format!("ALTER TABLE {name} INHERIT {parent}"));
    }
}

/// Returns the statements by which identities of new tables count on from the rows of a partition.
fn counted_on(change: &Change<'_, '_>) -> Vec<String> {
    let (from, to) = (change.sides.from, change.to());
    let new = above(to, change.new).into_iter().filter(|it| !from.holds(&it.id));
    let identities = new.flat_map(|it| to.parts(Kind::Column, &it.id));
    let identities = identities.filter(|it| it.says(IDENTITY));
    identities.map(|it| count_on(&owner(to, &it.id), it)).collect()
}

/// Returns the statements that add the checks which a table must have to become a partition: they are
/// the parent's afterwards.
fn missing_checks(change: &Change<'_, '_>) -> Vec<String> {
    let (new, from, to) = (change.new, change.sides.from, change.to());
    let above = parents(new, to).into_iter();
    let checks = above.flat_map(|parent| to.parts(Kind::Check, &parent.id));
    let is_missing = |check: &&Object| {
        let owner = Some(new.id.name.clone());
        let own = Id { owner, schema: new.id.schema.clone(), ..check.id.clone() };
        !check.normal(DEFINITION).ends_with(" NO INHERIT") && !from.holds(&own)
    };
    let alter = format!("ALTER TABLE {}", full(to, &new.id));
    let add = |check: &Object| format!("{alter} ADD {}", constraint_sql(check));
    checks.filter(is_missing).map(add).collect()
}

/// Returns the statements that change the options of a table or a view.
pub(super) fn set_options(alter: &str, change: &Change<'_, '_>) -> Vec<String> {
    changed_options(alter, change.old.list(OPTIONS), change.new.list(OPTIONS))
}

/// Returns the statements that lead from some options to others.
pub(super) fn changed_options(alter: &str, had: &[String], has: &[String]) -> Vec<String> {
    let name = |it: &String| it.split('=').next().unwrap_or_default().to_owned();
    let kept: Vec<String> = has.iter().map(name).collect();
    let gone: Vec<String> = had.iter().map(name).filter(|it| !kept.contains(it)).collect();
    let new: Vec<String> = has.iter().filter(|it| !had.contains(it)).cloned().collect();
    let reset = (!gone.is_empty()).then(|| format!("{alter} RESET ({})", gone.join(", ")));
    let set = (!new.is_empty()).then(|| format!("{alter} SET ({})", options(&new)));
    reset.into_iter().chain(set).collect()
}
