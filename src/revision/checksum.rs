//! The checksum that shows whether an applied script was edited.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::sql::hex;

/// SHA-256 over a script's body, as `sha256:` and 64 hexadecimal digits.
///
/// A byte order mark and CRLF line ends do not count, so git's line endings are no edit; every
/// other byte does. The rule can never change, since checksums are compared with old records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checksum(Box<str>);

const PREFIX: &str = "sha256:";

impl Checksum {
    /// Computes the checksum of a body: the text after a script's header.
    pub fn of(body: &str) -> Self {
        let mut res = Running::default();
        res.add(body);
        res.finish()
    }

    /// Computes the checksums of all prefixes of a list: of no text, the first, the first two, and
    /// so on.
    pub fn of_each_beginning<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<Self> {
        let mut hash = Sha256::new();
        let mut res = vec![Self::of_hash(hash.clone())];
        for text in texts {
            hash.update(text.as_bytes());
            // No script holds a NUL, so no two lists of texts have the same bytes.
            hash.update(b"\0");
            res.push(Self::of_hash(hash.clone()));
        }
        res
    }

    /// Tells whether the recorded text is this checksum.
    pub fn is(&self, recorded: &str) -> bool {
        *self.0 == *recorded
    }

    /// Takes a checksum as it was recorded, even if malformed.
    pub fn recorded(text: impl Into<Box<str>>) -> Self {
        Self(text.into())
    }

    fn of_hash(hash: Sha256) -> Self {
        Self([PREFIX, &hex(&hash.finalize())].concat().into())
    }
}

/// The checksum of a body that arrives in pieces.
#[derive(Debug, Default)]
pub(crate) struct Running {
    hash: Sha256,
    /// Whether any bytes have arrived.
    is_begun: bool,
    /// Whether the last byte was a carriage return, which counts unless a line feed follows.
    awaits: bool,
}

impl Running {
    pub(crate) fn add(&mut self, piece: &str) {
        if piece.is_empty() {
            return;
        }
        let is_first = !std::mem::replace(&mut self.is_begun, true);
        let piece = piece.strip_prefix('\u{feff}').filter(|_| is_first).unwrap_or(piece).as_bytes();
        if piece.is_empty() {
            return;
        }
        if std::mem::take(&mut self.awaits) && piece.first() != Some(&b'\n') {
            self.hash.update(b"\r");
        }
        let body = piece.strip_suffix(b"\r").unwrap_or(piece);
        self.awaits = body.len() < piece.len();
        let mut start = 0;
        for at in memchr::memchr_iter(b'\r', body) {
            if body.get(at + 1) == Some(&b'\n') {
                self.hash.update(body.get(start..at).unwrap_or_default());
                start = at + 1;
            }
        }
        self.hash.update(body.get(start..).unwrap_or_default());
    }

    pub(crate) fn finish(mut self) -> Checksum {
        if self.awaits {
            self.hash.update(b"\r");
        }
        Checksum::of_hash(self.hash)
    }
}

impl fmt::Display for Checksum {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_checksum_by_pieces_is_that_of_the_whole(
            body in r"(\x{feff}|\r|\n|a|ü){0,12}", cuts in proptest::collection::vec(0..30_usize, 0..6),
        ) {
            let plain = body.strip_prefix('\u{feff}').unwrap_or(&body).replace("\r\n", "\n");
            let mut cuts: Vec<usize> = cuts.iter().map(|it| body.floor_char_boundary(*it)).collect();
            cuts.sort_unstable();
            cuts.push(body.len());
            let (mut running, mut start) = (Running::default(), 0);
            for cut in cuts {
                running.add(&body[start..cut]);
                start = cut;
            }
            let whole = Checksum::of_hash(Sha256::new_with_prefix(plain.as_bytes()));
            prop_assert_eq!(&running.finish(), &whole);
            prop_assert_eq!(Checksum::of(&body), whole);
        }
    }

    #[test]
    fn the_value_is_plain_sha256_of_the_normalized_text() {
        // `printf 'a\nb' | sha256sum`
        let expected = "sha256:7e18f737311b2dc3b2f269dd78396b0351f14fb66efa879f768cb23181883c78";
        let sum = Checksum::of("a\nb");
        assert_eq!(Checksum::of("a\r\nb"), sum);
        assert_eq!(Checksum::of("\u{feff}a\r\nb"), sum);
        assert_eq!(sum.to_string(), expected);
        assert_eq!(Checksum::recorded(expected), sum);
        assert_ne!(Checksum::recorded(expected.to_uppercase()), sum);
        assert_eq!(Checksum::recorded("sha256:0").to_string(), "sha256:0");
    }

    #[test]
    fn beginnings_are_told_apart() {
        let one = Checksum::of_each_beginning(["ab", "c"].into_iter());
        let other = Checksum::of_each_beginning(["a", "bc"].into_iter());
        assert_eq!((one.len(), &one[0]), (3, &other[0]));
        assert_ne!(one[1], other[1]);
        assert_ne!(one[2], other[2]);
    }
}
