//! Measures tokens that are the same in all dialects.

/// Digits and dollars count; the caller has checked that none comes first.
pub(crate) fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || !byte.is_ascii()
}

/// The first words of statements that only read or change rows of SQLite's tables.
const OF_ROWS: [&[u8]; 5] = [b"INSERT", b"UPDATE", b"DELETE", b"SELECT", b"REPLACE"];

/// Measures the first word of a statement that only reads or changes rows of SQLite's tables.
pub(crate) fn of_rows_len(bytes: &[u8]) -> Option<usize> {
    let begins = |word: &&&[u8]| {
        let (begin, rest) = bytes.split_at_checked(word.len()).unwrap_or_default();
        begin.eq_ignore_ascii_case(word) && rest.first().is_none_or(|next| !is_word_byte(*next))
    };
    OF_ROWS.iter().find(begins).map(|word| word.len())
}

pub(crate) fn word_len(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|&&byte| is_word_byte(byte)).count()
}

/// Returns the length of a comment that does not nest, or `None` if it is not closed.
pub(crate) fn closed_at(bytes: &[u8]) -> Option<usize> {
    bytes.get(2..)?.windows(2).position(|pair| pair == b"*/").map(|at| at + 4)
}

pub(crate) fn nested_comment_len(bytes: &[u8]) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(pair) = bytes.get(at..at + 2) {
        match pair {
            b"/*" => depth += 1,
            b"*/" => depth = depth.saturating_sub(1),
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

/// Measures the opening of a comment whose text is code, such as `/*!` or `/*M!100301`: a version
/// has five or six digits, and fewer are code already. A version of nines never comes: that is how
/// MariaDB's dumps hide a command of their client from servers.
pub(crate) fn executable_len(bytes: &[u8]) -> Option<usize> {
    let marker = [&b"/*!"[..], b"/*M!"].into_iter().find(|marker| bytes.starts_with(marker))?;
    let inner = bytes.get(marker.len()..).unwrap_or_default();
    let digits = inner.iter().take(6).take_while(|byte| byte.is_ascii_digit()).count();
    let version = inner.get(..digits).filter(|version| version.len() >= 5).unwrap_or_default();
    let is_never = !version.is_empty() && version.iter().all(|digit| *digit == b'9');
    (!is_never).then_some(marker.len() + version.len())
}

/// Measures a token that begins with a digit.
pub(crate) fn number_len(bytes: &[u8], dollars: bool) -> usize {
    bytes.iter().take_while(|&&byte| is_word_byte(byte) && (dollars || byte != b'$')).count()
}

/// Measures the `$tag$` that opens a string.
pub(crate) fn tag_len(bytes: &[u8]) -> Option<usize> {
    let inner = bytes.strip_prefix(b"$")?;
    let tag = inner.iter().take_while(|&&byte| is_word_byte(byte) && byte != b'$').count();
    let is_tag = !inner.first().is_some_and(u8::is_ascii_digit) && inner.get(tag) == Some(&b'$');
    is_tag.then_some(tag + 2)
}

/// Measures a parameter of SQLite. A `(` after the name includes everything up to `)` or a blank,
/// delimiters and quotes too: Tcl's arrays (`SQLITE_OMIT_TCL_VARIABLE` in `src/tokenize.c`).
pub(crate) fn parameter_len(bytes: &[u8]) -> usize {
    let inner = bytes.get(1..).unwrap_or_default();
    if bytes.first() == Some(&b'?') {
        return 1 + inner.iter().take_while(|byte| byte.is_ascii_digit()).count();
    }
    let mut at = 1;
    let mut named = false;
    while let Some(&byte) = bytes.get(at) {
        if is_word_byte(byte) {
            named = true;
            at += 1;
        } else if byte == b'(' && named {
            let array = bytes.get(at + 1..).unwrap_or_default();
            let ends = |byte: &u8| byte.is_ascii_whitespace() || *byte == b'\x0b' || *byte == b')';
            let length = array.iter().position(ends).unwrap_or(array.len());
            return at + 1 + length + usize::from(array.get(length) == Some(&b')'));
        } else if byte == b':' && bytes.get(at + 1) == Some(&b':') {
            at += 2;
        } else {
            break;
        }
    }
    at
}
