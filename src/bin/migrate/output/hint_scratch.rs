//! Hints on scratch databases: who may make them, and where.

use limbeck::Error;
use limbeck::autogenerate::AutogenerateError;
use limbeck::sql::{Dialect, quote_identifier, quote_literal};

/// The hint for an extension that a script can't create in a scratch database.
pub(super) const EXTENSION: &str = "`scratch_skip_extensions` in migrate.toml names the extensions to leave out there, \
                                    or `scratch = \"URL\"` a server of the same version where they can be created";

/// Returns the hint for a scratch database that can't be made.
pub(super) fn hint(error: &Error) -> Option<String> {
    let Error::Autogenerate(error) = error else { return None };
    Some(match &**error {
        AutogenerateError::Statement { cause, .. } => missing_role(&cause.to_string())?,
        AutogenerateError::Refused { reason, .. } => missing_role(reason)?,
        AutogenerateError::NoScratch { dialect, role, version, .. } => {
            let (allow, server) = (may_create(*dialect, role), a_server(*dialect, version));
            format!(
                "nothing was written; {allow} lets it, or `scratch = \"URL\"` in migrate.toml names a server of the \
                 same version for it: {server}"
            )
        }
        AutogenerateError::Extension { name, .. } => extension(name),
        // The statement that failed in the trial stands at the end.
        AutogenerateError::Unproven { problem, .. } if problem.contains("`CREATE EXTENSION ") => {
            format!("nothing was written; {EXTENSION}")
        }
        AutogenerateError::ScratchIsTarget { .. } => {
            "nothing was written; name another database of that server in its url, e.g. `postgres`: \
             scratch databases are made beside it"
                .to_owned()
        }
        AutogenerateError::ScratchVersion { dialect, target, .. } => {
            let server = a_server(*dialect, target);
            format!(
                "nothing was written; versions write the same view differently: use a server of version \
                 {target}: {server}"
            )
        }
        AutogenerateError::ScratchKind { .. } => {
            "nothing was written; `scratch` is a server of the same kind as the database's".to_owned()
        }
        _ => return None,
    })
}

/// Returns the statement that lets a role make scratch databases, and no others where that can be said.
fn may_create(dialect: Dialect, role: &str) -> String {
    if dialect != Dialect::MySql {
        return format!("`ALTER ROLE {} CREATEDB`", quote_identifier(role, Dialect::Postgres));
    }
    let (user, host) = role.rsplit_once('@').unwrap_or((role, "%"));
    let [user, host] = [user, host].map(|it| quote_literal(it, Dialect::MySql));
    format!("``GRANT ALL ON `migrate\\_scratch\\_%`.* TO {user}@{host}``")
}

/// Tells how to start a server of a version for scratch databases.
fn a_server(dialect: Dialect, version: &str) -> String {
    if dialect != Dialect::MySql {
        return format!(
            "`docker run -d -p 5433:5432 -e POSTGRES_PASSWORD=scratch postgres:{version}` starts one, and its \
             url is `postgres://postgres:scratch@localhost:5433/postgres`"
        );
    }
    let number = version.split([' ', ',']).nth(1).unwrap_or_default();
    let (image, variable) = if version.starts_with("MySQL") {
        ("mysql", "MYSQL_ROOT_PASSWORD")
    } else {
        ("mariadb", "MARIADB_ROOT_PASSWORD")
    };
    format!(
        "`docker run -d -p 3307:3306 -e {variable}=scratch {image}:{number}` starts one, and its url is \
         `mysql://root:scratch@127.0.0.1:3307`"
    )
}

/// Returns the hint for a role that the server of scratch databases doesn't have.
fn missing_role(message: &str) -> Option<String> {
    let (_, rest) = message.split_once("role \"")?;
    let (role, _) = rest.split_once("\" does not exist")?;
    let role = quote_identifier(role, Dialect::Postgres);
    Some(format!(
        "nothing was written; roles are the server's: `CREATE ROLE {role}` on the one that has the scratch \
         databases makes it"
    ))
}

/// Returns the hint for an extension that a scratch database can't have.
fn extension(name: &str) -> String {
    format!(
        "nothing was written; `scratch_skip_extensions = [\"{name}\"]` in migrate.toml leaves it out, or \
         `scratch = \"URL\"` names a server of the same version where it can be created"
    )
}
