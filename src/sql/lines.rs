//! From byte offsets to lines and columns.
//!
//! Both count from one; columns count characters. Lines end with a line feed. A byte order mark at
//! a line's start takes no column, since editors do not show it.

/// The line starts of a text, for locating offsets.
#[derive(Debug, Clone)]
pub struct LineIndex<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

/// A position in a text that only moves forward.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Position {
    offset: usize,
    line: usize,
    column: usize,
}

impl<'a> LineIndex<'a> {
    /// Indexes the lines of a text.
    pub fn new(text: &'a str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect();
        Self { text, starts }
    }

    /// Returns the line and column of a byte offset; past the end means the end.
    ///
    /// The line is found by bisection, the column by counting within it.
    pub fn locate(&self, offset: usize) -> (usize, usize) {
        let after = self.starts.partition_point(|start| *start <= offset);
        let start = after.checked_sub(1).and_then(|line| self.starts.get(line)).copied();
        let mut cursor = Position { offset: start.unwrap_or(0), line: after, column: 1 };
        cursor.advance(self.text, offset)
    }
}

impl Position {
    pub(crate) fn new() -> Self {
        Self { offset: 0, line: 1, column: 1 }
    }

    /// Advances to an offset, rounded down to the start of a character, and returns its line and
    /// column.
    pub(crate) fn advance(&mut self, text: &str, offset: usize) -> (usize, usize) {
        let target = text.floor_char_boundary(offset).max(self.offset);
        let mut passed = text.get(self.offset..target).unwrap_or_default();
        if let Some(at) = passed.rfind('\n') {
            self.line += passed.bytes().filter(|byte| *byte == b'\n').count();
            self.column = 1;
            passed = passed.get(at + 1..).unwrap_or_default();
        }
        if self.column == 1 {
            passed = passed.trim_start_matches('\u{feff}');
        }
        self.column += passed.chars().count();
        self.offset = target;
        (self.line, self.column)
    }
}

/// Returns the line and column of the first NUL, which databases read as the end of the text.
pub fn find_nul(text: &str) -> Option<(usize, usize)> {
    text.find('\0').map(|offset| Position::new().advance(text, offset))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, offset: usize, expected: (usize, usize)) {
        assert_eq!(LineIndex::new(text).locate(offset), expected, "{text:?} at {offset}");
        assert_eq!(Position::new().advance(text, offset), expected, "{text:?} at {offset}");
    }

    #[test]
    fn lines_and_columns_count_from_one_in_characters() {
        check("", 0, (1, 1));
        check("ab\ncd", 1, (1, 2));
        check("ab\ncd", 2, (1, 3));
        check("ab\ncd", 3, (2, 1));
        check("ab\ncd\n", 6, (3, 1));
        check("äb\r\n\ncd", 7, (3, 2));
        check("日本語", 3, (1, 2));
        check("日本語", 4, (1, 2));
        check("ab", 99, (1, 3));
        check("\u{feff}ab", 0, (1, 1));
        check("\u{feff}ab", 3, (1, 1));
        check("\u{feff}ab\n\u{feff}cd", 9, (2, 1));
        check("a\u{feff}b", 4, (1, 3));
    }

    #[test]
    fn a_cursor_goes_on_from_where_it_is() {
        let text = "a\nbc d\n\n  e";
        let mut cursor = Position::new();
        let places: Vec<_> = (0..=text.len()).map(|at| cursor.advance(text, at)).collect();
        let index = LineIndex::new(text);
        assert_eq!(places, (0..=text.len()).map(|at| index.locate(at)).collect::<Vec<_>>());
    }

    #[test]
    fn the_first_nul_is_found() {
        assert_eq!(find_nul("a\nb'\0\0"), Some((2, 3)));
        assert_eq!(find_nul("a\\0"), None);
    }
}
