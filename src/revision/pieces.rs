//! Scripts that are read in pieces, so that memory doesn't depend on their size.

use std::io::{self, Read};
use std::ops::Range;
use std::str;

/// The size beyond which a script is not held in memory as a whole if avoidable.
pub(crate) const LARGE: u64 = 1 << 20;

pub(crate) const PIECE: usize = 1 << 16;

/// The most bytes of a character that a cut leaves.
const CUT: usize = 3;

/// A reader of a file in pieces; all but the last have the same size.
#[derive(Debug)]
pub(crate) struct Pieces<R> {
    source: R,
    size: usize,
    buffer: Vec<u8>,
    /// The bytes of a character that the last piece has begun.
    rest: Range<usize>,
}

#[derive(Debug)]
pub(crate) struct Piece<'a> {
    pub(crate) bytes: &'a [u8],
    /// The text up to the end of the piece, without a character that is cut; that begins the next
    /// one.
    pub(crate) text: &'a str,
}

impl<R: Read> Pieces<R> {
    pub(crate) fn new(source: R, size: usize) -> Self {
        Self { source, size, buffer: vec![0; size + CUT], rest: 0..0 }
    }

    /// Reads the next piece; invalid UTF-8 is [`io::ErrorKind::InvalidData`].
    pub(crate) fn read(&mut self) -> io::Result<Option<Piece<'_>>> {
        let kept = self.rest.len();
        self.buffer.copy_within(self.rest.clone(), 0);
        let room = self.buffer.get_mut(kept..kept + self.size).unwrap_or_default();
        let end = kept + fill(&mut self.source, room)?;
        let (all, bytes) = (self.buffer.get(..end), self.buffer.get(kept..end));
        let (all, bytes) = (all.unwrap_or_default(), bytes.unwrap_or_default());
        if all.is_empty() {
            return Ok(None);
        }
        let text = match str::from_utf8(all) {
            Ok(text) => text,
            Err(error) if error.error_len().is_none() && !bytes.is_empty() => {
                let whole = all.get(..error.valid_up_to()).unwrap_or_default();
                str::from_utf8(whole).unwrap_or_default()
            }
            Err(error) => return Err(io::Error::new(io::ErrorKind::InvalidData, error)),
        };
        self.rest = text.len()..end;
        Ok(Some(Piece { bytes, text }))
    }
}

/// Reads until the buffer is full or the source ends.
fn fill(source: &mut impl Read, mut room: &mut [u8]) -> io::Result<usize> {
    let size = room.len();
    while !room.is_empty() {
        match source.read(room) {
            Ok(0) => break,
            Ok(count) => room = room.get_mut(count..).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(size - room.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads all pieces: the bytes of each, and the text of all.
    fn read(bytes: &[u8], size: usize) -> io::Result<(Vec<Vec<u8>>, String)> {
        let mut pieces = Pieces::new(bytes, size);
        let mut res = (Vec::new(), String::new());
        while let Some(piece) = pieces.read()? {
            res.0.push(piece.bytes.to_vec());
            res.1.push_str(piece.text);
        }
        Ok(res)
    }

    #[test]
    fn a_character_that_is_cut_is_whole_in_the_text() {
        let text = "a日本語é\u{feff}😀z";
        for size in 1..=text.len() + 1 {
            let (pieces, read) = read(text.as_bytes(), size).unwrap();
            assert_eq!(read, text, "{size}");
            assert_eq!(pieces.concat(), text.as_bytes());
            let chunks = text.as_bytes().chunks(size);
            assert!(pieces.iter().filter(|it| !it.is_empty()).eq(chunks), "{size}");
        }
        assert_eq!(read(b"", 3).unwrap().0.len(), 0);
    }

    #[test]
    fn what_is_no_text_is_an_error_wherever_it_is_cut() {
        for bytes in [&b"ab\xffcd"[..], b"abc\xe6\x97", b"\xf0\x9f\x98", b"a\xe6b"] {
            for size in 1..=bytes.len() + 1 {
                let error = read(bytes, size).unwrap_err();
                assert_eq!(error.kind(), io::ErrorKind::InvalidData, "{bytes:?} {size}");
            }
        }
    }
}
