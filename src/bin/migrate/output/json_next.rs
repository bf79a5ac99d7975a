//! The documents of revisions that follow a new one.

use limbeck::autogenerate::Scripts;
use serde::Serialize;

/// A revision that follows a new one, outside a transaction.
#[derive(Serialize, Default)]
pub(crate) struct Next {
    pub(crate) revision: Option<String>,
    pub(crate) up: Option<String>,
    pub(crate) down: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) up_sql: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) down_sql: Option<String>,
}

impl Next {
    /// Makes the document of a revision that isn't written.
    pub(crate) fn proposed(scripts: &Scripts<'_>) -> Self {
        let (up, down) = (scripts.up.to_owned(), scripts.down.to_owned());
        Self { up_sql: Some(up), down_sql: Some(down), ..Self::default() }
    }
}
