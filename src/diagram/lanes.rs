//! The graph of revisions beside their list: a row each, the newest on top, lines in lanes.

use std::fmt::Write as _;

use crate::diagram::Revision;

/// The height of a row, the distance of two lanes, and of the first from the edge.
const ROW: usize = 52;
const LANE: usize = 16;
const EDGE: usize = 14;

/// A line from a revision to one that it builds on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Line {
    child: usize,
    parent: usize,
    lane: usize,
}

/// Where everything is.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Lanes {
    /// The lane of each revision.
    dots: Vec<usize>,
    lines: Vec<Line>,
    width: usize,
}

/// Draws the graph.
pub(super) fn graph(revisions: &[Revision]) -> String {
    let lanes = lanes(revisions);
    let x = |lane: usize| EDGE + lane * LANE;
    let y = |row: usize| ROW / 2 + row * ROW;
    let (width, height) = (2 * EDGE + lanes.width.saturating_sub(1) * LANE, revisions.len() * ROW);
    let mut res = format!(
        "<svg class=\"lanes\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         aria-hidden=\"true\">"
    );
    // A curve from one lane to another within a row.
    let curve = |from: usize, to: usize, top: usize| {
        let (start, end) = (y(top), y(top) + ROW);
        let middle = start + ROW / 2;
        format!("C{} {middle} {} {middle} {} {end}", x(from), x(to), x(to))
    };
    for line in &lanes.lines {
        let (from, to) = (lanes.dots[line.child], lanes.dots[line.parent]);
        let mut path = format!("M{} {}", x(from), y(line.child));
        if line.parent == line.child + 1 {
            path += &curve(from, to, line.child);
        } else {
            path += &curve(from, line.lane, line.child);
            let _ = write!(path, "V{}", y(line.parent - 1));
            path += &curve(line.lane, to, line.parent - 1);
        }
        let _ = write!(res, "<path class=\"l{}\" d=\"{path}\"/>", line.lane % 4);
    }
    for (row, (revision, &lane)) in revisions.iter().zip(&lanes.dots).enumerate() {
        let class = if revision.applied == Some(false) { " open" } else { "" };
        let _ = write!(
            res,
            "<circle class=\"l{}{class}\" cx=\"{}\" cy=\"{}\" r=\"5\"/>",
            lane % 4,
            x(lane),
            y(row)
        );
    }
    res + "</svg>"
}

/// Gives each revision and each line a lane: a revision goes on in the lane of its first parent.
fn lanes(revisions: &[Revision]) -> Lanes {
    let mut res = Lanes { dots: Vec::new(), lines: Vec::new(), width: 0 };
    // Which revision each lane leads to.
    let mut open: Vec<Option<usize>> = Vec::new();
    for (row, revision) in revisions.iter().enumerate() {
        let own = open.iter().position(|it| *it == Some(row)).unwrap_or_else(|| free(&mut open));
        for lane in &mut open {
            if *lane == Some(row) {
                *lane = None;
            }
        }
        res.dots.push(own);
        // A parent above its child would be a mistake of who made the list.
        let parents = revision.parents.iter().filter(|it| row < **it && **it < revisions.len());
        for (at, &parent) in parents.enumerate() {
            let lane = if at == 0 { own } else { free(&mut open) };
            open[lane] = Some(parent);
            res.lines.push(Line { child: row, parent, lane });
        }
        res.width = res.width.max(open.len());
    }
    res
}

/// Returns the first lane that leads nowhere.
fn free(open: &mut Vec<Option<usize>>) -> usize {
    open.iter().position(Option::is_none).unwrap_or_else(|| {
        open.push(None);
        open.len() - 1
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_pass_revisions_in_lanes_of_their_own() {
        let revision =
            |parents: &[usize]| Revision { parents: parents.to_vec(), ..Revision::default() };
        let list =
            [revision(&[1, 3]), revision(&[2]), revision(&[4]), revision(&[4]), revision(&[])];
        let lanes = lanes(&list);
        assert_eq!((lanes.dots, lanes.width), (vec![0, 0, 0, 1, 0], 2));
        let found: Vec<_> = lanes.lines.iter().map(|it| (it.child, it.parent, it.lane)).collect();
        assert_eq!(found, [(0, 1, 0), (0, 3, 1), (1, 2, 0), (2, 4, 0), (3, 4, 1)]);
    }

    #[test]
    fn a_list_that_makes_no_sense_is_drawn_without_its_lines() {
        let revision = Revision { parents: vec![0, 7], ..Revision::default() };
        assert_eq!(lanes(&[revision]).lines, []);
    }
}
