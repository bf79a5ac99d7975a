//! What two schemas differ in.

use crate::catalog::{self, ChangeKind, Difference, Id, Kind};
use crate::sqlite::Schema;
use crate::sqlite::table_diff::alterations;

/// Compares two schemas; what is the same in both by its normal form is no difference.
pub fn diff(from: &Schema, to: &Schema) -> Vec<Difference> {
    let mut res = Vec::new();
    for (name, table) in &to.tables {
        match from.tables.get(name) {
            None => res.push(Difference::whole(ChangeKind::Create, &Id::table(name))),
            Some(old) if old.sql == table.sql => {}
            Some(old) => res.extend(alterations(old, table)),
        }
    }
    for (name, table) in from.tables.iter().filter(|(name, _)| !to.tables.contains_key(*name)) {
        let destructive = !table.is_external_index();
        let whole = Difference::whole(ChangeKind::Drop, &Id::table(name));
        res.push(Difference { destructive, ..whole });
    }
    let deltas = catalog::diff(&from.catalog, &to.catalog);
    let is_apart = |kind: Kind| kind != Kind::Table && !kind.is_part();
    res.extend(deltas.iter().filter(|it| is_apart(it.id().kind)).map(Difference::from));
    res
}
