//! Up scripts that are not held in memory as a whole.
//!
//! Only valid scripts are read here. If there is a fault, the caller reads the whole text, which
//! locates it.

use std::io::{self, Read};
use std::path::Path;

use crate::file;
use crate::revision::checksum::Running;
use crate::revision::pieces::{PIECE, Pieces};
use crate::revision::{Header, Revision, Source};

/// The number of bytes that show whether a line belongs to the header.
const ENOUGH: usize = 7;

/// Reads a revision from the beginning of its up script.
pub(super) fn read(up: &Path) -> Option<Revision> {
    read_pieces(Pieces::new(file::open(up).ok()?, PIECE))
}

fn read_pieces<R: Read>(mut pieces: Pieces<R>) -> Option<Revision> {
    let start = beginning(&mut pieces).ok()?;
    let parsed = Header::parse(&start).ok()?;
    let mut sum = Running::default();
    sum.add(start.get(parsed.body..)?);
    drop(start);
    while let Some(piece) = pieces.read().ok()? {
        sum.add(piece.text);
    }
    Some(Revision {
        header: parsed.header,
        checksum: sum.finish(),
        source: Source::Stored { down: None },
    })
}

/// Reads as many pieces of a script as contain its header.
pub(crate) fn beginning<R: Read>(pieces: &mut Pieces<R>) -> io::Result<String> {
    let mut res = String::new();
    // The end of the header found so far.
    let mut at = 0;
    while let Some(piece) = pieces.read()? {
        res.push_str(piece.text);
        if at == 0 && res.starts_with('\u{feff}') {
            at = '\u{feff}'.len_utf8();
        }
        for line in res.get(at..).unwrap_or_default().split_inclusive('\n') {
            let is_comment = line.starts_with("--");
            if !is_comment && (line.ends_with('\n') || line.len() >= ENOUGH) {
                return Ok(res);
            }
            if !line.ends_with('\n') {
                break;
            }
            at += line.len();
        }
    }
    Ok(res)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::revision::folder::read_text;

    proptest! {
        #[test]
        fn a_script_is_the_same_whole_and_in_pieces(
            text in r"(\x{feff}?-- ä\r?\n(--\r?\n)?)?-- Revision ID: a1\r?\n(-- Revises: (b1, ?)?c1\r?\n){0,2}(<<<<<<<|=|-|é|)\r?(\x{feff}|;|\r|\n|ü| ){0,8}",
            size in 1..20_usize,
        ) {
            let whole = read_text(|| "a.up.sql".into(), &text);
            prop_assert_eq!(read_pieces(Pieces::new(text.as_bytes(), size)), whole.ok());
        }
    }

    #[test]
    fn no_more_is_kept_than_the_head() {
        let text = format!("-- m\n-- Revision ID: a1\n\n{}", "SELECT 1;\n".repeat(9));
        let mut pieces = Pieces::new(text.as_bytes(), 10);
        assert_eq!(beginning(&mut pieces).unwrap(), &text[..30]);
        let revision = read_pieces(Pieces::new(text.as_bytes(), 10)).unwrap();
        assert_eq!(revision.id().as_str(), "a1");
    }
}
