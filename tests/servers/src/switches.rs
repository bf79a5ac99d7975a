//! The environment variables by which a server is chosen or left out.

use std::io::Write;
use std::sync::Mutex;

/// The servers that can be left out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    Postgres,
    Mysql,
    Oceanbase,
}

impl Engine {
    fn word(self) -> &'static str {
        match self {
            Self::Postgres => "POSTGRES",
            Self::Mysql => "MYSQL",
            Self::Oceanbase => "OCEANBASE",
        }
    }

    /// Returns the URL of the server to use instead of a private one.
    pub(crate) fn given_url(self) -> Option<String> {
        variable(&format!("LIMBECK_TEST_{}_URL", self.word()))
    }

    /// Tells whether the tests of this engine are to be left out, and says so if they are.
    pub(crate) fn is_skipped(self) -> bool {
        let name = format!("LIMBECK_TEST_SKIP_{}", self.word());
        let res = variable(&name).is_some_and(|value| value == "1");
        if res {
            skipped(&format!("{name}=1 is set"));
        }
        res
    }

    /// Tells, once a private server's programs are missing, whether that is no failure: another
    /// server does for all tests but those that need a private one.
    pub(crate) fn is_given(self, what: &str) -> bool {
        let res = self.given_url().is_some();
        if res {
            skipped(&format!("{what}: it needs a private server, and none is installed"));
        }
        res
    }
}

#[expect(clippy::disallowed_methods, reason = "the switches of the tests, not of the program")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Says on the terminal, past the test runner's capture, that something is left out; once each.
pub(crate) fn skipped(why: &str) {
    static SAID: Mutex<Vec<String>> = Mutex::new(Vec::new());
    let mut said = SAID.lock().unwrap();
    if !said.iter().any(|it| it == why) {
        said.push(why.to_owned());
        let _ = writeln!(std::io::stderr(), "SKIPPED: {why}");
    }
}
