//! SQLite's schema table and pragmas.
//!
//! What is compared is read in the statements that SQLite keeps, and has to agree with the pragmas: what the
//! reader of statements didn't understand would be lost otherwise. The rest are pragmas alone, so that what
//! SQLite understands is shown.

mod compare;

use std::collections::BTreeSet;

use crate::catalog::{COLUMNS, Catalog, EXPRESSION, Kind, NOT_NULL, Name, ON_DELETE, ON_UPDATE};
use crate::catalog::{REFERENCES, TYPE, UNIQUE, WHERE};
use crate::database::{Connection, Row, Values as _};
use crate::inspect::reader::{Naming, REFERENCED, REFERENCED_SCHEMA, Reader, SQL};
use crate::inspect::{InspectError, Scope, only};
use crate::ledger::Ledger;
use crate::sql::{Dialect, quote_literal};
use crate::sqlite::{DEFAULT, GENERATED, Kept, STRICT, Schema, WITHOUT_ROWID};

/// Everything that users made, in the order in which it was made; what is made automatically has no text.
const OBJECTS: &str = "SELECT type, name, tbl_name, sql FROM main.sqlite_schema \
    WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid";

/// The tables that virtual ones keep their rows in.
const SHADOWS: &str =
    "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow'";

const RELATIONS: &str = r"
    SELECT type, NULL, NULL, name, sql FROM main.sqlite_schema
    WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\_%' ESCAPE '\'";

const KINDS: &str = "SELECT 'table', NULL, NULL, name, nullif(wr, 0), nullif(strict, 0) \
    FROM pragma_table_list WHERE schema = 'main' AND type = 'table'";

const PLAIN_COLUMNS: &str = r#"
    SELECT 'column', NULL, t.name, c.name, c.type, iif(c."notnull", 'yes', NULL),
        iif(c.dflt_value IS NULL, NULL, 'yes'),
        CASE c.hidden WHEN 2 THEN 'virtual' WHEN 3 THEN 'stored' END
    FROM main.sqlite_schema t, pragma_table_xinfo(t.name, 'main') c
    WHERE t.type = 'table' AND t.sql NOT LIKE 'CREATE VIRTUAL%'
    ORDER BY t.name, c.cid"#;

/// Views and virtual tables.
const COMPUTED: &str = "SELECT name FROM main.sqlite_schema \
    WHERE type = 'view' OR type = 'table' AND sql LIKE 'CREATE VIRTUAL%' ORDER BY name";

const PRIMARY_KEYS: &str = "
    SELECT 'primary_key', NULL, t.name, '', c.name
    FROM (SELECT name FROM main.sqlite_schema
          WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%') t,
        pragma_table_xinfo(t.name, 'main') c
    WHERE c.pk > 0
    ORDER BY t.name, c.pk";

/// The keys and indexes in the order in which they were made.
const KEYS: &str = r#"
    SELECT iif(i.origin = 'c', 'index', 'unique'), NULL, t.name, i.name,
        iif(i.origin = 'c' AND i."unique", 'yes', NULL), iif(i.partial, 'yes', NULL),
        ifnull(c.name, '(expression)'), iif(c.name IS NULL, 'yes', NULL)
    FROM main.sqlite_schema t, pragma_index_list(t.name, 'main') i,
        pragma_index_info(i.name, 'main') c
    WHERE t.type = 'table' AND i.origin <> 'pk'
    ORDER BY t.name, i.seq DESC, c.seqno"#;

/// The foreign keys, with the names of what they refer to as those are written there: SQLite takes any case,
/// and the primary key where no columns are said.
const FOREIGN_KEYS: &str = r#"
    SELECT 'foreign_key', NULL, t.name, f.id, f."from", NULL, ifnull(p.name, f."table"),
        ifnull(c.name, f."to"), nullif(f.on_delete, 'NO ACTION'), nullif(f.on_update, 'NO ACTION')
    FROM main.sqlite_schema t, pragma_foreign_key_list(t.name, 'main') f
    LEFT JOIN main.sqlite_schema p
        ON p.type IN ('table', 'view') AND p.name = f."table" COLLATE NOCASE
    LEFT JOIN pragma_table_xinfo(
            iif(p.type = 'table' AND p.sql NOT LIKE 'CREATE VIRTUAL%', p.name, NULL), 'main') c
        ON iif(f."to" IS NULL, c.pk = f.seq + 1, c.name = f."to" COLLATE NOCASE)
    WHERE t.type = 'table'
    ORDER BY t.name, f.id DESC, f.seq"#;

const TRIGGERS: &str = "SELECT type, NULL, tbl_name, name, sql FROM main.sqlite_schema \
    WHERE type = 'trigger' ORDER BY tbl_name, name";

/// The case of ASCII letters doesn't count.
const NAMING: Naming = Naming { name: |_, name| Name::any_case(name), within_table: None };

pub(super) fn read(
    connection: &mut dyn Connection,
    scope: Scope<'_>,
) -> Result<Catalog, InspectError> {
    let mut reader = Reader::new(connection, &NAMING);
    match scope {
        Scope::Compared(ledger) | Scope::WithRights(ledger) => return compared(connection, ledger),
        Scope::Drawn(_) => {
            reader.ask(&[SQL], &format!("{RELATIONS} AND name NOT IN ({SHADOWS})"))?;
            ask_parts(&mut reader)?;
            reader.ask(&[SQL], TRIGGERS)?;
            ask_computed(&mut reader)?;
        }
        Scope::Tables | Scope::Columns => {
            reader.ask(&[], &format!("{RELATIONS} ORDER BY name"))?;
            if matches!(scope, Scope::Columns) {
                let columns = "SELECT 'column', NULL, s.name, c.name FROM main.sqlite_schema s, \
                    pragma_table_info(s.name) c WHERE s.type IN ('table', 'view')";
                reader.ask(&[], columns)?;
            }
        }
        Scope::Indexes(table) => {
            let of = only(table, "tbl_name", Dialect::Sqlite);
            let query =
                "SELECT type, NULL, tbl_name, name FROM main.sqlite_schema WHERE type = 'index'";
            reader.ask(&[], &format!("{query}{of} ORDER BY name"))?;
        }
        Scope::Statements(table) => {
            let of = only(table, "tbl_name", Dialect::Sqlite);
            reader.ask(
                &[SQL],
                &format!(
                    "SELECT type, NULL, iif(type IN ('table', 'view'), NULL, tbl_name), name, sql \
                     FROM main.sqlite_schema WHERE sql IS NOT NULL \
                     AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'{of} \
                     ORDER BY tbl_name, type <> 'table', type <> 'view', type <> 'index', name"
                ),
            )?;
        }
    }
    Ok(reader.catalog)
}

/// Asks for the columns of plain tables, and for keys and indexes.
fn ask_parts(reader: &mut Reader<'_>) -> Result<(), InspectError> {
    reader.ask(&[TYPE, NOT_NULL, DEFAULT, GENERATED], PLAIN_COLUMNS)?;
    reader.ask(&[COLUMNS], PRIMARY_KEYS)?;
    reader.ask(&[UNIQUE, WHERE, COLUMNS, EXPRESSION], KEYS)?;
    let key = [COLUMNS, REFERENCED_SCHEMA, REFERENCED, REFERENCES, ON_DELETE, ON_UPDATE];
    reader.ask(&key, FOREIGN_KEYS)
}

/// Asks for the columns of views and virtual tables. One that doesn't work, for a table or a module that
/// isn't there, has none.
fn ask_computed(reader: &mut Reader<'_>) -> Result<(), InspectError> {
    for row in reader.connection.query(COMPUTED)? {
        let name = quote_literal(row.text(0), Dialect::Sqlite);
        let query = format!(
            "SELECT 'column', NULL, {name}, name, type, iif(\"notnull\", 'yes', NULL) \
             FROM pragma_table_xinfo({name}, 'main') WHERE hidden <> 1 ORDER BY cid"
        );
        let _result = reader.ask(&[TYPE, NOT_NULL], &query);
    }
    Ok(())
}

fn compared(
    connection: &mut dyn Connection,
    ledger: Option<&Ledger>,
) -> Result<Catalog, InspectError> {
    let shadows: BTreeSet<Name> =
        connection.query(SHADOWS)?.iter().map(|row| Name::any_case(row.text(0))).collect();
    let rows = connection.query(OBJECTS)?;
    let is_ours = |name: &str| {
        shadows.contains(&Name::any_case(name)) || ledger.is_some_and(|ledger| ledger.owns(name))
    };
    let rows: Vec<&Row> =
        rows.iter().filter(|row| !is_ours(row.text(1)) && !is_ours(row.text(2))).collect();
    let kept: Result<Vec<Kept<'_>>, InspectError> = rows.iter().map(|row| kept(row)).collect();
    let res = Schema::read(&kept?)?;
    let mut told = Reader::new(connection, &NAMING);
    told.ask(&[WITHOUT_ROWID, STRICT], KINDS)?;
    ask_parts(&mut told)?;
    compare::compare(&res, &told.catalog)?;
    Ok(res.catalog)
}

fn kept(row: &Row) -> Result<Kept<'_>, InspectError> {
    let (name, table, sql) = (row.text(1), row.text(2), row.text(3));
    let Some(kind) = Kind::of(row.text(0)) else {
        let (kind, name) = (row.text(0).to_owned(), name.to_owned());
        return Err(InspectError::UnknownKind { kind, name });
    };
    Ok(Kept { kind, name, table, sql })
}

#[cfg(test)]
mod tests;
