//! The text of a script: in memory as it was checked, or, for a large one of SQLite, read in
//! pieces.

use std::borrow::Cow;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use crate::place::Place;
use crate::revision::RevisionError;
use crate::script::stream::{PieceHashes, Stream};
use crate::script::{Span, variables};
use crate::sql::Dialect;

/// The text of a script, and the values filled into it.
#[derive(Debug, Clone)]
pub struct SourceText {
    /// The file, or the name in messages for a text without one.
    pub(super) file: Box<Path>,
    pub(super) body: Body,
    /// The values of the variables that the script declares.
    pub(super) variables: Box<[(String, String)]>,
    /// The dialect by which values are quoted.
    pub(super) dialect: Dialect,
    /// Text within quotes that resembles an undeclared variable and is not replaced.
    pub(super) undeclared: Box<[Undeclared]>,
}

/// The text of a script as it was checked.
#[derive(Debug, Clone)]
pub(super) enum Body {
    Whole(Arc<str>),
    /// The hashes of a large text's pieces, which is not in memory.
    Pieces(Arc<PieceHashes>),
}

/// Text that resembles a variable and is not replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undeclared {
    /// The place of the name in its script.
    pub place: Place,
    /// The name of the variable.
    pub name: String,
}

/// The text of a script, opened for reading.
#[derive(Debug, Clone)]
pub struct Text<'a> {
    source: &'a SourceText,
    text: Arc<str>,
}

impl SourceText {
    /// Makes a text without variables.
    pub(super) fn new(file: &Path, text: String, dialect: Dialect) -> Self {
        Self {
            file: file.into(),
            body: Body::Whole(text.into()),
            variables: Box::default(),
            dialect,
            undeclared: Box::default(),
        }
    }

    /// Makes the text of a step without a script.
    pub(super) fn nothing(dialect: Dialect) -> Self {
        Self::new(Path::new(""), String::new(), dialect)
    }

    /// Returns the file, or a name for a stored script; empty for a step without a script.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Finds the first reference in a statement to a variable that the header doesn't declare.
    pub fn undeclared<'a>(&self, statement: &'a str) -> Option<&'a str> {
        variables::undeclared(statement, &self.variables)
    }

    /// Opens the text; a large one is read again, and is an error if its file was edited.
    pub fn open(&self) -> Result<Text<'_>, RevisionError> {
        let text = match &self.body {
            Body::Whole(text) => Arc::clone(text),
            Body::Pieces(hashes) => hashes.read(&self.file)?.into(),
        };
        Ok(Text { source: self, text })
    }

    pub(crate) fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Tells whether the text is never held as a whole to be run.
    pub(crate) fn is_streamed(&self) -> bool {
        matches!(self.body, Body::Pieces(_))
    }

    /// Starts streaming a text that is never held as a whole; a file of another length than before
    /// is an error.
    pub(crate) fn stream(&self) -> Result<Option<Stream<File>>, RevisionError> {
        let Body::Pieces(hashes) = &self.body else { return Ok(None) };
        Stream::again(&self.file, Arc::clone(hashes)).map(Some)
    }
}

impl Text<'_> {
    /// Returns the file, or a name for a stored script.
    pub fn file(&self) -> &Path {
        self.source.file()
    }

    /// Returns the whole text of the script.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub(crate) fn dialect(&self) -> Dialect {
        self.source.dialect
    }

    pub(super) fn variables(&self) -> &[(String, String)] {
        &self.source.variables
    }

    /// Returns a statement with its variables filled in.
    pub fn statement(&self, span: Span) -> Cow<'_, str> {
        variables::substitute(self.written(span), &self.source.variables, self.source.dialect)
    }

    /// Returns a statement as it is written, without the values of variables: they may be secrets.
    pub fn written(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// Returns the place of a statement, or of an offset in it.
    ///
    /// Variables filled in before the offset shift it; then the place is that of the statement.
    pub fn place(&self, span: Span, offset: Option<usize>) -> Place {
        let offset = offset.filter(|_| self.source.variables.is_empty()).unwrap_or(0);
        let range = span.range();
        Place::at_offset(self.file(), &self.text, range.start + offset.min(range.len()))
    }
}
