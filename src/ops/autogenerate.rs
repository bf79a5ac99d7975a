//! The two schemas for a new revision: the desired one and the present one.

use std::collections::BTreeSet;
use std::panic::resume_unwind;
use std::thread;

use crate::autogenerate::{
    AutogenerateError, Desired, Hints, OWNERS, Online, RenameHint, Scratch, Wish, is_left_out,
    is_left_out_beside_rights, knows, load, reaches_out, scratch, scratch_without,
    without_extensions,
};
use crate::catalog::{Catalog, Filter, Id, Name, Object};
use crate::config::{ConfigError, Destructive};
use crate::database::{Access, Connection, Options};
use crate::error::Error;
use crate::inspect::{Scope, read};
use crate::ledger::Ledger;
use crate::ops::{compiler, renamed};
use crate::plan::{self, Plan, State, Target};
use crate::project::Project;
use crate::revision::{NodeSet, RevisionId};
use crate::runner::{self, Outcome, RunError, Setting};
use crate::script::{Compiler, LeavesOut, Script, Span};
use crate::sql::{Dialect, Statement};

/// The name of the feature in the error for servers.
pub(super) const FEATURE: &str = "--autogenerate";

/// The source of the present schema.
pub enum Present<'a> {
    /// The up scripts up to these heads, run on a scratch database.
    Versions(&'a str),
    /// The up scripts of these revisions, run on a scratch database.
    Applied(&'a [RevisionId]),
    /// The schema of a live database.
    Database(&'a mut (dyn Connection + 'a)),
}

impl Present<'_> {
    /// The source that includes all revisions.
    pub const HEADS: Self = Self::Versions("heads");
}

pub(super) fn as_desired(schema: Catalog) -> Desired {
    Desired { schema, hints: Hints::default(), warnings: Vec::new() }
}

/// Reads the desired schema, without hints for columns of tables that don't exist yet: a new
/// database has nothing to rename.
pub(super) fn desired_from(
    project: &Project,
    from: &Catalog,
    renames: &[(String, String)],
) -> Result<Desired, Error> {
    hinted(project, desired(project)?, from, renames)
}

/// Reads the result of all revisions, and the desired schema as [`desired_from`] does: both at once
/// on a server, which has a process for each.
pub(super) fn both(
    project: &Project,
    renames: &[(String, String)],
) -> Result<(Catalog, Desired), Error> {
    let replay = || present(project, Present::HEADS);
    let (from, to) = if project.dialect()? == Dialect::Sqlite {
        (replay()?, desired(project))
    } else {
        thread::scope(|scope| {
            let desired = scope.spawn(|| desired(project));
            let from = replay();
            let desired = desired.join().unwrap_or_else(|panic| resume_unwind(panic));
            Ok::<_, Error>((from?, desired))
        })?
    };
    let to = hinted(project, to?, &from, renames)?;
    Ok((from, to))
}

/// Leaves the hints out that have nothing to rename.
fn hinted(
    project: &Project,
    mut res: Desired,
    from: &Catalog,
    renames: &[(String, String)],
) -> Result<Desired, Error> {
    let hints = &mut res.hints.renames;
    if from.is_bare() {
        hints.clear();
    }
    let hinted = hints.iter().filter_map(|hint| hint.subject.clone());
    let said = renames.iter().map(|(_, new)| Id::table(&Name::any_case(new)));
    let known: BTreeSet<Id> = hinted.chain(said).collect();
    let owner = |hint: &RenameHint| {
        let subject = hint.subject.as_ref()?;
        Some(Id { schema: subject.schema.clone(), ..Id::table(subject.owner.as_ref()?) })
    };
    let is_known = |id: &Id| {
        let mut all = OWNERS.into_iter().map(|kind| Id { kind, ..id.clone() });
        all.any(|id| from.holds(&id) || known.contains(&id))
    };
    hints.retain(|hint| owner(hint).is_none_or(|it| is_known(&it)));
    renamed::mark(project, hints, from)?;
    Ok(res)
}

/// Returns the filter of objects: the configured one with additional patterns.
pub fn filter(project: &Project, include: &[String], exclude: &[String]) -> Filter {
    let config = &project.config.autogenerate;
    let patterns = |configured: &[String], more: &[String]| {
        configured.iter().chain(more).cloned().collect::<Vec<_>>()
    };
    Filter {
        include: patterns(&config.include, include),
        exclude: patterns(&config.exclude, exclude),
    }
}

/// Reads the desired schema of a project; the bookkeeping tables are left out: the schema that a
/// database's own client shows has them.
pub fn desired(project: &Project) -> Result<Desired, Error> {
    refuse_unknown(project, FEATURE)?;
    let mut res = load(&project.config.schema, &mut *empty(project)?)?;
    let ledger = project.printed_ledger(project.dialect()?);
    let is_ours =
        |id: &Id, it: &Object| ledger.owns(it.parent.as_ref().unwrap_or(id).name.as_str());
    res.schema.objects.retain(|id, it| !is_ours(id, it));
    Ok(res)
}

/// Makes an empty database to try things on; on a server, when it is first asked for.
pub(super) fn empty(project: &Project) -> Result<Box<dyn Scratch>, Error> {
    let config = &project.config;
    let url = match config.url() {
        // Files are compared with each other without a database.
        Err(ConfigError::NoUrl) => return Ok(scratch(project.dialect()?)?),
        url => url?,
    };
    let options =
        Options { reach: config.wait, ..Options::new(Access::Write, config.lock_timeout) };
    let skips = &config.scratch_skip_extensions;
    let mut res = scratch_without(skips, url, config.scratch()?, &options)?;
    if config.autogenerate.privileges {
        res.compare_rights();
    }
    Ok(res)
}

/// Returns the statements that scratch databases don't get.
pub(super) fn leaves_out(project: &Project) -> LeavesOut<'_> {
    let has_rights = project.config.autogenerate.privileges;
    let tells = if has_rights { is_left_out_beside_rights } else { is_left_out };
    LeavesOut { tells, extensions: &project.config.scratch_skip_extensions }
}

/// Reads the present schema of a project; the bookkeeping tables are left out, and of a database the
/// extensions that scratch databases don't have.
pub fn present(project: &Project, present: Present<'_>) -> Result<Catalog, Error> {
    Ok(present_and_left(project, present)?.0)
}

/// Reads the present schema as [`present`] does; returns as well, in words, what needs an extension
/// that is left out, and so is left out too.
pub(super) fn present_and_left(
    project: &Project,
    present: Present<'_>,
) -> Result<(Catalog, Vec<String>), Error> {
    let is_live = matches!(present, Present::Database(_));
    let mut schema = whole(project, present)?;
    let skips: &[String] = if is_live { &project.config.scratch_skip_extensions } else { &[] };
    let left = without_extensions(&mut schema, skips);
    Ok((schema, left))
}

/// Reads the present schema of a project with all extensions.
pub(super) fn whole(project: &Project, present: Present<'_>) -> Result<Catalog, Error> {
    refuse_unknown(project, FEATURE)?;
    match present {
        Present::Database(connection) => {
            let ledger = project.ledger(connection.dialect())?;
            Ok(read(connection, scope(project, &ledger))?)
        }
        Present::Versions(target) => replayed(project, &all_up_to(project, target)?),
        Present::Applied(revisions) => {
            let mut plan = all_up_to(project, "heads")?;
            plan.steps.retain(|step| revisions.contains(project.graph.id(step.node)));
            replayed(project, &plan)
        }
    }
}

/// Plans an upgrade of an empty database.
pub(super) fn all_up_to(project: &Project, target: &str) -> Result<Plan, Error> {
    let graph = &project.graph;
    let nothing = State::new(graph, NodeSet::new(graph.len()));
    Ok(plan::upgrade(graph, &nothing, &Target::parse(target))?)
}

/// Runs up scripts on a scratch database.
fn replayed(project: &Project, plan: &Plan) -> Result<Catalog, Error> {
    let mut scratch = empty(project)?;
    let connection = scratch.connection()?;
    let ledger = project.printed_ledger(connection.dialect());
    let compiler = compiler(project, &project.graph, connection.engine())?;
    let compiler = Compiler { leaves_out: Some(leaves_out(project)), ..compiler };
    let script = compiler.compile(&plan.steps)?;
    refuse_to_reach_out(&script, connection.dialect())?;
    let setting = Setting::on_scratch(&ledger, &project.steps, project.clock);
    let outcome = runner::run(connection, &script, Vec::new(), &setting, &mut |_| {});
    let nothing_stands = |mut error: Box<RunError>| {
        error.done.clear();
        Error::Replayed { error: Box::new(error.into()) }
    };
    match outcome.map_err(nothing_stands)? {
        Outcome::Complete(_) => {}
        Outcome::Moved(_) => return Err(Error::KeepsMoving { tries: 1 }),
        Outcome::Lost(error) => return Err(nothing_stands(error)),
    }
    if connection.dialect() != Dialect::Sqlite {
        connection.reset()?;
    }
    Ok(read(connection, scope(project, &ledger))?)
}

/// Returns the part of a database by which a project compares schemas.
fn scope<'a>(project: &Project, ledger: &'a Ledger) -> Scope<'a> {
    let has_rights = project.config.autogenerate.privileges;
    if has_rights { Scope::WithRights(Some(ledger)) } else { Scope::Compared(Some(ledger)) }
}

/// Refuses scripts that would do something outside of the scratch database that they run on.
pub(super) fn refuse_to_reach_out(script: &Script, dialect: Dialect) -> Result<(), Error> {
    for unit in &script.units {
        let text = unit.source.open()?;
        let far = |span: &Span| {
            let text = text.written(*span);
            let (offset, line, column, end) = (0, 1, 1, text.len());
            reaches_out(&Statement { text, offset, line, column, end, dialect })
        };
        if let Some(what) = unit.statements(&text).iter().find_map(far) {
            let revision = unit.revision.to_string();
            return Err(AutogenerateError::Unreplayable { revision, what }.into());
        }
    }
    Ok(())
}

/// Refuses a feature that is not available for the database yet.
pub fn refuse_unknown(project: &Project, feature: &'static str) -> Result<(), Error> {
    let dialect = project.dialect()?;
    if knows(dialect) { Ok(()) } else { Err(Error::NotYet { feature, database: dialect.name() }) }
}

/// Makes the default wish of a project, which allows data loss.
pub(super) fn wish<'a>(project: &Project) -> Wish<'a> {
    let config = &project.config.autogenerate;
    Wish {
        renames: &[],
        filter: filter(project, &[], &[]),
        version: config.sqlite_min_version,
        destructive: Destructive::Allow,
        online: Online { indexes: config.concurrent_indexes, constraints: config.online },
        has_rights: config.privileges,
    }
}
