//! The diagram as a picture: boxes, rows, crow's feet. It is light or dark like the viewer's
//! system.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::diagram::boxes::{FOOT, HEAD, MARK, ROW, SIDE, Shape, middle, shapes};
use crate::diagram::escape::xml;
use crate::diagram::layout::{Layout, Link, Point, layout};
use crate::diagram::outline::{Outline, Table};
use crate::diagram::{Relation, described, relations};

/// The style sheet of the picture.
pub(super) const STYLE: &str = include_str!("drawing.css");

const COLORS: usize = 8;

/// Draws an outline as an SVG picture.
pub fn svg(outline: &Outline) -> String {
    let count = outline.tables.len();
    let s = if count == 1 { "" } else { "s" };
    let title = format!("Entity-relationship diagram, {count} table{s}");
    drawing(outline, &format!("<title>{title}</title>\n<style>\n{STYLE}</style>\n"), "")
}

/// Draws an outline, with what stands at the picture's top and among its attributes.
pub(super) fn drawing(outline: &Outline, top: &str, attributes: &str) -> String {
    let shapes = shapes(outline);
    let relations = relations(outline);
    let drawn = arranged(outline, &shapes, &relations);
    let (width, height) = (drawn.width, drawn.height);
    let mut res = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         width=\"{width}\" height=\"{height}\" class=\"er\" role=\"img\" \
         aria-label=\"Entity-relationship diagram\"{attributes}>\n{top}\
         <rect class=\"ground\" width=\"{width}\" height=\"{height}\"/>\n<g class=\"lines\">\n"
    );
    let colors = colors(&relations);
    for (at, (relation, route)) in relations.iter().zip(&drawn.routes).enumerate() {
        let color = colors.get(&relation.parent).copied().unwrap_or(0);
        line(&mut res, outline, relation, route, (at, color));
    }
    res += "</g>\n<g class=\"boxes\">\n";
    for (at, (table, shape)) in outline.tables.iter().zip(&shapes).enumerate() {
        let color = colors.get(&at).map(|it| format!(" c{it}")).unwrap_or_default();
        table_box(&mut res, table, shape, (at, drawn.places[at], &color));
    }
    res + "</g>\n</svg>\n"
}

/// Lays the tables out.
fn arranged(outline: &Outline, shapes: &[Shape], relations: &[Relation<'_>]) -> Layout {
    let row = |table: usize, names: &[String]| {
        let name = names.first()?;
        outline.tables[table].columns.iter().position(|it| it.name == *name)
    };
    let target = |it: &Relation<'_>| (it.parent, row(it.parent, &it.key.target));
    // Where both kinds end at a row, each has a trunk of its own.
    let has = |it: &Relation<'_>, optional: bool| {
        relations.iter().any(|other| target(other) == target(it) && other.optional == optional)
    };
    let links: Vec<Link> = relations
        .iter()
        .map(|it| {
            let shift = match (it.optional, has(it, !it.optional)) {
                (_, false) => 0,
                (true, true) => 5,
                (false, true) => -5,
            };
            Link {
                child: it.child,
                child_y: middle(row(it.child, &it.key.columns)),
                parent: it.parent,
                parent_y: middle(target(it).1) + shift,
            }
        })
        .collect();
    layout(&shapes.iter().map(|it| it.size).collect::<Vec<_>>(), &links)
}

/// Gives each table that is referred to a color: those that most refer to differ.
fn colors(relations: &[Relation<'_>]) -> BTreeMap<usize, usize> {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for relation in relations {
        *counts.entry(relation.parent).or_default() += 1;
    }
    let mut order: Vec<(usize, usize)> = counts.into_iter().collect();
    order.sort_by_key(|&(table, count)| (std::cmp::Reverse(count), table));
    order.into_iter().enumerate().map(|(at, (table, _))| (table, at % COLORS)).collect()
}

fn line(
    res: &mut String,
    outline: &Outline,
    relation: &Relation<'_>,
    route: &[Point],
    (at, color): (usize, usize),
) {
    let [first, second, ..] = route else { return };
    let [.., before, last] = route else { return };
    let many = end(*first, *second, if relation.single { End::OptionalOne } else { End::Many });
    let one = end(*last, *before, if relation.optional { End::OptionalOne } else { End::One });
    let (path, tip) = (path(route), xml(&described(&outline.tables[relation.child], relation.key)));
    let (child, parent) = (relation.child, relation.parent);
    // Writing to a string can't fail.
    let _ = writeln!(
        res,
        "<g class=\"line c{color}\" id=\"k{at}\" data-child=\"{child}\" data-parent=\"{parent}\">\
         <title>{tip}</title><path class=\"hit\" d=\"{path}\"/><path d=\"{path}\"/>{many}{one}</g>"
    );
}

/// The mark at the end of a line.
#[derive(Clone, Copy)]
enum End {
    Many,
    OptionalOne,
    One,
}

/// Draws the end of a line, whose next point says from where it comes.
fn end(at: Point, next: Point, end: End) -> String {
    let side = if next.x < at.x { -1 } else { 1 };
    let (x, y) = (|by: i32| at.x + side * by, at.y);
    let bar = |by: i32| format!("M{0} {1}V{2}", x(by), y - 5, y + 5);
    let circle = |by: i32| format!("<circle cx=\"{}\" cy=\"{y}\" r=\"3.5\"/>", x(by));
    match end {
        End::Many => format!(
            "<path d=\"M{0} {1}L{2} {y}L{0} {3}\"/>{4}",
            x(0),
            y - 6,
            x(11),
            y + 6,
            circle(15)
        ),
        End::OptionalOne => format!("<path d=\"{}\"/>{}", bar(7), circle(13)),
        End::One => format!("<path d=\"{}{}\"/>", bar(6), bar(10)),
    }
}

/// Writes a line with round corners.
fn path(points: &[Point]) -> String {
    let mut res = String::new();
    for (at, point) in points.iter().enumerate() {
        let around = at.checked_sub(1).and_then(|it| points.get(it)).zip(points.get(at + 1));
        let Some((before, after)) = around else {
            let _ = write!(res, "{}{} {}", if at == 0 { "M" } else { "L" }, point.x, point.y);
            continue;
        };
        let length = |one: &Point| (one.x - point.x).abs() + (one.y - point.y).abs();
        let radius = (length(before) / 2).min(length(after) / 2).min(7);
        let toward = |other: &Point| {
            let by = |from: i32, to: i32| from + (to - from).signum() * radius;
            (by(point.x, other.x), by(point.y, other.y))
        };
        let ((x1, y1), (x2, y2)) = (toward(before), toward(after));
        let _ = write!(res, "L{x1} {y1}Q{} {} {x2} {y2}", point.x, point.y);
    }
    res
}

fn table_box(
    res: &mut String,
    table: &Table,
    shape: &Shape,
    (at, place, color): (usize, Point, &str),
) {
    let (width, height) = (shape.size.width, shape.size.height);
    let kind = if table.view.is_some() { " view" } else { "" };
    let name = xml(&table.name);
    let _ = write!(
        res,
        "<g class=\"table{kind}{color}\" id=\"t{at}\" data-table=\"{at}\" \
         transform=\"translate({} {})\"><title>{name}</title>\
         <rect class=\"box\" width=\"{width}\" height=\"{height}\" rx=\"7\"/>\
         <path class=\"head\" d=\"M0 {HEAD}V7Q0 0 7 0H{}Q{width} 0 {width} 7V{HEAD}Z\"/>\
         <path class=\"rule\" d=\"M0 {HEAD}H{width}\"/>\
         <text class=\"name\" x=\"{SIDE}\" y=\"21\">{}</text>",
        place.x,
        place.y,
        width - 7,
        xml(&shape.title)
    );
    if table.view.is_some() {
        let _ = write!(res, "<text class=\"kind\" x=\"{}\" y=\"21\">view</text>", width - SIDE);
    }
    for (at, row) in shape.rows.iter().enumerate() {
        let y = middle(Some(at)) + 4;
        let is_key = if row.marks.contains(&"PK") { " key" } else { "" };
        let mut x = SIDE;
        for mark in &row.marks {
            let class = mark.to_lowercase();
            let _ = write!(res, "<text class=\"mark {class}\" x=\"{x}\" y=\"{y}\">{mark}</text>");
            x += MARK;
        }
        let (names, types) = (shape.names, shape.types);
        let _ = write!(
            res,
            "<text class=\"column{is_key}\" x=\"{names}\" y=\"{y}\">{}</text>\
             <text class=\"type\" x=\"{types}\" y=\"{y}\">{}</text>",
            xml(&row.name),
            xml(&row.type_name)
        );
        if row.not_null {
            let x = width - SIDE;
            let _ = write!(res, "<text class=\"mark nn\" x=\"{x}\" y=\"{y}\">NN</text>");
        }
    }
    debug_assert!(HEAD + ROW + FOOT <= height);
    *res += "</g>\n";
}
