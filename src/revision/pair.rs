//! Where a revision's two scripts stand: one name in a folder that many share.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::revision::folder::{DOWN, UP};

/// The up script of a folder, and the down script beside it if there is one.
///
/// Thousands are held at once, so the paths are put together when they are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptPair {
    folder: Arc<Path>,
    /// The name of both without their endings.
    stem: Box<str>,
    has_down: bool,
}

impl ScriptPair {
    /// Takes the folder, the name without its ending, and whether there is a down script.
    pub fn new(folder: impl Into<Arc<Path>>, stem: impl Into<Box<str>>, has_down: bool) -> Self {
        Self { folder: folder.into(), stem: stem.into(), has_down }
    }

    /// Returns the path of the up script.
    pub fn up(&self) -> PathBuf {
        self.path(UP)
    }

    /// Returns the path of the down script; a revision without one is irreversible.
    pub fn down(&self) -> Option<PathBuf> {
        self.has_down.then(|| self.path(DOWN))
    }

    /// Tells whether there is a down script.
    pub fn has_down(&self) -> bool {
        self.has_down
    }

    fn path(&self, ending: &str) -> PathBuf {
        self.folder.join([&*self.stem, ending].concat())
    }
}
