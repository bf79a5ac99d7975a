//! The file of a SQLite database: checks, and opening it.

use std::path::{Path, PathBuf};

use rusqlite::{Connection as Driver, Error, OpenFlags, ffi};

use crate::database::Access;
use crate::database::sqlite::fault::describe;
use crate::file;

/// The first bytes of every SQLite database (sqlite.org/fileformat.html); an empty file is one too.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// Tells whether a database file exists; a path that can't be one is an error.
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

/// Returns a path that isn't read as a URI: the bundled engine does so for `file:` whatever the
/// flags, but not for a path with a folder.
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

/// Opens a database file.
///
/// The next connection rolls back the transaction of a process that died; a read-only one can't,
/// and could read nothing. So a writing one is opened first.
pub(super) fn open(path: &Path, access: Access) -> Result<Driver, String> {
    let path = plain(path);
    let driver = Driver::open_with_flags(&path, flags(access)).map_err(|it| describe(&it))?;
    if access == Access::Read && read_begin(&driver).is_err_and(|error| is_left_behind(&error)) {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let writer = Driver::open_with_flags(&path, flags).map_err(|it| describe(&it))?;
        read_begin(&writer).map_err(|error| {
            if is_left_behind(&error) { LEFT_BEHIND.to_owned() } else { describe(&error) }
        })?;
    }
    Ok(driver)
}

const LEFT_BEHIND: &str = "a process has died while it wrote, and only who may write to the file and \
    its folder can take back what it has left";

fn read_begin(driver: &Driver) -> rusqlite::Result<()> {
    driver.query_row("PRAGMA schema_version", [], |_| Ok(()))
}

fn is_left_behind(error: &Error) -> bool {
    let codes = [ffi::SQLITE_READONLY_ROLLBACK, ffi::SQLITE_READONLY_RECOVERY];
    matches!(error, Error::SqliteFailure(it, _) if codes.contains(&it.extended_code))
}
