//! The treatment of statements of schema files, and of scripts that are replayed: those about the
//! whole server, its files or its roles must not reach a scratch database.

use crate::autogenerate::ddl::Belongs;
use crate::autogenerate::ddl::postgres::define;
use crate::sql::{Depth, Statement, Token, TokenKind, parts};

/// Settings of dumps that concern their client, or that other versions don't know.
const OF_CLIENTS: [&str; 6] = [
    "client_encoding",
    "standard_conforming_strings",
    "default_with_oids",
    "row_security",
    "client_min_messages",
    "xmloption",
];

/// The beginnings of statements that reach beyond their database, and what each does.
const FAR: [Far; 13] = [
    Far { name: "ALTER SYSTEM", does: "changes the configuration of the server" },
    Far { name: "CREATE DATABASE", does: "creates a database" },
    Far { name: "ALTER DATABASE", does: "changes a database" },
    Far { name: "DROP DATABASE", does: "drops a database" },
    Far { name: "CREATE TABLESPACE", does: "creates a tablespace" },
    Far { name: "ALTER TABLESPACE", does: "changes a tablespace" },
    Far { name: "DROP TABLESPACE", does: "drops a tablespace" },
    Far { name: "CREATE SUBSCRIPTION", does: "creates a subscription" },
    Far { name: "ALTER SUBSCRIPTION", does: "changes a subscription" },
    Far { name: "DROP SUBSCRIPTION", does: "drops a subscription" },
    Far { name: "IMPORT FOREIGN SCHEMA", does: "imports a schema from another server" },
    Far { name: "DROP OWNED", does: "drops all that a role owns" },
    Far { name: "LOAD", does: "loads a library into the server" },
];

const OF_PROGRAM: Far = Far { name: "COPY … PROGRAM", does: "runs a program on the server" };
const OF_FILE: Far =
    Far { name: "COPY of a file", does: "copies rows from or to a file of the server" };

/// The types of moments, and the words that the server reads as one.
const TIMES: [&str; 5] = ["DATE", "TIME", "TIMETZ", "TIMESTAMP", "TIMESTAMPTZ"];
const MOMENTS: [&str; 4] = ["now", "today", "tomorrow", "yesterday"];

const ROLES: [&str; 3] = ["ROLE", "USER", "GROUP"];

/// A statement that reaches beyond its database.
struct Far {
    /// The words with which it begins.
    name: &'static str,
    /// The effect of the statement, as the end of a sentence.
    does: &'static str,
}

/// Tells what becomes of a statement of a schema file; the error describes one that doesn't belong.
pub(super) fn belongs(statement: &Statement<'_>) -> Result<Belongs, &'static str> {
    let tokens = Tokens::of(statement);
    if let Some(far) = tokens.far() {
        return Err(far.name);
    }
    if tokens.begins(&["VACUUM"]) {
        return Err("VACUUM");
    }
    if tokens.is_temporary() {
        return Err("a temporary object");
    }
    if tokens.has_moment() {
        return Err("a default of the moment at which it is read (write now() or CURRENT_DATE)");
    }
    Ok(match tokens.words(1).first().copied().unwrap_or_default() {
        "INSERT" | "UPDATE" | "DELETE" | "MERGE" | "COPY" | "TRUNCATE" => Belongs::Rows,
        _ if tokens.is_about_roles() => Belongs::Roles,
        _ if tokens.gives_rights() => Belongs::Rights,
        _ if tokens.is_left_out() => Belongs::Not,
        _ => Belongs::Runs,
    })
}

/// Describes a statement of a script that can't be replayed, since it would be felt outside of the
/// scratch database.
pub(super) fn reaches_out(statement: &Statement<'_>) -> Option<&'static str> {
    let verbs = ["ALTER", "COPY", "CREATE", "DROP", "IMPORT", "LOAD"];
    let far = begins_with(statement, &verbs).then(|| Tokens::of(statement).far()).flatten();
    far.map(|it| it.does)
}

/// Tells whether a replay leaves a statement out: it is about roles, owners or rights, none of which
/// is compared.
pub(super) fn is_about_rights(statement: &Statement<'_>) -> bool {
    let verbs =
        ["ALTER", "CREATE", "DROP", "GRANT", "REASSIGN", "RESET", "REVOKE", "SECURITY", "SET"];
    if !begins_with(statement, &verbs) {
        return false;
    }
    let tokens = Tokens::of(statement);
    tokens.is_about_roles() || tokens.is_about_owners()
}

/// Returns the extensions that a statement makes, changes, drops or comments on.
pub(super) fn extensions(statement: &Statement<'_>) -> Vec<String> {
    if !begins_with(statement, &["ALTER", "COMMENT", "CREATE", "DROP"]) {
        return Vec::new();
    }
    let mut tokens = statement.code().skip(1).skip_while(|it| it.is_word("ON"));
    if !tokens.next().is_some_and(|it| it.is_word("EXTENSION")) {
        return Vec::new();
    }
    let mut res = Vec::new();
    let mut names = tokens.skip_while(|it| it.is_one_of(&["IF", "NOT", "EXISTS"]));
    while let Some(token) = names.next() {
        res.extend(define::name(token.text).map(|it| it.as_str().to_owned()));
        if names.next().is_none_or(|it| it.text != ",") {
            break;
        }
    }
    res
}

/// Tells whether a statement gives an object an owner, or privileges on it.
pub(super) fn gives_rights(statement: &Statement<'_>) -> bool {
    Tokens::of(statement).gives_rights()
}

/// Tells whether the first word is one of some, without a look at the rest.
fn begins_with(statement: &Statement<'_>, words: &[&str]) -> bool {
    statement.code().next().is_some_and(|it| it.is_one_of(words))
}

/// The first words of a statement in upper case, and its tokens.
struct Tokens<'a> {
    all: Vec<Token<'a>>,
    first: Vec<String>,
}

impl<'a> Tokens<'a> {
    fn of(statement: &Statement<'a>) -> Self {
        let all: Vec<Token<'a>> = statement.code().collect();
        let words = all.iter().take_while(|it| it.kind == TokenKind::Word).take(6);
        let first = words.map(|it| it.text.to_ascii_uppercase()).collect();
        Self { all, first }
    }

    fn words(&self, count: usize) -> Vec<&str> {
        self.first.iter().take(count).map(String::as_str).collect()
    }

    fn begins(&self, words: &[&str]) -> bool {
        self.words(words.len()) == words
    }

    fn word(&self, at: usize) -> &str {
        self.first.get(at).map_or("", String::as_str)
    }

    /// Describes a statement that is felt outside of its database.
    fn far(&self) -> Option<&'static Far> {
        if self.begins(&["COPY"]) {
            return self.file_of_copy();
        }
        FAR.iter().find(|far| self.begins(&far.name.split(' ').collect::<Vec<_>>()))
    }

    /// Describes a COPY from or to a file or a program of the server.
    fn file_of_copy(&self) -> Option<&'static Far> {
        let mut depth = Depth::default();
        let mut tokens = self.all.iter();
        tokens.find(|it| depth.is_outside(it) && it.is_one_of(&["FROM", "TO"]))?;
        let target = tokens.next()?;
        if target.is_word("PROGRAM") {
            return Some(&OF_PROGRAM);
        }
        (target.kind == TokenKind::Quoted).then_some(&OF_FILE)
    }

    fn is_temporary(&self) -> bool {
        let mut words = self.first.iter().map(String::as_str);
        let mut rest = words.by_ref().skip_while(|it| {
            ["CREATE", "OR", "REPLACE", "GLOBAL", "LOCAL", "RECURSIVE"].contains(it)
        });
        let is_kind = matches!(rest.next(), Some("TEMP" | "TEMPORARY"));
        is_kind && self.begins(&["CREATE"])
    }

    /// Tells whether a default is a moment in words, such as `'now'`: the server keeps the moment at
    /// which it reads them.
    fn has_moment(&self) -> bool {
        if !["CREATE", "ALTER"].contains(&self.word(0)) {
            return false;
        }
        let is_moment = |it: &Token<'_>| {
            let text = it.text.strip_prefix('\'').and_then(|it| it.strip_suffix('\''));
            text.is_some_and(|it| MOMENTS.contains(&it.trim().to_ascii_lowercase().as_str()))
        };
        self.all.split(|it| it.text == ",").any(|part| {
            let mut default = part.iter().skip_while(|it| !it.is_word("DEFAULT"));
            default.any(is_moment) && part.iter().any(|it| it.is_one_of(&TIMES))
        })
    }

    /// Tells whether a statement makes, changes or drops roles.
    fn is_about_roles(&self) -> bool {
        let verb = ["CREATE", "ALTER", "DROP"].contains(&self.word(0));
        verb && ROLES.contains(&self.word(1)) && self.word(2) != "MAPPING"
    }

    /// Tells whether a statement is about owners or rights.
    fn is_about_owners(&self) -> bool {
        match self.word(0) {
            "GRANT" | "REVOKE" | "REASSIGN" => true,
            "SECURITY" => self.word(1) == "LABEL",
            "ALTER" => self.begins(&["ALTER", "DEFAULT", "PRIVILEGES"]) || self.gives_an_owner(),
            "SET" | "RESET" => self.is_of_session_user(),
            _ => false,
        }
    }

    /// Tells whether a statement is about the owner of an object, or privileges on it: memberships of roles
    /// are the server's.
    fn gives_rights(&self) -> bool {
        match self.word(0) {
            "GRANT" | "REVOKE" => self.all.iter().any(|it| it.is_word("ON")),
            "ALTER" => self.is_about_owners(),
            _ => false,
        }
    }

    /// Tells whether an ALTER does nothing but name an owner.
    fn gives_an_owner(&self) -> bool {
        match self.all.as_slice() {
            [.., owner, to, name] => {
                owner.is_word("OWNER")
                    && to.is_word("TO")
                    && matches!(name.kind, TokenKind::Word | TokenKind::Quoted)
                    && parts(&self.all).len() == 1
            }
            _ => false,
        }
    }

    /// Tells whether a statement makes the session another role's.
    fn is_of_session_user(&self) -> bool {
        let rest: Vec<&str> = self.words(4).into_iter().skip(1).collect();
        let rest = match rest.as_slice() {
            ["SESSION" | "LOCAL", rest @ ..] if rest.first() != Some(&"AUTHORIZATION") => rest,
            rest => rest,
        };
        matches!(rest, ["ROLE", ..] | ["SESSION", "AUTHORIZATION", ..])
    }

    /// Tells whether a schema doesn't need a statement.
    fn is_left_out(&self) -> bool {
        if self.is_about_owners() {
            return true;
        }
        match self.word(0) {
            "SET" => {
                let at = if matches!(self.word(1), "SESSION" | "LOCAL") { 2 } else { 1 };
                let name = self.word(at).to_ascii_lowercase();
                OF_CLIENTS.contains(&name.as_str()) || name.ends_with("_timeout")
            }
            "ANALYZE" | "CHECKPOINT" => true,
            "COMMENT" => ["DATABASE", "TABLESPACE", "ROLE"].contains(&self.word(2)),
            "CREATE" => self.all.len() == 3 && self.begins(&["CREATE", "SCHEMA", "PUBLIC"]),
            _ => false,
        }
    }
}

/// Tells whether a statement may change the path by which names are found.
pub(super) fn may_set_path(statement: &Statement<'_>) -> bool {
    let first = statement.first_word().unwrap_or_default();
    ["SET", "RESET", "SELECT", "DISCARD", "DO", "CALL"].contains(&first.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::{Dialect, split};

    fn judged(text: &str) -> Result<Belongs, &'static str> {
        belongs(&split(text, Dialect::Postgres).unwrap()[0])
    }

    #[test]
    fn what_a_dump_says_of_owners_and_clients_is_left_out() {
        for text in [
            "GRANT app TO other",
            "SET SESSION AUTHORIZATION 'app'",
            "SET SESSION SESSION AUTHORIZATION app",
            "SET LOCAL ROLE app",
            "RESET ROLE",
            "SET statement_timeout = 0",
            "SET transaction_timeout = 0",
            "SET client_encoding = 'UTF8'",
            "COMMENT ON DATABASE d IS 'x'",
            "CREATE SCHEMA public",
        ] {
            assert_eq!(judged(text), Ok(Belongs::Not), "{text}");
        }
        for text in [
            "ALTER TABLE public.t OWNER TO app",
            "ALTER FUNCTION f(a integer, b text) OWNER TO \"App\"",
            "GRANT SELECT ON t TO app",
            "REVOKE GRANT OPTION FOR SELECT (a) ON t FROM app",
            "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO app",
        ] {
            assert_eq!(judged(text), Ok(Belongs::Rights), "{text}");
        }
        for text in ["INSERT INTO t VALUES (1)", "copy t (a) from stdin;\n1\n\\."] {
            assert_eq!(judged(text), Ok(Belongs::Rows), "{text}");
        }
        for text in ["CREATE ROLE a", "ALTER USER a PASSWORD 'x'", "DROP GROUP a"] {
            assert_eq!(judged(text), Ok(Belongs::Roles), "{text}");
        }
    }

    #[test]
    fn the_extensions_of_a_statement_are_known() {
        for (text, names) in [
            ("CREATE EXTENSION IF NOT EXISTS \"uuid-ossp\" WITH SCHEMA public", "uuid-ossp"),
            ("create extension Citext", "citext"),
            ("ALTER EXTENSION a UPDATE", "a"),
            ("DROP EXTENSION IF EXISTS a, \"B\" CASCADE", "a B"),
            ("COMMENT ON EXTENSION a IS 'b'", "a"),
            ("CREATE TABLE extension (a int)", ""),
            ("COMMENT ON TABLE a IS 'extension'", ""),
        ] {
            let script = split(text, Dialect::Postgres).unwrap();
            assert_eq!(extensions(&script[0]).join(" "), names, "{text}");
        }
    }

    #[test]
    fn what_makes_objects_runs() {
        for text in [
            "SELECT pg_catalog.set_config('search_path', '', false)",
            "SET search_path = app",
            "SET check_function_bodies = false",
            "CREATE USER MAPPING FOR a SERVER s",
            "ALTER TABLE t ADD a int, OWNER TO app",
            "CREATE INDEX CONCURRENTLY i ON t (a)",
            "CREATE TABLE temp (a int)",
            "CREATE SCHEMA public AUTHORIZATION app",
            "CREATE TABLE t (a date, b text DEFAULT 'now', c timestamp DEFAULT now())",
        ] {
            assert_eq!(judged(text), Ok(Belongs::Runs), "{text}");
        }
    }

    #[test]
    fn what_leaves_the_database_is_refused() {
        let far = |text: &str| judged(text).unwrap_err();
        assert_eq!(far("alter system set work_mem = '1GB'"), "ALTER SYSTEM");
        assert_eq!(far("CREATE DATABASE d"), "CREATE DATABASE");
        assert_eq!(far("COPY t FROM PROGRAM 'curl'"), "COPY … PROGRAM");
        let file = "COPY of a file";
        assert_eq!(far("COPY (SELECT a FROM t) TO '/tmp/x'"), file);
        assert_eq!(far("CREATE OR REPLACE TEMP VIEW v AS SELECT 1"), "a temporary object");
        let moment = "a default of the moment at which it is read (write now() or CURRENT_DATE)";
        assert_eq!(far("CREATE TABLE t (a int, b timestamp(3) NOT NULL DEFAULT 'now')"), moment);
        assert_eq!(far("ALTER TABLE t ALTER a SET DEFAULT 'Today'::date"), moment);
        let script = split("DROP DATABASE d", Dialect::Postgres).unwrap();
        assert_eq!(reaches_out(&script[0]), Some("drops a database"));
    }
}
