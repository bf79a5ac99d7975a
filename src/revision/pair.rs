//! The location of a revision's two scripts: one name in a shared folder.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::file;
use crate::revision::RevisionError;
use crate::revision::folder::{DOWN, UP, not_utf8, read_error};
use crate::revision::pieces::LARGE;

/// A size in bytes that few scripts exceed.
const USUAL: usize = 1 << 14;

/// An open versions folder: files are opened relative to it, so path lookups are short and it stays
/// the same folder even if it is renamed.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    #[cfg(unix)]
    file: Option<fs::File>,
}

/// The up script of a folder, and the down script beside it if there is one.
///
/// Thousands are held at once, so paths are assembled on demand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptPair {
    folder: Arc<Folder>,
    stem: Box<str>,
    has_down: bool,
    /// Whether the up script is too large to be held in memory.
    is_large: bool,
}

impl Folder {
    /// Opens a folder for reading its files.
    pub fn open(path: &Path) -> io::Result<Self> {
        Ok(Self {
            #[cfg(unix)]
            file: Some(fs::File::open(path)?),
            path: path.to_path_buf(),
        })
    }

    /// Makes a folder from which no file is read.
    pub fn named(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            #[cfg(unix)]
            file: None,
        }
    }

    /// Reads a file into a shared buffer, and returns its length.
    ///
    /// Most scripts are smaller than one read, so that their length needn't be queried. A large one
    /// returns none, since it must not be held in memory.
    fn read(&self, name: &str, buffer: &mut Vec<u8>) -> io::Result<Option<usize>> {
        let mut file = self.open_file(name)?;
        if buffer.len() < USUAL {
            buffer.resize(USUAL, 0);
        }
        let mut end = 0;
        loop {
            if end == buffer.len() {
                let length = file.metadata()?.len();
                if length > LARGE {
                    return Ok(None);
                }
                let length = usize::try_from(length).unwrap_or_default();
                buffer.resize(length.max(end) + USUAL, 0);
            }
            match file.read(buffer.get_mut(end..).unwrap_or_default()) {
                Ok(0) => return Ok(Some(end)),
                Ok(count) => end += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Reads a whole file; a small one via the stack, so that no excess capacity is allocated.
    fn read_all(&self, name: &str) -> io::Result<Vec<u8>> {
        let mut file = self.open_file(name)?;
        let mut small = [0; 4096];
        let mut end = 0;
        while end < small.len() {
            match file.read(small.get_mut(end..).unwrap_or_default()) {
                Ok(0) => return Ok(small.get(..end).unwrap_or_default().to_vec()),
                Ok(count) => end += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        let length = usize::try_from(file.metadata()?.len()).unwrap_or_default();
        let mut res = Vec::with_capacity(length.max(end) + 1);
        res.extend_from_slice(&small);
        file.read_to_end(&mut res)?;
        Ok(res)
    }

    #[cfg(unix)]
    fn open_file(&self, name: &str) -> io::Result<fs::File> {
        use rustix::fs::{Mode, OFlags, openat};
        let Some(folder) = &self.file else { return file::open(&self.path.join(name)) };
        // A pipe that has taken a script's place isn't waited for.
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK;
        let open = || openat(folder, name, flags, Mode::empty());
        Ok(rustix::io::retry_on_intr(open)?.into())
    }

    #[cfg(not(unix))]
    fn open_file(&self, name: &str) -> io::Result<fs::File> {
        file::open(&self.path.join(name))
    }
}

/// Folders are equal if their paths are.
impl PartialEq for Folder {
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path
    }
}

impl Eq for Folder {}

impl ScriptPair {
    /// Makes a pair from a folder and the name without its ending; it has no down script yet.
    pub fn new(folder: Arc<Folder>, stem: impl Into<Box<str>>) -> Self {
        Self { folder, stem: stem.into(), has_down: false, is_large: false }
    }

    /// Adds the down script beside the up script.
    pub(super) fn with_down(self) -> Self {
        Self { has_down: true, ..self }
    }

    /// Returns the path of the up script.
    pub fn up(&self) -> PathBuf {
        self.path(UP)
    }

    /// Returns the path of the down script; a revision without one is irreversible.
    pub fn down(&self) -> Option<PathBuf> {
        self.has_down.then(|| self.path(DOWN))
    }

    pub(crate) fn is_large(&self) -> bool {
        self.is_large
    }

    pub(super) fn set_large(&mut self) {
        self.is_large = true;
    }

    /// Tells whether there is a down script.
    pub fn has_down(&self) -> bool {
        self.has_down
    }

    /// Reads the up script as [`Folder::read`] does.
    pub(super) fn read_up(&self, buffer: &mut Vec<u8>) -> io::Result<Option<usize>> {
        self.folder.read(&self.name(UP), buffer)
    }

    /// Reads the whole up script as UTF-8, including any byte order mark.
    pub fn up_text(&self) -> Result<String, RevisionError> {
        self.text(UP)
    }

    /// Reads the whole down script as UTF-8, if there is one.
    pub fn down_text(&self) -> Result<Option<String>, RevisionError> {
        self.has_down.then(|| self.text(DOWN)).transpose()
    }

    fn text(&self, ending: &str) -> Result<String, RevisionError> {
        let bytes = self.folder.read_all(&self.name(ending));
        let bytes = bytes.map_err(|source| read_error(&self.path(ending), source))?;
        let text = String::from_utf8(bytes);
        text.map_err(|it| not_utf8(&self.path(ending), it.as_bytes(), it.utf8_error()))
    }

    fn path(&self, ending: &str) -> PathBuf {
        self.folder.path.join(self.name(ending))
    }

    fn name(&self, ending: &str) -> String {
        [&*self.stem, ending].concat()
    }
}
