//! The documents of `check` and `repair`.

use limbeck::Error;
use serde::Serialize;

use crate::output::json::Change;
use crate::output::{Output, error, strangers};

/// An invalid script.
#[derive(Serialize)]
pub(crate) struct Problem {
    message: String,
    file: Option<String>,
    line: Option<usize>,
    column: Option<usize>,
}

pub(crate) fn problems(faults: &[Error], output: &Output) -> Vec<Problem> {
    let problem = |fault: &Error| Problem {
        message: output.shorten(&fault.to_string()),
        file: error::file(fault)
            .or_else(|| fault.place().map(|place| place.file.as_path()))
            .map(|file| output.path(file)),
        line: fault.place().map(|place| place.line),
        column: fault.place().map(|place| place.column),
    };
    faults.iter().map(problem).collect()
}

#[derive(Serialize)]
pub(crate) struct Check {
    pub(crate) clean: bool,
    pub(crate) pending: Vec<String>,
    pub(crate) modified: Vec<String>,
    pub(crate) unknown: Vec<String>,
    pub(crate) reparented: Vec<String>,
    pub(crate) failed: Vec<String>,
    pub(crate) unwritten: Vec<String>,
    pub(crate) heads: Vec<String>,
    pub(crate) strangers: Vec<strangers::Document>,
    pub(crate) changes: Vec<Change>,
    pub(crate) drift: Vec<Change>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) uncompared: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) database_exists: Option<bool>,
}

#[derive(Serialize)]
pub(crate) struct Repair {
    pub(crate) accepted: Vec<String>,
    pub(crate) settled: Vec<String>,
    pub(crate) modified: Vec<String>,
    pub(crate) failed: Vec<String>,
    pub(crate) unknown: Vec<String>,
    pub(crate) reparented: Vec<String>,
    pub(crate) unwritten: Vec<String>,
    pub(crate) heads: Vec<String>,
    pub(crate) strangers: Vec<strangers::Document>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) repairs: Vec<Item>,
}

/// An obstacle, and the ways to settle it.
#[derive(Serialize)]
pub(crate) struct Item {
    /// The obstacle in the words of `check`.
    pub(crate) problem: String,
    pub(crate) revision: Option<String>,
    pub(crate) ways: Vec<Remedy>,
}

#[derive(Serialize)]
pub(crate) struct Remedy {
    /// The command to type; none where files are to be written or restored.
    pub(crate) command: Option<String>,
    /// The effect of the command, or when to choose it.
    pub(crate) about: String,
}
