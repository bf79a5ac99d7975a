//! The text of a script: held, or let go and read again when its turn comes.
//!
//! A plan of ten thousand revisions, or of a few large ones, needn't be in memory as a whole. What was
//! let go has left a fingerprint, so that nothing runs but what was checked. A large script for SQLite
//! is read piece by piece.

use std::borrow::Cow;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use twox_hash::XxHash3_128;

use crate::place::Place;
use crate::revision::{Node, Revision, RevisionError, ScriptPair, Source};
use crate::script::stream::{Prints, Stream};
use crate::script::{Span, variables};
use crate::sql::Dialect;

/// How many bytes of texts are held: most projects' all. A file is read in microseconds, but twice.
const MOST: usize = 1 << 20;

/// What of a file is kept until its turn comes.
#[derive(Debug, Clone)]
pub(super) enum Held {
    /// All of it.
    Text(Arc<str>),
    /// Its fingerprint.
    Print([u8; 16]),
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
        Self::Text(text.into())
    }

    /// Lets go of a text that a file has, unless there is room for it.
    pub(super) fn release(&mut self, room: &mut Room) {
        if let Self::Text(text) = self {
            match room.0.checked_sub(text.len()) {
                Some(left) => room.0 = left,
                None => *self = Self::Print(print(text.as_bytes())),
            }
        }
    }

    /// Returns the fingerprint of the text, by which it is known again.
    pub(super) fn print(&self) -> [u8; 16] {
        match self {
            Self::Text(text) => print(text.as_bytes()),
            Self::Print(print) => *print,
            Self::Pieces(prints) => prints.print(),
        }
    }

    /// Returns the text, which may have to be read again; none if its file was edited meanwhile.
    pub(super) fn text(
        &self,
        read: impl FnOnce() -> Result<String, RevisionError>,
    ) -> Result<Option<Arc<str>>, RevisionError> {
        let is_same: &dyn Fn(&[u8]) -> bool = match self {
            Self::Text(text) => return Ok(Some(Arc::clone(text))),
            Self::Print(known) => &|bytes| print(bytes) == *known,
            Self::Pieces(prints) => &|bytes| prints.are_of(bytes),
        };
        let text = read()?;
        Ok(is_same(text.as_bytes()).then(|| text.into()))
    }
}

/// Where a text comes from.
#[derive(Debug, Clone)]
pub(super) enum Origin {
    /// A script of a folder, by the revisions of a graph: a plan has thousands of them, whose paths are
    /// put together when they are asked for.
    Folder { revisions: Arc<Vec<Revision>>, node: Node, is_up: bool },
    /// Something else, or nothing, and what messages call it.
    Named(Box<Path>),
}

fn print(bytes: &[u8]) -> [u8; 16] {
    XxHash3_128::oneshot(bytes).to_ne_bytes()
}

/// The text of a script, and what is put into it.
#[derive(Debug, Clone)]
pub struct SourceText {
    pub(super) origin: Origin,
    pub(super) text: Held,
    /// The values of the variables that the script may use.
    pub(super) variables: Box<[(String, String)]>,
    /// By whose rules values are quoted.
    pub(super) dialect: Dialect,
    /// What looks like a variable within quotes and stays text, for nobody declared it.
    pub(super) undeclared: Box<[Undeclared]>,
}

/// What looks like a variable and stays text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undeclared {
    /// Where it stands.
    pub place: Place,
    /// The name of the variable.
    pub name: String,
}

/// A script's text at hand.
#[derive(Debug, Clone)]
pub struct Text<'a> {
    source: &'a SourceText,
    text: Arc<str>,
}

impl Origin {
    fn pair(&self) -> Option<&ScriptPair> {
        match self {
            Self::Folder { revisions, node, .. } => match &revisions.get(node.index())?.source {
                Source::Files(pair) => Some(pair),
                Source::Embedded(_) | Source::Stored { .. } => None,
            },
            Self::Named(_) => None,
        }
    }

    /// Reads the text once more.
    fn read(&self) -> Result<String, RevisionError> {
        match (self, self.pair()) {
            (Self::Folder { is_up: true, .. }, Some(pair)) => pair.up_text(),
            (Self::Folder { is_up: false, .. }, Some(pair)) => {
                Ok(pair.down_text()?.unwrap_or_default())
            }
            // What has no file isn't let go.
            (Self::Folder { .. } | Self::Named(_), _) => Ok(String::new()),
        }
    }
}

impl SourceText {
    /// Makes the text of a step that runs nothing.
    pub(super) fn nothing(dialect: Dialect) -> Self {
        let origin = Origin::Named(Path::new("").into());
        Self {
            origin,
            text: Held::new(String::new()),
            variables: Box::default(),
            dialect,
            undeclared: Box::default(),
        }
    }

    /// Returns the file, or a name for a stored script; nothing for a step that runs nothing.
    pub fn file(&self) -> Cow<'_, Path> {
        match &self.origin {
            Origin::Named(name) => Cow::Borrowed(name),
            Origin::Folder { is_up, .. } => {
                let path = |pair: &ScriptPair| if *is_up { Some(pair.up()) } else { pair.down() };
                Cow::Owned(self.origin.pair().and_then(path).unwrap_or_default())
            }
        }
    }

    /// Finds the first variable in a statement of the script that its head doesn't declare.
    pub fn undeclared<'a>(&self, statement: &'a str) -> Option<&'a str> {
        variables::undeclared(statement, &self.variables)
    }

    /// Takes the text at hand, which may have to be read again.
    pub fn open(&self) -> Result<Text<'_>, RevisionError> {
        let changed = || RevisionError::Changed { path: self.file().into_owned() };
        let text = self.text.text(|| self.origin.read())?;
        Ok(Text { source: self, text: text.ok_or_else(changed)? })
    }

    /// Returns the dialect that the text is in.
    pub(crate) fn dialect(&self) -> Dialect {
        self.dialect
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
        Stream::again(&self.file(), Arc::clone(prints)).map(Some)
    }
}

impl Text<'_> {
    /// Returns the file, or a name for a stored script.
    pub fn file(&self) -> Cow<'_, Path> {
        self.source.file()
    }

    /// Returns the whole text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub(crate) fn dialect(&self) -> Dialect {
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
        Place::at_offset(&self.file(), &self.text, range.start + offset.min(range.len()))
    }
}
