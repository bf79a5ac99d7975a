#![doc = "The library."]
#![warn(clippy::wildcard_enum_match_arm)]
pub mod clock;
pub mod config;
pub mod database;
pub mod error;
pub mod ledger;
pub mod ops;
pub mod place;
pub mod plan;
pub mod project;
pub mod revision;
pub mod runner;
pub mod script;
pub mod sql;
pub mod url;
pub use error::{Error, ErrorKind};
