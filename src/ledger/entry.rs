//! One row of the version table.

use std::sync::Arc;

use crate::duration;
use crate::ledger::LedgerError;
use crate::revision::{
    Checksum, ExtraKeys, ForeignKeys, Header, NameError, Operation, Revision, RevisionId, RunBy,
    Source, Wrapping,
};

/// The record of an applied revision, as written to the version table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub revision: RevisionId,
    /// The ids of the parents at the time.
    pub parents: Vec<String>,
    /// The ids of the dependencies, labels resolved.
    pub depends_on: Vec<String>,
    /// The branch labels that the revision itself defines.
    pub branch_labels: Vec<String>,
    pub message: Arc<str>,
    /// The header lines that control how the scripts run, as in the file.
    pub options: String,
    /// The checksum of the up script's body.
    pub checksum: Checksum,
    /// The whole down script; none if the revision is irreversible.
    pub down_script: Option<String>,
    /// `Upgrade`, or `Stamp` if the script wasn't run.
    pub operation: Operation,
    /// The value of `--tag`.
    pub tag: Option<String>,
}

/// The values that are known only when the revision is applied.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recorded {
    /// The row's position, if the caller knows it: after all existing ones.
    pub position: Option<i64>,
    /// The time in UTC (RFC 3339); none takes the database's clock.
    pub applied_at: Option<String>,
    /// The name of the user; may be empty.
    pub applied_by: String,
    /// The run time of the script.
    pub duration: Elapsed,
}

/// The run time of a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Elapsed {
    /// The script didn't run, or its time wasn't measured.
    #[default]
    Unknown,
    Milliseconds(u64),
    /// The time that the server has spent on the message with script and record (PostgreSQL).
    OfThisMessage,
}

/// A row of the version table, as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub revision: RevisionId,
    /// The ids of the parents at the time.
    pub parents: Vec<String>,
    /// The ids of the dependencies.
    pub depends_on: Vec<String>,
    pub branch_labels: Vec<String>,
    pub message: String,
    /// The header lines that control how the scripts run.
    pub options: String,
    /// The checksum of the up script's body when it was applied.
    pub checksum: Checksum,
    /// The time of application, as recorded.
    pub applied_at: String,
    /// The name of the user.
    pub applied_by: String,
    /// The value of `--tag`.
    pub tag: Option<String>,
    /// The run time of the script in milliseconds.
    pub duration_ms: Option<u64>,
}

impl Entry {
    /// Makes the record of a revision from its file; `depends_on` are the resolved ids.
    pub fn new(revision: &Revision, depends_on: &[RevisionId], operation: Operation) -> Self {
        let header = &revision.header;
        let options =
            header.extras.options().into_iter().map(|(key, value)| format!("{key}: {value}"));
        Self {
            revision: revision.id().clone(),
            parents: header.revises.iter().map(RevisionId::to_string).collect(),
            depends_on: depends_on.iter().map(RevisionId::to_string).collect(),
            branch_labels: header.extras.branch_labels.clone(),
            message: header.message.clone(),
            options: options.collect::<Vec<_>>().join("\n"),
            checksum: revision.checksum.clone(),
            down_script: None,
            operation,
            tag: None,
        }
    }
}

impl Row {
    /// Parses the columns of a row, in the order of the table's query.
    pub fn parse(table: &str, columns: Vec<Option<String>>) -> Result<Self, LedgerError> {
        let mut columns = columns.into_iter();
        let mut next = || columns.next().flatten();
        let id = next().unwrap_or_default();
        let value = |column, value: &str| LedgerError::Value {
            table: table.to_owned(),
            revision: id.clone(),
            column,
            value: value.to_owned(),
        };
        let revision = RevisionId::parse(&id).map_err(|_: NameError| value("revision", &id))?;
        let _position = next();
        let mut text = || next().unwrap_or_default();
        let (parents, depends_on, branch_labels) = (text(), text(), text());
        let (message, options, checksum, _operation) = (text(), text(), text(), text());
        let tag = next();
        let (applied_at, applied_by) = (next().unwrap_or_default(), next().unwrap_or_default());
        let duration = next();
        let parsed = duration.as_deref().map(str::parse);
        let duration_ms = parsed.transpose().map_err(|_: std::num::ParseIntError| {
            value("duration_ms", duration.as_deref().unwrap_or_default())
        })?;
        Ok(Self {
            revision,
            parents: names(&parents),
            depends_on: names(&depends_on),
            branch_labels: names(&branch_labels),
            message,
            options,
            checksum: Checksum::recorded(checksum),
            applied_at,
            applied_by,
            tag,
            duration_ms,
        })
    }

    /// Restores a revision whose files are gone from its row.
    pub fn to_revision(&self, down: Option<String>) -> Revision {
        // An invalid name leads to no revision, and is ignored.
        let ids = self.parents.iter().filter_map(|id| RevisionId::parse(id).ok());
        let header = Header {
            message: self.message.as_str().into(),
            revision: self.revision.clone(),
            revises: ids.collect(),
            create_date: String::new(),
            extras: self.extras().into(),
        };
        let source = Source::Stored { down };
        Revision { header, checksum: self.checksum.clone(), source }
    }

    fn extras(&self) -> ExtraKeys {
        let mut res = ExtraKeys {
            branch_labels: self.branch_labels.clone(),
            depends_on: self.depends_on.clone(),
            ..ExtraKeys::default()
        };
        for (key, value) in self.options.lines().filter_map(|line| line.split_once(": ")) {
            match key {
                "Transaction" => res.transaction = Wrapping::None,
                "Foreign Keys" => res.foreign_keys = ForeignKeys::Enforced,
                "Variables" => res.variables = names(value),
                "Lock Timeout" => res.lock_timeout = duration::parse(value),
                "Statement Timeout" => res.statement_timeout = duration::parse(value),
                "Run By" => res.run_by = RunBy::Program,
                "Irreversible" => res.irreversible = Some(value.to_owned()),
                _ => {}
            }
        }
        res
    }
}

fn names(list: &str) -> Vec<String> {
    list.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn columns(id: &str, duration: &str) -> Vec<Option<String>> {
        let text = |value: &str| Some(value.to_owned());
        vec![
            text(id),
            text("1"),
            text("p1,p2"),
            text(""),
            text("auth"),
            text("m"),
            text("Transaction: none\nVariables: a, b\nLock Timeout: 1500ms\nStatement Timeout: 0"),
            text("sha256:0"),
            text("upgrade"),
            None,
            text("2026-01-01T00:00:00Z"),
            text("me"),
            text(duration),
        ]
    }

    #[test]
    fn a_row_stands_in_for_a_lost_file() {
        let row = Row::parse("t", columns("a1", "12")).unwrap();
        assert_eq!(row.duration_ms, Some(12));
        let revision = row.to_revision(Some("DROP TABLE t".to_owned()));
        assert_eq!(revision.header.revises.len(), 2);
        assert_eq!(revision.header.extras.transaction, Wrapping::None);
        assert_eq!(revision.header.extras.variables, ["a", "b"]);
        assert_eq!(revision.header.extras.lock_timeout, Some(Duration::from_millis(1500)));
        assert_eq!(revision.header.extras.statement_timeout, Some(Duration::ZERO));
    }

    #[test]
    fn garbage_is_told_by_row_and_column() {
        let error = Row::parse("t", columns("a1", "soon")).unwrap_err();
        let message = "table `t` holds `soon` in column `duration_ms` of revision `a1`";
        assert_eq!(error.to_string(), message);
        assert!(Row::parse("t", columns("a b", "1")).is_err());
        assert!(Row::parse("t", Vec::new()).is_err());
    }
}
