//! From what is there and what is wanted to a proven pair of scripts.

use std::collections::BTreeSet;

use crate::autogenerate::hints::{Backfills, RenameHint};
use crate::autogenerate::join::{differences, join};
use crate::autogenerate::needs::needs;
use crate::autogenerate::plan::{Effort, How, Plan, plan, rename};
use crate::autogenerate::proof::{Claim, Proven};
use crate::autogenerate::script::{Step, script};
use crate::autogenerate::tighten::{Between, Tightening};
use crate::autogenerate::{AutogenerateError, Desired, Renames, Scratch, Suggestion, suggest};
use crate::catalog::{Change, Filter, Id, Kind, Name};
use crate::config::{Destructive, SqliteVersion};
use crate::inspect::InspectError;
use crate::sqlite::{Schema, Table, table_sql};

/// What is asked for, beside the two schemas.
#[derive(Debug, Clone, Default)]
pub struct Wish<'a> {
    /// `--rename OLD=NEW`, where OLD may be `table.column`.
    pub renames: &'a [(String, String)],
    /// Which objects are looked at.
    pub filter: Filter,
    /// The oldest SQLite that must be able to run the scripts.
    pub version: SqliteVersion,
    /// Whether steps that lose data may be written.
    pub destructive: Destructive,
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
pub(super) struct Way {
    pub(super) steps: Vec<Step>,
    script: String,
    unfilled: BTreeSet<Name>,
    /// The present schema with its renames done.
    pub(super) renamed: Schema,
    pub(super) tightenings: Vec<Tightening>,
}

/// Where a script begins and ends.
pub(super) struct Ends {
    pub(super) renames: Renames,
    /// The present schema with its renames done.
    pub(super) present: Schema,
    /// The wanted schema, with what isn't looked at as it is.
    pub(super) to: Schema,
}

impl Ends {
    pub(super) fn find(
        from: &Schema,
        desired: &Desired,
        wish: &Wish<'_>,
    ) -> Result<Self, AutogenerateError> {
        let mut hints = desired.hints.renames.clone();
        hints.extend(wish.renames.iter().map(|(old, new)| said(old, new, from, &desired.schema)));
        let renames = Renames::resolve(&hints, &from.catalog, &desired.schema.catalog)?;
        let present = after_renames(from, &rename(&renames, from, false))
            .or_else(|_| after_renames(from, &rename(&renames, from, true)))?;
        let to = filtered(&wish.filter, &present, &desired.schema)?;
        Ok(Self { renames, present, to })
    }
}

/// Generates the scripts that lead from one schema to a wanted one and back.
pub fn generate(
    from: &Schema,
    desired: &Desired,
    wish: &Wish<'_>,
) -> Result<Generated, AutogenerateError> {
    let Ends { renames, present, to } = Ends::find(from, desired, wish)?;
    let suggestions = suggest(&present.catalog, &to.catalog);
    if present == to && renames.is_empty() {
        return Ok(Generated::default());
    }
    let search =
        Search { from, to: &to, renames: &renames, wish, backfills: &desired.hints.backfills };
    let (up, proven) = search.up()?;
    let down = search.down(&up, proven)?;
    let differences = differences(from, &up.renamed, &to, &renames);
    let changes = join(&up.steps, differences, &up.tightenings);
    let steps: Vec<String> = up.steps.iter().flat_map(|step| step.destructive.clone()).collect();
    if wish.destructive == Destructive::Refuse && !steps.is_empty() {
        return Err(AutogenerateError::Destructive { steps });
    }
    let fills = up.steps.iter().flat_map(|step| &step.fills).map(|it| format!("fill in: {it}"));
    let warnings = steps.iter().map(|it| format!("destructive: {it}")).chain(fills);
    let stricter = up.tightenings.iter().filter(|it| !it.is_told).map(Tightening::warning);
    let warnings = warnings.chain(stricter);
    let newer = [("up", &up), ("down", &down)].into_iter().filter_map(|(direction, way)| {
        let needs = needs(wish.version, &way.script)?;
        Some(format!("the {direction} script needs {needs}"))
    });
    let warnings = warnings.chain(newer).chain(desired.warnings.iter().cloned()).collect();
    Ok(Generated { changes, up: up.script, down: down.script, suggestions, warnings })
}

/// Understands `--rename OLD=NEW`.
fn said(old: &str, new: &str, from: &Schema, to: &Schema) -> RenameHint {
    let new_column = Name::any_case(new.rsplit('.').next().unwrap_or(new));
    let (subject, old) = match old.split_once('.') {
        Some((table, old)) => {
            (Id::column(&Name::any_case(table), &new_column), Name::any_case(old))
        }
        None => {
            let (old, new) = (Name::any_case(old), Name::any_case(new));
            let is_index = from.indexes.contains_key(&old) || to.indexes.contains_key(&new);
            (Id::new(if is_index { Kind::Index } else { Kind::Table }, &new), old)
        }
    };
    RenameHint { subject: Some(subject), old, place: None, done: false }
}

fn after_renames(from: &Schema, steps: &[Step]) -> Result<Schema, AutogenerateError> {
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
    from: &'a Schema,
    to: &'a Schema,
    renames: &'a Renames,
    backfills: &'a Backfills,
    wish: &'a Wish<'a>,
}

/// What is tried, in this order.
pub(super) const EFFORTS: [Effort; 3] = [Effort::Small, Effort::Tables, Effort::Everything];

impl Search<'_> {
    /// Finds the script that leads to the wanted schema.
    fn up(&self) -> Result<(Way, Proven), AutogenerateError> {
        let mut first: Option<(String, String)> = None;
        for effort in EFFORTS {
            let how = How { version: self.wish.version, backfills: self.backfills, effort };
            let Some(way) = way(self.from, self.to, self.renames, &how)? else {
                continue;
            };
            match self.claim(&way.script, &way.unfilled).prove()? {
                Ok(proven) => return Ok((way, proven)),
                Err(problem) => first = first.or(Some((problem, way.script))),
            }
        }
        Err(unproven("up", first))
    }

    /// Finds the script that takes it back.
    fn down(&self, up: &Way, mut proven: Proven) -> Result<Way, AutogenerateError> {
        let to = tidied(self.from)?;
        let back = self.renames.reversed();
        let mut unfilled = up.unfilled.clone();
        let mut first: Option<(String, String)> = None;
        for effort in EFFORTS {
            let how = How { version: self.wish.version, backfills: &Backfills::new(), effort };
            let Some(way) = way(&proven.schema, &to, &back, &how)? else {
                continue;
            };
            let more = way.unfilled.iter().filter_map(|name| self.renames.new_table(name).cloned());
            let wanted: BTreeSet<Name> = unfilled.iter().cloned().chain(more).collect();
            if wanted != unfilled {
                // Their rows would need values that nobody has told.
                unfilled = wanted;
                proven = self
                    .claim(&up.script, &unfilled)
                    .prove()?
                    .map_err(|problem| unproven("up", Some((problem, up.script.clone()))))?;
            }
            match proven.take_back(&way.script, self.from)? {
                None => return Ok(way),
                Some(problem) => first = first.or(Some((problem, way.script))),
            }
        }
        Err(unproven("down", first))
    }

    fn claim<'a>(&'a self, script: &'a str, unfilled: &'a BTreeSet<Name>) -> Claim<'a> {
        let Self { from, to, renames, backfills, .. } = *self;
        Claim { from, to, renames, backfills, unfilled, script }
    }
}

/// Writes the tables of a schema in the canonical form, unless comments stand in them: what ALTER
/// has made of a statement is nothing to show.
fn tidied(schema: &Schema) -> Result<Schema, InspectError> {
    let mut res = schema.catalog.clone();
    for table in schema.tables.values() {
        let is_commented = table.sql.contains("--") || table.sql.contains("/*");
        let sql = table_sql(table);
        let is_same = Table::parse(&sql).is_ok_and(|again| again == *table);
        if let Some(object) = res.objects.get_mut(&Id::table(&table.name)) {
            object.sql =
                object.sql.take().map(|old| if is_same && !is_commented { sql } else { old });
        }
    }
    Ok(Schema::of(&res)?)
}

/// Returns the wanted schema, with what isn't looked at as it is now.
pub fn filtered(filter: &Filter, from: &Schema, to: &Schema) -> Result<Schema, AutogenerateError> {
    if filter.takes_all() {
        return Ok(to.clone());
    }
    let catalog = filter.apply(&from.catalog, &to.catalog);
    Ok(Schema::of(&catalog).map_err(InspectError::from)?)
}

/// Plans one direction; none if its renames take coarser steps.
pub(super) fn way(
    from: &Schema,
    to: &Schema,
    renames: &Renames,
    how: &How<'_>,
) -> Result<Option<Way>, AutogenerateError> {
    let early = rename(renames, from, how.effort != Effort::Small);
    let present = match after_renames(from, &early) {
        Ok(present) => present,
        Err(error) if how.effort == Effort::Everything => return Err(error),
        Err(_) => return Ok(None),
    };
    let Plan { steps, unfilled } = plan(&present, to, how);
    let mut steps: Vec<Step> = early.into_iter().chain(steps).collect();
    let tightenings = Between { from, renamed: &present, to, renames, how }.tightenings();
    for tightening in tightenings.iter().filter(|it| !it.is_told) {
        if let Some(step) = tightening.step(&mut steps) {
            step.fails.push(tightening.comment());
        }
    }
    let script = script(&steps);
    let script = match needs(how.version, &script) {
        Some(needs) => format!("-- Needs {needs}\n\n{script}"),
        None => script,
    };
    Ok(Some(Way { steps, script, unfilled, renamed: present, tightenings }))
}

fn unproven(direction: &'static str, first: Option<(String, String)>) -> AutogenerateError {
    let (problem, script) = first.unwrap_or_default();
    AutogenerateError::Unproven { direction, problem, script }
}
