//! Names and values as SQL text.
//!
//! Names are always quoted, since reserved words change from version to version. No SQL text can
//! contain a NUL, so neither can the names and values here; see [`find_nul`](crate::sql::find_nul).

use crate::sql::dialect::Dialect;

/// Quotes a single name as an identifier.
pub fn quote_identifier(name: &str, dialect: Dialect) -> String {
    match dialect {
        Dialect::Sqlite | Dialect::Postgres => format!("\"{}\"", name.replace('"', "\"\"")),
        Dialect::MySql => format!("`{}`", name.replace('`', "``")),
    }
}

/// Writes bytes as pairs of hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| if half < 10 { b'0' + half } else { b'a' + half - 10 };
    let mut res = vec![0; 2 * bytes.len()];
    for (pair, byte) in res.as_chunks_mut().0.iter_mut().zip(bytes) {
        *pair = [digit(byte >> 4), digit(byte & 0xf)];
    }
    String::from_utf8(res).unwrap_or_default()
}

/// Quotes each part of a name such as `schema.table`, split at every dot.
pub fn quote_qualified(name: &str, dialect: Dialect) -> String {
    let parts: Vec<String> = name.split('.').map(|part| quote_identifier(part, dialect)).collect();
    parts.join(".")
}

/// Quotes a text as a string.
///
/// The result is valid with the servers' defaults: `standard_conforming_strings` is on, and MySQL's
/// mode is without `NO_BACKSLASH_ESCAPES`.
pub fn quote_literal(text: &str, dialect: Dialect) -> String {
    let mut res = String::with_capacity(text.len() + 2);
    push_literal(&mut res, text, dialect);
    res
}

/// Appends a text, quoted as by [`quote_literal`].
pub(crate) fn push_literal(res: &mut String, text: &str, dialect: Dialect) {
    res.push('\'');
    match dialect {
        Dialect::Sqlite | Dialect::Postgres => {
            for (at, part) in text.split('\'').enumerate() {
                res.push_str(if at > 0 { "''" } else { "" });
                res.push_str(part);
            }
        }
        Dialect::MySql => res.push_str(&text.replace('\\', r"\\").replace('\'', "''")),
    }
    res.push('\'');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(quote: fn(&str, Dialect) -> String, text: &str, expected: [&str; 3]) {
        let dialects = [Dialect::Sqlite, Dialect::Postgres, Dialect::MySql];
        assert_eq!(dialects.map(|dialect| quote(text, dialect)), expected);
    }

    #[test]
    fn names_and_values_are_quoted_by_dialect() {
        check(quote_identifier, "order", ["\"order\"", "\"order\"", "`order`"]);
        check(quote_identifier, "a\"b`c.d", ["\"a\"\"b`c.d\"", "\"a\"\"b`c.d\"", "`a\"b``c.d`"]);
        check(quote_identifier, "", ["\"\"", "\"\"", "``"]);
        check(quote_qualified, "s.t", ["\"s\".\"t\"", "\"s\".\"t\"", "`s`.`t`"]);
        check(quote_qualified, "t", ["\"t\"", "\"t\"", "`t`"]);
        check(quote_literal, "it's", ["'it''s'", "'it''s'", "'it''s'"]);
        check(quote_literal, r"C:\", [r"'C:\'", r"'C:\'", r"'C:\\'"]);
        check(quote_literal, "", ["''", "''", "''"]);
    }
}
