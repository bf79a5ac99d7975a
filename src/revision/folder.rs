//! Reads the script pairs of the versions folders.
//!
//! The order is Alembic's: the folders as configured, the files of each by name. It matters where
//! the graph leaves an order open.

use std::collections::{BTreeSet, HashSet};
use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::str;

use crate::place::Place;
use crate::revision::large;
use crate::revision::pieces::LARGE;
use crate::revision::{Checksum, Header, HeaderError, Revision, RevisionError, Source};

/// The ending of an up script's name.
pub const UP: &str = ".up.sql";
/// The ending of a down script's name.
pub const DOWN: &str = ".down.sql";

/// How many bytes few scripts are longer than.
const USUAL: usize = 1 << 14;

/// Whether folders inside the versions folders are read, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Only the folders themselves.
    Flat,
    /// All that is below them.
    Recursive,
}

/// What the versions folders hold.
#[derive(Debug, Default)]
pub struct Contents {
    /// The revisions, in Alembic's order.
    pub revisions: Vec<Revision>,
    /// Down scripts that have no up script.
    pub orphans: Vec<PathBuf>,
}

/// Reads every revision of the folders; a folder that is reached twice counts once.
pub fn read(folders: &[PathBuf], depth: Depth) -> Result<Contents, RevisionError> {
    let mut res = Contents::default();
    let mut seen = HashSet::new();
    for folder in folders {
        read_folder(folder, depth, &mut seen, &mut res)?;
    }
    Ok(res)
}

/// Reads a whole script as UTF-8; a byte order mark stays in it.
pub fn read_script(path: &Path) -> Result<String, RevisionError> {
    let bytes = fs::read(path).map_err(|source| read_error(path, source))?;
    String::from_utf8(bytes).map_err(|error| not_utf8(path, error.as_bytes(), error.utf8_error()))
}

/// Gives bytes that are no UTF-8 their place in the file.
pub(crate) fn not_utf8(path: &Path, bytes: &[u8], error: str::Utf8Error) -> RevisionError {
    let text = String::from_utf8_lossy(bytes);
    RevisionError::NotUtf8 { place: Box::new(Place::at_offset(path, &text, error.valid_up_to())) }
}

/// Reads a file into memory that others have used before, and tells how much of that it takes.
///
/// Most scripts are smaller than one read, and needn't be asked for their length. Of a large one
/// nothing is told: it is not to be in memory.
fn read_into(path: &Path, buffer: &mut Vec<u8>) -> io::Result<Option<usize>> {
    let mut file = fs::File::open(path)?;
    if buffer.is_empty() {
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

/// Reads a revision from its up script.
pub fn read_revision(up: PathBuf, down: Option<PathBuf>) -> Result<Revision, RevisionError> {
    read_with(&mut Vec::new(), up, down)
}

/// Reads a revision into memory that others have used before.
fn read_with(
    buffer: &mut Vec<u8>,
    up: PathBuf,
    down: Option<PathBuf>,
) -> Result<Revision, RevisionError> {
    let length = read_into(&up, buffer).map_err(|source| read_error(&up, source))?;
    let read = if let Some(length) = length {
        let bytes = buffer.get(..length).unwrap_or_default();
        let text = str::from_utf8(bytes).map_err(|error| not_utf8(&up, bytes, error))?;
        read_text(&up, text)?
    } else {
        match large::read(&up) {
            Some(read) => read,
            // The whole text tells what is wrong with it.
            None => read_text(&up, &read_script(&up)?)?,
        }
    };
    Ok(Revision { source: Source::Files { up, down }, ..read })
}

/// Reads what an up script's text tells of its revision; where the text is, the caller knows.
pub(crate) fn read_text(up: &Path, text: &str) -> Result<Revision, RevisionError> {
    let head = Header::parse(text).map_err(|error| placed(up, text, error))?;
    let body = text.get(head.body..).unwrap_or_default();
    Ok(Revision {
        checksum: Checksum::of(body),
        header: head.header,
        lines: head.lines,
        source: Source::Stored { down: None },
    })
}

/// Gives a fault of a head its place in the file.
pub fn placed(path: &Path, text: &str, error: HeaderError) -> RevisionError {
    let place = Place::at(path, text, error.line, error.column);
    RevisionError::Head { place: Box::new(place), problem: error.problem }
}

fn read_folder(
    folder: &Path,
    depth: Depth,
    seen: &mut HashSet<PathBuf>,
    res: &mut Contents,
) -> Result<(), RevisionError> {
    let real = folder.canonicalize().map_err(|source| {
        if source.kind() == io::ErrorKind::NotFound {
            RevisionError::NoFolder { path: folder.to_path_buf() }
        } else {
            read_error(folder, source)
        }
    })?;
    if !seen.insert(real) {
        return Ok(());
    }
    let listing = Listing::of(folder)?;
    let mut buffer = Vec::new();
    for stem in listing.stems.chunk_by(|one, next| one.name == next.name) {
        let path = |ending: &str| {
            let name = stem.first().map_or("", |it| it.name.as_str());
            folder.join([name, ending].concat())
        };
        let has = |kind| stem.iter().any(|it| it.kind == kind);
        if has(Kind::Up) {
            let down = has(Kind::Down).then(|| path(DOWN));
            res.revisions.push(read_with(&mut buffer, path(UP), down)?);
        } else {
            res.orphans.push(path(DOWN));
        }
    }
    if depth == Depth::Recursive {
        for name in &listing.folders {
            read_folder(&folder.join(name), depth, seen, res)?;
        }
    }
    Ok(())
}

/// The names in one folder that matter, sorted.
#[derive(Default)]
struct Listing {
    stems: Vec<Stem>,
    folders: BTreeSet<std::ffi::OsString>,
}

/// A script's name without its ending.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Stem {
    name: String,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Up,
    Down,
}

impl Listing {
    fn of(folder: &Path) -> Result<Self, RevisionError> {
        let mut res = Self::default();
        for entry in fs::read_dir(folder).map_err(|source| read_error(folder, source))? {
            let entry = entry.map_err(|source| read_error(folder, source))?;
            res.add(&entry)?;
        }
        res.stems.sort_unstable();
        Ok(res)
    }

    fn add(&mut self, entry: &fs::DirEntry) -> Result<(), RevisionError> {
        let name = entry.file_name();
        let stem = |ending| name.to_str().and_then(|name: &str| name.strip_suffix(ending));
        let (stem, script) = match (stem(UP), stem(DOWN)) {
            (Some(stem), _) => (stem, Kind::Up),
            (None, Some(stem)) => (stem, Kind::Down),
            (None, None) => return self.add_folder(entry, &name),
        };
        let kind = entry.file_type().map_err(|source| read_error(&entry.path(), source))?;
        // A link is asked for what it leads to; a plain file isn't asked again.
        if !kind.is_file() {
            let path = entry.path();
            let found = fs::metadata(&path).map_err(|source| read_error(&path, source))?;
            if !found.is_file() {
                return Err(RevisionError::NotAFile { path });
            }
        }
        self.stems.push(Stem { name: stem.to_owned(), kind: script });
        Ok(())
    }

    fn add_folder(&mut self, entry: &fs::DirEntry, name: &OsStr) -> Result<(), RevisionError> {
        let path = entry.path();
        let kind = entry.file_type().map_err(|source| read_error(&path, source))?;
        if kind.is_dir() || (kind.is_symlink() && path.is_dir()) {
            self.folders.insert(name.to_owned());
        }
        Ok(())
    }
}

fn read_error(path: &Path, source: io::Error) -> RevisionError {
    RevisionError::Read { path: path.to_path_buf(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    const A: &str = "-- a\n-- Revision ID: a1\n-- Revises:\n\nSELECT 1;\n";
    const B: &str = "-- b\n-- Revision ID: b2\n-- Revises: a1\n\nSELECT 2;\n";

    #[test]
    fn pairs_are_read_by_name_and_orphans_are_told() {
        let folder = project(&[
            ("2_b.up.sql", B),
            ("1_a.up.sql", A),
            ("1_a.down.sql", ""),
            ("9_z.down.sql", ""),
            ("notes.txt", "x"),
        ]);
        let found = read(&[folder.path().to_path_buf()], Depth::Flat).unwrap();
        let ids: Vec<&str> = found.revisions.iter().map(|it| it.id().as_str()).collect();
        assert_eq!(ids, ["a1", "b2"]);
        assert!(found.revisions[0].down().is_some());
        assert!(found.revisions[1].down().is_none());
        assert!(found.orphans[0].ends_with("9_z.down.sql"));
    }

    #[test]
    fn a_folder_named_twice_counts_once_and_subfolders_only_when_asked() {
        let folder = project(&[("1_a.up.sql", A), ("sub/2_b.up.sql", B)]);
        let twice = [folder.path().to_path_buf(), folder.path().join("sub").join("..")];
        assert_eq!(read(&twice, Depth::Flat).unwrap().revisions.len(), 1);
        assert_eq!(read(&twice, Depth::Recursive).unwrap().revisions.len(), 2);
    }

    #[test]
    fn what_cannot_be_a_script_is_named() {
        let folder = project(&[("1_a.up.sql/x", "")]);
        let error = read(&[folder.path().to_path_buf()], Depth::Flat).unwrap_err();
        assert!(matches!(error, RevisionError::NotAFile { .. }));
        let error = read(&[folder.path().join("nowhere")], Depth::Flat).unwrap_err();
        assert!(matches!(error, RevisionError::NoFolder { .. }));
    }

    #[test]
    fn bytes_that_are_no_text_have_a_place() {
        let folder = project(&[("1_a.up.sql", "")]);
        fs::write(folder.path().join("1_a.up.sql"), b"-- a\n-- \xff\xfe").unwrap();
        let error = read(&[folder.path().to_path_buf()], Depth::Flat).unwrap_err();
        let place = error.place().unwrap();
        assert_eq!((place.line, place.column), (2, 4));
    }
}
