//! Temporary types and functions in place of those that the present database lacks, or has otherwise.

use crate::autogenerate::ddl::postgres::names::{full, literal, quoted, schema};
use crate::autogenerate::ddl::postgres::plant::attempt;
use crate::autogenerate::ddl::postgres::plant::ends::{BASICS, Ends, needs};
use crate::autogenerate::ddl::postgres::write;
use crate::autogenerate::rename::is_value;
use crate::catalog::{Id, Kind, Object, sorted};
use crate::database::{Connection, DatabaseError};
use crate::inspect::postgres::attributes::{LABELS, NAME};
use crate::sql::{Dialect, Lexer, Token, TokenKind};

/// Names of types and functions in texts, and those of the temporary ones in their place.
#[derive(Debug, Default)]
pub(super) struct StandIns(Vec<StandIn>);

/// A temporary type or function.
#[derive(Debug)]
struct StandIn {
    /// The name in whose place it is, with the schema.
    full: String,
    /// The name alone, if it is of the home schema.
    bare: Option<String>,
    is_function: bool,
    /// The name of the temporary one.
    with: String,
}

impl StandIns {
    /// Makes the types and functions that the present database lacks, or has otherwise.
    pub(super) fn make(
        ends: &Ends<'_>,
        connection: &mut dyn Connection,
    ) -> Result<Self, DatabaseError> {
        let mut res = Self::default();
        let basics = BASICS.iter().flat_map(|kind| ends.to.of_kind(*kind));
        let all = basics.map(|it| (it.id.clone(), needs(ends.to, it).cloned().collect())).collect();
        for id in sorted(&all) {
            let Some(object) = ends.to.get(&id).filter(|_| ends.changed.contains(&id)) else {
                continue;
            };
            let mut statements = write::create(object, ends.to);
            for check in ends.to.parts(Kind::DomainCheck, &id) {
                statements.extend(write::create(check, ends.to));
            }
            statements.extend(given_away(ends, object));
            let with = format!("pg_temp.migrate_part_{}", res.0.len());
            let name =
                if id.kind == Kind::Function { object.aside(NAME) } else { id.name.as_str() };
            let full = format!("{}.{}", schema(ends.to, &id), quoted(name));
            let bare = id.schema.is_none().then(|| name.to_owned());
            res.0.push(StandIn { full, bare, is_function: id.kind == Kind::Function, with });
            let statements: Vec<String> = statements.iter().map(|it| res.replace(it)).collect();
            attempt(connection, &statements)?;
        }
        Ok(res)
    }

    /// Replaces the names in an expression of the user, where those of the home schema can stand alone.
    pub(super) fn in_hint(&self, text: &str) -> String {
        let text = self.replace(text);
        let tokens: Vec<_> = Lexer::new(&text, Dialect::Postgres).map_while(Result::ok).collect();
        let (mut res, mut end) = (String::new(), 0);
        for (at, token) in tokens.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|it| tokens.get(it)).map_or("", |it| it.text);
            let after = tokens.get(at + 1).map_or("", |it| it.text);
            let is_it = |it: &&StandIn| {
                let is_used = if it.is_function {
                    after == "(" && before != "."
                } else {
                    before.ends_with(':') || before.eq_ignore_ascii_case("AS")
                };
                is_used && it.bare.as_ref().is_some_and(|bare| is_name(token, bare))
            };
            let with = self.0.iter().find(is_it).map_or(token.text, |it| &it.with);
            res.push_str(text.get(end..token.offset).unwrap_or_default());
            res.push_str(with);
            end = token.end();
        }
        res.push_str(text.get(end..).unwrap_or_default());
        res
    }

    /// Replaces the names in a text.
    pub(super) fn replace(&self, text: &str) -> String {
        let mut res = text.to_owned();
        for StandIn { full, with, .. } in &self.0 {
            res = replaced(&res, full, with);
        }
        res
    }
}

/// Returns the statements that hide values of a wanted enum which are others now: no row has one that
/// would be taken for it.
fn given_away(ends: &Ends<'_>, object: &Object) -> Vec<String> {
    let is_own = |id: &Id| {
        is_value(id) && id.owner.as_ref() == Some(&object.id.name) && id.schema == object.id.schema
    };
    let olds = ends.claim.way.renames.all().filter(|(old, _)| is_own(old)).map(|(old, _)| old);
    let olds = olds.filter(|old| object.list(LABELS).iter().any(|it| it == old.name.as_str()));
    let alter = format!("ALTER TYPE {}", full(ends.to, &object.id));
    let hide = |(number, old): (usize, &Id)| {
        format!("{alter} RENAME VALUE {} TO '_migrate_{number}'", literal(old.name.as_str()))
    };
    olds.enumerate().map(hide).collect()
}

/// Replaces a name that isn't a part of a longer one.
fn replaced(text: &str, name: &str, with: &str) -> String {
    let is_part = |it: char| it.is_alphanumeric() || ['_', '$', '"'].contains(&it);
    let mut res = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(name) {
        let (before, found) = rest.split_at(at);
        let after = found.get(name.len()..).unwrap_or_default();
        let is_alone =
            !before.ends_with(is_part) && !before.ends_with('.') && !after.starts_with(is_part);
        res.push_str(before);
        res.push_str(if is_alone { with } else { name });
        rest = after;
    }
    res + rest
}

/// Tells whether a token is a name, which is folded unless it is in quotes.
fn is_name(token: &Token<'_>, name: &str) -> bool {
    match token.kind {
        TokenKind::Word => token.text.to_lowercase() == name,
        TokenKind::Quoted => token.text == quoted(name),
        TokenKind::Number
        | TokenKind::Parameter
        | TokenKind::Delimiter
        | TokenKind::Executable
        | TokenKind::Symbol => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_names_are_replaced() {
        let text = "public.mood[] 'a'::public.mood, public.moods, a.public.mood";
        let expected = "x.y[] 'a'::x.y, public.moods, a.public.mood";
        assert_eq!(replaced(text, "public.mood", "x.y"), expected);
    }

    #[test]
    fn names_alone_are_replaced_where_they_are_of_types_and_functions() {
        let stand_in = |name: &str, is_function, with: &str| StandIn {
            full: format!("public.{name}"),
            bare: Some(name.to_owned()),
            is_function,
            with: with.to_owned(),
        };
        let all = StandIns(vec![stand_in("f", true, "x.y"), stand_in("mood", false, "x.z")]);
        for (text, expected) in [
            ("f(f) + F (1)", "x.y(f) + x.y (1)"),
            ("'a'::mood || mood || 'f('", "'a'::x.z || mood || 'f('"),
            ("a.f(1) + public.f(2)", "a.f(1) + x.y(2)"),
            ("CAST(n AS mood)", "CAST(n AS x.z)"),
        ] {
            assert_eq!(all.in_hint(text), expected);
        }
    }
}
