//! Schemas as SQL: names, columns and whole tables in one canonical form.

use crate::catalog::Name;
use crate::sql::{Dialect, quote_identifier};
use crate::sqlite::{
    Action, Aside, Check, Column, Conflict, ForeignKey, Fragment, KeyColumn, PrimaryKey, Table,
    TableKind, Unique,
};
use crate::words::words;

/// The words that SQLite's grammar knows (`sqlite.org/lang_keywords.html`), sorted.
const KEYWORDS: &[&str] = words![
    ABORT ACTION ADD AFTER ALL ALTER ALWAYS ANALYZE AND AS ASC ATTACH AUTOINCREMENT BEFORE BEGIN
    BETWEEN BY CASCADE CASE CAST CHECK COLLATE COLUMN COMMIT CONFLICT CONSTRAINT CREATE CROSS
    CURRENT CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP DATABASE DEFAULT DEFERRABLE DEFERRED DELETE
    DESC DETACH DISTINCT DO DROP EACH ELSE END ESCAPE EXCEPT EXCLUDE EXCLUSIVE EXISTS EXPLAIN FAIL
    FALSE FILTER FIRST FOLLOWING FOR FOREIGN FROM FULL GENERATED GLOB GROUP GROUPS HAVING IF IGNORE
    IMMEDIATE IN INDEX INDEXED INITIALLY INNER INSERT INSTEAD INTERSECT INTO IS ISNULL JOIN KEY LAST
    LEFT LIKE LIMIT MATCH MATERIALIZED NATURAL NO NOT NOTHING NOTNULL NULL NULLS OF OFFSET ON OR
    ORDER OTHERS OUTER OVER PARTITION PLAN PRAGMA PRECEDING PRIMARY QUERY RAISE RANGE RECURSIVE
    REFERENCES REGEXP REINDEX RELEASE RENAME REPLACE RESTRICT RETURNING RIGHT ROLLBACK ROW ROWS
    SAVEPOINT SELECT SET STORED STRICT TABLE TEMP TEMPORARY THEN TIES TO TRANSACTION TRIGGER TRUE
    UNBOUNDED UNION UNIQUE UPDATE USING VACUUM VALUES VIEW VIRTUAL WHEN WHERE WINDOW WITH WITHIN
    WITHOUT
];

/// Writes a name, quoted only if necessary.
pub fn identifier(name: &Name) -> String {
    let text = name.as_str();
    let is_first = |c: char| c.is_ascii_alphabetic() || c == '_';
    let is_inner = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if text.starts_with(is_first) && text.chars().all(is_inner) && !is_keyword(text) {
        text.to_owned()
    } else {
        quote_identifier(text, Dialect::Sqlite)
    }
}

/// Tells whether a word is a keyword, in any case.
pub(crate) fn is_keyword(word: &str) -> bool {
    let upper = || word.bytes().map(|byte| byte.to_ascii_uppercase());
    KEYWORDS.binary_search_by(|it| it.bytes().cmp(upper())).is_ok()
}

/// Writes a column with the given constraints of its table.
pub fn column(column: &Column, checks: &[&Check], foreign_keys: &[&ForeignKey]) -> String {
    let mut parts = vec![identifier(&column.name)];
    parts.extend(column.declared.as_ref().map(|it| one_line(&it.source)));
    if let Some(not_null) = column.not_null.as_ref().or(column.implied.0.as_ref()) {
        parts.push(format!(
            "{}NOT NULL{}",
            constraint(not_null.name.as_ref()),
            conflict(not_null.conflict)
        ));
    }
    parts.extend(column.default.as_ref().map(|it| format!("DEFAULT {}", default(it))));
    parts.extend(column.collation.as_ref().map(|it| format!("COLLATE {}", identifier(it))));
    parts.extend(checks.iter().map(|it| check(it)));
    if let Some(generated) = &column.generated {
        let kind = if generated.stored { "STORED" } else { "VIRTUAL" };
        let expression = &generated.expression.source;
        parts.push(format!("GENERATED ALWAYS AS ({expression}) {kind}"));
    }
    let reference = |it: &ForeignKey| constraint(it.name.as_ref()) + &references(it);
    parts.extend(foreign_keys.iter().map(|it| reference(it)));
    parts.join(" ")
}

/// Writes a default expression as it stands after `DEFAULT`.
pub(crate) fn default(default: &Fragment) -> String {
    let is_current = default.normal().starts_with("current_") && !default.normal().contains(' ');
    if default.is_literal() || is_current {
        default.source.clone()
    } else {
        format!("({})", default.source)
    }
}

pub(crate) fn check(check: &Check) -> String {
    format!("{}CHECK ({})", constraint(check.name.as_ref()), check.expression.source)
}

/// Writes a table in canonical form; a virtual one verbatim.
pub fn table(table: &Table) -> String {
    if let TableKind::Virtual { .. } = table.kind {
        return trimmed(&table.sql).to_owned();
    }
    let mut lines: Vec<String> = table.columns.iter().map(|it| full_column(table, it)).collect();
    lines.extend(table.primary_key.iter().filter(|it| !is_inline(&it.columns)).map(primary_key));
    lines.extend(table.uniques.iter().filter(|it| !is_inline(&it.columns)).map(unique));
    lines.extend(table.foreign_keys.iter().filter(|it| 1 < it.columns.len()).map(foreign_key));
    lines.extend(table.checks.iter().filter(|it| it.at.0.is_none()).map(check));
    let mut options = Vec::new();
    options.extend(table.strict.then_some("STRICT"));
    options.extend(table.without_rowid.then_some("WITHOUT ROWID"));
    let options =
        if options.is_empty() { String::new() } else { format!(" {}", options.join(", ")) };
    let name = identifier(&table.name);
    format!("CREATE TABLE {name} (\n    {}\n){options}", lines.join(",\n    "))
}

fn full_column(table: &Table, it: &Column) -> String {
    let is_own =
        |columns: &[KeyColumn]| is_inline(columns) && columns.iter().all(|key| key.name == it.name);
    let checks: Vec<&Check> =
        table.checks.iter().filter(|check| check.at.0.as_ref() == Some(&it.name)).collect();
    let keys: Vec<&ForeignKey> =
        table.foreign_keys.iter().filter(|key| key.columns == [it.name.clone()]).collect();
    let mut own = String::new();
    if let Some(key) = table.primary_key.as_ref().filter(|key| is_own(&key.columns)) {
        let descending = if key.columns.iter().any(|it| it.descending) { " DESC" } else { "" };
        let counts = if key.autoincrement { " AUTOINCREMENT" } else { "" };
        let name = constraint(key.name.as_ref());
        own = format!(" {name}PRIMARY KEY{descending}{}{counts}", conflict(key.conflict));
    }
    let rest = column(it, &checks, &keys);
    let head = column(
        &Column {
            not_null: None,
            implied: Aside(None),
            default: None,
            collation: None,
            generated: None,
            ..it.clone()
        },
        &[],
        &[],
    );
    let tail = rest.strip_prefix(&head).unwrap_or_default().to_owned();
    let uniques = table.uniques.iter().filter(|unique| is_own(&unique.columns));
    for it in uniques {
        own = format!("{own} {}UNIQUE{}", constraint(it.name.as_ref()), conflict(it.conflict));
    }
    format!("{head}{own}{tail}")
}

fn is_inline(columns: &[KeyColumn]) -> bool {
    matches!(columns, [only] if only.collation.is_none())
}

fn primary_key(key: &PrimaryKey) -> String {
    let counts = if key.autoincrement { " AUTOINCREMENT" } else { "" };
    let columns = key_columns(&key.columns);
    format!(
        "{}PRIMARY KEY ({columns}{counts}){}",
        constraint(key.name.as_ref()),
        conflict(key.conflict)
    )
}

pub(crate) fn unique(unique: &Unique) -> String {
    let columns = key_columns(&unique.columns);
    format!("{}UNIQUE ({columns}){}", constraint(unique.name.as_ref()), conflict(unique.conflict))
}

pub(crate) fn foreign_key(key: &ForeignKey) -> String {
    let columns = names(&key.columns);
    format!("{}FOREIGN KEY ({columns}) {}", constraint(key.name.as_ref()), references(key))
}

fn references(key: &ForeignKey) -> String {
    let mut res = format!("REFERENCES {}", identifier(&key.table));
    if !key.target.is_empty() {
        res = format!("{res} ({})", names(&key.target));
    }
    let action = |word: &str, action: Option<Action>| {
        action.map(|it| format!(" ON {word} {}", it.keywords())).unwrap_or_default()
    };
    res += &action("DELETE", key.on_delete);
    res += &action("UPDATE", key.on_update);
    res +=
        &key.matching.as_ref().map(|it| format!(" MATCH {}", identifier(it))).unwrap_or_default();
    res += if key.deferred { " DEFERRABLE INITIALLY DEFERRED" } else { "" };
    res
}

pub(crate) fn key_columns(columns: &[KeyColumn]) -> String {
    let column = |it: &KeyColumn| {
        let collation = it.collation.as_ref().map(|it| format!(" COLLATE {}", identifier(it)));
        let order = if it.descending { " DESC" } else { "" };
        format!("{}{}{order}", identifier(&it.name), collation.unwrap_or_default())
    };
    columns.iter().map(column).collect::<Vec<_>>().join(", ")
}

pub(crate) fn names(names: &[Name]) -> String {
    names.iter().map(identifier).collect::<Vec<_>>().join(", ")
}

fn constraint(name: Option<&Name>) -> String {
    name.map(|name| format!("CONSTRAINT {} ", identifier(name))).unwrap_or_default()
}

fn conflict(conflict: Option<Conflict>) -> String {
    conflict.map(|it| format!(" ON CONFLICT {}", it.keyword())).unwrap_or_default()
}

/// Writes a text on one line without comments: a blank replaces everything between two tokens.
fn one_line(text: &str) -> String {
    let mut res = String::new();
    let mut end = 0;
    for token in crate::sql::Lexer::new(text, Dialect::Sqlite).map_while(Result::ok) {
        if end != 0 && end < token.offset {
            res.push(' ');
        }
        res.push_str(token.text);
        end = token.end();
    }
    res
}

/// Returns a statement up to its last token, without a trailing comment.
pub(crate) fn trimmed(sql: &str) -> &str {
    let last = crate::sql::Lexer::new(sql, Dialect::Sqlite).map_while(Result::ok).last();
    last.and_then(|token| sql.get(..token.end())).unwrap_or(sql)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_keyword_is_found_in_any_case() {
        assert!(KEYWORDS.is_sorted());
        assert!(is_keyword("abort") && is_keyword("Order") && is_keyword("WITHOUT"));
        assert!(!is_keyword("orders") && !is_keyword("a") && !is_keyword(""));
    }
}
