//! Finds up scripts by name, whether they are valid revisions or not.

use std::fs;
use std::path::{Path, PathBuf};

use crate::file::{self, FoundBy};
use crate::revision::folder::{Depth, UP};
use crate::revision::stranger::is_passed_over;

/// Finds the up scripts that match a name best: by path, file name, id in the header, or prefix of
/// these. Unreadable files match by name.
pub fn up_scripts(folders: &[PathBuf], depth: Depth, name: &str) -> Vec<PathBuf> {
    let name = name.strip_prefix("./").unwrap_or(name);
    let mut all = Vec::new();
    for folder in folders {
        list(folder, depth, &mut all);
    }
    all.sort();
    all.dedup();
    let fits: [&dyn Fn(&Path) -> bool; 4] = [
        &|path| path.ends_with(name),
        &|path| stem(path) == name || id_in(path).as_deref() == Some(name),
        &|path| id_in(path).is_some_and(|id| id.starts_with(name)),
        &|path| stem(path).split('_').any(|part| part.starts_with(name)),
    ];
    let found = fits.iter().map(|fits| all.iter().filter(|it| fits(it)).cloned().collect());
    let found = found.into_iter().find(|found: &Vec<PathBuf>| !found.is_empty());
    found.filter(|_| !name.is_empty()).unwrap_or_default()
}

fn list(folder: &Path, depth: Depth, res: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_string_lossy();
        if is_passed_over(&name) {
            continue;
        }
        if path.is_dir() {
            if depth == Depth::Recursive && !path.is_symlink() {
                list(&path, depth, res);
            }
        } else if name.ends_with(UP) {
            res.push(path);
        }
    }
}

fn stem(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.strip_suffix(UP).unwrap_or(&name).to_owned()
}

/// Reads the id from a header that may be invalid otherwise.
fn id_in(path: &Path) -> Option<String> {
    let bytes = file::statements(path, FoundBy::Custom).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let comments = text.trim_start_matches('\u{feff}').lines().map(str::trim);
    let mut comments =
        comments.map_while(|line| line.strip_prefix("--").or(line.is_empty().then_some("")));
    let id = comments.find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.trim().eq_ignore_ascii_case("Revision ID").then(|| value.trim().to_owned())
    });
    id.filter(|id| !id.is_empty())
}
