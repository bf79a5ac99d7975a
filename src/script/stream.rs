//! Large scripts for SQLite, which are read piece by piece: once to check them, and again to run them.
//!
//! The first time leaves a checksum of each piece. The second time a piece is compared with its own
//! before any statement that ends in it runs, so that nothing runs but what was checked.

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

/// What is known of a file's bytes.
#[derive(Debug, Default)]
pub(crate) struct Prints {
    /// The length of the file.
    length: u64,
    pieces: Vec<u128>,
}

impl Prints {
    /// Reads the whole file that was checked.
    pub(super) fn read(&self, path: &Path) -> Result<String, RevisionError> {
        let bytes = file::statements(path, file::Found::ByCustom);
        let bytes =
            bytes.map_err(|source| RevisionError::Read { path: path.to_owned(), source })?;
        let is_same = bytes.chunks(PIECE).map(XxHash3_128::oneshot).eq(self.pieces.iter().copied());
        // What was checked is text.
        String::from_utf8(bytes)
            .ok()
            .filter(|_| is_same)
            .ok_or_else(|| RevisionError::Changed { path: path.to_owned() })
    }
}

/// The statements of a file of which only a window is in memory.
#[derive(Debug)]
pub(crate) struct Stream<R> {
    path: PathBuf,
    pieces: Pieces<R>,
    size: usize,
    prints: Known,
    /// What is in memory, and where in the file it begins.
    text: String,
    start: usize,
    /// Up to where the statements in it have been handed over.
    end: usize,
    is_last: bool,
}

/// What is known of the pieces that come.
#[derive(Debug)]
enum Known {
    /// Nothing: their checksums are taken.
    New(Prints),
    /// Their checksums, of which so many were compared.
    Again(Arc<Prints>, usize),
}

impl Known {
    /// Takes a piece, and tells whether it is the one that was checked.
    fn pass(&mut self, bytes: &[u8]) -> bool {
        let sum = XxHash3_128::oneshot(bytes);
        match self {
            Self::New(prints) => {
                prints.pieces.push(sum);
                prints.length += bytes.len() as u64;
                true
            }
            Self::Again(prints, passed) => {
                *passed += 1;
                prints.pieces.get(*passed - 1) == Some(&sum)
            }
        }
    }

    /// Tells whether no piece is missing.
    fn is_whole(&self) -> bool {
        match self {
            Self::New(_) => true,
            Self::Again(prints, passed) => prints.pieces.len() == *passed,
        }
    }
}

impl Stream<File> {
    /// Begins to read a file that was never read before.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        Ok(Self::new(path, file::open(path)?, PIECE, Known::New(Prints::default())))
    }

    /// Begins to read a file that was checked.
    pub(super) fn again(path: &Path, prints: Arc<Prints>) -> Result<Self, RevisionError> {
        let error = |source| RevisionError::Read { path: path.to_owned(), source };
        let file = file::open(path).map_err(error)?;
        if file.metadata().map_err(error)?.len() != prints.length {
            return Err(RevisionError::Changed { path: path.to_owned() });
        }
        Ok(Self::new(path, file, PIECE, Known::Again(prints, 0)))
    }
}

impl<R: Read> Stream<R> {
    fn new(path: &Path, source: R, size: usize, prints: Known) -> Self {
        let (path, pieces, text) = (path.to_owned(), Pieces::new(source, size), String::new());
        Self { path, pieces, size, prints, text, start: 0, end: 0, is_last: false }
    }

    /// Returns the length of the file, as it was found when it was checked.
    pub(crate) fn length(&self) -> u64 {
        match &self.prints {
            Known::New(prints) => prints.length,
            Known::Again(prints, _) => prints.length,
        }
    }

    /// Returns what a later reading has to agree with.
    pub(super) fn into_prints(self) -> Option<Prints> {
        match self.prints {
            Known::New(prints) => Some(prints),
            Known::Again(..) => None,
        }
    }

    /// Goes on to the next window, behind the statements that were handed over; tells whether there
    /// is one.
    ///
    /// A statement that didn't end in the window makes it twice as large, so that none is gone through
    /// more than a few times.
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
                    self.prints.pass(piece.bytes)
                }
                Ok(None) => {
                    self.is_last = true;
                    self.prints.is_whole()
                }
                // What was checked is text.
                Err(error) if error.kind() == io::ErrorKind::InvalidData => false,
                Err(source) => {
                    return Err(RevisionError::Read { path: self.path.clone(), source });
                }
            };
            if !is_known {
                return Err(RevisionError::Changed { path: self.path.clone() });
            }
        }
        Ok(true)
    }

    /// Hands over the statements that end in the window.
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

/// The statements that end in a window.
pub(crate) struct Statements<'a> {
    has_nul: bool,
    text: &'a str,
    start: usize,
    end: &'a mut usize,
    is_last: bool,
}

/// A statement of a file.
pub(crate) struct Found<'a> {
    /// Its text.
    pub(crate) text: &'a str,
    /// The offset of the statement in the file, in bytes.
    pub(crate) offset: usize,
    pub(super) more: More<'a>,
}

/// What else there is to know of a statement.
pub(super) enum More<'a> {
    /// It begins like one that only reads or changes rows.
    Rows,
    /// Whatever its tokens tell.
    Of(Statement<'a>),
}

/// The text can't be split; it has no place, for the whole text tells it.
#[derive(Debug)]
pub(crate) struct Faulty;

impl<'a> Iterator for Statements<'a> {
    type Item = Result<Found<'a>, Faulty>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.has_nul {
            return Some(Err(Faulty));
        }
        self.looked_at().map(Ok).or_else(|| self.lexed())
    }
}

impl<'a> Statements<'a> {
    fn pass(&mut self, range: Range<usize>, end: usize, more: More<'a>) -> Option<Found<'a>> {
        *self.end = end;
        Some(Found { offset: self.start + range.start, text: self.text.get(range)?, more })
    }

    /// Returns the next statement if it takes no more than a look.
    fn looked_at(&mut self) -> Option<Found<'a>> {
        let (range, end) = statement_of_rows(self.text, *self.end)?;
        if end == self.text.len() && !self.is_last {
            return None;
        }
        self.pass(range, end, More::Rows)
    }

    /// Returns the next statement as the lexer finds it: no state of it outlives a delimiter of SQLite.
    fn lexed(&mut self) -> Option<Result<Found<'a>, Faulty>> {
        let from = *self.end;
        let rest = self.text.get(from..)?;
        match Splitter::without_nul(rest, Dialect::Sqlite).next()? {
            // What ends with the window has maybe only been cut.
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

/// Measures the whole lines of comments and blanks where a statement may begin: a script may begin
/// with a book. The last line's end stays, for what follows may be blank only after a blank.
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

    /// What a text is made of where something could go wrong.
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

    type Found = (Vec<(usize, String)>, Option<()>);

    /// Reads all statements with their offsets, and whether the text came to its end.
    fn read(stream: &mut Stream<&[u8]>) -> Found {
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

    fn stream(text: &str, size: usize, known: Known) -> Stream<&[u8]> {
        Stream::new(Path::new("a.sql"), text.as_bytes(), size, known)
    }

    fn learn(text: &str, size: usize) -> (Found, Prints) {
        let mut first = stream(text, size, Known::New(Prints::default()));
        let found = read(&mut first);
        (found, first.into_prints().unwrap())
    }

    /// Splits a text at once.
    fn split(text: &str) -> Found {
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
            let (found, prints) = learn(&text, size);
            prop_assert_eq!(&found, &split(&text));
            prop_assert_eq!(prints.length, text.len() as u64);
            let again = read(&mut stream(&text, size, Known::Again(Arc::new(prints), 0)));
            prop_assert_eq!(found, again);
        }

        #[test]
        fn nothing_is_handed_over_but_what_was_checked(
            text in parts(), other in parts(), at in 0..60_usize, size in 1..20_usize,
        ) {
            let (found, prints) = learn(&text, size);
            let at = text.floor_char_boundary(at);
            let edited = [&text[..at], &other, &text[at..]].concat();
            let again = read(&mut stream(&edited, size, Known::Again(Arc::new(prints), 0)));
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
        let mut stream = stream(&text, 100, Known::New(Prints::default()));
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
        let mut stream = stream(&text, 100, Known::New(Prints::default()));
        let (mut windows, mut found) = (0, Vec::new());
        while stream.advance().unwrap() {
            windows += 1;
            found.extend(stream.statements().map(|it| it.unwrap().text.len()));
        }
        assert_eq!(found, [1, 100_009, 1]);
        assert!(windows < 16, "{windows}");
    }
}
