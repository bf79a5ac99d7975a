//! Facts about single statements of a revision that stopped at one.

use crate::place::Place;
use crate::plan::Step;
use crate::script::{Compiler, SourceText, Span, journal};
use crate::sql::{Splitter, sets_session, transaction_control};

impl Compiler<'_> {
    /// Finds the place of a statement in a step's script, counted from 1.
    pub fn place_of(&self, step: Step, number: usize) -> Option<Place> {
        let (source, span) = self.statement(step, number)?;
        Some(source.open().ok()?.place(span, None))
    }

    /// Returns the expression for the catalog's entries on the objects that a statement of a step's
    /// script changes, counted from 1; none if they are not known.
    pub fn catalog_of(&self, step: Step, number: usize) -> Option<String> {
        let (source, span) = self.statement(step, number)?;
        journal::catalog(self.engine, &source.open().ok()?, span)
    }

    /// Tells whether a begun statement of a step's script took effect, counted from 1, where its
    /// text shows it: session settings are gone. A script's own transaction takes the notes along
    /// that were written in it: where that of its BEGIN is the last, it is gone, and where that of
    /// its COMMIT is seen, it was committed. MySQL's notes are not written so.
    pub fn outcome_of(&self, step: Step, number: usize) -> Option<bool> {
        let (source, span) = self.statement(step, number)?;
        let text = source.open().ok()?;
        let statement = Splitter::new(text.written(span), self.dialect()).next()?.ok()?;
        if self.engine.passes_notes_on() {
            return None;
        }
        match transaction_control(&statement) {
            Some("BEGIN" | "START TRANSACTION") => Some(false),
            Some("COMMIT" | "END") => Some(true),
            _ => sets_session(&statement).then_some(false),
        }
    }

    /// Finds a statement of a step's script, counted from 1.
    pub fn statement(&self, step: Step, number: usize) -> Option<(SourceText, Span)> {
        let revision = self.graph.revision(step.node);
        let (source, header) = self.source(step).ok()?;
        let spans = self.split(&source.open().ok()?, &revision.header, header.wrapping).ok()?;
        Some((source, *spans.get(number.checked_sub(1)?)?))
    }
}
