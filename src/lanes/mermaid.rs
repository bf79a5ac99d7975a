//! The graph in the language of Mermaid, which code forges and wikis draw.
//!
//! It is a `flowchart`, since a `gitGraph` has one root and no dependencies.

use std::collections::HashMap;

use crate::lanes::{Mark, Picture};
use crate::revision::Node;

/// Writes a flowchart: an arrow leads from a revision to each of its children.
pub fn render(picture: &Picture<'_>) -> String {
    let names: HashMap<Node, usize> =
        picture.nodes.iter().enumerate().map(|(at, it)| (*it, at)).collect();
    let mut res = String::from("flowchart BT\n");
    for (at, node) in picture.nodes.iter().enumerate() {
        let class = match picture.mark(*node) {
            Mark::Unknown => "",
            Mark::Applied => ":::applied",
            Mark::Pending => ":::pending",
        };
        res += format!("  n{at}(\"{}\"){class}\n", label(picture, *node)).as_str();
    }
    for (child, needed, is_parent) in picture.edges() {
        if let (Some(child), Some(needed)) = (names.get(&child), names.get(&needed)) {
            let arrow = if is_parent { "-->" } else { "-.->" };
            res += format!("  n{needed} {arrow} n{child}\n").as_str();
        }
    }
    if picture.applied.is_some() {
        res += "  classDef applied stroke:#2d8a4e,stroke-width:3px\n";
        res += "  classDef pending stroke-dasharray:4 3\n";
    }
    res
}

fn label(picture: &Picture<'_>, node: Node) -> String {
    let mut res = format!("<b>{}</b>", escape(picture.graph.id(node).as_str()));
    let labels = picture.labels(node);
    if !labels.is_empty() {
        res += format!(" ({})", escape(&labels.join(", "))).as_str();
    }
    let message = picture.message(node);
    if !message.is_empty() {
        res += format!("<br/>{}", escape(&message)).as_str();
    }
    res
}

/// Replaces characters with a meaning in Mermaid by their numbers.
fn escape(text: &str) -> String {
    let escape = |c: char| {
        let is_plain = c.is_alphanumeric() || matches!(c, ' ' | ',' | '.' | '-' | '(' | ')');
        match c {
            c if is_plain => c.to_string(),
            // Two of them would begin a formula and hide the text between.
            '$' => "#36;#8288;".to_owned(),
            c => format!("#{};", u32::from(c)),
        }
    };
    text.chars().map(escape).collect()
}
