//! Revisions: the script pairs in the versions folders, and the graph that they form.
//!
//! This module reads and writes files. It knows nothing of databases, nor of what is applied.

pub mod checksum;
pub mod embedded;
pub mod find;
pub mod folder;
pub mod graph;
pub mod header;
pub mod id;
pub mod name;
pub mod stranger;
pub mod unwritten;
pub mod write;

mod key;
pub(crate) mod large;
mod links;
mod node;
mod operation;
mod pair;
pub(crate) mod pieces;

use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::place::Place;

pub use checksum::Checksum;
pub use embedded::{Embedded, EmbeddedPair};
pub use graph::{Follow, Graph, GraphError};
pub use header::{
    DownHeader, ExtraKeys, Extras, ForeignKeys, Head, Header, HeaderError, HeaderProblem, Key,
    RunBy, Wrapping,
};
pub use id::{Ids, NameError, RevisionId, check_name};
pub use node::{Node, NodeSet};
pub use operation::Operation;
pub use pair::{Folder, ScriptPair};
pub use stranger::{Shape, Stranger};

/// One revision: what its head says, and where its scripts are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// What the head of the up script says.
    pub header: Header,
    /// The checksum of the up script's body.
    pub checksum: Checksum,
    /// Where the scripts are.
    pub source: Source,
}

/// Where a revision's scripts are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// In a versions folder.
    Files(ScriptPair),
    /// In the program itself, which was built with them.
    Embedded(Box<EmbeddedPair>),
    /// In the version table alone: the revision is applied and its files are gone.
    Stored {
        /// The down script as it was when the revision was applied.
        down: Option<String>,
    },
}

impl Revision {
    /// Returns the revision's id.
    pub fn id(&self) -> &RevisionId {
        &self.header.revision
    }

    /// Tells whether there is an up script.
    pub fn has_up(&self) -> bool {
        !matches!(self.source, Source::Stored { .. })
    }

    /// Returns the path of the up script, if there is one; an embedded script bears it as a name.
    pub fn up(&self) -> Option<Cow<'_, Path>> {
        match &self.source {
            Source::Files(pair) => Some(Cow::Owned(pair.up())),
            Source::Embedded(pair) => Some(Cow::Borrowed(&pair.up.path)),
            Source::Stored { .. } => None,
        }
    }

    /// Returns the path of the down script, if there is one.
    pub fn down(&self) -> Option<Cow<'_, Path>> {
        match &self.source {
            Source::Files(pair) => pair.down().map(Cow::Owned),
            Source::Embedded(pair) => pair.down.as_ref().map(|it| Cow::Borrowed(it.path.as_path())),
            Source::Stored { .. } => None,
        }
    }

    /// Returns the text of the up script, if there is one; a file is read.
    pub fn up_text(&self) -> Result<Option<Cow<'_, str>>, RevisionError> {
        match &self.source {
            Source::Files(pair) => pair.up_text().map(|it| Some(Cow::Owned(it))),
            Source::Embedded(pair) => Ok(Some(Cow::Borrowed(pair.up.text.as_ref()))),
            Source::Stored { .. } => Ok(None),
        }
    }
}

/// A script or a folder that can't be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RevisionError {
    /// The head of a script is wrong.
    #[error("{problem}")]
    Head {
        /// Where.
        place: Box<Place>,
        /// What is wrong.
        problem: HeaderProblem,
    },
    /// A script holds bytes that are no UTF-8.
    #[error("the file is not UTF-8")]
    NotUtf8 {
        /// Where the first such byte is.
        place: Box<Place>,
    },
    /// A file or a folder can't be read.
    #[error("can't read `{}`", path.display())]
    Read {
        /// The path.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A script isn't what it was when the run began.
    #[error("`{}` was edited while it was about to run", path.display())]
    Changed {
        /// The path.
        path: PathBuf,
    },
    /// A versions folder isn't there.
    #[error("the versions folder `{}` does not exist", path.display())]
    NoFolder {
        /// The path.
        path: PathBuf,
    },
    /// Something named like a script is no file.
    #[error("`{}` is named like a script and is no file", path.display())]
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// A script is a link, and what it leads to isn't there.
    #[error("`{}` is a link to `{}`, which is not there", path.display(), target.display())]
    DeadLink {
        /// The path.
        path: PathBuf,
        /// Where it leads to.
        target: PathBuf,
    },
    /// A new script would have a name under which it isn't read.
    #[error("`{}` is never read: a part of its name begins with `.` or `#`", path.display())]
    PassedOver {
        /// The path.
        path: PathBuf,
    },
    /// A new script's file is already there.
    #[error("`{}` already exists", path.display())]
    Exists {
        /// The path.
        path: PathBuf,
    },
    /// A file can't be written.
    #[error("can't write `{}`", path.display())]
    Write {
        /// The path.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl RevisionError {
    /// Returns the place that the error is about, if it is one in a text.
    pub fn place(&self) -> Option<&Place> {
        match self {
            Self::Head { place, .. } | Self::NotUtf8 { place } => Some(place),
            Self::Read { .. }
            | Self::Changed { .. }
            | Self::NoFolder { .. }
            | Self::NotAFile { .. }
            | Self::DeadLink { .. }
            | Self::PassedOver { .. }
            | Self::Exists { .. }
            | Self::Write { .. } => None,
        }
    }

    /// Returns the file that the error is about, if it is one.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Head { place, .. } | Self::NotUtf8 { place } => Some(&place.file),
            Self::Read { path, .. }
            | Self::Changed { path }
            | Self::NoFolder { path }
            | Self::NotAFile { path }
            | Self::DeadLink { path, .. }
            | Self::PassedOver { path }
            | Self::Exists { path }
            | Self::Write { path, .. } => Some(path),
        }
    }
}
