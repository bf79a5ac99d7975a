//! A way in two revisions: one in a transaction that locks nobody out for long, and one of statements
//! that stand alone, which take their time while tables are in use.

use std::collections::BTreeSet;

use crate::autogenerate::AutogenerateError;
use crate::autogenerate::ddl::{Effort, How, Plan, Transition};
use crate::autogenerate::generate::{Planned, Search};
use crate::autogenerate::hints::Backfills;
use crate::autogenerate::proof::Claim;
use crate::autogenerate::script::script;
use crate::autogenerate::trial::Pair;
use crate::catalog::{Catalog, Kind, Name};
use crate::revision::Wrapping;

/// The changes that are made while tables are in use, where the engine can.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Online {
    /// Whether indexes are created and dropped so.
    pub indexes: bool,
    /// Whether constraints are added so.
    pub constraints: bool,
}

/// The scripts of a further revision, which runs outside a transaction.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Apart {
    /// The description of what it does: `indexes built while tables are in use`.
    pub what: String,
    /// The body of the up script.
    pub up: String,
    /// The body of the down script.
    pub down: String,
}

/// The plans of a divided way.
pub(super) struct Divided {
    pub(super) up: Planned,
    pub(super) down: Planned,
    /// The second part.
    pub(super) rest: Plan,
    pub(super) apart: Apart,
}

impl Search<'_> {
    /// Finds the scripts of a way, divided where it has to be; returns a warning as well if it should
    /// have been, and isn't.
    pub(super) fn find(
        &mut self,
        present: &Catalog,
    ) -> Result<(Divided, Option<String>), AutogenerateError> {
        let mut refused = None;
        let ends = [present, self.way.to];
        if let Some(between) = self.ddl.divide(ends, &self.hints.backfills, self.wish.online) {
            match self.divided(present, &between)? {
                Ok(divided) => return Ok((divided, None)),
                Err(it) => {
                    let warning = "tables can't be kept in use: the way in two revisions";
                    refused = Some(format!("{warning} {it}"));
                }
            }
        }
        let (up, proven) = self.up()?;
        let down = self.down(&up, proven)?;
        let (rest, apart) = (Plan::default(), Apart::default());
        Ok((Divided { up, down, rest, apart }, refused))
    }

    /// Finds the scripts of a way that is divided at a catalog; the error tells why there are none.
    fn divided(
        &mut self,
        present: &Catalog,
        between: &Catalog,
    ) -> Result<Result<Divided, String>, AutogenerateError> {
        let Transition { from, to, renames } = self.way;
        let is_short = renames.is_empty() && self.ddl.differences(present, between).is_empty();
        let (up, down, between) = if is_short {
            let none = || Planned { renamed: present.clone(), ..Planned::default() };
            (none(), none(), present.clone())
        } else {
            let way = Transition { from, to: between, renames };
            let mut first = Search { way, empty: &mut *self.empty, ..*self };
            let (up, proven) = match first.up() {
                Err(
                    AutogenerateError::Unproven { problem, .. }
                    | AutogenerateError::Backfill { problem, .. },
                ) => return Ok(Err(problem)),
                found => found?,
            };
            let between = proven.schema.clone();
            let down = match first.down(&up, proven) {
                Err(AutogenerateError::Unproven { problem, .. }) => return Ok(Err(problem)),
                found => found?,
            };
            (up, down, between)
        };
        let (version, backfills) = (self.wish.version, &self.hints.backfills);
        let how = How { version, backfills, effort: Effort::Small };
        let mut rest = self.ddl.apart(&between, to, &how);
        rest.tell();
        let none = Backfills::new();
        let back = self.ddl.apart(to, &between, &How { backfills: &none, ..how });
        let what = what(&rest);
        let apart = Apart { what, up: script(&rest.steps), down: script(&back.steps) };
        let divided = Divided { up, down, rest, apart };
        Ok(match self.prove_divided(&divided, &between)? {
            None => Ok(divided),
            Some(problem) => Err(problem),
        })
    }

    fn prove_divided(
        &mut self,
        divided: &Divided,
        between: &Catalog,
    ) -> Result<Option<String>, AutogenerateError> {
        let Divided { up, down, apart, .. } = divided;
        let renames = self.way.renames;
        let more = down.plan.unfilled.iter().filter_map(|name| renames.new_table(name).cloned());
        let unfilled: BTreeSet<Name> = up.plan.unfilled.iter().cloned().chain(more).collect();
        let (ddl, way, backfills) = (self.ddl, self.way, &self.hints.backfills);
        let claim = Claim { ddl, way, backfills, unfilled: &unfilled, script: "" };
        let first = Pair::new(&up.script, Some(&down.script));
        let wrapping = Wrapping::None;
        let second = Pair { up: &apart.up, down: Some(&apart.down), wrapping };
        if up.script.is_empty() {
            return claim.prove_all(&[second], &[], self.empty);
        }
        claim.prove_all(&[first, second], &[between], self.empty)
    }
}

/// Describes the second part of a way in a few words.
fn what(rest: &Plan) -> String {
    let serves =
        |kind: Kind| rest.steps.iter().any(|it| it.serves.iter().any(|id| id.kind == kind));
    let keys = [Kind::PrimaryKey, Kind::Unique].into_iter().any(serves);
    let checks = [Kind::ForeignKey, Kind::Check].into_iter().any(serves);
    let words = [
        (serves(Kind::Index), "indexes"),
        (keys, "unique constraints"),
        (serves(Kind::Column), "NOT NULL"),
        (checks, "validation of constraints"),
    ];
    let words: Vec<&str> = words.into_iter().filter(|it| it.0).map(|it| it.1).collect();
    format!("{} while tables are in use", words.join(", "))
}
