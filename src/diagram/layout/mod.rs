//! Positions of boxes and lines: a layered drawing from left to right, in whole pixels.
//!
//! Referenced boxes are to the left of those that reference them. Lines that end at the same place
//! share a trunk, which branches off like a tree; between two columns of boxes each trunk has a
//! lane of its own, and where it passes a column, room is left between the boxes. So no line runs
//! through a box, and none lies on another's. The same input always gives the same drawing.

mod layers;
mod nets;
mod order;
mod pack;
mod place;
mod route;

use nets::Nets;

/// The extent of a box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) width: i32,
    pub(crate) height: i32,
}

/// A place in the drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Point {
    pub(crate) x: i32,
    pub(crate) y: i32,
}

/// A line from a box to one that it refers to; heights are counted from the boxes' tops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) child: usize,
    pub(crate) child_y: i32,
    pub(crate) parent: usize,
    pub(crate) parent_y: i32,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Layout {
    pub(crate) width: i32,
    pub(crate) height: i32,
    /// The upper left corners of the boxes.
    pub(crate) places: Vec<Point>,
    /// The lines, each from the child to the parent in straight pieces.
    pub(crate) routes: Vec<Vec<Point>>,
    /// How often lines of two columns cross, as far as the order of boxes has it.
    pub(crate) crossings: usize,
    /// The same if boxes stood in the order in which they were given.
    pub(crate) plain_crossings: usize,
}

/// A part of a drawing that hangs together, drawn for itself.
struct Piece {
    size: Size,
    boxes: Vec<(usize, Point)>,
    routes: Vec<(usize, Vec<Point>)>,
}

/// Draws boxes and the lines between them.
pub(crate) fn layout(sizes: &[Size], links: &[Link]) -> Layout {
    let mut res = Layout {
        places: vec![Point { x: 0, y: 0 }; sizes.len()],
        routes: vec![Vec::new(); links.len()],
        ..Layout::default()
    };
    let pieces = components(sizes.len(), links).into_iter();
    let pieces = pieces.map(|(boxes, own)| piece(sizes, links, &boxes, &own, &mut res));
    let pieces: Vec<Piece> = pieces.collect();
    let (corners, size) = pack::pack(&pieces.iter().map(|it| it.size).collect::<Vec<_>>());
    for (piece, corner) in pieces.into_iter().zip(corners) {
        let moved = |it: Point| Point { x: it.x + corner.x, y: it.y + corner.y };
        for (at, place) in piece.boxes {
            res.places[at] = moved(place);
        }
        for (at, route) in piece.routes {
            res.routes[at] = route.into_iter().map(moved).collect();
        }
    }
    (res.width, res.height) = (size.width, size.height);
    res
}

/// Draws one part.
fn piece(
    sizes: &[Size],
    links: &[Link],
    boxes: &[usize],
    own_links: &[usize],
    sum: &mut Layout,
) -> Piece {
    let own: Vec<Size> = boxes.iter().map(|&it| sizes[it]).collect();
    let local = |at: usize| boxes.binary_search(&at).unwrap_or_default();
    let inner = own_links.iter().map(|&it| {
        let link = links[it];
        Link { child: local(link.child), parent: local(link.parent), ..link }
    });
    let inner: Vec<Link> = inner.collect();
    let layer_of = layers::assign(&own, &inner);
    let mut nets = Nets::new(&own, &inner, &layer_of);
    sum.plain_crossings += order::crossings(&nets);
    order::improve(&mut nets);
    sum.crossings += order::crossings(&nets);
    let heights = place::heights(&nets);
    let drawn = route::route(&own, &inner, &nets, &heights);
    Piece {
        size: drawn.size,
        boxes: boxes.iter().copied().zip(drawn.places).collect(),
        routes: own_links.iter().copied().zip(drawn.routes).collect(),
    }
}

/// Returns the parts that hang together, each with its boxes in order and its lines; the largest first.
fn components(boxes: usize, links: &[Link]) -> Vec<(Vec<usize>, Vec<usize>)> {
    let mut root: Vec<usize> = (0..boxes).collect();
    for link in links {
        let (one, other) = (find(&mut root, link.child), find(&mut root, link.parent));
        root[one.max(other)] = one.min(other);
    }
    let mut res: Vec<(Vec<usize>, Vec<usize>)> = vec![Default::default(); boxes];
    for at in 0..boxes {
        res[find(&mut root, at)].0.push(at);
    }
    for (at, link) in links.iter().enumerate() {
        res[find(&mut root, link.child)].1.push(at);
    }
    res.retain(|(boxes, _)| !boxes.is_empty());
    res.sort_by_key(|(boxes, _)| std::cmp::Reverse(boxes.len()));
    res
}

/// Returns what stands for the part that a box belongs to.
fn find(root: &mut [usize], mut at: usize) -> usize {
    while root[at] != at {
        root[at] = root[root[at]];
        at = root[at];
    }
    at
}

fn count(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX / 1024)
}

#[cfg(test)]
mod tests;
