//! The graph of revisions as a picture: a lane for each edge, drawn as lines of cells, SVG,
//! Graphviz and Mermaid.
//!
//! All of it is a pure function of a [`Graph`] and of the revisions to show, in the order of the
//! history. It doesn't depend on a terminal or a database.

pub mod dot;
pub mod mermaid;
pub mod svg;

mod draw;
mod picture;

use std::collections::HashMap;

use crate::revision::{Graph, Node};

pub use draw::{Cell, Glyph, Lines, Order, draw};
pub use picture::{Mark, Picture};

/// The style in which an edge is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stroke {
    /// A solid line: a parent (`Revises`).
    Solid,
    /// A dashed line: a dependency (`Depends On`).
    Dashed,
}

/// A lane in a column: all edges that lead down to one revision share it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lane {
    /// The revision at the lower end; none if that isn't shown.
    pub to: Option<Node>,
    /// The style of the lane: solid if one of its edges is.
    pub stroke: Stroke,
    pub color: u32,
}

/// An edge that leaves a revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// The revision at the edge's end; none if that isn't shown.
    pub to: Option<Node>,
    /// The column in which the edge continues.
    pub column: usize,
    /// The style of the edge.
    pub stroke: Stroke,
    /// The number of the edge's color.
    pub color: u32,
}

/// A revision's row in the layout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub node: Node,
    pub column: usize,
    /// The number of the revision's color.
    pub color: u32,
    /// The edges to parents and dependencies, parents first.
    pub links: Vec<Link>,
    /// The lanes between this row and the next, by column.
    pub below: Vec<Option<Lane>>,
}

/// The rows and lanes of a picture.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Layout {
    /// The rows, newest first.
    pub rows: Vec<Row>,
    pub width: usize,
}

impl Layout {
    /// Returns the lanes that reach a row from above; cut ones have ended.
    pub fn above(&self, row: usize) -> impl Iterator<Item = (usize, Lane)> + '_ {
        let before = row.checked_sub(1).and_then(|it| self.rows.get(it));
        let lanes = before.map(|it| it.below.as_slice()).unwrap_or_default();
        let open = |(at, lane): (usize, &Option<Lane>)| lane.map(|lane| (at, lane));
        lanes.iter().enumerate().filter_map(open).filter(|(_, lane)| lane.to.is_some())
    }

    /// Tells whether the history is a single line.
    pub fn is_linear(&self) -> bool {
        let is_last = |at: usize| at + 1 == self.rows.len();
        let goes_on = |row: &Row| {
            row.links.len() == 1 && row.links.iter().all(|it| it.stroke == Stroke::Solid)
        };
        self.width < 2 && self.rows.iter().enumerate().all(|(at, row)| is_last(at) || goes_on(row))
    }
}

/// Finds a lane for every edge between revisions, which are given children first.
///
/// ```
/// use limbeck::lanes;
/// use limbeck::revision::Graph;
///
/// let graph = Graph::new(Vec::new())?;
/// assert_eq!(lanes::layout(&graph, &[]).width, 0);
/// # Ok::<(), limbeck::revision::GraphError>(())
/// ```
pub fn layout(graph: &Graph, nodes: &[Node]) -> Layout {
    let shown: HashMap<Node, usize> = nodes.iter().enumerate().map(|(at, it)| (*it, at)).collect();
    let mut open = Open::default();
    let mut width = 0;
    let mut rows = Vec::with_capacity(nodes.len());
    for (at, node) in nodes.iter().enumerate() {
        // A revision out of order, above its child, has no lane down to it.
        let row =
            open.pass(*node, &edges(graph, *node, |it| shown.get(&it).is_some_and(|it| *it > at)));
        width = width.max(row.below.len()).max(row.column + 1);
        rows.push(row);
        open.end_cut();
    }
    Layout { rows, width }
}

type Edge = (Option<Node>, Stroke);

/// Returns the edges of a revision; all hidden parents share one.
fn edges(graph: &Graph, node: Node, is_shown: impl Fn(Node) -> bool) -> Vec<Edge> {
    let mut res: Vec<Edge> = Vec::new();
    for parent in graph.parents(node) {
        let edge = (Some(*parent).filter(|it| is_shown(*it)), Stroke::Solid);
        if !res.contains(&edge) {
            res.push(edge);
        }
    }
    for needed in graph.dependencies(node) {
        if is_shown(*needed) && !res.iter().any(|(to, _)| *to == Some(*needed)) {
            res.push((Some(*needed), Stroke::Dashed));
        }
    }
    res
}

/// The open lanes, by column.
#[derive(Debug, Default)]
struct Open {
    lanes: Vec<Option<Lane>>,
    by_target: HashMap<Node, usize>,
}

impl Open {
    /// Ends the lane of a revision and opens lanes for its edges.
    fn pass(&mut self, node: Node, edges: &[Edge]) -> Row {
        let (column, color) = match self.by_target.remove(&node) {
            Some(column) => {
                let lane = self.lanes.get_mut(column).and_then(Option::take);
                (column, lane.map_or(0, |lane| lane.color))
            }
            None => (self.free(0), self.unused_color()),
        };
        if column == self.lanes.len() {
            self.lanes.push(None);
        }
        let mut links = Vec::with_capacity(edges.len());
        for edge in edges {
            links.push(self.link(*edge, column, color));
        }
        while self.lanes.last() == Some(&None) {
            self.lanes.pop();
        }
        Row { node, column, color, links, below: self.lanes.clone() }
    }

    /// Leads an edge into the lane of its target, or into a new one.
    fn link(&mut self, (to, stroke): Edge, from: usize, color: u32) -> Link {
        let goes_on = self.lanes.get(from).is_some_and(Option::is_some);
        if let Some(column) = to.and_then(|to| self.by_target.get(&to).copied()) {
            let lane = self.lanes.get_mut(column).and_then(Option::as_mut);
            let theirs = lane.as_ref().map_or(color, |lane| lane.color);
            if let Some(lane) = lane.filter(|_| stroke == Stroke::Solid) {
                lane.stroke = stroke;
            }
            // A branch that ends in another keeps its color to the end.
            return Link { to, column, stroke, color: if goes_on { theirs } else { color } };
        }
        let (column, color) =
            if goes_on { (self.free(from), self.unused_color()) } else { (from, color) };
        if self.lanes.len() <= column {
            self.lanes.resize(column + 1, None);
        }
        if let Some(place) = self.lanes.get_mut(column) {
            *place = Some(Lane { to, stroke, color });
        }
        if let Some(to) = to {
            self.by_target.insert(to, column);
        }
        Link { to, column, stroke, color }
    }

    /// Finds a free column: first to the right, then to the left, then a new one.
    fn free(&self, from: usize) -> usize {
        let is_free = |at: &usize| self.lanes.get(*at).is_some_and(Option::is_none);
        let left = || (0..from).rev().find(is_free);
        (from..self.lanes.len()).find(is_free).or_else(left).unwrap_or(self.lanes.len())
    }

    fn unused_color(&self) -> u32 {
        let mut used: Vec<u32> = self.lanes.iter().flatten().map(|lane| lane.color).collect();
        used.sort_unstable();
        used.dedup();
        let gap = (0..).zip(&used).find(|(color, used)| color != *used).map(|(color, _)| color);
        gap.unwrap_or(u32::try_from(used.len()).unwrap_or_default())
    }

    /// Ends the lanes to revisions that aren't shown.
    fn end_cut(&mut self) {
        for place in &mut self.lanes {
            *place = place.filter(|lane| lane.to.is_some());
        }
        while self.lanes.last() == Some(&None) {
            self.lanes.pop();
        }
    }
}
