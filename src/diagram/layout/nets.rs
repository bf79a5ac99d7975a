//! Shared lines: a trunk from the referenced box, with a branch for each line.

use std::collections::BTreeMap;

use crate::diagram::layout::{Link, Size};

/// Lines that begin at the same place of a box's right side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Net {
    /// The box that it begins at, and how far down.
    pub(super) source: (usize, i32),
    /// The column of that box.
    pub(super) first: usize,
    /// The last column that it reaches.
    pub(super) last: usize,
    /// Where it ends at the left sides of boxes.
    pub(super) ends: Vec<(usize, i32)>,
    /// Where it comes back to the right side of its own box.
    pub(super) loops: Vec<i32>,
}

/// A piece of a net between two neighboring columns: items, and how far down they are met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Segment {
    pub(super) left: (usize, i32),
    pub(super) right: (usize, i32),
}

/// The columns, and the nets between them.
///
/// An item of a column is a box, by its number, or the passage of a net, by a number behind those.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Nets {
    pub(super) all: Vec<Net>,
    pub(super) of_link: Vec<usize>,
    /// The column of each box.
    pub(super) layer_of: Vec<usize>,
    /// The items of each column, from top to bottom.
    pub(super) columns: Vec<Vec<usize>>,
    /// The pieces between each column and the next.
    pub(super) channels: Vec<Vec<Segment>>,
    pub(super) heights: Vec<i32>,
    /// The passages: by net and column, the item.
    pub(super) passages: BTreeMap<(usize, usize), usize>,
}

impl Nets {
    pub(super) fn new(sizes: &[Size], links: &[Link], layer_of: &[usize]) -> Self {
        let count = layer_of.iter().max().map_or(0, |it| it + 1);
        let mut res = Self {
            all: Vec::new(),
            of_link: Vec::new(),
            layer_of: layer_of.to_vec(),
            columns: vec![Vec::new(); count],
            channels: vec![Vec::new(); count],
            heights: sizes.iter().map(|it| it.height).collect(),
            passages: BTreeMap::new(),
        };
        for (at, &layer) in layer_of.iter().enumerate() {
            res.columns[layer].push(at);
        }
        res.gather(links);
        for net in 0..res.all.len() {
            res.pass(net);
        }
        res
    }

    /// Gathers lines into nets. On a cycle one leads from the child to the parent; it is alone.
    fn gather(&mut self, links: &[Link]) {
        let mut known: BTreeMap<(usize, i32), usize> = BTreeMap::new();
        for link in links {
            let (parent, child) = (self.layer_of[link.parent], self.layer_of[link.child]);
            let leads_back = child < parent;
            let source =
                if leads_back { (link.child, link.child_y) } else { (link.parent, link.parent_y) };
            let end =
                if leads_back { (link.parent, link.parent_y) } else { (link.child, link.child_y) };
            let first = self.layer_of[source.0];
            let new = Net { source, first, last: first, ends: Vec::new(), loops: Vec::new() };
            let at = match known.get(&source) {
                Some(&at) if !leads_back => at,
                _ => {
                    self.all.push(new);
                    self.all.len() - 1
                }
            };
            if !leads_back {
                known.insert(source, at);
            }
            let net = &mut self.all[at];
            if link.parent == link.child {
                net.loops.push(end.1);
            } else {
                net.last = net.last.max(self.layer_of[end.0]);
                net.ends.push(end);
            }
            self.of_link.push(at);
        }
    }

    /// Leads a net through the columns.
    fn pass(&mut self, at: usize) {
        let net = self.all[at].clone();
        let mut from = net.source;
        for layer in net.first..net.last {
            for &end in net.ends.iter().filter(|it| self.layer_of[it.0] == layer + 1) {
                self.channels[layer].push(Segment { left: from, right: end });
            }
            if layer + 1 < net.last {
                let item = self.heights.len();
                self.heights.push(0);
                self.columns[layer + 1].push(item);
                self.passages.insert((at, layer + 1), item);
                self.channels[layer].push(Segment { left: from, right: (item, 0) });
                from = (item, 0);
            }
        }
    }

    pub(super) fn is_box(&self, item: usize) -> bool {
        item < self.layer_of.len()
    }
}
