//! Messages of PostgreSQL's protocol, over a stream.
//!
//! Sizes come from the server, so no memory is reserved before the bytes arrive.

use std::io;
use std::time::Instant;

use bytes::BytesMut;
use postgres_protocol::message::backend::{Header, Message};
use postgres_protocol::message::frontend;

use crate::database::identify::is_silence;
use crate::database::socket::{Channel, Socket};

/// The number of bytes read at once.
const PIECE: usize = 16 << 10;

pub(super) struct Wire {
    channel: Box<dyn Channel>,
    /// Received bytes that are not parsed yet.
    input: BytesMut,
    /// Bytes to be sent.
    output: BytesMut,
}

impl Wire {
    /// Wraps a connection on which nothing has been sent.
    pub(super) fn new(channel: Box<dyn Channel>) -> Self {
        Self { channel, input: BytesMut::new(), output: BytesMut::new() }
    }

    pub(super) fn socket(&mut self) -> Option<&mut Socket> {
        self.channel.socket()
    }

    /// Appends a message to the output; a failed one leaves nothing there.
    pub(super) fn put(
        &mut self,
        write: impl FnOnce(&mut BytesMut) -> io::Result<()>,
    ) -> io::Result<()> {
        let before = self.output.len();
        write(&mut self.output).inspect_err(|_| self.output.truncate(before))
    }

    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.channel.write_all(&std::mem::take(&mut self.output))?;
        self.channel.flush()
    }

    pub(super) fn send(
        &mut self,
        write: impl FnOnce(&mut BytesMut) -> io::Result<()>,
    ) -> io::Result<()> {
        self.put(write)?;
        self.flush()
    }

    /// Sets the deadline for answers; none for no deadline.
    pub(super) fn limit(&mut self, deadline: Option<Instant>) -> io::Result<()> {
        self.socket().map_or(Ok(()), |socket| socket.limit(deadline))
    }

    /// Says goodbye in place of unsent messages, without waiting.
    pub(super) fn leave(&mut self) -> io::Result<()> {
        self.limit(Some(Instant::now()))?;
        self.output.clear();
        frontend::terminate(&mut self.output);
        self.flush()
    }

    pub(super) fn receive(&mut self) -> io::Result<Message> {
        loop {
            if let Some(message) = self.take()? {
                return Ok(message);
            }
            self.fill()?;
        }
    }

    /// Returns a message that has arrived already, if any.
    pub(super) fn receive_at_once(&mut self) -> io::Result<Option<Message>> {
        loop {
            if let Some(message) = self.take()? {
                return Ok(Some(message));
            }
            self.limit(Some(Instant::now()))?;
            let filled = self.fill();
            self.limit(None)?;
            match filled {
                Err(error) if is_silence(&error) => return Ok(None),
                filled => filled?,
            }
        }
    }

    fn take(&mut self) -> io::Result<Option<Message>> {
        // Bytes that are no messages have one kind of error, whatever is wrong with them.
        let garbled = |error| io::Error::new(io::ErrorKind::InvalidInput, error);
        let header = Header::parse(&self.input).map_err(garbled)?;
        let length = header.and_then(|header| usize::try_from(header.len()).ok());
        match length {
            Some(length) if self.input.len() > length => {
                Message::parse(&mut self.input).map_err(garbled)
            }
            _ => Ok(None),
        }
    }

    fn fill(&mut self) -> io::Result<()> {
        let before = self.input.len();
        self.input.resize(before + PIECE, 0);
        let read = self.channel.read(self.input.get_mut(before..).unwrap_or_default());
        self.input.truncate(before + *read.as_ref().unwrap_or(&0));
        if read? == 0 { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
    }
}

/// Makes the reason for a lost connection.
pub(super) fn reason(error: &io::Error) -> String {
    if error.kind() == io::ErrorKind::UnexpectedEof {
        "connection closed".to_owned()
    } else {
        format!("error communicating with the server: {error}")
    }
}
