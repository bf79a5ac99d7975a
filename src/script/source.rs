//! What a step runs: the text of a script, or code of the program.

use std::path::{Path, PathBuf};

use crate::place::Place;
use crate::plan::{Operation, Step};
use crate::revision::folder::{DOWN, UP, placed};
use crate::revision::{DownHeader, Header, Key, Revision, RunBy, Source, Wrapping};
use crate::script::source_text::Held;
use crate::script::{Compiler, Programs, ScriptError, SourceText, Span, Text};

impl Compiler<'_> {
    /// Reads the text that a step runs, and how.
    pub(super) fn source(
        &self,
        revision: &Revision,
        operation: Operation,
    ) -> Result<(SourceText, DownHeader), ScriptError> {
        if let Some(nothing) = self.without_script(revision, operation) {
            return Ok((nothing, DownHeader::default()));
        }
        let irreversible =
            |expected| ScriptError::Irreversible { revision: revision.id().clone(), expected };
        let (file, text) = match (&revision.source, operation) {
            (Source::Files(pair), Operation::Upgrade | Operation::Stamp) => {
                (pair.up(), pair.up_text()?)
            }
            (Source::Files(pair), Operation::Downgrade) => match pair.down().zip(pair.down_text()?)
            {
                Some(down) => down,
                None => return Err(irreversible(Some(down_path(&pair.up())))),
            },
            (Source::Embedded(pair), Operation::Upgrade | Operation::Stamp) => {
                (pair.up.path.clone(), pair.up.text.to_string())
            }
            (Source::Embedded(pair), Operation::Downgrade) => match &pair.down {
                Some(down) => (down.path.clone(), down.text.to_string()),
                None => return Err(irreversible(Some(down_path(&pair.up.path)))),
            },
            (Source::Stored { down: Some(text) }, Operation::Downgrade) => {
                (PathBuf::from(format!("{} (stored down script)", revision.id())), text.clone())
            }
            (Source::Stored { .. }, _) => return Err(irreversible(None)),
        };
        let head = match operation {
            Operation::Upgrade | Operation::Stamp => head_of_up(revision),
            Operation::Downgrade => {
                Header::parse_down(&text).map_err(|error| placed(&file, &text, error))?
            }
        };
        Ok((
            SourceText {
                file,
                text: Held::new(text),
                variables: self.values(&revision.header),
                dialect: self.dialect(),
            },
            head,
        ))
    }

    /// Returns the text of a downgrade that is code, and so needs no down script.
    fn without_script(&self, revision: &Revision, operation: Operation) -> Option<SourceText> {
        let has_script = match &revision.source {
            Source::Files(pair) => pair.has_down(),
            Source::Embedded(pair) => pair.down.is_some(),
            Source::Stored { down } => down.is_some(),
        };
        let is_code = revision.header.run_by == RunBy::Program;
        let needs_none = is_code && operation == Operation::Downgrade && !has_script;
        needs_none.then(|| SourceText {
            file: PathBuf::from(format!("{} (step of the program)", revision.id())),
            ..SourceText::nothing(self.dialect())
        })
    }

    /// Tells whether a step is to call the program's code, and that it can.
    pub(super) fn calls(
        &self,
        step: Step,
        wrapping: Wrapping,
        source: &Text<'_>,
        spans: &[Span],
    ) -> Result<bool, ScriptError> {
        let revision = self.graph.revision(step.node);
        if revision.header.run_by == RunBy::Script {
            return Ok(false);
        }
        let id = revision.id().clone();
        let and =
            |place, problem| Err(ScriptError::CodeAnd { place, revision: id.clone(), problem });
        if let Some(span) = spans.first() {
            return and(Box::new(source.place(*span, None)), "its script has statements");
        }
        if wrapping == Wrapping::None {
            let place = Box::new(Place::at(source.file(), source.as_str(), 1, 1));
            return and(place, "its head says `Transaction: none`");
        }
        let Programs::Called(steps) = self.programs else {
            return Ok(false);
        };
        if steps.get(&id).and_then(|code| code.work(step.operation)).is_some() {
            return Ok(true);
        }
        let (text, operation) = match step.operation {
            Operation::Upgrade | Operation::Stamp => (source.as_str(), "upgrade"),
            Operation::Downgrade => ("", "downgrade"),
        };
        let line = revision.line_of(Key::RunBy);
        let place = revision.up().map(|up| Box::new(Place::at(&up, text, line, 1)));
        Err(ScriptError::NoCode { place, revision: id, operation })
    }
}

/// Returns what the head of an up script says of how it runs.
pub(super) fn head_of_up(revision: &Revision) -> DownHeader {
    let Header { transaction: wrapping, lock_timeout, statement_timeout, .. } = revision.header;
    DownHeader { wrapping, lock_timeout, statement_timeout }
}

/// Returns where the down script of an up script would stand.
fn down_path(up: &Path) -> PathBuf {
    let name = up.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    up.with_file_name(format!("{}{DOWN}", name.strip_suffix(UP).unwrap_or(name)))
}
