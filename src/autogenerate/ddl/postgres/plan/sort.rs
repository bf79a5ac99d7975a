//! The order of actions: one graph, and of what is free the least first.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

/// Orders nodes by their keys so that the first of each edge comes before the second; the error has
/// the nodes of a cycle, and what comes after them.
pub(super) fn sort<K: Ord>(
    keys: Vec<K>,
    edges: &BTreeSet<(usize, usize)>,
) -> Result<Vec<usize>, Vec<usize>> {
    let count = keys.len();
    let mut waits = vec![0_usize; count];
    let mut next: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (one, other) in edges {
        if let (Some(list), Some(wait)) = (next.get_mut(*one), waits.get_mut(*other)) {
            list.push(*other);
            *wait += 1;
        }
    }
    let mut ranked: Vec<(K, usize)> =
        keys.into_iter().enumerate().map(|(at, key)| (key, at)).collect();
    ranked.sort();
    let mut rank = vec![0_usize; count];
    for (place, (_, at)) in ranked.iter().enumerate() {
        rank.iter_mut().skip(*at).take(1).for_each(|it| *it = place);
    }
    let rank_of = |at: usize| rank.get(at).copied().unwrap_or_default();
    let free = waits.iter().enumerate().filter(|(_, wait)| **wait == 0);
    let mut heap: BinaryHeap<Reverse<(usize, usize)>> =
        free.map(|(at, _)| Reverse((rank_of(at), at))).collect();
    let mut res = Vec::with_capacity(count);
    while let Some(Reverse((_, at))) = heap.pop() {
        res.push(at);
        for other in next.get(at).into_iter().flatten() {
            let Some(wait) = waits.get_mut(*other) else { continue };
            *wait -= 1;
            if *wait == 0 {
                heap.push(Reverse((rank_of(*other), *other)));
            }
        }
    }
    if res.len() == count {
        return Ok(res);
    }
    let left = waits.iter().enumerate().filter(|(_, wait)| **wait > 0);
    Err(left.map(|(at, _)| at).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_decide_before_keys() {
        let edges = [(2, 0), (3, 1)].into();
        assert_eq!(sort(vec!["a", "b", "c", "d"], &edges), Ok(vec![2, 0, 3, 1]));
        assert_eq!(sort(vec!["b", "a"], &BTreeSet::new()), Ok(vec![1, 0]));
        assert_eq!(sort(vec!["a", "b", "c"], &[(0, 1), (1, 0)].into()), Err(vec![0, 1]));
    }
}
