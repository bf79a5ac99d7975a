//! Steps of a plan, and the text that they make.

use crate::catalog::Id;

/// What a step is there for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// It makes the changes that it names.
    #[default]
    Change,
    /// It gives what it names another name, which can be altered as well.
    Rename,
    /// It makes way for renames where it makes no change itself.
    WayForRenames,
}

/// One thing that a script does, with what is said above it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Step {
    /// The changes that it makes.
    pub serves: Vec<Id>,
    /// What it is there for.
    pub purpose: Purpose,
    /// What it is done for, where it makes no change itself: a table stands for all that is done to it.
    pub causes: Vec<Id>,
    /// What goes along with no statement of its own: the indexes and triggers of a table.
    pub takes: Vec<Id>,
    /// What it does.
    pub title: String,
    /// What else is to be known of it.
    pub notes: Vec<String>,
    /// What it loses.
    pub destructive: Vec<String>,
    /// What it asks of the rows that are there.
    pub fails: Vec<String>,
    /// What a person has to fill in.
    pub fills: Vec<String>,
    /// Its statements, without delimiters.
    pub statements: Vec<String>,
}

impl Step {
    pub(crate) fn new(serves: Id, title: String, statements: Vec<String>) -> Self {
        Self { serves: vec![serves], title, statements, ..Self::default() }
    }

    /// Returns the statements as they stand in a script.
    pub(crate) fn sql(&self) -> String {
        let statements: Vec<String> = self.statements.iter().map(|it| format!("{it};")).collect();
        statements.join("\n")
    }
}

/// Writes steps as a script.
pub(crate) fn script(steps: &[Step]) -> String {
    let step = |step: &Step| {
        let mut lines = vec![format!("-- {}", step.title)];
        lines.extend(step.notes.iter().map(|note| format!("--   {note}")));
        lines.extend(step.fails.iter().map(|what| format!("-- {what}")));
        lines.extend(step.destructive.iter().map(|what| format!("-- DESTRUCTIVE: {what}")));
        lines.extend(step.fills.iter().map(|what| format!("-- FILL IN: {what}")));
        let lines: Vec<String> = lines.iter().map(|line| one_line(line)).collect();
        format!("{}\n{}\n", lines.join("\n"), step.sql())
    };
    steps.iter().map(step).collect::<Vec<_>>().join("\n")
}

/// A comment ends with its line, whatever a name holds.
fn one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}
