//! Assigns boxes to columns: right of everything that they reference, except on cycles.

use crate::diagram::layout::{Link, Size};

/// The room between boxes that is reckoned with, across and along.
const ROOM: (i64, i64) = (120, 40);

/// The graph of one part, without cycles.
struct Acyclic {
    before: Vec<Vec<usize>>,
    after: Vec<Vec<usize>>,
    /// The boxes in an order in which all edges lead onward.
    order: Vec<usize>,
}

/// Returns the column of each box.
pub(super) fn assign(sizes: &[Size], links: &[Link]) -> Vec<usize> {
    let graph = Acyclic::new(sizes.len(), links);
    let mut ranks = vec![0; sizes.len()];
    for &at in &graph.order {
        ranks[at] = graph.before[at].iter().map(|&it| ranks[it] + 1).max().unwrap_or(0);
    }
    let free = |_: usize, _: usize| true;
    for _ in 0..4 {
        for &at in graph.order.iter().rev() {
            ranks[at] = graph.best(&ranks, at, free);
        }
    }
    while graph.draw_together(&mut ranks) {}
    let mut res = graph.limited(&ranks, sizes, limit(sizes));
    let least = res.iter().copied().min().unwrap_or(0);
    for column in &mut res {
        *column -= least;
    }
    res
}

/// Returns how high a column may become, so that the drawing is somewhat wider than high.
fn limit(sizes: &[Size]) -> i64 {
    let area = |it: &Size| (i64::from(it.width) + ROOM.0) * (i64::from(it.height) + ROOM.1);
    let area: i64 = sizes.iter().map(area).sum();
    (area * 3 / 4).isqrt()
}

impl Acyclic {
    fn new(boxes: usize, links: &[Link]) -> Self {
        let mut edges: Vec<(usize, usize)> =
            links.iter().map(|it| (it.parent, it.child)).filter(|it| it.0 != it.1).collect();
        edges.sort_unstable();
        edges.dedup();
        let order = arrange(boxes, &edges);
        let mut position = vec![0; boxes];
        for (at, &it) in order.iter().enumerate() {
            position[it] = at;
        }
        let (mut before, mut after) = (vec![Vec::new(); boxes], vec![Vec::new(); boxes]);
        for (one, other) in edges {
            let leads_on = position[one] < position[other];
            let (one, other) = if leads_on { (one, other) } else { (other, one) };
            after[one].push(other);
            before[other].push(one);
        }
        Self { before, after, order }
    }

    /// Returns the column in which a box is nearest to its neighbors, among those that it fits in.
    fn best(&self, columns: &[usize], at: usize, fits: impl Fn(usize, usize) -> bool) -> usize {
        let (before, after) = (&self.before[at], &self.after[at]);
        let low = before.iter().map(|&it| columns[it] + 1).max();
        let high = after.iter().map(|&it| columns[it].saturating_sub(1)).min();
        let (Some(low), Some(high)) = (low.or(Some(0)), high.or(low)) else { return columns[at] };
        let cost = |column: usize| -> usize {
            before.iter().chain(after).map(|&it| columns[it].abs_diff(column)).sum()
        };
        let own = columns[at];
        let choices = (low..=high).filter(|&it| it == own || fits(at, it));
        choices.min_by_key(|&it| (cost(it), it.abs_diff(own))).unwrap_or(own)
    }

    /// Moves boxes that are next to each other all at once, if more lines become shorter than longer;
    /// tells whether it has.
    fn draw_together(&self, ranks: &mut [usize]) -> bool {
        let mut cluster: Vec<usize> = (0..ranks.len()).collect();
        for &at in &self.order {
            for &next in self.after[at].iter().filter(|&&it| ranks[it] == ranks[at] + 1) {
                let (one, other) = (cluster[at], cluster[next]);
                for it in cluster.iter_mut().filter(|it| **it == other) {
                    *it = one;
                }
            }
        }
        for chosen in 0..ranks.len() {
            let own = |it: usize| cluster[it] == chosen;
            let members: Vec<usize> = (0..ranks.len()).filter(|&it| own(it)).collect();
            // How much room there is to each neighbor outside.
            let slack = |one: usize, other: usize| ranks[other] - ranks[one] - 1;
            let before = members.iter().flat_map(|&at| {
                self.before[at].iter().filter(|&&it| !own(it)).map(move |&it| slack(it, at))
            });
            let after = members.iter().flat_map(|&at| {
                self.after[at].iter().filter(|&&it| !own(it)).map(move |&it| slack(at, it))
            });
            let (before, after): (Vec<usize>, Vec<usize>) = (before.collect(), after.collect());
            let (back, on) = (before.iter().min().copied(), after.iter().min().copied());
            if before.len() < after.len() {
                for &it in &members {
                    ranks[it] += on.unwrap_or(0);
                }
                return true;
            }
            if after.len() < before.len() {
                let back = back.unwrap_or(0);
                // Ranks are counted from 0, so all others move on instead.
                for it in (0..ranks.len()).filter(|it| !own(*it)) {
                    ranks[it] += back;
                }
                let least = ranks.iter().copied().min().unwrap_or(0);
                for it in ranks.iter_mut() {
                    *it -= least;
                }
                return true;
            }
        }
        false
    }

    /// Moves boxes on until no column is too high, those first that nothing hangs on.
    fn limited(&self, ranks: &[usize], sizes: &[Size], limit: i64) -> Vec<usize> {
        let height = |at: usize| i64::from(sizes[at].height) + ROOM.1;
        let mut depth = vec![0_usize; ranks.len()];
        for &at in self.order.iter().rev() {
            depth[at] = self.after[at].iter().map(|&it| depth[it] + 1).max().unwrap_or(0);
        }
        let mut order: Vec<usize> = (0..ranks.len()).collect();
        order.sort_by_key(|&at| (ranks[at], std::cmp::Reverse(depth[at]), at));
        let mut heights: Vec<i64> = Vec::new();
        let mut res = vec![0; ranks.len()];
        for at in order {
            let least = self.before[at].iter().map(|&it| res[it] + 1).max().unwrap_or(0);
            let mut column = least.max(ranks[at]);
            loop {
                if heights.len() <= column {
                    heights.resize(column + 1, 0);
                }
                if heights[column] == 0 || heights[column] + height(at) <= limit {
                    break;
                }
                column += 1;
            }
            heights[column] += height(at);
            res[at] = column;
        }
        for _ in 0..4 {
            for &at in &self.order {
                let fits = |at: usize, column: usize| {
                    heights.get(column).is_some_and(|it| it + height(at) <= limit)
                };
                let column = self.best(&res, at, fits);
                heights[res[at]] -= height(at);
                heights[column] += height(at);
                res[at] = column;
            }
        }
        res
    }
}

/// Arranges boxes in a row so that few edges lead back: what nothing leads to goes to the front, what
/// leads nowhere to the end, and of a cycle that box first which most leads away from.
fn arrange(boxes: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    let mut left: Vec<usize> = (0..boxes).collect();
    let (mut front, mut back) = (Vec::new(), Vec::new());
    let (mut leading_in, mut leading_out) = (vec![0_i32; boxes], vec![0_i32; boxes]);
    for &(one, other) in edges {
        leading_out[one] += 1;
        leading_in[other] += 1;
    }
    while !left.is_empty() {
        let end = left.iter().position(|&it| leading_out[it] == 0 && leading_in[it] != 0);
        let start = left.iter().position(|&it| leading_in[it] == 0);
        let most = || {
            (0..left.len()).max_by_key(|&at| {
                let it = left[at];
                (leading_out[it] - leading_in[it], std::cmp::Reverse(it))
            })
        };
        let Some(at) = start.or(end).or_else(most) else { break };
        let chosen = left.remove(at);
        if start.is_none() && end.is_some() {
            back.push(chosen);
        } else {
            front.push(chosen);
        }
        for &(one, other) in edges {
            if one == chosen {
                leading_in[other] -= 1;
            }
            if other == chosen {
                leading_out[one] -= 1;
            }
        }
    }
    front.extend(back.into_iter().rev());
    front
}
