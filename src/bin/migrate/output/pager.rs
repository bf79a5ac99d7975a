//! A pager for what is higher than the terminal.

use std::io::Write as _;
use std::process::{Command, Stdio};

/// What `less` is asked for where its user doesn't say: to end on what fits, leave colors as they
/// are, not to fold lines, and leave the text on the screen.
const LESS: &str = "FRSX";

/// How texts are paged.
#[derive(Debug, Clone)]
pub(crate) struct Pager {
    /// A command of the shell.
    pub(crate) command: String,
    /// The user's own options of `less`.
    pub(crate) less: Option<String>,
}

impl Pager {
    /// Shows a text; tells whether there was somebody to show it.
    pub(super) fn show(&self, text: &str) -> bool {
        let mut command = Command::new("sh");
        command.arg("-c").arg(&self.command).stdin(Stdio::piped());
        command.env("LESS", self.less.as_deref().unwrap_or(LESS));
        let Ok(mut child) = command.spawn() else { return false };
        if let Some(mut stdin) = child.stdin.take() {
            // Whoever has seen enough closes it early.
            let _result = stdin.write_all(text.as_bytes());
        }
        // Shells answer 126 and 127 where there is no such program.
        child.wait().is_ok_and(|status| !matches!(status.code(), Some(126 | 127)))
    }
}
