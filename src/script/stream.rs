//! Large scripts for SQLite, which are read in pieces: once to check them, and again to run them.
//!
//! The first pass keeps a hash of each piece. In the second pass each piece is compared before any
//! statement that ends in it runs, so that only checked text is run.

use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use twox_hash::XxHash3_128;

use crate::file;
use crate::revision::RevisionError;
use crate::revision::pieces::{PIECE, Pieces};
use crate::sql::{Dialect, Splitter, Statement, statement_of_rows};

/// The checked content of a file, as hashes.
#[derive(Debug, Default)]
pub(crate) struct PieceHashes {
    length: u64,
    pieces: Vec<u128>,
}

impl PieceHashes {
    /// Reads the whole file, and compares it with what was checked.
    pub(super) fn read(&self, path: &Path) -> Result<String, RevisionError> {
        let bytes = file::statements(path, file::FoundBy::Custom);
        let bytes =
            bytes.map_err(|source| RevisionError::Read { path: path.to_owned(), source })?;
        let is_same = bytes.chunks(PIECE).map(XxHash3_128::oneshot).eq(self.pieces.iter().copied());
        // Only checked text gets here.
        String::from_utf8(bytes)
            .ok()
            .filter(|_| is_same)
            .ok_or_else(|| RevisionError::Changed { path: path.to_owned() })
    }
}

/// A reader of statements that holds only a window of the file.
#[derive(Debug)]
pub(crate) struct Stream<R> {
    path: PathBuf,
    pieces: Pieces<R>,
    size: usize,
    hashes: Reading,
    /// The window, and its offset in the file.
    text: String,
    start: usize,
    /// The end of the statements in it that were returned.
    end: usize,
    is_last: bool,
}

/// The knowledge about the pieces to come.
#[derive(Debug)]
enum Reading {
    /// None: their hashes are computed.
    First(PieceHashes),
    /// The second pass: the hashes, and how many were compared.
    Second(Arc<PieceHashes>, usize),
}

impl Reading {
    /// Handles a piece, and tells whether it is the one that was checked.
    fn pass(&mut self, bytes: &[u8]) -> bool {
        let sum = XxHash3_128::oneshot(bytes);
        match self {
            Self::First(hashes) => {
                hashes.pieces.push(sum);
                hashes.length += bytes.len() as u64;
                true
            }
            Self::Second(hashes, passed) => {
                *passed += 1;
                hashes.pieces.get(*passed - 1) == Some(&sum)
            }
        }
    }

    fn is_whole(&self) -> bool {
        match self {
            Self::First(_) => true,
            Self::Second(hashes, passed) => hashes.pieces.len() == *passed,
        }
    }
}

impl Stream<File> {
    /// Starts the first reading of a file.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        Ok(Self::new(path, file::open(path)?, PIECE, Reading::First(PieceHashes::default())))
    }

    /// Starts the second reading of a checked file.
    pub(super) fn again(path: &Path, hashes: Arc<PieceHashes>) -> Result<Self, RevisionError> {
        let error = |source| RevisionError::Read { path: path.to_owned(), source };
        let file = file::open(path).map_err(error)?;
        if file.metadata().map_err(error)?.len() != hashes.length {
            return Err(RevisionError::Changed { path: path.to_owned() });
        }
        Ok(Self::new(path, file, PIECE, Reading::Second(hashes, 0)))
    }
}

impl<R: Read> Stream<R> {
    fn new(path: &Path, source: R, size: usize, hashes: Reading) -> Self {
        let (path, pieces, text) = (path.to_owned(), Pieces::new(source, size), String::new());
        Self { path, pieces, size, hashes, text, start: 0, end: 0, is_last: false }
    }

    /// Returns the length of the file when it was checked.
    pub(crate) fn length(&self) -> u64 {
        match &self.hashes {
            Reading::First(hashes) => hashes.length,
            Reading::Second(hashes, _) => hashes.length,
        }
    }

    /// Returns the hashes for a later reading.
    pub(super) fn into_hashes(self) -> Option<PieceHashes> {
        match self.hashes {
            Reading::First(hashes) => Some(hashes),
            Reading::Second(..) => None,
        }
    }

    /// Moves to the next window, after the statements that were returned; tells whether there is
    /// one.
    ///
    /// A statement that doesn't end in the window doubles it, so that none is scanned more than a
    /// few times.
    pub(crate) fn advance(&mut self) -> Result<bool, RevisionError> {
        if self.is_last {
            return Ok(false);
        }
        self.end += comments_len(self.text.get(self.end..).unwrap_or_default());
        self.text.drain(..self.end);
        self.start += std::mem::take(&mut self.end);
        let wanted = self.text.len() + self.text.len().max(self.size);
        while self.text.len() < wanted && !self.is_last {
            let is_known = match self.pieces.read() {
                Ok(Some(piece)) => {
                    self.text.push_str(piece.text);
                    self.hashes.pass(piece.bytes)
                }
                Ok(None) => {
                    self.is_last = true;
                    self.hashes.is_whole()
                }
                // Only checked text gets here.
                Err(error) if error.kind() == io::ErrorKind::InvalidData => false,
                Err(source) => return Err(RevisionError::Read { path: self.path.clone(), source }),
            };
            if !is_known {
                return Err(RevisionError::Changed { path: self.path.clone() });
            }
        }
        Ok(true)
    }

    /// Returns the statements that end in the window.
    pub(crate) fn statements(&mut self) -> Statements<'_> {
        Statements {
            has_nul: memchr::memchr(0, self.text.as_bytes()).is_some(),
            text: &self.text,
            start: self.start,
            end: &mut self.end,
            is_last: self.is_last,
        }
    }
}

pub(crate) struct Statements<'a> {
    has_nul: bool,
    text: &'a str,
    start: usize,
    end: &'a mut usize,
    is_last: bool,
}

pub(crate) struct Streamed<'a> {
    pub(crate) text: &'a str,
    pub(crate) offset: usize,
    pub(super) more: More<'a>,
}

/// Further properties of a statement.
pub(super) enum More<'a> {
    /// The first word is that of a statement which only reads or changes rows.
    Rows,
    /// The properties follow from its tokens.
    Of(Statement<'a>),
}

/// The text can't be split; the place is found later in the whole text.
#[derive(Debug)]
pub(crate) struct Faulty;

impl<'a> Iterator for Statements<'a> {
    type Item = Result<Streamed<'a>, Faulty>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.has_nul {
            return Some(Err(Faulty));
        }
        self.looked_at().map(Ok).or_else(|| self.lexed())
    }
}

impl<'a> Statements<'a> {
    fn pass(&mut self, range: Range<usize>, end: usize, more: More<'a>) -> Option<Streamed<'a>> {
        *self.end = end;
        Some(Streamed { offset: self.start + range.start, text: self.text.get(range)?, more })
    }

    /// Returns the next statement if it can be scanned without lexing.
    fn looked_at(&mut self) -> Option<Streamed<'a>> {
        let (range, end) = statement_of_rows(self.text, *self.end)?;
        if end == self.text.len() && !self.is_last {
            return None;
        }
        self.pass(range, end, More::Rows)
    }

    /// Returns the next statement as the lexer finds it: no state outlives a delimiter of SQLite.
    fn lexed(&mut self) -> Option<Result<Streamed<'a>, Faulty>> {
        let from = *self.end;
        let rest = self.text.get(from..)?;
        match Splitter::without_nul(rest, Dialect::Sqlite).next()? {
            // A statement that ends with the window may have been cut.
            Ok(statement) if self.is_last || statement.end < rest.len() => {
                let Range { start, end } = statement.range();
                let range = from + start..from + end;
                self.pass(range, from + statement.end, More::Of(statement)).map(Ok)
            }
            Err(_) if self.is_last => Some(Err(Faulty)),
            Ok(_) | Err(_) => None,
        }
    }
}

/// Measures whole lines of comments and blanks at the start of a statement, where a script may have
/// a book. The last line's end stays, since what follows may be blank only after a blank.
fn comments_len(text: &str) -> usize {
    let is_comment = |line: &&str| {
        let line = line.trim_start_matches('\u{feff}').trim_ascii_start();
        line.is_empty() || line.starts_with("--")
    };
    let whole = text.get(..text.rfind('\n').map_or(0, |at| at + 1)).unwrap_or_default();
    let length: usize = whole.split_inclusive('\n').take_while(is_comment).map(str::len).sum();
    length.saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;
    use crate::place::Place;

    /// Fragments of text where something could go wrong.
    fn parts() -> impl Strategy<Value = String> {
        let short = vec![
            "a", ";", "; b", ";\n", " ", "\n", "\r\n", "'", "''", "\"", "`", "[", "]", "-", "--",
            "/", "/*", "*/", "*", "--;\n", "/*;*/", "(", ")", "$a", "$b(", "?1", ":c::d(", "#",
            "\u{feff}", "é", "\u{b}", "\u{c}", "CREATE", "; END;", " end", "explain ",
        ];
        let long = vec![
            "日本",
            "😀",
            " TRIGGER t BEGIN",
            "create temp ",
            " VIRTUAL TABLE v(",
            "INSERT INTO t VALUES ('x;y');\n",
            "update t set a;\n",
            "select 1;",
            "\n  Delete t\t;",
            "replace into/**/t;",
        ];
        let part = select([short, long].concat());
        vec(part, 0..24).prop_map(|parts| parts.concat())
    }

    type Read = (Vec<(usize, String)>, Option<()>);

    /// Reads all statements with their offsets, and whether the text came to its end.
    fn read(stream: &mut Stream<&[u8]>) -> Read {
        let mut res = Vec::new();
        loop {
            match stream.advance() {
                Ok(true) => {}
                Ok(false) => return (res, Some(())),
                Err(_) => return (res, None),
            }
            for found in stream.statements() {
                match found {
                    Ok(found) => res.push((found.offset, found.text.to_owned())),
                    Err(_) => return (res, None),
                }
            }
        }
    }

    fn stream(text: &str, size: usize, known: Reading) -> Stream<&[u8]> {
        Stream::new(Path::new("a.sql"), text.as_bytes(), size, known)
    }

    fn learn(text: &str, size: usize) -> (Read, PieceHashes) {
        let mut first = stream(text, size, Reading::First(PieceHashes::default()));
        (read(&mut first), first.into_hashes().unwrap())
    }

    fn split(text: &str) -> Read {
        let mut res = Vec::new();
        for statement in Splitter::new(text, Dialect::Sqlite) {
            let Ok(statement) = statement else { return (res, None) };
            let place = Place::at_offset(Path::new("a.sql"), text, statement.offset);
            assert_eq!((place.line, place.column), (statement.line, statement.column));
            res.push((statement.offset, statement.text.to_owned()));
        }
        (res, Some(()))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2048))]

        #[test]
        fn statements_are_the_same_whatever_the_window(text in parts(), size in 1..40_usize) {
            let (found, hashes) = learn(&text, size);
            prop_assert_eq!(&found, &split(&text));
            prop_assert_eq!(hashes.length, text.len() as u64);
            let again = read(&mut stream(&text, size, Reading::Second(Arc::new(hashes), 0)));
            prop_assert_eq!(found, again);
        }

        #[test]
        fn nothing_is_handed_over_but_what_was_checked(
            text in parts(), other in parts(), at in 0..60_usize, size in 1..20_usize,
        ) {
            let (found, hashes) = learn(&text, size);
            let at = text.floor_char_boundary(at);
            let edited = [&text[..at], &other, &text[at..]].concat();
            let again = read(&mut stream(&edited, size, Reading::Second(Arc::new(hashes), 0)));
            prop_assert!(found.0.starts_with(&again.0), "{:?} {:?}", found, again);
            prop_assert_eq!(again.1.is_some(), found.1.is_some() && edited == text);
        }
    }

    #[test]
    fn a_nul_is_found_wherever_it_is() {
        for text in ["\0", "a;\0", "a; b\0; c", "a; 'b\0"] {
            for size in 1..9 {
                assert_eq!(learn(text, size).0.1, None, "{text:?} {size}");
            }
        }
    }

    #[test]
    fn no_more_is_in_memory_than_a_few_pieces() {
        let lines = "-- a comment\n".repeat(500);
        let rows = "INSERT INTO t VALUES ('x;y');\n".repeat(500);
        let text = format!("\u{feff}{lines}{rows}{lines}{rows}");
        let mut stream = stream(&text, 100, Reading::First(PieceHashes::default()));
        let mut count = 0;
        while stream.advance().unwrap() {
            assert!(stream.text.len() <= 300, "{}", stream.text.len());
            count += stream.statements().count();
        }
        assert_eq!(count, 1000);
    }

    #[test]
    fn a_long_statement_is_not_gone_through_for_each_piece() {
        let text = format!("a;\nSELECT '{}';\nb", "x".repeat(100_000));
        let mut stream = stream(&text, 100, Reading::First(PieceHashes::default()));
        let (mut windows, mut found) = (0, Vec::new());
        while stream.advance().unwrap() {
            windows += 1;
            found.extend(stream.statements().map(|it| it.unwrap().text.len()));
        }
        assert_eq!(found, [1, 100_009, 1]);
        assert!(windows < 16, "{windows}");
    }
}
