//! The reasons why the version table can't be used.

use thiserror::Error;

/// The reason why the version table can't be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// A column has a value that this program never writes.
    #[error("table `{table}` holds `{value}` in column `{column}` of revision `{revision}`")]
    Value {
        /// The name of the version table.
        table: String,
        revision: String,
        column: &'static str,
        value: String,
    },
    /// The table exists and belongs to another program.
    #[error("table `{table}` is not a version table of this program{}", whose(*.sign))]
    Foreign {
        /// The name of the version table.
        table: String,
        /// The column that identifies the owner, and the tool that creates such a column.
        sign: Option<(&'static str, &'static str)>,
    },
    /// A newer release has evolved the tables.
    #[error("table `{table}` is of version {found}, and this program knows versions up to {known}")]
    Newer {
        /// The name of the version table.
        table: String,
        /// The version of the tables.
        found: i64,
        /// The newest version that this release knows.
        known: i64,
    },
}

fn whose(sign: Option<(&str, &str)>) -> String {
    sign.map(|(column, tool)| format!(": {tool} names a column `{column}`")).unwrap_or_default()
}
