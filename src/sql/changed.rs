//! The tables of MySQL whose rows a statement changes, and the effect of definitions on a table's
//! engine.

use crate::sql::{
    dialect::Dialect,
    lexer::{Lexer, Token, TokenKind},
    objects::{ObjectKind, named_objects},
    statement::Statement,
    tokens::{bare, has, is_at, names, outside, pass, qualified},
};

/// The name of a table, with the schema if the statement has it.
pub(crate) type Named = (Option<String>, String);

/// Words between a verb and its table.
const BETWEEN: &[&str] =
    &["LOW_PRIORITY", "HIGH_PRIORITY", "DELAYED", "QUICK", "IGNORE", "CONCURRENT", "LOCAL", "INTO"];

/// Words after which no changed table follows.
const AFTER: &[&str] = &["WHERE", "SET", "ORDER", "LIMIT", "RETURNING", "VALUES"];

/// Returns the tables whose rows a statement of MySQL may change by its text: all tables of a join.
/// Functions and triggers are not considered.
pub(crate) fn changed_tables(statement: &Statement<'_>) -> Vec<Named> {
    let tokens: Vec<Token<'_>> = statement.code().collect();
    changed(behind_with(&tokens))
}

/// Returns the tables whose rows a stored program of MySQL may change, such as the body of a
/// trigger.
pub(crate) fn changed_in_program(text: &str) -> Vec<Named> {
    let tokens: Vec<Token<'_>> = Lexer::new(text, Dialect::MySql).map_while(Result::ok).collect();
    let before = ["BEGIN", "THEN", "ELSE", "DO", "LOOP", "REPEAT", "ROW"];
    let begins = |at: &usize| {
        let is_end = |token: &Token<'_>| matches!(token.text, ";" | ":" | ")");
        *at == 0 || tokens.get(at - 1).is_some_and(is_end) || is_at(&tokens, at - 1, &before)
    };
    let statement = |at: usize| {
        let rest = tokens.get(at..).unwrap_or_default();
        let end = rest.iter().position(|token| token.text == ";").unwrap_or(rest.len());
        changed(rest.get(..end).unwrap_or_default())
    };
    (0..tokens.len()).filter(begins).flat_map(statement).collect()
}

fn changed(tokens: &[Token<'_>]) -> Vec<Named> {
    let at = pass(tokens, 1, BETWEEN);
    if is_at(tokens, 0, &["INSERT", "REPLACE"]) {
        return table(tokens, at).into_iter().collect();
    }
    if is_at(tokens, 0, &["LOAD"]) {
        let into = tokens.windows(2).position(|it| it[0].is_word("INTO") && it[1].is_word("TABLE"));
        return into.and_then(|into| table(tokens, into + 2)).into_iter().collect();
    }
    if is_at(tokens, 0, &["UPDATE"]) {
        return all(tokens, at);
    }
    if is_at(tokens, 0, &["DELETE"]) {
        return all(tokens, pass(tokens, at, &["FROM"]));
    }
    Vec::new()
}

/// Skips common table expressions.
fn behind_with<'t, 'a>(tokens: &'t [Token<'a>]) -> &'t [Token<'a>] {
    if !is_at(tokens, 0, &["WITH"]) {
        return tokens;
    }
    let start = outside(tokens, |token| token.is_one_of(&["UPDATE", "DELETE"]));
    start.and_then(|start| tokens.get(start..)).unwrap_or_default()
}

fn table(tokens: &[Token<'_>], at: usize) -> Option<Named> {
    qualified(tokens, at).map(|(schema, name, _)| (schema, name))
}

/// Returns every name up to where no table can follow.
fn all(tokens: &[Token<'_>], start: usize) -> Vec<Named> {
    let mut res = Vec::new();
    let mut at = start;
    while let Some(token) = tokens.get(at) {
        if is_at(tokens, at, AFTER) {
            break;
        }
        match qualified(tokens, at).filter(|_| token.unquoted().is_some()) {
            Some((schema, name, next)) => {
                res.push((schema, name));
                at = next;
            }
            None => at += 1,
        }
    }
    res
}

/// The effect of a definition in MySQL on tables, as far as their engines are concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TableChange {
    /// A new table, with its engine or template if given.
    Made {
        name: Named,
        engine: Option<String>,
        /// The table that serves as its template.
        like: Option<Named>,
    },
    /// A table's new engine.
    Engine(Named, String),
    /// Tables' old and new names in alternation.
    Renamed(Vec<Named>),
    Dropped(Vec<String>),
    /// A new view, whose rows belong to the tables that its text names.
    View(Named),
    /// A new trigger of a table, which changes rows of others.
    Trigger(Named),
    /// The current database of the following statements.
    Database(String),
    /// The default engine of new tables.
    Default(String),
}

/// Parses the effect of a definition in MySQL on tables.
pub(crate) fn table_change(statement: &Statement<'_>) -> Option<TableChange> {
    let tokens: Vec<Token<'_>> = statement.code().collect();
    let is = |at: usize, words: &[&str]| is_at(&tokens, at, words);
    if is(0, &["USE"]) {
        return tokens.get(1).and_then(bare).map(TableChange::Database);
    }
    if is(0, &["SET"]) {
        let at = tokens.iter().position(|token| {
            let text = token.text.trim_matches('`');
            ["default_storage_engine", "storage_engine"]
                .iter()
                .any(|it| text.eq_ignore_ascii_case(it))
        })?;
        return word_after(&tokens, at).map(TableChange::Default);
    }
    if is(0, &["DROP"]) {
        let at = pass(&tokens, 1, &["TEMPORARY"]);
        let start = pass(&tokens, at + 1, &["IF", "EXISTS"]);
        return is(at, &["TABLE", "TABLES", "VIEW"])
            .then(|| TableChange::Dropped(names(&tokens, start)));
    }
    let mut objects = named_objects(statement).into_iter();
    let first = objects.next()?;
    let name: Named = (first.schema, first.name);
    match first.kind {
        ObjectKind::Trigger => {
            let on = tokens.iter().position(|token| token.is_word("ON"))?;
            table(&tokens, on + 1).map(TableChange::Trigger)
        }
        ObjectKind::View => Some(TableChange::View(name)),
        ObjectKind::Table if is(0, &["CREATE"]) => {
            // A temporary table goes with its session.
            if has(tokens.get(..5).unwrap_or(&tokens), "TEMPORARY") {
                return None;
            }
            let like = tokens.iter().position(|token| token.is_word("LIKE"));
            let like = like.and_then(|at| table(&tokens, at + 1));
            Some(TableChange::Made { name, engine: engine(&tokens), like })
        }
        ObjectKind::Table if is(0, &["RENAME"]) || objects.len() > 0 => {
            let rest = objects.map(|it| (it.schema, it.name));
            Some(TableChange::Renamed(std::iter::once(name).chain(rest).collect()))
        }
        ObjectKind::Table if is(0, &["ALTER"]) || is(1, &["ONLINE", "IGNORE"]) => {
            engine(&tokens).map(|engine| TableChange::Engine(name, engine))
        }
        ObjectKind::Table | ObjectKind::Routine | ObjectKind::Event | ObjectKind::Sequence => None,
    }
}

/// Finds the engine in a table's definition, outside of parentheses.
fn engine(tokens: &[Token<'_>]) -> Option<String> {
    word_after(tokens, outside(tokens, |token| token.is_one_of(&["ENGINE", "TYPE"]))?)
}

/// Returns the word after a position and an optional sign.
fn word_after(tokens: &[Token<'_>], at: usize) -> Option<String> {
    let mut rest = tokens.get(at + 1..)?.iter();
    rest.find(|token| token.kind != TokenKind::Symbol).and_then(bare)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::testing::each;
    use crate::sql::{Dialect, split};

    fn show((schema, name): &Named) -> String {
        schema.iter().chain(std::iter::once(name)).cloned().collect::<Vec<_>>().join(".")
    }

    fn shown(names: &[Named]) -> String {
        names.iter().map(show).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn changes_of_rows_name_their_tables() {
        let check = |script, expected: &str| {
            each(|it| shown(&changed_tables(it)), Dialect::MySql, &expected.to_owned(), script);
        };
        let one = "
            INSERT INTO a VALUES (1); REPLACE LOW_PRIORITY INTO a SET b = 1;
            LOAD DATA LOCAL INFILE 'x' REPLACE INTO TABLE a FIELDS TERMINATED BY ',';
            UPDATE a SET b = (SELECT 1 FROM c); DELETE FROM a WHERE b IN (SELECT 1 FROM c);
            WITH c AS (SELECT 1 FROM d) DELETE FROM a WHERE 1;
            /*!40101 INSERT INTO a VALUES (1) */";
        check(one, "a");
        check("insert ignore `a`.`b` select * from c", "a.b");
        check("UPDATE a JOIN b ON a.x = b.x SET a.y = 1", "a JOIN b ON a.x b.x");
        check("DELETE a, b FROM a JOIN b USING (x) WHERE 1", "a b FROM a JOIN b USING x");
        check("SELECT 1 FROM a", "");
    }

    #[test]
    fn programs_name_what_their_statements_change() {
        let tell = |text: &str| shown(&changed_in_program(text));
        assert_eq!(tell("INSERT INTO a VALUES (NEW.n)"), "a");
        assert_eq!(tell("BEGIN IF (SELECT 1 FROM b) THEN DELETE FROM x.a; END IF; END"), "x.a");
        assert_eq!(tell("BEGIN SET @n = (SELECT REPLACE(c, 'x', 'y') FROM b); END"), "");
    }

    #[test]
    fn definitions_tell_the_engines_of_tables() {
        #[track_caller]
        fn check(text: &str, expected: &str) {
            let told = match table_change(&split(text, Dialect::MySql).unwrap()[0]) {
                None => String::new(),
                Some(TableChange::Made { name, engine, like }) => {
                    let like = like.map(|it| format!(" like {}", show(&it))).unwrap_or_default();
                    let engine = engine.map(|it| format!(" in {it}")).unwrap_or_default();
                    format!("made {}{engine}{like}", show(&name))
                }
                Some(TableChange::Engine(name, engine)) => format!("{} in {engine}", show(&name)),
                Some(TableChange::Renamed(names)) => format!("renamed {}", shown(&names)),
                Some(TableChange::Dropped(names)) => format!("dropped {}", names.join(" ")),
                Some(TableChange::View(name)) => format!("view {}", show(&name)),
                Some(TableChange::Trigger(name)) => format!("trigger on {}", show(&name)),
                Some(TableChange::Database(name)) => format!("database {name}"),
                Some(TableChange::Default(engine)) => format!("default {engine}"),
            };
            assert_eq!(told, expected, "{text}");
        }
        check("CREATE TABLE a (engine INT) ENGINE=MyISAM", "made a in MyISAM");
        let made = "CREATE TABLE IF NOT EXISTS x.a (b INT) COMMENT 'c' ENGINE = `Aria`";
        check(made, "made x.a in Aria");
        check("CREATE TABLE a LIKE b.c", "made a like b.c");
        check("CREATE TEMPORARY TABLE a (b INT) ENGINE=MEMORY", "");
        check("ALTER TABLE a ADD b INT, ENGINE InnoDB", "a in InnoDB");
        check("ALTER TABLE a ADD b INT", "");
        check("RENAME TABLE a TO b", "renamed a b");
        check("DROP TABLE IF EXISTS a, b", "dropped a b");
        check("CREATE VIEW v AS SELECT * FROM a", "view v");
        let trigger = "CREATE TRIGGER t AFTER INSERT ON a FOR EACH ROW INSERT INTO b VALUES (1)";
        check(trigger, "trigger on a");
        check("SET SESSION default_storage_engine = MyISAM", "default MyISAM");
    }
}
