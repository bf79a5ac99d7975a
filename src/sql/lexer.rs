//! SQL text as tokens.
//!
//! Blanks and comments are dropped. Keywords are not distinguished, and numbers and operators are
//! parsed only as far as needed to tell them from other tokens.

use crate::sql::{
    dialect::{BlockComments, Dialect, DollarQuotes, Escape, Lexicon, LineComment, Quote},
    rest::{Rest, rest_of_plain},
    scan::{
        closed_at, executable_len, is_word_byte, nested_comment_len, number_len, parameter_len,
        tag_len, word_len,
    },
};

const MARK: &[u8] = "\u{feff}".as_bytes();

/// The default delimiter of statements.
pub(crate) const DELIMITER: &str = ";";

/// An iterator over the tokens of a text; it ends after an error.
#[derive(Debug, Clone)]
pub struct Lexer<'a> {
    text: &'a str,
    position: usize,
    lexicon: &'static Lexicon,
    delimiter: &'a str,
    /// The start of the executable comment around the position.
    executable: Option<usize>,
    language: Language,
}

/// The progress towards the text of a routine in a language other than SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Language {
    Sql,
    Next,
    Other,
    /// `AS` after `LANGUAGE` and its name.
    Text,
}

impl Language {
    fn after(self, token: &Token<'_>) -> Self {
        match self {
            _ if token.kind == TokenKind::Delimiter => Self::Sql,
            _ if token.is_word("LANGUAGE") => Self::Next,
            Self::Next if token.kind == TokenKind::Word && !token.is_word("SQL") => Self::Other,
            Self::Sql | Self::Next => Self::Sql,
            Self::Other | Self::Text if token.is_word("AS") => Self::Text,
            Self::Other | Self::Text => Self::Other,
        }
    }
}

/// A piece of SQL that is neither blank nor comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token<'a> {
    /// The kind of the token.
    pub kind: TokenKind,
    /// The text of the token, quotes included.
    pub text: &'a str,
    /// The position in the text, in bytes.
    pub offset: usize,
}

/// The kind of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// A keyword or a bare name.
    Word,
    /// A string, or a name in quotes.
    Quoted,
    /// Something that begins with a digit.
    Number,
    /// A parameter such as `?1` or `:name`.
    Parameter,
    /// The delimiter of statements: `;`, or the script's own.
    Delimiter,
    /// The opening or closing of a comment whose text is code: `/*!40101`, `*/`.
    Executable,
    /// Any other character.
    Symbol,
}

/// A quote or comment that is never closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unterminated<'a> {
    /// The text that opens it, such as `'`, `/*` or `$tag$`.
    pub opening: &'a str,
    /// The position of the opening, in bytes.
    pub offset: usize,
}

impl<'a> Iterator for Lexer<'a> {
    type Item = Result<Token<'a>, Unterminated<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        let token = self.skip_ignored().and_then(|()| self.token());
        match &token {
            Ok(Some(token)) => self.language = self.language.after(token),
            Ok(None) => {}
            Err(_) => {
                self.position = self.text.len();
                self.executable = None;
            }
        }
        token.transpose()
    }
}

impl<'a> Lexer<'a> {
    /// Starts at the beginning of a text.
    pub fn new(text: &'a str, dialect: Dialect) -> Self {
        let position = if text.as_bytes().starts_with(MARK) { MARK.len() } else { 0 };
        let lexicon = dialect.lexicon();
        let (delimiter, language) = (DELIMITER, Language::Sql);
        Self { text, position, lexicon, delimiter, executable: None, language }
    }

    /// Replaces the delimiter; `;` becomes a symbol.
    pub(crate) fn set_delimiter(&mut self, delimiter: &'a str) {
        self.delimiter = delimiter;
    }

    pub(crate) fn delimiter(&self) -> &'a str {
        self.delimiter
    }

    /// Tells whether the delimiter is not `;`.
    pub(crate) fn has_own_delimiter(&self) -> bool {
        self.delimiter != DELIMITER
    }

    /// Tells whether the position is in a comment whose text is code.
    pub(crate) fn is_in_executable(&self) -> bool {
        self.executable.is_some()
    }

    /// Skips past the delimiter of a plain statement of SQLite, and returns where it ended.
    pub(crate) fn skip_plain(&mut self) -> Option<Rest> {
        let res = rest_of_plain(self.text.as_bytes(), self.position)?;
        self.position = res.delimiter + 1;
        self.language = Language::Sql;
        Some(res)
    }

    /// Skips a number of bytes.
    pub(crate) fn pass(&mut self, length: usize) {
        self.position += length;
    }

    /// Returns the rest of the line, and skips it.
    pub(crate) fn take_line(&mut self) -> &'a str {
        let rest = self.text.get(self.position..).unwrap_or_default();
        let line = rest.split('\n').next().unwrap_or_default();
        self.position += line.len();
        line
    }

    fn skip_ignored(&mut self) -> Result<(), Unterminated<'a>> {
        loop {
            // Most tokens are words: neither a blank nor a comment begins with a letter.
            if self.rest().first().is_some_and(u8::is_ascii_alphabetic) {
                return Ok(());
            }
            let length = self.blank_len();
            if self.has_own_delimiter() && self.is_at_delimiter() {
                return Ok(());
            } else if length > 0 {
                self.position += length;
            } else if let Some(length) = self.line_comment_len() {
                self.position += length;
            } else if let Some(length) = self.block_comment_len()? {
                self.position += length;
            } else {
                return Ok(());
            }
        }
    }

    fn token(&mut self) -> Result<Option<Token<'a>>, Unterminated<'a>> {
        let rest = self.rest();
        let Some(&first) = rest.first() else {
            let open = self.executable.take();
            return open.map_or(Ok(None), |offset| Err(Unterminated { opening: "/*", offset }));
        };
        let lexicon = self.lexicon;
        let (kind, length) = match first {
            _ if self.is_at_delimiter() => (TokenKind::Delimiter, self.delimiter.len()),
            _ if self.executable.is_some() && rest.starts_with(b"*/") => {
                self.executable = None;
                (TokenKind::Executable, 2)
            }
            b'/' if self.is_executable() => {
                self.executable = Some(self.position);
                (TokenKind::Executable, executable_len(rest).unwrap_or(1))
            }
            b'0'..=b'9' => (TokenKind::Number, self.number_len()),
            b'$' if lexicon.dollar_quotes == DollarQuotes::Everywhere => self.dollar()?,
            b'$' if lexicon.dollar_quotes == DollarQuotes::OtherLanguages => {
                self.dollar_or_word()?
            }
            _ if lexicon.sigils.contains(&first) => (TokenKind::Parameter, parameter_len(rest)),
            _ if is_word_byte(first) => self.word()?,
            _ => match lexicon.quotes.iter().find(|quote| quote.open == first) {
                Some(quote) => (TokenKind::Quoted, self.quoted_len(0, *quote)?),
                None => (TokenKind::Symbol, 1),
            },
        };
        let offset = self.position;
        self.position += length;
        Ok(Some(Token { kind, text: self.slice(offset, length), offset }))
    }

    fn is_at_delimiter(&self) -> bool {
        self.rest().starts_with(self.delimiter.as_bytes())
            && (self.executable.is_none() || !self.has_own_delimiter())
    }

    /// Shortens a bare token so that it ends before a delimiter: `END$$` is two tokens.
    fn until_delimiter(&self, length: usize) -> usize {
        let rest = self.rest();
        if !self.has_own_delimiter() || self.executable.is_some() {
            return length;
        }
        let is_here = |at: &usize| {
            rest.get(*at..).is_some_and(|rest| rest.starts_with(self.delimiter.as_bytes()))
        };
        (0..length).find(is_here).unwrap_or(length)
    }

    fn number_len(&self) -> usize {
        let dollars = self.lexicon.dollar_quotes != DollarQuotes::Everywhere;
        self.until_delimiter(number_len(self.rest(), dollars))
    }

    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.position..).unwrap_or_default()
    }

    fn slice(&self, offset: usize, length: usize) -> &'a str {
        self.text.get(offset..offset + length).unwrap_or_default()
    }

    fn unterminated(&self, skip: usize, length: usize) -> Unterminated<'a> {
        let offset = self.position + skip;
        Unterminated { opening: self.slice(offset, length), offset }
    }

    fn blank_len(&self) -> usize {
        let rest = self.rest();
        let Lexicon { blanks, inner_blanks, .. } = self.lexicon;
        match rest.first() {
            Some(first) if blanks.contains(first) => rest
                .iter()
                .take_while(|byte| blanks.contains(byte) || inner_blanks.contains(byte))
                .count(),
            Some(_) if self.lexicon.marks_are_blank && rest.starts_with(MARK) => MARK.len(),
            _ => 0,
        }
    }

    fn line_comment_len(&self) -> Option<usize> {
        let rest = self.rest();
        let begins = |comment: &&LineComment| {
            let after = rest.strip_prefix(comment.marker.as_bytes());
            after.is_some_and(|after| {
                let next = after.first().copied().unwrap_or(b' ');
                !comment.needs_blank || next == b' ' || next.is_ascii_control()
            })
        };
        let ends = self.lexicon.line_comments.iter().find(begins)?.ends;
        Some(rest.iter().position(|byte| ends.contains(byte)).unwrap_or(rest.len()))
    }

    fn block_comment_len(&self) -> Result<Option<usize>, Unterminated<'a>> {
        let rest = self.rest();
        if !rest.starts_with(b"/*") {
            return Ok(None);
        }
        let length = match self.lexicon.block_comments {
            BlockComments::OpenEnded if rest.len() == 2 => return Ok(None),
            BlockComments::OpenEnded => Some(closed_at(rest).unwrap_or(rest.len())),
            BlockComments::Nested => nested_comment_len(rest),
            BlockComments::Executable if self.is_executable() => return Ok(None),
            BlockComments::Executable => closed_at(rest),
        };
        length.map(Some).ok_or(self.unterminated(0, 2))
    }

    /// Tells whether a comment whose text is code opens here.
    fn is_executable(&self) -> bool {
        self.lexicon.block_comments == BlockComments::Executable
            && executable_len(self.rest()).is_some()
    }

    fn word(&self) -> Result<(TokenKind, usize), Unterminated<'a>> {
        let rest = self.rest();
        let length = word_len(rest);
        let prefix = rest.first().map(u8::to_ascii_lowercase);
        let is_prefix = length == 1 && prefix.is_some() && prefix == self.lexicon.escape_prefix;
        if is_prefix && rest.get(1) == Some(&b'\'') {
            return Ok((TokenKind::Quoted, self.escaped_len()?));
        }
        Ok((TokenKind::Word, self.until_delimiter(length)))
    }

    /// Measures a string with backslashes after its prefix, and its continuations: a quote on a
    /// later line continues the string with the same rules.
    fn escaped_len(&self) -> Result<usize, Unterminated<'a>> {
        let quote = Quote { open: b'\'', close: b'\'', escape: Escape::Backslash };
        let mut res = 1 + self.quoted_len(1, quote)?;
        while let Some(gap) = self.continuation_len(res) {
            res += gap + self.quoted_len(res + gap, quote)?;
        }
        Ok(res)
    }

    /// Measures the blanks and line comments between a string and the quote that continues it.
    fn continuation_len(&self, skip: usize) -> Option<usize> {
        let from = Self { position: self.position + skip, ..self.clone() };
        let mut at = from.clone();
        let mut lines = false;
        loop {
            let begin = at.position;
            at.position += at.line_comment_len().unwrap_or_else(|| at.blank_len());
            let passed = at.text.as_bytes().get(begin..at.position).unwrap_or_default();
            if passed.is_empty() {
                break;
            }
            lines |= passed.iter().any(|byte| matches!(byte, b'\n' | b'\r'));
        }
        (lines && at.rest().first() == Some(&b'\'')).then_some(at.position - from.position)
    }

    /// Measures a quoted text, which opens `skip` bytes from here.
    fn quoted_len(&self, skip: usize, quote: Quote) -> Result<usize, Unterminated<'a>> {
        let bytes = self.rest().get(skip..).unwrap_or_default();
        let mut at = 1;
        while let Some(&byte) = bytes.get(at) {
            at += 1;
            if byte == b'\\' && quote.escape == Escape::Backslash {
                at += 1;
            } else if byte == quote.close {
                if quote.escape == Escape::None || bytes.get(at) != Some(&quote.close) {
                    return Ok(at);
                }
                at += 1;
            }
        }
        Err(self.unterminated(skip, 1))
    }

    /// Measures a dollar-quoted string or, where the tag has no second dollar, a `$1`.
    fn dollar(&self) -> Result<(TokenKind, usize), Unterminated<'a>> {
        let rest = self.rest();
        let Some(tag) = tag_len(rest) else {
            let digits = rest.iter().skip(1).take_while(|byte| byte.is_ascii_digit()).count();
            return Ok((TokenKind::Parameter, 1 + digits));
        };
        let opening = self.slice(self.position, tag);
        let body = self.text.get(self.position + tag..).unwrap_or_default();
        match body.find(opening) {
            Some(at) => Ok((TokenKind::Quoted, at + 2 * tag)),
            None => Err(self.unterminated(0, tag)),
        }
    }

    /// Measures the text of a routine in another language, or a name that begins with a dollar.
    fn dollar_or_word(&self) -> Result<(TokenKind, usize), Unterminated<'a>> {
        if self.language == Language::Text && tag_len(self.rest()).is_some() {
            self.dollar().or_else(|_| self.word())
        } else {
            self.word()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compares the tokens, joined by spaces, or the opening of an unclosed quote.
    #[track_caller]
    fn check(dialect: Dialect, text: &str, expected: &str) {
        let tokens: Result<Vec<&str>, _> =
            Lexer::new(text, dialect).map(|token| token.map(|token| token.text)).collect();
        let actual = match tokens {
            Ok(tokens) => tokens.join(" "),
            Err(open) => format!("open {} at {}", open.opening, open.offset),
        };
        assert_eq!(actual, expected, "{dialect}: {text:?}");
    }

    #[test]
    fn sqlite() {
        let check = |text, expected| check(Dialect::Sqlite, text, expected);
        check("'a''b'\"c\"\"d\"`e``f`[g]]", "'a''b' \"c\"\"d\" `e``f` [g] ]");
        check("x'00'';'y", "x '00'';' y");
        check("'\\'a", "'\\' a");
        check("a 'b", "open ' at 2");
        check("a [b", "open [ at 2");
        check("'", "open ' at 0");
        check("''''", "''''");
        check("'''", "open ' at 0");
        // Comments and blanks.
        check("a--b\rc\nd", "a d");
        check("a/*b/*c*/d*/", "a d * /");
        check("a/*/b*/c/**/d", "a c d");
        check("a/*b", "a");
        check("a/*", "a / *");
        check("a /", "a /");
        check("- -a -", "- - a -");
        check("\u{feff}a \u{feff}b\u{feff}c", "a b\u{feff}c");
        check("a \x0b b\x0bc\x0cd", "a b \x0b c d");
        check("a\u{a0}b", "a\u{a0}b");
        // Parameters.
        check("?1end ?;", "?1 end ? ;");
        check(":a;@b;$c;#d", ":a ; @b ; $c ; #d");
        check("$a::b(;'--);", "$a::b(;'--) ;");
        check("$a(b c)", "$a(b c )");
        check("$a(b\x0b;)", "$a(b \x0b ; )");
        check(":(a)", ": ( a )");
        check("::a", ": :a");
        check("a$b c1", "a$b c1");
        check("1end.end", "1end . end");
    }

    #[test]
    fn postgres() {
        let check = |text, expected| check(Dialect::Postgres, text, expected);
        check("$$a;'$$b", "$$a;'$$ b");
        check("$q$a$$b$q$ c", "$q$a$$b$q$ c");
        check("a$b$c $1 $12", "a$b$c $1 $12");
        check("a $é$;$é$", "a $é$;$é$");
        check("a $b$ c", "open $b$ at 2");
        check("E'a\\'b' name'C:\\'", "E'a\\'b' name 'C:\\'");
        check("e'\\", "open ' at 1");
        check("/*a/*b*/c*/d", "d");
        check("a/*b/*c*/d", "open /* at 1");
        check("a--b\rc", "a c");
    }

    #[test]
    fn mysql() {
        let check = |text, expected| check(Dialect::MySql, text, expected);
        check("'a\\'b''c' \"\\\"\"`d\\`", "'a\\'b''c' \"\\\"\" `d\\`");
        check("a--b\nc -- d\ne--", "a - - b c e");
        check("a#b\nc", "a c");
        check("/*!40101 set a='*/' */", "/*!40101 set a = '*/' */");
        check("a/*M!b*/ /*c*/ */", "a /*M! b */ * /");
        check("/*!1 /* ' */ a */", "/*! 1 a */");
        check("a /*!40101 b;", "open /* at 2");
        check("/*M!999999\\- it's */ a", "a");
        check("a/*", "open /* at 1");
        check("$a", "$a");
    }
}
