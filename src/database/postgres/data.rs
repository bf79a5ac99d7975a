//! The data of a `COPY … FROM STDIN` that stand in a script, as the messages that the server asks for.
//!
//! `tokio-postgres` can send data only to a statement that it has prepared, which poolers of transactions
//! lose. So they go past it, onto the stream below, once the server has said that it waits for them.

/// How many bytes of data a message has at most.
const PIECE: usize = 64 << 10;

/// What is sent, and how much of it was.
#[derive(Debug, Default)]
pub(super) struct Data {
    /// Whether there are any.
    pub(super) is_offered: bool,
    text: Vec<u8>,
    /// How much of the text was put into messages.
    at: usize,
    /// The message that is on its way.
    message: Vec<u8>,
    /// How much of the message was sent.
    sent: usize,
    /// Whether the last message, which says that there is no more, was made.
    has_ended: bool,
}

impl Data {
    /// Takes the data.
    pub(super) fn new(text: &str) -> Self {
        Self { is_offered: true, text: text.as_bytes().to_vec(), ..Self::default() }
    }

    /// Returns the bytes to be sent next; none if all are.
    pub(super) fn piece(&mut self) -> Option<&[u8]> {
        if self.sent == self.message.len() {
            self.sent = 0;
            self.message.clear();
            let rest = self.text.get(self.at..).unwrap_or_default();
            let piece = rest.get(..PIECE).unwrap_or(rest);
            if !piece.is_empty() {
                self.message.push(b'd');
                // The length counts itself.
                let length = u32::try_from(piece.len() + 4).unwrap_or(u32::MAX);
                self.message.extend(length.to_be_bytes());
                self.message.extend_from_slice(piece);
                self.at += piece.len();
            } else if self.is_offered && !self.has_ended {
                self.message.extend([b'c', 0, 0, 0, 4]);
                self.has_ended = true;
            }
        }
        self.message.get(self.sent..).filter(|bytes| !bytes.is_empty())
    }

    /// Says that so many bytes were sent.
    pub(super) fn advance(&mut self, count: usize) {
        self.sent += count;
    }

    /// Makes no further message; the one that is on its way is sent to its end.
    pub(super) fn stop(&mut self) {
        self.is_offered = false;
        self.text = Vec::new();
        self.at = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes all that is to be sent, a few bytes at a time.
    fn rest(data: &mut Data, most: usize) -> Vec<u8> {
        let mut res = Vec::new();
        while let Some(bytes) = data.piece() {
            let piece = bytes[..bytes.len().min(most)].to_vec();
            data.advance(piece.len());
            res.extend(piece);
        }
        res
    }

    #[test]
    fn data_are_messages_and_an_end() {
        for most in [1, 3, 100] {
            assert_eq!(rest(&mut Data::new("a\n"), most), b"d\0\0\0\x06a\nc\0\0\0\x04");
            assert_eq!(rest(&mut Data::new(""), most), b"c\0\0\0\x04");
        }
        let text = "x".repeat(PIECE + 1);
        let sent = rest(&mut Data::new(&text), 1000);
        assert_eq!(sent.len(), 5 + PIECE + 5 + 1 + 5);
        assert_eq!(&sent[..5], b"d\0\x01\0\x04");
        assert!(rest(&mut Data::default(), 1).is_empty());
    }

    #[test]
    fn no_message_stays_half_sent() {
        let mut data = Data::new("ab\n");
        assert_eq!(data.piece().map(<[u8]>::len), Some(8));
        data.advance(6);
        data.stop();
        assert_eq!(rest(&mut data, 100), b"b\n");
    }
}
