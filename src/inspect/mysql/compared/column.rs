//! Columns: a line of SHOW CREATE TABLE, taken apart.

use crate::catalog::{Id, Kind, NOT_NULL, Name, Object, TYPE, Value};
use crate::inspect::mysql::attributes::{
    AUTO_INCREMENT, CHARACTER_SET, COLLATION, COLUMN_CHECK, COMMENT, DEFAULT, GENERATED,
    GENERATED_KIND, INVISIBLE, OPTIONS, UPDATED,
};
use crate::inspect::mysql::compared::line::text;
use crate::inspect::mysql::compared::table::Defaults;
use crate::sql::{Depth, Token, TokenKind};

/// The words with which something else than a type, a default or an expression begins.
const STARTS: [&str; 17] = [
    "CHARACTER",
    "COLLATE",
    "NOT",
    "NULL",
    "DEFAULT",
    "AUTO_INCREMENT",
    "ON",
    "COMMENT",
    "GENERATED",
    "INVISIBLE",
    "CHECK",
    "WITH",
    "WITHOUT",
    "COLUMN_FORMAT",
    "STORAGE",
    "SRID",
    "REF_SYSTEM_ID",
];

/// Reads a column. What no attribute has been made for is kept with the options, so that nothing of
/// the line is missed.
pub(super) fn read(table: &Id, line: &str, tokens: &[Token<'_>], defaults: &Defaults) -> Object {
    let name = tokens.first().and_then(Token::unquoted).unwrap_or_default();
    let id = Id { owner: Some(table.name.clone()), ..Id::new(Kind::Column, &Name::any_case(name)) };
    let mut res = Object { parent: Some(table.clone()), ..Object::new(id) };
    let mut definition = Definition { line, tokens, at: 1 };
    let of_type = definition.until_start();
    res.set(TYPE, Value::exact(of_type));
    let mut pieces = vec![of_type.to_owned()];
    let mut options = Vec::new();
    while let Some(piece) = definition.next() {
        let Piece { attribute, value, text } = piece;
        let usual = match attribute {
            Some(CHARACTER_SET) => value == defaults.character_set,
            Some(COLLATION) => value == defaults.collation,
            _ => false,
        };
        if usual {
            continue;
        }
        match attribute {
            Some(NULLABLE) => {}
            Some(attribute) => res.set(attribute, Value::exact(value)),
            None => options.push(text.to_owned()),
        }
        if let Some(kind) = generated_kind(text).filter(|_| attribute == Some(GENERATED)) {
            let expression = value.strip_suffix(kind).map_or(value, str::trim_end);
            res.set(GENERATED, Value::exact(expression));
            res.set(GENERATED_KIND, Value::exact(kind));
        }
        pieces.push(text.to_owned());
    }
    if !options.is_empty() {
        res.set(OPTIONS, Value::exact(options.join(" ")));
    }
    res.sql = Some(pieces.join(" "));
    res
}

/// Whether a column takes NULL, said where a timestamp does; it is no attribute.
const NULLABLE: &str = "null";

/// A piece of a column's definition.
struct Piece<'a> {
    /// The attribute that the piece says; none for one that isn't told apart.
    attribute: Option<&'static str>,
    value: &'a str,
    text: &'a str,
}

/// A column's definition, from the type on.
struct Definition<'t, 'a> {
    line: &'a str,
    tokens: &'t [Token<'a>],
    at: usize,
}

impl<'a> Definition<'_, 'a> {
    fn word(&self, ahead: usize) -> &'a str {
        self.tokens.get(self.at + ahead).map_or("", |it| it.text)
    }

    /// Returns the text up to the next word that begins another piece.
    fn until_start(&mut self) -> &'a str {
        let rest = self.tokens.get(self.at..).unwrap_or_default();
        let mut depth = Depth::default();
        let end = rest.iter().position(|token| {
            let is_outside = depth.is_outside(token) && token.text != ")";
            is_outside && (token.is_one_of(&STARTS) || token.kind == TokenKind::Executable)
        });
        let own = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        self.at += own.len();
        text(self.line, own)
    }

    /// Takes some words, and returns them with the text behind them up to the next piece.
    fn piece(&mut self, attribute: &'static str, words: usize) -> Piece<'a> {
        let start = self.at;
        self.at += words;
        let value_start = self.at;
        // A default can be the word NULL.
        self.at += usize::from(self.tokens.len() > self.at && !self.opens());
        self.until_start();
        let of = |from: usize| text(self.line, self.tokens.get(from..self.at).unwrap_or_default());
        Piece { attribute: Some(attribute), value: of(value_start), text: of(start) }
    }

    fn opens(&self) -> bool {
        self.word(0) == "("
    }

    /// Takes words that have no value.
    fn flag(&mut self, attribute: Option<&'static str>, words: usize) -> Piece<'a> {
        let own = self.tokens.get(self.at..self.at + words).unwrap_or_default();
        self.at += words;
        Piece { attribute, value: "yes", text: text(self.line, own) }
    }

    fn next(&mut self) -> Option<Piece<'a>> {
        let first = self.tokens.get(self.at)?;
        if first.kind == TokenKind::Executable {
            return Some(self.executable());
        }
        Some(match first.text.to_ascii_uppercase().as_str() {
            "CHARACTER" => self.piece(CHARACTER_SET, 2),
            "COLLATE" => self.piece(COLLATION, 1),
            "NOT" => self.flag(Some(NOT_NULL), 2),
            "NULL" => self.flag(Some(NULLABLE), 1),
            "DEFAULT" => self.piece(DEFAULT, 1),
            "AUTO_INCREMENT" => self.flag(Some(AUTO_INCREMENT), 1),
            "ON" => self.piece(UPDATED, 2),
            "COMMENT" => self.piece(COMMENT, 1),
            "GENERATED" => self.piece(GENERATED, 3),
            "INVISIBLE" => self.flag(Some(INVISIBLE), 1),
            "CHECK" => self.piece(COLUMN_CHECK, 1),
            _ => {
                let start = self.at;
                self.at += 1;
                self.until_start();
                let own = self.tokens.get(start..self.at).unwrap_or_default();
                let text = text(self.line, own);
                Piece { attribute: None, value: text, text }
            }
        })
    }

    /// Takes a comment whose text is code: what a server of some version alone understands.
    fn executable(&mut self) -> Piece<'a> {
        let rest = self.tokens.get(self.at..).unwrap_or_default();
        let inner = rest.get(1..).unwrap_or_default();
        let end = inner.iter().position(|it| it.kind == TokenKind::Executable);
        let length = end.map_or(rest.len(), |it| it + 2);
        let is_invisible = inner.first().is_some_and(|it| it.is_word("INVISIBLE"));
        self.flag(is_invisible.then_some(INVISIBLE), length)
    }
}

/// Tells how a generated column is kept, from its text.
fn generated_kind(text: &str) -> Option<&'static str> {
    let last = text.rsplit([' ', ')']).next()?;
    ["VIRTUAL", "STORED"].into_iter().find(|it| last.eq_ignore_ascii_case(it))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::mysql::compared::line::tokens;

    #[track_caller]
    fn check(line: &str, sql: &str, expected: &[(&str, &str)]) {
        let defaults = Defaults {
            character_set: "utf8mb4".into(),
            collation: "utf8mb4_bin".into(),
            is_hashed: false,
        };
        let table = Id::table(&Name::exact("t"));
        let read = read(&table, line, &tokens(line).unwrap(), &defaults);
        let all = read.attributes.iter().map(|(name, it)| (*name, it.written.as_str()));
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        assert_eq!(all.collect::<Vec<_>>(), expected, "{line}");
        assert_eq!(read.statement(), sql, "{line}");
    }

    #[test]
    fn each_part_of_a_definition_is_an_attribute() {
        check(
            "`a``b` varchar(20) NOT NULL DEFAULT 'it''s DEFAULT' COMMENT 'c, NOT'",
            "varchar(20) NOT NULL DEFAULT 'it''s DEFAULT' COMMENT 'c, NOT'",
            &[
                (TYPE, "varchar(20)"),
                (NOT_NULL, "yes"),
                (DEFAULT, "'it''s DEFAULT'"),
                (COMMENT, "'c, NOT'"),
            ],
        );
        check(
            "`d` decimal(10,2) unsigned zerofill DEFAULT (1 + 1)",
            "decimal(10,2) unsigned zerofill DEFAULT (1 + 1)",
            &[(TYPE, "decimal(10,2) unsigned zerofill"), (DEFAULT, "(1 + 1)")],
        );
        check(
            "`t` timestamp(6) NULL DEFAULT NULL ON UPDATE current_timestamp(6)",
            "timestamp(6) NULL DEFAULT NULL ON UPDATE current_timestamp(6)",
            &[(TYPE, "timestamp(6)"), (DEFAULT, "NULL"), (UPDATED, "current_timestamp(6)")],
        );
        check(
            "`g` int(11) GENERATED ALWAYS AS (`c` + 1) VIRTUAL",
            "int(11) GENERATED ALWAYS AS (`c` + 1) VIRTUAL",
            &[(TYPE, "int(11)"), (GENERATED, "(`c` + 1)"), (GENERATED_KIND, "VIRTUAL")],
        );
    }

    #[test]
    fn what_a_table_says_for_its_columns_says_nothing() {
        check(
            "`v` varchar(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL",
            "varchar(9) NOT NULL",
            &[(TYPE, "varchar(9)"), (NOT_NULL, "yes")],
        );
        check(
            "`v` varchar(9) CHARACTER SET latin1 COLLATE latin1_bin",
            "varchar(9) CHARACTER SET latin1 COLLATE latin1_bin",
            &[(TYPE, "varchar(9)"), (CHARACTER_SET, "latin1"), (COLLATION, "latin1_bin")],
        );
    }

    #[test]
    fn nothing_is_missed() {
        check(
            "`c` text /*M!100301 COMPRESSED*/ DEFAULT NULL WITHOUT SYSTEM VERSIONING",
            "text /*M!100301 COMPRESSED*/ DEFAULT NULL WITHOUT SYSTEM VERSIONING",
            &[
                (TYPE, "text"),
                (DEFAULT, "NULL"),
                (OPTIONS, "/*M!100301 COMPRESSED*/ WITHOUT SYSTEM VERSIONING"),
            ],
        );
        check(
            "`p` point NOT NULL /*!80003 SRID 4326 */ /*!80023 INVISIBLE */",
            "point NOT NULL /*!80003 SRID 4326 */ /*!80023 INVISIBLE */",
            &[
                (TYPE, "point"),
                (NOT_NULL, "yes"),
                (OPTIONS, "/*!80003 SRID 4326 */"),
                (INVISIBLE, "yes"),
            ],
        );
        check(
            "`j` longtext DEFAULT NULL CHECK (json_valid(`j`))",
            "longtext DEFAULT NULL CHECK (json_valid(`j`))",
            &[(TYPE, "longtext"), (DEFAULT, "NULL"), (COLUMN_CHECK, "(json_valid(`j`))")],
        );
    }
}
