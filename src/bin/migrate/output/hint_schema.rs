//! Hints on schemas, and on scripts that can't be generated from them.

use limbeck::autogenerate::AutogenerateError;

use crate::output::hint::database_hint;

/// Returns advice on an error of a generation.
pub(super) fn hint(error: &AutogenerateError) -> Option<&'static str> {
    Some(match error {
        AutogenerateError::Read { .. } => {
            "write what the database should have to it, or set `schema` in migrate.toml; `migrate \
             dump -o FILE` writes what it has"
        }
        AutogenerateError::Split { .. } | AutogenerateError::Statement { .. } => {
            "nothing was written; correct the schema"
        }
        AutogenerateError::NotInSchema { .. } => {
            "nothing was written; a schema has CREATE statements alone"
        }
        AutogenerateError::Hint { .. } => {
            "nothing was written; `-- renamed from: OLD` and `-- backfill: EXPRESSION` stand on the \
             line of the name, or alone before it"
        }
        AutogenerateError::Backfill { .. } => {
            "nothing was written; correct the expression behind `-- backfill:`; what no expression can \
             do is written by hand: `migrate revision` without --autogenerate"
        }
        AutogenerateError::Rename { .. } => {
            "nothing was written; correct the hint or --rename, or take it out"
        }
        AutogenerateError::Refused { .. } => {
            "nothing was written; take the hint out, and move the rows by hand in the script that \
             drops the old one and adds the new one"
        }
        AutogenerateError::Unproven { .. } | AutogenerateError::Circle { .. } => {
            "nothing was written; bring the schema there in smaller steps, or write this one by \
             hand: `migrate revision` without --autogenerate"
        }
        AutogenerateError::Destructive { .. } => {
            "nothing was written; if one is a rename, say so with `-- renamed from: OLD` in the \
             schema or --rename; `destructive = \"allow\"` in [autogenerate] allows the others"
        }
        AutogenerateError::Unreplayable { .. } => {
            "nothing was changed; `diff` and `revision --autogenerate --from-database` start from \
             what the database has, without the scripts"
        }
        AutogenerateError::Database(error) => return database_hint(error),
        _ => return None,
    })
}
