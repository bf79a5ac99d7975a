//! New revisions from what the desired schema and the present one differ in.

use std::time::Duration;

use crate::autogenerate::{
    AutogenerateError, Desired, Filter, Generated, Scratch, Wish, generate, load,
};
use crate::database::{Connection, Engine};
use crate::error::Error;
use crate::inspect::schema_of;
use crate::plan::{self, State, Target};
use crate::project::Project;
use crate::revision::NodeSet;
use crate::runner::{self, Outcome, Pacing, Setting};
use crate::schema::Schema;
use crate::script::{Compiler, Grouping, Script, Span};
use crate::sql::Dialect;

/// What is asked for.
pub struct AutogenerateRequest<'a> {
    /// `--rename OLD=NEW`, where OLD may be `table.column`.
    pub renames: &'a [(String, String)],
    /// Patterns of the objects to look at, added to those of the configuration.
    pub include: &'a [String],
    /// Patterns of the objects to leave out, added to those of the configuration.
    pub exclude: &'a [String],
    /// Where the present schema is read.
    pub present: Present<'a>,
}

/// Where the present schema is read.
pub enum Present<'a> {
    /// The revisions' up scripts, run on a scratch database up to these heads.
    Versions(&'a str),
    /// A live database.
    Database(&'a mut (dyn Connection + 'static)),
}

impl Default for AutogenerateRequest<'_> {
    fn default() -> Self {
        Self { renames: &[], include: &[], exclude: &[], present: Present::Versions("heads") }
    }
}

/// Generates a proven pair of scripts; no change means that there is nothing to do.
pub fn autogenerate(
    project: &Project,
    request: AutogenerateRequest<'_>,
) -> Result<Generated, Error> {
    only_sqlite(project)?;
    let config = &project.config.autogenerate;
    let patterns = |configured: &[String], more: &[String]| {
        configured.iter().chain(more).cloned().collect::<Vec<_>>()
    };
    let desired = desired(project)?;
    let from = present(project, request.present)?;
    let wish = Wish {
        renames: request.renames,
        filter: Filter {
            include: patterns(&config.include, request.include),
            exclude: patterns(&config.exclude, request.exclude),
        },
        version: config.sqlite_min_version,
        destructive: config.destructive,
    };
    Ok(generate(&from, &desired, &wish)?)
}

/// Reads the desired schema of a project.
pub fn desired(project: &Project) -> Result<Desired, Error> {
    only_sqlite(project)?;
    Ok(load(&project.config.schema)?)
}

/// Reads the present schema of a project; the bookkeeping tables are left out.
pub fn present(project: &Project, present: Present<'_>) -> Result<Schema, Error> {
    only_sqlite(project)?;
    match present {
        Present::Database(connection) => {
            let ledger = project.ledger(connection.dialect())?;
            Ok(schema_of(connection, Some(&ledger))?)
        }
        Present::Versions(target) => replayed(project, target),
    }
}

/// Runs the up scripts on a scratch database.
fn replayed(project: &Project, target: &str) -> Result<Schema, Error> {
    let graph = &project.graph;
    let ledger = project.printed_ledger(Dialect::Sqlite);
    let mut scratch = Scratch::new()?;
    let state = State::new(graph, NodeSet::new(graph.len()));
    let plan = plan::upgrade(graph, &state, &Target::parse(target))?;
    let variables = project.config.variables()?;
    let compiler = Compiler {
        graph,
        engine: Engine::Sqlite,
        grouping: Grouping::EachRevision,
        variables: &variables,
        tag: None,
        timeouts: project.timeouts(Dialect::Sqlite),
        resume: None,
    };
    let script = compiler.compile(&plan)?;
    refuse_to_reach_out(&script)?;
    let setting = Setting {
        ledger: &ledger,
        clock: project.clock,
        applied_by: "",
        pacing: Pacing::USUAL,
        lock: None,
        wait: Duration::ZERO,
        url: "sqlite::memory:".to_owned(),
    };
    let outcome = runner::run(scratch.connection(), &script, Vec::new(), &setting, &mut |_| {})?;
    match outcome {
        Outcome::Complete(_) => {}
        Outcome::Moved(_) => return Err(Error::KeepsMoving { tries: 1 }),
        Outcome::Lost(error) => return Err(error.into()),
    }
    Ok(schema_of(scratch.connection(), Some(&ledger))?)
}

/// Refuses scripts that would write to files while they are replayed.
fn refuse_to_reach_out(script: &Script) -> Result<(), Error> {
    for (at, unit) in script.units.iter().enumerate() {
        let vacuums = |span: Span| {
            let words = unit.source.written(span).to_ascii_uppercase();
            words.starts_with("VACUUM") && words.contains("INTO")
        };
        let what = match (unit.attaches, script.statements(at).any(vacuums)) {
            (true, _) => "attaches another database",
            (false, true) => "writes a copy of the database",
            (false, false) => continue,
        };
        let revision = unit.revision.to_string();
        return Err(AutogenerateError::Unreplayable { revision, what }.into());
    }
    Ok(())
}

fn only_sqlite(project: &Project) -> Result<(), Error> {
    match project.dialect()? {
        Dialect::Sqlite => Ok(()),
        dialect @ (Dialect::Postgres | Dialect::MySql) => {
            Err(Error::NotYet { feature: "--autogenerate", database: dialect.name() })
        }
    }
}
