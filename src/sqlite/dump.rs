//! A whole schema as canonical SQL, in the order in which it can be run.

use crate::catalog::{Catalog, Kind, Object};
use crate::sqlite::{Schema, Unread, render};

/// Writes a schema so that loading and dumping it again gives the same bytes.
pub fn dump(catalog: &Catalog) -> Result<String, Unread> {
    let schema = Schema::of(catalog)?;
    let mut parts: Vec<String> = Vec::new();
    for id in catalog.in_order(Kind::Table) {
        parts.extend(schema.tables.get(&id.name).map(render::table));
        parts.extend(schema.indexes_of(&id.name).map(|it| render::trimmed(&it.sql).to_owned()));
    }
    let views = catalog.in_order(Kind::View);
    let views = views.iter().filter_map(|id| catalog.get(id));
    let statement = |it: &Object| render::trimmed(it.statement()).to_owned();
    parts.extend(views.chain(catalog.of_kind(Kind::Trigger)).map(statement));
    let statements: Vec<String> = parts.iter().map(|part| format!("{part};\n")).collect();
    Ok(statements.join("\n"))
}
