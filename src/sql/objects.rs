//! The objects that a statement defines, changes or drops.

use crate::sql::{
    cursor::Cursor,
    dialect::Dialect,
    lexer::{Token, TokenKind},
    statement::Statement,
    tokens::{Depth, bare},
};
use crate::words::words;

/// The name of an object that a statement changes, without quotes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ObjectName {
    /// The schema, which MySQL calls a database, if the statement says it.
    pub schema: Option<String>,
    /// The name within the schema.
    pub name: String,
    /// The kind of the object.
    pub kind: ObjectKind,
}

/// The kind of a named object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ObjectKind {
    /// A table, temporary or not.
    Table,
    /// A view: a stored query.
    View,
    /// A procedure, a function or a package.
    Routine,
    /// A trigger on a table.
    Trigger,
    /// An event of MySQL's scheduler.
    Event,
    /// A sequence of numbers.
    Sequence,
}

/// Returns the objects that a statement of MySQL or MariaDB creates, alters, drops, renames or
/// empties: both names of a renamed object, and the table of an index.
///
/// The result is empty if unknown, and for statements of other kinds and databases.
pub fn named_objects(statement: &Statement<'_>) -> Vec<ObjectName> {
    if statement.dialect != Dialect::MySql {
        return Vec::new();
    }
    Reader(Cursor::of(statement)).objects().unwrap_or_default()
}

/// The words after `CREATE`, `ALTER` and `DROP` for kinds of objects.
const KINDS: &[(&str, ObjectKind)] = &[
    ("TABLE", ObjectKind::Table),
    ("TABLES", ObjectKind::Table),
    ("VIEW", ObjectKind::View),
    ("PROCEDURE", ObjectKind::Routine),
    ("FUNCTION", ObjectKind::Routine),
    ("PACKAGE", ObjectKind::Routine),
    ("TRIGGER", ObjectKind::Trigger),
    ("EVENT", ObjectKind::Event),
    ("SEQUENCE", ObjectKind::Sequence),
    ("INDEX", ObjectKind::Table),
];

/// Words that can precede the kind, apart from those after `=`.
const BEFORE_KINDS: &[&str] = words![
    OR REPLACE TEMPORARY ONLINE OFFLINE IGNORE AGGREGATE DEFINER ALGORITHM SQL SECURITY INVOKER
    UNIQUE FULLTEXT SPATIAL VECTOR
];

/// A parser from a statement's start; `None` means that the result is unknown.
struct Reader<'a>(Cursor<'a>);

impl Reader<'_> {
    fn objects(&mut self) -> Option<Vec<ObjectName>> {
        let verb = self.0.next()?;
        if verb.is_word("TRUNCATE") {
            self.0.pass(&["TABLE"]);
            return Some(vec![self.name(ObjectKind::Table)?]);
        }
        if verb.is_word("RENAME") {
            self.0.next().filter(|it| it.is_one_of(&["TABLE", "TABLES"]))?;
            return self.renamed();
        }
        let is_drop = verb.is_word("DROP");
        if !is_drop && !verb.is_word("CREATE") && !verb.is_word("ALTER") {
            return None;
        }
        let (word, kind) = self.kind()?;
        if word == "INDEX" {
            return self.indexed();
        }
        self.0.pass(&["IF", "NOT", "EXISTS"]);
        let mut res = vec![self.name(kind)?];
        while is_drop && self.0.accept_symbol(",") {
            res.push(self.name(kind)?);
        }
        if verb.is_word("ALTER") {
            self.other_names(kind, &mut res);
        }
        Some(res)
    }

    /// Parses up to the kind of the object, and also returns its word.
    fn kind(&mut self) -> Option<(&'static str, ObjectKind)> {
        let mut is_value = false;
        loop {
            let token = self.0.next()?;
            let is_word = |word: &str| token.is_word(word);
            if token.kind == TokenKind::Word && !is_value {
                if let Some(kind) = KINDS.iter().find(|(word, _)| is_word(word)) {
                    if is_word("PACKAGE") {
                        self.0.pass(&["BODY"]);
                    }
                    return Some(*kind);
                }
                if !token.is_one_of(BEFORE_KINDS) {
                    return None;
                }
            }
            is_value = matches!(token.text, "=" | "@");
        }
    }

    /// Parses `a TO b, c TO d`.
    fn renamed(&mut self) -> Option<Vec<ObjectName>> {
        let mut res = Vec::new();
        self.0.pass(&["IF", "EXISTS"]);
        loop {
            res.push(self.name(ObjectKind::Table)?);
            self.0.find(&["TO"])?;
            res.push(self.name(ObjectKind::Table)?);
            if !self.0.accept_symbol(",") {
                return Some(res);
            }
        }
    }

    /// Parses the table of an index, after `ON`.
    fn indexed(&mut self) -> Option<Vec<ObjectName>> {
        self.0.find(&["ON"])?;
        Some(vec![self.name(ObjectKind::Table)?])
    }

    /// Parses further names in the rest of an `ALTER`: a new name, and the table of a partition
    /// exchange.
    fn other_names(&mut self, kind: ObjectKind, res: &mut Vec<ObjectName>) {
        let parts = ["COLUMN", "INDEX", "KEY", "CONSTRAINT"];
        let mut depth = Depth::default();
        while let Some(token) = self.0.next() {
            let is_outside = depth.is_outside(&token);
            let is_part = |next: &Token<'_>| next.is_one_of(&parts);
            let is_new = token.is_word("RENAME") && !self.0.peek().is_some_and(is_part);
            let is_exchanged = token.is_word("WITH") && self.0.accept(&["TABLE"]);
            if is_outside && (is_new || is_exchanged) {
                self.0.pass(&["TO", "AS"]);
                self.0.accept_symbol("=");
                res.extend(self.name(kind));
            }
            // A stored program follows.
            if token.is_word("DO") && kind == ObjectKind::Event {
                return;
            }
        }
    }

    fn name(&mut self, kind: ObjectKind) -> Option<ObjectName> {
        let (mut schema, mut name) = (None, self.part()?);
        if self.0.accept_symbol(".") {
            schema = Some(std::mem::replace(&mut name, self.part()?));
        }
        Some(ObjectName { schema, name, kind })
    }

    /// Parses a name; a string is none.
    fn part(&mut self) -> Option<String> {
        bare(&self.0.next().filter(|it| !it.text.starts_with('\''))?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::split;
    use crate::sql::testing::each;

    #[track_caller]
    fn check(script: &str, expected: &str) {
        let tell = |statement: &Statement<'_>| {
            let shown = |it: &ObjectName| {
                let schema = it.schema.as_ref().map(|schema| format!("{schema}."));
                format!("{:?} {}{}", it.kind, schema.unwrap_or_default(), it.name)
            };
            named_objects(statement).iter().map(shown).collect::<Vec<_>>().join(", ")
        };
        each(tell, Dialect::MySql, &expected.to_owned(), script);
    }

    #[test]
    fn tables() {
        let one = "
            CREATE TABLE a (b INT); CREATE /*!32302 TEMPORARY */ TABLE a LIKE b;
            /*!40000 ALTER TABLE `a` DISABLE KEYS */; DROP TEMPORARY TABLES a; TRUNCATE a;
            ALTER TABLE a RENAME COLUMN b TO c, RENAME INDEX d TO e; TRUNCATE TABLE \"a\"";
        check(one, "Table a");
        check("ALTER ONLINE IGNORE TABLE a.b ADD c INT", "Table a.b");
        check("create or replace temporary table if not exists `a``b`.`c` (d INT)", "Table a`b.c");
        let two = "ALTER TABLE a RENAME b; ALTER TABLE a EXCHANGE PARTITION p WITH TABLE b";
        check(two, "Table a, Table b");
        check("ALTER TABLE a ADD c INT, RENAME TO `d`.b", "Table a, Table d.b");
        check("DROP TABLE IF EXISTS a, `b`.c CASCADE", "Table a, Table b.c");
        check("RENAME TABLE a TO b, c.d WAIT 5 TO c.e", "Table a, Table b, Table c.d, Table c.e");
        check("CREATE TABLE 1a (b INT)", "Table 1a");
    }

    #[test]
    fn indexes_are_their_tables() {
        check("CREATE UNIQUE INDEX IF NOT EXISTS i USING BTREE ON a (b)", "Table a");
        check("DROP INDEX i ON `a`.b", "Table a.b");
    }

    #[test]
    fn views_programs_and_events() {
        let view = "
            CREATE ALGORITHM = MERGE DEFINER = `r`@`%` SQL SECURITY INVOKER VIEW a AS SELECT 1;
            ALTER VIEW a AS SELECT 1";
        check(view, "View a");
        check("DROP VIEW a, b", "View a, View b");
        check("CREATE DEFINER=trigger@view PROCEDURE a.b() BEGIN DROP TABLE c; END", "Routine a.b");
        let routine = "
            CREATE FUNCTION IF NOT EXISTS a() RETURNS INT RETURN 1;
            CREATE PACKAGE BODY a AS END";
        check(routine, "Routine a");
        let trigger = "
            /*!50003 CREATE*/ /*!50017 DEFINER=`r`@`%`*/
            /*!50003 TRIGGER a BEFORE INSERT ON b FOR EACH ROW SET NEW.c = 1 */";
        check(trigger, "Trigger a");
        check("DROP TRIGGER a.b", "Trigger a.b");
        check("ALTER EVENT a RENAME TO b DO ALTER TABLE c RENAME TO d", "Event a, Event b");
        check("CREATE SEQUENCE a; ALTER SEQUENCE IF EXISTS a RESTART", "Sequence a");
    }

    #[test]
    fn what_it_cannot_tell_is_nothing() {
        let nothing = "
            INSERT INTO a VALUES (1); CREATE USER a; DROP DATABASE a; ALTER; RENAME USER a TO b;
            DROP TABLE; CREATE TABLE 'a' (b INT); GRANT ALL ON a TO b";
        check(nothing, "");
        let statements = split("DROP TABLE a", Dialect::Postgres).unwrap();
        assert_eq!(named_objects(&statements[0]), []);
    }
}
