//! Generates a proven pair of scripts from the present and the wanted schema.

use std::cell::RefCell;
use std::collections::BTreeSet;

use crate::autogenerate::ddl::{Ddl, Effort, How, Plan, Transition, ddl};
use crate::autogenerate::divided::Divided;
use crate::autogenerate::fills::{anew, idle, unproven, untried};
use crate::autogenerate::hints::{Backfills, Hints};
use crate::autogenerate::join::{differences, join};
use crate::autogenerate::option::said;
use crate::autogenerate::proof::{Claim, Fault, Proven, Rowless, seen};
use crate::autogenerate::script::{Step, script};
use crate::autogenerate::suggest::{Suggestion, suggest};
use crate::autogenerate::tighten::Tightening;
use crate::autogenerate::{Apart, AutogenerateError, Desired, Online, Renames, Scratch};
use crate::catalog::{Catalog, Change, Filter, Name};
use crate::config::{Destructive, SqliteVersion};

/// The parameters of a generation beside the two schemas.
#[derive(Debug, Clone, Default)]
pub struct Wish<'a> {
    /// The values of `--rename OLD=NEW`, where OLD may be `table.column`.
    pub renames: &'a [(String, String)],
    /// The filter of compared objects.
    pub filter: Filter,
    /// The oldest SQLite that must be able to run the scripts.
    pub version: SqliteVersion,
    /// Whether steps that lose data may be written.
    pub destructive: Destructive,
    /// The changes that are made while tables are in use.
    pub online: Online,
    /// Whether the schemas tell owners and privileges.
    pub has_rights: bool,
}

/// A proven pair of scripts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Generated {
    /// The changes that the up script makes; empty, if there is nothing to do.
    pub changes: Vec<Change>,
    /// The body of the up script.
    pub up: String,
    /// The body of the down script.
    pub down: String,
    /// The scripts of the revision behind that one, if there has to be one. Where the body of the up script
    /// is empty, it is the only one.
    pub apart: Option<Apart>,
    /// Drops and creates that may be meant as renames.
    pub suggestions: Vec<Suggestion>,
    /// Warnings for the user to review.
    pub warnings: Vec<String>,
    /// The tables that had no rows when the scripts were tried, each with the reason.
    pub unplanted: Vec<String>,
}

/// The scripts of one revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scripts<'a> {
    /// The description of what is done outside a transaction; none for a revision within one.
    pub apart: Option<&'a str>,
    /// The body of the up script.
    pub up: &'a str,
    /// The body of the down script.
    pub down: &'a str,
}

impl Generated {
    /// Returns the scripts of each revision, in order; none if there is nothing to do.
    pub fn revisions(&self) -> Vec<Scripts<'_>> {
        let own = Scripts { apart: None, up: &self.up, down: &self.down };
        let own = (!self.up.is_empty()).then_some(own);
        let apart = self.apart.as_ref().map(|it| Scripts {
            apart: Some(&it.what),
            up: &it.up,
            down: &it.down,
        });
        own.into_iter().chain(apart).collect()
    }
}

#[derive(Default)]
pub(super) struct Planned {
    pub(super) plan: Plan,
    pub(super) script: String,
    pub(super) renamed: Catalog,
}

/// The catalogs at both ends of a pair of scripts, and the data that both directions share.
pub(super) struct Ends {
    pub(super) ddl: &'static dyn Ddl,
    pub(super) renames: Renames,
    /// The present catalog after the renames.
    pub(super) present: Catalog,
    /// The wanted catalog, with excluded objects as they are.
    pub(super) to: Catalog,
}

impl Ends {
    pub(super) fn find(
        from: &Catalog,
        desired: &Desired,
        wish: &Wish<'_>,
        empty: &mut dyn Scratch,
    ) -> Result<Self, AutogenerateError> {
        let ddl = ddl(empty.dialect())?;
        let mut hints = desired.hints.renames.clone();
        let to = &desired.schema;
        hints.extend(wish.renames.iter().map(|(old, new)| said(ddl, (old, new), from, to)));
        let renames = Renames::resolve(&hints, from, &desired.schema)?;
        let way = Transition { from, to, renames: &renames };
        let present = after_renames(ddl, &way, &ddl.rename(&way, false), empty)
            .or_else(|_| after_renames(ddl, &way, &ddl.rename(&way, true), empty))?;
        let to = wish.filter.apply(&present, &desired.schema);
        Ok(Self { ddl, renames, present, to })
    }

    /// Tells whether there is nothing to do.
    pub(super) fn meet(&self) -> bool {
        self.renames.is_empty() && self.ddl.differences(&self.present, &self.to).is_empty()
    }
}

/// Generates the scripts that lead from one schema to a wanted one and back. They are tried on databases
/// like an empty one.
pub fn generate(
    from: &Catalog,
    desired: &Desired,
    wish: &Wish<'_>,
    empty: &mut dyn Scratch,
) -> Result<Generated, AutogenerateError> {
    let ends = Ends::find(from, desired, wish, empty)?;
    if ends.meet() {
        return Ok(Generated::default());
    }
    let Ends { ddl, renames, present, to } = ends;
    let suggestions = suggest(ddl, &present, &to);
    let backfills = ddl.backfills(&desired.hints.backfills, [&present, &to]);
    let hints = &Hints { backfills, ..desired.hints.clone() };
    let narrowed = ddl.narrowed([from, &to], &renames);
    let [from, to] = narrowed.as_ref().map_or([from, &to], |[from, to]| [from, to]);
    let way = Transition { from, to, renames: &renames };
    let (unplanted, rowless) = (&RefCell::default(), &RefCell::default());
    let taken_back = &RefCell::default();
    let mut search = Search { ddl, way, hints, wish, unplanted, rowless, taken_back, empty };
    let (Divided { mut up, mut down, rest, apart }, refused) = search.find(&present)?;
    if wish.has_rights {
        let steps = up.plan.steps.iter_mut().chain(&mut down.plan.steps);
        steps.for_each(|step| step.anew = None);
    }
    let mut open = || taken_back.take().map_or_else(|| search.empty.with(from), Ok);
    let both: [&mut [Step]; 2] = [&mut up.plan.steps, &mut down.plan.steps];
    ddl.measure(from, both, wish.online, &mut open)?;
    for planned in [&mut up, &mut down] {
        planned.script = written(ddl, wish.version, &planned.plan.steps);
    }
    let steps: Vec<Step> = up.plan.steps.iter().chain(&rest.steps).cloned().collect();
    let tightenings: Vec<Tightening> =
        up.plan.tightenings.iter().chain(&rest.tightenings).cloned().collect();
    let changes = join(&steps, differences(ddl, &way, &up.renamed), &tightenings);
    let destructive: Vec<String> = steps.iter().flat_map(|step| step.destructive.clone()).collect();
    if wish.destructive == Destructive::Refuse && !destructive.is_empty() {
        return Err(AutogenerateError::Destructive { steps: destructive });
    }
    let fills = steps.iter().flat_map(|step| &step.fills).map(|it| format!("fill in: {it}"));
    let warnings = destructive.iter().map(|it| format!("destructive: {it}")).chain(fills);
    let stricter = tightenings.iter().filter(|it| !it.is_told).map(Tightening::warning);
    let notices = steps.iter().flat_map(|step| step.notices.clone());
    let warnings = warnings.chain(stricter).chain(notices);
    let newer = [("up", &up), ("down", &down)].into_iter().filter_map(|(direction, planned)| {
        let needs = ddl.needs(wish.version, &planned.script)?;
        Some(format!("the {direction} script needs {needs}"))
    });
    let warnings = warnings.chain(unkept(&up.plan.steps)).chain(newer).chain(refused);
    let warnings = warnings.chain(idle(&desired.hints, &steps));
    let warnings = warnings.chain(anew(hints, &steps));
    let warnings = warnings.chain(untried(&rowless.take(), hints, &steps));
    let warnings = warnings.chain(desired.warnings.iter().cloned()).collect();
    let apart = (!apart.up.is_empty()).then_some(apart);
    let (up, down, unplanted) = (up.script, down.script, unplanted.take());
    Ok(Generated { changes, up, down, apart, suggestions, warnings, unplanted })
}

/// Warns of objects that are made anew, whose owners and privileges no schema tells.
fn unkept(steps: &[Step]) -> Option<String> {
    let names: Vec<&str> = steps.iter().filter_map(|it| it.anew.as_deref()).collect();
    let is_routine = |it: &&str| it.starts_with("function ") || it.starts_with("procedure ");
    let is_open = names.iter().any(is_routine);
    let public = if is_open { "; everybody may execute the new routines" } else { "" };
    (!names.is_empty()).then(|| {
        format!(
            "made anew, without the owner and the privileges that the database has: {}{public}; \
             `privileges = true` in [autogenerate] keeps those that the schema tells",
            names.join(", ")
        )
    })
}

fn after_renames(
    ddl: &dyn Ddl,
    way: &Transition<'_>,
    steps: &[Step],
    empty: &mut dyn Scratch,
) -> Result<Catalog, AutogenerateError> {
    let from = way.from;
    if steps.is_empty() {
        return Ok(from.clone());
    }
    let mut scratch = empty.with(from)?;
    let connection = scratch.connection()?;
    for statement in steps.iter().flat_map(|step| &step.statements) {
        connection.execute(statement).map_err(|cause| AutogenerateError::Refused {
            database: connection.dialect().name(),
            statement: statement.clone(),
            reason: cause.to_string(),
        })?;
    }
    let mut res = seen(&mut *scratch, from)?;
    ddl.tell_names(way, &mut res);
    Ok(res)
}

/// A search for scripts that are proven to work.
pub(super) struct Search<'a> {
    pub(super) ddl: &'static dyn Ddl,
    pub(super) way: Transition<'a>,
    pub(super) hints: &'a Hints,
    pub(super) wish: &'a Wish<'a>,
    /// The tables without rows in the last proof.
    pub(super) unplanted: &'a RefCell<Vec<String>>,
    /// The columns with backfills in these tables.
    pub(super) rowless: &'a RefCell<Vec<Rowless>>,
    /// The database in which the scripts were proven: what the up script did was taken back.
    pub(super) taken_back: &'a RefCell<Option<Box<dyn Scratch>>>,
    /// The database that scratch databases are forked from.
    pub(super) empty: &'a mut dyn Scratch,
}

/// The efforts, in the order in which they are tried.
pub(super) const EFFORTS: [Effort; 3] = [Effort::Small, Effort::Tables, Effort::Everything];

impl Search<'_> {
    /// Finds the script that leads to the wanted schema.
    pub(super) fn up(&mut self) -> Result<(Planned, Proven), AutogenerateError> {
        let mut first: Option<(Fault, Planned)> = None;
        for effort in EFFORTS {
            let how = How { version: self.wish.version, backfills: &self.hints.backfills, effort };
            let Some(up) = planned(self.ddl, &self.way, &how, self.empty)? else { continue };
            match self.prove(&up.script, &up.plan.unfilled)? {
                Ok(proven) => return Ok((up, proven)),
                Err(fault) => first = first.or(Some((fault, up))),
            }
        }
        if let Some(up) = self.further(first.as_ref(), self.way.to)
            && let Ok(proven) = self.prove(&up.script, &up.plan.unfilled)?
        {
            return Ok((up, proven));
        }
        Err(unproven("up", first, self.hints))
    }

    /// Finds the script that takes the up script back.
    pub(super) fn down(
        &mut self,
        up: &Planned,
        mut proven: Proven,
    ) -> Result<Planned, AutogenerateError> {
        let Transition { from, renames, .. } = self.way;
        let to = self.ddl.tidied(from)?;
        let back = renames.reversed();
        let mut unfilled = up.plan.unfilled.clone();
        let mut first: Option<(Fault, Planned)> = None;
        for effort in EFFORTS {
            let how = How { version: self.wish.version, backfills: &Backfills::new(), effort };
            let way = Transition { from: &proven.schema, to: &to, renames: &back };
            let Some(down) = planned(self.ddl, &way, &how, self.empty)? else { continue };
            let more = down.plan.unfilled.iter();
            let more = more.filter_map(|name| renames.new_table(name).cloned());
            let wanted: BTreeSet<Name> = unfilled.iter().cloned().chain(more).collect();
            if wanted != unfilled || first.is_some() {
                // Their rows would need values that nobody has told; or one was taken back in vain.
                unfilled = wanted;
                proven = self.proven(up, &unfilled)?;
            }
            match proven.take_back(&down.script, from)? {
                None => {
                    self.taken_back.replace(Some(proven.scratch));
                    return Ok(down);
                }
                Some(fault) => first = first.or(Some((fault, down))),
            }
        }
        if let Some(down) = self.further(first.as_ref(), &to)
            && self.proven(up, &unfilled)?.take_back(&down.script, from)?.is_none()
        {
            return Ok(down);
        }
        Err(unproven("down", first, self.hints))
    }

    /// Goes on from where a script has led to: the server can leave behind what no schema tells.
    fn further(&self, first: Option<&(Fault, Planned)>, to: &Catalog) -> Option<Planned> {
        let (Fault { reached, .. }, planned) = first?;
        let (from, renames) = (reached.as_deref()?, Renames::default());
        let (version, backfills) = (self.wish.version, Backfills::new());
        let how = How { version, backfills: &backfills, effort: Effort::Small };
        let way = Transition { from, to, renames: &renames };
        let rest = self.ddl.plan(&way, from, &how).ok()?;
        let mut plan = planned.plan.clone();
        plan.steps.extend(rest.steps);
        let script = written(self.ddl, version, &plan.steps);
        Some(Planned { plan, script, renamed: planned.renamed.clone() })
    }

    /// Proves an up script once more.
    fn proven(
        &mut self,
        up: &Planned,
        unfilled: &BTreeSet<Name>,
    ) -> Result<Proven, AutogenerateError> {
        let proven = self.prove(&up.script, unfilled)?;
        proven.map_err(|Fault { problem, .. }| AutogenerateError::Unproven {
            direction: "up",
            problem,
            script: up.script.clone(),
        })
    }

    fn prove(
        &mut self,
        script: &str,
        unfilled: &BTreeSet<Name>,
    ) -> Result<Result<Proven, Fault>, AutogenerateError> {
        let (ddl, way, backfills) = (self.ddl, self.way, &self.hints.backfills);
        let res = Claim { ddl, way, backfills, unfilled, script }.prove(self.empty)?;
        if let Ok(proven) = &res {
            self.unplanted.replace(proven.unplanted.clone());
            self.rowless.replace(proven.rowless.clone());
        }
        Ok(res)
    }
}

/// Plans one direction; none if its renames take coarser steps.
pub(super) fn planned(
    ddl: &dyn Ddl,
    way: &Transition<'_>,
    how: &How<'_>,
    empty: &mut dyn Scratch,
) -> Result<Option<Planned>, AutogenerateError> {
    let early = ddl.rename(way, how.effort != Effort::Small);
    let present = match after_renames(ddl, way, &early, empty) {
        Ok(present) => present,
        Err(error) if how.effort == Effort::Everything => return Err(error),
        Err(_) => return Ok(None),
    };
    let mut plan = ddl.plan(way, &present, how)?;
    plan.steps.splice(..0, early);
    plan.tell();
    let script = written(ddl, how.version, &plan.steps);
    Ok(Some(Planned { plan, script, renamed: present }))
}

/// Writes steps as a script, with what it needs at the top.
fn written(ddl: &dyn Ddl, version: SqliteVersion, steps: &[Step]) -> String {
    let script = script(steps);
    match ddl.needs(version, &script) {
        Some(needs) => format!("-- Needs {needs}\n\n{script}"),
        None => script,
    }
}
