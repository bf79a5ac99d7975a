//! Routes lines up and down between two columns, each net in a lane of its own.

use crate::diagram::layout::nets::Nets;
use crate::diagram::layout::{Link, Point, Size, count};

/// The room beside boxes for the ends of lines, and between two lanes.
const END: i32 = 26;
const LANE: i32 = 10;

/// How near to each other lines may run.
const NEAR: i32 = 5;

/// A part, drawn.
pub(super) struct Drawn {
    pub(super) size: Size,
    pub(super) places: Vec<Point>,
    pub(super) routes: Vec<Vec<Point>>,
}

/// A net within one channel: where it comes in and goes out.
struct Lane {
    net: usize,
    lefts: Vec<i32>,
    rights: Vec<i32>,
    top: i32,
    bottom: i32,
    at: i32,
}

/// Places the boxes, and leads the lines.
pub(super) fn route(sizes: &[Size], links: &[Link], nets: &Nets, tops: &[i32]) -> Drawn {
    let mut x = 0;
    let (mut starts, mut channels, mut width) = (Vec::new(), Vec::new(), 0);
    for (layer, column) in nets.columns.iter().enumerate() {
        starts.push(x);
        let boxes = column.iter().filter_map(|&it| sizes.get(it));
        x += boxes.map(|it| it.width).max().unwrap_or(0);
        width = width.max(x);
        let mut lanes = lanes(nets, tops, layer);
        let used = spread(&mut lanes);
        for lane in &mut lanes {
            lane.at = x + END + lane.at * LANE;
            width = width.max(lane.at);
        }
        x += 2 * END + (used - 1).max(0) * LANE;
        channels.push(lanes);
    }
    let places: Vec<Point> =
        (0..sizes.len()).map(|it| Point { x: starts[nets.layer_of[it]], y: tops[it] }).collect();
    let drawing = Drawing { sizes, nets, tops, places: &places, channels: &channels };
    let routes: Vec<Vec<Point>> = (0..links.len()).map(|it| drawing.line(&links[it], it)).collect();
    let bottoms = (0..sizes.len()).map(|it| tops[it] + sizes[it].height);
    let lowest = routes.iter().flatten().map(|it| it.y).chain(bottoms).max().unwrap_or(0);
    Drawn { size: Size { width, height: lowest }, places, routes }
}

/// Returns what runs through the channel right of a column, in order of the nets.
fn lanes(nets: &Nets, tops: &[i32], layer: usize) -> Vec<Lane> {
    let mut res = Vec::new();
    for (at, net) in nets.all.iter().enumerate() {
        let (mut lefts, mut rights) = (Vec::new(), Vec::new());
        if net.first == layer {
            lefts.push(tops[net.source.0] + net.source.1);
            lefts.extend(net.loops.iter().map(|it| tops[net.source.0] + it));
        } else if let Some(&item) = nets.passages.get(&(at, layer)) {
            lefts.push(tops[item]);
        }
        if lefts.is_empty() {
            continue;
        }
        let ends = net.ends.iter().filter(|it| nets.layer_of[it.0] == layer + 1);
        rights.extend(ends.map(|it| tops[it.0] + it.1));
        rights.extend(nets.passages.get(&(at, layer + 1)).map(|&item| tops[item]));
        let all = || lefts.iter().chain(&rights).copied();
        let (top, bottom) = (all().min().unwrap_or(0), all().max().unwrap_or(0));
        if !net.loops.is_empty() && net.first == layer || top < bottom {
            res.push(Lane { net: at, lefts, rights, top, bottom, at: 0 });
        }
    }
    res
}

/// Gives each net its lane, counted from the left, and returns how many there are.
fn spread(lanes: &mut [Lane]) -> i32 {
    lanes.sort_by_key(|it| (it.top + it.bottom, it.net));
    // Moving one at a time as long as that helps; what two cost each other hangs on no third.
    for _ in 0..12 {
        let mut gained = false;
        for at in 1..lanes.len() {
            if cost(&lanes[at], &lanes[at - 1]) < cost(&lanes[at - 1], &lanes[at]) {
                lanes.swap(at - 1, at);
                gained = true;
            }
        }
        if !gained {
            break;
        }
    }
    let mut used = 0;
    for at in 0..lanes.len() {
        let (before, rest) = lanes.split_at_mut(at);
        let Some(lane) = rest.first_mut() else { break };
        let meets = |it: &&Lane| {
            (it.top <= lane.bottom + NEAR && lane.top <= it.bottom + NEAR)
                || cost(it, lane) != cost(lane, it)
        };
        lane.at = before.iter().filter(meets).map(|it| it.at + 1).max().unwrap_or(0);
        used = used.max(lane.at + 1);
    }
    used
}

/// Returns what it costs to have one net's lane left of another's: crossings, and much more than those,
/// pieces that lie on each other.
fn cost(left: &Lane, right: &Lane) -> i32 {
    let within = |y: i32, lane: &Lane| i32::from(lane.top <= y && y <= lane.bottom);
    let crossed: i32 = left.rights.iter().map(|&y| within(y, right)).sum();
    let crossing: i32 = right.lefts.iter().map(|&y| within(y, left)).sum();
    let near = |y: i32| right.lefts.iter().filter(|it| (*it - y).abs() < NEAR).count();
    let covered: i32 = left.rights.iter().map(|&y| count(near(y))).sum();
    crossed + crossing + 20 * covered
}

/// The positions that lines are led by.
struct Drawing<'a> {
    sizes: &'a [Size],
    nets: &'a Nets,
    tops: &'a [i32],
    places: &'a [Point],
    channels: &'a [Vec<Lane>],
}

impl Drawing<'_> {
    /// Leads a line from the child to the parent.
    fn line(&self, link: &Link, at: usize) -> Vec<Point> {
        let net = self.nets.of_link[at];
        let trunk = &self.nets.all[net];
        let left =
            |item: usize, down: i32| Point { x: self.places[item].x, y: self.tops[item] + down };
        let right = |item: usize, down: i32| Point {
            x: self.places[item].x + self.sizes[item].width,
            y: self.tops[item] + down,
        };
        let start = right(trunk.source.0, trunk.source.1);
        let leads_back = self.nets.layer_of[link.child] < self.nets.layer_of[link.parent];
        let (end, last) = if link.child == link.parent {
            (right(link.child, link.child_y), trunk.first + 1)
        } else if leads_back {
            (left(link.parent, link.parent_y), self.nets.layer_of[link.parent])
        } else {
            (left(link.child, link.child_y), self.nets.layer_of[link.child])
        };
        // From the trunk's beginning to the end, and turned where the child is the end.
        let mut points = vec![start];
        let mut y = start.y;
        for layer in trunk.first..last {
            let goal = match self.nets.passages.get(&(net, layer + 1)) {
                Some(&item) if layer + 1 < last => self.tops[item],
                _ => end.y,
            };
            if let Some(lane) = self.channels[layer].iter().find(|it| it.net == net) {
                points.push(Point { x: lane.at, y });
                points.push(Point { x: lane.at, y: goal });
            }
            y = goal;
        }
        points.push(end);
        if !leads_back {
            points.reverse();
        }
        simple(points)
    }
}

/// Leaves out what lies on a straight line between its neighbors.
fn simple(points: Vec<Point>) -> Vec<Point> {
    let mut res: Vec<Point> = Vec::with_capacity(points.len());
    for point in points {
        if res.last() == Some(&point) {
            continue;
        }
        if let [.., before, last] = res.as_slice() {
            let straight =
                before.x == last.x && last.x == point.x || before.y == last.y && last.y == point.y;
            if straight {
                res.pop();
            }
        }
        res.push(point);
    }
    res
}
