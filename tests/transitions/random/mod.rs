//! Random pairs of schemas: the scripts between them lead there and back. Each has rows in its proof.

mod draw;
mod model;
mod mutate;
mod write;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{TestCaseError, TestRunner};

use self::draw::Tape;
use crate::cases::{Case, Outcome};
use crate::{tried, variable};

/// The usual number of pairs; `PROPTEST_CASES` says another.
const USUAL: u32 = 60;

#[test]
fn scripts_lead_there_and_back_between_random_schemas() {
    let Some(server) = servers::postgres() else { return };
    let default = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    let cases = if variable("PROPTEST_CASES").is_some() { default.cases } else { USUAL };
    let config = ProptestConfig { cases, max_shrink_iters: 300, ..default };
    let res = TestRunner::new(config).run(&vec(any::<u16>(), 0..160), |numbers| {
        let mut tape = Tape::new(&numbers);
        let before = tape.model();
        let after = if tape.once_in(6) { tape.model() } else { tape.mutated(&before) };
        let case = Case {
            name: "a random pair".to_owned(),
            before: write::text(&before),
            after: write::text(&after),
            outcome: Outcome::Either,
            golden: None,
        };
        let told =
            |problem| format!("{problem}\n-- before\n{}\n-- after\n{}", case.before, case.after);
        tried(server, &case).map_err(|problem| TestCaseError::fail(told(problem)))
    });
    res.unwrap_or_else(|error| panic!("{error}"));
}
