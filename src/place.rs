//! A place in a text file, for messages that point at it.
//!
//! It can locate itself in a text. It does not read files.

use std::path::{Path, PathBuf};

/// A position in a file, with the lines around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The path of the file, as the user would write it.
    pub file: PathBuf,
    /// The line number, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The lines around the position; the first of them is number [`Place::first_line`].
    pub excerpt: String,
    /// The number of the excerpt's first line.
    pub first_line: usize,
}

/// The number of lines shown before and after the one concerned.
const CONTEXT: usize = 2;

impl Place {
    /// Finds the place of a byte offset in a text; an offset past the end means its end.
    pub fn at_offset(file: &Path, text: &str, offset: usize) -> Self {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let (before, _) = text.split_at(offset);
        let line = before.matches('\n').count() + 1;
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let column = before.get(start..).unwrap_or_default().trim_start_matches('\u{feff}');
        Self::at(file, text, line, column.chars().count() + 1)
    }

    /// Makes the place of a line and a column, both from 1.
    pub fn at(file: &Path, text: &str, line: usize, column: usize) -> Self {
        let first_line = line.saturating_sub(CONTEXT).max(1);
        let excerpt: Vec<&str> = text
            .lines()
            .skip(first_line - 1)
            .take(line + CONTEXT + 1 - first_line)
            .map(|line| line.trim_start_matches('\u{feff}'))
            .collect();
        Self { file: file.to_path_buf(), line, column, excerpt: excerpt.join("\n"), first_line }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, offset: usize, expected: (usize, usize)) {
        let place = Place::at_offset(Path::new("f"), text, offset);
        assert_eq!((place.line, place.column), expected);
    }

    #[test]
    fn lines_and_columns_count_from_one_in_characters() {
        check("", 0, (1, 1));
        check("ab\ncd", 4, (2, 2));
        check("äb\r\ncd", 2, (1, 2));
        check("äb\r\ncd", 5, (2, 1));
        check("\u{feff}ab", 3, (1, 1));
        check("ab", 99, (1, 3));
    }

    #[test]
    fn the_excerpt_holds_the_lines_around() {
        let place = Place::at(Path::new("f"), "1\n2\n3\n4\n5\n6\n7", 4, 1);
        assert_eq!((place.excerpt.as_str(), place.first_line), ("2\n3\n4\n5\n6", 2));
    }
}
