//! The documents of `--json`: a contract with other programs, so they are not types of the library.

use std::collections::BTreeMap;

use limbeck::Error;
use limbeck::catalog::Kind;
use limbeck::ops::{Report, Status as Line};
use limbeck::place::Place;
use limbeck::revision::{Follow, Graph, Node, RevisionError, RevisionId};
use limbeck::runner::{Done, Failure as RunFailure, milliseconds};
use limbeck::script::{Script as Plan, Span, Unit};
use limbeck::sql::LineIndex;
use serde::Serialize;

use crate::output::{Output, error, hint, rows, table};
use crate::usage;

pub(crate) use crate::output::json_check::{Check, Item, Problem, Remedy, Repair, problems};
pub(crate) use crate::output::json_next::Next;

pub(crate) fn ids(ids: &[RevisionId]) -> Vec<String> {
    ids.iter().map(RevisionId::to_string).collect()
}

/// Makes a document of one field.
pub(crate) fn only<T: Serialize>(name: &'static str, value: T) -> BTreeMap<&'static str, T> {
    BTreeMap::from([(name, value)])
}

#[derive(Serialize, Default)]
pub(crate) struct Written {
    pub(crate) revision: Option<String>,
    pub(crate) up: Option<String>,
    pub(crate) down: Option<String>,
    pub(crate) changes: Vec<Change>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) up_sql: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) down_sql: Option<String>,
    /// The revisions that follow.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) next: Vec<Next>,
}

#[derive(Serialize)]
pub(crate) struct Change {
    kind: &'static str,
    #[serde(rename = "type")]
    object_type: &'static str,
    object: String,
    destructive: bool,
    /// Whether the change fails if rows don't fit.
    may_fail: bool,
    /// The queries for such rows.
    check: Option<String>,
    /// The statements, if they can be written.
    sql: Option<String>,
}

pub(crate) fn changes(changes: &[limbeck::catalog::Change]) -> Vec<Change> {
    let change = |it: &limbeck::catalog::Change| Change {
        kind: it.kind.as_str(),
        object_type: it.object_type.as_str(),
        object: it.object.clone(),
        destructive: it.destructive,
        may_fail: it.may_fail,
        check: (!it.checks.is_empty()).then(|| it.checks.join(";\n") + ";"),
        sql: (it.object_type != Kind::Opaque).then(|| it.sql.clone()),
    };
    changes.iter().map(change).collect()
}

#[derive(Serialize)]
pub(crate) struct Diff {
    pub(crate) clean: bool,
    pub(crate) pending: Vec<String>,
    pub(crate) modified: Vec<String>,
    pub(crate) changes: Vec<Change>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) database_exists: Option<bool>,
}

#[derive(Serialize)]
pub(crate) struct Dump {
    pub(crate) file: Option<String>,
    pub(crate) sql: String,
}

#[derive(Serialize)]
pub(crate) struct Current {
    pub(crate) heads: Vec<String>,
    pub(crate) pending: usize,
    pub(crate) unknown: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) problems: Vec<Problem>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) database: Option<Database>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) database_exists: Option<bool>,
}

#[derive(Serialize)]
pub(crate) struct Database {
    pub(crate) url: String,
    pub(crate) server: Option<String>,
    pub(crate) version_table: String,
    pub(crate) modified: usize,
    pub(crate) holder: Option<String>,
}

#[derive(Serialize)]
pub(crate) struct Lock {
    pub(crate) holder: Option<String>,
    pub(crate) released: bool,
}

#[derive(Serialize)]
pub(crate) struct Branch {
    #[serde(flatten)]
    pub(crate) revision: Revision,
    pub(crate) children: Vec<String>,
}

#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "the document's fields")]
#[expect(clippy::struct_field_names, reason = "the document's fields")]
pub(crate) struct Revision {
    revision: String,
    revises: Vec<String>,
    branch_labels: Vec<String>,
    depends_on: Vec<String>,
    message: String,
    create_date: String,
    applied: Option<bool>,
    is_head: bool,
    is_base: bool,
    is_branch_point: bool,
    is_merge_point: bool,
    up: Option<String>,
    down: Option<String>,
}

impl Revision {
    pub(crate) fn new(graph: &Graph, node: Node, applied: Option<bool>, output: &Output) -> Self {
        let revision = graph.revision(node);
        let header = &revision.header;
        Self {
            revision: revision.id().to_string(),
            revises: ids(&header.revises),
            branch_labels: header.extras.branch_labels.clone(),
            depends_on: header.extras.depends_on.clone(),
            message: header.message.to_string(),
            create_date: header.create_date.clone(),
            applied,
            is_head: graph.is_head(node, Follow::Parents),
            is_base: graph.is_base(node),
            is_branch_point: graph.is_branch_point(node),
            is_merge_point: graph.is_merge_point(node),
            up: revision.up().map(|path| output.path(&path)),
            down: revision.down().map(|path| output.path(&path)),
        }
    }
}

#[derive(Serialize)]
pub(crate) struct Status {
    pub(crate) revisions: Vec<StatusLine>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) problems: Vec<Problem>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) database_exists: Option<bool>,
}

#[derive(Serialize)]
pub(crate) struct StatusLine {
    revision: String,
    state: &'static str,
    message: String,
    applied_at: Option<String>,
    duration_ms: Option<u64>,
    tag: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    running: Option<Running>,
}

#[derive(Serialize)]
struct Running {
    operation: &'static str,
    statement: usize,
    statements: usize,
    process: String,
}

impl StatusLine {
    pub(crate) fn new(graph: &Graph, line: &Line) -> Self {
        let revision = graph.revision(line.node);
        Self {
            revision: revision.id().to_string(),
            state: table::standing(line.standing),
            message: revision.header.message.to_string(),
            applied_at: line.applied_at.clone(),
            duration_ms: line.duration_ms,
            tag: line.tag.clone(),
            running: line.progress.as_ref().map(|it| Running {
                operation: it.operation.as_str(),
                statement: it.statement,
                statements: it.statements,
                process: it.process.clone(),
            }),
        }
    }
}

#[derive(Serialize)]
pub(crate) struct Migration {
    steps: Vec<Step>,
    heads: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    set_again: Vec<SetAgain>,
}

#[derive(Serialize)]
struct SetAgain {
    file: String,
    line: usize,
    column: usize,
    sql: String,
}

#[derive(Serialize)]
struct Step {
    revision: String,
    operation: &'static str,
    message: String,
    duration_ms: u64,
}

impl Migration {
    pub(crate) fn of(report: &Report) -> Self {
        let (steps, heads) = (steps(&report.steps), ids(&report.heads));
        Self { steps, heads, set_again: Vec::new() }
    }

    pub(crate) fn of_preview(report: &Report, output: &Output) -> Self {
        let again = |it: &limbeck::script::SetAgain| SetAgain {
            file: output.path(&it.place.file),
            line: it.place.line,
            column: it.place.column,
            sql: it.statement.clone(),
        };
        Self { set_again: report.set_again.iter().map(again).collect(), ..Self::of(report) }
    }
}

fn steps(done: &[Done]) -> Vec<Step> {
    let step = |done: &Done| Step {
        revision: done.revision.to_string(),
        operation: done.operation.as_str(),
        message: done.message.to_string(),
        duration_ms: milliseconds(done.duration),
    };
    done.iter().map(step).collect()
}

#[derive(Serialize)]
pub(crate) struct ScriptStep {
    revision: String,
    operation: &'static str,
    file: Option<String>,
    statements: Vec<Statement>,
}

#[derive(Serialize)]
struct Statement {
    line: usize,
    column: usize,
    sql: String,
}

impl ScriptStep {
    /// Returns the steps of a script.
    pub(crate) fn all(script: &Plan, output: &Output) -> Result<Vec<Self>, Error> {
        let statements = |unit: &Unit| {
            let source = unit.source.open()?;
            let lines = LineIndex::new(source.as_str());
            let statement = |span: &Span| {
                let (line, column) = lines.locate(span.offset as usize);
                Statement { line, column, sql: source.statement(*span).into_owned() }
            };
            Ok(unit.statements(&source).iter().map(statement).collect())
        };
        let step = |unit: &Unit| {
            Ok(Self {
                revision: unit.revision.to_string(),
                operation: unit.operation.as_str(),
                file: Some(unit.source.file())
                    .filter(|it| it.as_os_str() != "")
                    .map(|it| output.path(it)),
                statements: statements(unit)?,
            })
        };
        let steps: Result<_, RevisionError> = script.units.iter().map(step).collect();
        Ok(steps?)
    }
}

#[derive(Serialize)]
pub(crate) struct Failure<'a> {
    error: Fault,
    steps: Vec<Step>,
    /// The results of the statements before a failed one.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    results: &'a [rows::Document],
}

#[derive(Serialize, Default)]
struct Fault {
    kind: &'static str,
    message: String,
    file: Option<String>,
    line: Option<usize>,
    column: Option<usize>,
    statement: Option<String>,
    hint: Option<String>,
    code: Option<String>,
    detail: Option<String>,
    revision: Option<String>,
}

impl<'a> Failure<'a> {
    pub(crate) fn of(error: &anyhow::Error, known: Option<&Error>, output: &'a Output) -> Self {
        let done = known.map(Error::done).unwrap_or_default();
        let aside = known.filter(|it| it.is_aside());
        let known = known.map(Error::failure);
        let place = known.and_then(Error::place);
        let run = match known {
            Some(Error::Run(run)) => Some(run),
            _ => None,
        };
        let statement = run.and_then(|run| match &run.failure {
            RunFailure::Statement { statement, .. } => Some(statement.clone()),
            _ => None,
        });
        let statement = statement.or_else(|| match known {
            Some(Error::Query(error)) => error.statement().map(str::to_owned),
            _ => None,
        });
        let failed = run.and_then(|run| run.failed.as_ref());
        Self {
            error: Fault {
                kind: known.map_or("io", |error| error.kind().as_str()),
                message: error::message(error, output),
                file: place.map(|place| output.path(&place.file)).or_else(|| {
                    known.and_then(|known| error::file(known)).map(|file| output.path(file))
                }),
                line: place.map(|place: &Place| place.line),
                column: place.map(|place| place.column),
                statement,
                hint: aside.or(known).and_then(hint::hint),
                code: known.and_then(error::fault).and_then(|fault| fault.code.clone()),
                detail: known.and_then(error::fault).and_then(|fault| fault.detail.clone()),
                revision: failed.map(|unit| unit.revision.to_string()),
            },
            steps: steps(done),
            results: &output.results,
        }
    }

    pub(crate) fn usage(fault: usage::Fault) -> Self {
        let (message, hint) = (fault.message, Some(fault.hint));
        Self {
            error: Fault { kind: "usage", message, hint, ..Fault::default() },
            steps: Vec::new(),
            results: &[],
        }
    }
}
