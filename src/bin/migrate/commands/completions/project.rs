//! The values to complete: revisions with their messages, branch labels, environments.

use std::path::PathBuf;
use std::sync::OnceLock;

use clap_complete::engine::CompletionCandidate;
use limbeck::config::{Environment, Overrides};
use limbeck::project::Project;
use limbeck::revision::{Graph, Node};

/// The most revisions offered before any of an id is typed: the newest.
const OFFERED: usize = 100;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ValueKind {
    /// A target of an upgrade or the like.
    Symbol,
    Range,
    Revision,
}

/// The project of a command line, read on demand.
#[derive(Debug)]
pub(super) struct LazyProject {
    overrides: (Option<PathBuf>, Option<String>),
    command: String,
    environment: Environment,
    project: OnceLock<Option<Project>>,
}

impl LazyProject {
    pub(super) fn new(
        config: Option<PathBuf>,
        name: Option<String>,
        command: &str,
        environment: Environment,
    ) -> Self {
        let command = command.to_owned();
        Self { overrides: (config, name), command, environment, project: OnceLock::new() }
    }

    /// Returns the environments of the configuration with a prefix.
    pub(super) fn environments(&self, beginning: &str) -> Vec<CompletionCandidate> {
        let overrides = Overrides { config: self.overrides.0.clone(), ..Overrides::default() };
        let names = limbeck::config::environments(&overrides, &self.environment);
        let names = names.unwrap_or_default().into_iter();
        names.filter(|name| name.starts_with(beginning)).map(CompletionCandidate::new).collect()
    }

    /// Returns the completions of a text that refers to revisions.
    pub(super) fn revisions(&self, current: &str, kind: ValueKind) -> Vec<CompletionCandidate> {
        let Some(project) = self.project() else { return Vec::new() };
        let graph = &project.graph;
        // The second end of a range is completed as the first was.
        let (before, current) = match current.rfind(':') {
            Some(at) if kind != ValueKind::Revision => current.split_at(at + 1),
            _ => ("", current),
        };
        let (branch, name) = match current.rfind('@') {
            Some(at) if kind != ValueKind::Revision => current.split_at(at + 1),
            _ => ("", current),
        };
        let label = branch.strip_suffix('@');
        let mut found: Vec<(String, String)> = Vec::new();
        if kind != ValueKind::Revision {
            let symbols = self.symbols(kind, label.is_some());
            found.extend(
                symbols.iter().map(|(name, help)| ((*name).to_owned(), (*help).to_owned())),
            );
        }
        if label.is_none() {
            found.extend(labels(graph, self.end_of_branch(kind)));
        }
        found.retain(|(value, _)| value.starts_with(name));
        found.extend(ids(graph, name, label));
        let prefix = format!("{before}{branch}");
        let candidate = |(at, (value, help)): (usize, (String, String))| {
            let candidate = CompletionCandidate::new(format!("{prefix}{value}"));
            let help = (!help.is_empty()).then(|| help.into());
            candidate.help(help).display_order(Some(at))
        };
        found.into_iter().enumerate().map(candidate).collect()
    }

    /// Returns the symbols for revisions, the most common first.
    fn symbols(&self, kind: ValueKind, of_branch: bool) -> Vec<(&'static str, &'static str)> {
        const HEAD: (&str, &str) = ("head", "the newest revision");
        const BRANCH_HEAD: (&str, &str) = ("head", "the newest revision of the branch");
        const HEADS: (&str, &str) = ("heads", "the newest revision of every branch");
        const BASE: (&str, &str) = ("base", "before the first revision");
        const UP: (&str, &str) = ("+1", "the next revision");
        const DOWN: (&str, &str) = ("-1", "the revision before");
        const CURRENT: (&str, &str) = ("current", "where the database stands");
        let head = if of_branch { BRANCH_HEAD } else { HEAD };
        match (self.command.as_str(), of_branch) {
            (_, _) if kind == ValueKind::Range && !of_branch => vec![BASE, CURRENT, HEAD, HEADS],
            ("downgrade", true) => vec![BASE, DOWN, head],
            ("downgrade", false) => vec![DOWN, BASE],
            ("upgrade", true) => vec![head, UP],
            ("upgrade", false) => vec![head, HEADS, UP],
            ("show" | "edit", false) => vec![head, HEADS, CURRENT, BASE],
            ("merge", false) => vec![HEADS],
            ("stamp", false) => vec![head, HEADS, BASE],
            (_, _) => vec![head, BASE],
        }
    }

    fn end_of_branch(&self, kind: ValueKind) -> &'static str {
        match (kind, self.command.as_str()) {
            (ValueKind::Revision, _) => "",
            (_, "downgrade") => "@base",
            _ => "@head",
        }
    }

    fn project(&self) -> Option<&Project> {
        let open = || {
            let (config, environment) = self.overrides.clone();
            let overrides = Overrides { config, environment, ..Overrides::default() };
            Project::open(&overrides, &self.environment).ok()
        };
        self.project.get_or_init(open).as_ref()
    }
}

/// Returns the branch labels, each with a suffix for the end of its branch.
fn labels(graph: &Graph, end: &str) -> Vec<(String, String)> {
    let label = |name: &str| {
        let giver = graph.find_label(name).map(|node| graph.id(node).to_string());
        let help = format!("the branch from {}", giver.unwrap_or_default());
        (format!("{name}{end}"), help)
    };
    graph.label_names().into_iter().map(label).collect()
}

/// Returns the ids with a prefix, newest first, with their messages.
fn ids(graph: &Graph, beginning: &str, label: Option<&str>) -> Vec<(String, String)> {
    let is_meant = |node: &Node| {
        graph.id(*node).as_str().starts_with(beginning)
            && label.is_none_or(|label| label.is_empty() || graph.has_label(*node, label))
    };
    let mut nodes: Vec<Node> = graph.nodes().filter(is_meant).collect();
    let date = |node: &Node| &graph.revision(*node).header.create_date;
    nodes.sort_by(|one, other| date(other).cmp(date(one)).then(other.cmp(one)));
    if beginning.is_empty() {
        nodes.truncate(OFFERED);
    }
    let pair =
        |node: Node| (graph.id(node).to_string(), graph.revision(node).header.message.to_string());
    nodes.into_iter().map(pair).collect()
}
