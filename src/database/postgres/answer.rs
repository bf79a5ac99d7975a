//! What the server answers to a message of statements.

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

/// How many bytes of the data of a COPY a message has at most.
const PIECE: usize = 64 << 10;

/// What the server answered to a message.
#[derive(Default)]
pub(super) struct Answer {
    /// How many statements it completed.
    pub(super) completed: usize,
    pub(super) rows: Vec<Row>,
    /// The columns of the rows.
    pub(super) described: Option<RowDescriptionBody>,
    /// What the last statement was, and how many rows it was about: `UPDATE 5`.
    pub(super) tag: String,
    pub(super) error: Option<Fault>,
}

/// Why a message was not answered as wanted.
pub(super) enum Fault {
    /// The server refused a statement.
    Server(Box<ServerError>),
    /// The server would have to be sent data, or sends some.
    Copy,
    /// The connection is gone.
    Lost(String),
    /// The message could not be sent at all.
    Unsent(String),
}

impl From<Fault> for Answer {
    fn from(fault: Fault) -> Self {
        Self { error: Some(fault), ..Self::default() }
    }
}

impl Postgres {
    /// Sends what was not sent yet, and takes the answer to the oldest message that has none. Data go
    /// along once the server asks for them.
    pub(super) fn take_answer(&mut self, data: Option<&str>, keep: bool) -> Answer {
        let mut answer = Answer::default();
        let end = match &self.lost {
            Some(reason) => Err(reason.clone()),
            None => self.hear_out(&mut answer, data, keep).map_err(|error| reason(&error)),
        };
        if let Err(reason) = end {
            self.lost.get_or_insert_with(|| reason.clone());
            answer.error.get_or_insert(Fault::Lost(reason));
        }
        answer
    }

    /// Takes messages up to where the server is ready for more, or ends the connection.
    fn hear_out(
        &mut self,
        answer: &mut Answer,
        mut data: Option<&str>,
        keep: bool,
    ) -> io::Result<()> {
        self.wire.flush()?;
        let mut pieces: Option<Chunks<'_, u8>> = None;
        loop {
            let message = if let Some(rest) = &mut pieces {
                // The server may have something to say while it is sent data.
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
                    // What comes after an error is thrown away.
                    pieces = None;
                    let error = ServerError::read(body.fields())?;
                    if error.is_fatal() {
                        self.lost = Some(error.message.clone());
                    }
                    answer.fail(Fault::Server(Box::new(error)));
                }
                Message::CopyInResponse(_) => {
                    pieces = data.take().map(|data| data.as_bytes().chunks(PIECE));
                    if pieces.is_none() {
                        self.lost = Some("it waited for the data of a COPY".to_owned());
                        answer.fail(Fault::Copy);
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

    /// Sends a piece of the data of a COPY, or says that there are no more.
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

impl Answer {
    /// Takes a message that isn't the end.
    fn take(&mut self, message: Message, keep: bool) -> io::Result<()> {
        match message {
            Message::RowDescription(body) => self.described = Some(body),
            Message::DataRow(body) if keep => self.rows.push(row(&body)?),
            Message::CommandComplete(body) => self.complete(body.tag()?),
            Message::EmptyQueryResponse => self.complete(""),
            Message::CopyOutResponse(_) => self.fail(Fault::Copy),
            Message::DataRow(_) | Message::CopyData(_) | Message::CopyDone => {}
            _ => return Err(io::Error::other("unexpected message from server")),
        }
        Ok(())
    }

    /// Takes in that a statement was completed; what follows an error doesn't count.
    fn complete(&mut self, tag: &str) {
        if self.error.is_none() {
            self.completed += 1;
            tag.clone_into(&mut self.tag);
        }
    }

    fn fail(&mut self, fault: Fault) {
        self.error.get_or_insert(fault);
    }

    /// Returns how many rows the last statement was about.
    pub(super) fn changed(&self) -> u64 {
        self.tag.rsplit(' ').next().and_then(|count| count.parse().ok()).unwrap_or_default()
    }
}

fn row(body: &DataRowBody) -> io::Result<Row> {
    let text = |range: Range<usize>| String::from_utf8_lossy(&body.buffer()[range]).into_owned();
    body.ranges().map(|range| Ok(range.map(text))).collect()
}
