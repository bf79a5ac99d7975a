//! Compares a database, its revisions and the desired schema.

use crate::autogenerate::{AutogenerateError, Desired, Detail, compare, knows};
use crate::catalog::{Catalog, Change};
use crate::database::Connection;
use crate::error::Error;
use crate::ops::agreed::Question;
use crate::ops::autogenerate::{as_desired, both, empty, present, wish};
use crate::ops::{Observed, Present};
use crate::process::Life;
use crate::project::Project;
use crate::revision::{Follow, Graph, Node, RevisionId, Shape, Stranger};
use crate::url::Family;

/// The differences between a database and the files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Check {
    /// Revisions that are not applied.
    pub pending: Vec<RevisionId>,
    /// Applied revisions whose script was edited since.
    pub modified: Vec<RevisionId>,
    /// Applied revisions that no file has.
    pub unknown: Vec<RevisionId>,
    /// Applied revisions whose parents were changed since.
    pub reparented: Vec<RevisionId>,
    /// Revisions that have run in part.
    pub failed: Vec<RevisionId>,
    /// Revisions whose down scripts are not written yet.
    pub unwritten: Vec<RevisionId>,
    /// Heads without a branch label of their own, so that `head` is ambiguous.
    pub heads: Vec<RevisionId>,
    /// Files of the versions folders that belong to no revision, with their likely kind.
    pub strangers: Vec<(Stranger, Shape)>,
    /// Changes that the desired schema has and the revisions don't make.
    pub changes: Vec<Change>,
    /// Changes of the database that no applied revision makes.
    pub drift: Vec<Change>,
    /// The schemas that were compared.
    pub compared: Compared,
    /// The reason why no schemas were compared, though there is a desired one.
    pub uncompared: Option<Uncompared>,
}

/// The reason why a check of a server compares no schemas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Uncompared {
    /// The environment is protected: scratch databases are made only on a server that is
    /// configured for them.
    Protected,
    /// The role may not create scratch databases.
    NoRight {
        /// The name of the role.
        role: String,
    },
}

/// The schemas that a check compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Compared {
    /// None: there is no desired schema, or it can't be compared on the server.
    #[default]
    Nothing,
    /// The desired schema with the revisions. The database is left out, since some applied
    /// revisions were edited or have no file.
    Files,
    /// The desired schema, the revisions and the database.
    All,
}

impl Check {
    /// Tells whether there are no differences.
    pub fn is_clean(&self) -> bool {
        let lists = [
            &self.pending,
            &self.modified,
            &self.unknown,
            &self.reparented,
            &self.failed,
            &self.unwritten,
            &self.heads,
        ];
        lists.iter().all(|it| it.is_empty())
            && self.strangers.is_empty()
            && self.changes.is_empty()
            && self.drift.is_empty()
    }
}

/// Compares the version table with the files.
pub fn check(observed: &Observed<'_>) -> Check {
    let ids = |nodes| observed.graph.ids(nodes);
    Check {
        pending: ids(&observed.pending()),
        modified: ids(&observed.modified),
        unknown: ids(&observed.unknown),
        reparented: ids(&observed.reparented),
        failed: observed
            .running
            .iter()
            .filter(|it| it.life() != Life::Goes)
            .map(|it| it.revision.clone())
            .collect(),
        ..Check::default()
    }
}

/// Compares the version table with the files as [`check`] does, and checks the files themselves.
pub fn check_files(project: &Project, observed: &Observed<'_>) -> Result<Check, Error> {
    Ok(Check {
        unwritten: unwritten(project, observed)?,
        heads: untold_heads(&project.graph),
        strangers: strangers(project),
        ..check(observed)
    })
}

/// Finds the heads that can't be told apart by branch labels.
///
/// Intended branches have labels, by which each of their heads can be named. A head that another
/// one depends on is no forgotten branch.
fn untold_heads(graph: &Graph) -> Vec<RevisionId> {
    let heads = graph.heads(Follow::ParentsAndDependencies);
    let labels = |node: Node| graph.labels(node).collect::<Vec<_>>();
    let has_twin = |node: &Node| heads.iter().any(|it| it != node && labels(*it) == labels(*node));
    graph.ids(&heads.iter().copied().filter(has_twin).collect::<Vec<_>>())
}

/// Compares the version table with the files, and the schemas with each other if there is a desired
/// one.
pub fn check_schemas(
    project: &Project,
    observed: &Observed<'_>,
    connection: Option<&mut (dyn Connection + '_)>,
    detail: Detail,
) -> Result<Check, Error> {
    let mut res = check_files(project, observed)?;
    let config = &project.config;
    let has_schema = config.schema_required || config.schema.exists();
    let tells = connection.as_ref().is_none_or(|it| it.engine().tells_dependencies());
    if !has_schema || !tells || !knows(project.dialect()?) {
        return Ok(res);
    }
    if config.protected && config.url()?.family() != Family::Sqlite && config.scratch()?.is_none() {
        res.uncompared = Some(Uncompared::Protected);
        return Ok(res);
    }
    match compare_schemas(project, observed, connection, detail, &mut res) {
        Ok(()) => Ok(res),
        Err(error) => {
            res.uncompared = Some(Uncompared::NoRight { role: role_without_right(error)? });
            Ok(res)
        }
    }
}

/// Names the role that may not make a scratch database; any other error stays one.
fn role_without_right(error: Error) -> Result<String, Error> {
    if let Error::Autogenerate(cause) = &error
        && let AutogenerateError::NoScratch { role, .. } = &**cause
    {
        return Ok(role.clone());
    }
    Err(error)
}

/// Compares the desired schema with the revisions, and these with the database.
fn compare_schemas(
    project: &Project,
    observed: &Observed<'_>,
    connection: Option<&mut (dyn Connection + '_)>,
    detail: Detail,
    res: &mut Check,
) -> Result<(), Error> {
    // As long as it lives, all scratch databases are made by one session.
    let mut scratch = empty(project)?;
    let is_known = res.modified.is_empty() && res.unknown.is_empty();
    let is_known = is_known && observed.running.is_empty();
    let live = match connection.filter(|_| is_known) {
        Some(connection) => Some(present(project, Present::Database(connection))?),
        None => None,
    };
    let mut question = || match live.as_ref().filter(|_| res.pending.is_empty()) {
        Some(live) => Question::new(project, &mut *scratch, live),
        None => Ok(None),
    };
    let asked = question()?;
    if asked.as_ref().is_some_and(Question::is_answered) {
        res.compared = Compared::All;
        return Ok(());
    }
    let (from, desired) = both(project, &[])?;
    res.changes = changes(project, &from, &desired, detail)?;
    res.compared = Compared::Files;
    if is_known {
        let made = if res.pending.is_empty() { &from } else { &applied(project, observed)? };
        // A missing database counts as empty.
        let live = live.as_ref().map(|it| as_desired(it.clone()));
        res.drift = live.map_or(Ok(Vec::new()), |live| changes(project, made, &live, detail))?;
        res.compared = Compared::All;
    }
    let agree = res.changes.is_empty() && res.drift.is_empty();
    // A file may have been edited meanwhile.
    if let Some(asked) = asked.filter(|_| agree)
        && question()?.as_ref() == Some(&asked)
    {
        asked.keep();
    }
    Ok(())
}

/// Classifies the files of the versions folders that belong to no revision; those unlike any
/// migration are left out.
pub fn strangers(project: &Project) -> Vec<(Stranger, Shape)> {
    let with_shape = |it: &Stranger| Some((it.clone(), it.shape()?));
    project.strangers.iter().filter_map(with_shape).collect()
}

/// Finds the revisions whose down scripts are not written yet.
fn unwritten(project: &Project, observed: &Observed<'_>) -> Result<Vec<RevisionId>, Error> {
    let dialect = project.dialect()?;
    let mut res = Vec::new();
    for revision in observed.graph.revisions() {
        let awaits = |down: &str| revision.awaits_down(down, dialect);
        if revision.down_text()?.as_deref().map(awaits).transpose()?.unwrap_or_default() {
            res.push(revision.id().clone());
        }
    }
    Ok(res)
}

/// Replays the applied revisions.
fn applied(project: &Project, observed: &Observed<'_>) -> Result<Catalog, Error> {
    present(project, Present::Applied(&observed.graph.ids(&observed.order)))
}

/// Lists the changes from one schema to another.
fn changes(
    project: &Project,
    from: &Catalog,
    to: &Desired,
    detail: Detail,
) -> Result<Vec<Change>, Error> {
    Ok(compare(from, to, &wish(project), detail, &mut *empty(project)?)?)
}
