//! The file of a SQLite database: whether it is one, and how it is opened.

use std::path::{Path, PathBuf};

use rusqlite::OpenFlags;

use crate::database::Access;
use crate::file;

/// What every SQLite database begins with (sqlite.org/fileformat.html); an empty file is one too.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// Tells whether a database file is there; what is there and can't be one is an error.
pub(super) fn exists(path: &Path) -> Result<bool, String> {
    use std::io::Read as _;
    let mut begin = Vec::new();
    match std::fs::metadata(path) {
        Ok(data) if data.is_dir() => return Err("it is a folder".to_owned()),
        Ok(data) if !data.is_file() => return Err("it is no file".to_owned()),
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error.to_string()),
    }
    let file = file::open(path).map_err(|error| error.to_string())?;
    file.take(16).read_to_end(&mut begin).map_err(|error| error.to_string())?;
    if begin.is_empty() || begin == MAGIC {
        Ok(true)
    } else {
        Err("it is no SQLite database".to_owned())
    }
}

/// The bundled engine reads `file:` as a URI whatever the flags say; a path with a folder isn't.
pub(super) fn plain(path: &Path) -> PathBuf {
    if path.is_absolute() { path.to_path_buf() } else { Path::new(".").join(path) }
}

pub(super) fn flags(access: Access) -> OpenFlags {
    let mutex = OpenFlags::SQLITE_OPEN_NO_MUTEX;
    match access {
        Access::Read => OpenFlags::SQLITE_OPEN_READ_ONLY | mutex,
        Access::Write => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | mutex,
    }
}
