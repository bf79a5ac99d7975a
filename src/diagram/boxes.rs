//! The size of a table in the drawing, and the positions of its parts.

use crate::diagram::escape::short;
use crate::diagram::layout::Size;
use crate::diagram::outline::{Outline, Table};

/// The heights of a box's head, of a row, and of what is below the rows.
pub(super) const HEAD: i32 = 32;
pub(super) const ROW: i32 = 22;
pub(super) const FOOT: i32 = 6;

/// The room at the left and right side of a box, and between the parts of a row.
pub(super) const SIDE: i32 = 12;
const GAP: i32 = 18;

/// The room that a mark such as `PK` takes, with what follows it.
pub(super) const MARK: i32 = 23;

/// How many characters of a name and of a type are shown.
const NAME: usize = 40;
const TYPE: usize = 24;

/// A table as it is drawn.
pub(super) struct Shape {
    pub(super) size: Size,
    pub(super) title: String,
    pub(super) rows: Vec<Row>,
    /// Where the names of columns begin.
    pub(super) names: i32,
    pub(super) types: i32,
}

/// A column as it is drawn.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) type_name: String,
    /// `PK`, `FK`, `UQ`.
    pub(super) marks: Vec<&'static str>,
    pub(super) not_null: bool,
}

/// Measures all tables.
pub(super) fn shapes(outline: &Outline) -> Vec<Shape> {
    outline.tables.iter().map(shape).collect()
}

fn shape(table: &Table) -> Shape {
    let rows: Vec<Row> =
        table.columns.iter().map(|column| row(table, &column.name, &column.type_name)).collect();
    let marks = rows.iter().map(|row| row.marks.len()).max().unwrap_or(0);
    let has_not_null = rows.iter().any(|row| row.not_null);
    let title = short(&table.name, NAME);
    let names = SIDE + MARK * i32::try_from(marks).unwrap_or(0);
    let end = SIDE + if has_not_null { MARK } else { 0 };
    let width = |text: &str, size: i32| measure(text) * size / 1000;
    let widest = rows.iter().map(|row| {
        let gap = if row.type_name.is_empty() { 0 } else { GAP };
        width(&row.name, 13) + gap + width(&row.type_name, 12)
    });
    let kind = if table.view.is_some() { 44 } else { 0 };
    let head = 2 * SIDE + width(&title, 15) + kind;
    let width = (names + widest.max().unwrap_or(0) + end).max(head).max(120);
    let count = i32::try_from(rows.len()).unwrap_or(i32::MAX / ROW / 4);
    let height = HEAD + ROW * count.max(1) + FOOT;
    Shape { size: Size { width, height }, title, rows, names, types: width - end }
}

fn row(table: &Table, name: &str, type_name: &str) -> Row {
    Row {
        name: short(name, NAME),
        type_name: short(&type_name.to_lowercase(), TYPE),
        marks: table.marks(name),
        not_null: table.has_not_null(name),
    }
}

/// Returns how far down the middle of a row is; of the head, if there is no such row.
pub(super) fn middle(row: Option<usize>) -> i32 {
    match row.and_then(|it| i32::try_from(it).ok()) {
        Some(row) => HEAD + 3 + ROW * row + ROW / 2,
        None => HEAD / 2,
    }
}

/// Returns about how wide a text is, in thousandths of the font's size. It is a little more than any
/// of the usual fonts needs.
fn measure(text: &str) -> i32 {
    let width = |c: char| match c {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' | '(' | ')' => 400,
        'f' | 'r' | 't' | '[' | ']' | '-' | '/' => 450,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '…' | '→' => 1000,
        c if c.is_ascii_uppercase() => 740,
        c if c.is_ascii() => 630,
        c if u32::from(c) < 0x2000 => 700,
        _ => 1050,
    };
    text.chars().map(width).sum()
}
