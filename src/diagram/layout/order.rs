//! Orders the items of columns so that few lines cross.

use crate::diagram::layout::count;
use crate::diagram::layout::nets::Nets;

/// How often the columns are swept.
const SWEEPS: usize = 24;

/// The connections of an item on one side: the position on it, the other item, the position there.
pub(super) type Neighbors = Vec<Vec<(i32, usize, i32)>>;

/// Counts the crossings of lines between neighboring columns.
pub(super) fn crossings(nets: &Nets) -> usize {
    let position = positions(nets);
    let key = |(item, down): (usize, i32)| (position[item], down);
    let mut res = 0;
    for channel in &nets.channels {
        let mut pairs: Vec<_> = channel.iter().map(|it| (key(it.left), key(it.right))).collect();
        pairs.sort_unstable();
        let mut rights: Vec<_> = pairs.iter().map(|it| it.1).collect();
        rights.sort_unstable();
        rights.dedup();
        // How many have come so far at each place, in a Fenwick tree.
        let mut tree = vec![0_usize; rights.len() + 1];
        for (seen, (_, right)) in pairs.iter().enumerate() {
            let at = rights.partition_point(|it| it <= right);
            let (mut below, mut index) = (0, at);
            while 0 < index {
                below += tree[index];
                index &= index - 1;
            }
            res += seen - below;
            let mut index = at;
            while index < tree.len() {
                tree[index] += 1;
                index += index & index.wrapping_neg();
            }
        }
    }
    res
}

/// Sorts each column by where its neighbors are, forth and back, and keeps the best that was found.
pub(super) fn improve(nets: &mut Nets) {
    let mut best = (crossings(nets), nets.columns.clone());
    let (left, right) = neighbors(nets);
    for sweep in 0..SWEEPS {
        if best.0 == 0 {
            break;
        }
        let last = nets.columns.len();
        for step in 0..last {
            let forth = sweep % 2 == 0;
            let column = if forth { step } else { last - 1 - step };
            sort(nets, column, if forth { &left } else { &right }, sweep % 4 < 2);
        }
        exchange(nets, &left, &right);
        let found = crossings(nets);
        if found < best.0 {
            best = (found, nets.columns.clone());
        }
    }
    nets.columns = best.1;
}

/// Returns where each item stands in its column.
fn positions(nets: &Nets) -> Vec<usize> {
    let mut res = vec![0; nets.heights.len()];
    for column in &nets.columns {
        for (at, &item) in column.iter().enumerate() {
            res[item] = at;
        }
    }
    res
}

/// Returns what each item is connected with, to the left and to the right.
pub(super) fn neighbors(nets: &Nets) -> (Neighbors, Neighbors) {
    let items = nets.heights.len();
    let (mut left, mut right) = (vec![Vec::new(); items], vec![Vec::new(); items]);
    for segment in nets.channels.iter().flatten() {
        let ((one, down), (other, other_down)) = (segment.left, segment.right);
        right[one].push((down, other, other_down));
        left[other].push((other_down, one, down));
    }
    (left, right)
}

/// Sorts a column by the mean of its neighbors on one side; equal ones keep their order, or change it.
fn sort(nets: &mut Nets, column: usize, neighbors: &Neighbors, keeps: bool) {
    let position = positions(nets);
    let place = |item: usize, down: i32| {
        let share = i64::from(down) * 1000 / i64::from(nets.heights[item].max(1));
        i64::from(count(position[item])) * 1000 + share
    };
    let mean = |item: usize| {
        let list = &neighbors[item];
        if list.is_empty() {
            return place(item, nets.heights[item] / 2);
        }
        let sum: i64 = list.iter().map(|it| place(it.1, it.2)).sum();
        sum / i64::from(count(list.len()))
    };
    let mut items: Vec<(i64, usize)> =
        nets.columns[column].iter().map(|&it| (mean(it), it)).collect();
    if !keeps {
        items.reverse();
    }
    items.sort_by_key(|it| it.0);
    nets.columns[column] = items.into_iter().map(|it| it.1).collect();
}

/// Exchanges neighbors within columns as long as that takes crossings away.
fn exchange(nets: &mut Nets, left: &Neighbors, right: &Neighbors) {
    let mut position = positions(nets);
    for _ in 0..8 {
        let mut gained = false;
        for column in &mut nets.columns {
            for at in 1..column.len() {
                let (one, other) = (column[at - 1], column[at]);
                let cost = |upper: usize, lower: usize| {
                    let side = |list: &Neighbors| above(&list[upper], &list[lower], &position);
                    side(left) + side(right)
                };
                if cost(other, one) < cost(one, other) {
                    column.swap(at - 1, at);
                    position.swap(one, other);
                    gained = true;
                }
            }
        }
        if !gained {
            break;
        }
    }
}

/// Counts how often lines of an item cross those of the one below it.
fn above(upper: &[(i32, usize, i32)], lower: &[(i32, usize, i32)], position: &[usize]) -> usize {
    let key = |it: &(i32, usize, i32)| (position[it.1], it.2);
    upper.iter().map(|it| lower.iter().filter(|other| key(other) < key(it)).count()).sum()
}
