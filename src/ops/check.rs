//! Whether a database, its revisions and the desired schema are where they should be.

use crate::autogenerate::{Desired, Detail, compare, knows};
use crate::catalog::{Catalog, Change};
use crate::database::Connection;
use crate::error::Error;
use crate::ops::autogenerate::{as_desired, desired_from, empty, present, wish};
use crate::ops::{Observed, Present};
use crate::process::Life;
use crate::project::Project;
use crate::revision::{Follow, Graph, Node, RevisionId, Shape, Stranger};

/// What keeps a database from being where the files want it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Check {
    /// Revisions that are not applied.
    pub pending: Vec<RevisionId>,
    /// Applied revisions whose script was edited since.
    pub modified: Vec<RevisionId>,
    /// Applied revisions that no file has.
    pub unknown: Vec<RevisionId>,
    /// Applied revisions that were given other parents since.
    pub reparented: Vec<RevisionId>,
    /// Revisions that have run in part.
    pub failed: Vec<RevisionId>,
    /// Revisions whose down scripts nobody has written yet.
    pub unwritten: Vec<RevisionId>,
    /// Heads of the files that no branch label tells apart: `head` means none of them.
    pub heads: Vec<RevisionId>,
    /// Files of the versions folders that no revision owns, and what they look like.
    pub strangers: Vec<(Stranger, Shape)>,
    /// What the desired schema has and the revisions don't make.
    pub changes: Vec<Change>,
    /// What was done to the database by no applied revision.
    pub drift: Vec<Change>,
    /// Which schemas were compared.
    pub compared: Compared,
}

/// Which schemas were compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Compared {
    /// None: there is no desired schema, or the database is on a server.
    #[default]
    Nothing,
    /// The desired schema with the revisions; what the database has can't be told from what its
    /// revisions made, for not all of them are as they were applied.
    Files,
    /// All three.
    All,
}

impl Check {
    /// Tells whether nothing is amiss.
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

/// Compares the version table with the files as [`check`] does, and looks whether the files themselves
/// are as they should be.
pub fn check_files(project: &Project, observed: &Observed<'_>) -> Result<Check, Error> {
    Ok(Check {
        unwritten: unwritten(project, observed)?,
        heads: untold_heads(&project.graph),
        strangers: strangers(project),
        ..check(observed)
    })
}

/// Finds the heads that carry the same branch labels as another one, or none as another one.
///
/// Branches that are there on purpose have labels, by which each of their heads can be named. A head
/// that another one depends on stands for no branch that was forgotten.
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
    if has_schema && knows(project.dialect()?) {
        let from = present(project, Present::HEADS)?;
        res.changes = changes(project, &from, &desired_from(project, &from, &[])?, detail)?;
        res.compared = Compared::Files;
        let is_known = res.modified.is_empty() && res.unknown.is_empty();
        if is_known && observed.running.is_empty() {
            let made = if res.pending.is_empty() { from } else { applied(project, observed)? };
            res.drift = drift(project, &made, connection, detail)?;
            res.compared = Compared::All;
        }
    }
    Ok(res)
}

/// Finds what the files of the versions folders look like that no revision owns; those that look like
/// no migration are left out.
pub fn strangers(project: &Project) -> Vec<(Stranger, Shape)> {
    let with_shape = |it: &Stranger| Some((it.clone(), it.shape()?));
    project.strangers.iter().filter_map(with_shape).collect()
}

/// Finds the revisions whose down scripts are still to be written.
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

/// Makes what the applied revisions make.
fn applied(project: &Project, observed: &Observed<'_>) -> Result<Catalog, Error> {
    let applied = observed.graph.ids(&observed.order);
    present(project, Present::Applied(&applied))
}

/// Compares the database with what its revisions make; one that isn't there yet has nothing.
fn drift(
    project: &Project,
    made: &Catalog,
    connection: Option<&mut (dyn Connection + '_)>,
    detail: Detail,
) -> Result<Vec<Change>, Error> {
    let Some(connection) = connection else {
        return Ok(Vec::new());
    };
    let schema = present(project, Present::Database(connection))?;
    changes(project, made, &as_desired(schema), detail)
}

/// Lists what leads from one schema to another.
fn changes(
    project: &Project,
    from: &Catalog,
    to: &Desired,
    detail: Detail,
) -> Result<Vec<Change>, Error> {
    Ok(compare(from, to, &wish(project), detail, &mut *empty(project)?)?)
}
