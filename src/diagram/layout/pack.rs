//! Places the unconnected parts of a drawing.

use crate::diagram::layout::{Point, Size};

/// The room between two parts, and around all of them.
const ROOM: i32 = 40;

/// Places parts on shelves, those of about one height beside each other, and small ones on top of each
/// other where there is room. Returns their corners, and the size of the whole.
pub(super) fn pack(sizes: &[Size]) -> (Vec<Point>, Size) {
    let area: i64 =
        sizes.iter().map(|it| i64::from(it.width + ROOM) * i64::from(it.height + ROOM)).sum();
    let widest = sizes.iter().map(|it| it.width).max().unwrap_or(0);
    let wanted = i32::try_from((area * 5 / 2).isqrt()).unwrap_or(i32::MAX / 4).max(widest);
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by_key(|&it| (std::cmp::Reverse(sizes[it].height), it));
    let mut res = vec![Point { x: 0, y: 0 }; sizes.len()];
    // The shelf's top and height; the stack's left, right and bottom.
    let (mut top, mut height) = (0, 0);
    let (mut left, mut right, mut bottom) = (0, -ROOM, 0);
    let mut whole = Size { width: 0, height: 0 };
    for at in order {
        let size = sizes[at];
        let fits_below = bottom + ROOM + size.height <= top + height
            && (left + size.width <= right.max(left + size.width) && left + size.width <= wanted);
        if 0 < height && fits_below {
            bottom += ROOM;
        } else if 0 < height && right + ROOM + size.width <= wanted {
            (left, bottom) = (right + ROOM, top);
        } else {
            top = if height == 0 { 0 } else { top + height + ROOM };
            (left, right, bottom, height) = (0, -ROOM, top, size.height);
        }
        res[at] = Point { x: left + ROOM, y: bottom + ROOM };
        right = right.max(left + size.width);
        bottom += size.height;
        whole.width = whole.width.max(right);
        whole.height = whole.height.max(bottom);
    }
    (res, Size { width: whole.width + 2 * ROOM, height: whole.height + 2 * ROOM })
}
