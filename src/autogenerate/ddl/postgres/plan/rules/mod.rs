//! The rules of changed attributes: each takes a statement, or the object anew. An attribute without
//! a rule is an error.

pub(in crate::autogenerate::ddl::postgres) mod cast;
mod column;
mod fill;
mod index;
mod inside;
mod null;
mod other;
mod routine;
mod table;

use crate::autogenerate::AutogenerateError;
use crate::autogenerate::ddl::postgres::names::{shown, word};
use crate::autogenerate::ddl::postgres::plan::Sides;
use crate::autogenerate::ddl::postgres::write::sayings;
use crate::catalog::{Attribute, Catalog, Kind, Object};

pub(super) use cast::cast;
pub(in crate::autogenerate::ddl::postgres) use column::{cut, own_sequence};
pub(super) use fill::new_column;
pub(in crate::autogenerate::ddl::postgres) use fill::{
    VOLATILE, fill_of, is_constant, may_be_null, names_any, names_of_rows, target, texts,
    told_values, words,
};
pub(in crate::autogenerate::ddl::postgres) use index::has_other_options;
pub(super) use inside::{cuts, of_types, row_of};

/// The statements that change an object in place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in super::super) struct Alter {
    pub(super) statements: Vec<String>,
    /// The statements that have to wait for what else is made.
    pub(super) later: Vec<String>,
    /// Whether what hangs on the object has to be out of the way.
    pub(super) is_aside: bool,
    pub(super) notes: Vec<String>,
    /// The comments of which the user is warned as well.
    pub(super) notices: Vec<String>,
    pub(super) destructive: Vec<String>,
    pub(super) fills: Vec<String>,
}

/// How a change is made.
pub(super) enum Means {
    Alter(Alter),
    /// The object is dropped and made again, with what hangs on it.
    Anew,
    /// Another type takes the place of a type, and the columns follow.
    Swap,
}

/// An object that differs in some attributes.
#[derive(Clone, Copy)]
pub(super) struct Change<'c, 'a> {
    pub(super) old: &'a Object,
    pub(super) new: &'a Object,
    pub(super) attributes: &'c [Attribute],
    pub(super) sides: &'c Sides<'a>,
}

impl<'a> Change<'_, 'a> {
    fn has(&self, attribute: Attribute) -> bool {
        self.attributes.contains(&attribute)
    }

    fn to(&self) -> &'a Catalog {
        self.sides.to
    }

    fn no_rule(&self, attribute: Attribute) -> AutogenerateError {
        let (kind, name) = (word(self.new.id.kind), shown(&self.new.id));
        AutogenerateError::NoRule { what: format!("a change of `{attribute}` of {kind} {name}") }
    }
}

/// Finds how a change is made.
pub(super) fn means(change: &Change<'_, '_>) -> Result<Means, AutogenerateError> {
    let is_own = |it: &Attribute| !sayings::SAID.contains(it);
    let attributes: Vec<Attribute> = change.attributes.iter().copied().filter(is_own).collect();
    let own = Change { attributes: &attributes, ..*change };
    let means = if attributes.is_empty() {
        Means::Alter(Alter::default())
    } else {
        let kind = change.new.id.kind;
        let of_kind = if kind == Kind::Table {
            table::table
        } else if kind == Kind::Column {
            column::column
        } else {
            other::other
        };
        of_kind(&own)?
    };
    let Means::Alter(mut alter) = means else { return Ok(means) };
    let mut said = [change.old, change.new].map(|it| sayings::sayings(it, change.to()));
    if null::is_remade(change.old, change.new) {
        // The comment goes with the constraint.
        let gone = sayings::of_not_null(change.old, change.to());
        said[0].retain(|it| gone.as_ref().is_none_or(|gone| gone.back != it.back));
    }
    alter.statements.extend(sayings::said_anew(&said[0], &said[1]));
    Ok(Means::Alter(alter))
}
