//! Large scripts for SQLite that are checked without being held in memory as a whole.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::plan::{Operation, Step};
use crate::revision::large::beginning;
use crate::revision::pieces::{LARGE, PIECE, Pieces};
use crate::revision::{DownHeader, Header, Revision, RunBy, Source, Wrapping};
use crate::script::source::options_of_up;
use crate::script::source_text::Body;
use crate::script::stream::{More, Stream};
use crate::script::{Compiler, Script, ScriptError, SourceText, Unit};
use crate::sql::Dialect;

/// A large script that was checked.
pub(super) struct Checked {
    pub(super) source: SourceText,
    pub(super) header: DownHeader,
    pub(super) statements: usize,
    pub(super) leaves_traces: bool,
    pub(super) attaches: bool,
}

impl Compiler<'_> {
    /// Checks a step's script window by window, if it is a large one for which that suffices.
    ///
    /// If there is a fault, the result is empty, and the whole text has to be checked to locate it.
    pub(super) fn checked(&self, step: Step) -> Result<Option<Checked>, ScriptError> {
        let revision = self.graph.revision(step.node);
        let Some(file) = self.plain(revision, step.operation) else { return Ok(None) };
        match fs::metadata(&file) {
            // A statement's place has no more digits.
            Ok(data) if data.len() > u64::from(u32::MAX) => Err(ScriptError::TooLong { file }),
            Ok(data) if data.len() > LARGE => {
                let header = header(revision, step.operation, &file);
                let header = header.filter(|it| it.wrapping == Wrapping::Transaction);
                Ok(header.and_then(|header| self.check(step, &file, header)))
            }
            Ok(_) | Err(_) => Ok(None),
        }
    }

    /// Adds a large script that was checked window by window.
    pub(super) fn add_checked(
        &self,
        script: &mut Script,
        step: Step,
        checked: Checked,
    ) -> Result<(), ScriptError> {
        let Checked { source, header, statements, leaves_traces, attaches } = checked;
        let revision = self.graph.revision(step.node);
        let keys = revision.header.extras.foreign_keys;
        self.check_grouping(revision, header.wrapping, keys)?;
        let number = script.units.len();
        self.in_transaction(&mut script.actions, number, keys, statements, false);
        self.close(script, step, leaves_traces)?;
        let timeouts = self.timeouts_of(&header, header.wrapping);
        let unit = self.unit(step, header.wrapping, source);
        let checks_foreign_keys = self.checks(keys);
        script.units.push(Unit { leaves_traces, timeouts, attaches, checks_foreign_keys, ..unit });
        Ok(())
    }

    /// Returns the file of a step that can be streamed: only the text of each statement matters,
    /// and no variables are filled in.
    fn plain(&self, revision: &Revision, operation: Operation) -> Option<PathBuf> {
        let header = &revision.header;
        // Only SQLite's scripts are cut without more than a look.
        let is_plain = self.dialect() == Dialect::Sqlite
            && header.extras.run_by == RunBy::Script
            && header.extras.irreversible.is_none()
            && header.extras.variables.is_empty();
        let file = match (&revision.source, operation) {
            // Most aren't, so their length needn't be queried.
            (Source::Files(pair), Operation::Upgrade | Operation::Stamp) => {
                pair.is_large().then(|| pair.up())
            }
            (Source::Files(pair), Operation::Downgrade) => pair.down(),
            (Source::Embedded(_) | Source::Stored { .. }, _) => None,
        };
        file.filter(|_| is_plain)
    }

    /// Checks a script, and returns hashes for the second reading to compare with.
    fn check(&self, step: Step, file: &Path, header: DownHeader) -> Option<Checked> {
        let mut stream = Stream::open(file).ok()?;
        let (mut statements, mut leaves_traces, mut attaches) = (0, false, false);
        while stream.advance().ok()? {
            for found in stream.statements() {
                statements += 1;
                let found = found.ok()?;
                if self.own_table_of(found.text).is_some() {
                    return None;
                }
                let More::Of(statement) = found.more else { continue };
                let span = self.span(&statement, header.wrapping).ok()?;
                leaves_traces |= span.leaves_traces;
                attaches |= span.attaches;
            }
        }
        if step.operation == Operation::Downgrade && statements == 0 {
            // The whole text shows whether it is written.
            return None;
        }
        let body = Body::Pieces(Arc::new(stream.into_hashes()?));
        let source = SourceText { body, ..SourceText::new(file, String::new(), self.dialect()) };
        Some(Checked { source, header, statements, leaves_traces, attaches })
    }
}

/// Returns the options in a script's header, if it can be read.
fn header(revision: &Revision, operation: Operation, file: &Path) -> Option<DownHeader> {
    match operation {
        Operation::Upgrade | Operation::Stamp => Some(options_of_up(revision)),
        Operation::Downgrade => {
            let mut pieces = Pieces::new(File::open(file).ok()?, PIECE);
            Header::parse_down(&beginning(&mut pieces).ok()?).ok()
        }
    }
}
