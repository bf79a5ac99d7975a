//! The text of a script: in memory as it was checked, or, of a large one for SQLite, read piece by piece.

use std::borrow::Cow;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use crate::place::Place;
use crate::revision::RevisionError;
use crate::script::stream::{Prints, Stream};
use crate::script::{Span, variables};
use crate::sql::Dialect;

/// The text of a script, and what is put into it.
#[derive(Debug, Clone)]
pub struct SourceText {
    /// The file, or what messages call a text that has none.
    pub(super) file: Box<Path>,
    pub(super) body: Body,
    /// The values of the variables that the script may use.
    pub(super) variables: Box<[(String, String)]>,
    /// By whose rules values are quoted.
    pub(super) dialect: Dialect,
    /// What looks like a variable within quotes and stays text, for nobody declared it.
    pub(super) undeclared: Box<[Undeclared]>,
}

/// The text of a script as it was checked.
#[derive(Debug, Clone)]
pub(super) enum Body {
    /// All of it.
    Whole(Arc<str>),
    /// The checksums of the pieces of a large one, which is not in memory.
    Pieces(Arc<Prints>),
}

/// What looks like a variable and stays text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undeclared {
    /// The place of the name in its script.
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

impl SourceText {
    /// Takes a text that no variable is put into.
    pub(super) fn new(file: &Path, text: String, dialect: Dialect) -> Self {
        Self {
            file: file.into(),
            body: Body::Whole(text.into()),
            variables: Box::default(),
            dialect,
            undeclared: Box::default(),
        }
    }

    /// Makes the text of a step that runs nothing.
    pub(super) fn nothing(dialect: Dialect) -> Self {
        Self::new(Path::new(""), String::new(), dialect)
    }

    /// Returns the file, or a name for a stored script; nothing for a step that runs nothing.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Finds the first variable in a statement of the script that its head doesn't declare.
    pub fn undeclared<'a>(&self, statement: &'a str) -> Option<&'a str> {
        variables::undeclared(statement, &self.variables)
    }

    /// Takes the text at hand; a large one is read again, and is an error if its file was edited.
    pub fn open(&self) -> Result<Text<'_>, RevisionError> {
        let text = match &self.body {
            Body::Whole(text) => Arc::clone(text),
            Body::Pieces(prints) => prints.read(&self.file)?.into(),
        };
        Ok(Text { source: self, text })
    }

    /// Returns the dialect that the text is in.
    pub(crate) fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Tells whether the text is never taken as a whole to run it.
    pub(crate) fn is_streamed(&self) -> bool {
        matches!(self.body, Body::Pieces(_))
    }

    /// Begins to read a text that is never taken as a whole, if it is one; a file of another length
    /// than it had is an error.
    pub(crate) fn stream(&self) -> Result<Option<Stream<File>>, RevisionError> {
        let Body::Pieces(prints) = &self.body else {
            return Ok(None);
        };
        Stream::again(&self.file, Arc::clone(prints)).map(Some)
    }
}

impl Text<'_> {
    /// Returns the file, or a name for a stored script.
    pub fn file(&self) -> &Path {
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
        Place::at_offset(self.file(), &self.text, range.start + offset.min(range.len()))
    }
}
