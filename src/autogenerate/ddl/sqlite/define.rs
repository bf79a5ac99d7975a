//! The statements allowed in a schema file, and the names they define.

use crate::autogenerate::ddl::Belongs;
use crate::autogenerate::hints::Definition;
use crate::catalog::{Id, Kind, Name};
use crate::sql::Statement;
use crate::sqlite::{Index, Names, Table};

/// Tables that SQLite creates itself as needed; its shell's `.schema` shows them like others.
const OWN: [&str; 4] = ["sqlite_sequence", "sqlite_stat1", "sqlite_stat3", "sqlite_stat4"];

/// Tells what becomes of a statement; the error describes one that doesn't belong in a schema.
pub(super) fn belongs(statement: &Statement<'_>) -> Result<Belongs, &'static str> {
    let words: Vec<String> = statement.leading_words().take(2).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["ATTACH" | "DETACH", ..] => Err("another database"),
        ["VACUUM", ..] => Err("VACUUM"),
        ["CREATE", "TEMP" | "TEMPORARY"] => Err("a temporary object"),
        // As dumps have them; the database is a scratch one.
        ["PRAGMA", ..] => Ok(Belongs::Not),
        ["CREATE", "TABLE"] => {
            let name = Table::parse(statement.text).map(|table| table.name);
            let is_own = name.is_ok_and(|name| OWN.map(Name::any_case).contains(&name));
            Ok(if is_own { Belongs::Not } else { Belongs::Runs })
        }
        _ => Ok(Belongs::Runs),
    }
}

/// Describes a statement that writes a file.
pub(super) fn reaches_out(statement: &Statement<'_>) -> Option<&'static str> {
    let is_word = |word: &str| statement.code().any(|it| it.is_word(word));
    match statement.first_word()?.as_str() {
        "ATTACH" => Some("attaches another database"),
        "VACUUM" if is_word("INTO") => Some("writes a copy of the database"),
        _ => None,
    }
}

/// Returns the names that a statement defines, in the order of the text.
pub(super) fn definitions(sql: &str) -> Vec<Definition> {
    if let Ok(table) = Table::parse(sql) {
        let own =
            Definition { offset: table.rest.0.saturating_sub(1), id: Some(Id::table(&table.name)) };
        let columns = table.columns.iter().map(|it| Definition {
            offset: it.offset.0,
            id: Some(Id::column(&table.name, &it.name)),
        });
        return [own].into_iter().chain(columns).collect();
    }
    let index = Index::parse(sql, &Names::default()).ok();
    let id = index.map(|it| Id::new(Kind::Index, &it.name));
    vec![Definition { offset: 0, id }]
}
