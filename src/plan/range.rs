//! Ranges of the history: `A:B`, `A:`, `:B`, as Alembic's `history` understands them.

use crate::plan::downgrade::destination;
use crate::plan::order::order;
use crate::plan::resolve::{AtTheEnd, Position, below_heads, find, find_one};
use crate::plan::upgrade::{refuse_overlap, targets};
use crate::plan::{PlanError, Target};
use crate::revision::{Follow, Graph, Node, NodeSet};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RangeEnd {
    /// No limit: the base, or the heads.
    Open,
    /// `current`: the applied heads.
    Current,
    /// A revision, label or relative form.
    Symbol(Target),
}

/// Parses a range `A:B`.
pub fn parse_range(text: &str) -> Result<(RangeEnd, RangeEnd), PlanError> {
    let end = |text: &str| match text.trim() {
        "" => RangeEnd::Open,
        "current" => RangeEnd::Current,
        text => RangeEnd::Symbol(Target::parse(text)),
    };
    match text.trim().split_once(':') {
        // Alembic takes the second for a name here, and none has it.
        Some(("current", "current")) => {
            Err(PlanError::NotFound { name: "current".to_owned(), near: None })
        }
        Some((lower, upper)) if !upper.contains(':') => Ok((end(lower), end(upper))),
        _ => Err(PlanError::RangeSyntax { text: text.to_owned() }),
    }
}

/// Returns the revisions of a range, newest first.
///
/// `current` stands for the applied heads; if nothing is applied, the end is open. Both ends are
/// part of the range, and only what descends from the lower one by parents (Alembic's
/// `_collect_upgrade_revisions` with `inclusive` and without `implicit_base`).
pub fn range(
    graph: &Graph,
    current: &[Node],
    ends: &(RangeEnd, RangeEnd),
) -> Result<Vec<Node>, PlanError> {
    let lower = End::of(&ends.0, "base", current);
    let upper = End::of(&ends.1, "heads", current);
    let range = Range { graph, lower, upper };
    let tips = range.tips()?;
    let mut needs = graph.ancestors(&tips, Follow::ParentsAndDependencies);
    let start = range.start(&needs)?;
    needs.subtract(&graph.ancestors(&start, Follow::ParentsAndDependencies));
    for node in &start {
        needs.insert(*node);
    }
    if !start.is_empty() {
        refuse_overlap(graph, &start, Follow::Parents)?;
        needs.intersect(&graph.descendants(&start, Follow::Parents));
    }
    let order = order(graph, &needs, &tips);
    if !order.left.is_empty() {
        let left: Vec<Node> = order.left.iter().collect();
        let (lower, upper) = range.texts();
        return Err(PlanError::BrokenRange { lower, upper, left: graph.ids(&left) });
    }
    Ok(order.nodes)
}

/// An end with the default applied.
enum End {
    Nodes(Vec<Node>),
    Symbol(Target),
}

impl End {
    fn of(end: &RangeEnd, default: &str, current: &[Node]) -> Self {
        match end {
            RangeEnd::Symbol(target) => Self::Symbol(target.clone()),
            RangeEnd::Current if !current.is_empty() => Self::Nodes(current.to_vec()),
            RangeEnd::Open | RangeEnd::Current => Self::Symbol(Target::name(default)),
        }
    }
}

struct Range<'a> {
    graph: &'a Graph,
    lower: End,
    upper: End,
}

impl Range<'_> {
    /// Finds the revisions at the upper end.
    fn tips(&self) -> Result<Vec<Node>, PlanError> {
        let mut tips = match &self.upper {
            End::Nodes(nodes) => nodes.clone(),
            End::Symbol(target) => {
                let from = self.start_of(target)?;
                targets(self.graph, &from, target, AtTheEnd::Stay)?
            }
        };
        if let End::Symbol(Target { branch: Some(label), .. }) = &self.lower {
            let label = self.label_of(label)?;
            tips.retain(|node| self.graph.has_label(*node, &label));
        }
        refuse_overlap(self.graph, &tips, Follow::ParentsAndDependencies)?;
        Ok(tips)
    }

    /// Finds the label to which a lower end is restricted; a revision stands for its only label.
    fn label_of(&self, name: &str) -> Result<String, PlanError> {
        let node = find_one(self.graph, &Target::name(name))?;
        let Some(node) = node.filter(|node| self.graph.id(*node).as_str() == name) else {
            return Ok(name.to_owned());
        };
        let mut labels = self.graph.labels(node);
        match (labels.next(), labels.next()) {
            (Some(only), None) => Ok(only.to_owned()),
            _ => Err(PlanError::NoSuchBranch { name: name.to_owned(), near: None }),
        }
    }

    /// Finds the revisions from which a relative upper end counts: those of the lower end.
    fn start_of(&self, upper: &Target) -> Result<Vec<Node>, PlanError> {
        match &self.lower {
            End::Nodes(nodes) => Ok(nodes.clone()),
            End::Symbol(_) if upper.offset.is_none() || upper.symbol.is_some() => Ok(Vec::new()),
            End::Symbol(Target { offset: Some(_), symbol: None, .. }) if upper.branch.is_some() => {
                let positions = self.below_heads()?;
                Ok(positions.into_iter().filter_map(node).collect())
            }
            End::Symbol(lower) => find(self.graph, lower),
        }
    }

    /// Finds the revisions at the lower end; none means the base.
    fn start(&self, required: &NodeSet) -> Result<Vec<Node>, PlanError> {
        let positions = match &self.lower {
            End::Nodes(nodes) => at(nodes),
            End::Symbol(Target { offset: Some(_), symbol: None, .. }) => self.below_heads()?,
            End::Symbol(target) => at(&find(self.graph, target)?),
        };
        let is_required = |position: &Option<Position>| match position {
            Some(Position::At(node)) => required.contains(*node),
            Some(Position::Nowhere | Position::BelowBase) => false,
            None => true,
        };
        if !positions.iter().all(is_required) {
            return Err(self.not_a_range());
        }
        let start: Vec<Node> = match positions.first() {
            Some(None) => self.below_upper()?,
            _ if positions.contains(&None) => return Err(self.not_a_range()),
            _ => positions.into_iter().filter_map(node).collect(),
        };
        refuse_overlap(self.graph, &start, Follow::ParentsAndDependencies)?;
        Ok(start)
    }

    /// Resolves `-N` at the lower end.
    fn below_heads(&self) -> Result<Vec<Option<Position>>, PlanError> {
        match &self.lower {
            End::Symbol(target @ Target { offset: Some(steps @ ..0), .. }) => {
                below_heads(self.graph, target, *steps)
            }
            End::Symbol(target) => Ok(at(&find(self.graph, target)?)),
            End::Nodes(nodes) => Ok(at(nodes)),
        }
    }

    /// Past the base of the files, Alembic counts from the upper end instead, and stops there.
    fn below_upper(&self) -> Result<Vec<Node>, PlanError> {
        let End::Symbol(target) = &self.lower else { return Ok(Vec::new()) };
        let current = match &self.upper {
            End::Nodes(nodes) => nodes.clone(),
            End::Symbol(Target { symbol: Some(name), offset: None, branch: None, .. })
                if name != "heads" && name != "head" =>
            {
                find(self.graph, &Target::name(name))?
            }
            End::Symbol(_) => return Err(PlanError::WalkedTooFar { target: target.text.clone() }),
        };
        let to = destination(self.graph, &current, target, AtTheEnd::Stay)?;
        Ok(to.node.into_iter().collect())
    }

    fn not_a_range(&self) -> PlanError {
        let (lower, upper) = self.texts();
        PlanError::NotARange { lower, upper }
    }

    fn texts(&self) -> (String, String) {
        let text = |end: &End| match end {
            End::Nodes(_) => "current".to_owned(),
            End::Symbol(target) => target.text.clone(),
        };
        (text(&self.lower), text(&self.upper))
    }
}

fn at(nodes: &[Node]) -> Vec<Option<Position>> {
    nodes.iter().map(|node| Some(Position::At(*node))).collect()
}

fn node(position: Option<Position>) -> Option<Node> {
    match position {
        Some(Position::At(node)) => Some(node),
        Some(Position::Nowhere | Position::BelowBase) | None => None,
    }
}
