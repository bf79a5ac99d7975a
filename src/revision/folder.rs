//! Reads the script pairs of the versions folders.
//!
//! The order is Alembic's: the folders as configured, the files of each by name. It matters where
//! the graph leaves an order open.

use std::collections::{BTreeSet, HashSet};
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::str;
use std::sync::Arc;

use crate::place::Place;
use crate::revision::{
    Checksum, Folder, Header, HeaderError, Revision, RevisionError, ScriptPair, Source,
};

/// The ending of an up script's name.
pub const UP: &str = ".up.sql";
/// The ending of a down script's name.
pub const DOWN: &str = ".down.sql";

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

/// Reads a revision from its up script, through memory that others have used before.
fn read_pair(pair: ScriptPair, buffer: &mut Vec<u8>) -> Result<Revision, RevisionError> {
    let length = pair.read_up(buffer).map_err(|source| read_error(&pair.up(), source))?;
    let bytes = buffer.get(..length).unwrap_or_default();
    let text = str::from_utf8(bytes).map_err(|error| not_utf8(&pair.up(), bytes, error))?;
    let read = read_text(|| pair.up(), text)?;
    Ok(Revision { source: Source::Files(pair), ..read })
}

/// Reads a revision from its up script, which has to be named like one.
pub fn read_revision(up: &Path, has_down: bool) -> Result<Revision, RevisionError> {
    let name = up.file_name().and_then(OsStr::to_str).and_then(|name| name.strip_suffix(UP));
    let folder = up.parent().unwrap_or(Path::new("."));
    let (Some(stem), Ok(folder)) = (name, Folder::open(folder)) else {
        return Err(read_error(up, io::ErrorKind::NotFound.into()));
    };
    read_pair(ScriptPair::new(Arc::new(folder), stem, has_down), &mut Vec::new())
}

/// Reads what an up script's text tells of its revision; where the text is, the caller knows.
pub(crate) fn read_text(
    up: impl FnOnce() -> PathBuf,
    text: &str,
) -> Result<Revision, RevisionError> {
    let head = Header::parse(text).map_err(|error| placed(&up(), text, error))?;
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
    let opened = Folder::open(folder).map_err(|source| read_error(folder, source))?;
    let (opened, mut buffer) = (Arc::new(opened), Vec::new());
    let pairs = || listing.stems.chunk_by(|one, next| one.name == next.name);
    let has = |pair: &[Stem], kind| pair.iter().any(|it| it.kind == kind);
    res.revisions.reserve_exact(pairs().filter(|pair| has(pair, Kind::Up)).count());
    for pair in pairs() {
        let name = pair.first().map_or("", |it| it.name.as_str());
        if has(pair, Kind::Up) {
            let pair = ScriptPair::new(Arc::clone(&opened), name, has(pair, Kind::Down));
            res.revisions.push(read_pair(pair, &mut buffer)?);
        } else {
            res.orphans.push(folder.join([name, DOWN].concat()));
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
        let mut name = match entry.file_name().into_string() {
            Ok(name) => name,
            Err(name) => return self.add_folder(entry, &name),
        };
        let kinds = [(Kind::Up, UP), (Kind::Down, DOWN)];
        let Some((script, ending)) = kinds.into_iter().find(|(_, it)| name.ends_with(it)) else {
            return self.add_folder(entry, OsStr::new(&name));
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
        name.truncate(name.len() - ending.len());
        self.stems.push(Stem { name, kind: script });
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

pub(super) fn read_error(path: &Path, source: io::Error) -> RevisionError {
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
