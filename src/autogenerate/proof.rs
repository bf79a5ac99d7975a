//! Proves scripts on scratch databases with rows in them.

use std::collections::BTreeSet;

use crate::autogenerate::ddl::{Answer, Ddl, Planted, Stage, Transition};
use crate::autogenerate::hints::Backfills;
use crate::autogenerate::trial::{Failed, Pair, Refused, Trial};
use crate::autogenerate::{AutogenerateError, Scratch};
use crate::catalog::{Catalog, Id, Kind, Name};
use crate::plan::Operation;

/// The schemas that a script leads from and to.
pub(crate) struct Claim<'a> {
    pub(crate) ddl: &'static dyn Ddl,
    pub(crate) way: Transition<'a>,
    pub(crate) backfills: &'a Backfills,
    /// The tables, by their new names, that need a value from the user if they have rows.
    pub(crate) unfilled: &'a BTreeSet<Name>,
    pub(crate) script: &'a str,
}

/// The fault of a script.
pub(crate) struct Fault {
    pub(crate) problem: String,
    /// The schema that the script led to, if that is another one than the wanted.
    pub(crate) reached: Option<Box<Catalog>>,
    pub(crate) culprit: Option<Culprit>,
}

/// The part of a script, or of the schema, that is at fault.
pub(crate) enum Culprit {
    Statement(Refused),
    /// The backfill of a column.
    Backfill(Id),
}

/// A column with a backfill in a table that had no rows when the scripts were tried.
#[derive(Debug, Clone)]
pub(crate) struct Rowless {
    pub(crate) column: Id,
    pub(crate) reason: &'static str,
}

/// A backfill that changes rows of another table.
#[derive(Debug, Clone)]
pub(crate) struct Touched {
    pub(crate) column: Id,
    pub(crate) problem: String,
}

impl From<String> for Fault {
    fn from(problem: String) -> Self {
        Self { problem, reached: None, culprit: None }
    }
}

impl From<Failed> for Fault {
    fn from(Failed { problem, refused }: Failed) -> Self {
        Self { problem, reached: None, culprit: refused.map(Culprit::Statement) }
    }
}

impl Fault {
    /// Makes the fault of a script that led to another schema than the wanted.
    fn elsewhere(problem: String, reached: Catalog) -> Self {
        Self { problem, reached: Some(Box::new(reached)), culprit: None }
    }
}

/// A database in which a script has led to the wanted schema.
pub(crate) struct Proven {
    pub(crate) schema: Catalog,
    ddl: &'static dyn Ddl,
    pub(crate) scratch: Box<dyn Scratch>,
    up: String,
    /// The answers of the database that are expected once the script is taken back.
    after_down: Vec<Answer>,
    /// The tables that had no rows, each with the reason.
    pub(crate) unplanted: Vec<String>,
    /// The columns with backfills in tables that had no rows.
    pub(crate) rowless: Vec<Rowless>,
}

impl Proven {
    /// Tries once to take the script back; returns the fault, if any.
    pub(crate) fn take_back(
        &mut self,
        script: &str,
        to: &Catalog,
    ) -> Result<Option<Fault>, AutogenerateError> {
        let scratch = &mut *self.scratch;
        let pairs = [Pair::new(&self.up, Some(script))];
        let trial = Trial { pairs: &pairs, at: 0 };
        if let Err(failed) = trial.run(scratch.connection()?, Operation::Downgrade) {
            return Ok(Some(failed.into()));
        }
        let reached = seen(scratch, to)?;
        if let Some(problem) = remains(self.ddl, &reached, to) {
            return Ok(Some(Fault::elsewhere(problem, reached)));
        }
        Ok(missed(&self.after_down, scratch)?.map(Fault::from))
    }
}

impl Claim<'_> {
    /// Runs the script on rows; returns the database that it leads to, or the fault. The databases
    /// are made like an empty one.
    pub(crate) fn prove(
        &self,
        empty: &mut dyn Scratch,
    ) -> Result<Result<Proven, Fault>, AutogenerateError> {
        let Self { ddl, way, script, .. } = *self;
        let mut scratch = empty.fork()?;
        scratch.make(way.from, Stage::BeforeRows)?;
        let planted = ddl.plant(self, &mut *scratch, empty)?;
        if let Some(Touched { column, problem }) = planted.touched {
            let culprit = Some(Culprit::Backfill(column));
            return Ok(Err(Fault { problem, reached: None, culprit }));
        }
        scratch.make(way.from, Stage::AfterRows)?;
        let pairs = [Pair::new(script, None)];
        let trial = Trial { pairs: &pairs, at: 0 };
        if let Err(failed) = trial.run(scratch.connection()?, Operation::Upgrade) {
            return Ok(Err(failed.into()));
        }
        let schema = seen(&mut *scratch, way.to)?;
        if let Some(problem) = remains(ddl, &schema, way.to) {
            return Ok(Err(Fault::elsewhere(problem, schema)));
        }
        if let Some(problem) = missed(&planted.after_up, &mut *scratch)? {
            return Ok(Err(problem.into()));
        }
        let Planted { after_down, unplanted, rowless, .. } = planted;
        let up = script.to_owned();
        Ok(Ok(Proven { schema, ddl, scratch, up, after_down, unplanted, rowless }))
    }
}

/// Reads a scratch database, which lacks what can't be generated and stays as it is.
pub(super) fn seen(
    scratch: &mut dyn Scratch,
    like: &Catalog,
) -> Result<Catalog, AutogenerateError> {
    let mut res = scratch.catalog()?;
    for object in like.of_kind(Kind::Opaque) {
        res.insert(object.clone());
    }
    Ok(res)
}

impl Claim<'_> {
    /// Applies several revisions in order on rows, and takes all of them back; returns the fault, if
    /// any. The catalogs are those between the revisions; the script of the claim is not used.
    pub(crate) fn prove_all(
        &self,
        pairs: &[Pair<'_>],
        between: &[&Catalog],
        empty: &mut dyn Scratch,
    ) -> Result<Option<String>, AutogenerateError> {
        let Self { ddl, way, .. } = *self;
        let mut scratch = empty.fork()?;
        scratch.make(way.from, Stage::BeforeRows)?;
        let planted = ddl.plant(self, &mut *scratch, empty)?;
        scratch.make(way.from, Stage::AfterRows)?;
        let ends = [way.from].into_iter().chain(between.iter().copied()).chain([way.to]);
        let ends: Vec<&Catalog> = ends.collect();
        let ups = (0..pairs.len()).map(|at| (at, Operation::Upgrade, at + 1));
        let downs = (0..pairs.len()).rev().map(|at| (at, Operation::Downgrade, at));
        for (at, operation, end) in ups.chain(downs) {
            if let Err(failed) = (Trial { pairs, at }).run(scratch.connection()?, operation) {
                return Ok(Some(failed.problem));
            }
            let Some(wanted) = ends.get(end) else { continue };
            if let Some(problem) = remains(ddl, &seen(&mut *scratch, wanted)?, wanted) {
                return Ok(Some(problem));
            }
            let is_end = operation == Operation::Upgrade && end == pairs.len();
            let missed = if is_end { missed(&planted.after_up, &mut *scratch)? } else { None };
            if missed.is_some() {
                return Ok(missed);
            }
        }
        missed(&planted.after_down, &mut *scratch)
    }
}

/// Describes the difference between two schemas, if there is one.
fn remains(ddl: &dyn Ddl, after: &Catalog, wanted: &Catalog) -> Option<String> {
    let left = ddl.differences(after, wanted).into_iter().map(|it| it.description);
    let left: Vec<String> = left.collect();
    (!left.is_empty()).then(|| format!("leaves this to be done: {}", left.join("; ")))
}

fn missed(
    answers: &[Answer],
    scratch: &mut dyn Scratch,
) -> Result<Option<String>, AutogenerateError> {
    for Answer { query, rows, otherwise } in answers {
        if scratch.connection()?.query(query)? != *rows {
            return Ok(Some(otherwise.clone()));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::autogenerate::ddl::ddl;
    use crate::autogenerate::{Renames, load_text, scratch};
    use crate::sql::Dialect;

    fn fault(from: &str, to: &str, script: &str, down: &str) -> Option<String> {
        let mut empty = scratch(Dialect::Sqlite).unwrap();
        let mut schema =
            |text: &str| load_text(Path::new("schema.sql"), text, &mut *empty).unwrap().schema;
        let (from, to) = (schema(from), schema(to));
        let (renames, unfilled) = (Renames::default(), BTreeSet::new());
        let way = Transition { from: &from, to: &to, renames: &renames };
        let (ddl, backfills) = (ddl(Dialect::Sqlite).unwrap(), &Backfills::new());
        let claim = Claim { ddl, way, backfills, unfilled: &unfilled, script };
        match claim.prove(&mut *empty).unwrap() {
            Ok(mut proven) => proven.take_back(down, &from).unwrap().map(|it| it.problem),
            Err(fault) => Some(fault.problem),
        }
    }

    #[track_caller]
    fn refused(script: &str, down: &str, expected: &str) {
        let from = "CREATE TABLE p (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT); \
                    CREATE TABLE c (id INTEGER PRIMARY KEY, p NOT NULL REFERENCES p (id));";
        let to = from.replace("a TEXT", "a TEXT, b TEXT");
        let fault = fault(from, &to, script, down).unwrap_or_default();
        assert!(fault.contains(expected), "{fault}");
    }

    const ADD: &str = "ALTER TABLE p ADD COLUMN b TEXT";
    const DROP: &str = "ALTER TABLE p DROP COLUMN b";

    #[test]
    fn what_does_not_lead_there_is_refused() {
        refused("", "", "leaves this to be done: add column p.b");
        refused("ALTER TABLE q ADD COLUMN b", "", "no such table: q");
        refused(ADD, "", "leaves this to be done: drop column p.b");
    }

    #[test]
    fn what_loses_rows_is_refused() {
        refused(&format!("{ADD}; DELETE FROM c"), "", "doesn't keep the rows of `c`");
        refused(&format!("{ADD}; UPDATE p SET a = 1"), "", "doesn't keep the rows of `p`");
        refused(&format!("{ADD}; DELETE FROM p"), "", "foreign keys are violated");
        refused(&format!("{ADD}; DELETE FROM sqlite_sequence"), "", "which numbers `p` has given");
        refused(ADD, &format!("{DROP}; DELETE FROM c"), "doesn't bring the rows of `c` back");
    }

    #[test]
    fn what_the_runner_refuses_is_refused() {
        refused(&format!("{ADD}; COMMIT"), "", "can't be run: ");
        refused(&format!("{ADD}; DELETE FROM _migrate_trial"), "", "can't be run: ");
        refused(ADD, &format!("SAVEPOINT a; {DROP}; ROLLBACK"), "can't be run: ");
        refused(ADD, "-- Transaction: maybe\n", "leaves this to be done");
    }

    #[test]
    fn what_does_it_is_proven() {
        let from = "CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT);";
        let to = "CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT, b TEXT);";
        assert_eq!(fault(from, to, ADD, DROP), None);
    }
}
