//! The graph of revisions in a terminal: colored lanes, and a text beside each revision.

use anstyle::{AnsiColor, Reset, Style};
use limbeck::lanes::{self, Cell, Glyph, Lines, Mark, Order, Picture, Stroke};
use unicode_width::UnicodeWidthChar as _;

use crate::output::Output;

/// The colors of lanes: those that are readable on any background in most terminals.
const COLORS: [AnsiColor; 6] = [
    AnsiColor::Cyan,
    AnsiColor::Magenta,
    AnsiColor::Green,
    AnsiColor::Yellow,
    AnsiColor::BrightBlue,
    AnsiColor::Red,
];

/// The most columns of lanes for which all texts are aligned.
const ALIGNED: usize = 8;

/// The narrowest width to which a message is cut.
const NARROWEST: usize = 20;

/// The characters that draw lanes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Charset {
    #[default]
    Unicode,
    Ascii,
}

/// Draws revisions with a text each, whose lines are cut at the terminal's width.
pub(crate) fn render(
    picture: &Picture<'_>,
    output: &Output,
    text: impl Fn(limbeck::revision::Node) -> String,
) -> String {
    let layout = picture.layout();
    let aligned = layout.width.min(ALIGNED) * 2;
    let mut res = Vec::new();
    for row in lanes::draw(&layout, Order::NewestFirst) {
        let text = text(row.node);
        let mut beside = text.lines();
        let mark = picture.mark(row.node);
        for line in &row.lines {
            res.push(join(line, mark, output, aligned, beside.next()));
        }
        res.extend(beside.map(|text| join(&row.more, mark, output, aligned, Some(text))));
    }
    while res.last().is_some_and(String::is_empty) {
        res.pop();
    }
    res.join("\n")
}

/// The lanes of one revision, line by line.
pub(crate) struct Drawn {
    pub(crate) lines: Vec<String>,
    /// The line on which the revision stands.
    pub(crate) at: usize,
}

/// Draws only the lanes, the oldest revision on top.
pub(crate) fn column(picture: &Picture<'_>, output: &Output) -> Vec<Drawn> {
    let rows = lanes::draw(&picture.layout(), Order::OldestFirst);
    let drawn = |row: Lines| {
        let line = |line: &Vec<Cell>| cells(line, picture.mark(row.node), output.charset());
        Drawn { lines: row.lines.iter().map(line).collect(), at: row.at }
    };
    rows.into_iter().map(drawn).collect()
}

/// Joins a line's lanes and text.
fn join(line: &[Cell], mark: Mark, output: &Output, aligned: usize, text: Option<&str>) -> String {
    let mut res = cells(line, mark, output.charset());
    let Some(text) = text.filter(|text| !text.is_empty()) else { return res };
    let indent = aligned.max(line.len() + 1);
    res += &" ".repeat(indent - line.len());
    match crate::output::width() {
        Some(width) => res += &cut(text, width.saturating_sub(indent).max(NARROWEST)),
        None => res += text,
    }
    res
}

/// Writes cells, joining neighbors of the same color.
fn cells(line: &[Cell], mark: Mark, charset: Charset) -> String {
    let mut res = String::new();
    let mut last: Option<u32> = None;
    for cell in line {
        let color = (cell.glyph != Glyph::Blank).then_some(cell.color);
        if color.is_some() && color != last {
            let shade = COLORS[cell.color as usize % COLORS.len()];
            let before = if last.is_some() { Reset.to_string() } else { String::new() };
            res += format!("{before}{}", Style::new().fg_color(Some(shade.into()))).as_str();
            last = color;
        }
        res.push(character(cell.glyph, mark, charset));
    }
    if last.is_some() {
        res += &Reset.to_string();
    }
    res
}

fn character(glyph: Glyph, mark: Mark, charset: Charset) -> char {
    let (unicode, ascii) = match glyph {
        Glyph::Blank => (' ', ' '),
        Glyph::Cut => ('~', '~'),
        Glyph::Node => match mark {
            Mark::Unknown => ('◆', '*'),
            Mark::Applied => ('●', '@'),
            Mark::Pending => ('○', 'o'),
        },
        Glyph::Vertical(Stroke::Solid) => ('│', '|'),
        Glyph::Vertical(Stroke::Dashed) => ('╎', ':'),
        Glyph::Horizontal(Stroke::Solid) => ('─', '-'),
        Glyph::Horizontal(Stroke::Dashed) => ('╌', '.'),
        Glyph::Joint { up, down, left, right } => match (up, down, left, right) {
            (true, true, false, true) => ('├', '+'),
            (true, true, true, false) => ('┤', '+'),
            (true, false, true, true) => ('┴', '+'),
            (false, true, true, true) => ('┬', '+'),
            (true, false, false, true) => ('╰', '`'),
            (true, false, true, false) => ('╯', '\''),
            (false, true, false, true) => ('╭', '.'),
            (false, true, true, false) => ('╮', '.'),
            (_, _, true, true) => ('┼', '+'),
            (_, _, false, false) => ('│', '|'),
            (false, false, _, _) => ('─', '-'),
        },
    };
    match charset {
        Charset::Unicode => unicode,
        Charset::Ascii => ascii,
    }
}

/// Cuts a text with colors to a number of columns.
pub(crate) fn cut(text: &str, width: usize) -> String {
    let plain: usize = visible_width(text);
    if plain <= width {
        return text.to_owned();
    }
    let (mut res, mut left, mut is_escape) = (String::new(), width.saturating_sub(1), false);
    for c in text.chars() {
        if is_escape || c == '\u{1b}' {
            is_escape = c != 'm';
            res.push(c);
            continue;
        }
        let Some(rest) = left.checked_sub(c.width().unwrap_or(0)) else { break };
        left = rest;
        res.push(c);
    }
    res + "…" + &Reset.to_string()
}

/// Cuts a text without colors to a number of columns.
pub(crate) fn cut_plain(text: &str, width: usize) -> String {
    cut(text, width).trim_end_matches(&Reset.to_string()).to_owned()
}

/// Returns the width of a text in columns, without color codes.
pub(crate) fn visible_width(text: &str) -> usize {
    let mut is_escape = false;
    let mut res = 0;
    for c in text.chars() {
        if is_escape || c == '\u{1b}' {
            is_escape = c != 'm';
        } else {
            res += c.width().unwrap_or(0);
        }
    }
    res
}
