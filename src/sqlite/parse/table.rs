//! `CREATE TABLE` and `CREATE VIRTUAL TABLE`.

use crate::catalog::Name;
use crate::sql::{Cursor, Dialect, GrammarError, Token, TokenKind};
use crate::sqlite::fragment::{Fragment, Names};
use crate::sqlite::parse;
use crate::sqlite::parse::items::{conflict, key_columns, names as name_list, references};
use crate::sqlite::{
    Aside, Check, Column, Generated, KeyColumn, NotNull, PrimaryKey, Table, TableKind, Unique,
};
use crate::words::words;

/// The words that begin a constraint of a column, and so end its type.
const CONSTRAINTS: &[&str] = words![
    CONSTRAINT PRIMARY NOT NULL UNIQUE CHECK DEFAULT COLLATE REFERENCES GENERATED AS DEFERRABLE ON
];

pub(super) fn parse(sql: &str, names: &Names) -> Result<Table, GrammarError> {
    let mut cursor = Cursor::new(sql, Dialect::Sqlite);
    cursor.expect("CREATE")?;
    let is_virtual = cursor.accept(&["VIRTUAL"]);
    cursor.expect("TABLE")?;
    cursor.accept(&["IF", "NOT", "EXISTS"]);
    let name = parse::qualified_name(&mut cursor)?;
    let mut res = Table {
        name,
        kind: TableKind::Plain,
        strict: false,
        without_rowid: false,
        columns: Vec::new(),
        primary_key: None,
        uniques: Vec::new(),
        checks: Vec::new(),
        foreign_keys: Vec::new(),
        sql: sql.to_owned(),
        rest: Aside(cursor.end_of_last()),
    };
    if is_virtual {
        cursor.expect("USING")?;
        let module = parse::name(&mut cursor)?;
        let arguments = Fragment::opaque(sql, &cursor.rest());
        res.kind = TableKind::Virtual { module, arguments };
        return Ok(res);
    }
    body(&mut cursor, &mut res, names)?;
    options(&mut cursor, &mut res)?;
    settle_key(&mut res);
    forget_what_is_said_anyway(&mut res);
    Ok(res)
}

fn body(cursor: &mut Cursor<'_>, table: &mut Table, names: &Names) -> Result<(), GrammarError> {
    if !cursor.accept_symbol("(") {
        return Err(cursor.error("("));
    }
    loop {
        let is_first = table.columns.is_empty();
        if is_first || !constraints_of_table(cursor, table, names)? {
            column(cursor, table, names)?;
        }
        if cursor.accept_symbol(")") {
            return Ok(());
        }
        if !cursor.accept_symbol(",") {
            return Err(cursor.error("a comma or )"));
        }
    }
}

fn options(cursor: &mut Cursor<'_>, table: &mut Table) -> Result<(), GrammarError> {
    while !cursor.is_at_end() {
        if cursor.accept(&["WITHOUT", "ROWID"]) {
            table.without_rowid = true;
        } else if cursor.accept(&["STRICT"]) {
            table.strict = true;
        } else {
            return Err(cursor.error("an option of a table"));
        }
        cursor.accept_symbol(",");
    }
    Ok(())
}

/// Determines whether the primary key is the rowid, which depends on its type and where it is
/// written.
fn settle_key(table: &mut Table) {
    let Some(key) = &table.primary_key else { return };
    let is_rowid = match key.columns.as_slice() {
        [only] => {
            let column = table.columns.iter().find(|column| column.name == only.name);
            let is_integer = column.is_some_and(|column| column.type_name() == "integer");
            // `INTEGER PRIMARY KEY DESC` is none, by an old mistake that stays (lang_createtable.html).
            is_integer && !table.without_rowid && !(only.descending && key.at.0.is_some())
        }
        _ => false,
    };
    if let Some(key) = &mut table.primary_key {
        key.is_rowid = is_rowid;
        if is_rowid {
            // The order of a rowid is its own.
            key.columns.iter_mut().for_each(|column| column.descending = false);
        }
    }
}

/// Drops redundant collations and duplicate constraints: SQLite keeps one index for keys over the
/// same columns.
fn forget_what_is_said_anyway(table: &mut Table) {
    settle_not_null(table);
    let Table { columns, primary_key, uniques, checks, .. } = table;
    let keys = uniques.iter_mut().map(|it| &mut it.columns);
    for key in keys.chain(primary_key.iter_mut().map(|it| &mut it.columns)).flatten() {
        let own = columns.iter().find(|column| column.name == key.name);
        key.collation =
            key.collation.take().filter(|it| !own.is_some_and(|column| column.collates(it)));
    }
    let same = |one: &[KeyColumn], other: &[KeyColumn]| {
        let columns = |key: &[KeyColumn]| -> Vec<(Name, Option<Name>)> {
            key.iter().map(|it| (it.name.clone(), it.collation.clone())).collect()
        };
        columns(one) == columns(other)
    };
    let mut kept: Vec<Unique> = Vec::new();
    for unique in std::mem::take(uniques) {
        let key = primary_key.as_mut().filter(|it| !it.is_rowid);
        if let Some(key) = key.filter(|key| same(&key.columns, &unique.columns)) {
            key.conflict = key.conflict.or(unique.conflict);
        } else if let Some(before) = kept.iter_mut().find(|it| same(&it.columns, &unique.columns)) {
            before.conflict = before.conflict.or(unique.conflict);
            before.name = before.name.take().or(unique.name);
        } else {
            kept.push(unique);
        }
    }
    *uniques = kept;
    let mut kept: Vec<Check> = Vec::new();
    for check in std::mem::take(checks) {
        if !kept.contains(&check) {
            kept.push(check);
        }
    }
    *checks = kept;
}

/// Sets implied NOT NULLs aside: a rowid is never NULL, whatever its conflict clause, and neither
/// are keys without a rowid or of strict tables.
fn settle_not_null(table: &mut Table) {
    let rowid = table.rowid_column().cloned();
    for at in 0..table.columns.len() {
        let Some(column) = table.columns.get(at) else { continue };
        let is_rowid = rowid.as_ref() == Some(&column.name);
        let is_plain = column.not_null == Some(NotNull { name: None, conflict: None });
        let is_implied = is_rowid || (is_plain && table.implies_not_null(&column.name));
        if let Some(column) = table.columns.get_mut(at).filter(|_| is_implied) {
            column.implied = Aside(column.not_null.take());
        }
    }
}

fn column(cursor: &mut Cursor<'_>, table: &mut Table, names: &Names) -> Result<(), GrammarError> {
    let offset = cursor.offset();
    let name = parse::name(cursor)?;
    let declared = declared(cursor)?;
    let mut res = Column {
        name,
        declared,
        not_null: None,
        implied: Aside(None),
        default: None,
        collation: None,
        generated: None,
        offset: Aside(offset),
    };
    while constraint_of_column(cursor, &mut res, table, names)? {}
    table.columns.push(res);
    Ok(())
}

fn declared(cursor: &mut Cursor<'_>) -> Result<Option<Fragment>, GrammarError> {
    let mut tokens: Vec<Token<'_>> = Vec::new();
    while let Some(token) = cursor.peek().copied() {
        let is_constraint = token.is_one_of(CONSTRAINTS);
        let is_word = matches!(token.kind, TokenKind::Word | TokenKind::Quoted);
        if is_constraint || !is_word {
            break;
        }
        tokens.extend(cursor.next());
    }
    if cursor.peek().is_some_and(|token| token.text == "(") && !tokens.is_empty() {
        tokens.extend(cursor.peek().copied());
        tokens.extend(cursor.parenthesized()?);
        let end = cursor.end_of_last();
        tokens.push(Token { kind: TokenKind::Symbol, text: ")", offset: end - 1 });
    }
    Ok((!tokens.is_empty()).then(|| Fragment::declared(cursor.text, &tokens)))
}

/// Parses a constraint of a column; tells whether there was one.
fn constraint_of_column(
    cursor: &mut Cursor<'_>,
    column: &mut Column,
    table: &mut Table,
    names: &Names,
) -> Result<bool, GrammarError> {
    let name = if cursor.accept(&["CONSTRAINT"]) { Some(parse::name(cursor)?) } else { None };
    let at = Aside(Some(column.name.clone()));
    let key = |descending| KeyColumn { name: column.name.clone(), collation: None, descending };
    if cursor.accept(&["PRIMARY", "KEY"]) {
        let descending = cursor.accept(&["DESC"]);
        cursor.accept(&["ASC"]);
        let conflict = conflict(cursor)?;
        let autoincrement = cursor.accept(&["AUTOINCREMENT"]);
        let columns = vec![key(descending)];
        let is_rowid = false;
        table.primary_key =
            Some(PrimaryKey { name, columns, conflict, autoincrement, is_rowid, at });
    } else if cursor.accept(&["NOT", "NULL"]) {
        column.not_null = Some(NotNull { name, conflict: conflict(cursor)? });
    } else if cursor.accept(&["NULL"]) {
        conflict(cursor)?;
    } else if cursor.accept(&["UNIQUE"]) {
        let columns = vec![key(false)];
        table.uniques.push(Unique { name, columns, conflict: conflict(cursor)?, at });
    } else if cursor.accept(&["CHECK"]) {
        let tokens = cursor.parenthesized()?;
        let expression = Fragment::expression(cursor.text, &tokens, names);
        table.checks.push(Check { name, expression, at });
    } else if cursor.accept(&["DEFAULT"]) {
        column.default = Some(default(cursor, names)?);
    } else if cursor.accept(&["COLLATE"]) {
        column.collation = Some(parse::name(cursor)?).filter(|it| *it != Name::any_case("BINARY"));
    } else if cursor.accept(&["REFERENCES"]) {
        let columns = vec![column.name.clone()];
        table.foreign_keys.push(references(cursor, name, columns, at.0)?);
    } else if cursor.accept(&["GENERATED", "ALWAYS", "AS"]) || cursor.accept(&["AS"]) {
        let tokens = cursor.parenthesized()?;
        let expression = Fragment::expression(cursor.text, &tokens, names);
        let stored = cursor.accept(&["STORED"]);
        if !stored {
            cursor.accept(&["VIRTUAL"]);
        }
        column.generated = Some(Generated { expression, stored });
    } else {
        // A name alone is allowed, and has no effect.
        return Ok(name.is_some());
    }
    Ok(true)
}

fn default(cursor: &mut Cursor<'_>, names: &Names) -> Result<Fragment, GrammarError> {
    if cursor.peek().is_some_and(|token| token.text == "(") {
        let tokens = cursor.parenthesized()?;
        return Ok(Fragment::value(cursor.text, &tokens, names));
    }
    let mut tokens: Vec<Token<'_>> = Vec::new();
    if cursor.peek().is_some_and(|token| matches!(token.text, "-" | "+")) {
        tokens.extend(cursor.next());
    }
    tokens.extend(cursor.next());
    // Numbers are cut at their points, and a blob is a word and a string.
    while let Some(token) = cursor.peek().copied() {
        let end = tokens.last().map_or(0, Token::end);
        if token.offset != end || matches!(token.text, ")" | ",") {
            break;
        }
        let is_exponent = tokens.last().is_some_and(|it| {
            it.kind == TokenKind::Number && it.text.to_ascii_lowercase().ends_with('e')
        });
        if matches!(token.text, "-" | "+") && !is_exponent {
            break;
        }
        tokens.extend(cursor.next());
    }
    Ok(Fragment::default(cursor.text, &tokens, names))
}

/// Parses constraints of the table; commas between them are optional.
fn constraints_of_table(
    cursor: &mut Cursor<'_>,
    table: &mut Table,
    names: &Names,
) -> Result<bool, GrammarError> {
    let mut found = false;
    while constraint_of_table(cursor, table, names)? {
        found = true;
    }
    Ok(found)
}

fn constraint_of_table(
    cursor: &mut Cursor<'_>,
    table: &mut Table,
    names: &Names,
) -> Result<bool, GrammarError> {
    let name = if cursor.accept(&["CONSTRAINT"]) { Some(parse::name(cursor)?) } else { None };
    let at = Aside(None);
    if cursor.accept(&["PRIMARY", "KEY"]) {
        let (columns, autoincrement) = key_columns(cursor)?;
        let conflict = conflict(cursor)?;
        let is_rowid = false;
        table.primary_key =
            Some(PrimaryKey { name, columns, conflict, autoincrement, is_rowid, at });
    } else if cursor.accept(&["UNIQUE"]) {
        let (columns, _) = key_columns(cursor)?;
        table.uniques.push(Unique { name, columns, conflict: conflict(cursor)?, at });
    } else if cursor.accept(&["CHECK"]) {
        let tokens = cursor.parenthesized()?;
        let expression = Fragment::expression(cursor.text, &tokens, names);
        conflict(cursor)?;
        table.checks.push(Check { name, expression, at });
    } else if cursor.accept(&["FOREIGN", "KEY"]) {
        let columns = name_list(cursor)?;
        cursor.expect("REFERENCES")?;
        table.foreign_keys.push(references(cursor, name, columns, None)?);
    } else {
        return Ok(name.is_some());
    }
    Ok(true)
}
