//! What holds for the picture of every graph, and of every part of it.

use std::collections::BTreeSet;

use limbeck::lanes::{self, Cell, Glyph, Layout, Order, Picture};
use limbeck::plan::{self, RangeEnd};
use limbeck::revision::Node;
use proptest::prelude::*;

use crate::cases;
use crate::family::{Family, MOST, drawn, subset};

/// Returns the revisions of a set in the order of the history.
fn shown(family: &Family, set: u32) -> Vec<Node> {
    let range = plan::range(&family.graph, &[], &(RangeEnd::Open, RangeEnd::Open));
    let mut nodes = range.unwrap_or_default();
    nodes.retain(|node| set & (1 << family.number(*node)) != 0);
    nodes
}

/// Returns what a revision's edges have to lead to, of those that are shown.
fn needs(family: &Family, node: Node, nodes: &[Node]) -> BTreeSet<Node> {
    let needs = family.graph.needs(node);
    needs.filter(|it| nodes.contains(it)).collect()
}

/// Returns the lanes between a row and the next, as column and target.
fn open(layout: &Layout, row: usize) -> Vec<(usize, Option<Node>)> {
    let lanes = layout.rows[row].below.iter().enumerate();
    lanes.filter_map(|(at, lane)| lane.map(|lane| (at, lane.to))).collect()
}

fn opens_up(cell: Cell) -> bool {
    matches!(cell.glyph, Glyph::Vertical(_) | Glyph::Cut | Glyph::Joint { up: true, .. })
}

fn opens_down(cell: Cell) -> bool {
    matches!(cell.glyph, Glyph::Vertical(_) | Glyph::Joint { down: true, .. })
}

/// Finds a place where a line of the picture leads to nothing, from one line to the next.
fn loose_end(above: &[Cell], below: &[Cell]) -> Option<usize> {
    const NOTHING: Cell = Cell { glyph: Glyph::Blank, color: 0 };
    (0..above.len().max(below.len())).find(|at| {
        let cell = |line: &[Cell]| line.get(*at).copied().unwrap_or(NOTHING);
        let (upper, lower) = (cell(above), cell(below));
        let is_met = opens_up(lower) || lower.glyph == Glyph::Node;
        let meets = opens_down(upper) || upper.glyph == Glyph::Node;
        (opens_down(upper) && !is_met) || (opens_up(lower) && !meets)
    })
}

/// Finds a place where an edge to the side leads to nothing; lanes are crossed.
fn loose_side(line: &[Cell]) -> Option<usize> {
    let sides: Vec<(usize, bool, bool)> = line
        .iter()
        .enumerate()
        .filter_map(|(at, cell)| match cell.glyph {
            Glyph::Horizontal(_) => Some((at, true, true)),
            Glyph::Joint { left, right, .. } => Some((at, left, right)),
            Glyph::Vertical(_) => None,
            _ => Some((at, false, false)),
        })
        .collect();
    let ends = sides.windows(2).find(|it| it[0].2 != it[1].1).map(|it| it[1].0);
    ends.or(sides.last().filter(|it| it.2).map(|it| it.0))
}

proptest! {
    #![proptest_config(cases(1024))]

    #[test]
    fn every_edge_leaves_its_revision_and_ends_at_its_parent(
        drawn in drawn(MOST), set in subset(), whole in any::<bool>(),
    ) {
        let family = Family::new(&drawn);
        let nodes = shown(&family, if whole { u32::MAX } else { set });
        let layout = lanes::layout(&family.graph, &nodes);
        prop_assert_eq!(layout.rows.iter().map(|it| it.node).collect::<Vec<_>>(), nodes.clone());
        for (at, row) in layout.rows.iter().enumerate() {
            let to: Vec<Node> = row.links.iter().filter_map(|it| it.to).collect();
            let unique: BTreeSet<Node> = to.iter().copied().collect();
            prop_assert_eq!(to.len(), unique.len());
            prop_assert_eq!(unique, needs(&family, row.node, &nodes));
            for link in row.links.iter().filter(|it| it.to.is_some()) {
                let end = nodes.iter().position(|it| Some(*it) == link.to).unwrap();
                prop_assert_eq!(layout.rows[end].column, link.column);
                for between in at..end {
                    prop_assert!(open(&layout, between).contains(&(link.column, link.to)));
                }
            }
        }
    }

    #[test]
    fn no_two_lanes_collide_and_none_comes_from_nowhere(
        drawn in drawn(MOST), set in subset(), whole in any::<bool>(),
    ) {
        let family = Family::new(&drawn);
        let nodes = shown(&family, if whole { u32::MAX } else { set });
        let layout = lanes::layout(&family.graph, &nodes);
        for (at, row) in layout.rows.iter().enumerate() {
            let above: Vec<_> = layout.above(at).map(|(at, lane)| (at, lane.to)).collect();
            let here = above.iter().find(|(column, _)| *column == row.column);
            prop_assert!(here.is_none_or(|(_, to)| *to == Some(row.node)));
            let below = open(&layout, at);
            let ends: BTreeSet<_> = below.iter().map(|(_, to)| to).collect();
            prop_assert_eq!(ends.len(), below.len());
            for lane in &below {
                let leaves = row.links.iter().any(|it| (it.column, it.to) == *lane);
                prop_assert!(leaves || above.contains(lane));
            }
            for lane in above.iter().filter(|(_, to)| *to != Some(row.node)) {
                prop_assert!(below.contains(lane));
            }
        }
    }

    #[test]
    fn the_picture_is_as_wide_as_lanes_are_open_and_always_the_same(drawn in drawn(MOST)) {
        let family = Family::new(&drawn);
        let nodes = shown(&family, u32::MAX);
        let layout = lanes::layout(&family.graph, &nodes);
        let most = (0..nodes.len()).map(|at| {
            let own = layout.above(at).all(|(_, lane)| lane.to != Some(nodes[at]));
            (layout.above(at).count() + usize::from(own)).max(open(&layout, at).len())
        });
        prop_assert_eq!(layout.width, most.max().unwrap_or_default());
        prop_assert_eq!(layout, lanes::layout(&family.graph, &nodes));
    }

    #[test]
    fn no_line_of_the_picture_leads_to_nothing(
        drawn in drawn(MOST), set in subset(), whole in any::<bool>(),
    ) {
        let family = Family::new(&drawn);
        let nodes = shown(&family, if whole { u32::MAX } else { set });
        let layout = lanes::layout(&family.graph, &nodes);
        let rows = lanes::draw(&layout, Order::NewestFirst);
        let mut lines: Vec<&[Cell]> = vec![&[]];
        for row in &rows {
            prop_assert_eq!(row.at, 0);
            lines.extend(row.lines.iter().map(Vec::as_slice));
            lines.push(&row.more);
        }
        lines.push(&[]);
        for pair in lines.windows(2) {
            prop_assert_eq!(loose_end(pair[0], pair[1]), None);
        }
        for line in &lines {
            prop_assert_eq!(loose_side(line), None);
        }
        // Revisions that stand under each other without a line between are parent and child.
        for pair in rows.windows(2).filter(|it| it[0].lines.len() == 1) {
            let column = |at: usize| layout.rows.iter().find(|it| it.node == pair[at].node);
            if column(0).map(|it| it.column) == column(1).map(|it| it.column) {
                prop_assert!(needs(&family, pair[0].node, &nodes).contains(&pair[1].node));
            }
        }
        let mut mirrored = lanes::draw(&layout, Order::OldestFirst);
        mirrored.reverse();
        for (one, other) in rows.iter().zip(&mirrored) {
            prop_assert_eq!(one.node, other.node);
            prop_assert_eq!(other.at + 1, other.lines.len());
        }
    }

    #[test]
    fn every_format_names_every_revision_whatever_it_is_called(
        drawn in drawn(MOST), set in subset(),
    ) {
        let family = Family::new(&drawn);
        let nodes = shown(&family, u32::MAX);
        let state = family.state(set);
        let applied = Some(&state.applied);
        let picture = Picture { graph: &family.graph, nodes: &nodes, applied };
        let dot = lanes::dot::render(&picture);
        let mermaid = lanes::mermaid::render(&picture);
        let edges: usize = nodes.iter().map(|it| needs(&family, *it, &nodes).len()).sum();
        prop_assert_eq!(dot.matches(" -> ").count(), edges);
        prop_assert_eq!(mermaid.matches("> n").count(), edges);
        prop_assert_eq!(lanes::svg::render(&picture).matches("<circle").count(), nodes.len());
        for node in &nodes {
            let id = format!("  \"{}\" [", family.graph.id(*node));
            prop_assert_eq!(dot.matches(&id).count(), 1);
        }
    }
}
