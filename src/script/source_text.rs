//! The text of a script: held, or let go and read again when its turn comes.
//!
//! A plan of ten thousand revisions, or of a few large ones, needn't be in memory as a whole. What was
//! let go has left a fingerprint, so that nothing runs but what was checked. A large script for SQLite
//! is read piece by piece.

use std::borrow::Cow;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::place::Place;
use crate::revision::folder::read_script;
use crate::revision::{Checksum, RevisionError};
use crate::script::stream::{Prints, Stream};
use crate::script::{Span, variables};
use crate::sql::Dialect;

/// How many bytes of texts are held: most projects' all. A file is read in microseconds, but twice.
const MOST: usize = 1 << 20;

/// What of a file is kept until its turn comes.
#[derive(Debug, Clone)]
pub(super) enum Held {
    /// All of it.
    Text(Arc<String>),
    /// The checksum of its bytes.
    Fingerprint(Box<Checksum>),
    /// The checksums of its pieces: it is never taken as a whole to run it.
    Pieces(Arc<Prints>),
}

/// How much more may be held.
#[derive(Debug)]
pub(super) struct Room(usize);

impl Room {
    /// Takes how many steps there are: the text of the only one was in memory as a whole already.
    pub(super) fn for_steps(count: usize) -> Self {
        Self(if count == 1 { usize::MAX } else { MOST })
    }
}

impl Held {
    pub(super) fn new(text: String) -> Self {
        Self::Text(Arc::new(text))
    }

    /// Lets go of a text that a file has, unless there is room for it.
    pub(super) fn release(&mut self, room: &mut Room) {
        if let Self::Text(text) = self {
            match room.0.checked_sub(text.len()) {
                Some(left) => room.0 = left,
                None => *self = Self::Fingerprint(Box::new(Checksum::of_bytes(text.as_bytes()))),
            }
        }
    }

    /// Returns the text; a file that was edited meanwhile is an error.
    pub(super) fn read(&self, file: &Path) -> Result<Arc<String>, RevisionError> {
        match self {
            Self::Text(text) => Ok(Arc::clone(text)),
            Self::Fingerprint(fingerprint) => {
                let text = read_script(file)?;
                if Checksum::of_bytes(text.as_bytes()) != **fingerprint {
                    return Err(RevisionError::Changed { path: file.to_owned() });
                }
                Ok(Arc::new(text))
            }
            Self::Pieces(prints) => {
                let text = read_script(file)?;
                if !prints.are_of(text.as_bytes()) {
                    return Err(RevisionError::Changed { path: file.to_owned() });
                }
                Ok(Arc::new(text))
            }
        }
    }
}

/// The text of a script, and what is put into it.
#[derive(Debug, Clone)]
pub struct SourceText {
    /// The file, or a name for a stored script.
    pub file: PathBuf,
    pub(super) text: Held,
    /// The values of the variables that the script may use.
    pub(super) variables: Vec<(String, String)>,
    /// By whose rules values are quoted.
    pub(super) dialect: Dialect,
}

/// A script's text at hand.
#[derive(Debug, Clone)]
pub struct Text<'a> {
    source: &'a SourceText,
    text: Arc<String>,
}

impl SourceText {
    /// Makes the text of a step that runs nothing.
    pub(super) fn nothing(dialect: Dialect) -> Self {
        let (file, text, variables) = (PathBuf::new(), Held::new(String::new()), Vec::new());
        Self { file, text, variables, dialect }
    }

    /// Takes the text at hand, which may have to be read again.
    pub fn open(&self) -> Result<Text<'_>, RevisionError> {
        Ok(Text { source: self, text: self.text.read(&self.file)? })
    }

    /// Tells whether the text is never taken as a whole to run it.
    pub(crate) fn is_streamed(&self) -> bool {
        matches!(self.text, Held::Pieces(_))
    }

    /// Begins to read a text that is never taken as a whole, if it is one; a file of another length
    /// than it had is an error.
    pub(crate) fn stream(&self) -> Result<Option<Stream<File>>, RevisionError> {
        let Held::Pieces(prints) = &self.text else {
            return Ok(None);
        };
        Stream::again(&self.file, Arc::clone(prints)).map(Some)
    }
}

impl Text<'_> {
    /// Returns the file, or a name for a stored script.
    pub fn file(&self) -> &Path {
        &self.source.file
    }

    /// Returns the whole text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub(super) fn dialect(&self) -> Dialect {
        self.source.dialect
    }

    pub(super) fn variables(&self) -> &[(String, String)] {
        &self.source.variables
    }

    /// Returns a statement as the database gets it, its variables put in.
    pub fn statement(&self, span: Span) -> Cow<'_, str> {
        variables::substitute(self.written(span), &self.source.variables, self.source.dialect)
    }

    /// Returns a statement as it is written, without the values of variables: they may be secrets.
    pub fn written(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// Returns the place of a statement, or of a byte in it.
    ///
    /// Variables put in before the byte move it; then the statement's own place is the best.
    pub fn place(&self, span: Span, offset: Option<usize>) -> Place {
        let offset = offset.filter(|_| self.source.variables.is_empty()).unwrap_or(0);
        let range = span.range();
        Place::at_offset(&self.source.file, &self.text, range.start + offset.min(range.len()))
    }
}
