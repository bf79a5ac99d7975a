//! Hints on missing privileges: on a script's objects, or on this program's own tables.

use limbeck::Error;
use limbeck::runner::{Failure, Standing};

use crate::output::error::fault;

/// Returns the hint for a missing privilege.
pub(super) fn hint(error: &Error) -> Option<String> {
    let fault = fault(error)?;
    let code = fault.code.as_deref().unwrap_or_default();
    let is_mysql = ["1142 ", "1143 "].iter().any(|it| code.starts_with(it));
    if !is_mysql && code != "42501" {
        return None;
    }
    let (is_of_statement, stands) = match error {
        Error::Run(run) => {
            let is_statement = matches!(run.failure, Failure::Statement { .. });
            (is_statement, run.standing != Standing::Nothing)
        }
        Error::Query(_) | Error::Autogenerate(_) => (true, false),
        _ => (false, false),
    };
    let what = if is_of_statement {
        "grant the right, or give the url of a user who has it".to_owned()
    } else if is_mysql {
        of_mysql(&fault.message)?
    } else {
        of_postgres(&fault.message)?
    };
    Some(if stands { format!("{what}; then continue with --resume") } else { what })
}

/// Parses `UPDATE command denied to user 'a'@'%' for table 'd'.'t'`, with any quotes.
fn of_mysql(message: &str) -> Option<String> {
    let (_, rest) = message.split_once(" denied to user ")?;
    let (user, table) = rest.split_once(" for table ")?;
    let table = table.replace(['`', '\'', '"'], "");
    let (database, table) = table.rsplit_once('.').unwrap_or(("DATABASE", &table));
    Some(format!(
        "`{table}` is a table of this program, for its record of what is applied: `GRANT SELECT, \
         INSERT, UPDATE, DELETE, CREATE, ALTER ON {database}.* TO {user}` gives it the rights (`SELECT \
         CURRENT_USER()` tells the account's name)"
    ))
}

/// Parses `permission denied for table t`.
fn of_postgres(message: &str) -> Option<String> {
    let (_, table) = message.split_once(" for table ")?;
    let endings = ["_schema", "_running", "_lock"];
    let base = endings.iter().find_map(|it| table.strip_suffix(it)).unwrap_or(table);
    Some(format!(
        "`{table}` is a table of this program, for its record of what is applied: `GRANT SELECT, \
         INSERT, UPDATE, DELETE ON {base}, {base}_running, {base}_schema TO USER` gives it the rights"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_to_grant_is_read_from_the_message() {
        for message in [
            "UPDATE command denied to user 'a'@'h' for table `d`.`migrate_version_running`",
            "UPDATE command denied to user 'a'@'h' for table 'd.migrate_version_running'",
        ] {
            let hint = of_mysql(message).unwrap();
            assert!(hint.starts_with("`migrate_version_running` is a table of this"), "{hint}");
            assert!(hint.contains("CREATE, ALTER ON d.* TO 'a'@'h'`"), "{hint}");
        }
        let hint = of_postgres("permission denied for table v_schema").unwrap();
        assert!(hint.contains("DELETE ON v, v_running, v_schema TO USER`"), "{hint}");
        assert_eq!(of_postgres("permission denied for schema public"), None);
    }
}
