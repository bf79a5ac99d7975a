//! The names that statements of a schema file define, for the hints beside them.

use crate::autogenerate::hints::Definition;
use crate::catalog::{Id, Kind, Name};
use crate::sql::{Cursor, Dialect, Lexer, Token, TokenKind, parts};

/// Words between CREATE and the kind, and between the kind and the name.
const BEFORE: [&str; 10] =
    ["OR", "REPLACE", "UNIQUE", "FULLTEXT", "SPATIAL", "ONLINE", "OFFLINE", "IF", "NOT", "EXISTS"];

/// The words with which a line of a table begins that isn't a column's.
const RULES: [&str; 11] = [
    "CONSTRAINT",
    "PRIMARY",
    "UNIQUE",
    "KEY",
    "INDEX",
    "FULLTEXT",
    "SPATIAL",
    "VECTOR",
    "FOREIGN",
    "CHECK",
    "PERIOD",
];

/// Returns the names that a statement defines, in the order of the text.
pub(super) fn definitions(statement: &str) -> Vec<Definition> {
    let mut cursor = Cursor::new(statement, Dialect::MySql);
    let found = match cursor.next() {
        Some(verb) if verb.is_word("CREATE") => created(&mut cursor),
        _ => None,
    };
    found.filter(|it| !it.is_empty()).unwrap_or_else(|| vec![Definition { offset: 0, id: None }])
}

/// Parses a name, possibly in backticks and qualified.
pub(super) fn name(text: &str) -> Option<Name> {
    let tokens = Lexer::new(text, Dialect::MySql).map_while(Result::ok);
    let last = tokens.filter(|it| it.text != ".").last()?;
    last.unquoted().map(Name::any_case)
}

fn created(cursor: &mut Cursor<'_>) -> Option<Vec<Definition>> {
    cursor.pass(&BEFORE);
    if cursor.accept(&["TABLE"]) {
        cursor.pass(&BEFORE);
        let offset = cursor.offset();
        let (_, table) = cursor.qualified_name().ok()?;
        let table = Name::exact(table);
        let mut res = vec![Definition { offset, id: Some(Id::table(&table)) }];
        let inner = cursor.parenthesized().ok()?;
        res.extend(parts(&inner).into_iter().filter_map(|line| part(line, &table)));
        return Some(res);
    }
    if cursor.accept(&["INDEX"]) {
        let offset = cursor.offset();
        let (_, name) = cursor.qualified_name().ok()?;
        cursor.find(&["ON"])?;
        let (_, table) = cursor.qualified_name().ok()?;
        let id =
            Id { owner: Some(Name::exact(table)), ..Id::new(Kind::Index, &Name::any_case(name)) };
        return Some(vec![Definition { offset, id: Some(id) }]);
    }
    None
}

/// Returns the column or the index that a line of a table defines.
fn part(line: &[Token<'_>], table: &Name) -> Option<Definition> {
    let first = line.first()?;
    let offset = first.offset;
    let is_rule = first.kind == TokenKind::Word && first.is_one_of(&RULES);
    let name = |token: &Token<'_>| token.unquoted().map(Name::any_case);
    if !is_rule {
        let id = Id::column(table, &name(first)?);
        return Some(Definition { offset, id: Some(id) });
    }
    let mut rest = line.iter().skip_while(|it| {
        it.is_one_of(&["UNIQUE", "FULLTEXT", "SPATIAL", "VECTOR", "KEY", "INDEX"])
    });
    let named = rest.next().filter(|it| it.text != "(" && it.offset != offset);
    let id = named
        .and_then(name)
        .map(|name| Id { owner: Some(table.clone()), ..Id::new(Kind::Index, &name) });
    Some(Definition { offset, id })
}
