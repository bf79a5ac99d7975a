//! Keys and checks: which of them are made anew, and which the server may have made by itself.

use crate::autogenerate::ddl::mysql::names::quoted;
use crate::catalog::{COLUMNS, Catalog, Kind, Object, UNIQUE};
use crate::inspect::mysql::attributes::{INVISIBLE, METHOD, OPTIONS};

/// Tells whether a key or a check is another one: whether plans of queries see a key changes in place.
pub(super) fn is_another(old: &Object, new: &Object) -> bool {
    let mut seen = old.clone();
    seen.attributes.remove(INVISIBLE);
    let mut other = new.clone();
    other.attributes.remove(INVISIBLE);
    seen != other
}

/// Writes the clause by which plans of queries see a key, or don't; none if nothing changes. The server
/// takes a key that is dropped and added with nothing else changed for the same.
pub(super) fn visibility(old: &Object, new: &Object) -> Option<String> {
    let (was, is) = (old.written(INVISIBLE), new.written(INVISIBLE));
    let name = quoted(new.id.name.as_str());
    let word = match (was, is) {
        _ if was == is => return None,
        (_, "IGNORED") => "IGNORED",
        ("IGNORED", _) => "NOT IGNORED",
        (_, "") => "VISIBLE",
        (_, _) => "INVISIBLE",
    };
    Some(format!("ALTER INDEX {name} {word}"))
}

/// Tells whether the server may have made an index for a foreign key: such a one goes when another comes
/// that serves the key too.
pub(super) fn may_be_made(catalog: &Catalog, index: &Object) -> bool {
    let Some(table) = &index.parent else { return false };
    let is_plain =
        index.id.kind == Kind::Index && [UNIQUE, METHOD, OPTIONS].iter().all(|it| !index.says(it));
    let columns = index.list(COLUMNS);
    let is_named = |name: &str| {
        let own = index.id.name.as_str();
        own == name || own.rsplit_once('_').is_some_and(|(head, _)| head == name)
    };
    let keys = catalog.parts(Kind::ForeignKey, table);
    is_plain
        && keys.iter().any(|it| {
            let first = columns.first().map_or("", String::as_str);
            it.list(COLUMNS) == columns
                && (is_named(first) || *it.id.name.as_str() == *index.id.name.as_str())
        })
}
