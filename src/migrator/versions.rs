//! The scripts that a program brings along.

use std::borrow::Cow;
use std::fmt;
use std::path::Path;

use crate::revision::stranger::is_passed_over;
use crate::revision::{Embedded, RevisionError};

/// The scripts of a `versions` folder inside the program: made by [`versions!`](crate::versions), or of
/// names and texts by [`Versions::of`].
#[derive(Clone)]
pub struct Versions(Kind);

#[derive(Clone)]
enum Kind {
    Folder { name: &'static str, folder: &'static include_dir::Dir<'static> },
    Texts(Vec<(Cow<'static, str>, Cow<'static, str>)>),
}

impl Versions {
    /// Takes what the macro has read.
    #[doc(hidden)]
    pub const fn embedded(name: &'static str, folder: &'static include_dir::Dir<'static>) -> Self {
        Self(Kind::Folder { name, folder })
    }

    /// Takes scripts by their files' names, each with its text; in any order.
    ///
    /// ```
    /// let up = "-- create rooms\n--\n-- Revision ID: 1f0e\n-- Revises:\n\nCREATE TABLE rooms (id INTEGER);";
    /// let down = "DROP TABLE rooms;";
    /// let versions = limbeck::Versions::of([("1_rooms.up.sql", up), ("1_rooms.down.sql", down)]);
    /// let migrator = limbeck::Migrator::embedded(&versions)?.url("sqlite::memory:")?;
    /// assert_eq!(migrator.upgrade("head")?.heads.len(), 1);
    /// # Ok::<(), limbeck::Error>(())
    /// ```
    pub fn of<N, T>(scripts: impl IntoIterator<Item = (N, T)>) -> Self
    where
        N: Into<Cow<'static, str>>,
        T: Into<Cow<'static, str>>,
    {
        let texts = scripts.into_iter().map(|(name, text)| (name.into(), text.into()));
        Self(Kind::Texts(texts.collect()))
    }

    /// Returns the scripts; folders below the folder are left out, as `migrate` leaves them.
    pub(super) fn scripts(&self) -> Result<Vec<Embedded>, RevisionError> {
        match &self.0 {
            Kind::Folder { name, folder } => {
                let name = Path::new(name).file_name().unwrap_or_default();
                let named = |file: &'static include_dir::File<'static>| {
                    Embedded::new(Path::new(name).join(file.path()), file.contents())
                };
                folder.files().filter(|it| is_script(it.path())).map(named).collect()
            }
            Kind::Texts(texts) => {
                let script = |(name, text): &(Cow<'static, str>, Cow<'static, str>)| Embedded {
                    path: name.as_ref().into(),
                    text: text.clone(),
                };
                Ok(texts.iter().map(script).collect())
            }
        }
    }
}

/// Other files in the folder needn't be text.
fn is_script(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    !is_passed_over(&name) && name.to_ascii_lowercase().ends_with(".sql")
}

/// Writes how many files there are.
impl fmt::Debug for Versions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = match &self.0 {
            Kind::Folder { folder, .. } => folder.files().count(),
            Kind::Texts(texts) => texts.len(),
        };
        write!(f, "Versions({count} files)")
    }
}
