//! The reasons why the version table can't be used.

use thiserror::Error;

/// The reason why the version table can't be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LedgerError {
    #[error("table `{table}` holds `{value}` in column `{column}` of revision `{revision}`")]
    Value { table: String, revision: String, column: &'static str, value: String },
    #[error("table `{table}` is not a version table of this program{}", whose(*.sign))]
    Foreign { table: String, sign: Option<(&'static str, &'static str)> },
    #[error("table `{table}` is of version {found}, and this program knows versions up to {known}")]
    Newer { table: String, found: i64, known: i64 },
}

fn whose(sign: Option<(&str, &str)>) -> String {
    sign.map(|(column, tool)| format!(": {tool} names a column `{column}`")).unwrap_or_default()
}
