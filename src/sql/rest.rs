//! Finds the end of a plain statement of SQLite by bytes instead of tokens.
//!
//! Most of a large script is the middle of statements, where only the ends of strings, names,
//! comments and parameters matter, since they can contain a delimiter. The result agrees with the
//! lexer, and where scanning doesn't suffice it is empty, and the lexer continues.

use std::ops::Range;

use crate::sql::scan::{closed_at, is_word_byte, of_rows_len, parameter_len};

const MARK: &[u8] = "\u{feff}".as_bytes();

/// The end of a plain statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rest {
    pub(crate) end: usize,
    pub(crate) delimiter: usize,
}

/// Whether a byte can begin a token that may contain a delimiter, or is one.
static STOPS: [bool; 256] = {
    let mut res = [false; 256];
    let stops = b";'\"`[-/?$@:#\xef";
    let mut at = 0;
    while at < stops.len() {
        res[stops[at] as usize] = true;
        at += 1;
    }
    res
};

/// Finds the statement of SQLite at an offset, after any blanks, and its end including the
/// delimiter, if it only reads or changes rows and scanning suffices.
pub(crate) fn statement_of_rows(text: &str, from: usize) -> Option<(Range<usize>, usize)> {
    let bytes = text.as_bytes();
    let rest = bytes.get(from..)?;
    let blanks = rest.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))?;
    let start = from + blanks;
    let first = of_rows_len(bytes.get(start..)?)?;
    let found = rest_of_plain(bytes, start + first)?;
    Some((start..found.end, found.delimiter + 1))
}

/// Finds the delimiter of a statement from the end of one of its tokens.
pub(crate) fn rest_of_plain(bytes: &[u8], from: usize) -> Option<Rest> {
    let mut at = from;
    // Bytes that begin a token; elsewhere a `$` after a letter belongs to a name.
    let mut fresh = from;
    let mut comments = Comments { before: from, end: from };
    loop {
        at += next_stop(bytes.get(at..)?)?;
        let rest = bytes.get(at..)?;
        match *rest.first()? {
            b';' => return Some(Rest { end: comments.last_token(bytes, at), delimiter: at }),
            quote @ (b'\'' | b'"' | b'`') => at += doubled_len(rest, quote)?,
            b'[' => at += memchr::memchr(b']', rest)? + 1,
            b'-' if rest.get(1) == Some(&b'-') => {
                let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
                at = comments.pass(bytes, at, length);
            }
            b'/' if rest.get(1) == Some(&b'*') && rest.len() > 2 => {
                at = comments.pass(bytes, at, closed_at(rest).unwrap_or(rest.len()));
            }
            b'$' if at > fresh && bytes.get(at - 1).is_some_and(|it| is_word_byte(*it)) => at += 1,
            b'?' | b'$' | b'@' | b':' | b'#' => {
                at += parameter_len(rest);
                fresh = at;
            }
            _ if rest.starts_with(MARK) => return None,
            _ => at += 1,
        }
    }
}

/// Finds the next relevant byte, eight at a time, since most are not.
fn next_stop(bytes: &[u8]) -> Option<usize> {
    let is_stop = |byte: &u8| STOPS[usize::from(*byte)];
    let (chunks, _) = bytes.as_chunks::<8>();
    let is_free = |chunk: &&[u8; 8]| !chunk.iter().fold(false, |found, it| found | is_stop(it));
    let passed = 8 * chunks.iter().take_while(is_free).count();
    Some(passed + bytes.get(passed..)?.iter().position(is_stop)?)
}

/// Measures a quoted text whose quotes are doubled inside.
fn doubled_len(bytes: &[u8], quote: u8) -> Option<usize> {
    let mut at = 1;
    loop {
        at += memchr::memchr(quote, bytes.get(at..)?)? + 1;
        if bytes.get(at) != Some(&quote) {
            return Some(at);
        }
        at += 1;
    }
}

/// The last comments, with only blanks between them.
struct Comments {
    /// The end of the token before the comments.
    before: usize,
    end: usize,
}

impl Comments {
    fn pass(&mut self, bytes: &[u8], at: usize, length: usize) -> usize {
        self.before = self.last_token(bytes, at);
        self.end = at + length;
        self.end
    }

    /// Finds the end of the last token before an offset.
    fn last_token(&self, bytes: &[u8], at: usize) -> usize {
        let passed = bytes.get(self.end..at).unwrap_or_default();
        let is_blank = |byte: &&u8| matches!(**byte, b' ' | b'\t'..=b'\r');
        let start = at - passed.iter().rev().take_while(is_blank).count();
        // A vertical tab is blank after another blank only; before, it is a token that is illegal.
        let tabs = bytes.get(start..at).unwrap_or_default();
        let end = start + tabs.iter().take_while(|byte| **byte == b'\x0b').count();
        if end == self.end { self.before } else { end }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<(usize, usize)>) {
        let found = rest_of_plain(text.as_bytes(), 1).map(|it| (it.end, it.delimiter));
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn the_end_of_a_plain_statement_is_that_of_its_last_token() {
        check("a;", Some((1, 1)));
        check("a b \n;c;", Some((3, 5)));
        check("a /* x */ -- ;\n /**/ ;", Some((1, 21)));
        check("a -- x \n;b;", Some((1, 8)));
        check("a/**/b/* ; */;", Some((6, 13)));
        check("a \x0b;", Some((1, 3)));
        check("a\x0b ;", Some((2, 3)));
        check("a - / ;", Some((5, 6)));
        check("a ';''' \";\" `;` [;] ;", Some((19, 20)));
        check("a $b(;) ;", Some((7, 8)));
        check("a b$b(;) ;", Some((6, 6)));
        check("a ?1$b(;);", Some((9, 9)));
        check("a :b::c(;) ;", Some((10, 11)));
        check("a b", None);
        check("a 'b;", None);
        check("a \u{feff};", None);
        check("a ü;", Some((4, 4)));
        check("a /*;", None);
    }
}
