//! A real browser for the tests: Debian's Chromium without a window, gone with the test.
//!
//! A page is used as a person would use it: what is clicked has to be visible, and keys and the wheel
//! reach whatever has the focus or lies below the pointer. What goes wrong is a panic that shows the
//! page's address and text.
//!
//! A browser that is not installed is a panic that says how to install it. It is left out only on
//! demand, and loudly: `LIMBECK_TEST_SKIP_BROWSER=1` makes [`Browser::start`] return `None`.

mod input;
mod page;
mod process;
mod protocol;

use std::cell::RefCell;
use std::io::Write;
use std::path::PathBuf;

use serde_json::json;

pub use crate::page::Page;
use crate::process::Process;
use crate::protocol::Protocol;

/// A browser with an empty profile of its own.
pub struct Browser {
    protocol: RefCell<Protocol>,
    /// Dropped last: it ends the browser.
    process: Process,
}

impl Browser {
    /// Starts a browser; none if the tests leave it out.
    #[track_caller]
    pub fn start() -> Option<Self> {
        let program = program()?;
        let mut process = Process::start(&program);
        let (to, from) = process.pipes();
        let protocol = RefCell::new(Protocol::new(to, from));
        let browser = Self { protocol, process };
        browser.call(None, "Browser.getVersion", &json!({}));
        Some(browser)
    }

    /// Opens a page of its own, and waits until it is loaded.
    #[track_caller]
    pub fn open(&self, url: &str) -> Page<'_> {
        Page::open(self, url)
    }

    /// Returns the process id of the browser.
    pub fn pid(&self) -> u32 {
        self.process.browser()
    }

    #[track_caller]
    fn call(
        &self,
        session: Option<&str>,
        method: &str,
        parameters: &serde_json::Value,
    ) -> serde_json::Value {
        let answer = self.protocol.borrow_mut().call(session, method, parameters);
        answer.unwrap_or_else(|problem| panic!("{method}: {problem}\n{}", self.process.log()))
    }
}

/// Finds the browser. Only where the tests are told so, they do without.
#[expect(
    clippy::disallowed_methods,
    reason = "the tests' own switch, and PATH as a shell reads it"
)]
fn program() -> Option<PathBuf> {
    if std::env::var("LIMBECK_TEST_SKIP_BROWSER").is_ok_and(|it| it == "1") {
        // Past the test runner's capture.
        let _ = writeln!(std::io::stderr(), "SKIPPED: LIMBECK_TEST_SKIP_BROWSER=1 is set");
        return None;
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let files = ["chromium", "chromium-browser", "google-chrome"]
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    let found = files.into_iter().find(|file| file.is_file());
    assert!(
        found.is_some(),
        "`chromium` is not installed. `tests/run` installs it as root; or: apt-get install chromium. \
         LIMBECK_TEST_SKIP_BROWSER=1 leaves out what needs a browser."
    );
    found
}
