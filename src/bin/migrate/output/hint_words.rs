//! Hints that depend on the words of the command line.

use std::path::Path;

use limbeck::Error;
use limbeck::config::ConfigError;
use limbeck::database::DatabaseError;
use limbeck::error::QueryError;
use limbeck::near::nearest;
use limbeck::ops::TEMPLATES;
use limbeck::plan::PlanError;
use limbeck::runner::{Failure, RunError};

/// Returns the hint for a word that suggests what was meant.
pub(super) fn hint(error: &Error) -> Option<String> {
    let text = match error {
        Error::NoTemplate { name } => return Some(template(name)),
        Error::Run(run) => return variable(run),
        Error::Plan(PlanError::NotFound { name, near: None }) => return symbol(name),
        Error::BackupExists { .. } => {
            "nothing was changed; give --backup the name of a new file, or move this one away"
        }
        Error::Config(ConfigError::UnknownEnvironment { known, .. }) if known.is_empty() => {
            "a section `[env.NAME]` in migrate.toml makes one"
        }
        Error::Query(error) => return file_of_statements(error),
        Error::NotAgreed { .. } => "run the command again to see what it would do",
        _ => return None,
    };
    Some(text.to_owned())
}

/// Returns the equivalent of a symbol from another tool.
fn symbol(name: &str) -> Option<String> {
    let list = "`migrate history` lists the revisions";
    let lower = name.to_lowercase();
    let is_steps = name.len() <= 3 && name.parse::<u16>().is_ok_and(|steps| steps > 0);
    Some(match lower.as_str() {
        _ if name.trim().is_empty() => {
            format!("the name is empty, as a shell's variable is that isn't set; {list}")
        }
        // No id and no label has a blank.
        _ if name.contains(' ') => format!("a message follows -m: `-m \"MESSAGE\"`; {list}"),
        _ if is_steps => {
            format!("steps have a sign: `upgrade +{name}`, `downgrade -{name}`; {list}")
        }
        "latest" | "newest" | "last" | "tip" | "top" | "all" => {
            format!("the newest revision is `head`, and all of several are `heads`; {list}")
        }
        "zero" | "0" | "none" | "root" | "empty" | "initial" => {
            format!("before the first revision is `base`; {list}")
        }
        _ => return None,
    })
}

/// Returns how statements are read from a file, if the name of one was given as a statement.
fn file_of_statements(error: &QueryError) -> Option<String> {
    let QueryError::Statement { statement, .. } = error else { return None };
    let is_script = Path::new(statement).extension().is_some_and(|it| it == "sql");
    let is_name = is_script && !statement.contains(char::is_whitespace);
    is_name.then(|| format!("`migrate sql -f {statement}` reads statements from a file"))
}

fn template(name: &str) -> String {
    let list = "`migrate list-templates` names them";
    match nearest(name, TEMPLATES.iter().map(|it| it.name)) {
        Some(near) => format!("did you mean `{near}`? {list}"),
        None => list.to_owned(),
    }
}

/// Returns how to declare a variable, if one caused the database's error.
fn variable(run: &RunError) -> Option<String> {
    let Failure::Statement { statement, cause: DatabaseError::Sql(fault), .. } = &run.failure
    else {
        return None;
    };
    let code = fault.code.as_deref().unwrap_or_default();
    // A syntax error of PostgreSQL, of MySQL, of SQLite.
    let is_syntax = code == "42601"
        || code.starts_with("1064 ")
        || fault.message.starts_with("unrecognized token: \"$");
    let name = run.failed.as_deref()?.source.undeclared(statement).filter(|_| is_syntax)?;
    Some(format!(
        "if `{name}` is a variable, declare it: `-- Variables: {name}` in the header of the up script; \
         `-x {name}=VALUE` or [variables] in migrate.toml gives its value"
    ))
}
