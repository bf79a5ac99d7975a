//! Steps of a plan, and the script they make.

use crate::catalog::Id;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The step makes the changes that it names.
    #[default]
    Change,
    /// The step renames the objects that it names, which can be altered as well.
    Rename,
    /// The step drops an object for renames where it makes no change itself.
    WayForRenames,
}

/// A step of a script, with the comments above it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Step {
    /// The changes that the step makes.
    pub serves: Vec<Id>,
    pub purpose: Purpose,
    /// The causes of a step that makes no change itself: a table stands for all its changes.
    pub causes: Vec<Id>,
    /// The objects that are dropped without a statement of their own: the indexes and triggers of a
    /// table.
    pub takes: Vec<Id>,
    pub title: String,
    /// Further comments on the step.
    pub notes: Vec<String>,
    /// The comments of which the user is warned as well.
    pub notices: Vec<String>,
    /// The data that the step loses.
    pub destructive: Vec<String>,
    /// The rules that existing rows may violate.
    pub fails: Vec<String>,
    /// The object that is made anew, if the database can have an owner and privileges of it that the
    /// step doesn't know.
    pub anew: Option<String>,
    /// The values that the user has to fill in.
    pub fills: Vec<String>,
    /// The statements, without delimiters.
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

pub(crate) fn script(steps: &[Step]) -> String {
    let step = |step: &Step| {
        let mut lines = vec![format!("-- {}", step.title)];
        lines.extend(step.anew.iter().map(|what| {
            format!("--   the owner of {what} and privileges on it aren't kept: set them again")
        }));
        lines.extend(step.notes.iter().map(|note| format!("--   {note}")));
        lines.extend(step.notices.iter().map(|notice| format!("-- {}", capitalized(notice))));
        lines.extend(step.fails.iter().map(|what| format!("-- {what}")));
        lines.extend(step.destructive.iter().map(|what| format!("-- DESTRUCTIVE: {what}")));
        lines.extend(step.fills.iter().map(|what| format!("-- FILL IN: {what}")));
        let lines: Vec<String> = lines.iter().map(|line| one_line(line)).collect();
        format!("{}\n{}\n", lines.join("\n"), step.sql())
    };
    steps.iter().map(step).collect::<Vec<_>>().join("\n")
}

/// Begins a sentence with a capital letter.
fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |it| it.to_uppercase().chain(chars).collect())
}

/// A comment ends with its line, even if a name contains a line end.
fn one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}
