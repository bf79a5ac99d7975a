//! Random pairs of schemas of MySQL: the scripts between them lead there and back, with rows in the proof.

mod draw;
mod model;
mod write;

use std::sync::Mutex;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::bench::Server;
use crate::cases::{Case, Outcome};
use crate::random::draw::Tape;
use crate::{each, keys, tried, variable};

/// The usual number of pairs, which are always the same; `PROPTEST_CASES` draws another number of others.
const USUAL: u32 = 40;

/// How often a pair that fails is tried again with less in it.
const SHRINKS: usize = 60;

#[test]
fn scripts_lead_there_and_back_between_random_schemas_of_mysql() {
    let Some(server) = servers::mariadb().map(Server::MySql) else { return };
    let is_told = variable("PROPTEST_CASES").is_some();
    let count = if is_told { ProptestConfig::default().cases } else { USUAL };
    let mut runner = if is_told { TestRunner::default() } else { TestRunner::deterministic() };
    let mut trees = Vec::new();
    for _ in 0..count {
        trees.push(Mutex::new(vec(any::<u16>(), 0..160).new_tree(&mut runner).unwrap()));
    }
    each(&trees, |tree| {
        let mut tree = tree.lock().unwrap();
        match problem(server, &tree.current()) {
            Some(problem) => Err(shrunk(server, &mut *tree, problem)),
            None => Ok(()),
        }
    });
}

/// Looks for a smaller pair that fails, too; tells the problem of the smallest.
fn shrunk(
    server: Server,
    tree: &mut dyn ValueTree<Value = Vec<u16>>,
    mut smallest: String,
) -> String {
    let mut goes_on = tree.simplify();
    for _ in 0..SHRINKS {
        if !goes_on {
            break;
        }
        goes_on = match problem(server, &tree.current()) {
            Some(problem) => {
                smallest = problem;
                tree.simplify()
            }
            None => tree.complicate(),
        };
    }
    smallest
}

/// Tries a pair; tells what fails, with the schemas.
fn problem(server: Server, numbers: &[u16]) -> Option<String> {
    let mut tape = Tape::new(numbers);
    let before = draw::model(&mut tape);
    let after =
        if tape.once_in(6) { draw::model(&mut tape) } else { draw::mutated(&before, &mut tape) };
    let name = "a random pair".to_owned();
    let (before, after) = (write::text(&before), write::text(&after));
    let options = keys();
    let case = Case { name, before, after, outcome: Outcome::Either, options, ..Case::default() };
    let problem = tried(server, &case).err()?;
    Some(format!("{problem}\n-- before\n{}\n-- after\n{}", case.before, case.after))
}
