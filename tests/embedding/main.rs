//! The library in programs: its face, lent connections, steps of code, and what a downstream crate gets.
#![cfg(feature = "sqlite")]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[cfg(unix)]
mod downstream;
mod face;
mod large;
mod lent;
#[cfg(all(unix, feature = "postgres-client", feature = "mysql-client"))]
mod lent_servers;
mod others;
mod steps;
mod thousands;

use limbeck::Versions;
use limbeck::ops::Report;

/// Two revisions that every database understands.
fn versions() -> Versions {
    Versions::of([
        (
            "1_a.up.sql",
            "-- create t\n--\n-- Revision ID: aa11\n-- Revises:\n\nCREATE TABLE t (id integer PRIMARY KEY);\n\
             INSERT INTO t VALUES (1);\n",
        ),
        ("1_a.down.sql", "DROP TABLE t;\n"),
        (
            "2_b.up.sql",
            "-- fill t\n--\n-- Revision ID: bb22\n-- Revises: aa11\n\nINSERT INTO t VALUES (2);\n",
        ),
        ("2_b.down.sql", "DELETE FROM t WHERE id = 2;\n"),
    ])
}

fn steps(report: &Report) -> Vec<&str> {
    report.steps.iter().map(|it| it.revision.as_str()).collect()
}

fn heads(report: &Report) -> Vec<&str> {
    report.heads.iter().map(limbeck::revision::RevisionId::as_str).collect()
}
