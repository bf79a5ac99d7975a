//! The settings for this program's statements, in sessions that scripts have changed.

use crate::sql::{Dialect, quote_literal};

/// The settings that this program's statements depend on, and the values they need.
const OURS: [(&str, &str); 13] = [
    ("sql_mode", "'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION'"),
    ("character_set_client", "utf8mb4"),
    ("character_set_results", "utf8mb4"),
    ("collation_connection", "utf8mb4_general_ci"),
    ("group_concat_max_len", "16777216"),
    ("sql_safe_updates", "0"),
    ("sql_select_limit", "9223372036854775807"),
    ("sql_big_selects", "1"),
    ("max_statement_time", "0"),
    ("max_execution_time", "0"),
    ("ob_query_timeout", "3216672000000000"),
    ("transaction_read_only", "0"),
    ("tx_read_only", "0"),
];

/// The settings of a session from its first statement on: without them a server's default could
/// truncate results.
const FROM_THE_START: [&str; 3] = ["group_concat_max_len", "sql_select_limit", "sql_big_selects"];

/// Returns the names of all these settings as a list in SQL.
pub(in crate::database) fn names() -> String {
    let names: Vec<String> = OURS.iter().map(|(name, _)| format!("'{name}'")).collect();
    names.join(", ")
}

/// Statements that replace settings and restore them.
#[derive(Debug, Clone, Default)]
pub(in crate::database) struct SavedSettings {
    /// The assignments at the start of a session.
    pub(in crate::database) start: Vec<String>,
    /// The statement that saves the current settings and sets ours.
    pub(in crate::database) take: String,
    /// The statement that restores the saved settings.
    pub(in crate::database) give: String,
    /// The assignments that restore the settings as they were read.
    #[cfg_attr(
        not(any(test, feature = "mysql-client")),
        expect(dead_code, reason = "lent sessions alone are given back")
    )]
    pub(in crate::database) restore: Vec<String>,
}

impl SavedSettings {
    /// Takes the server's settings with their values.
    pub(in crate::database) fn new(found: &[(String, Option<String>)]) -> Self {
        let value = |name: &str| found.iter().find(|it| it.0.eq_ignore_ascii_case(name));
        let is_doubled = value("transaction_read_only").is_some();
        let known: Vec<_> = OURS
            .iter()
            .filter(|(name, _)| value(name).is_some() && !(is_doubled && *name == "tx_read_only"))
            .collect();
        let list = |write: &dyn Fn(&str, &str) -> String| {
            known.iter().map(|(name, ours)| write(name, ours)).collect::<Vec<_>>()
        };
        let keep = list(&|name, _| format!("@migrate_{name} = @@SESSION.{name}"));
        let set = list(&|name, ours| format!("SESSION {name} = {ours}"));
        let back = list(&|name, _| format!("SESSION {name} = @migrate_{name}"));
        let is_first = |(name, _): &&&(&str, &str)| FROM_THE_START.contains(name);
        let start = known.iter().filter(is_first);
        let restore = list(&|name, _| {
            let was = value(name).and_then(|it| it.1.as_deref()).filter(|it| !it.is_empty());
            let is_number =
                was.is_some_and(|it| it.bytes().all(|it| it.is_ascii_digit() || it == b'.'));
            let was = match was {
                None if name == "sql_mode" => "''".to_owned(),
                None => "NULL".to_owned(),
                Some(was) if is_number => was.to_owned(),
                Some(was @ ("ON" | "OFF")) => was.to_owned(),
                Some(was) => quote_literal(was, Dialect::MySql),
            };
            format!("SESSION {name} = {was}")
        });
        Self {
            start: start.map(|(name, ours)| format!("SESSION {name} = {ours}")).collect(),
            take: format!("SET {}, {}", keep.join(", "), set.join(", ")),
            give: format!("SET {}", back.join(", ")),
            restore,
        }
    }
}

/// Converts the rows of `SHOW VARIABLES`.
pub(in crate::database) fn pairs(rows: Vec<Vec<Option<String>>>) -> Vec<(String, Option<String>)> {
    let pair = |row: Vec<Option<String>>| {
        let mut columns = row.into_iter();
        Some((columns.next()??, columns.next().flatten()))
    };
    rows.into_iter().filter_map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_server_has_is_set_and_put_back() {
        let found = [("sql_mode", ""), ("tx_read_only", "OFF"), ("sql_select_limit", "9")];
        let found: Vec<_> =
            found.map(|(name, value)| (name.to_owned(), Some(value.to_owned()))).to_vec();
        let aside = SavedSettings::new(&found);
        assert_eq!(
            aside.take,
            "SET @migrate_sql_mode = @@SESSION.sql_mode, @migrate_sql_select_limit = \
             @@SESSION.sql_select_limit, @migrate_tx_read_only = @@SESSION.tx_read_only, SESSION \
             sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION', SESSION sql_select_limit = \
             9223372036854775807, SESSION tx_read_only = 0"
        );
        assert!(aside.give.ends_with("SESSION tx_read_only = @migrate_tx_read_only"));
        assert_eq!(aside.start, ["SESSION sql_select_limit = 9223372036854775807"]);
        let restored =
            ["SESSION sql_mode = ''", "SESSION sql_select_limit = 9", "SESSION tx_read_only = OFF"];
        assert_eq!(aside.restore, restored);
    }
}
