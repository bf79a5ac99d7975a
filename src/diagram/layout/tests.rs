//! Rules for every drawing.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

fn drawings() -> impl Strategy<Value = (Vec<Size>, Vec<Link>)> {
    (1_usize..24).prop_flat_map(|count| {
        let size = (40_i32..300, 2_i32..14)
            .prop_map(|(width, rows)| Size { width, height: 40 + 22 * rows });
        let link = (0..count, 0..count, 0_i32..3, 0_i32..3);
        let link = link.prop_map(|(child, parent, one, other)| Link {
            child,
            child_y: 40 + 22 * one,
            parent,
            parent_y: 40 + 22 * other,
        });
        (vec(size, count), vec(link, 0..40))
    })
}

/// Tells whether a line between two neighboring points has more than its ends in a box.
fn runs_through(one: Point, other: Point, corner: Point, size: Size) -> bool {
    let (left, right) = (one.x.min(other.x), one.x.max(other.x));
    let (top, bottom) = (one.y.min(other.y), one.y.max(other.y));
    left < corner.x + size.width
        && corner.x < right.max(left + 1)
        && top < corner.y + size.height
        && corner.y < bottom.max(top + 1)
        && (left < right || corner.x < left)
        && (top < bottom || corner.y < top)
}

fn check(sizes: &[Size], links: &[Link]) {
    let drawn = layout(sizes, links);
    let boxes: Vec<(Point, Size)> =
        drawn.places.iter().copied().zip(sizes.iter().copied()).collect();
    for (at, (corner, size)) in boxes.iter().enumerate() {
        assert!(0 < corner.x && corner.x + size.width < drawn.width, "box {at}");
        assert!(0 < corner.y && corner.y + size.height < drawn.height, "box {at}");
        for (other, (there, its)) in boxes.iter().enumerate().skip(at + 1) {
            let apart = corner.x + size.width <= there.x
                || there.x + its.width <= corner.x
                || corner.y + size.height <= there.y
                || there.y + its.height <= corner.y;
            assert!(apart, "boxes {at} and {other}");
        }
    }
    for (link, route) in links.iter().zip(&drawn.routes) {
        let side = |at: usize, down: i32, end: Point| {
            let (corner, size) = boxes[at];
            end.y == corner.y + down && (end.x == corner.x || end.x == corner.x + size.width)
        };
        assert!(side(link.child, link.child_y, route[0]), "{link:?} {route:?}");
        assert!(side(link.parent, link.parent_y, route[route.len() - 1]), "{link:?} {route:?}");
        for pair in route.windows(2) {
            assert!(pair[0].x == pair[1].x || pair[0].y == pair[1].y, "{route:?}");
            for &(corner, size) in &boxes {
                let runs_through = runs_through(pair[0], pair[1], corner, size);
                assert!(!runs_through, "{route:?} {corner:?} {size:?}");
            }
            let Point { x, y } = pair[0];
            assert!((0..drawn.width).contains(&x) && (0..drawn.height).contains(&y));
        }
    }
    assert!(drawn.crossings <= drawn.plain_crossings);
    assert_eq!(layout(sizes, links), drawn);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn boxes_are_apart_and_lines_end_at_theirs((sizes, links) in drawings()) {
        check(&sizes, &links);
    }
}

fn link(child: usize, parent: usize) -> Link {
    Link { child, child_y: 51, parent, parent_y: 51 }
}

#[test]
fn what_is_referred_to_stands_left() {
    let sizes = [Size { width: 100, height: 80 }; 4];
    let drawn = layout(&sizes, &[link(1, 0), link(2, 1), link(2, 0), link(3, 2)]);
    let xs: Vec<i32> = drawn.places.iter().map(|it| it.x).collect();
    assert!(xs.is_sorted_by(|one, other| one < other), "{xs:?}");
    let drawn = layout(&sizes[..2], &[link(1, 0)]);
    assert_eq!(drawn.routes[0].len(), 2, "a line that can be straight is");
}

#[test]
fn crossings_are_taken_away() {
    let sizes = [Size { width: 100, height: 80 }; 6];
    let drawn = layout(&sizes, &[link(3, 2), link(4, 1), link(5, 0), link(3, 1), link(4, 0)]);
    assert_eq!((drawn.plain_crossings, drawn.crossings), (2, 0));
}

#[test]
fn nothing_is_drawn_of_nothing() {
    assert_eq!(layout(&[], &[]).places, []);
}
