//! The differences between two schemas.

use crate::catalog::{self, Catalog, ChangeKind, Difference, Kind};
use crate::sqlite::table_diff::{alterations, is_external_index};

/// Compares two catalogs of SQLite by their normal forms.
pub fn diff(from: &Catalog, to: &Catalog) -> Vec<Difference> {
    let mut res = Vec::new();
    for table in to.of_kind(Kind::Table) {
        match from.get(&table.id) {
            None => res.push(Difference::whole(ChangeKind::Create, &table.id)),
            Some(old) if old.sql == table.sql => {}
            Some(_) => res.extend(alterations(from, to, &table.id)),
        }
    }
    for table in from.of_kind(Kind::Table).filter(|it| !to.holds(&it.id)) {
        let whole = Difference::whole(ChangeKind::Drop, &table.id);
        res.push(Difference { destructive: !is_external_index(table), ..whole });
    }
    let deltas = catalog::diff(from, to);
    let is_apart = |kind: Kind| kind != Kind::Table && !kind.is_part();
    res.extend(deltas.iter().filter(|it| is_apart(it.id().kind)).map(Difference::from));
    res
}
