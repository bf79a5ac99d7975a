//! The service from outside: the built program, real HTTP on a free port, both databases.
//!
//! No test waits for time to pass. What is over is dated back in the database, or signed so with
//! the key that the tests know.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test says what fails by panicking")]

mod accounts;
mod admin;
mod docs;
mod forge;
mod life;
mod nonsense;
mod readme;
mod support;
mod tokens;
