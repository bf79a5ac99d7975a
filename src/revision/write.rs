//! Writes new script pairs; it never overwrites a file.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::revision::folder::{DOWN, UP};
use crate::revision::unwritten::LINE;
use crate::revision::{DownHeader, Header, RevisionError, Wrapping};

/// The paths of a new pair of scripts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The path of the up script.
    pub up: PathBuf,
    /// The path of the down script.
    pub down: PathBuf,
}

impl Pair {
    /// Returns the paths for a file name without its ending.
    pub fn new(folder: &Path, stem: &str) -> Self {
        Self { up: folder.join(format!("{stem}{UP}")), down: folder.join(format!("{stem}{DOWN}")) }
    }
}

/// The content of a new down script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Down<'a> {
    /// The given statements.
    Script(&'a str),
    /// A marker that it has yet to be written, until which it can't be run.
    Unwritten,
    /// A statement that there is nothing to undo.
    Nothing,
}

/// Writes both scripts of a revision, or neither.
pub fn write_pair(
    pair: &Pair,
    header: &Header,
    up_body: &str,
    down_body: Down<'_>,
) -> Result<(), RevisionError> {
    if let Some(folder) = pair.up.parent() {
        let error = |source| RevisionError::Write { path: folder.to_path_buf(), source };
        fs::create_dir_all(folder).map_err(error)?;
    }
    let mut down = format!("-- {} (down)\n", header.message);
    if Header::parse_down(&down) != Ok(DownHeader::default()) {
        // A down script's first line may be a key, so a message that reads like one is led in.
        down.insert_str(3, "down: ");
    }
    if header.extras.transaction == Wrapping::None {
        down.push_str("-- Transaction: none\n");
    }
    let body = match down_body {
        Down::Script(body) => body,
        Down::Unwritten => {
            down = format!("{down}{LINE}\n");
            ""
        }
        Down::Nothing => {
            down.push_str("-- Nothing to undo\n");
            ""
        }
    };
    create(&pair.down, &format!("{down}\n{body}"))?;
    let up = format!("{}\n{up_body}", header.render());
    create(&pair.up, &up).inspect_err(|_| {
        // The first error is the one to tell; a leftover down script is only an orphan.
        let _leftover = fs::remove_file(&pair.down);
    })
}

/// Creates a new file; an existing one is an error.
fn create(path: &Path, text: &str) -> Result<(), RevisionError> {
    let file = OpenOptions::new().write(true).create_new(true).open(path);
    let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|source| {
        let path = path.to_path_buf();
        if source.kind() == io::ErrorKind::AlreadyExists {
            RevisionError::Exists { path }
        } else {
            RevisionError::Write { path, source }
        }
    })
}
