//! The diagram as a page for the browser: one file that loads nothing.
//!
//! All content is in it as text, so it can be read without JavaScript; the script moves, searches
//! and highlights. The policy allows only that script, by its hash, and no connections: content
//! from a database could do nothing, even if it were not escaped.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::diagram::escape::xml;
use crate::diagram::outline::Outline;
use crate::diagram::svg::{STYLE, drawing};
use crate::diagram::{Revision, panels};

/// The look of the page, and what it does.
const PAGE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// Draws an outline with the revisions beside it, the newest first. `lanes` is the SVG of their graph, in
/// rows of [`ROW`](crate::diagram::ROW), or nothing.
pub fn page(outline: &Outline, revisions: &[Revision], lanes: &str, name: &str) -> String {
    let style = format!("\n{STYLE}{PAGE}");
    let script = format!("\n{SCRIPT}");
    let policy = policy(&style, &script);
    let views = outline.tables.iter().filter(|it| it.view.is_some()).count();
    let counts = counts(outline.tables.len() - views, views, revisions.len());
    let title = if name.is_empty() { "Diagram" } else { name };
    let drawing = drawing(outline, "", "");
    let tables = (0..outline.tables.len()).map(|at| panels::table(outline, at, revisions));
    let changes = (0..revisions.len()).map(|at| panels::revision(outline, at, revisions));
    let panels: String = tables.chain(changes).collect();
    let (name, nav, list) = (xml(title), nav(outline, revisions, lanes), list_button(revisions));
    format!(
        r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{name}: diagram</title>
<link rel="icon" href="data:,">
<style>{style}</style>
</head>
<body>
<header>
<h1>{name}</h1>
<p class="counts">{counts}</p>
<div class="tools" role="toolbar" aria-label="Diagram">
<input id="search" type="search" placeholder="Search tables and columns" aria-label="Search tables and columns" autocomplete="off" spellcheck="false">
<output id="found" for="search"></output>
<button type="button" data-do="out" aria-label="Zoom out" title="Zoom out (-)">−</button>
<button type="button" data-do="in" aria-label="Zoom in" title="Zoom in (+)">+</button>
<button type="button" data-do="fit" title="Show all (0)">Fit</button>
{list}</div>
</header>
<main>
{nav}<section id="stage" tabindex="0" aria-label="Diagram: drag to move, turn the wheel to zoom">
<div id="canvas">
{drawing}</div>
</section>
<aside id="panel" aria-live="polite" aria-label="Details">
<button type="button" data-do="close" aria-label="Close the details">×</button>
{panels}</aside>
</main>
<script>{script}</script>
</body>
</html>
"#
    )
}

/// Writes the policy: only this script and this style, and no connection.
fn policy(style: &str, script: &str) -> String {
    format!(
        "default-src 'none'; img-src data:; style-src 'sha256-{}'; script-src 'sha256-{}'; \
         base-uri 'none'; form-action 'none'",
        hash(style),
        hash(script)
    )
}

/// Writes the button that shows the revisions where they have no room of their own.
fn list_button(revisions: &[Revision]) -> &'static str {
    if revisions.is_empty() {
        return "";
    }
    "<button type=\"button\" data-do=\"list\">Revisions</button>\n"
}

/// Writes the list of revisions, with their graph.
fn nav(outline: &Outline, revisions: &[Revision], lanes: &str) -> String {
    if revisions.is_empty() {
        return String::new();
    }
    let mut res = format!(
        "<nav id=\"revisions\" aria-label=\"Revisions\"><h2>Revisions</h2><div class=\"graph\">{lanes}<ol>"
    );
    for (at, revision) in revisions.iter().enumerate() {
        let places = revision.tables.iter().filter_map(|name| {
            Some(outline.tables.iter().position(|it| it.name == *name)?.to_string())
        });
        let tables = places.collect::<Vec<_>>().join(" ");
        let open = if revision.applied == Some(false) { " class=\"open\"" } else { "" };
        // The day is enough beside the message.
        let day: String = revision.date.chars().take(10).collect();
        let marks = revision.marks.iter().map(|it| format!(" <b>{}</b>", xml(it)));
        let marks: String = marks.collect();
        // Writing to a string can't fail.
        let _ = write!(
            res,
            "<li{open}><a href=\"#p-r{at}\" data-revision=\"{at}\" data-tables=\"{tables}\">\
             <span class=\"message\">{}</span><span class=\"of\"><code>{}</code> {}{marks}</span></a></li>",
            xml(&revision.message),
            xml(&revision.id),
            xml(&day)
        );
    }
    res + "</ol></div></nav>\n"
}

fn counts(tables: usize, views: usize, revisions: usize) -> String {
    let parts = [(tables, "table"), (views, "view"), (revisions, "revision")];
    let parts = parts.iter().filter(|it| it.0 != 0).map(|(count, word)| {
        let s = if *count == 1 { "" } else { "s" };
        format!("{count} {word}{s}")
    });
    parts.collect::<Vec<_>>().join(", ")
}

/// Returns the hash by which a policy names a script or a style: SHA-256 in base64.
fn hash(text: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut res = String::new();
    for chunk in Sha256::digest(text).chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for letter in 0..4 {
            let index = bits >> (18 - 6 * letter) & 63;
            let known = usize::try_from(index).ok().and_then(|it| LETTERS.get(it));
            res.push(if chunk.len() < letter {
                '='
            } else {
                known.map_or('=', |it| char::from(*it))
            });
        }
    }
    res
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_as_browsers_make_it() {
        assert_eq!(hash(""), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
        assert_eq!(hash("abc"), "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
    }
}
