#![doc = "The library."]
#![warn(clippy::wildcard_enum_match_arm)]
pub mod clock;
pub mod config;
pub mod database;
pub mod ledger;
pub mod place;
pub mod plan;
pub mod revision;
pub mod runner;
pub mod script;
pub mod sql;
pub mod url;
