//! Configuration files, the sources of values, and the lines that no message may show.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::{fmt, io};

use crate::config::ConfigError;
use crate::file::{self, FoundBy};
use crate::place::Place;

/// The source of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A flag of the command line, such as `--url`.
    Flag(&'static str),
    /// A variable of the environment.
    Variable(String),
    /// A variable of the `.env` file.
    DotEnv(String),
    /// The program that embeds the library.
    Program,
    /// A place in the configuration file.
    File(Box<Place>),
}

/// A text file, and its name in messages.
pub(crate) struct Document {
    pub(crate) file: PathBuf,
    pub(crate) text: String,
}

#[derive(Clone)]
pub(crate) struct Located<T> {
    pub(crate) key: String,
    pub(crate) value: T,
    pub(crate) place: Box<Place>,
}

/// Writes `--url`, `MIGRATE_URL`, `DATABASE_URL in .env` or `migrate.toml:3`.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) => f.write_str(name),
            Self::Variable(name) => f.write_str(name),
            Self::Program => f.write_str("the program"),
            Self::DotEnv(name) => write!(f, "{name} in .env"),
            Self::File(place) => write!(f, "{}:{}", place.file.display(), place.line),
        }
    }
}

impl Document {
    /// Reads a file; messages name it relative to `working_folder`.
    pub(crate) fn read(
        path: &Path,
        found: FoundBy,
        working_folder: &Path,
    ) -> Result<Self, ConfigError> {
        let file = path.strip_prefix(working_folder).unwrap_or(path).to_path_buf();
        if path.is_dir() {
            return Err(ConfigError::IsFolder { file });
        }
        let bytes = match file::settings(path, found) {
            Ok(bytes) => bytes,
            Err(source) if source.kind() == io::ErrorKind::NotFound => {
                return Err(ConfigError::Missing { file });
            }
            Err(source) => return Err(ConfigError::Read { file, source }),
        };
        match String::from_utf8(bytes) {
            Ok(text) => {
                let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
                Ok(Self { file, text })
            }
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                let place = Self { file, text }.place(&(valid..valid));
                Err(ConfigError::NotUtf8 { place: Box::new(hidden(place)) })
            }
        }
    }

    /// Returns the place where a range of bytes begins, with no other line than its own.
    pub(crate) fn place(&self, span: &Range<usize>) -> Place {
        let mut res = Place::at_offset(&self.file, &self.text, span.start);
        let line = self.text.split('\n').nth(res.line - 1).unwrap_or("").trim_end();
        res.excerpt = if may_hold_secret(line) { masked(line) } else { line.to_owned() };
        res.first_line = res.line;
        res
    }

    /// Returns the place of a syntax error. Its line is hidden where it may continue a string or be
    /// a variable's value.
    pub(crate) fn syntax_place(&self, span: &Range<usize>) -> Place {
        let place = self.place(span);
        let before: Vec<&str> = self.text.split('\n').take(place.line).collect();
        let header = before.iter().rev().find(|line| line.trim_start().starts_with('['));
        let among_variables = header.is_some_and(|line| line.contains("variables"));
        if among_variables || self.text.contains("\"\"\"") || self.text.contains("'''") {
            return hidden(place);
        }
        place
    }
}

/// Returns the place without its line, which may hold a secret.
pub(crate) fn hidden(place: Place) -> Place {
    Place { excerpt: String::new(), ..place }
}

/// Returns a line with its value left out: `url = …`.
fn masked(line: &str) -> String {
    let bare = |key: &&str| key.chars().all(|c| c.is_ascii_alphanumeric() || " _-".contains(c));
    let key = line.split_once('=').map(|(key, _)| key).filter(bare);
    key.map_or_else(String::new, |key| format!("{key}= …"))
}

/// Tells whether a line of a configuration file may hold a password: any URL may, and text that was
/// meant as one.
pub(crate) fn may_hold_secret(line: &str) -> bool {
    let key = line.trim_start().trim_start_matches(['"', '\'', '{', ' ']);
    line.contains("://")
        || line.contains('@')
        || ["url", "scratch", "variables"].iter().any(|name| key.starts_with(name))
        || line.contains("url =")
        || line.contains("url=")
}

pub(crate) fn shown(value: &str) -> String {
    if may_hold_secret(value) { "…".to_owned() } else { value.to_owned() }
}

pub(crate) fn shown_key(key: &str) -> String {
    if key.contains("://") || key.contains('@') { "…".to_owned() } else { key.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(text: &str) -> Document {
        Document { file: PathBuf::from("migrate.toml"), text: text.to_owned() }
    }

    fn at(text: &str, needle: &str) -> Place {
        let start = text.find(needle).unwrap();
        document(text).place(&(start..start + needle.len()))
    }

    #[test]
    fn a_place_counts_lines_and_characters_from_one() {
        let place = at("a = 1\r\nü = 'ö', x\r\n", "x");
        assert_eq!((place.line, place.column), (2, 10));
        assert_eq!(place.excerpt, "ü = 'ö', x");
        let place = document("a\n").place(&(2..2));
        assert_eq!((place.line, place.column, place.excerpt.as_str()), (2, 1, ""));
        let place = document("ab").place(&(9..12));
        assert_eq!((place.line, place.column), (1, 3));
    }

    #[test]
    fn a_line_that_may_hold_a_secret_is_not_kept() {
        let lines = [
            ("x = 'postgres://a:b@c'", "x = …"),
            ("url = 's'", "url = …"),
            ("\"url\" = 's'", ""),
            ("  scratch = 's'", "  scratch = …"),
            ("a = { url = 's' }", "a = …"),
            ("x = 'a:b@c'", "x = …"),
            ("variables = { a = 's' }", "variables = …"),
        ];
        for (line, shown) in lines {
            assert_eq!(at(line, "'").excerpt, shown, "{line}");
        }
    }

    #[test]
    fn an_origin_is_a_flag_a_variable_or_a_line() {
        assert_eq!(Origin::Flag("--url").to_string(), "--url");
        assert_eq!(Origin::Variable("MIGRATE_URL".to_owned()).to_string(), "MIGRATE_URL");
        assert_eq!(Origin::DotEnv("A".to_owned()).to_string(), "A in .env");
        assert_eq!(Origin::File(Box::new(at("\n\nx", "x"))).to_string(), "migrate.toml:3");
    }
}
