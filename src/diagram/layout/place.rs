//! Places items vertically, as near to their connections as their order permits.

use crate::diagram::layout::count;
use crate::diagram::layout::nets::Nets;
use crate::diagram::layout::order::{Neighbors, neighbors};

/// The least room between two boxes, a box and a passage, two passages.
const ROOM: (i32, i32, i32) = (30, 16, 12);

/// How often the columns are swept over.
const SWEEPS: usize = 16;

/// Returns the top of each item, the highest at 0.
pub(super) fn heights(nets: &Nets) -> Vec<i32> {
    let (left, right) = neighbors(nets);
    let mut tops = vec![0; nets.heights.len()];
    for column in &nets.columns {
        let wishes = vec![(0, 1); column.len()];
        settle(nets, column, &wishes, &mut tops);
    }
    let last = nets.columns.len();
    for sweep in 0..SWEEPS {
        for step in 0..last {
            let column = &nets.columns[if sweep % 2 == 0 { step } else { last - 1 - step }];
            let wishes: Vec<(i64, i64)> = column
                .iter()
                .map(|&item| {
                    // In the end both sides count.
                    let sides: &[_] = if SWEEPS < sweep + 5 {
                        &[&left, &right]
                    } else if sweep % 2 == 0 {
                        &[&left]
                    } else {
                        &[&right]
                    };
                    wish(item, sides.iter().flat_map(|side| &side[item]), nets, &tops)
                })
                .collect();
            settle(nets, column, &wishes, &mut tops);
        }
    }
    for _ in 0..3 {
        straighten(nets, (&left, &right), &mut tops);
    }
    let highest = tops.iter().copied().min().unwrap_or(0);
    tops.iter().map(|it| it - highest).collect()
}

/// Moves items within the room that they have so that as many lines as possible are straight; the
/// passages of a long line follow each other.
fn straighten(nets: &Nets, (left, right): (&Neighbors, &Neighbors), tops: &mut [i32]) {
    for column in &nets.columns {
        for (at, &item) in column.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|it| column.get(it));
            let low = before.map(|&it| tops[it] + nets.heights[it] + room(nets, it, item));
            let next = column.get(at + 1);
            let high = next.map(|&it| tops[it] - room(nets, item, it) - nets.heights[item]);
            let fits = |top: i32| low.is_none_or(|it| it <= top) && high.is_none_or(|it| top <= it);
            let own = tops[item];
            let straight =
                |&(down, other, other_down): &(i32, usize, i32)| tops[other] + other_down - down;
            let sides = left[item].iter().chain(&right[item]);
            let wishes: Vec<i32> = sides.clone().map(straight).collect();
            let held = |top: i32| wishes.iter().filter(|it| **it == top).count();
            let best = wishes
                .iter()
                .copied()
                .filter(|it| fits(*it))
                .max_by_key(|it| (held(*it), -(it - own).abs()));
            if nets.is_box(item) {
                if let Some(top) = best.filter(|it| held(own) < held(*it)) {
                    tops[item] = top;
                }
            } else if let Some(wish) = left[item].first().map(straight) {
                let top = low.map_or(wish, |it| wish.max(it));
                tops[item] = high.map_or(top, |it| top.min(it));
            }
        }
    }
}

/// Returns the least room between two items of a column.
fn room(nets: &Nets, one: usize, other: usize) -> i32 {
    match (nets.is_box(one), nets.is_box(other)) {
        (true, true) => ROOM.0,
        (true, false) | (false, true) => ROOM.1,
        (false, false) => ROOM.2,
    }
}

/// Returns where an item would like to be, and how much. Long lines like it most to be straight.
fn wish<'a>(
    item: usize,
    neighbors: impl Iterator<Item = &'a (i32, usize, i32)>,
    nets: &Nets,
    tops: &[i32],
) -> (i64, i64) {
    let (mut sum, mut weights) = (0, 0);
    for &(down, other, other_down) in neighbors {
        let weight = match (nets.is_box(item), nets.is_box(other)) {
            (true, true) => 2,
            (true, false) | (false, true) => 3,
            (false, false) => 8,
        };
        sum += weight * i64::from(tops[other] + other_down - down);
        weights += weight;
    }
    if weights == 0 { (i64::from(tops[item]), 1) } else { (sum / weights, weights) }
}

/// Places the items of a column where the squares of what their wishes are missed by are least: wishes
/// that contradict the order are pooled.
fn settle(nets: &Nets, column: &[usize], wishes: &[(i64, i64)], tops: &mut [i32]) {
    let mut offset = 0_i64;
    let mut offsets = Vec::with_capacity(column.len());
    // Sum of the wishes by weight, weight, how many items.
    let mut pools: Vec<(i64, i64, usize)> = Vec::new();
    let mean = |pool: &(i64, i64, usize)| pool.0.div_euclid(pool.1.max(1));
    for (at, (&item, &(wish, weight))) in column.iter().zip(wishes).enumerate() {
        if let Some(&before) = at.checked_sub(1).and_then(|it| column.get(it)) {
            let room = room(nets, before, item);
            offset += i64::from(nets.heights[before] + room);
        }
        offsets.push(offset);
        let mut pool = ((wish - offset) * weight, weight, 1);
        while let Some(above) = pools.last().filter(|it| mean(&pool) < mean(it)) {
            pool = (pool.0 + above.0, pool.1 + above.1, pool.2 + above.2);
            pools.pop();
        }
        pools.push(pool);
    }
    let levels = pools.iter().flat_map(|pool| std::iter::repeat_n(mean(pool), pool.2));
    for ((&item, offset), level) in column.iter().zip(offsets).zip(levels) {
        tops[item] = i32::try_from(level + offset).unwrap_or_else(|_| count(item));
    }
}
