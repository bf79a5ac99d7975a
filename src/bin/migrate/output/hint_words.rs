//! Hints that look for the word that was meant.

use limbeck::near::nearest;
use limbeck::ops::TEMPLATES;

/// Returns what to type instead of a template that isn't there.
pub(super) fn template(name: &str) -> String {
    let list = "`migrate list-templates` names them";
    match nearest(name, TEMPLATES.iter().map(|it| it.name)) {
        Some(near) => format!("did you mean `{near}`? {list}"),
        None => list.to_owned(),
    }
}
