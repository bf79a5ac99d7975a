//! Lanes as lines of cells: shapes and colors, but no characters yet.

use crate::lanes::{Layout, Row, Stroke};
use crate::revision::Node;

/// The shape that a cell of the picture shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Glyph {
    /// A cell without any line.
    Blank,
    Node,
    /// The end of an edge to a revision that isn't shown.
    Cut,
    /// A lane that passes through, over any edge that crosses it.
    Vertical(Stroke),
    /// An edge that runs horizontally.
    Horizontal(Stroke),
    /// A corner or crossing of lanes and edges.
    Joint {
        /// Whether a line leads up from here.
        up: bool,
        /// Whether a line leads down.
        down: bool,
        /// Whether a line leads left.
        left: bool,
        /// Whether a line leads right.
        right: bool,
    },
}

/// A cell of the picture: each column of lanes has two, the lane and the space to the right of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// The shape that the cell shows.
    pub glyph: Glyph,
    pub color: u32,
}

/// The lines of text that draw a revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lines {
    /// The revision that is drawn.
    pub node: Node,
    /// The cells of each line, from top to bottom.
    pub lines: Vec<Vec<Cell>>,
    /// The index of the line on which the revision stands.
    pub at: usize,
    /// A line of lanes only, repeated beside a text of more lines.
    pub more: Vec<Cell>,
}

/// The direction of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// The newest revision is on top, as in the history.
    NewestFirst,
    /// The oldest revision is on top, as they are applied.
    OldestFirst,
}

const BLANK: Cell = Cell { glyph: Glyph::Blank, color: 0 };

pub fn draw(layout: &Layout, order: Order) -> Vec<Lines> {
    let mut res: Vec<Lines> = (0..layout.rows.len()).map(|at| row(layout, at)).collect();
    if order == Order::OldestFirst {
        res.reverse();
        for lines in &mut res {
            lines.lines.reverse();
            lines.at = lines.lines.len() - 1 - lines.at;
            lines.lines.iter_mut().flatten().for_each(|cell| cell.glyph = cell.glyph.flipped());
        }
    }
    res
}

impl Glyph {
    /// Mirrors a glyph vertically.
    fn flipped(self) -> Self {
        match self {
            Self::Joint { up, down, left, right } => {
                Self::Joint { up: down, down: up, left, right }
            }
            Self::Blank | Self::Node | Self::Cut | Self::Vertical(_) | Self::Horizontal(_) => self,
        }
    }
}

fn row(layout: &Layout, at: usize) -> Lines {
    let row = &layout.rows[at];
    let mut first = verticals(layout.above(at).map(|(at, it)| (at, it.stroke, it.color)));
    put(&mut first, row.column * 2, Cell { glyph: Glyph::Node, color: row.color });
    let open = row.below.iter().enumerate().filter_map(|(at, lane)| lane.map(|lane| (at, lane)));
    let kept = open.filter(|(_, lane)| lane.to.is_some());
    let more = verticals(kept.map(|(at, it)| (at, it.stroke, it.color)));
    let mut lines = vec![first];
    if row.links.iter().any(|link| link.column != row.column) {
        lines.push(links(layout, at));
    }
    if let Some(cut) = row.links.iter().find(|link| link.to.is_none()) {
        let mut line = more.clone();
        put(&mut line, cut.column * 2, Cell { glyph: Glyph::Cut, color: cut.color });
        lines.push(line);
    } else if row.links.is_empty()
        && layout.rows.get(at + 1).is_some_and(|it| it.column == row.column)
    {
        // Without a line between them they would look like parent and child.
        lines.push(more.clone());
    }
    Lines { node: row.node, lines, at: 0, more }
}

/// Draws the line on which edges leave a revision for other columns.
fn links(layout: &Layout, at: usize) -> Vec<Cell> {
    let row = &layout.rows[at];
    let above: Vec<_> = layout.above(at).filter(|(at, _)| *at != row.column).collect();
    let mut line = verticals(above.iter().map(|(at, it)| (*at, it.stroke, it.color)));
    let mut others: Vec<_> = row.links.iter().filter(|it| it.column != row.column).collect();
    // The nearest edge is drawn last: a shared stretch looks like it, or like a parent's edge.
    others.sort_by_key(|it| {
        (it.stroke == Stroke::Solid, std::cmp::Reverse(it.column.abs_diff(row.column)))
    });
    for link in &others {
        let (from, to) = (row.column.min(link.column) * 2 + 1, row.column.max(link.column) * 2);
        for place in from..to {
            let is_lane = line.get(place).is_some_and(|it| matches!(it.glyph, Glyph::Vertical(_)));
            if !is_lane {
                put(
                    &mut line,
                    place,
                    Cell { glyph: Glyph::Horizontal(link.stroke), color: link.color },
                );
            }
        }
    }
    for link in &others {
        let beyond = |it: &&&crate::lanes::Link| {
            let is_farther = it.column.abs_diff(row.column) > link.column.abs_diff(row.column);
            is_farther && (it.column > row.column) == (link.column > row.column)
        };
        let goes_on = others.iter().any(|it| beyond(&it));
        let is_right = link.column > row.column;
        let joined = above.iter().find(|(at, _)| *at == link.column);
        let (left, right) = (is_right || goes_on, !is_right || goes_on);
        let glyph = Glyph::Joint { up: joined.is_some(), down: true, left, right };
        let color = joined.map_or(link.color, |(_, lane)| lane.color);
        put(&mut line, link.column * 2, Cell { glyph, color });
    }
    put(&mut line, row.column * 2, Cell { glyph: own(row), color: row.color });
    line
}

/// Returns the glyph below a revision on the line on which edges leave it.
fn own(row: &Row) -> Glyph {
    Glyph::Joint {
        up: true,
        down: row.links.iter().any(|it| it.column == row.column),
        left: row.links.iter().any(|it| it.column < row.column),
        right: row.links.iter().any(|it| it.column > row.column),
    }
}

/// Draws lanes that pass through.
fn verticals(lanes: impl Iterator<Item = (usize, Stroke, u32)>) -> Vec<Cell> {
    let mut res = Vec::new();
    for (column, stroke, color) in lanes {
        put(&mut res, column * 2, Cell { glyph: Glyph::Vertical(stroke), color });
    }
    res
}

/// Puts a cell into a line, which grows as needed.
fn put(line: &mut Vec<Cell>, at: usize, cell: Cell) {
    if line.len() <= at {
        line.resize(at + 1, BLANK);
    }
    if let Some(place) = line.get_mut(at) {
        *place = cell;
    }
}
