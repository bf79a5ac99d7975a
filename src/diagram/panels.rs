//! The panels of the page for tables and revisions.

use std::fmt::Write as _;

use crate::diagram::Revision;
use crate::diagram::escape::xml;
use crate::diagram::outline::{ForeignKey, Outline, Table};

pub(super) fn table(outline: &Outline, at: usize, revisions: &[Revision]) -> String {
    let Some(table) = outline.tables.get(at) else { return String::new() };
    let kind = if table.view.is_some() { "View" } else { "Table" };
    let mut res = format!(
        "<article id=\"p-t{at}\"><p class=\"kind\">{kind}</p><h2>{}</h2>",
        xml(&table.name)
    );
    columns(&mut res, table);
    list(&mut res, "Refers to", table.foreign_keys.iter().map(|key| refers(outline, key)));
    let users = outline.tables.iter().enumerate().flat_map(|(at, other)| {
        let keys = other.foreign_keys.iter().filter(|key| key.table == table.name);
        keys.map(move |key| {
            format!("{} <small>{}</small>", link(at, &other.name), names(&key.columns))
        })
    });
    list(&mut res, "Referred to by", users);
    let indexes = table.indexes.iter().map(|index| {
        let unique = if index.unique { " unique" } else { "" };
        let partial = if index.partial { " partial" } else { "" };
        format!("{} <small>{}{unique}{partial}</small>", xml(&index.name), names(&index.columns))
    });
    list(&mut res, "Indexes", indexes);
    let triggers = table.triggers.iter().map(|trigger| {
        let (name, text) = (xml(&trigger.name), xml(&trigger.text));
        format!("<details><summary>{name}</summary><pre>{text}</pre></details>")
    });
    list(&mut res, "Triggers", triggers);
    if let Some(query) = &table.view {
        let _ = write!(res, "<h3>Query</h3><pre>{}</pre>", xml(query.trim()));
    }
    let touched = revisions.iter().enumerate().filter(|(_, it)| it.tables.contains(&table.name));
    let touched = touched.map(|(at, it)| {
        format!(
            "<a href=\"#p-r{at}\" data-revision=\"{at}\"><code>{}</code> {}</a>",
            xml(&it.id),
            xml(&it.message)
        )
    });
    list(&mut res, "Revisions", touched);
    res + "</article>\n"
}

fn columns(res: &mut String, table: &Table) {
    *res += "<table><thead><tr><th>Column</th><th>Type</th><th>Keys</th></tr></thead><tbody>";
    for column in &table.columns {
        let name = &column.name;
        let not_null = table.has_not_null(name).then_some("NN");
        let marks = table.marks(name).into_iter().chain(not_null).map(|mark| {
            let title = match mark {
                "PK" => "primary key",
                "FK" => "foreign key",
                "UQ" => "unique",
                _ => "not null",
            };
            format!("<abbr class=\"{}\" title=\"{title}\">{mark}</abbr>", mark.to_lowercase())
        });
        let _ = write!(
            res,
            "<tr><td>{}</td><td>{}</td><td>{}</td></tr>",
            xml(name),
            xml(&column.type_name.to_lowercase()),
            marks.collect::<Vec<_>>().join(" ")
        );
    }
    *res += "</tbody></table>";
}

fn refers(outline: &Outline, key: &ForeignKey) -> String {
    let target = match outline.tables.iter().position(|it| it.name == key.table) {
        Some(at) => link(at, &key.table),
        None => xml(&key.table),
    };
    format!("{target} <small>{}{}</small>", names(&key.columns), xml(&key.actions()))
}

pub(super) fn revision(outline: &Outline, at: usize, revisions: &[Revision]) -> String {
    let Some(revision) = revisions.get(at) else { return String::new() };
    let mut res = format!(
        "<article id=\"p-r{at}\"><p class=\"kind\">Revision</p><h2>{}</h2>\
         <dl><dt>Id</dt><dd><code>{}</code></dd>",
        xml(&revision.message),
        xml(&revision.id)
    );
    if !revision.date.is_empty() {
        let _ = write!(res, "<dt>Made</dt><dd>{}</dd>", xml(&revision.date));
    }
    if !revision.labels.is_empty() {
        let _ = write!(res, "<dt>Labels</dt><dd>{}</dd>", names(&revision.labels));
    }
    if let Some(applied) = revision.applied {
        let _ = write!(res, "<dt>Applied</dt><dd>{}</dd>", if applied { "yes" } else { "no" });
    }
    res += "</dl>";
    let parents = revision.parents.iter().filter_map(|&at| {
        let parent = revisions.get(at)?;
        Some(format!(
            "<a href=\"#p-r{at}\" data-revision=\"{at}\"><code>{}</code> {}</a>",
            xml(&parent.id),
            xml(&parent.message)
        ))
    });
    list(&mut res, "Builds on", parents);
    let tables = revision.tables.iter().filter_map(|name| {
        Some(link(outline.tables.iter().position(|it| it.name == *name)?, name))
    });
    list(&mut res, "Tables", tables);
    res + "</article>\n"
}

/// Writes a list under a heading; nothing if it is empty.
fn list(res: &mut String, heading: &str, items: impl Iterator<Item = String>) {
    let items: Vec<String> = items.map(|it| format!("<li>{it}</li>")).collect();
    if !items.is_empty() {
        let _ = write!(res, "<h3>{heading}</h3><ul>{}</ul>", items.concat());
    }
}

fn link(at: usize, name: &str) -> String {
    format!("<a href=\"#p-t{at}\" data-table=\"{at}\">{}</a>", xml(name))
}

fn names(names: &[String]) -> String {
    xml(&names.join(", "))
}
