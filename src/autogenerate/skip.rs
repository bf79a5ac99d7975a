//! Extensions that scratch databases don't have.

use std::collections::BTreeSet;

use crate::catalog::{Catalog, Id, Kind, Object};

/// Takes extensions out of a catalog, with all that needs them; returns that in words.
pub fn without_extensions(catalog: &mut Catalog, extensions: &[String]) -> Vec<String> {
    let is_skipped = |it: &&Object| extensions.iter().any(|name| *name == *it.id.name.as_str());
    let mut gone: BTreeSet<Id> =
        catalog.of_kind(Kind::Extension).filter(is_skipped).map(|it| it.id.clone()).collect();
    let mut along = Vec::new();
    loop {
        let goes = |it: &&Object| {
            let needed = it.needs.iter().chain(&it.parent);
            !gone.contains(&it.id) && needed.into_iter().any(|id| gone.contains(id))
        };
        let next: Vec<&Object> = catalog.objects.values().filter(goes).collect();
        if next.is_empty() {
            break;
        }
        let whole = next.iter().filter(|it| it.parent.is_none());
        along.extend(whole.map(|it| in_words(&it.id)));
        let next: Vec<Id> = next.iter().map(|it| it.id.clone()).collect();
        gone.extend(next);
    }
    catalog.objects.retain(|id, _| !gone.contains(id));
    along
}

fn in_words(id: &Id) -> String {
    let schema = id.schema.as_ref().map(|it| format!("{}.", it.as_str())).unwrap_or_default();
    format!("{} {schema}{}", id.kind.as_str().replace('_', " "), id.name.as_str())
}
