//! Bookkeeping tables of a project, which are no part of its schema.

use std::collections::BTreeSet;

use crate::catalog::{Catalog, Id, Kind, Name};
use crate::ledger::Ledger;

/// Leaves out bookkeeping tables with all that is theirs, and their schema if it is for them alone.
pub(super) fn leave_out(catalog: &mut Catalog, ledger: &Ledger) {
    let Some(schema) = ledger.schema() else { return };
    let home = catalog.home.clone();
    let within = |id: &Id| {
        let own = id.schema.as_ref().or(home.as_ref()).filter(|_| id.kind != Kind::Schema);
        own.is_some_and(|it| it.as_str() == schema)
    };
    let tables = catalog.of_kind(Kind::Table).map(|it| it.id.clone());
    let mut gone: BTreeSet<Id> =
        tables.filter(|id| within(id) && ledger.owns(id.name.as_str())).collect();
    let mut count = 0;
    while count < gone.len() {
        count = gone.len();
        let hangs = |parent: &Option<Id>| parent.as_ref().is_some_and(|it| gone.contains(it));
        let parts = catalog.objects.values().filter(|it| hangs(&it.parent));
        let parts: Vec<Id> = parts.map(|it| it.id.clone()).collect();
        gone.extend(parts);
    }
    let own = Id::new(Kind::Schema, &Name::exact(schema));
    let is_empty =
        !catalog.objects.values().any(|it| it.needs.contains(&own) && !gone.contains(&it.id));
    if is_empty && home.as_ref().map(Name::as_str) != Some(schema) {
        gone.insert(own);
    }
    catalog.objects.retain(|id, _| !gone.contains(id));
    for object in catalog.objects.values_mut() {
        object.needs.retain(|it| !gone.contains(it));
    }
}
