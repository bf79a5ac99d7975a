//! Changes of functions and procedures.

use std::mem;

use crate::autogenerate::ddl::postgres::plan::rules::other::only;
use crate::autogenerate::ddl::postgres::plan::rules::{Alter, Change, Means};
use crate::autogenerate::ddl::postgres::write::kinds;
use crate::inspect::postgres::attributes::{ARGUMENTS, DEFINITION, RESULT};
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
    Some(Means::Alter(Alter { statements, ..Alter::default() }))
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
