//! Scratch databases.

mod living;
mod made;
mod memory;
mod mysql;
mod postgres;

use crate::autogenerate::AutogenerateError;
use crate::autogenerate::ddl::{Ddl, Stage, created_extension, ddl};
use crate::autogenerate::trial;
use crate::catalog::Catalog;
use crate::database::{Connection, Options, Stopped};
use crate::inspect::{InspectError, Scope, read};
use crate::sql::{Dialect, Splitter};
use crate::url::DatabaseUrl;

pub use living::drop_scratch;

/// The most statements of a transaction: each holds locks up to its end.
const MOST: usize = 100;

/// A scratch database, dropped with the value.
pub trait Scratch {
    /// Returns the dialect of the database, which need not exist yet.
    fn dialect(&self) -> Dialect;

    /// Returns the connection to the database, which is made when it is first asked for.
    fn connection(&mut self) -> Result<&mut dyn Connection, AutogenerateError>;

    /// Returns the extensions that the database doesn't get.
    fn skips(&self) -> &[String] {
        &[]
    }

    /// Describes everything besides a script on which the schema that it leads to may depend: the
    /// server, its settings and roles, the day. None where trying a script takes no time.
    fn surroundings(&mut self) -> Result<Option<String>, AutogenerateError> {
        Ok(None)
    }

    /// Has owners and privileges compared from now on, in copies as well.
    fn compare_rights(&mut self) {}

    /// Tells whether owners and privileges are compared.
    fn has_rights(&self) -> bool {
        false
    }

    /// Makes another database with the same content.
    fn fork(&mut self) -> Result<Box<dyn Scratch>, AutogenerateError>;
}

/// Creates an empty scratch database of an engine.
pub fn scratch(dialect: Dialect) -> Result<Box<dyn Scratch>, AutogenerateError> {
    match dialect {
        Dialect::Sqlite => Ok(Box::new(memory::Memory::new()?)),
        Dialect::Postgres | Dialect::MySql => {
            Err(InspectError::NotYet { database: dialect.name() }.into())
        }
    }
}

/// Creates an empty scratch database for the database of a URL: on its server, or on another one
/// that is given for it.
pub fn scratch_on(
    target: &DatabaseUrl,
    given: Option<&DatabaseUrl>,
    options: &Options,
) -> Result<Box<dyn Scratch>, AutogenerateError> {
    scratch_without(&[], target, given, options)
}

/// Creates an empty scratch database as [`scratch_on`] does, which never gets some extensions.
pub fn scratch_without(
    skips: &[String],
    target: &DatabaseUrl,
    given: Option<&DatabaseUrl>,
    options: &Options,
) -> Result<Box<dyn Scratch>, AutogenerateError> {
    let DatabaseUrl::Server(server) = target else { return scratch(Dialect::Sqlite) };
    let given = match given {
        Some(DatabaseUrl::Server(given)) if given.scheme.family() == target.family() => Some(given),
        Some(other) => {
            let (scratch, target) = (other.to_string(), target.to_string());
            return Err(AutogenerateError::ScratchKind { scratch, target });
        }
        None => None,
    };
    Ok(Box::new(made::Made::new(server, given, options).without(skips)))
}

impl dyn Scratch + '_ {
    /// Makes another database with the same content and the objects of a catalog.
    pub fn with(&mut self, catalog: &Catalog) -> Result<Box<dyn Scratch>, AutogenerateError> {
        let mut res = self.fork()?;
        res.make(catalog, Stage::BeforeRows)?;
        res.make(catalog, Stage::AfterRows)?;
        Ok(res)
    }

    /// Creates the objects of a catalog that belong to a stage.
    pub(crate) fn make(
        &mut self,
        catalog: &Catalog,
        stage: Stage,
    ) -> Result<(), AutogenerateError> {
        let ddl = ddl(self.dialect())?;
        let statements = ddl.statements(catalog, stage);
        let connection = self.connection()?;
        for some in statements.chunks(MOST) {
            let some = some.iter().map(String::as_str);
            let all: Vec<&str> = ["BEGIN"].into_iter().chain(some).chain(["COMMIT"]).collect();
            connection.execute_all(&all).map_err(|Stopped { at, cause }| {
                let statement = all.get(at).copied().unwrap_or_default();
                refused(ddl, statement, cause.to_string())
            })?;
        }
        Ok(())
    }

    /// Reads the catalog of the database, whatever a script has set in the session.
    pub fn catalog(&mut self) -> Result<Catalog, AutogenerateError> {
        let (is_server, has_rights) = (self.dialect() != Dialect::Sqlite, self.has_rights());
        let connection = self.connection()?;
        if is_server {
            connection.reset()?;
        }
        let ledger = trial::ledger(connection.dialect());
        let ledger = Some(&ledger);
        let scope = if has_rights { Scope::WithRights(ledger) } else { Scope::Compared(ledger) };
        Ok(read(connection, scope)?)
    }
}

/// Tells of a statement that a scratch database refuses.
fn refused(ddl: &dyn Ddl, statement: &str, reason: String) -> AutogenerateError {
    let parsed = Splitter::new(statement, ddl.dialect()).next().and_then(Result::ok);
    if let Some(name) = parsed.and_then(|it| created_extension(ddl, &it)) {
        return AutogenerateError::Extension { place: None, name, reason };
    }
    let (database, statement) = (ddl.dialect().name(), statement.to_owned());
    AutogenerateError::Refused { database, statement, reason }
}
