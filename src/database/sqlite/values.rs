//! Rows that are inserted one by one, as by the thousand in dumps and seeds.
//!
//! Such statements have the same beginning, and only the values differ. Prepared once with
//! parameters, they needn't be parsed each. Only integers, strings and NULL are turned into
//! parameters, whose meaning is the same everywhere.

use std::borrow::Cow;

use smallvec::SmallVec;

use crate::sql::{Dialect, Lexer, Token, TokenKind};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Literal<'a> {
    Null,
    Integer(i64),
    Text(Cow<'a, str>),
}

/// The literals of a statement; most tables have no more columns.
pub(super) type Literals<'a> = SmallVec<[Literal<'a>; 8]>;

/// The constant part of similar statements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Insert {
    /// The text up to the first value, verbatim.
    prefix: String,
    /// The number of values.
    count: usize,
    prepared: String,
}

/// The most values of a prepared statement.
const MOST: usize = 500;

impl Insert {
    /// Recognizes a statement of SQLite that inserts one row of plain values.
    pub(super) fn of(statement: &str) -> Option<Self> {
        let mut tokens = Lexer::new(statement, Dialect::Sqlite).map_while(Result::ok);
        let end = after_values(&mut tokens)?;
        let (prefix, rest) = statement.split_at_checked(end)?;
        let count = literals(rest)?.len();
        if count > MOST {
            return None;
        }
        let parameters = vec!["?"; count].join(", ");
        let prepared = format!("{prefix}{parameters})");
        Some(Self { prefix: prefix.to_owned(), count, prepared })
    }

    /// Returns the values of a statement that differs in nothing else.
    pub(super) fn values<'a>(&self, statement: &'a str) -> Option<Literals<'a>> {
        let rest = statement.strip_prefix(&self.prefix)?;
        literals(rest).filter(|values| values.len() == self.count)
    }

    pub(super) fn prepared(&self) -> &str {
        &self.prepared
    }
}

/// Parses `INSERT INTO name (columns) VALUES (`, and returns where it ends.
fn after_values<'a>(tokens: &mut impl Iterator<Item = Token<'a>>) -> Option<usize> {
    let first = tokens.next()?;
    let mut next = tokens.next()?;
    if first.is_word("INSERT") && next.is_word("OR") {
        tokens.next().filter(|token| token.kind == TokenKind::Word)?;
        next = tokens.next()?;
    }
    if !first.is_one_of(&["INSERT", "REPLACE"]) || !next.is_word("INTO") {
        return None;
    }
    // A name, maybe with its schema's, and maybe a list of columns.
    let mut depth = 0;
    loop {
        let token = tokens.next()?;
        match (token.kind, token.text) {
            (TokenKind::Symbol, "(") if depth == 0 => depth = 1,
            (TokenKind::Symbol, ")") if depth == 1 => depth = 2,
            (TokenKind::Symbol, "." | ",") => {}
            (TokenKind::Word, _) if depth != 1 && token.is_word("VALUES") => break,
            (TokenKind::Word | TokenKind::Quoted, _) if depth < 2 => {}
            _ => return None,
        }
    }
    tokens.next().filter(|token| token.text == "(").map(|token| token.end())
}

/// Parses values up to the closing parenthesis; none if they aren't all plain.
fn literals(text: &str) -> Option<Literals<'_>> {
    let mut res = Literals::new();
    let mut rest = text;
    loop {
        let (value, tail) = literal(rest.trim_ascii_start())?;
        res.push(value);
        rest = tail.trim_ascii_start();
        match rest.as_bytes() {
            [b',', ..] => rest = rest.get(1..)?,
            b")" => return Some(res),
            _ => return None,
        }
    }
}

fn literal(text: &str) -> Option<(Literal<'_>, &str)> {
    match text.as_bytes() {
        [b'\'', ..] => string(text.get(1..)?),
        [b'0'..=b'9' | b'-', ..] => {
            let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
            let sign = usize::from(text.starts_with('-'));
            let (number, rest) = text.split_at_checked(sign + digits(text.get(sign..)?))?;
            // A larger number, a real or a name is not a plain value.
            Some((Literal::Integer(number.parse().ok()?), rest))
        }
        [b'N' | b'n', ..] => {
            let (word, rest) = text.split_at_checked(4)?;
            word.eq_ignore_ascii_case("NULL").then_some((Literal::Null, rest))
        }
        _ => None,
    }
}

/// Parses a string after its first quote.
fn string(text: &str) -> Option<(Literal<'_>, &str)> {
    let mut from = 0;
    let mut is_doubled = false;
    loop {
        let end = from + memchr::memchr(b'\'', text.as_bytes().get(from..)?)?;
        if text.as_bytes().get(end + 1) == Some(&b'\'') {
            is_doubled = true;
            from = end + 2;
            continue;
        }
        let (value, rest) = (text.get(..end)?, text.get(end + 1..)?);
        let value =
            if is_doubled { Cow::Owned(value.replace("''", "'")) } else { Cow::Borrowed(value) };
        return Some((Literal::Text(value), rest));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(statement: &str, prepared: &str, values: &[Literal<'_>]) {
        let insert = Insert::of(statement).unwrap();
        assert_eq!(insert.prepared(), prepared);
        assert_eq!(insert.values(statement).unwrap().as_slice(), values);
    }

    fn text(text: &str) -> Literal<'_> {
        Literal::Text(text.into())
    }

    #[test]
    fn plain_values_are_taken() {
        let values = [Literal::Integer(1), text("it's; (x)"), Literal::Null];
        let prepared = "INSERT INTO t VALUES (?, ?, ?)";
        check("INSERT INTO t VALUES (1, 'it''s; (x)', NULL)", prepared, &values);
        let values = [Literal::Integer(-7), text(""), text("''")];
        check(
            "insert or ignore into main.[a b](x, \"y\", z) values( -7 ,'','''''' )",
            "insert or ignore into main.[a b](x, \"y\", z) values(?, ?, ?)",
            &values,
        );
        check("REPLACE INTO t VALUES(007\n)", "REPLACE INTO t VALUES(?)", &[Literal::Integer(7)]);
    }

    #[test]
    fn whatever_is_more_than_a_plain_value_is_left_alone() {
        let values = "1.5  1e3  0x1F  1_000  9223372036854775808  - 1  -'1'  +1  x'00'  nullx  ?  a
            NULLIF(1, 1)  'a' || 'b'  'a' 'b'  1 /* one */  (1)  1,  datetime('now')";
        let values = values.split("  ").map(|it| format!("{})", it.trim()));
        let rests = ["1) , (2)", "1) RETURNING id", "1) ON CONFLICT DO NOTHING", ")", "1", "'a"];
        for rest in values.chain(rests.map(str::to_owned)) {
            assert_eq!(Insert::of(&format!("INSERT INTO t VALUES ({rest}")), None, "{rest}");
        }
        let others = "INSERT INTO t SELECT 1;INSERT INTO t DEFAULT VALUES;UPDATE t SET a = 1;
            INSERT INTO t AS u VALUES (1) ;WITH a AS (SELECT 1) INSERT INTO t VALUES (1);
            EXPLAIN INSERT INTO t VALUES (1);INSERT INTO t(a)(b) VALUES (1);INSERT t VALUES (1);";
        for statement in others.split(';') {
            assert_eq!(Insert::of(statement.trim_start()), None, "{statement}");
        }
    }

    #[test]
    fn another_statement_has_to_begin_alike_and_be_as_long() {
        let insert = Insert::of("INSERT INTO t VALUES (1, 'a')").unwrap();
        assert!(insert.values("INSERT INTO t VALUES (2,NULL)").is_some());
        for other in [
            "INSERT INTO t VALUES (1)",
            "INSERT INTO t VALUES (1, 'a', 2)",
            "INSERT INTO u VALUES (1, 'a')",
            "INSERT INTO t  VALUES (1, 'a')",
            "INSERT INTO t VALUES (1, 1.5)",
        ] {
            assert_eq!(insert.values(other), None, "{other}");
        }
    }
}
