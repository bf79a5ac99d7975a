//! What is left of a script that was checked and let go, until it is made again to run.

use std::path::PathBuf;

use crate::script::source_text::Held;
use crate::script::{Action, Keep, Script};

/// The fingerprints of all texts of a script: those that are run, then those that are recorded.
#[derive(Debug)]
pub(crate) struct ScriptPrints(Box<[u64]>);

impl Script {
    /// Returns the fingerprints of its texts.
    pub(crate) fn prints(&self) -> ScriptPrints {
        ScriptPrints(self.texts().map(|(_, text)| half(text.print())).collect())
    }

    /// Finds a file that was edited since another script was made of the same steps.
    pub(crate) fn changed_since(&self, prints: &ScriptPrints) -> Option<PathBuf> {
        let mut known = prints.0.iter();
        let (path, _) = self.texts().find(|(_, text)| known.next() != Some(&half(text.print())))?;
        Some(path())
    }

    fn texts(&self) -> impl Iterator<Item = (Box<dyn Fn() -> PathBuf + '_>, &Held)> {
        let run = self.units.iter().map(|unit| {
            let path: Box<dyn Fn() -> PathBuf> = Box::new(|| unit.source.file().into_owned());
            (path, &unit.source.text)
        });
        let recorded = self.actions.iter().filter_map(|action| {
            let Action::Keep(Keep::Record(recording)) = action else {
                return None;
            };
            let (path, text) = recording.down()?;
            let path: Box<dyn Fn() -> PathBuf> = Box::new(move || path.clone());
            Some((path, text))
        });
        run.chain(recorded)
    }
}

/// Half of a fingerprint tells an edit as well, and takes half the room.
fn half(print: [u8; 16]) -> u64 {
    print.into_iter().take(8).fold(0, |sum, byte| sum << 8 | u64::from(byte))
}
