//! The server's answer to a message of statements.

#![expect(clippy::wildcard_enum_match_arm, reason = "most kinds of messages are never an answer")]

use std::io;
use std::ops::Range;
use std::slice::Chunks;

use fallible_iterator::FallibleIterator as _;
use postgres_protocol::message::backend::{DataRowBody, Message, RowDescriptionBody};
use postgres_protocol::message::frontend::{self, CopyData};

use crate::database::Row;
use crate::database::postgres::Postgres;
use crate::database::postgres::fault::ServerError;
use crate::database::postgres::wire::reason;

/// The most COPY data in one message, in bytes.
const PIECE: usize = 64 << 10;

/// The server's answer to a message.
#[derive(Default)]
pub(super) struct RawAnswer {
    /// The number of completed statements.
    pub(super) completed: usize,
    pub(super) rows: Vec<Row>,
    pub(super) described: Option<RowDescriptionBody>,
    /// The last command tag, e.g. `UPDATE 5`.
    pub(super) tag: String,
    pub(super) error: Option<AnswerError>,
}

/// The reason why a message was not answered as expected.
pub(super) enum AnswerError {
    /// The server refused a statement.
    Server(Box<ServerError>),
    /// The server asked for COPY data, or sent some.
    Copy,
    /// The connection is lost.
    Lost(String),
    /// The message could not be sent.
    Unsent(String),
}

impl From<AnswerError> for RawAnswer {
    fn from(fault: AnswerError) -> Self {
        Self { error: Some(fault), ..Self::default() }
    }
}

impl Postgres {
    /// Flushes pending messages, and receives the answer to the oldest unanswered one. COPY data is
    /// sent once the server asks for it.
    pub(super) fn take_answer(&mut self, data: Option<&str>, keep: bool) -> RawAnswer {
        let mut answer = RawAnswer::default();
        let end = match &self.lost {
            Some(reason) => Err(reason.clone()),
            None => self.hear_out(&mut answer, data, keep).map_err(|error| reason(&error)),
        };
        if let Err(reason) = end {
            self.lost.get_or_insert_with(|| reason.clone());
            answer.error.get_or_insert(AnswerError::Lost(reason));
        }
        answer
    }

    /// Receives messages until the server is ready for the next query, or ends the connection.
    fn hear_out(
        &mut self,
        answer: &mut RawAnswer,
        mut data: Option<&str>,
        keep: bool,
    ) -> io::Result<()> {
        self.wire.flush()?;
        let mut pieces: Option<Chunks<'_, u8>> = None;
        loop {
            let message = if let Some(rest) = &mut pieces {
                // The server may send messages while it receives data.
                let Some(message) = self.wire.receive_at_once()? else {
                    let piece = rest.next();
                    self.feed(piece)?;
                    if piece.is_none() {
                        pieces = None;
                    }
                    continue;
                };
                message
            } else {
                self.wire.receive()?
            };
            match message {
                Message::ReadyForQuery(body) => {
                    self.status = body.status();
                    return Ok(());
                }
                Message::ErrorResponse(body) => {
                    // Results after an error are discarded.
                    pieces = None;
                    let error = ServerError::read(body.fields())?;
                    if error.is_fatal() {
                        self.lost = Some(error.message.clone());
                    }
                    answer.fail(AnswerError::Server(Box::new(error)));
                }
                Message::CopyInResponse(_) => {
                    pieces = data.take().map(|data| data.as_bytes().chunks(PIECE));
                    if pieces.is_none() {
                        self.lost = Some("it waited for the data of a COPY".to_owned());
                        answer.fail(AnswerError::Copy);
                    }
                }
                message => {
                    if let Some(message) = self.session.take(message)? {
                        answer.take(message, keep)?;
                    }
                }
            }
            if self.lost.is_some() {
                return Ok(());
            }
        }
    }

    /// Sends a piece of COPY data, or the end of it.
    fn feed(&mut self, piece: Option<&[u8]>) -> io::Result<()> {
        self.wire.send(|buffer| {
            match piece {
                Some(piece) => CopyData::new(piece)?.write(buffer),
                None => frontend::copy_done(buffer),
            }
            Ok(())
        })
    }
}

impl RawAnswer {
    /// Handles a message before the final one.
    fn take(&mut self, message: Message, keep: bool) -> io::Result<()> {
        match message {
            Message::RowDescription(body) => self.described = Some(body),
            Message::DataRow(body) if keep => self.rows.push(row(&body)?),
            Message::CommandComplete(body) => self.complete(body.tag()?),
            Message::EmptyQueryResponse => self.complete(""),
            Message::CopyOutResponse(_) => self.fail(AnswerError::Copy),
            Message::DataRow(_) | Message::CopyData(_) | Message::CopyDone => {}
            _ => return Err(io::Error::other("unexpected message from server")),
        }
        Ok(())
    }

    /// Notes a completed statement; those after an error don't count.
    fn complete(&mut self, tag: &str) {
        if self.error.is_none() {
            self.completed += 1;
            tag.clone_into(&mut self.tag);
        }
    }

    fn fail(&mut self, fault: AnswerError) {
        self.error.get_or_insert(fault);
    }

    /// Returns the number of rows of the last command tag.
    pub(super) fn changed(&self) -> u64 {
        self.tag.rsplit(' ').next().and_then(|count| count.parse().ok()).unwrap_or_default()
    }
}

fn row(body: &DataRowBody) -> io::Result<Row> {
    let text = |range: Range<usize>| String::from_utf8_lossy(&body.buffer()[range]).into_owned();
    body.ranges().map(|range| Ok(range.map(text))).collect()
}
