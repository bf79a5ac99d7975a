//! Statements that say more of an object that exists: comments, and settings of views' columns.

use crate::autogenerate::ddl::postgres::names::{full, literal, owner, quoted, reference};
use crate::autogenerate::ddl::postgres::write::kinds::behind;
use crate::autogenerate::ddl::postgres::write::{not_null, rights};
use crate::catalog::{Attribute, Catalog, Kind, Object};
use crate::inspect::postgres::attributes::{
    COLUMN_COMMENTS, COLUMN_DEFAULTS, COLUMN_GRANTS, COLUMN_SETTINGS, COMMENT, GRANTS,
    INDEX_COMMENT, NOT_NULL_COMMENT, OWNER,
};

/// The attributes that are said so.
pub(in super::super) const SAID: [Attribute; 9] = [
    COMMENT,
    INDEX_COMMENT,
    NOT_NULL_COMMENT,
    COLUMN_COMMENTS,
    COLUMN_DEFAULTS,
    COLUMN_SETTINGS,
    OWNER,
    GRANTS,
    COLUMN_GRANTS,
];

/// A statement about an object, and the one that takes it back, which is the same for all that can be
/// said in its place.
pub(in super::super) struct Saying {
    pub(in super::super) statement: String,
    pub(in super::super) back: String,
}

/// Returns all that is said of an object.
pub(in super::super) fn sayings(object: &Object, catalog: &Catalog) -> Vec<Saying> {
    let name = full(catalog, &object.id);
    let own = [(COMMENT, reference(catalog, object)), (INDEX_COMMENT, index(object, catalog))];
    let own = own.into_iter().filter_map(|(attribute, on)| {
        Some(comment(&on, &object.attributes.get(attribute)?.written))
    });
    let columns = pairs(object, COLUMN_COMMENTS)
        .map(|(column, text)| comment(&format!("COLUMN {name}.{}", quoted(column)), text));
    let kind = if object.id.kind == Kind::View { "VIEW" } else { "MATERIALIZED VIEW" };
    let alter =
        |column: &str, clause: &str| format!("ALTER {kind} {name} ALTER COLUMN {column} {clause}");
    let defaults = pairs(object, COLUMN_DEFAULTS).map(|(column, text)| Saying {
        statement: alter(&quoted(column), &format!("SET DEFAULT {text}")),
        back: alter(&quoted(column), "DROP DEFAULT"),
    });
    let settings = pairs(object, COLUMN_SETTINGS).filter_map(|(column, clauses)| {
        let (clause, back) = clauses.split_once('\t')?;
        let column = quoted(column);
        Some(Saying { statement: alter(&column, clause), back: alter(&column, back) })
    });
    let rights = rights::sayings(object, catalog);
    let own = own.chain(of_not_null(object, catalog));
    own.chain(columns).chain(defaults).chain(settings).chain(rights).collect()
}

/// Returns the statements that lead from what is said of an object to what is said of it later.
pub(in super::super) fn said_anew(old: &[Saying], new: &[Saying]) -> Vec<String> {
    let goes = old.iter().filter(|it| new.iter().all(|other| other.back != it.back));
    let comes = new.iter().filter(|it| old.iter().all(|other| other.statement != it.statement));
    let comes = comes.map(|it| it.statement.clone());
    rights::joined(goes.map(|it| it.back.clone()).chain(comes).collect())
}

/// Returns the comment on the constraint by which something refuses NULL.
pub(in super::super) fn of_not_null(object: &Object, catalog: &Catalog) -> Option<Saying> {
    let text = object.attributes.get(NOT_NULL_COMMENT)?;
    let of = if object.id.kind == Kind::Domain { "DOMAIN " } else { "" };
    let (name, owner) = (quoted(not_null::name(object)?), owner(catalog, &object.id));
    Some(comment(&format!("CONSTRAINT {name} ON {of}{owner}"), &text.written))
}

/// Names the index behind a constraint.
fn index(object: &Object, catalog: &Catalog) -> String {
    format!("INDEX {}", behind(object, catalog))
}

fn comment(on: &str, text: &str) -> Saying {
    let head = format!("COMMENT ON {on} IS");
    Saying { statement: format!("{head} {}", literal(text)), back: format!("{head} NULL") }
}

/// Splits the items of a list into what they are about and what they say.
fn pairs(object: &Object, attribute: Attribute) -> impl Iterator<Item = (&str, &str)> {
    object.list(attribute).iter().filter_map(|it| it.split_once('\t'))
}
