//! The row that violates a constraint when rows are copied in a table rebuild.
//!
//! SQLite names the temporary table, which users don't know, and no row. Rows and table still exist
//! after the failure, so they can be queried.

use rusqlite::Connection as Driver;

use crate::catalog::Name;
use crate::database::{DatabaseError, SqlFault};
use crate::sql::{Dialect, Lexer, Token};
use crate::sqlite::{Index, KeyColumn, Names, Table, bare_name, identifier};

/// The prefix of the tables that replace others in a rebuild.
const NEW: &str = "_migrate_new_";

/// The name of the row number in queries.
const ROW: &str = "_migrate_row";

/// Rephrases an error for the user's table and column, with the row concerned if it can be found.
pub(super) fn explained(driver: &Driver, statement: &str, error: DatabaseError) -> DatabaseError {
    let DatabaseError::Sql(mut fault) = error else { return error };
    let code = fault.code.as_deref().unwrap_or_default();
    if code.starts_with("SQLITE_CONSTRAINT") || code.starts_with("SQLITE_MISMATCH") {
        if let Some(copy) = Copy::read(statement) {
            copy.explain(driver, &mut fault);
        } else if let Ok(index) = Index::parse(statement, &Names::default()) {
            fault.detail = duplicates_of(driver, &index);
        }
    }
    DatabaseError::Sql(fault)
}

/// A statement that copies the rows of a table into its replacement.
struct Copy<'a> {
    target: Name,
    source: Name,
    /// The target columns in parentheses.
    columns: &'a str,
    /// The text after SELECT.
    rest: &'a str,
}

impl<'a> Copy<'a> {
    fn read(statement: &'a str) -> Option<Self> {
        let tokens: Vec<Token<'_>> =
            Lexer::new(statement, Dialect::Sqlite).map_while(Result::ok).collect();
        let at = |word: &str| tokens.iter().position(|token| token.is_word(word));
        let (into, select) = (at("INTO")?, at("SELECT")?);
        let from = tokens.iter().rposition(|token| token.is_word("FROM"))?;
        let name = |at: usize| tokens.get(at).and_then(bare_name).map(Name::any_case);
        let (target, source) = (name(into + 1)?, name(from + 1)?);
        if !tokens.first()?.is_word("INSERT") || !target.as_str().starts_with(NEW) {
            return None;
        }
        let columns = statement.get(tokens.get(into + 1)?.end()..tokens.get(select)?.offset)?;
        Some(Self { target, source, columns, rest: statement.get(tokens.get(select)?.end()..)? })
    }

    fn explain(&self, driver: &Driver, fault: &mut SqlFault) {
        let table = self.table(driver);
        let code = fault.code.clone().unwrap_or_default();
        let column = fault.message.rsplit_once(&format!("{}.", self.target));
        let column = column.map(|(_, column)| Name::any_case(column));
        fault.message =
            fault.message.replace(&format!("{}.", self.target), &format!("{}.", self.source));
        let Some(table) = table else { return };
        let column = column.and_then(|name| table.column(&name));
        if code.starts_with("SQLITE_CONSTRAINT_NOTNULL") {
            let row = column.and_then(|it| {
                let name = identifier(&it.name);
                Some(format!(
                    "{} has NULL in `{}`",
                    self.row(driver, &format!("{name} IS NULL"))?,
                    it.name
                ))
            });
            fault.detail = row;
        } else if code.starts_with("SQLITE_CONSTRAINT_CHECK") {
            let found = table.checks.iter().find_map(|check| {
                let check = &check.expression.source;
                let row = self.row(driver, &format!("NOT ({check})"))?;
                Some(format!("{row} doesn't fit CHECK ({check})"))
            });
            fault.detail = found;
        } else if code.starts_with("SQLITE_CONSTRAINT_DATATYPE") {
            let misfit = column.and_then(|it| self.row(driver, &it.misfit()?));
            fault.detail = misfit.map(|row| format!("{row} doesn't fit"));
        } else if code.starts_with("SQLITE_MISMATCH") {
            self.explain_rowid(driver, &table, fault);
        } else {
            self.explain_key(driver, &table, fault);
        }
    }

    /// Explains that a primary key that is the rowid takes integers only.
    fn explain_rowid(&self, driver: &Driver, table: &Table, fault: &mut SqlFault) {
        if let Some(key) = table.rowid_column() {
            fault.message = format!("{}: {}.{key} takes INTEGER alone", fault.message, self.source);
            let key = identifier(key);
            let row = self.row(driver, &format!("CAST({key} AS INTEGER) <> {key}"));
            fault.detail = row.map(|row| format!("{row} doesn't fit"));
        }
    }

    fn explain_key(&self, driver: &Driver, table: &Table, fault: &mut SqlFault) {
        let uniques = table.uniques.iter().map(|it| it.columns.as_slice());
        let keys = uniques.chain(table.primary_key.iter().map(|it| it.columns.as_slice()));
        for key in keys {
            let Some(rows) = self.duplicates(driver, table, key) else { continue };
            let names: Vec<String> = key.iter().map(|it| format!("`{}`", it.name)).collect();
            fault.detail = Some(format!("{rows} have the same {}", names.join(", ")));
            if fault.message == "constraint failed" {
                let names = key.iter().map(|it| format!("{}.{}", self.source, it.name));
                let names: Vec<String> = names.collect();
                fault.message = format!("UNIQUE constraint failed: {}", names.join(", "));
            }
            return;
        }
    }

    fn table(&self, driver: &Driver) -> Option<Table> {
        let query = "SELECT sql FROM main.sqlite_schema WHERE type = 'table' AND name = ?1";
        let sql: String = driver.query_row(query, [self.target.as_str()], |row| row.get(0)).ok()?;
        Table::parse(&sql).ok()
    }

    /// Begins a query about the rows as they were to be written.
    fn rows(&self) -> String {
        let columns = self.columns.trim().trim_start_matches('(');
        format!("WITH _migrate_rows ({ROW}, {columns} AS (SELECT rowid, {})", self.rest)
    }

    /// Finds the first row that matches a condition.
    fn row(&self, driver: &Driver, condition: &str) -> Option<String> {
        let rows = self.rows();
        let query = format!("{rows} SELECT min({ROW}) FROM _migrate_rows WHERE {condition}");
        let number: Option<i64> = driver.query_row(&query, [], |row| row.get(0)).ok()?;
        Some(format!("row {} of `{}`", number?, self.source))
    }

    /// Finds two rows with the same key.
    fn duplicates(&self, driver: &Driver, table: &Table, key: &[KeyColumn]) -> Option<String> {
        let part = |it: &KeyColumn| {
            let own = table.column(&it.name).and_then(|column| column.collation.clone());
            let collation =
                it.collation.clone().or(own).unwrap_or_else(|| Name::any_case("BINARY"));
            format!("{} COLLATE {}", identifier(&it.name), identifier(&collation))
        };
        let parts: Vec<String> = key.iter().map(part).collect();
        pair(driver, &self.rows(), (ROW, "_migrate_rows", &self.source), &parts, None)
    }
}

/// Finds two rows with the same key in a unique index.
fn duplicates_of(driver: &Driver, index: &Index) -> Option<String> {
    let part = |it: &crate::sqlite::IndexColumn| match &it.collation {
        Some(collation) => format!("{} COLLATE {}", it.expression.source, identifier(collation)),
        None => it.expression.source.clone(),
    };
    let parts: Vec<String> = index.columns.iter().map(part).collect();
    let (from, filter) = (identifier(&index.table), index.filter.as_ref().map(|it| &it.source));
    let rows = pair(driver, "", ("rowid", &from, &index.table), &parts, filter)?;
    let what = index.columns.iter().map(|it| format!("`{}`", it.expression.source));
    Some(format!("{rows} have the same {}", what.collect::<Vec<_>>().join(", ")))
}

/// Finds two rows that are equal in some expressions.
fn pair(
    driver: &Driver,
    with: &str,
    (number, from, table): (&str, &str, &Name),
    parts: &[String],
    filter: Option<&String>,
) -> Option<String> {
    let mut conditions: Vec<String> = parts.iter().map(|it| format!("{it} IS NOT NULL")).collect();
    conditions.extend(filter.map(|it| format!("({it})")));
    let query = format!(
        "{with} SELECT min({number}), max({number}) FROM {from} WHERE {} GROUP BY {} \
         HAVING count(*) > 1 ORDER BY 1 LIMIT 1",
        conditions.join(" AND "),
        parts.join(", ")
    );
    let found =
        driver.query_row(&query, [], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)));
    let (one, other) = found.ok()?;
    Some(format!("rows {one} and {other} of `{table}`"))
}
