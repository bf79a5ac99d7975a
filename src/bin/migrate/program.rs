//! The program's name, as it was called.

use std::ffi::OsStr;
use std::path::Path;
use std::sync::OnceLock;

/// The program's name where the caller's can't be typed.
const USUAL: &str = "migrate";

/// The longest name, in letters.
const LONGEST: usize = 32;

/// Returns the name by which the program was called: a link named `limbeck` makes it `limbeck`.
pub(crate) fn name() -> &'static str {
    static NAME: OnceLock<String> = OnceLock::new();
    NAME.get_or_init(|| {
        std::env::args_os().next().as_deref().and_then(sane).unwrap_or(USUAL).to_owned()
    })
}

/// Replaces `migrate` in a text by the program's name.
pub(crate) fn named(text: String) -> String {
    if name() == USUAL { text } else { text.replace("`migrate ", &format!("`{} ", name())) }
}

/// Takes the name from a path, if it is a word that is safe in a command line and a script.
fn sane(called: &OsStr) -> Option<&str> {
    let name = Path::new(called).file_name()?.to_str()?;
    let name = name.strip_suffix(std::env::consts::EXE_SUFFIX).unwrap_or(name);
    let is_letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic());
    // A program that restarts itself has this name on Linux.
    let is_itself = called == OsStr::new("/proc/self/exe");
    let sane = begins && !is_itself && name.len() <= LONGEST && name.chars().all(is_letter);
    sane.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_word_that_can_be_typed_and_a_strange_one_is_not_taken_over() {
        for (called, name) in [
            ("migrate", "migrate"),
            ("/usr/local/bin/limbeck", "limbeck"),
            ("./db-migrate_2.1", "db-migrate_2.1"),
        ] {
            assert_eq!(sane(OsStr::new(called)), Some(name), "{called}");
        }
        let long = "m".repeat(LONGEST + 1);
        let strange = ["", "/", "-bash", "a b", "$(id)", "`x`", "a\nb", "..", "größe", "3"];
        for called in strange.into_iter().chain(["/proc/self/exe", &long]) {
            assert_eq!(sane(OsStr::new(called)), None, "{called}");
        }
    }
}
