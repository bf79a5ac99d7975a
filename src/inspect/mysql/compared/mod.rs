//! The objects that schemas are compared by: all that a database holds.
//!
//! The server writes each object in one canonical form, by SHOW CREATE; lists come from the information
//! schema. Everything is read in a session with fixed settings, which are put back.

mod column;
mod line;
mod programs;
mod table;
mod words;

use crate::catalog::{Catalog, Id, Kind, Name, Object};
use crate::database::{Connection, DatabaseError, Engine, Row, SqlFault, Values as _};
use crate::inspect::InspectError;
use crate::ledger::Ledger;
use crate::sql::{Dialect, quote_identifier};

/// The state of a session on which texts of SHOW CREATE depend, beside the mode, and the way back.
const FIX: &str = "SET @migrate_quote = @@SESSION.sql_quote_show_create, \
    SESSION sql_quote_show_create = 1 \
    /*!80030 , @migrate_keys = @@SESSION.show_gipk_in_create_table_and_information_schema, \
    SESSION show_gipk_in_create_table_and_information_schema = OFF */";
const RELEASE: &str = "SET SESSION sql_quote_show_create = @migrate_quote \
    /*!80030 , SESSION show_gipk_in_create_table_and_information_schema = @migrate_keys */";

/// The codes of the errors for an object that was dropped while the others were read: a table, a view,
/// a trigger, a routine, an event.
const GONE: [&str; 5] = ["1146", "1347", "1360", "1305", "1539"];

const RELATIONS: &str = "SELECT table_name, table_type FROM information_schema.tables \
    WHERE table_schema = database() ORDER BY table_name";

/// Reads everything that is compared. If somebody drops an object meanwhile, it is read again.
pub(super) fn read(
    connection: &mut dyn Connection,
    ledger: Option<&Ledger>,
) -> Result<Catalog, InspectError> {
    let engine = connection.engine();
    if !matches!(engine, Engine::MySql | Engine::MariaDb | Engine::Galera) {
        return Err(InspectError::NotYet { database: engine.name() });
    }
    match attempt(connection, ledger) {
        Err(InspectError::Database(DatabaseError::Sql(fault))) if is_gone(&fault) => {
            attempt(connection, ledger)
        }
        read => read,
    }
}

/// Tells whether an object was dropped meanwhile. The state of the standard stands behind the number.
fn is_gone(fault: &SqlFault) -> bool {
    let code = fault.code.as_deref().and_then(|it| it.split(' ').next());
    code.is_some_and(|it| GONE.contains(&it))
}

fn attempt(
    connection: &mut dyn Connection,
    ledger: Option<&Ledger>,
) -> Result<Catalog, InspectError> {
    connection.put_aside()?;
    let read = connection.execute(FIX).map_err(InspectError::from).and_then(|()| {
        let read = gather(connection, ledger);
        connection.execute(RELEASE)?;
        read
    });
    let put_back = connection.put_back();
    let catalog = read?;
    put_back?;
    Ok(catalog)
}

fn gather(
    connection: &mut dyn Connection,
    ledger: Option<&Ledger>,
) -> Result<Catalog, InspectError> {
    let mut reader = Reader::new(connection)?;
    for row in reader.connection.query(RELATIONS)? {
        let (name, kind) = (row.text(0), row.text(1));
        if ledger.is_some_and(|it| it.owns(name)) {
            continue;
        }
        match kind {
            "VIEW" | "SYSTEM VIEW" => programs::view(&mut reader, name)?,
            "SEQUENCE" => programs::sequence(&mut reader, name)?,
            _ => table::read(&mut reader, name)?,
        }
    }
    programs::read(&mut reader)?;
    let mut catalog = reader.catalog;
    words::add_needs(&mut catalog);
    Ok(catalog)
}

/// A catalog while it is read.
struct Reader<'a> {
    connection: &'a mut dyn Connection,
    catalog: Catalog,
    /// The database, which the server writes before the names of some objects.
    database: String,
    /// Whether the case of letters counts in names of tables.
    is_exact: bool,
}

impl<'a> Reader<'a> {
    fn new(connection: &'a mut dyn Connection) -> Result<Self, InspectError> {
        let known = connection.query("SELECT database(), @@lower_case_table_names")?;
        let known = known.first().map(Row::as_slice).unwrap_or_default();
        let (database, is_exact) = (known.text(0).to_owned(), known.text(1) == "0");
        Ok(Self { connection, catalog: Catalog::default(), database, is_exact })
    }

    /// Makes a name of a table or a view, or of a trigger: its file has the same.
    fn file_name(&self, name: &str) -> Name {
        if self.is_exact { Name::exact(name) } else { Name::any_case(name) }
    }

    fn table_id(&self, name: &str) -> Id {
        Id::table(&self.file_name(name))
    }

    /// Returns the row of SHOW CREATE for an object.
    fn shown(&mut self, what: &str, name: &str) -> Result<Row, InspectError> {
        let name = quote_identifier(name, Dialect::MySql);
        let rows = self.connection.query(&format!("SHOW CREATE {what} {name}"))?;
        Ok(rows.into_iter().next().unwrap_or_default())
    }

    /// Adds an object at the end of the order in which objects are found.
    fn insert(&mut self, object: Object) {
        let place = self.catalog.objects.len();
        self.catalog.insert(Object { place, ..object });
    }
}

/// Tells of a text of the server that isn't understood.
fn unread(kind: Kind, name: &str, problem: crate::sql::GrammarError) -> InspectError {
    InspectError::Grammar { kind: kind.to_string(), name: name.to_owned(), problem }
}
