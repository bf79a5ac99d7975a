//! Comments on objects of every kind.

use std::collections::BTreeMap;

use crate::catalog::{Kind, Object};
use crate::inspect::InspectError;
use crate::inspect::postgres::attributes::{
    COLUMN_COMMENTS, COMMENT, INDEX_COMMENT, NOT_NULL_COMMENT,
};
use crate::inspect::postgres::compared::fields::list;
use crate::inspect::postgres::compared::gather::{Address, Gatherer, Role, class};

/// The comments on what isn't the server's own, and on the schema that every database begins with.
const COMMENTS: &str = "
    SELECT d.classoid, d.objoid, d.objsubid, d.description FROM pg_description d
    WHERE d.objoid >= 16384 OR d.classoid = 'pg_namespace'::regclass AND d.objoid = 2200
    ORDER BY d.classoid, d.objoid, d.objsubid";

/// The constraints behind which there is an index.
const INDEXED: [Kind; 3] = [Kind::PrimaryKey, Kind::Unique, Kind::Exclusion];

/// The kinds that have a constraint by which they refuse NULL.
const REFUSING: [Kind; 2] = [Kind::Column, Kind::Domain];

/// The comment with which the server makes the first schema.
const USUAL: &str = "standard public schema";

pub(super) fn read(gatherer: &mut Gatherer<'_>) -> Result<(), InspectError> {
    let mut of_columns: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for mut row in gatherer.ask(COMMENTS)? {
        let address = Address { class: row.number(), oid: row.number(), column: row.number() };
        let Some(comment) = row.lines() else { continue };
        let Some(known) = gatherer.find(address) else { continue };
        let name = gatherer.columns.get(&(address.oid, address.column)).cloned();
        let Some(object) = gatherer.object(known.at) else { continue };
        if address.column != 0 && object.id.kind != Kind::Column {
            // A column of a view or of a composite type.
            let item = name.map(|name| format!("{name}\t{}", comment.written));
            of_columns.entry(known.at).or_default().extend(item);
        } else if known.role == Role::Own && !is_made(object, &comment.written) {
            object.set(COMMENT, comment);
        } else if address.class == class::CONSTRAINT && REFUSING.contains(&object.id.kind) {
            object.set(NOT_NULL_COMMENT, comment);
        } else if address.class == class::RELATION && INDEXED.contains(&object.id.kind) {
            object.set(INDEX_COMMENT, comment);
        }
    }
    for (at, items) in of_columns {
        if let Some(object) = gatherer.object(at) {
            object.set_if(COLUMN_COMMENTS, list(items));
        }
    }
    Ok(())
}

/// Tells whether a comment came with its object, and not from a user.
fn is_made(object: &Object, comment: &str) -> bool {
    let kind = object.id.kind;
    kind == Kind::Extension || (kind == Kind::Schema && comment == USUAL)
}
