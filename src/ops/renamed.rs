//! The hints of renames that revisions have followed.

use crate::autogenerate::RenameHint;
use crate::catalog::{Id, Kind, Name};
use crate::error::Error;
use crate::project::Project;
use crate::sql::{Cursor, Splitter, Statement};

/// A rename done by a statement. The table of a column isn't compared, since it may have another
/// name by now, and following a hint twice would mix values up.
struct Done {
    kind: Kind,
    old: Name,
    new: Name,
}

/// Marks the hints that a revision has done; only those that names alone don't settle are checked.
pub(super) fn mark(project: &Project, hints: &mut [RenameHint]) -> Result<(), Error> {
    if !hints.iter().any(|hint| is_given_away(hints, hint)) {
        return Ok(());
    }
    let (graph, dialect) = (&project.graph, project.dialect()?);
    for node in graph.nodes() {
        let Some(text) = graph.revision(node).up_text()? else { continue };
        // A script that can't be split is reported when it is to run.
        for statement in Splitter::new(&text, dialect).map_while(Result::ok) {
            if let Some(done) = rename(&statement) {
                for hint in hints.iter_mut().filter(|hint| is_of(hint, &done)) {
                    hint.done = true;
                }
            }
        }
    }
    // A swap is done as a whole: a half of it that a revision has done was another rename, before.
    let halves: Vec<bool> = hints
        .iter()
        .map(|hint| hints.iter().any(|other| !other.done && is_way_back(hint, other)))
        .collect();
    for (hint, is_half) in hints.iter_mut().zip(halves) {
        hint.done &= !is_half;
    }
    Ok(())
}

/// Tells whether two hints swap two names.
fn is_way_back(hint: &RenameHint, other: &RenameHint) -> bool {
    let pair = [hint.clone(), other.clone()];
    is_given_away(&pair[1..], hint) && is_given_away(&pair[..1], other)
}

/// Tells whether another hint renames a hint's new name, as in a chain or a swap.
fn is_given_away(hints: &[RenameHint], hint: &RenameHint) -> bool {
    let Some(new) = hint.subject.as_ref().filter(|it| it.kind != Kind::Index) else { return false };
    hints.iter().any(|other| {
        let is_alike = |it: &Id| (it.kind, &it.owner) == (new.kind, &new.owner);
        new.name == other.old && other.subject.as_ref().is_some_and(is_alike)
    })
}

fn is_of(hint: &RenameHint, done: &Done) -> bool {
    // A swap steps aside: its second half comes from there.
    let aside = Name::any_case(format!("_migrate_old_{}", hint.old));
    let is_old = done.old == hint.old || done.old == aside;
    let is_new = |it: &Id| it.kind == done.kind && it.name == done.new;
    is_old && hint.subject.as_ref().is_some_and(is_new)
}

/// Parses `ALTER TABLE t RENAME a TO b` and `ALTER TABLE t RENAME TO u`.
fn rename(statement: &Statement<'_>) -> Option<Done> {
    let mut cursor = Cursor::of(statement);
    if !cursor.accept(&["ALTER", "TABLE"]) {
        return None;
    }
    cursor.pass(&["IF", "EXISTS", "ONLY"]);
    let (_, table) = cursor.qualified_name().ok()?;
    if !cursor.accept(&["RENAME"]) {
        return None;
    }
    let (kind, old) = if cursor.accept(&["TO"]) {
        (Kind::Table, table)
    } else {
        cursor.pass(&["COLUMN"]);
        let old = cursor.name().ok()?;
        cursor.expect("TO").ok()?;
        (Kind::Column, old)
    };
    let (old, new) = (Name::any_case(old), Name::any_case(cursor.name().ok()?));
    cursor.is_at_end().then_some(Done { kind, old, new })
}
