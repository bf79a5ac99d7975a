//! Packets of MySQL's protocol: framing, and parsing of fields.
//!
//! Sizes come from the server, so no memory is reserved before the bytes arrive.

use std::io::{self, BufReader, Read};
use std::time::Instant;

use crate::database::socket::Channel;

/// The most bytes in one packet; longer payloads take several.
const MOST: usize = 0x00ff_ffff;

/// Packets over a stream, numbered as the protocol requires.
pub(super) struct Wire {
    stream: BufReader<Box<dyn Channel>>,
    sequence: u8,
}

impl Wire {
    /// Continues after the packets of a login.
    pub(super) fn new(stream: Box<dyn Channel>, sequence: u8) -> Self {
        Self { stream: BufReader::new(stream), sequence }
    }

    /// Sets the deadline for answers; none for no deadline.
    pub(super) fn limit(&mut self, deadline: Option<Instant>) -> io::Result<()> {
        self.stream.get_mut().socket().map_or(Ok(()), |socket| socket.limit(deadline))
    }

    /// Sends a command; the numbering starts anew.
    pub(super) fn command(&mut self, code: u8, argument: &[u8]) -> io::Result<()> {
        self.sequence = 0;
        let mut payload = Vec::with_capacity(argument.len() + 1);
        payload.push(code);
        payload.extend_from_slice(argument);
        self.send(&payload)
    }

    pub(super) fn send(&mut self, payload: &[u8]) -> io::Result<()> {
        self.stream.get_mut().write_all(&frame(payload, &mut self.sequence))?;
        self.stream.get_mut().flush()
    }

    pub(super) fn receive(&mut self) -> io::Result<Vec<u8>> {
        receive(&mut self.stream, &mut self.sequence)
    }
}

/// Splits a payload into packets; one that fills its last packet is followed by an empty one.
pub(super) fn frame(payload: &[u8], sequence: &mut u8) -> Vec<u8> {
    let mut framed = Vec::with_capacity(payload.len() + 4);
    let mut rest = payload;
    loop {
        let (piece, after) = rest.split_at(rest.len().min(MOST));
        let [low, middle, high, ..] = (piece.len() as u64).to_le_bytes();
        framed.extend_from_slice(&[low, middle, high, *sequence]);
        framed.extend_from_slice(piece);
        *sequence = sequence.wrapping_add(1);
        rest = after;
        if piece.len() < MOST {
            return framed;
        }
    }
}

/// Reads the packets of a payload, and not a byte more.
pub(super) fn receive(stream: &mut impl Read, sequence: &mut u8) -> io::Result<Vec<u8>> {
    let mut payload = Vec::new();
    loop {
        let mut header = [0; 4];
        stream.read_exact(&mut header)?;
        let [low, middle, high, number] = header;
        *sequence = number.wrapping_add(1);
        let length = u64::from(u32::from_le_bytes([low, middle, high, 0]));
        if stream.by_ref().take(length).read_to_end(&mut payload)? as u64 != length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if length < MOST as u64 {
            return Ok(payload);
        }
    }
}

/// A reader of a packet's fields; none where the packet is too short.
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl<'a> Fields<'a> {
    pub(super) fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        self.bytes(1).and_then(<[u8]>::first).copied()
    }

    /// Reads a number of a fixed size, low byte first.
    pub(super) fn number(&mut self, size: usize) -> Option<u64> {
        let bytes = self.bytes(size)?;
        Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    /// Reads a length-encoded number.
    pub(super) fn packed(&mut self) -> Option<u64> {
        match self.byte()? {
            0xfc => self.number(2),
            0xfd => self.number(3),
            0xfe => self.number(8),
            0xfb | 0xff => None,
            small => Some(u64::from(small)),
        }
    }

    /// Reads a length-encoded text.
    pub(super) fn text(&mut self) -> Option<&'a [u8]> {
        let length = self.packed()?;
        self.bytes(usize::try_from(length).ok()?)
    }

    /// Reads up to a NUL, or else to the end.
    pub(super) fn until_nul(&mut self) -> &'a [u8] {
        let mut parts = self.0.splitn(2, |byte| *byte == 0);
        let taken = parts.next().unwrap_or_default();
        self.0 = parts.next().unwrap_or_default();
        taken
    }
}

/// Writes a length-encoded text.
pub(super) fn put_text(payload: &mut Vec<u8>, text: &[u8]) {
    let length = text.len() as u64;
    let bytes = length.to_le_bytes();
    match length {
        0..0xfb => payload.push(bytes[0]),
        0xfb..0x1_0000 => payload.extend_from_slice(&[0xfc, bytes[0], bytes[1]]),
        0x1_0000..0x100_0000 => {
            payload.extend_from_slice(&[0xfd, bytes[0], bytes[1], bytes[2]]);
        }
        _ => {
            payload.push(0xfe);
            payload.extend_from_slice(&bytes);
        }
    }
    payload.extend_from_slice(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payloads_of_every_size_come_back_whole() {
        for size in [0, 1, 250, MOST - 1, MOST, MOST + 1, 2 * MOST] {
            let (mut sent, mut received) = (7, 0);
            let payload = vec![b'x'; size];
            let framed = frame(&payload, &mut sent);
            let mut stream = framed.as_slice();
            assert_eq!(receive(&mut stream, &mut received).unwrap().len(), size);
            assert!(stream.is_empty());
            assert_eq!(sent, received);
        }
    }

    #[test]
    fn a_packet_that_ends_too_early_is_an_error() {
        let framed = [5, 0, 0, 0, 1, 2];
        receive(&mut framed.as_slice(), &mut 0).unwrap_err();
        let mut fields = Fields(&[0xfd, 1, 2]);
        assert_eq!(fields.packed(), None);
        assert_eq!(Fields(&[9, b'a']).text(), None);
        assert_eq!(Fields(&[]).until_nul(), b"");
    }

    #[test]
    fn texts_of_every_length_are_read_as_written() {
        for size in [0, 0xfa, 0xfb, 0xffff, 0x1_0000, 0x100_0000] {
            let mut payload = Vec::new();
            put_text(&mut payload, &vec![b'x'; size]);
            assert_eq!(Fields(&payload).text().unwrap().len(), size);
        }
    }
}
