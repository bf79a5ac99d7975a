//! Reads script pairs that are built into a program, instead of those of a folder.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::revision::folder::{Contents, DOWN, UP, not_utf8, read_text};
use crate::revision::stranger::is_passed_over;
use crate::revision::{Revision, RevisionError, Source, Stranger};

/// A script built into the program.
#[derive(Clone, PartialEq, Eq)]
pub struct Embedded {
    /// The script's name in messages: `versions/….up.sql`.
    pub path: PathBuf,
    /// The complete text of the script.
    pub text: Cow<'static, str>,
}

impl Embedded {
    /// Makes a script from a file's bytes, which have to be UTF-8.
    pub fn new(
        path: impl Into<PathBuf>,
        bytes: impl Into<Cow<'static, [u8]>>,
    ) -> Result<Self, RevisionError> {
        let (path, bytes) = (path.into(), bytes.into());
        let text = match bytes {
            Cow::Borrowed(bytes) => std::str::from_utf8(bytes).map(Cow::Borrowed),
            Cow::Owned(ref bytes) => std::str::from_utf8(bytes).map(|it| Cow::Owned(it.to_owned())),
        };
        match text {
            Ok(text) => Ok(Self { path, text }),
            Err(error) => Err(not_utf8(&path, &bytes, error)),
        }
    }
}

/// The scripts of one revision, built into the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmbeddedPair {
    /// The up script of the revision.
    pub up: Embedded,
    /// The down script; a revision without one is irreversible.
    pub down: Option<Embedded>,
}

/// Writes the name only.
impl std::fmt::Debug for Embedded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Embedded({})", self.path.display())
    }
}

/// Reads the revisions of some scripts, in the order of their names; duplicates by name are
/// ignored.
pub fn read(scripts: impl IntoIterator<Item = Embedded>) -> Result<Contents, RevisionError> {
    let (mut up, mut down) = (BTreeMap::new(), BTreeMap::new());
    let mut res = Contents::default();
    for script in scripts {
        let name = script.path.to_string_lossy();
        let last = script.path.file_name().unwrap_or_default();
        if is_passed_over(&last.to_string_lossy()) {
            continue;
        }
        let (stem, scripts) = match (name.strip_suffix(UP), name.strip_suffix(DOWN)) {
            (Some(stem), _) => (stem.to_owned(), &mut up),
            (None, Some(stem)) => (stem.to_owned(), &mut down),
            (None, None) => {
                res.strangers.extend(Stranger::text(script.path, script.text));
                continue;
            }
        };
        let path = script.path.clone();
        if scripts.insert(stem, script).is_some() {
            return Err(RevisionError::Exists { path });
        }
    }
    for (stem, up) in up {
        let read = read_text(|| up.path.clone(), &up.text)?;
        let pair = EmbeddedPair { up, down: down.remove(&stem) };
        let source = Source::Embedded(Box::new(pair));
        res.revisions.push(Revision { source, ..read });
    }
    res.strangers.extend(down.into_values().map(|it| Stranger::orphan(it.path)));
    Ok(res)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(name: &str, text: &'static str) -> Embedded {
        Embedded::new(format!("versions/{name}"), text.as_bytes()).unwrap()
    }

    #[test]
    fn pairs_are_read_by_name_as_those_of_a_folder() {
        let a = "-- a\n-- Revision ID: a1\n-- Revises:\n\nSELECT 1;\n";
        let b = "-- b\n-- Revision ID: b2\n-- Revises: a1\n\nSELECT 2;\n";
        let found = read([
            script("2_b.up.sql", b),
            script("1_a.down.sql", ""),
            script("1_a.up.sql", a),
            script("9_z.down.sql", ""),
            script("notes.txt", "x"),
        ]);
        let found = found.unwrap();
        let ids: Vec<&str> = found.revisions.iter().map(|it| it.id().as_str()).collect();
        assert_eq!(ids, ["a1", "b2"]);
        assert!(found.revisions[0].down().is_some() && found.revisions[1].down().is_none());
        let strangers: Vec<_> = found.strangers.iter().map(|it| it.path.to_str()).collect();
        assert_eq!(strangers, [Some("versions/9_z.down.sql")]);
    }

    #[test]
    fn faults_have_a_place_and_a_name_counts_once() {
        let error = Embedded::new("v/1.up.sql", b"-- a\n-- \xff".as_slice()).unwrap_err();
        assert_eq!(error.place().map(|it| (it.line, it.column)), Some((2, 4)));
        let error = read([script("1.up.sql", "SELECT 1")]).unwrap_err();
        assert_eq!(error.to_string(), "the header has no `Revision ID`");
        let twice = [script("1.down.sql", ""), script("1.down.sql", "")];
        assert!(matches!(read(twice), Err(RevisionError::Exists { .. })));
    }
}
