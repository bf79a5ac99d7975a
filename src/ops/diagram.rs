//! The diagram of a database, or of the desired schema.

use std::collections::BTreeMap;

use crate::autogenerate::fill;
use crate::catalog::Filter;
use crate::database::Connection;
use crate::diagram::{self, outline::Outline};
use crate::error::Error;
use crate::inspect::{Scope, read};
use crate::lanes::{self, Picture};
use crate::ops::Observed;
use crate::ops::autogenerate::{empty, refuse_unknown};
use crate::plan::{self, RangeEnd};
use crate::project::Project;
use crate::revision::{Node, NodeSet};
use crate::sql::{Dialect, Splitter, touched_tables};

/// How a diagram is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Mermaid, for Markdown.
    Mermaid,
    /// Graphviz, as a DOT graph.
    Dot,
    /// A picture, as an SVG file.
    Svg,
    /// A page for the browser, with the revisions.
    Html,
}

/// Reads what a diagram shows of a database; the bookkeeping tables are left out.
pub fn outline(
    project: &Project,
    connection: &mut dyn Connection,
    filter: &Filter,
) -> Result<Outline, Error> {
    let ledger = project.ledger(connection.dialect())?;
    let mut res = Outline::of(&read(connection, Scope::Drawn(Some(&ledger)))?);
    res.retain(|name| filter.takes(name));
    Ok(res)
}

/// Reads what a diagram shows of the desired schema.
pub fn outline_of_schema(project: &Project, filter: &Filter) -> Result<Outline, Error> {
    refuse_unknown(project, "diagram --schema")?;
    let mut scratch = empty(project)?;
    fill(&project.config.schema, &mut *scratch)?;
    let ledger = project.printed_ledger(project.dialect()?);
    let mut res = Outline::of(&read(scratch.connection()?, Scope::Drawn(Some(&ledger)))?);
    res.retain(|name| filter.takes(name));
    Ok(res)
}

/// Draws an outline. The page has the revisions beside it, and says of `observed` ones which are
/// applied.
pub fn draw(
    project: &Project,
    outline: &Outline,
    format: Format,
    observed: Option<&Observed<'_>>,
) -> Result<String, Error> {
    Ok(match format {
        Format::Mermaid => diagram::mermaid(outline),
        Format::Dot => diagram::dot(outline),
        Format::Svg => diagram::svg(outline),
        Format::Html => {
            let name = project.config.schema.parent().and_then(|it| it.file_name());
            let name = name.map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
            // In the order of the history, so that the lanes are those that it shows.
            let newest = plan::range(&project.graph, &[], &(RangeEnd::Open, RangeEnd::Open))?;
            let mut revisions = revisions(project, outline, &newest, observed)?;
            let applied = observed.map(|it| own(project, it));
            let picture =
                Picture { graph: &project.graph, nodes: &newest, applied: applied.as_ref() };
            for (revision, node) in revisions.iter_mut().zip(&newest) {
                revision.marks = picture.labels(*node).into_iter().map(str::to_owned).collect();
            }
            diagram::page(outline, &revisions, &lanes::svg::rail(&picture, diagram::ROW), &name)
        }
    })
}

/// Returns which of the project's own revisions are applied.
fn own(project: &Project, observed: &Observed<'_>) -> NodeSet {
    let graph = &project.graph;
    let is_applied = |node: &Node| {
        let own = observed.graph.find(graph.id(*node).as_str());
        own.is_some_and(|it| observed.state.applied.contains(it))
    };
    let applied: Vec<Node> = graph.nodes().filter(is_applied).collect();
    NodeSet::of(graph.len(), &applied)
}

/// Returns the project's revisions, the newest first, with the tables that their scripts name.
fn revisions(
    project: &Project,
    outline: &Outline,
    newest: &[Node],
    observed: Option<&Observed<'_>>,
) -> Result<Vec<diagram::Revision>, Error> {
    let graph = &project.graph;
    let touched = touched(project, outline, newest)?;
    let applied = observed.map(|it| own(project, it));
    let revision = |&node: &Node| {
        let header = &graph.revision(node).header;
        let place = |parent: &Node| newest.iter().position(|it| it == parent);
        let names = outline.tables.iter().map(|it| it.name.clone());
        let names =
            names.filter(|name| touched.get(&key(name)).is_some_and(|it| it.contains(&node)));
        diagram::Revision {
            id: header.revision.to_string(),
            parents: graph.parents(node).iter().filter_map(place).collect(),
            message: header.message.to_string(),
            date: header.create_date.clone(),
            labels: header.extras.branch_labels.clone(),
            marks: Vec::new(),
            applied: applied.as_ref().map(|it| it.contains(node)),
            tables: names.collect(),
        }
    };
    Ok(newest.iter().map(revision).collect())
}

/// Returns which revisions are about each table, by what it is called in the end.
fn touched(
    project: &Project,
    outline: &Outline,
    newest: &[Node],
) -> Result<BTreeMap<String, Vec<Node>>, Error> {
    let dialect = project.dialect().unwrap_or(Dialect::Sqlite);
    let mut res: BTreeMap<String, Vec<Node>> = BTreeMap::new();
    for &node in newest.iter().rev() {
        let Some(text) = project.graph.revision(node).up_text()? else { continue };
        // A script that can't be split is reported when it is to run.
        for statement in Splitter::new(&text, dialect).map_while(Result::ok) {
            for touch in touched_tables(&statement) {
                let name = |name: &str| shown_as(outline, touch.schema.as_deref(), name);
                let before = touch.formerly.as_deref().and_then(|old| res.get(&name(old)).cloned());
                let list = res.entry(name(&touch.name)).or_default();
                list.extend(before.iter().flatten());
                list.push(node);
            }
        }
    }
    Ok(res)
}

/// Returns the key of a table that a script names: with its schema only where that is shown too.
fn shown_as(outline: &Outline, schema: Option<&str>, name: &str) -> String {
    let whole = schema.map(|schema| key(&format!("{schema}.{name}")));
    let is_shown = |whole: &String| outline.tables.iter().any(|it| key(&it.name) == *whole);
    whole.filter(is_shown).unwrap_or_else(|| key(name))
}

fn key(name: &str) -> String {
    name.to_lowercase()
}
