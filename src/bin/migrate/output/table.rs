//! Tables for people.

use comfy_table::{Cell, Color, ContentArrangement, LineStyle, Table, TableStyle, presets};
use limbeck::ops::{Standing, Status};
use limbeck::plan::Operation;
use limbeck::revision::Graph;
use limbeck::runner::Done;

use crate::output::visible;

/// Shows every revision's standing.
pub(crate) fn status(graph: &Graph, lines: &[Status]) -> String {
    let mut table = plain(&["State", "Revision", "Message", "Applied at", "Took"]);
    for line in lines {
        let revision = graph.revision(line.node);
        let took = line.duration_ms.map(|it| format!("{it} ms"));
        table.add_row([
            Cell::new(standing(line.standing)).fg(color(line.standing)),
            Cell::new(revision.id()),
            Cell::new(visible(&revision.header.message)),
            Cell::new(line.applied_at.as_deref().map(visible).unwrap_or_default()),
            Cell::new(took.unwrap_or_default()),
        ]);
    }
    render(table)
}

/// Shows the steps of a plan.
pub(crate) fn steps(steps: &[Done]) -> String {
    let mut table = plain(&["Step", "Operation", "Revision", "Message"]);
    for (at, step) in steps.iter().enumerate() {
        table.add_row([
            (at + 1).to_string(),
            operation(step.operation).to_owned(),
            step.revision.to_string(),
            visible(&step.message),
        ]);
    }
    render(table)
}

/// Returns the word for a standing.
pub(crate) fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Applied => "applied",
        Standing::Pending => "pending",
        Standing::Modified => "modified",
        Standing::Missing => "missing",
        Standing::Failed => "failed",
    }
}

fn color(standing: Standing) -> Color {
    match standing {
        Standing::Applied => Color::Green,
        Standing::Pending => Color::Yellow,
        Standing::Modified | Standing::Missing | Standing::Failed => Color::Red,
    }
}

/// Returns the word for an operation.
pub(crate) fn operation(operation: Operation) -> &'static str {
    match operation {
        Operation::Upgrade => "upgrade",
        Operation::Downgrade => "downgrade",
        Operation::Stamp => "stamp",
    }
}

fn plain(titles: &[&str]) -> Table {
    let mut table = Table::new();
    // Styled always: the stream takes the colors out where none are wanted.
    table.enforce_styling();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(titles.to_vec());
    table
}

/// Makes the line below the titles one like the others.
pub(super) fn plain_borders(style: TableStyle) -> TableStyle {
    style.header_separator(LineStyle::new('+', '-', '+', '+'))
}

/// Cells are padded to the column's width; a line's end needs no blanks.
fn render(mut table: Table) -> String {
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    table.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}
