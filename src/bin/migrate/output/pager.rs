//! A pager for texts taller than the terminal.

use std::io::Write as _;
use std::process::{Command, Stdio};

/// The default options of `less`: quit if the text fits, keep colors, don't fold lines, and leave
/// the text on the screen.
const LESS: &str = "FRSX";

#[derive(Debug, Clone)]
pub(crate) struct Pager {
    pub(crate) command: String,
    /// The user's own options of `less`.
    pub(crate) less: Option<String>,
}

impl Pager {
    /// Shows a text; tells whether the pager could be started.
    pub(super) fn show(&self, text: &str) -> bool {
        let mut command = Command::new("sh");
        command.arg("-c").arg(&self.command).stdin(Stdio::piped());
        command.env("LESS", self.less.as_deref().unwrap_or(LESS));
        let Ok(mut child) = command.spawn() else { return false };
        if let Some(mut stdin) = child.stdin.take() {
            // The user may close it early.
            let _result = stdin.write_all(text.as_bytes());
        }
        // Shells answer 126 and 127 where there is no such program.
        child.wait().is_ok_and(|status| !matches!(status.code(), Some(126 | 127)))
    }
}
