//! Drawings of an outline: Mermaid, Graphviz, SVG, and a page for the browser.
//!
//! It is a pure function from values to texts: the same input gives the same text. Texts from a
//! database are escaped wherever they are written.

mod boxes;
mod dot;
mod escape;
mod layout;
mod mermaid;
pub mod outline;
mod page;
mod panels;
mod svg;

use std::fmt::Write as _;

use crate::diagram::outline::{ForeignKey, Outline, Table};

pub use dot::dot;
pub use mermaid::mermaid;
pub use page::page;
pub use svg::svg;

/// The height of a revision's row in the page's list, in pixels; the style sheet has it, too.
pub const ROW: usize = 52;

/// A revision, as the page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Revision {
    pub id: String,
    /// The revisions that it builds on, by their places in the list.
    pub parents: Vec<usize>,
    pub message: String,
    pub date: String,
    /// The branch labels that the revision defines.
    pub labels: Vec<String>,
    /// The labels to show in the list: defined ones, and those of the branch at its end.
    pub marks: Vec<String>,
    /// Whether it is applied, if that is known.
    pub applied: Option<bool>,
    /// The tables that its up script names, by what they are called now.
    pub tables: Vec<String>,
}

/// A foreign key between two tables that are both drawn.
struct Relation<'a> {
    child: usize,
    parent: usize,
    key: &'a ForeignKey,
    /// Whether a row can do without the other one.
    optional: bool,
    /// Whether at most one row refers to another one.
    single: bool,
}

/// Returns the foreign keys that are drawn, in the order of the tables.
fn relations(outline: &Outline) -> Vec<Relation<'_>> {
    let mut res = Vec::new();
    for (child, table) in outline.tables.iter().enumerate() {
        for key in &table.foreign_keys {
            if let Some(parent) = outline.tables.iter().position(|it| it.name == key.table) {
                let (optional, single) = (table.is_optional(key), table.is_single(key));
                res.push(Relation { child, parent, key, optional, single });
            }
        }
    }
    res
}

/// Says how a foreign key goes: `role_id → roles (id), on delete cascade`.
fn described(table: &Table, key: &ForeignKey) -> String {
    let mut res = format!("{}.{} → {}", table.name, key.columns.join(", "), key.table);
    if !key.target.is_empty() {
        // Writing to a string can't fail.
        let _ = write!(res, " ({})", key.target.join(", "));
    }
    res + &key.actions()
}

#[cfg(test)]
mod tests;
