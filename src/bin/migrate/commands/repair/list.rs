//! The problems to repair, each with the commands that settle it.

use limbeck::Error;
use limbeck::database::Connection;
use limbeck::ledger::Running;
use limbeck::ops::{self, Check, Observed};
use limbeck::plan::{self, State};
use limbeck::process::Life;
use limbeck::project::Project;
use limbeck::revision::RevisionId;

use crate::output::json::{Item, Remedy, ids};
use crate::output::{Output, hint_ways as ways, strangers, visible};
use crate::program;

/// The facts to list.
pub(super) struct Problems<'a> {
    pub(super) project: &'a Project,
    pub(super) observed: &'a Observed<'a>,
    pub(super) check: &'a Check,
    pub(super) faults: &'a [Error],
}

/// Lists the obstacles to an upgrade, and the findings of `check`.
pub(super) fn items(
    found: &Problems<'_>,
    mut connection: Option<&mut (dyn Connection + 'static)>,
    output: &Output,
) -> anyhow::Result<Vec<Item>> {
    let check = found.check;
    let mut res = Vec::new();
    for fault in found.faults {
        let ways = vec![about("correct the script, and check here again")];
        let problem = format!("Can't be used: {}", output.fault(fault));
        res.push(Item { problem, revision: None, ways });
    }
    for running in &found.observed.running {
        res.push(half_done(found, connection.as_deref_mut(), running)?);
    }
    // A row whose file is invalid has a file all the same.
    if found.faults.is_empty() {
        res.extend(missing(found)?);
    }
    for (title, revisions, text) in [
        ("Modified since it was applied", &check.modified, "records its scripts as they are"),
        ("Parents changed since it was applied", &check.reparented, "records the new parents"),
    ] {
        for id in revisions {
            if is_done(&res, id) {
                continue;
            }
            let ways = vec![way(&format!("migrate repair --accept {id}"), text)];
            res.push(found.item(title, id, ways));
        }
    }
    for id in check.unwritten.iter().filter(|it| !check.unknown.contains(it)) {
        res.push(found.item(
            "Down script not written yet",
            id,
            vec![about(&write(found, id, output))],
        ));
    }
    if !check.heads.is_empty() {
        let heads = ids(&check.heads);
        let command =
            format!("migrate merge {} -m \"merge {}\"", heads.join(" "), heads.join(" and "));
        let problem = format!("Heads without distinct branch labels: {}", heads.join(", "));
        let ways = vec![way(&command, "joins them")];
        res.push(Item { problem, revision: None, ways });
    }
    for stranger in &check.strangers {
        let problem = format!("No revision: {}", strangers::what(stranger, output));
        let ways = vec![about(&strangers::way_in(stranger))];
        res.push(Item { problem, revision: None, ways });
    }
    Ok(res)
}

impl Problems<'_> {
    fn item(&self, title: &str, id: &RevisionId, ways: Vec<Remedy>) -> Item {
        let graph = &self.observed.graph;
        let message = graph.find(id.as_str()).map(|it| &*graph.revision(it).header.message);
        let comma = if message.is_some_and(|it| !it.is_empty()) { ", " } else { "" };
        let problem = format!("{title}: {id}{comma}{}", visible(message.unwrap_or_default()));
        Item { problem, revision: Some(id.to_string()), ways }
    }
}

/// Tells whether a revision is listed with a command that settles all about its scripts.
fn is_done(items: &[Item], id: &RevisionId) -> bool {
    let accepts = |way: &Remedy| way.command.as_deref().is_some_and(|it| it.contains("--accept"));
    items
        .iter()
        .any(|it| it.revision.as_deref() == Some(id.as_str()) && it.ways.iter().any(accepts))
}

/// Describes the missing part of a down script.
fn write(found: &Problems<'_>, id: &RevisionId, output: &Output) -> String {
    let graph = &found.observed.graph;
    let down =
        graph.find(id.as_str()).and_then(|it| graph.revision(it).down().map(|it| output.path(&it)));
    format!(
        "write what undoes it into {}, or `-- Irreversible: REASON` into the header of its up script",
        down.unwrap_or_default()
    )
}

/// Lists the ways to settle a revision that has run in part.
fn half_done(
    found: &Problems<'_>,
    connection: Option<&mut (dyn Connection + 'static)>,
    running: &Running,
) -> anyhow::Result<Item> {
    let Running { revision: id, operation, begun, done, statements, .. } = running;
    if running.life() == Life::Goes {
        let ways = vec![about("wait for it")];
        return Ok(found.item(&format!("Running now ({operation})"), id, ways));
    }
    let by_hand = ops::by_hand(found.observed, running);
    let mut list = Vec::new();
    if by_hand.is_lost {
        list.push(about("restore its files; another git branch may have them"));
    }
    let mut obstacle = None;
    let known = match connection {
        Some(connection) => {
            let (project, observed) = (found.project, found.observed);
            let indexes = ops::invalid_indexes(project, observed, &mut *connection, running)?;
            list.extend(indexes.iter().map(|it| invalid(it, running.catalog.is_some())));
            obstacle = ops::obstacle(project, observed, &mut *connection, running)?;
            ops::known_effect(project, observed, connection, running)?
        }
        None => None,
    };
    if running.is_in_doubt() && known.is_none() {
        let (all, none) = if *begun == done + 1 {
            (format!("if statement {begun} took effect"), "if it did nothing")
        } else {
            let all = format!("once statements {} to {begun} have all taken effect", done + 1);
            (all, "once none of them stands")
        };
        list.push(way(&format!("migrate repair --done {id}"), &all));
        list.push(way(&format!("migrate repair --again {id}"), none));
    } else if let Some(obstacle) = obstacle {
        list.push(about(&ways::stuck_at(&obstacle)));
    } else {
        list.push(way(&ways::resume(running, &by_hand), "continues from there"));
    }
    for (to, text) in [
        (&by_hand.finished, "if you have finished it by hand"),
        (&by_hand.undone, "if you have undone it by hand"),
    ] {
        list.extend(to.as_ref().map(|to| way(&ways::stamp(to), text)));
    }
    let title =
        format!("Stopped partway ({operation}, {done} of {statements} statements are done)");
    Ok(found.item(&title, id, list))
}

/// Describes the fate of an index whose build was interrupted.
fn invalid(index: &str, is_its_own: bool) -> Remedy {
    let index = visible(index);
    let sql = format!("`DROP INDEX CONCURRENTLY {index}`");
    about(&if is_its_own {
        format!(
            "the build has left the index {index} invalid: --resume drops it, or do it by {sql}"
        )
    } else {
        format!("the index {index} is invalid, maybe by this build: {sql} makes room for another")
    })
}

/// Lists the applied revisions without a file, the last one first: each one's commands apply once
/// those above it are settled.
fn missing(found: &Problems<'_>) -> anyhow::Result<Vec<Item>> {
    let graph = &found.observed.graph;
    let dialect = found.project.dialect()?;
    let mut applied = found.observed.state.applied.clone();
    let mut res = Vec::new();
    for node in found.observed.unknown.iter().rev().copied() {
        let state = State::new(graph, applied.clone());
        let revision = graph.revision(node);
        let down = revision.down_text()?;
        let awaits = down.as_deref().map(|it| revision.awaits_down(it, dialect)).transpose()?;
        let can_go = awaits == Some(false) && revision.header.extras.irreversible.is_none();
        let target = if can_go { plan::take_back(graph, &state, node) } else { None };
        let mut list = vec![about("restore its files; another git branch may have them")];
        list.extend(target.map(|it| way(&format!("migrate downgrade {it}"), "takes it back")));
        let stamp = plan::stamp_without(graph, &state, &[node]);
        list.extend(stamp.map(|it| way(&ways::stamp(&it), "only deletes it from the record")));
        res.push(found.item("Applied, but its file is missing", revision.id(), list));
        applied.remove(node);
    }
    Ok(res)
}

fn way(command: &str, about: &str) -> Remedy {
    let command = command.strip_prefix("migrate").map(|it| format!("{}{it}", program::name()));
    Remedy { command, about: about.to_owned() }
}

fn about(text: &str) -> Remedy {
    Remedy { command: None, about: program::named(text.to_owned()) }
}

impl Item {
    /// Writes the problem, and below it a line for each way.
    pub(super) fn lines(&self) -> String {
        let commands = self.ways.iter().filter_map(|it| it.command.as_deref());
        let width = commands.map(|it| it.chars().count()).max().unwrap_or_default();
        let line = |way: &Remedy| match &way.command {
            Some(command) => format!("\n    {command:width$}  # {}", way.about),
            None => format!("\n    # {}", way.about),
        };
        format!("{}{}", self.problem, self.ways.iter().map(line).collect::<String>())
    }
}
