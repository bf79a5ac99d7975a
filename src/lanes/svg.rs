//! The graph as a standalone SVG, for light and dark pages.

use std::fmt::Write as _;

use crate::lanes::{Lane, Layout, Mark, Picture, Row, Stroke};

/// The geometry of rows and columns.
#[derive(Debug, Clone, Copy)]
struct Grid {
    /// The height of a row and the width of a column.
    step: (usize, usize),
    /// The position of the first row and column.
    start: (usize, usize),
}

/// The geometry of a picture with texts.
const WHOLE: Grid = Grid { step: (28, 18), start: (20, 16) };
/// The width of a letter in ids.
const LETTER: usize = 8;
/// The longest message that is not cut.
const LONGEST: usize = 120;
/// The colors of lanes on white and on black; they differ in brightness too.
const COLORS: [(&str, &str); 8] = [
    ("#1f6feb", "#58a6ff"),
    ("#2d8a4e", "#56d364"),
    ("#b5470b", "#f0883e"),
    ("#8250df", "#bc8cff"),
    ("#bf3989", "#f778ba"),
    ("#0f7b8a", "#39c5cf"),
    ("#9a6700", "#e3b341"),
    ("#cf222e", "#ff7b72"),
];

/// Draws revisions and lanes, newest first.
pub fn render(picture: &Picture<'_>) -> String {
    let layout = picture.layout();
    let grid = WHOLE;
    let left = grid.x(layout.width);
    let mut body = edges(&layout, grid);
    let mut width = 0;
    for (at, row) in layout.rows.iter().enumerate() {
        body += &node(picture, at, row, grid);
        let (text, end) = text(picture, row, (left, grid.y(at)));
        body += &text;
        width = width.max(end);
    }
    let (width, height) =
        (width.max(left) + grid.start.1, grid.y(layout.rows.len()) - grid.start.0 / 2);
    let style = style();
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\">\n<title>Revisions</title>\n\
         <style>{style}</style>\n<rect class=\"page\" width=\"100%\" height=\"100%\"/>\n\
         {body}</svg>\n"
    )
}

/// Draws the lanes alone, for a page that has a list of the revisions beside them: rows of a height, and
/// no style sheet. The classes are `c0` to `c7` for colors, `n` for revisions, `pending` and `dashed`.
pub fn rail(picture: &Picture<'_>, row: usize) -> String {
    let layout = picture.layout();
    let grid = Grid { step: (row, 16), start: (row / 2, 14) };
    let mut body = edges(&layout, grid);
    for (at, row) in layout.rows.iter().enumerate() {
        body += &node(picture, at, row, grid);
    }
    let width = grid.x(layout.width.max(1) - 1) + grid.start.1;
    let height = layout.rows.len() * row;
    format!(
        "<svg class=\"lanes\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         aria-hidden=\"true\">\n{body}</svg>"
    )
}

impl Grid {
    fn x(self, column: usize) -> usize {
        self.start.1 + column * self.step.1
    }

    fn y(self, row: usize) -> usize {
        self.start.0 + row * self.step.0
    }
}

/// Writes the style sheet with a light and a dark palette, which the viewer's setting chooses from.
fn style() -> String {
    let palette = |page: &str,
                   text: &str,
                   dim: &str,
                   pick: fn(&(&'static str, &'static str)) -> &'static str| {
        let mut res = format!(
            ".page,.n.pending{{fill:{page}}}text{{fill:{text}}}.dim{{fill:{dim}}}.tag{{stroke:{dim}}}"
        );
        for (at, color) in COLORS.iter().enumerate() {
            let color = pick(color);
            let _infallible =
                write!(res, ".c{at}{{stroke:{color}}}.n.c{at}:not(.pending){{fill:{color}}}");
        }
        res
    };
    let light = palette("#fff", "#1f2328", "#59636e", |it| it.0);
    let dark = palette("#0d1117", "#e6edf3", "#9198a1", |it| it.1);
    format!(
        "path{{fill:none;stroke-width:2}}.n{{stroke-width:2}}.tag{{fill:none}}.dashed\
         {{stroke-dasharray:4 4}}text{{font:13px ui-sans-serif,system-ui,sans-serif;\
         dominant-baseline:central}}text.id{{font:13px ui-monospace,Menlo,Consolas,monospace}}\
         {light}@media(prefers-color-scheme:dark){{{dark}}}"
    )
}

fn path(d: &str, stroke: Stroke, color: u32) -> String {
    let dashed = if stroke == Stroke::Dashed { " dashed" } else { "" };
    format!("<path class=\"{}{dashed}\" d=\"{d}\"/>\n", class(color))
}

fn class(color: u32) -> String {
    format!("c{}", color as usize % COLORS.len())
}

/// Draws the lanes, each straight part in one piece, and the edges into other columns.
fn edges(layout: &Layout, grid: Grid) -> String {
    let mut res = String::new();
    let mut begun: Vec<Option<(usize, Lane)>> = vec![None; layout.width];
    for (at, row) in layout.rows.iter().enumerate() {
        for link in row.links.iter().filter(|link| link.column != row.column) {
            let (from, to) =
                ((grid.x(row.column), grid.y(at)), (grid.x(link.column), grid.y(at + 1)));
            let middle = grid.y(at) + grid.step.0 / 2;
            let end = if link.to.is_none() { middle } else { to.1 };
            let d = format!(
                "M{} {}C{} {middle} {} {middle} {} {end}",
                from.0, from.1, from.0, to.0, to.0
            );
            res += &path(&d, link.stroke, link.color);
        }
        for (column, begun) in begun.iter_mut().enumerate() {
            let straight = straight(layout, at, row, column);
            if let Some((since, lane)) = begun.filter(|(_, lane)| Some(*lane) != straight) {
                let d = format!("M{} {}V{}", grid.x(column), grid.y(since), grid.y(at));
                res += &path(&d, lane.stroke, lane.color);
                *begun = None;
            }
            match straight {
                Some(lane) if lane.to.is_none() => {
                    let d = format!("M{} {}v{}", grid.x(column), grid.y(at), grid.step.0 / 2);
                    res += &path(&d, lane.stroke, lane.color);
                }
                Some(lane) if begun.is_none() => *begun = Some((at, lane)),
                Some(_) | None => {}
            }
        }
    }
    res
}

/// Returns the lane that continues straight down from a row in a column.
fn straight(layout: &Layout, at: usize, row: &Row, column: usize) -> Option<Lane> {
    let lane = row.below.get(column).copied().flatten()?;
    let comes = column == row.column || layout.above(at).any(|(above, _)| above == column);
    comes.then_some(lane)
}

fn node(picture: &Picture<'_>, at: usize, row: &Row, grid: Grid) -> String {
    let (class, mark) = (class(row.color), picture.mark(row.node));
    let pending = if mark == Mark::Pending { " pending" } else { "" };
    let message = escape(&picture.message(row.node));
    format!(
        "<circle class=\"n {class}{pending}\" cx=\"{}\" cy=\"{}\" r=\"5\"><title>{message}</title>\
         </circle>\n",
        grid.x(row.column),
        grid.y(at),
    )
}

/// Writes the text beside a revision; also returns where it ends.
fn text(picture: &Picture<'_>, row: &Row, (left, y): (usize, usize)) -> (String, usize) {
    let id = picture.graph.id(row.node).as_str();
    let width = columns(id) * LETTER;
    let mut res = format!(
        "<text class=\"id\" x=\"{left}\" y=\"{y}\" textLength=\"{width}\">{}</text>\n",
        escape(id)
    );
    let mut end = left + width + LETTER;
    for label in picture.labels(row.node) {
        let width = columns(label) * LETTER;
        res += format!(
            "<rect class=\"tag\" x=\"{end}\" y=\"{}\" width=\"{}\" height=\"18\" rx=\"9\"/>\n\
             <text class=\"id dim\" x=\"{}\" y=\"{y}\" textLength=\"{width}\">{}</text>\n",
            y - 9,
            width + 16,
            end + 8,
            escape(label),
        )
        .as_str();
        end += width + 16 + LETTER;
    }
    let mut message = picture.message(row.node);
    if let Some((cut, _)) = message.char_indices().nth(LONGEST) {
        message.truncate(cut);
        message.push('…');
    }
    res += format!("<text x=\"{end}\" y=\"{y}\">{}</text>\n", escape(&message)).as_str();
    (res, end + columns(&message) * LETTER)
}

/// Estimates the width of a text in letters; those of East Asia count twice.
fn columns(text: &str) -> usize {
    text.chars().map(|c| if c < '\u{1100}' { 1 } else { 2 }).sum()
}

fn escape(text: &str) -> String {
    let mut res = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => res += "&amp;",
            '<' => res += "&lt;",
            '>' => res += "&gt;",
            '"' => res += "&quot;",
            // No number makes these legal in XML.
            '\u{fffe}' | '\u{ffff}' => res.push('\u{fffd}'),
            c => res.push(c),
        }
    }
    res
}
