//! What holds for every graph, every target and every text.
//!
//! Graphs are drawn at random, and what is to hold is worked out here by other means than the
//! library's: sets of revisions are bits of a word. `PROPTEST_CASES` sets how many cases each
//! property is tried on; without it each has its own number.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[cfg(feature = "sqlite")]
mod autogenerate;
mod catalog;
#[cfg(feature = "sqlite")]
mod database;
mod family;
mod lanes;
mod plans;
mod settings;
mod texts;
mod typed;

use proptest::prelude::ProptestConfig;

/// Takes a property's own number of cases, if `PROPTEST_CASES` doesn't say another.
#[expect(clippy::disallowed_methods, reason = "the variable steers the test, not the program")]
fn cases(usual: u32) -> ProptestConfig {
    let default = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    match std::env::var_os("PROPTEST_CASES") {
        Some(_) => default,
        None => ProptestConfig { cases: usual, ..default },
    }
}
