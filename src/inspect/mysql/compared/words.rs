//! Who needs whom: the server doesn't tell, so names in texts are looked for.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{Catalog, Id, Kind, Name};
use crate::sql::{Dialect, Lexer, Token, TokenKind};

/// The kinds of objects that name others in their texts.
const NAMING: [Kind; 5] = [Kind::View, Kind::Trigger, Kind::Function, Kind::Procedure, Kind::Event];

/// The kinds of objects that texts name.
const NAMED: [Kind; 5] = [Kind::Table, Kind::View, Kind::Function, Kind::Procedure, Kind::Sequence];

/// Adds to views, programs and tables the objects that their texts name.
pub(super) fn add_needs(catalog: &mut Catalog) {
    let named = NAMED.into_iter().flat_map(|kind| catalog.of_kind(kind));
    let mut known: BTreeMap<Name, Vec<Id>> = BTreeMap::new();
    for object in named {
        let name = Name::any_case(object.id.name.as_str());
        known.entry(name).or_default().push(object.id.clone());
    }
    for object in catalog.objects.values_mut() {
        let is_table = object.id.kind == Kind::Column;
        if !is_table && !NAMING.contains(&object.id.kind) {
            continue;
        }
        let named = names(object.statement());
        let found = named.iter().filter_map(|name| known.get(name)).flatten();
        // A column names a sequence in its default, and functions nowhere.
        let found = found.filter(|id| !is_table || id.kind == Kind::Sequence);
        let own = object.id.clone();
        object.needs.extend(found.filter(|id| **id != own).cloned());
    }
}

/// Returns the names in a text: words and what is quoted, without strings.
fn names(text: &str) -> BTreeSet<Name> {
    let tokens = Lexer::new(text, Dialect::MySql).map_while(Result::ok);
    let is_name = |it: &Token<'_>| match it.kind {
        TokenKind::Word => true,
        TokenKind::Quoted => it.text.starts_with('`'),
        TokenKind::Number
        | TokenKind::Parameter
        | TokenKind::Delimiter
        | TokenKind::Executable
        | TokenKind::Symbol => false,
    };
    let names = tokens.filter(is_name).filter_map(|it| it.unquoted());
    names.map(Name::any_case).collect()
}
