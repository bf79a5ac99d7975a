//! Reads the script pairs of the versions folders.
//!
//! The order is Alembic's: the folders as configured, the files of each by name. It matters where
//! the graph leaves an order open.

use std::collections::{BTreeSet, HashSet};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::num::NonZero;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::str;
use std::sync::Arc;
use std::thread;

use crate::file;
use crate::place::Place;
use crate::revision::large;
use crate::revision::stranger::is_passed_over;
use crate::revision::{
    Checksum, Folder, Header, HeaderError, Revision, RevisionError, ScriptPair, Source, Stranger,
};

/// The ending of an up script's name.
pub const UP: &str = ".up.sql";
/// The ending of a down script's name.
pub const DOWN: &str = ".down.sql";

/// The number of scripts from which on several threads read them: starting a thread costs as much
/// as reading ten or twenty, and slows allocation down a little.
const MANY: usize = 2000;

const MOST_THREADS: usize = 8;

/// Whether subfolders of the versions folders are read too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Only the folders themselves.
    Flat,
    /// The folders and all their subfolders.
    Recursive,
}

/// The contents of the versions folders.
#[derive(Debug, Default)]
pub struct Contents {
    /// The revisions, in Alembic's order.
    pub revisions: Vec<Revision>,
    /// Files that belong to no revision and whose names suggest migrations.
    pub strangers: Vec<Stranger>,
    /// The errors of invalid files, in the same order; `revisions` has the valid ones.
    pub faults: Vec<RevisionError>,
}

/// Reads every revision of the folders; a folder that is reached twice counts once. An invalid file
/// is an error.
pub fn read(folders: &[PathBuf], depth: Depth) -> Result<Contents, RevisionError> {
    let mut res = read_what_can_be(folders, depth);
    if res.faults.is_empty() { Ok(res) } else { Err(res.faults.swap_remove(0)) }
}

/// Reads the revisions of the folders as [`read`] does, and collects the errors.
pub fn read_what_can_be(folders: &[PathBuf], depth: Depth) -> Contents {
    let mut res = Contents::default();
    let mut seen = HashSet::new();
    for folder in folders {
        if let Err(fault) = read_folder(folder, depth, &mut seen, &mut res) {
            res.faults.push(fault);
        }
    }
    // A folder inside another one can be a versions folder as well.
    let is_read = |it: &Stranger| it.path.canonicalize().is_ok_and(|path| seen.contains(&path));
    res.strangers.retain(|it| !(it.is_folder() && is_read(it)));
    res
}

/// Locates invalid UTF-8 in a file.
pub(crate) fn not_utf8(path: &Path, bytes: &[u8], error: str::Utf8Error) -> RevisionError {
    let text = String::from_utf8_lossy(bytes);
    RevisionError::NotUtf8 { place: Box::new(Place::at_offset(path, &text, error.valid_up_to())) }
}

/// Reads a revision from its up script, using a shared buffer.
fn read_pair(mut pair: ScriptPair, buffer: &mut Vec<u8>) -> Result<Revision, RevisionError> {
    let length = pair.read_up(buffer).map_err(|source| read_error(&pair.up(), source))?;
    let read = if let Some(length) = length {
        let bytes = buffer.get(..length).unwrap_or_default();
        let text = str::from_utf8(bytes).map_err(|error| not_utf8(&pair.up(), bytes, error))?;
        read_text(|| pair.up(), text)?
    } else {
        pair.set_large();
        match large::read(&pair.up()) {
            Some(read) => read,
            // The whole text locates the fault.
            None => read_text(|| pair.up(), &pair.up_text()?)?,
        }
    };
    Ok(Revision { source: Source::Files(pair), ..read })
}

/// Reads a revision from its up script, whose name must end in `.up.sql`, and the down script
/// beside it.
pub fn read_pair_of(up: &Path) -> Result<Revision, RevisionError> {
    let name = up.file_name().and_then(OsStr::to_str).and_then(|name| name.strip_suffix(UP));
    let folder = up.parent().unwrap_or(Path::new("."));
    let stem = name.ok_or_else(|| read_error(up, io::ErrorKind::InvalidFilename.into()))?;
    let folder = Folder::open(folder).map_err(|source| read_error(up, source))?;
    read_pair(ScriptPair::new(Arc::new(folder), stem).with_down(), &mut Vec::new())
}

/// Reads a revision from the text of its up script.
pub(crate) fn read_text(
    up: impl FnOnce() -> PathBuf,
    text: &str,
) -> Result<Revision, RevisionError> {
    let parsed = Header::parse(text).map_err(|error| placed(&up(), text, error))?;
    let body = text.get(parsed.body..).unwrap_or_default();
    Ok(Revision {
        checksum: Checksum::of(body),
        header: parsed.header,
        source: Source::Stored { down: None },
    })
}

/// Adds the place in the file to a header's error.
pub fn placed(path: &Path, text: &str, error: HeaderError) -> RevisionError {
    let place = Place::at(path, text, error.line, error.column);
    RevisionError::Header { place: Box::new(place), problem: error.problem }
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
    let opened = Arc::new(opened);
    let mut pairs = Vec::new();
    for found in listing.stems.chunk_by(|one, next| listing.name(one) == listing.name(next)) {
        let name = found.first().map_or("", |it| listing.name(it));
        let has = |kind| found.iter().any(|it| it.kind == kind);
        if has(ScriptKind::Up) {
            let pair = ScriptPair::new(Arc::clone(&opened), name);
            pairs.push(if has(ScriptKind::Down) { pair.with_down() } else { pair });
        } else {
            res.strangers.push(Stranger::orphan(folder.join([name, DOWN].concat())));
        }
    }
    read_pairs(pairs, res);
    let strangers = listing.others.iter().filter_map(|name| Stranger::file(folder, name));
    res.strangers.extend(strangers);
    for name in &listing.folders {
        match depth {
            Depth::Recursive => read_folder(&folder.join(name), depth, seen, res)?,
            Depth::Flat => res.strangers.push(Stranger::folder(folder.join(name))),
        }
    }
    Ok(())
}

/// Reads revisions in the order of their names, on several threads if there are many.
fn read_pairs(pairs: Vec<ScriptPair>, res: &mut Contents) {
    res.revisions.reserve_exact(pairs.len());
    if pairs.len() >= MANY {
        let threads = thread::available_parallelism().map_or(1, NonZero::get).min(MOST_THREADS);
        return read_on(threads, &pairs, res);
    }
    let mut buffer = Vec::new();
    for pair in pairs {
        push(res, read_pair(pair, &mut buffer));
    }
}

/// Adds a revision; it usually builds on the previous one, whose id it then shares.
fn push(res: &mut Contents, read: Result<Revision, RevisionError>) {
    let mut revision = match read {
        Ok(revision) => revision,
        Err(fault) => return res.faults.push(fault),
    };
    let res = &mut res.revisions;
    if let ([parent], Some(last)) = (revision.header.revises.as_mut_slice(), res.last())
        && parent == last.id()
    {
        *parent = last.id().clone();
    }
    res.push(revision);
}

fn read_on(threads: usize, pairs: &[ScriptPair], res: &mut Contents) {
    let read = |pairs: &[ScriptPair]| {
        let (mut res, mut buffer) = (Contents::default(), Vec::new());
        res.revisions.reserve_exact(pairs.len());
        for pair in pairs {
            push(&mut res, read_pair(pair.clone(), &mut buffer));
        }
        res
    };
    let mut add = |part: Contents| {
        res.revisions.extend(part.revisions);
        res.faults.extend(part.faults);
    };
    let mut parts = pairs.chunks(pairs.len().div_ceil(threads).max(1));
    let own = parts.next().unwrap_or_default();
    thread::scope(|scope| {
        let start = |part| (part, thread::Builder::new().spawn_scoped(scope, move || read(part)));
        let others: Vec<_> = parts.map(start).collect();
        add(read(own));
        for (part, thread) in others {
            // Where the system has no thread left, this one does it.
            add(match thread.map(thread::ScopedJoinHandle::join) {
                Ok(Ok(found)) => found,
                Ok(Err(panic)) => std::panic::resume_unwind(panic),
                Err(_) => read(part),
            });
        }
    });
}

/// The relevant names in one folder, sorted.
#[derive(Default)]
struct Listing {
    stems: Vec<Stem>,
    /// The names of scripts, concatenated.
    names: String,
    folders: BTreeSet<OsString>,
    others: BTreeSet<OsString>,
}

/// A script's name without its ending.
struct Stem {
    /// The position of the name.
    name: Range<usize>,
    kind: ScriptKind,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum ScriptKind {
    Up,
    Down,
}

impl Listing {
    fn of(folder: &Path) -> Result<Self, RevisionError> {
        let mut res = Self::default();
        for entry in fs::read_dir(folder).map_err(|source| read_error(folder, source))? {
            res.add(&entry.map_err(|source| read_error(folder, source))?)?;
        }
        let names = &res.names;
        let key = |stem: &Stem| (names.get(stem.name.clone()), stem.kind);
        res.stems.sort_unstable_by(|one, other| key(one).cmp(&key(other)));
        Ok(res)
    }

    fn name(&self, stem: &Stem) -> &str {
        self.names.get(stem.name.clone()).unwrap_or_default()
    }

    fn add(&mut self, entry: &fs::DirEntry) -> Result<(), RevisionError> {
        let name = entry.file_name();
        if is_passed_over(&name.to_string_lossy()) {
            return Ok(());
        }
        let stem = |ending| name.to_str().and_then(|name: &str| name.strip_suffix(ending));
        let (stem, script) = match (stem(UP), stem(DOWN)) {
            (Some(stem), _) => (stem, ScriptKind::Up),
            (None, Some(stem)) => (stem, ScriptKind::Down),
            (None, None) => return self.add_other(entry, name),
        };
        let kind = entry.file_type().map_err(|source| read_error(&entry.path(), source))?;
        // Only links are resolved; plain files need no second lookup.
        if !kind.is_file() {
            let path = entry.path();
            let found = fs::metadata(&path).map_err(|source| match file::dead_link(&path) {
                Some(target) => RevisionError::DeadLink { path: path.clone(), target },
                None => read_error(&path, source),
            })?;
            if !found.is_file() {
                return Err(RevisionError::NotAFile { path });
            }
        }
        let start = self.names.len();
        self.names.push_str(stem);
        self.stems.push(Stem { name: start..self.names.len(), kind: script });
        Ok(())
    }

    fn add_other(&mut self, entry: &fs::DirEntry, name: OsString) -> Result<(), RevisionError> {
        let path = entry.path();
        let kind = entry.file_type().map_err(|source| read_error(&path, source))?;
        if kind.is_dir() || (kind.is_symlink() && path.is_dir()) {
            self.folders.insert(name);
        } else {
            self.others.insert(name);
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
        assert_eq!(found.strangers.len(), 1);
        assert!(found.strangers[0].path.ends_with("9_z.down.sql"));
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

    #[test]
    fn many_are_read_in_the_order_of_their_names_and_the_first_fault_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = |number: usize| folder.path().join(format!("{number:05}.up.sql"));
        let count = MANY + 100;
        for number in 0..count {
            fs::write(path(number), format!("-- m\n-- Revision ID: r{number}\n")).unwrap();
        }
        let read = || read(&[folder.path().to_path_buf()], Depth::Flat);
        let ids: Vec<String> =
            read().unwrap().revisions.iter().map(|it| it.id().to_string()).collect();
        assert!(ids.iter().enumerate().all(|(at, id)| *id == format!("r{at}")));
        assert_eq!(ids.len(), count);
        for number in [count - 1, 100, 70] {
            fs::write(path(number), "SELECT 1;\n").unwrap();
            let error = read().unwrap_err();
            assert!(error.place().unwrap().file.ends_with(format!("{number:05}.up.sql")));
        }
    }
}
