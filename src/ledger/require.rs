//! The requirements of a printed script for the version table, as statements that fail.
//!
//! Nobody reads their results: clients continue after an error, so each has to stop the following
//! statements.

use crate::ledger::Ledger;
use crate::revision::RevisionId;
use crate::sql::{Dialect, quote_literal};

/// The temporary table that rejects a row unless the condition holds.
const GUARD: &str = "CREATE TEMP TABLE IF NOT EXISTS migrate_guard (\n    holds INTEGER CONSTRAINT \
                     \"what the revision needs\" CHECK (holds),\n    kept INTEGER\n)";

/// A condition that the database must fulfill, in SQL and in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// The condition in words: `b1 must be applied and c1 must not be`.
    pub sentence: String,
    condition: String,
    dialect: Dialect,
}

impl Ledger {
    /// Returns the requirement that some revisions are applied and others are not; none if both
    /// lists are empty.
    pub fn require(&self, applied: &[RevisionId], absent: &[RevisionId]) -> Option<Requirement> {
        let named = |ids: &[RevisionId]| {
            ids.iter().map(RevisionId::as_str).collect::<Vec<_>>().join(" and ")
        };
        let rows = |ids: &[RevisionId]| {
            let list = ids.iter().map(|id| quote_literal(id.as_str(), self.dialect()));
            let list = list.collect::<Vec<_>>().join(", ");
            let list = if ids.len() == 1 { format!("= {list}") } else { format!("IN ({list})") };
            format!("FROM {} WHERE revision {list}", self.table())
        };
        let mut conditions = Vec::new();
        match applied {
            [] => {}
            [_] => conditions.push(format!("EXISTS (SELECT 1 {})", rows(applied))),
            _ => {
                conditions.push(format!("(SELECT count(*) {}) = {}", rows(applied), applied.len()));
            }
        }
        if !absent.is_empty() {
            conditions.push(format!("NOT EXISTS (SELECT 1 {})", rows(absent)));
        }
        let sentence = match (applied.is_empty(), absent.is_empty()) {
            (true, true) => return None,
            (false, true) => format!("{} must be applied", named(applied)),
            (true, false) => format!("{} must not be applied", named(absent)),
            (false, false) => {
                let (applied, absent) = (applied.join(" and "), named(absent));
                format!("{applied} must be applied and {absent} must not be")
            }
        };
        let condition = conditions.join("\n    AND ");
        Some(Requirement { sentence, condition, dialect: self.dialect() })
    }
}

impl Requirement {
    pub fn new(condition: String, sentence: &str, dialect: Dialect) -> Self {
        Self { sentence: sentence.to_owned(), condition, dialect }
    }

    /// Returns the sentence if no failing statement can say it (SQLite).
    pub fn note(&self) -> Option<&str> {
        match self.dialect {
            Dialect::Sqlite => Some(&self.sentence),
            Dialect::Postgres | Dialect::MySql => None,
        }
    }

    /// Returns the statements, the last of which fails unless the condition holds. On SQLite a
    /// number can be stored along, for later requirements to compare with.
    pub fn statements(&self, kept: Option<&str>) -> Vec<String> {
        let Self { sentence, condition, dialect } = self;
        let said = quote_literal(sentence, *dialect);
        match dialect {
            // SQLite's error shows the constraint's name.
            Dialect::Sqlite => {
                let (columns, values) = match kept {
                    Some(number) => ("", format!("{condition},\n    {number}")),
                    None => (" (holds)", condition.clone()),
                };
                vec![
                    GUARD.to_owned(),
                    format!("INSERT INTO temp.migrate_guard{columns} SELECT {values}"),
                ]
            }
            Dialect::Postgres => {
                let tag = dollar_tag(&format!("{condition}{said}"));
                vec![format!(
                    "DO {tag}\nBEGIN\n    IF NOT (\n        {condition}\n    ) THEN\n        \
                     RAISE EXCEPTION USING MESSAGE = {said};\n    END IF;\nEND\n{tag}"
                )]
            }
            // The message shows it verbatim. A comma would end it.
            Dialect::MySql => {
                let said = said.replace(',', ";");
                vec![format!("SET sql_mode = IF({condition}, @@sql_mode, {said})")]
            }
        }
    }
}

/// Returns a dollar quote that can surround a text.
fn dollar_tag(text: &str) -> String {
    let mut tag = "$$".to_owned();
    while text.contains(&tag) {
        tag.insert(tag.len() - 1, '_');
    }
    tag
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(texts: &[&str]) -> Vec<RevisionId> {
        texts.iter().map(|it| RevisionId::parse(it).unwrap()).collect()
    }

    fn sentence(applied: &[&str], absent: &[&str]) -> Option<String> {
        let ledger = Ledger::new("v", Dialect::Sqlite);
        ledger.require(&ids(applied), &ids(absent)).map(|it| it.sentence)
    }

    #[test]
    fn a_requirement_is_a_sentence() {
        assert_eq!(sentence(&[], &[]), None);
        assert_eq!(sentence(&["a"], &[]).unwrap(), "a must be applied");
        assert_eq!(sentence(&[], &["c"]).unwrap(), "c must not be applied");
        let both = "a and b must be applied and c must not be";
        assert_eq!(sentence(&["a", "b"], &["c"]).unwrap(), both);
    }

    #[test]
    fn a_requirement_is_a_statement_of_each_database() {
        let last = |dialect| {
            let ledger = Ledger::new("v", dialect);
            let required = ledger.require(&ids(&["a", "b"]), &ids(&["c"])).unwrap();
            required.statements(None).pop().unwrap()
        };
        assert_eq!(
            last(Dialect::Sqlite),
            "INSERT INTO temp.migrate_guard (holds) SELECT (SELECT count(*) FROM \"v\" WHERE revision IN \
             ('a', 'b')) = 2\n    AND NOT EXISTS (SELECT 1 FROM \"v\" WHERE revision = 'c')"
        );
        let start = "DO $$\nBEGIN\n    IF NOT (\n        (SELECT count(*)";
        assert!(last(Dialect::Postgres).starts_with(start));
        assert!(last(Dialect::MySql).starts_with("SET sql_mode = IF((SELECT count(*) FROM `v`"));
    }
}
