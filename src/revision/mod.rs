//! Revisions: the script pairs in the versions folders, and their graph.
//!
//! This module reads and writes files. It uses no database, and doesn't depend on the applied
//! revisions.

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
    DownHeader, ExtraKeys, Extras, ForeignKeys, Header, HeaderError, HeaderProblem, Key,
    ParsedHeader, RunBy, Wrapping,
};
pub use id::{Ids, NameError, RevisionId, check_name};
pub use node::{Node, NodeSet};
pub use operation::Operation;
pub use pair::{Folder, ScriptPair};
pub use stranger::{Shape, Stranger};

/// A revision: the values of its header, and the location of its scripts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// The header of the up script.
    pub header: Header,
    /// The checksum of the up script's body.
    pub checksum: Checksum,
    /// The location of the scripts.
    pub source: Source,
}

/// The location of a revision's scripts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The scripts are in a versions folder.
    Files(ScriptPair),
    /// The scripts are built into the program.
    Embedded(Box<EmbeddedPair>),
    /// The scripts are in the version table only: the revision is applied and its files are gone.
    Stored {
        /// The down script as it was when the revision was applied.
        down: Option<String>,
    },
}

impl Revision {
    /// Returns the id of the revision.
    pub fn id(&self) -> &RevisionId {
        &self.header.revision
    }

    /// Tells whether there is an up script.
    pub fn has_up(&self) -> bool {
        !matches!(self.source, Source::Stored { .. })
    }

    /// Returns the path of the up script, if there is one; an embedded script's name serves as one.
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

/// The reason why a script or a folder can't be used.
#[derive(Debug, Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the message of a variant names its fields")]
pub enum RevisionError {
    /// The header of a script is invalid.
    #[error("{problem}")]
    Header { place: Box<Place>, problem: HeaderProblem },
    /// A script is not valid UTF-8.
    #[error("the file is not UTF-8")]
    NotUtf8 { place: Box<Place> },
    /// A file or a folder can't be read.
    #[error("can't read `{}`", path.display())]
    Read {
        /// The path of the file or folder.
        path: PathBuf,
        source: io::Error,
    },
    /// A script was changed after the run began.
    #[error("`{}` was edited while it was about to run", path.display())]
    Changed { path: PathBuf },
    /// A versions folder doesn't exist.
    #[error("the versions folder `{}` does not exist", path.display())]
    NoFolder { path: PathBuf },
    /// A path with a script's name is not a file.
    #[error("`{}` has the name of a script but is not a file", path.display())]
    NotAFile { path: PathBuf },
    /// A script is a dead link.
    #[error("`{}` is a link to `{}`, which doesn't exist", path.display(), target.display())]
    DeadLink { path: PathBuf, target: PathBuf },
    /// A new script would get a name under which it isn't read.
    #[error("`{}` is never read: a part of its name begins with `.` or `#`", path.display())]
    PassedOver { path: PathBuf },
    /// The file of a new script exists already.
    #[error("`{}` already exists", path.display())]
    Exists { path: PathBuf },
    /// A file can't be written.
    #[error("can't write `{}`", path.display())]
    Write { path: PathBuf, source: io::Error },
}

impl RevisionError {
    /// Returns the position in a file at which the error occurred, if there is one.
    pub fn place(&self) -> Option<&Place> {
        match self {
            Self::Header { place, .. } | Self::NotUtf8 { place } => Some(place),
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

    /// Returns the path of the file concerned, if there is one.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Header { place, .. } | Self::NotUtf8 { place } => Some(&place.file),
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
