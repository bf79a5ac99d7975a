//! The graph in the language of Graphviz.

use crate::lanes::{Mark, Picture};
use crate::revision::Node;

/// Writes a digraph: an arrow leads from a revision to each of its children.
pub fn render(picture: &Picture<'_>) -> String {
    let mut res = String::from(
        "digraph migrate {\n  rankdir=BT;\n  node [shape=box, style=\"rounded,filled\", \
         fillcolor=white, fontname=\"sans-serif\", fontsize=11];\n",
    );
    for node in picture.nodes {
        let fill = match picture.mark(*node) {
            Mark::Unknown => "",
            Mark::Applied => ", fillcolor=\"#d8f3dc\"",
            Mark::Pending => ", style=\"rounded,dashed\"",
        };
        res +=
            format!("  {} [label={}{fill}];\n", id(picture, *node), label(picture, *node)).as_str();
    }
    for (child, needed, is_parent) in picture.edges() {
        let style = if is_parent { "" } else { " [style=dashed]" };
        res += format!("  {} -> {}{style};\n", id(picture, needed), id(picture, child)).as_str();
    }
    res + "}\n"
}

fn id(picture: &Picture<'_>, node: Node) -> String {
    quote(picture.graph.id(node).as_str())
}

fn label(picture: &Picture<'_>, node: Node) -> String {
    let mut first = picture.graph.id(node).to_string();
    let labels = picture.labels(node);
    if !labels.is_empty() {
        first += format!(" ({})", labels.join(", ")).as_str();
    }
    let lines = [first, picture.message(node)];
    let lines: Vec<String> =
        lines.iter().filter(|it| !it.is_empty()).map(|it| escape(it)).collect();
    format!("\"{}\"", lines.join("\\n"))
}

fn quote(text: &str) -> String {
    format!("\"{}\"", escape(text))
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}
