//! From what is there and what is wanted to a proven pair of scripts.

use std::collections::BTreeSet;

use crate::autogenerate::ddl::{Ddl, Effort, How, Plan, Way, ddl};
use crate::autogenerate::hints::{Backfills, RenameHint};
use crate::autogenerate::join::{differences, join};
use crate::autogenerate::proof::{Claim, Proven};
use crate::autogenerate::script::{Step, script};
use crate::autogenerate::suggest::{Suggestion, suggest};
use crate::autogenerate::tighten::Tightening;
use crate::autogenerate::{AutogenerateError, Desired, Renames, Scratch};
use crate::catalog::{Catalog, Change, Filter, Id, Kind, Name};
use crate::config::{Destructive, SqliteVersion};
use crate::inspect::InspectError;
use crate::sql::Dialect;

/// What is asked for, beside the two schemas.
#[derive(Debug, Clone)]
pub struct Wish<'a> {
    /// The dialect of both schemas.
    pub dialect: Dialect,
    /// `--rename OLD=NEW`, where OLD may be `table.column`.
    pub renames: &'a [(String, String)],
    /// Which objects are looked at.
    pub filter: Filter,
    /// The oldest SQLite that must be able to run the scripts.
    pub version: SqliteVersion,
    /// Whether steps that lose data may be written.
    pub destructive: Destructive,
}

impl Default for Wish<'_> {
    fn default() -> Self {
        let (version, destructive) = (SqliteVersion::default(), Destructive::default());
        Self {
            dialect: Dialect::Sqlite,
            renames: &[],
            filter: Filter::default(),
            version,
            destructive,
        }
    }
}

/// A proven pair of scripts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Generated {
    /// What the up script does; nothing, if there is nothing to do.
    pub changes: Vec<Change>,
    /// The body of the up script.
    pub up: String,
    /// The body of the down script.
    pub down: String,
    /// What may be meant as a rename.
    pub suggestions: Vec<Suggestion>,
    /// What a person should look at.
    pub warnings: Vec<String>,
}

/// One direction, planned.
pub(super) struct Planned {
    pub(super) plan: Plan,
    script: String,
    /// The present catalog with its renames done.
    pub(super) renamed: Catalog,
}

/// The catalogs that a pair of scripts leads between, and what both directions share.
pub(super) struct Ends {
    pub(super) ddl: &'static dyn Ddl,
    pub(super) renames: Renames,
    /// The present catalog with its renames done.
    pub(super) present: Catalog,
    /// The wanted catalog, with what isn't looked at as it is.
    pub(super) to: Catalog,
}

impl Ends {
    pub(super) fn find(
        from: &Catalog,
        desired: &Desired,
        wish: &Wish<'_>,
    ) -> Result<Self, AutogenerateError> {
        let ddl =
            ddl(wish.dialect).ok_or(InspectError::NotYet { database: wish.dialect.name() })?;
        let mut hints = desired.hints.renames.clone();
        hints.extend(wish.renames.iter().map(|(old, new)| said(old, new, from, &desired.schema)));
        let renames = Renames::resolve(&hints, from, &desired.schema)?;
        let present = after_renames(from, &ddl.rename(&renames, from, false))
            .or_else(|_| after_renames(from, &ddl.rename(&renames, from, true)))?;
        let to = wish.filter.apply(&present, &desired.schema);
        Ok(Self { ddl, renames, present, to })
    }

    /// Tells whether there is nothing to do.
    pub(super) fn meet(&self) -> bool {
        self.renames.is_empty() && self.ddl.differences(&self.present, &self.to).is_empty()
    }
}

/// Generates the scripts that lead from one schema to a wanted one and back.
pub fn generate(
    from: &Catalog,
    desired: &Desired,
    wish: &Wish<'_>,
) -> Result<Generated, AutogenerateError> {
    let ends = Ends::find(from, desired, wish)?;
    if ends.meet() {
        return Ok(Generated::default());
    }
    let Ends { ddl, renames, present, to } = ends;
    let suggestions = suggest(ddl, &present, &to);
    let backfills = &desired.hints.backfills;
    let search = Search { ddl, from, to: &to, renames: &renames, wish, backfills };
    let (up, proven) = search.up()?;
    let down = search.down(&up, proven)?;
    let Plan { steps, tightenings, .. } = &up.plan;
    let way = Way { from, renamed: &up.renamed, to: &to, renames: &renames };
    let changes = join(steps, differences(ddl, &way), tightenings);
    let destructive: Vec<String> = steps.iter().flat_map(|step| step.destructive.clone()).collect();
    if wish.destructive == Destructive::Refuse && !destructive.is_empty() {
        return Err(AutogenerateError::Destructive { steps: destructive });
    }
    let fills = steps.iter().flat_map(|step| &step.fills).map(|it| format!("fill in: {it}"));
    let warnings = destructive.iter().map(|it| format!("destructive: {it}")).chain(fills);
    let stricter = tightenings.iter().filter(|it| !it.is_told).map(Tightening::warning);
    let warnings = warnings.chain(stricter);
    let newer = [("up", &up), ("down", &down)].into_iter().filter_map(|(direction, planned)| {
        let needs = ddl.needs(wish.version, &planned.script)?;
        Some(format!("the {direction} script needs {needs}"))
    });
    let warnings = warnings.chain(newer).chain(desired.warnings.iter().cloned()).collect();
    Ok(Generated { changes, up: up.script, down: down.script, suggestions, warnings })
}

/// Understands `--rename OLD=NEW`.
fn said(old: &str, new: &str, from: &Catalog, to: &Catalog) -> RenameHint {
    let new_column = Name::any_case(new.rsplit('.').next().unwrap_or(new));
    let (subject, old) = if let Some((table, old)) = old.split_once('.') {
        (Id::column(&Name::any_case(table), &new_column), Name::any_case(old))
    } else {
        let (old, new) = (Name::any_case(old), Name::any_case(new));
        let index = |name: &Name| Id::new(Kind::Index, name);
        let is_index = from.holds(&index(&old)) || to.holds(&index(&new));
        (Id::new(if is_index { Kind::Index } else { Kind::Table }, &new), old)
    };
    RenameHint { subject: Some(subject), old, place: None, done: false }
}

fn after_renames(from: &Catalog, steps: &[Step]) -> Result<Catalog, AutogenerateError> {
    if steps.is_empty() {
        return Ok(from.clone());
    }
    let mut scratch = Scratch::of(from)?;
    for statement in steps.iter().flat_map(|step| &step.statements) {
        scratch.execute(statement).map_err(|cause| AutogenerateError::Refused {
            statement: statement.clone(),
            reason: cause.to_string(),
        })?;
    }
    Ok(scratch.schema()?)
}

/// A search for scripts that are proven to work.
struct Search<'a> {
    ddl: &'static dyn Ddl,
    from: &'a Catalog,
    to: &'a Catalog,
    renames: &'a Renames,
    backfills: &'a Backfills,
    wish: &'a Wish<'a>,
}

/// What is tried, in this order.
pub(super) const EFFORTS: [Effort; 3] = [Effort::Small, Effort::Tables, Effort::Everything];

impl Search<'_> {
    /// Finds the script that leads to the wanted schema.
    fn up(&self) -> Result<(Planned, Proven), AutogenerateError> {
        let mut first: Option<(String, String)> = None;
        for effort in EFFORTS {
            let how = How { version: self.wish.version, backfills: self.backfills, effort };
            let Some(up) = planned(self.ddl, self.from, self.to, self.renames, &how)? else {
                continue;
            };
            match self.claim(&up.script, &up.plan.unfilled).prove()? {
                Ok(proven) => return Ok((up, proven)),
                Err(problem) => first = first.or(Some((problem, up.script))),
            }
        }
        Err(unproven("up", first))
    }

    /// Finds the script that takes it back.
    fn down(&self, up: &Planned, mut proven: Proven) -> Result<Planned, AutogenerateError> {
        let to = self.ddl.tidied(self.from)?;
        let back = self.renames.reversed();
        let mut unfilled = up.plan.unfilled.clone();
        let mut first: Option<(String, String)> = None;
        for effort in EFFORTS {
            let how = How { version: self.wish.version, backfills: &Backfills::new(), effort };
            let Some(down) = planned(self.ddl, &proven.schema, &to, &back, &how)? else {
                continue;
            };
            let more = down.plan.unfilled.iter();
            let more = more.filter_map(|name| self.renames.new_table(name).cloned());
            let wanted: BTreeSet<Name> = unfilled.iter().cloned().chain(more).collect();
            if wanted != unfilled {
                // Their rows would need values that nobody has told.
                unfilled = wanted;
                proven = self
                    .claim(&up.script, &unfilled)
                    .prove()?
                    .map_err(|problem| unproven("up", Some((problem, up.script.clone()))))?;
            }
            match proven.take_back(&down.script, self.from)? {
                None => return Ok(down),
                Some(problem) => first = first.or(Some((problem, down.script))),
            }
        }
        Err(unproven("down", first))
    }

    fn claim<'a>(&'a self, script: &'a str, unfilled: &'a BTreeSet<Name>) -> Claim<'a> {
        let Self { ddl, from, to, renames, backfills, .. } = *self;
        Claim { ddl, from, to, renames, backfills, unfilled, script }
    }
}

/// Plans one direction; none if its renames take coarser steps.
pub(super) fn planned(
    ddl: &dyn Ddl,
    from: &Catalog,
    to: &Catalog,
    renames: &Renames,
    how: &How<'_>,
) -> Result<Option<Planned>, AutogenerateError> {
    let early = ddl.rename(renames, from, how.effort != Effort::Small);
    let present = match after_renames(from, &early) {
        Ok(present) => present,
        Err(error) if how.effort == Effort::Everything => return Err(error),
        Err(_) => return Ok(None),
    };
    let mut plan = ddl.plan(&Way { from, renamed: &present, to, renames }, how)?;
    plan.steps.splice(..0, early);
    for tightening in plan.tightenings.iter().filter(|it| !it.is_told) {
        if let Some(step) = tightening.step(&mut plan.steps) {
            step.fails.push(tightening.comment());
        }
    }
    let script = script(&plan.steps);
    let script = match ddl.needs(how.version, &script) {
        Some(needs) => format!("-- Needs {needs}\n\n{script}"),
        None => script,
    };
    Ok(Some(Planned { plan, script, renamed: present }))
}

fn unproven(direction: &'static str, first: Option<(String, String)>) -> AutogenerateError {
    let (problem, script) = first.unwrap_or_default();
    AutogenerateError::Unproven { direction, problem, script }
}
