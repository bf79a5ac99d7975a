//! The diagram for Graphviz, a table of HTML a box, with lines from column to column.

use std::fmt::Write as _;

use crate::diagram::escape::{short, xml};
use crate::diagram::outline::{Outline, Table};
use crate::diagram::{described, relations};

/// The beginning of the DOT document.
const HEAD: &str = r##"digraph schema {
    graph [rankdir=LR, nodesep=0.4, ranksep=1.2, pad=0.4, fontname="Helvetica"]
    node [shape=plain, fontname="Helvetica", fontsize=11]
    edge [dir=both, color="#5b6675", arrowsize=0.9, penwidth=1.1]
"##;

pub fn dot(outline: &Outline) -> String {
    let mut res = HEAD.to_owned();
    for (at, table) in outline.tables.iter().enumerate() {
        // Writing to a string can't fail.
        let _ = writeln!(res, "    t{at} [label=<{}>]", label(table));
    }
    for relation in relations(outline) {
        let (child, parent) = (&outline.tables[relation.child], &outline.tables[relation.parent]);
        let port = |table: &Table, names: &[String], side: &str| {
            let name = names.first()?;
            let row = table.columns.iter().position(|it| it.name == *name)?;
            Some(format!(":{side}{row}:{side}"))
        };
        let left = if relation.child == relation.parent { "e" } else { "w" };
        let tail = port(child, &relation.key.columns, left).unwrap_or_default();
        let head = port(parent, &relation.key.target, "e").unwrap_or_default();
        let (from, to) = (relation.child, relation.parent);
        let many = if relation.single { "teeodot" } else { "crowodot" };
        let one = if relation.optional { "teeodot" } else { "teetee" };
        let tip = xml(&described(child, relation.key)).replace('\\', "\\\\");
        // What is referred to stands left, so the edge runs from there.
        let _ = writeln!(
            res,
            "    t{to}{head} -> t{from}{tail} [arrowtail={one}, arrowhead={many}, \
             edgetooltip=\"{tip}\"]"
        );
    }
    res + "}\n"
}

fn label(table: &Table) -> String {
    let kind = if table.view.is_some() { " <i>view</i>" } else { "" };
    let mut res = String::from(
        "<table border=\"0\" cellborder=\"1\" cellspacing=\"0\" cellpadding=\"5\" color=\"#9aa5b4\">",
    );
    let _ = write!(
        res,
        "<tr><td bgcolor=\"#e4ebf5\" colspan=\"3\"><b>{}</b>{kind}</td></tr>",
        shown(&table.name)
    );
    for (at, column) in table.columns.iter().enumerate() {
        let name = &column.name;
        let keys = table.marks(name);
        let not_null = if table.has_not_null(name) { " NN" } else { "" };
        let _ = write!(
            res,
            "<tr><td sides=\"LB\" port=\"w{at}\" align=\"left\">{}</td>\
             <td sides=\"B\" align=\"left\">{}</td>\
             <td sides=\"RB\" port=\"e{at}\" align=\"left\">{}{not_null}</td></tr>",
            if keys.is_empty() { " ".to_owned() } else { keys.join(" ") },
            shown(name),
            shown(&column.type_name),
        );
    }
    res + "</table>"
}

/// Writes a text into a label; an empty one would be no label.
fn shown(text: &str) -> String {
    let text = xml(&short(text, 60).replace(['\t', '\n'], " "));
    if text.is_empty() { " ".to_owned() } else { text }
}
