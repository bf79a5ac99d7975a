//! Revisions in Alembic's formats: a short line, or full details.

use anstyle::{AnsiColor, Style};
use limbeck::revision::{Follow, Graph, Node};

use crate::output::{Output, visible};

/// The stream strips the colors where none are wanted.
const ID: Style = AnsiColor::Yellow.on_default();
const LABEL: Style = AnsiColor::Cyan.on_default();
const HEAD: Style = AnsiColor::Green.on_default();

/// The mark of a revision without a file.
pub(crate) const MISSING: &str = " (file missing)";

/// The parts of a short line beside the id.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is one part of the line, or not")]
pub(crate) struct Marks {
    /// The parents and dependencies, with an arrow.
    pub(crate) parents: bool,
    pub(crate) labels: bool,
    /// Whether it is a branch point or a merge point.
    pub(crate) tree: bool,
    pub(crate) message: bool,
    /// Whether the revision is current in the database.
    pub(crate) is_current: bool,
}

/// Writes a short line (Alembic's `_head_only`).
pub(crate) fn short(graph: &Graph, node: Node, marks: Marks) -> String {
    let labels = if marks.labels { labels(graph, node) } else { Vec::new() };
    short_with(graph, node, marks, &labels)
}

/// Writes a short line with these branch labels.
pub(crate) fn short_with(graph: &Graph, node: Node, marks: Marks, labels: &[String]) -> String {
    let revision = graph.revision(node);
    let mut res = String::new();
    if marks.parents {
        res.push_str(&parents(graph, node));
        res.push_str(&in_parentheses(&revision.header.extras.depends_on));
        res.push_str(" -> ");
    }
    res.push_str(&styled(ID, revision.id().as_str()));
    if !labels.is_empty() {
        res.push_str(&styled(LABEL, &in_parentheses(labels)));
    }
    if graph.is_head(node, Follow::ParentsAndDependencies) {
        res.push_str(&styled(HEAD, " (head)"));
    } else if graph.is_head(node, Follow::Parents) {
        res.push_str(" (effective head)");
    }
    let flags = [
        (marks.is_current, " (current)"),
        (marks.tree && graph.is_branch_point(node), " (branchpoint)"),
        (marks.tree && graph.is_merge_point(node), " (mergepoint)"),
        (!revision.has_up(), MISSING),
    ];
    res.extend(flags.iter().filter(|(is, _)| *is).map(|(_, text)| *text));
    if marks.message {
        res.push_str(", ");
        res.push_str(&visible(&revision.header.message));
    }
    res
}

/// Writes full details of a revision (Alembic's `log_entry`), without the last line's end.
pub(crate) fn long(graph: &Graph, node: Node, current: &[Node], output: &Output) -> String {
    let revision = graph.revision(node);
    let header = &revision.header;
    let flags = [
        (graph.is_head(node, Follow::Parents), " (head)"),
        (graph.is_branch_point(node), " (branchpoint)"),
        (graph.is_merge_point(node), " (mergepoint)"),
        (current.contains(&node), " (current)"),
        (!revision.has_up(), MISSING),
    ];
    let flags: String = flags.iter().filter(|(is, _)| *is).map(|(_, text)| *text).collect();
    let mut lines = vec![format!("Rev: {}{flags}", styled(ID, revision.id().as_str()))];
    let name = if graph.is_merge_point(node) { "Merges" } else { "Parent" };
    lines.push(format!("{name}: {}", parents(graph, node)));
    let children: Vec<String> =
        graph.children(node).iter().map(|child| graph.id(*child).to_string()).collect();
    let labels = labels(graph, node);
    let lists = [
        ("Also depends on", &header.extras.depends_on, !header.extras.depends_on.is_empty()),
        ("Branches into", &children, graph.is_branch_point(node)),
        ("Branch names", &labels, !labels.is_empty()),
    ];
    let shown = lists.iter().filter(|(_, _, is_shown)| *is_shown);
    lines.extend(shown.map(|(name, list, _)| format!("{name}: {}", list.join(", "))));
    lines.extend(revision.up().map(|it| format!("Path: {}", output.path(&it))));
    lines.extend(revision.down().map(|it| format!("Down: {}", output.path(&it))));
    lines.push(String::new());
    for line in header.render().lines() {
        let text = line.trim_start_matches("--").trim_start();
        lines.push(format!("    {}", visible(text)).trim_end().to_owned());
    }
    lines.join("\n") + "\n"
}

fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// Returns the parents, or Alembic's word for none.
fn parents(graph: &Graph, node: Node) -> String {
    let ids: Vec<String> = graph.parents(node).iter().map(|it| graph.id(*it).to_string()).collect();
    if ids.is_empty() { "<base>".to_owned() } else { ids.join(", ") }
}

fn labels(graph: &Graph, node: Node) -> Vec<String> {
    graph.labels(node).map(str::to_owned).collect()
}

fn in_parentheses(names: &[String]) -> String {
    if names.is_empty() { String::new() } else { format!(" ({})", names.join(", ")) }
}
