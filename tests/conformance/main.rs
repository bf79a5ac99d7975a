//! What every driver has to promise: one suite, a row a driver.
//!
//! The library is used as an application would use it, on scripts that every database understands.
//! A new driver is a row of [`driver::DRIVERS`]; what it can't promise, it says there.
#![cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql"))]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod bench;
mod driver;
mod promises;
