//! The name that the program goes by: the one that it was called by.

use std::ffi::OsStr;
use std::path::Path;
use std::sync::OnceLock;

/// The name where the caller's is none that anybody could type.
const USUAL: &str = "migrate";

/// The most letters that a name has.
const LONGEST: usize = 32;

/// Returns the name that the program was called by: a link named `limbeck` makes it `limbeck`.
pub(crate) fn name() -> &'static str {
    static NAME: OnceLock<String> = OnceLock::new();
    NAME.get_or_init(|| {
        let called = std::env::args_os().next();
        called.as_deref().and_then(sane).unwrap_or(USUAL).to_owned()
    })
}

/// Writes a text of ours with the program's name: in texts `migrate` stands for it.
pub(crate) fn named(text: String) -> String {
    if name() == USUAL { text } else { text.replace("`migrate ", &format!("`{} ", name())) }
}

/// Takes the name out of a path, if it is a word that can stand in a command line and a script.
fn sane(called: &OsStr) -> Option<&str> {
    let name = Path::new(called).file_name()?.to_str()?;
    let name = name.strip_suffix(std::env::consts::EXE_SUFFIX).unwrap_or(name);
    let is_letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic());
    // A program that starts itself again goes by this on Linux.
    let is_itself = called == OsStr::new("/proc/self/exe");
    let sane = begins && !is_itself && name.len() <= LONGEST && name.chars().all(is_letter);
    sane.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_word_that_can_be_typed() {
        for (called, name) in [
            ("migrate", "migrate"),
            ("/usr/local/bin/limbeck", "limbeck"),
            ("./db-migrate_2.1", "db-migrate_2.1"),
        ] {
            assert_eq!(sane(OsStr::new(called)), Some(name), "{called}");
        }
    }

    #[test]
    fn a_strange_name_is_not_taken_over() {
        let long = "m".repeat(LONGEST + 1);
        for called in [
            "",
            "/",
            "-bash",
            "a b",
            "$(id)",
            "`x`",
            "a\nb",
            "..",
            "größe",
            "3",
            "/proc/self/exe",
            &long,
        ] {
            assert_eq!(sane(OsStr::new(called)), None, "{called}");
        }
    }
}
