//! Changes of functions and procedures.

use std::mem;

use crate::autogenerate::ddl::postgres::names::{full, shown, shown_owner};
use crate::autogenerate::ddl::postgres::plan::rules::other::only;
use crate::autogenerate::ddl::postgres::plan::rules::{Alter, Change, Means};
use crate::autogenerate::ddl::postgres::write::kinds;
use crate::catalog::{Kind, Object};
use crate::inspect::postgres::attributes::{
    ARGUMENTS, DEFINITION, GENERATED, GENERATED_KIND, RESULT,
};
use crate::sql::{Dialect, Lexer};

/// The tokens of an argument, and those of its default.
type Argument<'t> = (Vec<&'t str>, Option<Vec<&'t str>>);

pub(super) fn routine(change: &Change<'_, '_>) -> Option<Means> {
    if !only(change, &[ARGUMENTS, RESULT, DEFINITION]) {
        return None;
    }
    let takes_its_place = || {
        let arguments = [change.old, change.new].map(|it| arguments(it.written(ARGUMENTS)));
        replaces(&arguments[0], &arguments[1])
    };
    if change.has(RESULT) || (change.has(ARGUMENTS) && !takes_its_place()) {
        return Some(Means::Anew);
    }
    let statements = kinds::routine(change.new);
    let notices = stale(change).into_iter().collect();
    Some(Means::Alter(Alter { statements, notices, ..Alter::default() }))
}

/// Says what keeps the values that a function gave before: indexes, generated columns and checks.
fn stale(change: &Change<'_, '_>) -> Option<String> {
    let (from, to) = (change.sides.from, change.to());
    let (id, is_new) = (&change.new.id, change.has(DEFINITION));
    let is_kept = |it: &&Object| {
        let is_kind = [Kind::Index, Kind::Check, Kind::Exclusion].contains(&it.id.kind)
            || it.says(GENERATED) && it.normal(GENERATED_KIND) != "VIRTUAL";
        is_new && is_kind && it.needs.contains(id) && from.get(&it.id) == Some(*it)
    };
    let (mut indexes, mut columns, mut checks) = (Vec::new(), Vec::new(), Vec::new());
    for object in to.objects.values().filter(is_kept) {
        if object.id.kind == Kind::Column {
            columns.push(shown(&object.id));
        } else if object.id.kind == Kind::Check {
            checks.push(format!("{} of {}", object.id.name, shown_owner(&object.id)));
        } else {
            indexes.push(full(to, &object.id));
        }
    }
    let all = [
        (indexes, "REINDEX INDEX for ", ""),
        (columns, "make ", " anew"),
        (checks, "look whether rows keep to CHECK ", ""),
    ];
    let what: Vec<String> = all
        .into_iter()
        .filter(|(names, ..)| !names.is_empty())
        .map(|(names, head, tail)| format!("{head}{}{tail}", names.join(", ")))
        .collect();
    let words = || {
        let name = &change.new.id.name;
        format!("what is there keeps the results of function {name} as it was: {}", what.join("; "))
    };
    (!what.is_empty()).then(words)
}

/// Splits the arguments of a routine: the tokens of each, and those of its default.
fn arguments(text: &str) -> Vec<Argument<'_>> {
    let mut res = Vec::new();
    let (mut depth, mut own, mut default) = (0_usize, Vec::new(), None::<Vec<&str>>);
    for token in Lexer::new(text, Dialect::Postgres).map_while(Result::ok) {
        match token.text {
            "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.saturating_sub(1),
            "," if depth == 0 => {
                res.push((mem::take(&mut own), default.take()));
                continue;
            }
            "DEFAULT" if depth == 0 && default.is_none() => {
                default = Some(Vec::new());
                continue;
            }
            _ => {}
        }
        default.as_mut().unwrap_or(&mut own).push(token.text);
    }
    res.push((own, default));
    res
}

/// Tells whether a routine can take the place of one with other arguments: names and defaults can't be
/// taken back, nor can the type of a default change that the call decides.
fn replaces(old: &[Argument<'_>], new: &[Argument<'_>]) -> bool {
    let is_open = |own: &[&str]| own.iter().any(|it| it.starts_with("any"));
    let mut pairs = old.iter().zip(new);
    old.len() == new.len()
        && pairs.all(|((had, before), (has, after))| {
            had == has && (before.is_none() || (after.is_some() && !is_open(had)))
        })
}
