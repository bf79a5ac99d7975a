//! A whole schema as canonical SQL, in the order in which it can be run.

use std::collections::{BTreeMap, BTreeSet};

use crate::schema::{Name, Schema, render, sorted, words};

/// Writes a schema so that loading it and writing it again gives the same bytes.
pub fn dump(schema: &Schema) -> String {
    let mut parts: Vec<String> = Vec::new();
    for name in sorted(&schema.table_needs()) {
        let Some(table) = schema.tables.get(&name) else {
            continue;
        };
        parts.push(render::table(table));
        parts.extend(schema.indexes_of(&name).map(|it| render::trimmed(&it.sql).to_owned()));
    }
    let views = sorted(&schema.view_needs());
    let views = views.iter().filter_map(|name| schema.views.get(name));
    parts.extend(views.map(|view| render::trimmed(&view.sql).to_owned()));
    parts.extend(schema.triggers.values().map(|it| render::trimmed(&it.sql).to_owned()));
    let statements: Vec<String> = parts.iter().map(|part| format!("{part};\n")).collect();
    statements.join("\n")
}

impl Schema {
    /// Returns for each table the tables that its foreign keys refer to.
    pub fn table_needs(&self) -> BTreeMap<Name, BTreeSet<Name>> {
        let needs = |table: &crate::schema::Table| {
            let keys = table.foreign_keys.iter().map(|key| key.table.clone());
            // An FTS index names the table that it is of in its arguments.
            let content = if table.is_virtual() { words(&table.sql) } else { BTreeSet::new() };
            keys.chain(content).filter(|name| *name != table.name).collect()
        };
        self.tables.iter().map(|(name, table)| (name.clone(), needs(table))).collect()
    }

    /// Returns for each view the views that its text names.
    pub fn view_needs(&self) -> BTreeMap<Name, BTreeSet<Name>> {
        let needs = |name: &Name, sql: &str| {
            let mut words = words(sql);
            words.retain(|word| word != name && self.views.contains_key(word));
            words
        };
        self.views.iter().map(|(name, view)| (name.clone(), needs(name, &view.sql))).collect()
    }
}
