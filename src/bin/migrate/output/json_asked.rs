//! The documents of `migrate help` and `migrate version`.

use serde::Serialize;

use crate::program;

#[derive(Serialize)]
pub(crate) struct Help {
    pub(crate) help: String,
}

#[derive(Serialize)]
pub(crate) struct Version {
    program: &'static str,
    version: &'static str,
}

impl Version {
    /// Returns the document of this program.
    pub(crate) fn of_program() -> Self {
        Self { program: program::name(), version: env!("CARGO_PKG_VERSION") }
    }
}
