//! The source of a step: the text of a script, or code of the program.

use std::path::{Path, PathBuf};

use crate::place::Place;
use crate::plan::{Operation, Step};
use crate::revision::folder::{DOWN, UP, placed};
use crate::revision::unwritten::unwritten_line;
use crate::revision::{
    DownHeader, ExtraKeys, Header, Key, Revision, RevisionError, RunBy, Source, Wrapping,
};
use crate::script::source_text::Undeclared;
use crate::script::variables::quoted_undeclared;
use crate::script::{Compiler, Programs, ScriptError, SourceText, Span, Text};

impl Compiler<'_> {
    /// Reads the text of a step's script and its options.
    pub(super) fn source(&self, step: Step) -> Result<(SourceText, DownHeader), ScriptError> {
        let Step { node, operation } = step;
        let revision = self.graph.revision(node);
        if let Some(nothing) = self.without_script(revision, operation) {
            return Ok((nothing, DownHeader::default()));
        }
        let reason = revision.header.extras.irreversible.as_ref();
        if let (Some(reason), Operation::Downgrade) = (reason, operation) {
            let (revision, reason) = (revision.id().clone(), reason.clone());
            return Err(ScriptError::OneWay { revision, reason });
        }
        let irreversible =
            |expected| ScriptError::Irreversible { revision: revision.id().clone(), expected };
        let (file, text) = match (&revision.source, operation) {
            (Source::Files(pair), Operation::Upgrade | Operation::Stamp) => {
                (pair.up(), pair.up_text()?)
            }
            (Source::Files(pair), Operation::Downgrade) => {
                let found = pair.down().zip(pair.down_text()?);
                found.ok_or_else(|| irreversible(Some(down_path(&pair.up()))))?
            }
            (Source::Embedded(pair), Operation::Upgrade | Operation::Stamp) => {
                (pair.up.path.clone(), pair.up.text.to_string())
            }
            (Source::Embedded(pair), Operation::Downgrade) => match &pair.down {
                Some(down) => (down.path.clone(), down.text.to_string()),
                None => return Err(irreversible(Some(down_path(&pair.up.path)))),
            },
            (Source::Stored { down: Some(text) }, Operation::Downgrade) => {
                (format!("{} (stored down script)", revision.id()).into(), text.clone())
            }
            (Source::Stored { .. }, _) => return Err(irreversible(None)),
        };
        let mut source = SourceText::new(&file, text, self.dialect());
        source.variables = self.values(&revision.header);
        source.undeclared = undeclared_of(&source, &revision.header)?;
        let header = match operation {
            Operation::Upgrade | Operation::Stamp => options_of_up(revision),
            Operation::Downgrade => {
                let text = source.open()?;
                let error = |error| placed(text.file(), text.as_str(), error);
                let header = Header::parse_down(text.as_str()).map_err(error)?;
                self.refuse_unwritten(revision, &text)?;
                header
            }
        };
        Ok((source, header))
    }

    /// Refuses a down script that is not written yet: it would undo nothing and delete the row.
    fn refuse_unwritten(&self, revision: &Revision, down: &Text<'_>) -> Result<(), ScriptError> {
        match unwritten_line(down.as_str(), self.dialect()) {
            Some(line) if revision.awaits_down(down.as_str(), self.dialect())? => {
                Err(ScriptError::Unwritten {
                    place: Box::new(Place::at(down.file(), down.as_str(), line, 1)),
                    revision: revision.id().clone(),
                    is_stored: matches!(revision.source, Source::Stored { .. }),
                })
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Returns the values of the variables that a header declares.
    fn values(&self, header: &Header) -> Box<[(String, String)]> {
        let value = |name: &String| Some((name.clone(), self.variables.get(name)?.clone()));
        header.extras.variables.iter().filter_map(value).collect()
    }

    /// Returns the text of a downgrade in code, which needs no down script.
    fn without_script(&self, revision: &Revision, operation: Operation) -> Option<SourceText> {
        let has_script = match &revision.source {
            Source::Files(pair) => pair.has_down(),
            Source::Embedded(pair) => pair.down.is_some(),
            Source::Stored { down } => down.is_some(),
        };
        let is_code = revision.header.extras.run_by == RunBy::Program;
        let needs_none = is_code && operation == Operation::Downgrade && !has_script;
        let name = || format!("{} (step of the program)", revision.id());
        needs_none.then(|| SourceText::new(name().as_ref(), String::new(), self.dialect()))
    }

    /// Tells whether a step calls the program's code, and checks that there is some.
    pub(super) fn calls(
        &self,
        step: Step,
        wrapping: Wrapping,
        source: &Text<'_>,
        spans: &[Span],
    ) -> Result<bool, ScriptError> {
        let revision = self.graph.revision(step.node);
        if revision.header.extras.run_by == RunBy::Script {
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
            return and(place, "its header says `Transaction: none`");
        }
        let Programs::Called(steps) = self.programs else { return Ok(false) };
        if steps.get(&id).and_then(|code| code.work(step.operation)).is_some() {
            return Ok(true);
        }
        let text = revision.up_text().ok().flatten().unwrap_or_default();
        let line = Header::parse(&text).map_or(1, |header| header.line_of(Key::RunBy));
        let place = revision.up().map(|up| Box::new(Place::at(&up, &text, line, 1)));
        Err(ScriptError::NoCode { place, revision: id, operation: step.operation })
    }
}

/// Finds text within quotes that resembles an undeclared variable and is not replaced.
fn undeclared_of(source: &SourceText, header: &Header) -> Result<Box<[Undeclared]>, RevisionError> {
    let text = source.open()?;
    let found = quoted_undeclared(text.as_str(), &header.extras.variables, text.dialect());
    let located = found.into_iter().map(|(offset, name)| {
        let place = Place::at_offset(text.file(), text.as_str(), offset);
        Undeclared { place, name: name.to_owned() }
    });
    Ok(located.collect())
}

/// Returns the options of an up script in the form of a down script's.
pub(super) fn options_of_up(revision: &Revision) -> DownHeader {
    let ExtraKeys { transaction, lock_timeout, statement_timeout, .. } = *revision.header.extras;
    DownHeader { wrapping: transaction, lock_timeout, statement_timeout }
}

/// Returns the path of the down script that belongs to an up script.
fn down_path(up: &Path) -> PathBuf {
    let name = up.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    up.with_file_name(format!("{}{DOWN}", name.strip_suffix(UP).unwrap_or(name)))
}
