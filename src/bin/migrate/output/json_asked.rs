//! The documents of `migrate version` and `migrate list-templates`.

use limbeck::ops::Template;
use serde::Serialize;

use crate::program;

#[derive(Serialize)]
pub(crate) struct Version {
    program: &'static str,
    version: &'static str,
}

impl Version {
    pub(crate) fn of_program() -> Self {
        Self { program: program::name(), version: env!("CARGO_PKG_VERSION") }
    }
}

#[derive(Serialize)]
pub(crate) struct TemplateName {
    name: &'static str,
    synopsis: &'static str,
}

impl TemplateName {
    pub(crate) fn of(template: &Template) -> Self {
        Self { name: template.name, synopsis: template.synopsis }
    }
}
