//! Files that are read as a whole; reads that would block or never end are refused.

use std::fs::{File, FileType, OpenOptions};
use std::io::{self, IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};

/// The most bytes of what has no size of its own, and of settings.
const MOST: u64 = 1 << 24;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FoundBy {
    /// The usual name: it has to be a file.
    Custom,
    /// A name that the user gave: it may be a pipe, such as a shell's `<(COMMAND)`.
    Name,
}

/// Reads a file of settings, which is small.
pub(crate) fn settings(path: &Path, found: FoundBy) -> io::Result<Vec<u8>> {
    read(path, found, MOST)
}

/// Reads a file of statements, which may be large.
pub(crate) fn statements(path: &Path, found: FoundBy) -> io::Result<Vec<u8>> {
    read(path, found, u64::MAX)
}

/// Tells whether a file has a folder that the paths in it can start from: a pipe has none.
pub(crate) fn has_folder(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|it| it.is_file())
}

/// Returns where a link leads to if nothing is there.
pub(crate) fn dead_link(path: &Path) -> Option<PathBuf> {
    let target = std::fs::read_link(path).ok()?;
    let error = std::fs::metadata(path).err()?;
    (error.kind() != io::ErrorKind::PermissionDenied).then_some(target)
}

/// Opens a path for reading without blocking, even if it is a pipe that nobody writes to.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(
        &mut options,
        rustix::fs::OFlags::NONBLOCK.bits().cast_signed(),
    );
    options.open(path)
}

fn read(path: &Path, found: FoundBy, most: u64) -> io::Result<Vec<u8>> {
    let file = open(path).map_err(|error| match dead_link(path) {
        Some(target) => {
            let target = target.display();
            io::Error::other(format!("it is a link to `{target}`, which doesn't exist"))
        }
        None => error,
    })?;
    let metadata = file.metadata()?;
    let kind = metadata.file_type();
    if kind.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder, not a file"));
    }
    if is_pipe(kind) && found == FoundBy::Custom {
        return Err(io::Error::other("it is a pipe, not a file"));
    }
    if is_pipe(kind) || file.is_terminal() {
        wait(&file)?;
    }
    let most = if kind.is_file() || is_pipe(kind) { most } else { MOST };
    let mut res = Vec::new();
    // One more byte shows that there is more.
    file.take(most.saturating_add(1)).read_to_end(&mut res)?;
    if res.len() as u64 > most {
        return Err(io::Error::other(format!("it has more than {} MiB", most >> 20)));
    }
    if res.is_empty() && is_pipe(kind) {
        return Err(io::Error::other("nobody writes to this pipe"));
    }
    Ok(res)
}

#[cfg(unix)]
fn is_pipe(kind: FileType) -> bool {
    std::os::unix::fs::FileTypeExt::is_fifo(&kind)
}

#[cfg(not(unix))]
fn is_pipe(_kind: FileType) -> bool {
    false
}

/// Makes reads of a pipe wait for its writer.
#[cfg(unix)]
fn wait(file: &File) -> io::Result<()> {
    let flags = rustix::fs::fcntl_getfl(file)?;
    Ok(rustix::fs::fcntl_setfl(file, flags - rustix::fs::OFlags::NONBLOCK)?)
}

#[cfg(not(unix))]
fn wait(_file: &File) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(path: &str, found: FoundBy) -> String {
        settings(Path::new(path), found).unwrap_err().to_string()
    }

    #[test]
    fn a_file_is_read_to_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, "x".repeat(100_000)).unwrap();
        assert_eq!(settings(&path, FoundBy::Custom).unwrap().len(), 100_000);
        File::create(&path).unwrap().set_len(MOST + 1).unwrap();
        assert_eq!(message(path.to_str().unwrap(), FoundBy::Name), "it has more than 16 MiB");
        assert_eq!(statements(&path, FoundBy::Custom).unwrap().len() as u64, MOST + 1);
        assert_eq!(message("/", FoundBy::Name), "it is a folder, not a file");
    }

    #[test]
    #[cfg(unix)]
    fn what_has_no_end_is_refused() {
        for found in [FoundBy::Custom, FoundBy::Name] {
            assert_eq!(message("/dev/zero", found), "it has more than 16 MiB");
            assert!(settings(Path::new("/dev/null"), found).unwrap().is_empty());
        }
        assert!(!has_folder(Path::new("/dev/null")));
    }

    #[test]
    #[cfg(unix)]
    fn nobody_is_waited_for() {
        use rustix::fs::{CWD, FileType, Mode, mknodat};
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pipe");
        mknodat(CWD, &path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
        let text = path.to_str().unwrap();
        assert_eq!(message(text, FoundBy::Custom), "it is a pipe, not a file");
        assert_eq!(message(text, FoundBy::Name), "nobody writes to this pipe");
        // What is written just as a reader gives up is lost, and is written again.
        let read = || {
            let writer = std::thread::spawn({
                let path = path.clone();
                move || std::fs::write(path, "url = 1")
            });
            loop {
                let is_over = writer.is_finished();
                match settings(&path, FoundBy::Name) {
                    Ok(text) => break Some(text),
                    Err(_) if is_over => break None,
                    Err(_) => {}
                }
            }
        };
        assert_eq!(std::iter::repeat_with(read).find_map(|it| it).unwrap(), b"url = 1");
    }
}
