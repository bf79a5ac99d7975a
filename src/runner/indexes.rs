//! Checks for PostgreSQL indexes that a build outside a transaction has left invalid.
//!
//! A `CREATE INDEX CONCURRENTLY` that fails leaves its index behind, which slows every write and
//! serves no query; a later `IF NOT EXISTS` finds the name taken, and reports success (the manual,
//! "Building Indexes Concurrently"). So the index of a statement has to be valid after it, or the
//! statement counts as failed.

use std::collections::BTreeSet;

use crate::database::{Connection, DatabaseError, Row, SqlFault, Values as _};
use crate::revision::Wrapping;
use crate::script::{Text, Unit};
use crate::sql::{Dialect, Splitter, Token, TokenKind};

/// The query for invalid indexes: number, name, schema, qualified name, whether the plain name
/// finds it, whether another session may be building it, and its table. The index of a partitioned
/// table is invalid until each partition has its own, which is no fault.
const INVALID: &str = "\
    SELECT c.oid, c.relname, n.nspname, pg_catalog.format('%I.%I', n.nspname, c.relname), \
    pg_catalog.pg_table_is_visible(c.oid), EXISTS (SELECT 1 FROM pg_catalog.pg_locks l \
    WHERE l.relation = i.indrelid AND l.mode = 'ShareUpdateExclusiveLock' \
    AND l.pid <> pg_catalog.pg_backend_pid()), t.relname \
    FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid \
    JOIN pg_catalog.pg_class t ON t.oid = i.indrelid \
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
    WHERE NOT i.indisvalid AND c.relkind = 'i' AND c.relpersistence <> 't' \
    AND n.nspname <> 'pg_toast' ORDER BY 4";

/// The invalid indexes before a script.
#[derive(Debug, Default)]
pub(super) struct Indexes {
    known: BTreeSet<String>,
}

#[derive(Debug, PartialEq, Eq)]
struct Built {
    schema: Option<String>,
    /// None where the server chooses the name, or for all indexes of a table.
    name: Option<String>,
    /// The table, if the statement names it.
    table: Option<String>,
    /// Whether existing indexes are rebuilt, under temporary names of the server's.
    is_anew: bool,
}

impl Indexes {
    /// Notes the invalid indexes before a script without a transaction, if it builds an index.
    pub(super) fn remember(
        &mut self,
        connection: &mut dyn Connection,
        unit: &Unit,
        text: &Text<'_>,
    ) -> Result<(), DatabaseError> {
        self.known.clear();
        let is_watched = connection.engine().builds_concurrently()
            && unit.wrapping == Wrapping::None
            && unit.statements(text).iter().any(|it| built(&text.statement(*it)).is_some());
        if is_watched {
            let rows = connection.query(INVALID)?;
            self.known = rows.iter().map(|row| row.text(0).to_owned()).collect();
        }
        Ok(())
    }

    /// Checks whether a statement outside a transaction has left an invalid index.
    pub(super) fn check(
        &self,
        connection: &mut dyn Connection,
        statement: &str,
    ) -> Result<(), DatabaseError> {
        let its = invalid(connection, statement, |built, row| {
            (!self.knows(row) && !row.flag(5)) || built.is_row(row)
        })?;
        its.first().map_or(Ok(()), |index| Err(fault(index).into()))
    }

    /// Finds the invalid indexes left by a failed statement: none that existed before the script,
    /// and none that others may be building.
    pub(super) fn left(
        &self,
        connection: &mut dyn Connection,
        statement: &str,
    ) -> Result<Vec<String>, DatabaseError> {
        invalid(connection, statement, |built, row| !self.knows(row) && built.has_left(row))
    }

    /// Finds the invalid index of a statement's name that existed before the script.
    pub(super) fn stands_invalid(
        &self,
        connection: &mut dyn Connection,
        statement: &str,
    ) -> Option<String> {
        let is_it = |built: &Built, row: &Row| self.knows(row) && built.is_row(row);
        invalid(connection, statement, is_it).ok()?.into_iter().next()
    }

    /// Tells whether a failed statement builds or drops an index and has left no invalid one.
    pub(super) fn has_left_none(
        &self,
        connection: &mut dyn Connection,
        statement: &str,
    ) -> Result<bool, DatabaseError> {
        let tokens = Splitter::new(statement, Dialect::Postgres).next();
        let is_index = tokens.is_some_and(|it| {
            it.is_ok_and(|it| {
                let first = ["CREATE", "DROP", "REINDEX"];
                first.iter().any(|word| it.begins_with(word))
                    && it.code().any(|token| token.is_one_of(&["INDEX", "REINDEX"]))
            })
        });
        if !is_index || !connection.engine().builds_concurrently() {
            return Ok(false);
        }
        Ok(connection.query(INVALID)?.iter().all(|row| self.knows(row)))
    }

    fn knows(&self, row: &Row) -> bool {
        self.known.contains(row.text(0))
    }
}

/// Finds the invalid indexes left by an interrupted build: none of those in `noted`, which were
/// invalid before, and none that another session may be building.
pub fn left_by(
    connection: &mut dyn Connection,
    statement: &str,
    noted: &str,
) -> Result<Vec<String>, DatabaseError> {
    invalid(connection, statement, |built, row| {
        let is_known = noted.split_whitespace().any(|it| it == row.text(0));
        !is_known && !row.flag(5) && built.has_left(row)
    })
}

/// Finds some of the invalid indexes, with their schemas; none on other engines, or if the
/// statement builds none.
fn invalid(
    connection: &mut dyn Connection,
    statement: &str,
    is_it: impl Fn(&Built, &Row) -> bool,
) -> Result<Vec<String>, DatabaseError> {
    let is_able = connection.engine().builds_concurrently();
    let Some(built) = is_able.then(|| built(statement)).flatten() else { return Ok(Vec::new()) };
    let rows = connection.query(INVALID)?;
    let found = rows.iter().filter(|row| is_it(&built, row));
    Ok(found.map(|row| row.text(3).to_owned()).collect())
}

impl Built {
    /// Tells whether a new row is a remainder of the statement's try.
    fn has_left(&self, row: &Row) -> bool {
        if self.name.is_some() && !self.is_anew {
            return self.is_row(row);
        }
        // The server derives the names from that of the table, or of the rebuilt index.
        let (name, is_of_others) = (row.text(1), row.flag(5));
        let is_made = name.contains("_ccnew") || name.contains("_ccold");
        let begins =
            |part: &Option<String>| part.as_ref().is_none_or(|part| name.starts_with(&**part));
        let is_of = |table: &Option<String>| table.as_deref().is_none_or(|it| it == row.text(6));
        let is_its = is_of(&self.table) && (!self.is_anew || (is_made && begins(&self.name)));
        is_its && !is_of_others
    }

    /// Tells whether a row is the index that the statement names.
    fn is_row(&self, row: &Row) -> bool {
        let is_there = match &self.schema {
            Some(schema) => schema == row.text(2),
            None => row.flag(4),
        };
        is_there && self.name.as_deref() == Some(row.text(1))
    }
}

fn fault(index: &str) -> SqlFault {
    let mut fault = SqlFault::new(format!("the index `{index}` is there, but invalid"));
    fault.detail = Some(format!(
        "an earlier build of it has failed or not ended, and no query uses it; `DROP INDEX \
         CONCURRENTLY {index}` makes room for another, `REINDEX INDEX CONCURRENTLY {index}` \
         rebuilds it"
    ));
    fault
}

/// Parses the index build of a statement; none if there is none.
///
/// `CREATE INDEX` names it without its schema, which is that of its table.
fn built(statement: &str) -> Option<Built> {
    let statement = Splitter::new(statement, Dialect::Postgres).next()?.ok()?;
    let mut tokens = statement.code().peekable();
    let verb = tokens.next()?;
    if verb.is_word("REINDEX") {
        let kinds = ["INDEX", "TABLE", "SCHEMA", "DATABASE", "SYSTEM"];
        let mut rest = tokens.skip_while(|token| !token.is_one_of(&kinds)).peekable();
        let kind = rest.next()?;
        rest.next_if(|token| token.is_word("CONCURRENTLY"));
        let (schema, name) = qualified(&mut rest);
        let is = |word: &str| kind.is_word(word);
        let (schema, table) = if is("TABLE") { (schema, name.clone()) } else { (schema, None) };
        let (schema, name) = if is("INDEX") { (schema, name) } else { (None, None) };
        return Some(Built { schema, name, table, is_anew: true });
    }
    if !verb.is_word("CREATE") {
        return None;
    }
    tokens.next_if(|token| token.is_word("UNIQUE"));
    tokens.next_if(|token| token.is_word("INDEX"))?;
    let before = ["CONCURRENTLY", "IF", "NOT", "EXISTS"];
    while tokens.next_if(|token| token.is_one_of(&before)).is_some() {}
    let name = tokens.next_if(|token| !token.is_word("ON")).and_then(bare);
    tokens.next_if(|token| token.is_word("ON"));
    tokens.next_if(|token| token.is_word("ONLY"));
    let (schema, table) = qualified(&mut tokens);
    Some(Built { schema, name, table, is_anew: false })
}

/// Parses `[SCHEMA.]NAME`.
fn qualified<'a>(
    tokens: &mut std::iter::Peekable<impl Iterator<Item = Token<'a>>>,
) -> (Option<String>, Option<String>) {
    let first = tokens.next().and_then(bare);
    if tokens.next_if(|token| token.text == ".").is_some() {
        return (first, tokens.next().and_then(bare));
    }
    (None, first)
}

/// Returns a name in the form of the catalog.
fn bare(token: Token<'_>) -> Option<String> {
    match token.kind {
        TokenKind::Word => Some(token.text.to_ascii_lowercase()),
        TokenKind::Quoted => {
            let inner = token.text.strip_prefix('"')?.strip_suffix('"')?;
            Some(inner.replace("\"\"", "\""))
        }
        TokenKind::Parameter
        | TokenKind::Number
        | TokenKind::Delimiter
        | TokenKind::Executable
        | TokenKind::Symbol => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_statement_builds_is_read_from_it() {
        let read = |text: &str| {
            let built = built(text)?;
            assert_eq!(built.is_anew, text.starts_with("REINDEX"), "{text}");
            let parts = [built.schema, built.name].map(Option::unwrap_or_default);
            Some(parts.join("."))
        };
        let cases = [
            ("CREATE INDEX CONCURRENTLY i ON t (a)", Some(".i")),
            (
                "create unique index concurrently if not exists \"I\"\"j\" ON ONLY s.t (a)",
                Some("s.I\"j"),
            ),
            ("CREATE INDEX /* of t */ Ix ON \"S\".t (a)", Some("S.ix")),
            ("CREATE INDEX CONCURRENTLY ON t (a)", Some(".")),
            ("REINDEX INDEX CONCURRENTLY s.i", Some("s.i")),
            ("REINDEX (VERBOSE) INDEX i", Some(".i")),
            ("REINDEX TABLE CONCURRENTLY t", Some(".")),
            ("CREATE TABLE t (i int)", None),
            ("DROP INDEX CONCURRENTLY i", None),
            ("VACUUM", None),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text).as_deref(), expected, "{text}");
        }
    }
}
