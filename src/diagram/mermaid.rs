//! The diagram as Mermaid's `erDiagram`, which forges and editors draw within Markdown.
//!
//! <https://mermaid.js.org/syntax/entityRelationshipDiagram.html>

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::diagram::escape::short;
use crate::diagram::outline::{Outline, Table};
use crate::diagram::relations;
use crate::words::words;

/// Words that the language has for itself, tried with Mermaid 11 and in its grammar.
const RESERVED: &[&str] = words![
    accdescr acctitle class classdef direction end erdiagram many o one only style subgraph
    title to u zero
];

/// Words that columns and types can't be.
const KEYS: &[&str] = &["fk", "pk", "uk"];

pub fn mermaid(outline: &Outline) -> String {
    let mut res = "erDiagram\n".to_owned();
    let ids = ids(outline);
    for (table, id) in outline.tables.iter().zip(&ids) {
        let label =
            if *id == table.name { String::new() } else { format!("[\"{}\"]", text(&table.name)) };
        // Writing to a string can't fail.
        let _ = writeln!(res, "    {id}{label} {{");
        for column in &table.columns {
            let _ = writeln!(res, "        {}", attribute(table, &column.name, &column.type_name));
        }
        res += "    }\n";
    }
    for relation in relations(outline) {
        let parent = if relation.optional { "|o" } else { "||" };
        let child = if relation.single { "o|" } else { "o{" };
        let (to, from) = (&ids[relation.parent], &ids[relation.child]);
        let label = text(&relation.key.columns.join(", "));
        let _ = writeln!(res, "    {to} {parent}--{child} {from} : \"{label}\"");
    }
    res
}

/// Writes a column: its type, its name, its keys, and in a comment what has no place elsewhere.
fn attribute(table: &Table, name: &str, type_name: &str) -> String {
    let shown = attribute_word(name);
    let mut res = format!("{} {shown}", attribute_word(type_name));
    let keys = table.marks(name);
    if !keys.is_empty() {
        let _ = write!(res, " {}", keys.join(", ").replace("UQ", "UK"));
    }
    let mut notes = Vec::new();
    if shown != name {
        notes.push(text(name));
    }
    if table.has_not_null(name) {
        notes.push("not null".to_owned());
    }
    if !notes.is_empty() {
        let _ = write!(res, " \"{}\"", notes.join(", "));
    }
    res
}

/// Gives each table a name of its own that needs no quotes; most have one already.
fn ids(outline: &Outline) -> Vec<String> {
    let mut taken: BTreeSet<String> = outline.tables.iter().map(|it| it.name.clone()).collect();
    let mut id = |name: &str| {
        if word(name) == name && !RESERVED.contains(&name.to_lowercase().as_str()) {
            return name.to_owned();
        }
        let mut new = format!("{}_", word(name));
        while !taken.insert(new.clone()) {
            new.push('_');
        }
        new
    };
    outline.tables.iter().map(|it| id(&it.name)).collect()
}

/// Makes a word of a column's name or type.
fn attribute_word(text: &str) -> String {
    let res = word(text);
    if KEYS.contains(&res.to_lowercase().as_str()) { res + "_" } else { res }
}

/// Makes a word of what may be anything: letters, digits and underlines, a letter at the start.
fn word(text: &str) -> String {
    let mut res = String::new();
    for c in short(text, 60).chars() {
        if c.is_ascii_alphanumeric() || c == '_' {
            res.push(c);
        } else if !res.ends_with('_') {
            res.push('_');
        }
    }
    let res = if res.len() < text.len() { res.trim_end_matches('_').to_owned() } else { res };
    if res.starts_with(|c: char| c.is_ascii_alphabetic()) { res } else { format!("x{res}") }
}

/// Writes a text within quotes: Mermaid has names of characters, as HTML does, behind a `#`.
fn text(text: &str) -> String {
    let mut res = String::new();
    for c in short(text, 100).chars() {
        match c {
            '"' => res.push_str("#quot;"),
            '#' => res.push_str("#35;"),
            '&' => res.push_str("#amp;"),
            '<' => res.push_str("#lt;"),
            '>' => res.push_str("#gt;"),
            ';' => res.push_str("#59;"),
            '%' | '`' | '\\' => {
                let _ = write!(res, "#{};", u32::from(c));
            }
            c if c.is_control() => res.push(' '),
            c => res.push(c),
        }
    }
    res
}
