//! Down scripts that are not written yet: running them like scripts without statements would delete
//! the records of revisions whose tables stay.

use std::borrow::Cow;

use crate::revision::{Checksum, Revision, RevisionError, RunBy, Source};
use crate::sql::{Dialect, Splitter};

/// The words that mark a down script as not written yet.
const KEY: &str = "Not written yet";

/// The line of a new down script that statements replace.
pub(super) const LINE: &str = "-- Not written yet: put what undoes the up script below, or \
    `-- Nothing to undo` here";

/// The words that mark a down script as empty on purpose.
const ANSWER: &str = "Nothing to undo";

/// Returns the line that marks a down script as not written yet; none once it has a statement, or
/// says that there is nothing to undo.
///
/// Without a statement the whole script is comments; moving the line into another kind of comment,
/// or below another, writes no statement.
pub fn unwritten_line(text: &str, dialect: Dialect) -> Option<usize> {
    if Splitter::new(text, dialect).next().is_some() {
        return None;
    }
    let mut comments = text.lines().map(comment);
    let key = |comment: &str| comment.split_once(':').map(|(name, _)| name.trim().to_owned());
    let is_key = |comment| key(comment).is_some_and(|name| name.eq_ignore_ascii_case(KEY));
    let line = comments.clone().position(is_key)?;
    (!comments.any(is_answer)).then_some(line + 1)
}

/// Returns the text of a comment line without its marker.
fn comment(line: &str) -> &str {
    line.trim_start_matches(['\u{feff}', '-', '/', '*', '#', '!', ';', ' ', '\t', '\r'])
}

/// Tells whether a comment consists of these words, possibly with more sentences.
fn is_answer(comment: &str) -> bool {
    let (words, rest) = comment.split_at_checked(ANSWER.len()).unwrap_or_default();
    words.eq_ignore_ascii_case(ANSWER)
        && !rest.trim_start().starts_with(|next: char| next.is_alphanumeric())
}

impl Revision {
    /// Returns the text of the down script, if there is one; a file is read.
    pub fn down_text(&self) -> Result<Option<Cow<'_, str>>, RevisionError> {
        match &self.source {
            Source::Files(pair) => Ok(pair.down_text()?.map(Cow::Owned)),
            Source::Embedded(pair) => {
                Ok(pair.down.as_ref().map(|it| Cow::Borrowed(it.text.as_ref())))
            }
            Source::Stored { down } => Ok(down.as_deref().map(Cow::Borrowed)),
        }
    }

    /// Tells whether the revision's down script still has to be written.
    ///
    /// A revision that is code, or irreversible on purpose, needs none; and where the up script has no
    /// statement either, there is nothing to undo.
    pub fn awaits_down(&self, down: &str, dialect: Dialect) -> Result<bool, RevisionError> {
        let extras = &self.header.extras;
        let needs_one = extras.run_by == RunBy::Script && extras.irreversible.is_none();
        if !needs_one || unwritten_line(down, dialect).is_none() {
            return Ok(false);
        }
        Ok(match self.up_text()? {
            Some(up) => Splitter::new(&up, dialect).next().is_some(),
            // For a revision without files there is the checksum of the body.
            None => !["", "\n"].iter().any(|body| Checksum::of(body) == self.checksum),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<usize>) {
        assert_eq!(unwritten_line(text, Dialect::Sqlite), expected, "{text}");
    }

    #[test]
    fn a_script_without_a_statement_is_known_by_its_line_wherever_that_stands() {
        check(&format!("-- a (down)\n{LINE}\n\n"), Some(2));
        check("\u{feff}-- a\r\n--\r\n--NOT WRITTEN YET :\r\n-- /* */\r\n", Some(3));
        check("-- Not written yet: x\n\n/* DROP TABLE a; */ ;\n", Some(1));
        check(&format!("\n\n{LINE}\n"), Some(3));
        check(&format!("\u{feff}{LINE}\r\n"), Some(1));
        check(&format!("\u{feff}\r\n{LINE}"), Some(2));
        check("-- a (down)\n-- Transaction: none\n\n/* b */\n\n  -- Not written yet: c", Some(6));
        check("/* Not written yet: a */", Some(1));
        check("/*\n * a\n * Not written yet: b\n */\n", Some(3));
        check(";\n-- Not written yet: a\n;", Some(2));
        assert_eq!(unwritten_line("# a\n# Not written yet: b", Dialect::MySql), Some(2));
    }

    #[test]
    fn a_statement_or_that_there_is_nothing_to_undo_is_an_answer() {
        check(&format!("-- a (down)\n{LINE}\n\n-- Nothing to undo\n"), None);
        check(&format!("{LINE}\r\n/* nothing to undo: rows only */\r\n"), None);
        check(&format!("{LINE}\n-- nothing to undo.\n"), None);
        check(&format!("{LINE}\n-- Nothing to undo was found so far\n"), Some(1));
        check(&format!("-- a (down)\n{LINE}\n\nDROP TABLE a;\n"), None);
        check(&format!("DROP TABLE a;\n{LINE}\n"), None);
        check("-- a (down)\n-- Nothing to undo\n", None);
        check("-- a (down)\n-- not written yet\n", None);
        check("", None);
    }
}
