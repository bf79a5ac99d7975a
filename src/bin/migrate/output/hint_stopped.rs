//! Hints after a run that stopped.

use limbeck::Error;
use limbeck::database::DatabaseError;
use limbeck::plan::Operation;
use limbeck::revision::Wrapping;
use limbeck::runner::{Failure, RunError, Standing};
use limbeck::script::Unit;

use crate::output::hint::{database_hint, is_of_the_disk, is_read_only, revision_hint};
use crate::output::hint_answers::{ledger_hint, sql_hint};
use crate::output::hint_scratch;

pub(super) fn stopped_hint(run: &RunError) -> Option<String> {
    lasting_hint(run).or_else(|| there_hint(run)).or_else(|| run_hint(run).map(str::to_owned))
}

/// The errors of engines for an existing object: a table, a view, an index, a schema, a type, a
/// routine, a trigger, a database.
const THERE: &[&str] =
    &["42P07", "42P06", "42710", "42723", "1050 ", "1061 ", "1304 ", "1359 ", "1007 ", "1826 "];

/// Returns the hint for a script that creates an existing object: possibly all of it exists, and
/// only the record lacks it.
fn there_hint(run: &RunError) -> Option<String> {
    let (Failure::Statement { cause: DatabaseError::Sql(fault), .. }, Some(unit)) =
        (&run.failure, run.failed.as_deref())
    else {
        return None;
    };
    let code = fault.code.as_deref().unwrap_or_default();
    let is_there = THERE.iter().any(|it| code.starts_with(it.trim_end()))
        || (code.starts_with("SQLITE") && fault.message.ends_with("already exists"));
    // An existing invalid index is no desired result.
    let is_invalid = fault.detail.as_deref().is_some_and(|it| it.contains("DROP INDEX"));
    let is_there = is_there && !is_invalid;
    let can_stamp = unit.operation == Operation::Upgrade && run.standing == Standing::Nothing;
    (is_there && can_stamp).then(|| {
        let revision = &unit.revision;
        format!(
            "if the database has all that the script makes, `migrate stamp {revision}` records it, or a \
             stamp of the later revision that it is at; else correct the script and run the command again"
        )
    })
}

/// Returns the hint for a run that stopped elsewhere than on the database, with what is usual there.
pub(super) fn aside_hint(error: &Error, usual: &str) -> Option<String> {
    let Error::Run(run) = error.failure() else { return None };
    let of_itself = match &run.failure {
        Failure::Statement { statement, .. } if creates_extension(statement) => {
            return Some(hint_scratch::EXTENSION.to_owned());
        }
        Failure::Statement { cause: DatabaseError::Sql(fault), .. } => sql_hint(fault),
        Failure::Database(DatabaseError::Interrupted) => return None,
        _ => None,
    };
    Some(of_itself.unwrap_or(usual).to_owned())
}

fn creates_extension(statement: &str) -> bool {
    let words = statement.split_whitespace().take(2).map(str::to_ascii_uppercase);
    words.collect::<Vec<_>>() == ["CREATE", "EXTENSION"]
}

/// Returns the hint for changes that couldn't be rolled back.
fn lasting_hint(run: &RunError) -> Option<String> {
    let (Some(last), Some((done, _)), Some(unit)) = (run.lasting, run.progress, &run.failed) else {
        return None;
    };
    let Unit { revision, operation, .. } = &**unit;
    Some(format!(
        "check what there is of {}, then record with `migrate repair --done {revision}` that it took effect, or \
         with `migrate repair --again {revision}` that it is to run again, and continue with \
         `migrate {operation} --resume`",
        statements(done + 1, last)
    ))
}

/// Names one statement, or a range of them.
pub(super) fn statements(first: usize, last: usize) -> String {
    if first >= last {
        format!("statement {last}")
    } else {
        format!("statements {first} to {last}")
    }
}

fn run_hint(run: &RunError) -> Option<&'static str> {
    Some(match &run.failure {
        // No script is to blame.
        Failure::Statement { cause: DatabaseError::Interrupted, .. }
        | Failure::Database(DatabaseError::Interrupted)
            if run.standing != Standing::Nothing =>
        {
            "continue with --resume; `migrate repair` names the ways to settle it by hand"
        }
        Failure::Statement { cause: cause @ DatabaseError::Interrupted, .. } => {
            return database_hint(cause);
        }
        Failure::Statement { cause: cause @ DatabaseError::Sql(fault), .. }
            if is_read_only(fault) || is_of_the_disk(fault) =>
        {
            return database_hint(cause);
        }
        // Finished statements don't run again.
        Failure::Statement { cause: DatabaseError::Sql(fault), .. }
            if fault.is_transient && matches!(run.progress, Some((1.., _))) =>
        {
            "other sessions hold locks that it needs: continue with --resume when they are done"
        }
        Failure::Statement { cause: DatabaseError::Sql(fault), .. }
            if sql_hint(fault).is_some() =>
        {
            return sql_hint(fault);
        }
        Failure::Statement { cause: cause @ DatabaseError::Lost { .. }, .. }
        | Failure::Undecided { cause, .. } => return database_hint(cause),
        Failure::Statement { .. }
            if run.standing != Standing::Nothing
                && run.failed.as_deref().is_some_and(|unit| unit.wrapping == Wrapping::None) =>
        {
            "it runs outside a transaction: correct the script and continue with --resume; `migrate \
             repair` names the ways to settle it by hand"
        }
        Failure::Statement { .. } => "correct the script and run the command again",
        Failure::Commit { cause: DatabaseError::Sql(fault), .. } if !fault.is_transient => {
            "correct the script so that its rows keep the constraints that are checked at the commit, and \
             run the command again"
        }
        Failure::Commit { cause: DatabaseError::Sql(fault), .. } => return sql_hint(fault),
        Failure::ForeignKeys { .. } => {
            "correct the script so that these rows refer to something, and run the command again"
        }
        Failure::Database(error) => return database_hint(error),
        Failure::Ledger(error) => return ledger_hint(error),
        Failure::Revision(error) => return revision_hint(error),
        _ => return None,
    })
}
