//! The names that statements of a schema file define, for the hints beside them.

use crate::autogenerate::hints::Definition;
use crate::catalog::{Id, Kind, Name};
use crate::sql::{Cursor, Dialect, Lexer, Token, TokenKind, parts};

/// Words between CREATE and the kind.
const BEFORE_KINDS: [&str; 12] = [
    "OR",
    "REPLACE",
    "UNLOGGED",
    "GLOBAL",
    "LOCAL",
    "FOREIGN",
    "UNIQUE",
    "RECURSIVE",
    "CONSTRAINT",
    "DEFAULT",
    "TRUSTED",
    "TEMP",
];

/// Words between the kind and the name.
const BEFORE_NAMES: [&str; 5] = ["CONCURRENTLY", "IF", "NOT", "EXISTS", "ONLY"];

/// Returns the names that a statement defines, in the order of the text.
pub(super) fn definitions(statement: &str) -> Vec<Definition> {
    let mut cursor = Cursor::new(statement, Dialect::Postgres);
    let found = match cursor.next() {
        Some(verb) if verb.is_word("CREATE") => created(statement, &mut cursor),
        Some(verb) if verb.is_word("ALTER") && cursor.accept(&["TABLE"]) => added(&mut cursor),
        _ => None,
    };
    found.filter(|it| !it.is_empty()).unwrap_or_else(|| vec![Definition { offset: 0, id: None }])
}

/// Parses a name, possibly in quotes and qualified, as the server folds it.
pub(super) fn name(text: &str) -> Option<Name> {
    let tokens = Lexer::new(text, Dialect::Postgres).map_while(Result::ok);
    tokens.filter(|it| it.text != ".").last().and_then(|it| folded(&it))
}

/// Parses names with dots between them; none if there is anything else.
pub(super) fn names(text: &str) -> Option<Vec<Name>> {
    let tokens = Lexer::new(text, Dialect::Postgres).collect::<Result<Vec<Token<'_>>, _>>().ok()?;
    let is_dot = |at: usize| at % 2 == 1;
    let name = |(at, token): (usize, &Token<'_>)| {
        if is_dot(at) { (token.text == ".").then_some(None) } else { folded(token).map(Some) }
    };
    let all = tokens.iter().enumerate().map(name).collect::<Option<Vec<Option<Name>>>>()?;
    (!is_dot(tokens.len().checked_sub(1)?)).then(|| all.into_iter().flatten().collect())
}

/// Parses a value of an enum; without quotes it is taken as it stands.
pub(super) fn label(text: &str) -> Option<Name> {
    let mut tokens = Lexer::new(text, Dialect::Postgres).map_while(Result::ok);
    let quoted = tokens.next().filter(|it| it.text == text && text.starts_with('\''));
    let value = quoted.and_then(|it| it.unquoted()).unwrap_or_else(|| text.to_owned());
    (!value.is_empty()).then(|| Name::exact(value))
}

/// Returns a name as the server folds it: bare ones in lower case.
fn folded(token: &Token<'_>) -> Option<Name> {
    if token.kind == TokenKind::Word {
        return Some(Name::exact(token.text.to_ascii_lowercase()));
    }
    let is_name = token.kind == TokenKind::Quoted && token.text.starts_with('"');
    token.unquoted().filter(|_| is_name).map(Name::exact)
}

/// A name in a statement, with its schema.
struct Named {
    offset: usize,
    schema: Option<Name>,
    name: Name,
}

impl Named {
    fn read(cursor: &mut Cursor<'_>) -> Option<Self> {
        let offset = cursor.offset();
        let (mut schema, mut name) = (None, folded(&cursor.next()?)?);
        while cursor.accept_symbol(".") {
            schema = Some(std::mem::replace(&mut name, folded(&cursor.next()?)?));
        }
        Some(Self { offset, schema, name })
    }

    fn definition(self, kind: Kind) -> Definition {
        let Self { offset, schema, name } = self;
        Definition { offset, id: Some(Id { schema, ..Id::new(kind, &name) }) }
    }

    /// Defines a part of a table.
    fn part(&self, kind: Kind, name: &Token<'_>) -> Option<Definition> {
        let id = Id::part(kind, &self.name, &folded(name)?);
        Some(Definition { offset: name.offset, id: Some(Id { schema: self.schema.clone(), ..id }) })
    }
}

/// Parses the rest of a CREATE.
fn created(text: &str, cursor: &mut Cursor<'_>) -> Option<Vec<Definition>> {
    cursor.pass(&BEFORE_KINDS);
    let word = cursor.next()?.text.to_ascii_uppercase();
    match word.as_str() {
        "MATERIALIZED" | "EVENT" => cursor.next(),
        _ => None,
    };
    cursor.pass(&BEFORE_NAMES);
    let named = Named::read(cursor)?;
    let kind = match word.as_str() {
        "TABLE" => return Some(table(named, cursor)),
        "TRIGGER" | "RULE" | "POLICY" => return part_of_table(&word, &named, cursor),
        "TYPE" => {
            let kind = type_kind(cursor)?;
            let labels = if kind == Kind::Enum { labels(&named, text, cursor) } else { Vec::new() };
            return Some([named.definition(kind)].into_iter().chain(labels).collect());
        }
        "VIEW" => Kind::View,
        "MATERIALIZED" => Kind::MaterializedView,
        "INDEX" => Kind::Index,
        "SEQUENCE" => Kind::Sequence,
        "SCHEMA" => Kind::Schema,
        "COLLATION" => Kind::Collation,
        "DOMAIN" => Kind::Domain,
        "FUNCTION" => Kind::Function,
        "PROCEDURE" => Kind::Procedure,
        "AGGREGATE" => Kind::Aggregate,
        "STATISTICS" => Kind::Statistics,
        "EVENT" => Kind::EventTrigger,
        _ => return None,
    };
    Some(vec![named.definition(kind)])
}

fn type_kind(cursor: &mut Cursor<'_>) -> Option<Kind> {
    if !cursor.accept(&["AS"]) {
        return None;
    }
    match cursor.next()? {
        it if it.is_word("ENUM") => Some(Kind::Enum),
        it if it.is_word("RANGE") => Some(Kind::Range),
        it if it.text == "(" => Some(Kind::Composite),
        _ => None,
    }
}

/// Parses the values of an enum that have lines of their own: others leave a line to the type.
fn labels(named: &Named, text: &str, cursor: &mut Cursor<'_>) -> Vec<Definition> {
    let line_of = |at: usize| text.get(..at).unwrap_or_default().matches('\n').count();
    let inner = cursor.parenthesized().unwrap_or_default();
    let own = inner.iter().filter(|it| line_of(it.offset) != line_of(named.offset));
    let label = |token: &Token<'_>| {
        let name = token.unquoted().filter(|_| token.text.starts_with('\''))?;
        let id = Id::part(Kind::Enum, &named.name, &Name::exact(name));
        Some(Definition {
            offset: token.offset,
            id: Some(Id { schema: named.schema.clone(), ..id }),
        })
    };
    own.filter_map(label).collect()
}

/// Parses the table after the name of a trigger, a rule or a policy.
fn part_of_table(word: &str, named: &Named, cursor: &mut Cursor<'_>) -> Option<Vec<Definition>> {
    let (kind, before) = match word {
        "TRIGGER" => (Kind::Trigger, "ON"),
        "RULE" => (Kind::Rule, "TO"),
        _ => (Kind::Policy, "ON"),
    };
    cursor.find(&[before])?;
    let table = Named::read(cursor)?;
    let id = Id { schema: table.schema, ..Id::part(kind, &table.name, &named.name) };
    Some(vec![Definition { offset: named.offset, id: Some(id) }])
}

/// Parses the columns and constraints of a CREATE TABLE.
fn table(named: Named, cursor: &mut Cursor<'_>) -> Vec<Definition> {
    let inner = cursor.parenthesized().unwrap_or_default();
    let parts = parts(&inner);
    let elements: Vec<Definition> =
        parts.into_iter().filter_map(|part| element(&named, part)).collect();
    [named.definition(Kind::Table)].into_iter().chain(elements).collect()
}

/// Parses a column or a constraint; none for one without a name.
fn element(table: &Named, tokens: &[Token<'_>]) -> Option<Definition> {
    let unnamed = ["PRIMARY", "UNIQUE", "CHECK", "EXCLUDE", "FOREIGN", "LIKE"];
    match tokens {
        [first, name, kind, ..] if first.is_word("CONSTRAINT") => {
            let kinds = [Kind::PrimaryKey, Kind::Unique, Kind::Check, Kind::Exclusion];
            let kinds = unnamed.into_iter().zip(kinds.into_iter().chain([Kind::ForeignKey]));
            let (_, kind) = kinds.into_iter().find(|(word, _)| kind.is_word(word))?;
            table.part(kind, name)
        }
        [first, ..] if first.is_one_of(&unnamed) => None,
        [first, ..] => table.part(Kind::Column, first),
        [] => None,
    }
}

/// Parses what an ALTER TABLE adds.
fn added(cursor: &mut Cursor<'_>) -> Option<Vec<Definition>> {
    cursor.pass(&BEFORE_NAMES);
    let table = Named::read(cursor)?;
    let rest = cursor.rest();
    let action = |part: &[Token<'_>]| {
        let (first, rest) = part.split_first()?;
        let skipped = rest.iter().take_while(|it| it.is_one_of(&["COLUMN", "IF", "NOT", "EXISTS"]));
        let rest = rest.get(skipped.count()..)?;
        first.is_word("ADD").then(|| element(&table, rest)).flatten()
    };
    Some(parts(&rest).into_iter().filter_map(action).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(sql: &str) -> String {
        let shown = definitions(sql).into_iter().map(|it| match it.id {
            Some(id) => {
                let owner = id.owner.as_ref().map(|it| format!("{it}.")).unwrap_or_default();
                let schema = id.schema.as_ref().map(|it| format!("{it}:")).unwrap_or_default();
                format!("{}@{} {schema}{owner}{}", id.kind, it.offset, id.name)
            }
            None => "none".to_owned(),
        });
        shown.collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn every_kind_is_found_by_its_folded_name() {
        for (sql, expected) in [
            (
                "CREATE TABLE App.Users (\"Id\" int, CONSTRAINT k CHECK (a > (1)), NAME text, UNIQUE (a))",
                "table@13 app:users, column@24 app:users.Id, check@45 app:users.k, column@64 app:users.name",
            ),
            ("CREATE UNLOGGED TABLE IF NOT EXISTS t ()", "table@36 t"),
            ("CREATE TABLE p PARTITION OF t FOR VALUES IN (1)", "table@13 p"),
            ("CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)", "index@33 i"),
            ("CREATE OR REPLACE VIEW v AS SELECT 1", "view@23 v"),
            ("CREATE MATERIALIZED VIEW s.v AS SELECT 1", "materialized_view@25 s:v"),
            ("CREATE TYPE e AS ENUM ('a')", "enum@12 e"),
            (
                "CREATE TYPE s.e AS ENUM (\n'a', 'b''c'\n)",
                "enum@12 s:e, enum@26 s:e.a, enum@31 s:e.b'c",
            ),
            ("CREATE TYPE c AS (a int)", "composite_type@12 c"),
            ("CREATE TYPE r AS RANGE (subtype = int)", "range_type@12 r"),
            ("CREATE TYPE shell", "none"),
            ("CREATE DOMAIN d AS int", "domain@14 d"),
            ("CREATE SEQUENCE s", "sequence@16 s"),
            ("CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'", "function@16 f"),
            ("CREATE TRIGGER r AFTER UPDATE OF a ON s.t EXECUTE FUNCTION f()", "trigger@15 s:t.r"),
            ("CREATE POLICY p ON t", "policy@14 t.p"),
            (
                "CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f()",
                "event_trigger@21 e",
            ),
            ("CREATE EXTENSION citext", "none"),
            (
                "ALTER TABLE ONLY t ADD COLUMN a int, ADD CONSTRAINT u UNIQUE (a), DROP b",
                "column@30 t.a, unique@52 t.u",
            ),
            ("COMMENT ON TABLE t IS 'x'", "none"),
        ] {
            assert_eq!(show(sql), expected, "{sql}");
        }
    }

    #[test]
    fn a_name_is_folded_unless_it_is_quoted() {
        let shown = |text: &str| name(text).map(|it| it.to_string());
        assert_eq!(shown("App.Users").as_deref(), Some("users"));
        assert_eq!(shown("app.\"Us\"\"ers\"").as_deref(), Some("Us\"ers"));
        assert_eq!(shown("'x'"), None);
    }

    #[test]
    fn an_old_name_is_names_with_dots_between_them() {
        let shown = |text: &str| {
            names(text).map(|it| it.iter().map(ToString::to_string).collect::<Vec<_>>().join("|"))
        };
        for (text, expected) in [
            ("T", Some("t")),
            ("App . \"T.x\"", Some("app|T.x")),
            ("a.t.n", Some("a|t|n")),
            ("a.t n", None),
            ("a.", None),
            (".t", None),
            ("f(int)", None),
            ("", None),
        ] {
            assert_eq!(shown(text).as_deref(), expected, "{text}");
        }
    }
}
