//! From names to revisions: ids, prefixes of ids, labels, symbols, and walks from there.

use crate::near::nearest;
use crate::plan::{PlanError, Target};
use crate::revision::{Follow, Graph, Node};

/// Candidates of three characters or fewer never match as prefixes (`_revision_for_ident`).
const SHORTEST_PARTIAL: usize = 4;

/// The branch to which a target is restricted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Branch<'a> {
    pub(super) name: &'a str,
    /// The revision that defines the label, or is named itself.
    pub(super) node: Node,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Position {
    /// Outside of the graph: the bases come next upward, the heads downward (Alembic's `None`).
    Nowhere,
    /// Just below a base, reached by walking down.
    BelowBase,
    At(Node),
}

impl From<Option<Node>> for Position {
    fn from(node: Option<Node>) -> Self {
        node.map_or(Self::Nowhere, Self::At)
    }
}

/// Finds the revisions that a name refers to; `base` refers to none. Relative forms are not names.
pub fn find(graph: &Graph, target: &Target) -> Result<Vec<Node>, PlanError> {
    let branch = branch(graph, target)?;
    if target.offset.is_some() {
        return Err(PlanError::NotFound { name: target.text.clone(), near: None });
    }
    many(graph, target.symbol.as_deref().unwrap_or(&target.text), branch)
}

/// Finds the single revision that a name refers to; none for `base`.
pub fn find_one(graph: &Graph, target: &Target) -> Result<Option<Node>, PlanError> {
    let found = find(graph, target)?;
    if found.len() > 1 {
        let argument = target.text.clone();
        return Err(PlanError::MultipleHeads { argument, heads: graph.ids(&found) });
    }
    Ok(found.first().copied())
}

/// Resolves `-N` without a database: N below every head of the files.
pub(super) fn below_heads(
    graph: &Graph,
    target: &Target,
    steps: i64,
) -> Result<Vec<Option<Position>>, PlanError> {
    let mut heads = graph.heads(Follow::ParentsAndDependencies);
    if branch(graph, target)?.is_some() {
        let label = target.branch.as_deref().unwrap_or_default();
        heads.retain(|node| graph.has_label(*node, label));
    }
    let down = |head| walk(graph, Position::At(head), steps, None, AtTheEnd::Fail);
    heads.into_iter().map(down).collect()
}

/// Resolves the branch of a target, if it has one.
pub(super) fn branch<'a>(
    graph: &Graph,
    target: &'a Target,
) -> Result<Option<Branch<'a>>, PlanError> {
    let Some(name) = target.branch.as_deref() else { return Ok(None) };
    let node = ident(graph, name, None).map_err(|error| {
        if let PlanError::NotFound { name, .. } = error {
            let near = nearest(&name, graph.label_names()).map(str::to_owned);
            PlanError::NoSuchBranch { name, near }
        } else {
            error
        }
    })?;
    Ok(Some(Branch { name, node }))
}

/// Finds the revisions that a symbol refers to on a branch (Alembic's `get_revisions`).
pub(super) fn many(
    graph: &Graph,
    symbol: &str,
    branch: Option<Branch<'_>>,
) -> Result<Vec<Node>, PlanError> {
    match (symbol, branch) {
        ("base", _) => Ok(Vec::new()),
        ("heads", None) => Ok(graph.heads(Follow::ParentsAndDependencies)),
        ("heads", Some(branch)) => Ok(lineage(graph, graph.heads(Follow::Parents), branch.node)),
        ("head", branch) => {
            let heads = graph.heads(Follow::Parents);
            let (heads, argument) = match branch {
                None => (heads, "head".to_owned()),
                Some(it) => (lineage(graph, heads, it.node), format!("{}@head", it.name)),
            };
            if heads.len() > 1 {
                return Err(PlanError::MultipleHeads { argument, heads: graph.ids(&heads) });
            }
            Ok(heads)
        }
        (name, branch) => Ok(vec![ident(graph, name, branch)?]),
    }
}

/// Finds the single revision that a symbol refers to on a branch (Alembic's `get_revision`).
pub(super) fn one(
    graph: &Graph,
    symbol: &str,
    branch: Option<Branch<'_>>,
) -> Result<Option<Node>, PlanError> {
    let found = many(graph, symbol, branch)?;
    if found.len() > 1 {
        let argument = symbol.to_owned();
        return Err(PlanError::MultipleHeads { argument, heads: graph.ids(&found) });
    }
    Ok(found.first().copied())
}

/// Keeps the nodes that share lineage with another, by parents.
pub(super) fn lineage(graph: &Graph, nodes: Vec<Node>, with: Node) -> Vec<Node> {
    let above = graph.descendants(&[with], Follow::Parents);
    let below = graph.ancestors(&[with], Follow::Parents);
    nodes.into_iter().filter(|node| above.contains(*node) || below.contains(*node)).collect()
}

/// Finds a revision by id, label, or prefix of an id.
fn ident(graph: &Graph, name: &str, branch: Option<Branch<'_>>) -> Result<Node, PlanError> {
    let exact = graph.find(name).or_else(|| graph.find_label(name));
    let node = match exact {
        Some(node) => node,
        None => partial(graph, name, branch)?,
    };
    match branch {
        Some(branch) if !graph.share_lineage(node, branch.node, Follow::Parents) => {
            Err(PlanError::OffBranch {
                revision: graph.id(node).clone(),
                branch: branch.name.to_owned(),
            })
        }
        _ => Ok(node),
    }
}

fn partial(graph: &Graph, name: &str, branch: Option<Branch<'_>>) -> Result<Node, PlanError> {
    let begins = |key: &str| {
        !name.is_empty() && key.starts_with(name) && key.chars().count() >= SHORTEST_PARTIAL
    };
    let on_branch =
        |node: Node| branch.is_none_or(|it| graph.share_lineage(node, it.node, Follow::Parents));
    let mut ids = graph.nodes().filter(|it| begins(graph.id(*it).as_str()) && on_branch(*it));
    let names = graph.label_names();
    let labels =
        names.into_iter().filter(|it| begins(it) && graph.find_label(it).is_some_and(on_branch));
    let labels: Vec<&str> = labels.collect();
    let (first, second) = (ids.next(), ids.next());
    match (first, second, labels.as_slice()) {
        (Some(node), None, []) => Ok(node),
        (None, None, []) => {
            Err(PlanError::NotFound { name: name.to_owned(), near: near(graph, name) })
        }
        (None, None, [label]) => {
            Err(PlanError::PartialLabel { name: name.to_owned(), label: (*label).to_owned() })
        }
        (first, second, labels) => {
            let found = first.into_iter().chain(second).chain(ids);
            let mut candidates: Vec<String> = found.map(|it| graph.id(it).to_string()).collect();
            candidates.extend(labels.iter().map(|label| (*label).to_owned()));
            Err(PlanError::Ambiguous { name: name.to_owned(), candidates })
        }
    }
}

/// Finds a label or symbol with a similar spelling.
fn near(graph: &Graph, name: &str) -> Option<String> {
    let mut known = graph.label_names();
    known.extend(["head", "heads", "base"]);
    nearest(name, known).map(str::to_owned)
}

/// The behavior of a walk at the end of the graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AtTheEnd {
    Fail,
    /// The walk stops there.
    Stay,
}

/// Walks up or down; `None` if it leaves the graph (Alembic's `_walk`).
///
/// The branch chooses among the ways up.
pub(super) fn walk(
    graph: &Graph,
    start: Position,
    steps: i64,
    branch: Option<Node>,
    at_the_end: AtTheEnd,
) -> Result<Option<Position>, PlanError> {
    let mut at = start;
    for _ in 0..steps.unsigned_abs() {
        let next = if steps > 0 { ways_up(graph, at, branch) } else { ways_down(graph, at) };
        at = match next.as_slice() {
            [] => return Ok((at_the_end == AtTheEnd::Stay).then_some(at)),
            [only] => *only,
            _ => {
                let found = next.iter().filter_map(|it| match it {
                    Position::At(node) => Some(graph.id(*node).clone()),
                    Position::Nowhere | Position::BelowBase => None,
                });
                return Err(PlanError::AmbiguousWalk { candidates: found.collect() });
            }
        };
    }
    Ok(Some(at))
}

fn ways_up(graph: &Graph, at: Position, branch: Option<Node>) -> Vec<Position> {
    let ways = match at {
        Position::Nowhere => graph.bases(),
        Position::BelowBase => Vec::new(),
        Position::At(node) => graph.children(node).to_vec(),
    };
    let ways = match branch {
        Some(branch) => lineage(graph, ways, branch),
        None => ways,
    };
    ways.into_iter().map(Position::At).collect()
}

fn ways_down(graph: &Graph, at: Position) -> Vec<Position> {
    let ways = match at {
        Position::Nowhere => graph.heads(Follow::Parents),
        Position::BelowBase => return Vec::new(),
        Position::At(node) => graph.parents(node).to_vec(),
    };
    if ways.is_empty() {
        return vec![Position::BelowBase];
    }
    ways.into_iter().map(Position::At).collect()
}
