//! The names that a statement defines, for what comments say of them.

use crate::catalog::{Id, Kind};
use crate::sqlite::{Index, Names, Table};

/// A name that a statement defines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// Where the name stands, or what belongs to it begins, in bytes.
    pub offset: usize,
    /// What is defined; none for what can't be renamed.
    pub id: Option<Id>,
}

/// Returns the names that a statement defines, in the order of the text.
pub fn definitions(sql: &str) -> Vec<Definition> {
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
