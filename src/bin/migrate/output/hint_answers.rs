//! Hints on peculiar errors of servers, and on the version table.

use limbeck::database::SqlFault;
use limbeck::ledger::LedgerError;

/// Returns the hint for a peculiar error of a server.
pub(super) fn sql_hint(fault: &SqlFault) -> Option<&'static str> {
    let code = fault.code.as_deref().unwrap_or_default();
    let is = |known: &str| code == known || code.starts_with(&format!("{known} "));
    // 25001: a statement that can't run inside a transaction; 2D000: one that commits it; 55P04: a
    // new value of an enum.
    if is("25001") || is("2D000") || is_about_transactions(&fault.message) {
        Some(
            "it can't run in a transaction: put `-- Transaction: none` into the header, best of a \
             revision of its own",
        )
    } else if is("55P04") {
        Some(
            "a new value of an enum can be used once it is committed: put its use into the next \
             revision",
        )
    } else if is("55P03") || is("1205") || is("40P01") || is("1213") {
        Some("other sessions hold locks that it needs: run the command again when they are done")
    } else if is("4012") && fault.message.contains("ob_query_timeout") {
        Some(
            "OceanBase ends what takes longer: put `-- Statement Timeout: 10min` into the header, or \
             `statement_timeout` into migrate.toml",
        )
    } else {
        None
    }
}

/// Returns the hint for an unusable version table.
pub(super) fn ledger_hint(error: &LedgerError) -> Option<&'static str> {
    Some(match error {
        LedgerError::Foreign { .. } => {
            "nothing was changed; choose another name, e.g. `version_table = \"migrations\"` below \
             `[migrate]` in migrate.toml"
        }
        LedgerError::Newer { .. } => "use a newer release of this program",
        _ => return None,
    })
}

/// Tells whether SQLite, or the runner, reports a statement that can't be in a transaction.
fn is_about_transactions(message: &str) -> bool {
    let words = [
        "from within a transaction",
        "inside a transaction",
        "database within transaction",
        "the statement ended the transaction",
    ];
    words.iter().any(|it| message.contains(it))
}
