//! Tables: the lines of SHOW CREATE TABLE.

use crate::catalog::{COLUMNS, EXPRESSION, Id, Kind, Name, ON_DELETE, ON_UPDATE, Object};
use crate::catalog::{REFERENCES, UNIQUE, Value};
use crate::database::Values as _;
use crate::inspect::InspectError;
use crate::inspect::mysql::attributes::{
    COMMENT, INVISIBLE, METHOD, NEXT_NUMBER, NOT_ENFORCED, OPTIONS, PARTITIONS, PERIODS, VERSIONED,
};
use crate::inspect::mysql::compared::column;
use crate::inspect::mysql::compared::line::{names, own_qualifiers, text, text_without, tokens};
use crate::inspect::mysql::compared::{Reader, unread};
use crate::sql::{Cursor, Dialect, GrammarError, Token, TokenKind, parts, within};

/// Reads a table with its parts.
pub(super) fn read(reader: &mut Reader<'_>, name: &str) -> Result<(), InspectError> {
    let statement = reader.shown("TABLE", name)?.text(1).to_owned();
    if !statement.starts_with("CREATE ") {
        return Err(InspectError::NotText { kind: Kind::Table, name: name.to_owned() });
    }
    let objects = Table { id: reader.table_id(name), reader, defaults: Defaults::default() }
        .objects(&statement)
        .map_err(|problem| unread(Kind::Table, name, problem))?;
    for object in objects {
        reader.insert(object);
    }
    Ok(())
}

/// The character set and the collation of columns that say none.
#[derive(Default)]
pub(super) struct Defaults {
    pub(super) character_set: String,
    pub(super) collation: String,
    /// Whether the table lies in memory: its keys are hashes, those of others trees.
    pub(super) is_hashed: bool,
}

struct Table<'r, 'c> {
    id: Id,
    reader: &'r Reader<'c>,
    defaults: Defaults,
}

impl Table<'_, '_> {
    fn objects(mut self, statement: &str) -> Result<Vec<Object>, GrammarError> {
        let all = tokens(statement)?;
        let open = all.iter().position(|it| it.text == "(");
        let open = open.ok_or_else(|| Cursor::new("", Dialect::MySql).error("("))?;
        let inner = within(&all, open);
        let mut table = Object::new(self.id.clone());
        table.sql = Some(statement.to_owned());
        let behind = all.get(open + inner.len() + 2..).unwrap_or_default();
        self.read_options(&mut table, statement, behind);
        let mut res = vec![table];
        for line in parts(inner) {
            let part = self.part(statement, line)?;
            match part {
                Part::Period(text) => {
                    let periods = res.first_mut().map(|it| it.attributes.entry(PERIODS));
                    if let Some(periods) = periods {
                        periods.or_insert_with(|| Value::exact("")).push(text);
                    }
                }
                Part::Object(object) => res.push(*object),
            }
        }
        Ok(res)
    }

    /// Reads what stands behind the closing parenthesis: options, then partitions.
    fn read_options(&mut self, table: &mut Object, statement: &str, tokens: &[Token<'_>]) {
        let mut options: Vec<String> = Vec::new();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            let rest = tokens.get(at..).unwrap_or_default();
            if token.is_word("PARTITION") {
                let end = rest.iter().position(|it| it.kind == TokenKind::Executable);
                let own = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
                table.set(PARTITIONS, Value::exact(text(statement, own)));
                break;
            } else if token.is_word("WITH") {
                table.set(VERSIONED, Value::exact("WITH SYSTEM VERSIONING"));
                at += 3;
            } else if token.kind == TokenKind::Executable || token.is_word("DEFAULT") {
                at += 1;
            } else {
                let has_sign = tokens.get(at + 1).is_some_and(|it| it.text == "=");
                let first = at + 1 + usize::from(has_sign);
                let is_list = tokens.get(first).is_some_and(|it| it.text == "(");
                let length = if is_list { within(tokens, first).len() + 2 } else { 1 };
                let value = tokens.get(first..first + length).unwrap_or_default();
                let value = text(statement, value);
                self.take_option(table, &mut options, (token.text, value));
                at = first + length;
            }
        }
        let normal = {
            let mut sorted = options.clone();
            sorted.sort();
            sorted.join("\0")
        };
        table.set(OPTIONS, Value::new(options.join(" "), normal).with_list(options));
    }

    fn take_option(&mut self, table: &mut Object, all: &mut Vec<String>, option: (&str, &str)) {
        let (name, value) = option;
        match name {
            "AUTO_INCREMENT" => {
                table.aside.insert(NEXT_NUMBER, value.to_owned());
                return;
            }
            "COMMENT" => {
                table.set(COMMENT, Value::exact(value));
                return;
            }
            "ENGINE" => self.defaults.is_hashed = value == "MEMORY",
            "CHARSET" => value.clone_into(&mut self.defaults.character_set),
            "COLLATE" => value.clone_into(&mut self.defaults.collation),
            _ => {}
        }
        all.push(format!("{name}={value}"));
    }

    fn part(&self, statement: &str, line: &[Token<'_>]) -> Result<Part, GrammarError> {
        let own = own_qualifiers(line, &self.reader.database);
        let written = text_without(statement, line, |at| own.contains(&at));
        let all = tokens(&written)?;
        let first = all.first();
        if first.is_some_and(|it| it.text.starts_with('`')) {
            let column = column::read(&self.id, &written, &all, &self.defaults);
            return Ok(Part::Object(Box::new(column)));
        }
        let mut cursor = Cursor::new(&written, Dialect::MySql);
        if cursor.accept(&["PERIOD"]) {
            return Ok(Part::Period(written));
        }
        let object = if cursor.accept(&["CONSTRAINT"]) {
            let name = cursor.name()?;
            let rest = written.get(cursor.offset()..).unwrap_or_default();
            if cursor.accept(&["FOREIGN", "KEY"]) {
                self.foreign_key(&name, rest, cursor)?
            } else {
                self.check(&name, rest, cursor)?
            }
        } else {
            self.key(&written, cursor)?
        };
        Ok(Part::Object(Box::new(object)))
    }

    fn part_of(&self, kind: Kind, name: &str) -> Object {
        let owner = Some(self.id.name.clone());
        let id = Id { owner, ..Id::new(kind, &Name::any_case(name)) };
        Object { parent: Some(self.id.clone()), ..Object::new(id) }
    }

    fn key(&self, written: &str, mut cursor: Cursor<'_>) -> Result<Object, GrammarError> {
        let is_primary = cursor.accept(&["PRIMARY"]);
        let method = ["UNIQUE", "FULLTEXT", "SPATIAL", "VECTOR"];
        let method = method.into_iter().find(|it| cursor.accept(&[it]));
        cursor.expect("KEY")?;
        let mut res = if is_primary {
            self.part_of(Kind::PrimaryKey, "PRIMARY")
        } else {
            let name = cursor.name()?;
            self.part_of(Kind::Index, &name)
        };
        let inner = cursor.parenthesized()?;
        let each = parts(&inner);
        let columns = names(&each);
        let has_expression = columns.iter().any(|it| it.starts_with('('));
        let all = text(written, &inner);
        // Letters of either case name a column; in an expression there are others.
        let normal = if has_expression { all.to_owned() } else { all.to_lowercase() };
        res.set(COLUMNS, Value::new(all, normal).with_list(columns));
        res.set_if(EXPRESSION, has_expression.then(|| Value::exact("yes")));
        match method {
            Some("UNIQUE") => res.set(UNIQUE, Value::exact("yes")),
            Some(method) => res.set(METHOD, Value::exact(method)),
            None => {}
        }
        self.read_key_options(&mut res, written, &cursor.rest());
        let head_end = inner.last().map_or(0, Token::end) + 1;
        let head = written.get(..head_end).unwrap_or_default();
        let options = res.sql.unwrap_or_default();
        let blank = if options.is_empty() { "" } else { " " };
        res.sql = Some(format!("{head}{blank}{options}"));
        Ok(res)
    }

    /// Reads what stands behind the columns of a key; the statement gets all of it that isn't usual.
    fn read_key_options(&self, res: &mut Object, written: &str, behind: &[Token<'_>]) {
        let is_using = |at: usize| behind.get(at).is_some_and(|it| it.is_word("USING"));
        let usual = if self.defaults.is_hashed { "HASH" } else { "BTREE" };
        let is_kind = |at: usize| behind.get(at).is_some_and(|it| it.is_word(usual));
        let is_usual = |at: usize| {
            is_using(at) && is_kind(at + 1)
                || is_kind(at) && at.checked_sub(1).is_some_and(is_using)
        };
        res.sql = Some(text_without(written, behind, is_usual));
        let comment = comment(behind);
        res.set_if(COMMENT, comment.map(|(_, text)| Value::exact(text)));
        let hidden = behind.iter().position(|it| it.is_one_of(&["IGNORED", "INVISIBLE"]));
        let word = hidden.and_then(|at| behind.get(at)).map(|it| Value::exact(it.text));
        res.set_if(INVISIBLE, word);
        // A comment whose text is code surrounds the word.
        let is_hidden = |at: usize| {
            let is_around = behind.get(at).is_some_and(|it| it.kind == TokenKind::Executable);
            hidden.is_some_and(|one| one == at || is_around && one.abs_diff(at) == 1)
        };
        let is_told = |at: usize| comment.is_some_and(|(one, _)| one == at || one + 1 == at);
        let rest = text_without(written, behind, |at| is_usual(at) || is_hidden(at) || is_told(at));
        res.set_if(OPTIONS, (!rest.is_empty()).then(|| Value::exact(rest)));
    }

    fn check(
        &self,
        name: &str,
        rest: &str,
        mut cursor: Cursor<'_>,
    ) -> Result<Object, GrammarError> {
        cursor.expect("CHECK")?;
        let mut res = self.part_of(Kind::Check, name);
        let inner = cursor.parenthesized()?;
        res.set(EXPRESSION, Value::exact(text(cursor.text, &inner)));
        let behind = cursor.rest();
        let is_off = behind.iter().any(|it| it.is_word("ENFORCED"));
        res.set_if(NOT_ENFORCED, is_off.then(|| Value::exact("yes")));
        res.sql = Some(rest.to_owned());
        Ok(res)
    }

    fn foreign_key(
        &self,
        name: &str,
        rest: &str,
        mut cursor: Cursor<'_>,
    ) -> Result<Object, GrammarError> {
        let mut res = self.part_of(Kind::ForeignKey, name);
        let own = cursor.parenthesized()?;
        let all = text(cursor.text, &own);
        res.set(COLUMNS, Value::new(all, all.to_lowercase()).with_list(names(&parts(&own))));
        cursor.expect("REFERENCES")?;
        let (schema, table) = cursor.qualified_name()?;
        let table = Id {
            schema: schema.map(|it| self.reader.file_name(&it)),
            ..self.reader.table_id(&table)
        };
        let there = cursor.parenthesized()?;
        let list = names(&parts(&there));
        let normal = format!("{}\0{}", table.full_name(), list.join("\0").to_lowercase());
        res.set(REFERENCES, Value::new(table.full_name(), normal).with_list(list));
        let mut end = cursor.end_of_last();
        res.needs.insert(table);
        while cursor.accept(&["ON"]) {
            let what = if cursor.accept(&["DELETE"]) { ON_DELETE } else { ON_UPDATE };
            cursor.pass(&["UPDATE"]);
            let action = cursor.until(&["ON"]);
            let action = text(cursor.text, &action);
            // Both mean the same, and each server hides one of them.
            if !["RESTRICT", "NO ACTION"].contains(&action) {
                res.set(what, Value::exact(action));
            }
        }
        let begin = cursor.text.len() - rest.len();
        end = end.max(begin);
        let mut sql = cursor.text.get(begin..end).unwrap_or_default().to_owned();
        for (what, words) in [(ON_DELETE, " ON DELETE "), (ON_UPDATE, " ON UPDATE ")] {
            if res.says(what) {
                sql += words;
                sql += res.written(what);
            }
        }
        res.sql = Some(sql);
        Ok(res)
    }
}

/// A line of a table.
enum Part {
    Object(Box<Object>),
    Period(String),
}

/// Finds a comment among tokens: its position, and the literal.
pub(super) fn comment<'a>(tokens: &[Token<'a>]) -> Option<(usize, &'a str)> {
    let at = tokens.iter().position(|it| it.is_word("COMMENT"))?;
    tokens.get(at + 1).map(|it| (at, it.text))
}
