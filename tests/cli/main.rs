//! The program from outside: what it prints, what it leaves behind, and how it ends.
//!
//! One file a command, and one for each thing that all commands share. Texts for people are
//! snapshots, documents are compared field by field, and databases are read with a client of
//! their own.
#![cfg(all(feature = "sqlite", feature = "cli", unix))]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod support;

mod autogenerate;
mod blame;
mod blockers;
mod branches;
mod check;
mod completions;
mod config;
mod copies;
mod current;
mod diagram;
mod diff;
mod downgrade;
mod dropped;
mod dump;
mod edit;
mod ensure_version;
mod failures;
mod files;
mod foreign_keys;
mod graph;
mod groups;
mod heads;
mod help;
mod history;
mod init;
mod large;
mod list_templates;
#[cfg(all(feature = "postgres", feature = "mysql"))]
mod lock;
mod man;
mod merge;
mod names;
mod nonsense;
mod offline;
#[cfg(all(feature = "postgres", feature = "mysql"))]
mod on_servers;
mod output;
mod protected;
mod renames;
mod repair;
mod resume;
mod revision;
mod sample;
mod sessions;
mod shell;
mod show;
mod sources;
mod spared;
mod sql;
mod stamp;
mod status;
mod strangers;
mod tutorial;
mod unwritten;
mod upgrade;
mod variables;
mod version;
#[cfg(all(feature = "postgres", feature = "mysql"))]
mod watch;
mod without;
