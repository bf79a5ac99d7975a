//! Down scripts that nobody has written yet: they are as they were begun, and taking them for scripts
//! without a statement would strike revisions whose tables stay.

use std::borrow::Cow;

use crate::revision::{Checksum, Header, Revision, RevisionError, RunBy, Source};
use crate::sql::{Dialect, Splitter};

/// The words by which a down script is known that is not written yet.
const KEY: &str = "Not written yet";

/// The line of a new down script, which makes way for statements.
pub(super) const LINE: &str = "-- Not written yet: put what undoes the up script below, or \
    `-- Nothing to undo` here";

/// Tells whether a comment, what follows `--`, says that the script is not written yet.
pub(super) fn is_not_written(comment: &str) -> bool {
    let name = comment.split_once(':').map(|(name, _)| name.trim());
    name.is_some_and(|name| name.eq_ignore_ascii_case(KEY))
}

/// Returns the line of a down script that says that it is not written yet; none once a statement
/// stands in it, whatever became of the line.
pub fn unwritten_line(text: &str, dialect: Dialect) -> Option<usize> {
    let line = Header::parse_down(text).ok()?.unwritten?;
    Splitter::new(text, dialect).next().is_none().then_some(line)
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

    /// Tells whether a text is this revision's down script and still has to be written.
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
            // Of one whose files are gone there is the checksum of what stood below the header.
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
    fn a_script_that_nobody_touched_is_known_by_its_line() {
        check(&format!("-- a (down)\n{LINE}\n\n"), Some(2));
        check("\u{feff}-- a\r\n--\r\n--NOT WRITTEN YET :\r\n-- /* */\r\n", Some(3));
        check("-- Not written yet: x\n\n/* DROP TABLE a; */ ;\n", Some(1));
    }

    #[test]
    fn a_script_with_a_statement_is_written_and_so_is_one_without_the_line() {
        check(&format!("-- a (down)\n{LINE}\n\nDROP TABLE a;\n"), None);
        check("-- a (down)\n-- Nothing to undo\n", None);
        check("-- a (down)\n-- not written yet\n", None);
        check("", None);
        check("-- a (down)\n\n-- Not written yet: a comment of the body\n", None);
    }
}
