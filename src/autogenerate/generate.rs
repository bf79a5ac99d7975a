//! From what is there and what is wanted to a proven pair of scripts.

use std::collections::BTreeSet;

use crate::autogenerate::hints::{Backfills, RenameHint, Subject};
use crate::autogenerate::plan::{Effort, How, Plan, plan};
use crate::autogenerate::proof::Claim;
use crate::autogenerate::script::{Step, script};
use crate::autogenerate::{
    AutogenerateError, Desired, Filter, Renames, Scratch, Suggestion, suggest,
};
use crate::config::{Destructive, SqliteVersion};
use crate::schema::{Change, ChangeKind, Difference, Name, ObjectType, Schema, Table, diff};

/// What is asked for, beside the two schemas.
#[derive(Debug, Clone, Default)]
pub struct Wish<'a> {
    /// `--rename OLD=NEW`, where OLD may be `table.column`.
    pub renames: &'a [(String, String)],
    /// Which objects are looked at.
    pub filter: Filter,
    /// The oldest SQLite that must be able to run the scripts.
    pub version: Option<SqliteVersion>,
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

/// One direction, done.
struct Way {
    steps: Vec<Step>,
    script: String,
    unfilled: BTreeSet<Name>,
    /// The present schema with its renames done.
    renamed: Schema,
    after: Schema,
}

/// Generates the scripts that lead from one schema to a wanted one and back.
pub fn generate(
    from: &Schema,
    desired: &Desired,
    wish: &Wish<'_>,
) -> Result<Generated, AutogenerateError> {
    let mut hints = desired.hints.renames.clone();
    hints.extend(wish.renames.iter().map(|(old, new)| said(old, new, from, &desired.schema)));
    let renames = Renames::resolve(&hints, from, &desired.schema)?;
    let present = after_renames(from, &renames.steps(from, false))
        .or_else(|_| after_renames(from, &renames.steps(from, true)))?;
    let to = wish.filter.apply(&present, &desired.schema);
    let suggestions = suggest(&present, &to);
    if present == to && renames == Renames::default() {
        return Ok(Generated::default());
    }
    let up = Search { direction: "up", from, to: &to, renames: &renames, wish };
    let up = up.find(&desired.hints.backfills)?;
    let back = renames.reversed();
    let none = Backfills::new();
    let down = Search { direction: "down", from: &up.after, to: from, renames: &back, wish };
    let down = down.find(&none)?;
    prove_return(from, &to, &renames, &desired.hints.backfills, &up, &down)?;
    let changes = changes(from, &up, &to, &renames);
    let steps: Vec<String> = up.steps.iter().flat_map(|step| step.destructive.clone()).collect();
    if wish.destructive == Destructive::Refuse && !steps.is_empty() {
        return Err(AutogenerateError::Destructive { steps });
    }
    let fills =
        up.steps.iter().filter_map(|step| step.fills.first()).map(|it| format!("fill in: {it}"));
    let warnings = steps.iter().map(|it| format!("destructive: {it}")).chain(fills).collect();
    Ok(Generated { changes, up: up.script, down: down.script, suggestions, warnings })
}

/// Understands `--rename OLD=NEW`.
fn said(old: &str, new: &str, from: &Schema, to: &Schema) -> RenameHint {
    let new_column = Name::from(new.rsplit('.').next().unwrap_or(new));
    let (subject, old) = match old.split_once('.') {
        Some((table, old)) => {
            let table = Name::from(table);
            (Subject::Column(table, new_column), Name::from(old))
        }
        None if from.indexes.contains_key(&old.into()) || to.indexes.contains_key(&new.into()) => {
            (Subject::Index(new.into()), old.into())
        }
        None => (Subject::Table(new.into()), old.into()),
    };
    RenameHint { subject, old, place: None }
}

fn after_renames(from: &Schema, steps: &[Step]) -> Result<Schema, AutogenerateError> {
    if steps.is_empty() {
        return Ok(from.clone());
    }
    let mut scratch = Scratch::of(from)?;
    for statement in steps.iter().flat_map(|step| &step.statements) {
        scratch.execute(statement)?;
    }
    Ok(scratch.schema()?)
}

/// A search for a script that is proven to work.
struct Search<'a> {
    direction: &'static str,
    from: &'a Schema,
    to: &'a Schema,
    renames: &'a Renames,
    wish: &'a Wish<'a>,
}

impl Search<'_> {
    /// Tries small steps first, then coarser ones.
    fn find(&self, backfills: &Backfills) -> Result<Way, AutogenerateError> {
        let mut first: Option<(String, String)> = None;
        for effort in [Effort::Small, Effort::Tables, Effort::Everything] {
            let how = How { version: self.wish.version, backfills, effort };
            let early = self.renames.steps(self.from, effort != Effort::Small);
            let renamed = match after_renames(self.from, &early) {
                Ok(renamed) => renamed,
                Err(error) if effort == Effort::Everything => return Err(error),
                Err(_) => continue,
            };
            let Plan { steps, unfilled } = plan(&renamed, self.to, &how);
            let steps: Vec<Step> = early.into_iter().chain(steps).collect();
            let text = script(&steps);
            let claim = Claim {
                from: self.from,
                to: self.to,
                renames: self.renames,
                backfills,
                unfilled: &unfilled,
                script: &text,
            };
            match claim.prove()? {
                Ok(after) => return Ok(Way { steps, script: text, unfilled, renamed, after }),
                Err(problem) => first = first.or(Some((problem, text))),
            }
        }
        let (problem, script) = first.unwrap_or_default();
        Err(AutogenerateError::Unproven { direction: self.direction, problem, script })
    }
}

/// Sees that rows survive both ways.
fn prove_return(
    from: &Schema,
    to: &Schema,
    renames: &Renames,
    backfills: &Backfills,
    up: &Way,
    down: &Way,
) -> Result<(), AutogenerateError> {
    let mut unfilled = up.unfilled.clone();
    unfilled.extend(down.unfilled.iter().filter_map(|name| renames.new_table(name).cloned()));
    let claim = Claim { from, to, renames, backfills, unfilled: &unfilled, script: &up.script };
    let kept = |old: &Table, column: &Name| {
        let new = renames.new_table(&old.name).and_then(|name| to.tables.get(name));
        let pair = new.and_then(|new| {
            let name = renames.new_column(&new.name, column)?;
            Some((old.column(column)?, new.column(name)?, new))
        });
        pair.is_some_and(|(before, after, new)| {
            let told = backfills.contains_key(&(new.name.clone(), after.name.clone()));
            let is_tighter = new.requires(after) && !old.requires(before);
            before.declared == after.declared
                && before.generated == after.generated
                && old.strict == new.strict
                && !told
                && !is_tighter
        })
    };
    match claim.prove_return(&down.script, kept)? {
        None => Ok(()),
        Some(problem) => {
            let script = down.script.clone();
            Err(AutogenerateError::Unproven { direction: "down", problem, script })
        }
    }
}

/// Lists what the up script does, each change with its statements.
fn changes(from: &Schema, up: &Way, to: &Schema, renames: &Renames) -> Vec<Change> {
    let is_renamed_index = |difference: &Difference| {
        difference.object_type == ObjectType::Index
            && renames.indexes.iter().any(|(old, new)| match difference.kind {
                ChangeKind::Drop => *old == difference.owner,
                ChangeKind::Create => *new == difference.owner,
                ChangeKind::Alter | ChangeKind::Rename => false,
            })
    };
    let own = diff(&up.renamed, to).into_iter().filter(|it| !is_renamed_index(it));
    let all = renames.differences().into_iter().chain(own);
    all.map(|difference| change(from, &up.steps, difference)).collect()
}

fn change(from: &Schema, steps: &[Step], difference: Difference) -> Change {
    let of =
        |owner: &Name| -> Vec<&Step> { steps.iter().filter(|it| it.owner == *owner).collect() };
    let mut own = of(&difference.owner);
    let exact = own.iter().any(|it| it.title.eq_ignore_ascii_case(&difference.description));
    if exact {
        own.retain(|it| it.title.eq_ignore_ascii_case(&difference.description));
    }
    if own.is_empty() {
        // It goes with its table.
        let index = from.indexes.get(&difference.owner).map(|it| &it.table);
        let trigger = from.triggers.get(&difference.owner).map(|it| &it.target);
        own = index.or(trigger).map(of).unwrap_or_default();
    }
    let sql: Vec<String> = own.iter().map(|step| step.sql()).collect();
    let Difference { kind, object_type, object, destructive, description, .. } = difference;
    Change { kind, object_type, object, destructive, description, sql: sql.join("\n") }
}
