//! `revision --autogenerate`: the content of the new revision, before it is written.

use std::fs;

use crate::autogenerate::{Desired, Generated, Wish, generate, same};
use crate::catalog::Catalog;
use crate::database::Access;
use crate::error::Error;
use crate::ops::autogenerate::{
    FEATURE, as_desired, both, desired_from, empty, filter, present_and_left, refuse_unknown, wish,
};
use crate::ops::new::following;
use crate::ops::{Create, Draft, Observed, Present, Written, draft, open};
use crate::project::Project;
use crate::revision::write::Down;

/// The parameters of a generated revision.
#[derive(Debug, Clone)]
pub struct ProposalRequest<'a> {
    /// The parameters of the revision itself.
    pub create: Create<'a>,
    /// `--rename OLD=NEW`, where OLD may be `table.column`.
    pub renames: &'a [(String, String)],
    /// Patterns of the objects to compare, added to the configured ones.
    pub include: &'a [String],
    /// Patterns of the objects to leave out, added to the configured ones.
    pub exclude: &'a [String],
    /// Whether the present schema is read from the database instead of the revisions.
    pub from_database: bool,
}

/// A generated revision that isn't written yet.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// The revision, checked against the graph.
    pub draft: Draft,
    /// The revision that follows it, if a part is done apart from the rest.
    pub next: Option<Draft>,
    /// The proven scripts; without changes there is nothing to do.
    pub generated: Generated,
    /// The relation to a database that existed before the first revision.
    pub baseline: Option<Baseline>,
}

/// The relation of a first revision to a database with existing tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Baseline {
    /// The revision makes what the database has: a stamp adopts it.
    Same,
    /// The database differs from the revision's result.
    Differs,
}

impl Proposal {
    /// Writes the scripts of all revisions, or of none.
    pub fn write(&self) -> Result<Vec<Written>, Error> {
        let drafts = [&self.draft].into_iter().chain(&self.next);
        let mut written: Vec<Written> = Vec::new();
        for (draft, scripts) in drafts.zip(self.generated.revisions()) {
            match draft.write(scripts.up, Down::Script(scripts.down)) {
                Ok(it) => written.push(it),
                Err(error) => {
                    for file in written.iter().flat_map(|it| [&it.up, &it.down]) {
                        // The first error is the one to tell.
                        let _leftover = fs::remove_file(file);
                    }
                    return Err(error);
                }
            }
        }
        Ok(written)
    }
}

/// Generates a revision, after checking it against the graph; nothing is written.
pub fn propose(project: &Project, wanted: &ProposalRequest<'_>) -> Result<Proposal, Error> {
    refuse_unknown(project, FEATURE)?;
    let draft = draft(project, &wanted.create)?;
    let wish = Wish {
        renames: wanted.renames,
        filter: filter(project, wanted.include, wanted.exclude),
        destructive: project.config.autogenerate.destructive,
        ..wish(project)
    };
    let mut empty = empty(project)?;
    if project.graph.is_empty() {
        let (desired, live) = first(project, wanted.from_database)?;
        let nothing = empty.catalog()?;
        let looked_at = |schema: &Catalog| wish.filter.apply(&nothing, schema);
        let baseline = match live.filter(|it| !it.is_bare()) {
            Some(live) => {
                let wanted = looked_at(&desired.schema);
                let is_same = same(project.dialect()?, &looked_at(&live), &wanted)?;
                Some(if is_same { Baseline::Same } else { Baseline::Differs })
            }
            None => None,
        };
        let generated = generate(&nothing, &desired, &wish, &mut *empty)?;
        return Ok(Proposal { draft, next: None, generated, baseline });
    }
    let (from, left, mut desired) = if wanted.from_database {
        let (from, left) = live(project)?;
        let desired = desired_from(project, &from, wanted.renames)?;
        (from, left, desired)
    } else {
        let (from, desired) = both(project, wanted.renames)?;
        (from, Vec::new(), desired)
    };
    desired.warnings.extend(left_out(&left));
    let generated = generate(&from, &desired, &wish, &mut *empty)?;
    let apart = generated.apart.as_ref();
    let next = apart.filter(|_| !generated.up.is_empty());
    let next = next.map(|it| following(project, &wanted.create, &draft, &it.what)).transpose()?;
    let next = next.map(Draft::outside_transaction);
    let is_only = apart.is_some() && next.is_none();
    let draft = if is_only { draft.outside_transaction() } else { draft };
    Ok(Proposal { draft, next, generated, baseline: None })
}

/// Warns of what needs extensions that scratch databases don't have.
fn left_out(left: &[String]) -> Option<String> {
    let what = left.join(", ");
    let warning =
        || format!("left out, since it needs an extension of `scratch_skip_extensions`: {what}");
    (!left.is_empty()).then(warning)
}

/// Reads the live database, which has to be at the heads of the files, as [`present_and_left`] does.
fn live(project: &Project) -> Result<(Catalog, Vec<String>), Error> {
    let mut connection = open(project, Access::Read)?;
    let observed = Observed::read(project, connection.as_deref_mut())?;
    observed.refuse_unknown()?;
    let pending = observed.graph.ids(&observed.pending());
    match connection {
        Some(mut connection) if pending.is_empty() => {
            present_and_left(project, Present::Database(&mut *connection))
        }
        Some(_) | None => Err(Error::Behind { pending }),
    }
}

/// Returns the desired and the existing schema of a first revision: without a schema file, or on
/// request, the desired is the existing one.
fn first(project: &Project, from_database: bool) -> Result<(Desired, Option<Catalog>), Error> {
    let live = match existing(project) {
        Err(error) if from_database || !project.config.schema.exists() => return Err(error),
        // Only informative: an unreadable database is no obstacle.
        live => live.unwrap_or_default(),
    };
    if let Some((live, left)) = live.as_ref().filter(|(live, _)| !live.is_bare())
        && (from_database || !project.config.schema.exists())
    {
        let warnings = left_out(left).into_iter().collect();
        let desired = Desired { warnings, ..as_desired(live.clone()) };
        return Ok((desired, Some(live.clone())));
    }
    Ok((desired_from(project, &Catalog::default(), &[])?, live.map(|(live, _)| live)))
}

/// Reads the existing schema as [`present_and_left`] does, if there is a database.
fn existing(project: &Project) -> Result<Option<(Catalog, Vec<String>)>, Error> {
    match open(project, Access::Read)? {
        Some(mut connection) => {
            Ok(Some(present_and_left(project, Present::Database(&mut *connection))?))
        }
        None => Ok(None),
    }
}
