//! Why the version table can't be used.

use thiserror::Error;

/// Why the version table can't be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// A column holds what this program never writes.
    #[error("table `{table}` holds `{value}` in column `{column}` of revision `{revision}`")]
    Value {
        /// The version table.
        table: String,
        /// The row.
        revision: String,
        /// The column.
        column: &'static str,
        /// What it holds.
        value: String,
    },
    /// The table is there, and it isn't this program's.
    #[error("table `{table}` is not a version table of this program{}", whose(*.sign))]
    Foreign {
        /// The version table.
        table: String,
        /// The column that tells whose it is, and the tool that makes such a column.
        sign: Option<(&'static str, &'static str)>,
    },
    /// The tables were evolved by a newer release.
    #[error("table `{table}` is of version {found}, and this program knows versions up to {known}")]
    Newer {
        /// The version table.
        table: String,
        /// The version of the tables.
        found: i64,
        /// The newest version known here.
        known: i64,
    },
}

fn whose(sign: Option<(&str, &str)>) -> String {
    sign.map(|(column, tool)| format!(": {tool} names a column `{column}`")).unwrap_or_default()
}
