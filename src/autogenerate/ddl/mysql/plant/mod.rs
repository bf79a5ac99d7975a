//! Test rows that are inserted before a script is tried.
//!
//! A row is made in a table without keys to others, and goes from there into the present table, into
//! the wanted one, and from that back again: only rows that all of them accept stay. So the wanted
//! tables hold the expected result of the script, and the server alone judges what fits.

mod answers;
mod bed;
mod solve;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use crate::autogenerate::ddl::mysql::kinds;
use crate::autogenerate::ddl::mysql::plant::bed::Bed;
use crate::autogenerate::ddl::mysql::plant::solve::Solutions;
use crate::autogenerate::ddl::{Planted, UNFILLED, UNFOUND};
use crate::autogenerate::hints::Backfills;
use crate::autogenerate::proof::Claim;
use crate::autogenerate::{AutogenerateError, Renames, Scratch};
use crate::catalog::{Catalog, Id, Kind, Name, Object, sorted};
use crate::inspect::mysql::attributes::OPTIONS;

/// How many rows a table gets.
const ROWS: usize = 3;

/// How often a row is tried with other values.
const TRIES: usize = 12;

/// The two catalogs, and what is known of the way between them.
#[derive(Clone, Copy)]
pub(super) struct Ends<'a> {
    pub(super) from: &'a Catalog,
    pub(super) to: &'a Catalog,
    pub(super) renames: &'a Renames,
    pub(super) backfills: &'a Backfills,
}

/// A present table, and the wanted one that it becomes.
#[derive(Clone, Copy)]
pub(super) struct Pair<'a> {
    pub(super) old: &'a Object,
    pub(super) new: Option<&'a Object>,
}

/// Inserts test rows into the present tables, and returns what has to be there after the scripts.
pub(super) fn plant(
    claim: &Claim<'_>,
    present: &mut dyn Scratch,
    empty: &mut dyn Scratch,
) -> Result<Planted, AutogenerateError> {
    let Claim { way, backfills, unfilled, .. } = *claim;
    let ends = Ends { from: way.from, to: way.to, renames: way.renames, backfills };
    let mut planted = Planted::default();
    let mut bed = Bed::new(ends, present, empty)?;
    for id in order(ends) {
        let Some(old) = ends.from.get(&id) else { continue };
        let pair = Pair { old, new: ends.new_table(&id) };
        let reason = if pair.new.is_some_and(|it| unfilled.contains(&it.id.name)) {
            Some(UNFILLED)
        } else if !is_transactional(old) || pair.new.is_some_and(|it| !is_transactional(it)) {
            Some("its engine takes no row back")
        } else if fill(&mut bed, pair)? == 0 {
            Some(UNFOUND)
        } else {
            None
        };
        planted.unplanted.extend(reason.map(|it| format!("{}: {it}", id.name)));
    }
    planted.after_down = answers::after_down(ends, &mut bed)?;
    planted.after_up = answers::after_up(ends, &mut bed)?;
    Ok(planted)
}

/// Plants the rows of a table; returns how many there are.
fn fill(bed: &mut Bed<'_>, pair: Pair<'_>) -> Result<usize, AutogenerateError> {
    let solutions = Solutions::find(bed, pair)?;
    let mut count = 0;
    for row in 0..ROWS {
        for attempt in 0..TRIES {
            let cells = solutions.row(bed, pair, row, attempt)?;
            if bed.take(pair, &cells)? {
                count += 1;
                break;
            }
        }
    }
    Ok(count)
}

impl<'a> Ends<'a> {
    /// Returns the wanted table that a present one becomes.
    pub(super) fn new_table(&self, old: &Id) -> Option<&'a Object> {
        let name = self.renames.new_table(&old.name).unwrap_or(&old.name);
        let id = Id { schema: old.schema.clone(), ..Id::table(name) };
        // A table of that name may be another one.
        let before = self.renames.old_table(name);
        self.to.get(&id).filter(|_| before.is_none_or(|it| *it == old.name))
    }

    /// Returns the column that a column of a wanted table was before, if its values turn into those of the
    /// new type.
    pub(super) fn old_column(&self, pair: Pair<'_>, new: &Name) -> Option<&'a Object> {
        let table = &pair.new?.id.name;
        let id = Id { schema: pair.old.id.schema.clone(), ..Id::column(table, new) };
        let wanted = self.to.get(&id);
        let name = self.renames.old_column(table, new).unwrap_or(new);
        let id = Id { schema: pair.old.id.schema.clone(), ..Id::column(&pair.old.id.name, name) };
        let old = self.from.get(&id)?;
        wanted.is_none_or(|it| kinds::may_be_cast(old, it)).then_some(old)
    }

    /// Returns the wanted column that a present one becomes.
    pub(super) fn new_column(&self, pair: Pair<'_>, old: &Name) -> Option<&'a Object> {
        let table = pair.new?;
        let name = self.renames.new_column(&table.id.name, old).unwrap_or(old);
        let id = Id { schema: table.id.schema.clone(), ..Id::column(&table.id.name, name) };
        let column = self.to.get(&id)?;
        self.old_column(pair, &column.id.name).filter(|it| it.id.name == *old).map(|_| column)
    }
}

/// Orders the present tables so that referenced ones come first.
fn order(ends: Ends<'_>) -> Vec<Id> {
    let tables = ends.from.of_kind(Kind::Table);
    let mut needs: BTreeMap<Id, BTreeSet<Id>> =
        tables.map(|it| (it.id.clone(), BTreeSet::new())).collect();
    let old = |id: &Id| {
        let name = ends.renames.old_table(&id.name).unwrap_or(&id.name);
        Id { name: name.clone(), ..id.clone() }
    };
    for key in ends.from.of_kind(Kind::ForeignKey) {
        if let Some(own) = key.parent.as_ref().and_then(|it| needs.get_mut(it)) {
            own.extend(key.needs.iter().cloned());
        }
    }
    for key in ends.to.of_kind(Kind::ForeignKey) {
        if let Some(own) = key.parent.as_ref().and_then(|it| needs.get_mut(&old(it))) {
            own.extend(key.needs.iter().map(old));
        }
    }
    sorted(&needs)
}

fn is_transactional(table: &Object) -> bool {
    table.list(OPTIONS).iter().any(|it| it == "ENGINE=InnoDB")
}
