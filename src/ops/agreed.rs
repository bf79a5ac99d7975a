//! The memory of schemas that agreed, for `check` on servers.
//!
//! A check loads two schemas into scratch databases, and that takes nearly all of its time. The
//! outcome depends on the files, the settings, the server and the database's own schema: asked again
//! on the same day with all of these unchanged, the answer is the same. So a file in the user's
//! cache folder keeps the hash of the last question whose answer was that nothing differs.
//! Differences are always found anew.

use std::env;
use std::fmt::{self, Write};
use std::fs::{self, File};
use std::io::Write as _;
use std::path::PathBuf;
use std::time::UNIX_EPOCH;

use sha2::{Digest as _, Sha256};

use crate::autogenerate::{Scratch, texts};
use crate::catalog::Catalog;
use crate::error::Error;
use crate::file::{FoundBy, settings};
use crate::project::Project;

/// The question whether a desired schema, the revisions and a database agree.
#[derive(PartialEq, Eq)]
pub(super) struct Question {
    /// The file with the last question of the project whose answer was yes.
    file: PathBuf,
    /// The hash of everything that the answer depends on.
    hash: String,
}

impl Question {
    /// Asks about a database whose schema was read. There is no question where the project keeps no
    /// cache, where an answer takes little time, or where it depends on the program's own code.
    pub(super) fn new(
        project: &Project,
        scratch: &mut dyn Scratch,
        live: &Catalog,
    ) -> Result<Option<Self>, Error> {
        let Some(folder) = project.cache.as_ref().filter(|_| project.steps.is_empty()) else {
            return Ok(None);
        };
        let (Some(program), Some(surroundings)) = (program(), scratch.surroundings()?) else {
            return Ok(None);
        };
        let config = &project.config;
        let ledger = project.printed_ledger(scratch.dialect());
        let mut parts = Parts::default();
        parts.add(&(program, surroundings, scratch.skips(), ledger));
        parts.add(&(config, &config.autogenerate, config.variables()?));
        parts.add(&texts(&config.schema)?);
        for revision in project.graph.revisions() {
            parts.add(&(&revision.header, revision.up_text()?));
        }
        // All that the reader says, compared or not.
        parts.add(live);
        let mut name = Parts::default();
        name.add(&(&config.file, &config.name, &config.schema));
        let file = folder.join("agreed").join(name.hash());
        Ok(Some(Self { file, hash: parts.hash() }))
    }

    /// Tells whether the answer was yes when the question was last asked.
    pub(super) fn is_answered(&self) -> bool {
        settings(&self.file, FoundBy::Custom).is_ok_and(|it| it == self.hash.as_bytes())
    }

    /// Keeps the question, since its answer is yes. Where nothing can be kept, the next check takes
    /// its time, too.
    pub(super) fn keep(&self) {
        // The file is made anew: a link in its place is not followed.
        let _missing = fs::remove_file(&self.file);
        let folder = self.file.parent().map(fs::create_dir_all);
        if folder.is_some_and(|it| it.is_ok())
            && let Ok(mut file) = File::create_new(&self.file)
        {
            let _result = file.write_all(self.hash.as_bytes());
        }
    }
}

/// Identifies the running program: another build may compare in another way.
fn program() -> Option<String> {
    let file = fs::metadata(env::current_exe().ok()?).ok()?;
    let built = file.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(format!("{} {} {}", env!("CARGO_PKG_VERSION"), file.len(), built.as_nanos()))
}

/// A hash over values, each by all that it is made of.
#[derive(Default)]
struct Parts(Sha256);

impl Parts {
    fn add(&mut self, value: &impl fmt::Debug) {
        // Nothing is kept, so nothing can fail.
        let _result = writeln!(self, "{value:?}");
    }

    fn hash(self) -> String {
        self.0.finalize().iter().fold(String::new(), |mut hex, byte| {
            let _result = write!(hex, "{byte:02x}");
            hex
        })
    }
}

impl Write for Parts {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.update(text);
        Ok(())
    }
}
