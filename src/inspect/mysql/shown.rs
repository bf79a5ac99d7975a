//! The part of the information schema of MySQL and MariaDB that is shown: the database that the session
//! works in.

use crate::catalog::{BODY, COLUMNS, Catalog, EXPRESSION, Kind, NOT_NULL, Name, ON_DELETE};
use crate::catalog::{ON_UPDATE, REFERENCES, TYPE, UNIQUE};
use crate::database::{Connection, Values as _};
use crate::inspect::reader::{Naming, REFERENCED, REFERENCED_SCHEMA, Reader};
use crate::inspect::{InspectError, Scope, only};
use crate::sql::{Dialect, quote_identifier};

const NAMES: &str = "
    SELECT CASE table_type WHEN 'VIEW' THEN 'view' WHEN 'SEQUENCE' THEN 'sequence' ELSE 'table' END,
        NULL, NULL, table_name
    FROM information_schema.tables WHERE table_schema = database()";

const VIEWS: &str = "SELECT 'view', NULL, NULL, table_name, view_definition \
    FROM information_schema.views WHERE table_schema = database()";

const ALL_COLUMNS: &str = "
    SELECT 'column', NULL, table_name, column_name, column_type,
        IF(is_nullable = 'NO', 'yes', NULL)
    FROM information_schema.columns
    WHERE table_schema = database()
    ORDER BY table_name, ordinal_position";

/// The primary keys and the indexes: a UNIQUE constraint is one.
const KEYS: &str = "
    SELECT IF(index_name = 'PRIMARY', 'primary_key', 'index'), NULL, table_name, index_name,
        IF(non_unique = 0 AND index_name <> 'PRIMARY', 'yes', NULL),
        COALESCE(column_name, '(expression)'), IF(column_name IS NULL, 'yes', NULL)
    FROM information_schema.statistics
    WHERE table_schema = database()
    ORDER BY table_name, index_name, seq_in_index";

const FOREIGN_KEYS: &str = "
    SELECT 'foreign_key', NULL, k.table_name, k.constraint_name, k.column_name,
        NULLIF(k.referenced_table_schema, database()), k.referenced_table_name,
        k.referenced_column_name, NULLIF(r.delete_rule, 'NO ACTION'),
        NULLIF(r.update_rule, 'NO ACTION')
    FROM information_schema.key_column_usage k
    JOIN information_schema.referential_constraints r
        ON r.constraint_schema = k.constraint_schema
        AND r.constraint_name = k.constraint_name AND r.table_name = k.table_name
    WHERE k.table_schema = database() AND k.referenced_table_name IS NOT NULL
    ORDER BY k.table_name, k.constraint_name, k.ordinal_position";

const TRIGGERS: &str = "
    SELECT 'trigger', NULL, event_object_table, trigger_name,
        CONCAT(action_timing, ' ', event_manipulation, ' ON ', event_object_table,
            ' FOR EACH ROW ', action_statement)
    FROM information_schema.triggers
    WHERE trigger_schema = database()";

/// The triggers without their tables: their statements follow those of all tables.
const TRIGGER_NAMES: &str = "SELECT 'trigger', NULL, NULL, trigger_name \
    FROM information_schema.triggers WHERE trigger_schema = database()";

const INDEXES: &str = "SELECT 'index', NULL, table_name, index_name \
    FROM information_schema.statistics WHERE table_schema = database()";

/// An index is named within its table; the case of letters counts where the names are those of files.
const NAMING: Naming = Naming {
    name: |kind, name| {
        let is_file = Kind::RELATIONS.contains(&kind) || kind == Kind::Trigger;
        if is_file { Name::exact(name) } else { Name::any_case(name) }
    },
    within_table: Some(Kind::Index),
};

pub(super) fn read(
    connection: &mut dyn Connection,
    scope: Scope<'_>,
) -> Result<Catalog, InspectError> {
    let mut reader = Reader::new(connection, &NAMING);
    let of = |table, column: &str| only(table, column, Dialect::MySql);
    match scope {
        Scope::Compared(_) | Scope::WithRights(_) => {
            return Err(InspectError::NotYet { database: Dialect::MySql.name() });
        }
        Scope::Drawn(_) => {
            reader.ask(&[], NAMES)?;
            reader.ask(&[BODY], VIEWS)?;
            reader.ask(&[TYPE, NOT_NULL], ALL_COLUMNS)?;
            reader.ask(&[UNIQUE, COLUMNS, EXPRESSION], KEYS)?;
            let key = [COLUMNS, REFERENCED_SCHEMA, REFERENCED, REFERENCES, ON_DELETE, ON_UPDATE];
            reader.ask(&key, FOREIGN_KEYS)?;
            reader.ask(&[BODY], TRIGGERS)?;
        }
        Scope::Tables => reader.ask(&[], &format!("{NAMES} ORDER BY table_name"))?,
        Scope::Columns => {
            reader.ask(&[], &format!("{NAMES} ORDER BY table_name"))?;
            reader.ask(&[], ALL_COLUMNS)?;
        }
        Scope::Indexes(table) => {
            let order = "ORDER BY CONCAT(table_name, '.', index_name)";
            reader.ask(&[], &format!("{INDEXES}{} {order}", of(table, "table_name")))?;
        }
        Scope::Statements(table) => {
            let order = "ORDER BY table_type <> 'BASE TABLE', table_name";
            reader.ask(&[], &format!("{NAMES}{} {order}", of(table, "table_name")))?;
            let order = "ORDER BY event_object_table, trigger_name";
            let of_table = of(table, "event_object_table");
            reader.ask(&[], &format!("{TRIGGER_NAMES}{of_table} {order}"))?;
            ask_statements(&mut reader)?;
        }
    }
    Ok(reader.catalog)
}

fn ask_statements(reader: &mut Reader<'_>) -> Result<(), InspectError> {
    for object in reader.catalog.objects.values_mut() {
        let name = quote_identifier(object.id.name.as_str(), Dialect::MySql);
        let (what, at) =
            if object.id.kind == Kind::Trigger { ("TRIGGER", 2) } else { ("TABLE", 1) };
        let rows = reader.connection.query(&format!("SHOW CREATE {what} {name}"))?;
        object.sql = rows.first().map(|row| row.text(at).to_owned());
    }
    Ok(())
}
