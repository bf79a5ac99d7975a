//! Tables for people.

use comfy_table::{Cell, Color, ContentArrangement, LineStyle, Table, TableStyle, presets};
use limbeck::lanes::Picture;
use limbeck::ops::{Observed, Standing, Status};
use limbeck::revision::Node;
use limbeck::runner::Done;

use crate::output::{Output, graph, visible, width as terminal_width};

/// The titles of the status table; the last is left out if there are no tags.
const STATUS: [&str; 6] = ["State", "Revision", "Message", "Applied at", "Took", "Tag"];

/// The narrowest column of messages.
const NARROWEST: usize = 12;

/// Renders the state of every revision, with lanes to the left if the graph has branches.
pub(crate) fn status(observed: &Observed<'_>, lines: &[Status], output: &Output) -> Vec<String> {
    let nodes: Vec<Node> = lines.iter().rev().map(|line| line.node).collect();
    let applied = Some(&observed.state.applied);
    let picture = Picture { graph: &observed.graph, nodes: &nodes, applied };
    if picture.layout().is_linear() {
        return rows(observed, lines, terminal_width());
    }
    let drawn = graph::column(&picture, output);
    let width = drawn.iter().flat_map(|it| &it.lines).map(|it| graph::visible_width(it)).max();
    let width = width.unwrap_or_default() + 2;
    let left = terminal_width().map(|it| it.saturating_sub(width));
    let mut rows = rows(observed, lines, left).into_iter();
    let mut res = Vec::new();
    res.extend(rows.next().map(|titles| " ".repeat(width) + &titles));
    for (row, lane) in rows.zip(drawn) {
        for (at, line) in lane.lines.into_iter().enumerate() {
            let blanks = " ".repeat(width - graph::visible_width(&line));
            res.push(if at == lane.at { line + &blanks + &row } else { line });
        }
    }
    res
}

/// Writes a line for the titles and one for each revision, fitted to a width.
fn rows(observed: &Observed<'_>, lines: &[Status], width: Option<usize>) -> Vec<String> {
    let is_tagged = lines.iter().any(|line| line.tag.is_some());
    let titles = &STATUS[..if is_tagged { 6 } else { 5 }];
    let mut table = plain(titles);
    table.set_content_arrangement(ContentArrangement::Disabled);
    let texts: Vec<[String; 6]> = lines.iter().map(|line| texts(observed, line)).collect();
    let widest = |at: usize| {
        let texts = texts.iter().filter_map(|it| it.get(at)).map(|it| graph::visible_width(it));
        texts.max().unwrap_or_default().max(STATUS[at].len())
    };
    let others = (0..titles.len()).filter(|at| *at != 2).map(|at| widest(at) + 2).sum::<usize>();
    let most = width.map(|width| width.saturating_sub(others + 2).max(NARROWEST));
    for (line, [state, revision, message, applied_at, took, tag]) in lines.iter().zip(texts) {
        let message = most.map_or(message.clone(), |most| graph::cut_plain(&message, most));
        let others = [revision, message, applied_at, took, tag].map(Cell::new);
        let cells = std::iter::once(Cell::new(state).fg(color(line))).chain(others);
        table.add_row(cells.take(titles.len()));
    }
    let rows = lines_of(table);
    match width {
        Some(width) => rows.iter().map(|line| graph::cut(line, width)).collect(),
        None => rows,
    }
}

fn texts(observed: &Observed<'_>, line: &Status) -> [String; 6] {
    let revision = observed.graph.revision(line.node);
    let state = if line.progress.is_some() { "running" } else { standing(line.standing) };
    [
        state.to_owned(),
        revision.id().to_string(),
        visible(&revision.header.message),
        line.applied_at.as_deref().map(visible).unwrap_or_default(),
        line.duration_ms.map(|it| format!("{it} ms")).unwrap_or_default(),
        line.tag.as_deref().map(visible).unwrap_or_default(),
    ]
}

/// Counts the states in a sentence.
pub(crate) fn summary(lines: &[Status]) -> String {
    let all = [
        Standing::Applied,
        Standing::Modified,
        Standing::Missing,
        Standing::Failed,
        Standing::Pending,
    ];
    let count = |it: &Standing| lines.iter().filter(|line| line.standing == *it).count();
    let counts = all.iter().map(|it| (count(it), standing(*it)));
    let counts: Vec<String> =
        counts.filter(|it| it.0 > 0).map(|it| format!("{} {}", it.0, it.1)).collect();
    if counts.is_empty() { "No revisions.".to_owned() } else { counts.join(", ") + "." }
}

/// Describes the progress of the running revision, and its process.
pub(crate) fn running(observed: &Observed<'_>, lines: &[Status]) -> Vec<String> {
    let sentence = |line: &Status| {
        let progress = line.progress.as_ref()?;
        Some(format!(
            "{} runs ({}): statement {} of {}, by {}.",
            observed.graph.id(line.node),
            progress.operation,
            progress.statement,
            progress.statements,
            visible(&progress.process),
        ))
    };
    lines.iter().filter_map(sentence).collect()
}

pub(crate) fn steps(steps: &[Done]) -> String {
    let mut table = plain(&["Step", "Operation", "Revision", "Message"]);
    for (at, step) in steps.iter().enumerate() {
        table.add_row([
            (at + 1).to_string(),
            step.operation.to_string(),
            step.revision.to_string(),
            visible(&step.message),
        ]);
    }
    render(table)
}

pub(crate) fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Applied => "applied",
        Standing::Pending => "pending",
        Standing::Modified => "modified",
        Standing::Missing => "missing",
        Standing::Failed => "failed",
    }
}

fn color(line: &Status) -> Color {
    match line.standing {
        _ if line.progress.is_some() => Color::Cyan,
        Standing::Applied => Color::Green,
        Standing::Pending => Color::Yellow,
        Standing::Modified | Standing::Missing | Standing::Failed => Color::Red,
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

/// Makes the line below the titles like the others.
pub(super) fn plain_borders(style: TableStyle) -> TableStyle {
    style.header_separator(LineStyle::new('+', '-', '+', '+'))
}

fn render(table: Table) -> String {
    lines_of(table).join("\n")
}

/// Trims trailing blanks: cells are padded to the column's width.
fn lines_of(mut table: Table) -> Vec<String> {
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    table.lines().map(|line| line.trim_end().to_owned()).collect()
}
