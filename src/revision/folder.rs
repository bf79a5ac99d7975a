//! Reads the script pairs of the versions folders.
//!
//! The order is Alembic's: the folders as configured, the files of each by name. It matters where
//! the graph leaves an order open.

use std::collections::{BTreeSet, HashSet};
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::place::Place;
use crate::revision::{Checksum, Header, HeaderError, Revision, RevisionError, Source};

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
pub(crate) fn not_utf8(path: &Path, bytes: &[u8], error: std::str::Utf8Error) -> RevisionError {
    let text = String::from_utf8_lossy(bytes);
    RevisionError::NotUtf8 { place: Box::new(Place::at_offset(path, &text, error.valid_up_to())) }
}

/// Reads a revision from its up script.
pub fn read_revision(up: PathBuf, down: Option<PathBuf>) -> Result<Revision, RevisionError> {
    let text = read_script(&up)?;
    let read = read_text(&up, &text)?;
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
    for stem in &listing.up {
        let down = listing.down.contains(stem).then(|| folder.join(format!("{stem}{DOWN}")));
        res.revisions.push(read_revision(folder.join(format!("{stem}{UP}")), down)?);
    }
    let orphans = listing.down.difference(&listing.up);
    res.orphans.extend(orphans.map(|stem| folder.join(format!("{stem}{DOWN}"))));
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
    up: BTreeSet<String>,
    down: BTreeSet<String>,
    folders: BTreeSet<std::ffi::OsString>,
}

impl Listing {
    fn of(folder: &Path) -> Result<Self, RevisionError> {
        let mut res = Self::default();
        for entry in fs::read_dir(folder).map_err(|source| read_error(folder, source))? {
            let entry = entry.map_err(|source| read_error(folder, source))?;
            res.add(&entry)?;
        }
        Ok(res)
    }

    fn add(&mut self, entry: &fs::DirEntry) -> Result<(), RevisionError> {
        let name = entry.file_name();
        let stem = |ending| name.to_str().and_then(|name: &str| name.strip_suffix(ending));
        let (stem, stems) = match (stem(UP), stem(DOWN)) {
            (Some(stem), _) => (stem, &mut self.up),
            (None, Some(stem)) => (stem, &mut self.down),
            (None, None) => return self.add_folder(entry, &name),
        };
        let path = entry.path();
        let kind = entry.file_type().map_err(|source| read_error(&path, source))?;
        // A link is asked for what it leads to; a plain file isn't asked again.
        let is_file = kind.is_file()
            || fs::metadata(&path).map_err(|source| read_error(&path, source))?.is_file();
        if !is_file {
            return Err(RevisionError::NotAFile { path });
        }
        stems.insert(stem.to_owned());
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
