//! The results of a schema comparison, for people.

use limbeck::autogenerate::Generated;
use similar::TextDiff;

use crate::output::{Output, error, visible};

impl Output {
    /// Prints the detected changes, points to review, and possible renames.
    pub(crate) fn detected(&self, generated: &Generated) {
        if generated.changes.is_empty() {
            self.message("No changes.");
        }
        for change in &generated.changes {
            self.message(&format!("Detected: {}", visible(&change.description)));
        }
        self.advised(generated);
    }

    /// Prints the tables that had no rows when scripts were tried.
    pub(crate) fn unplanted(&self, tables: &[String]) {
        for table in tables {
            self.message(&format!("Without rows: {}", visible(table)));
        }
    }

    /// Prints points to review and possible renames, with hints to paste.
    pub(crate) fn advised(&self, generated: &Generated) {
        for warning in &generated.warnings {
            self.warning(&visible(warning));
        }
        for it in &generated.suggestions {
            let before = it.table.as_ref().map(|table| format!("{table}.")).unwrap_or_default();
            let text = format!(
                "if {} `{before}{}` is the old `{}`, put `{}` on its line of the schema, or add \
                 `{}`",
                it.object_type, it.new, it.old, it.hint, it.option
            );
            self.message(&format!("{}: {}", error::HINT, visible(&text)));
        }
    }

    /// Prints the difference between two texts like `diff -u`.
    pub(crate) fn unified(&self, old: (&str, &str), new: (&str, &str)) -> anyhow::Result<()> {
        let diff = TextDiff::from_lines(old.1, new.1);
        self.raw(&diff.unified_diff().header(old.0, new.0).to_string())
    }
}
