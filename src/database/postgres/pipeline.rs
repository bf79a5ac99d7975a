//! Messages in flight to the server, and their answers, in order.
//!
//! They are sent when the first answer is wanted. If there is no room for all of them, the first
//! answers are received meanwhile (`database::socket`), so that neither side blocks the other.

use postgres_protocol::message::frontend;

use crate::database::postgres::Postgres;
use crate::database::postgres::answer::{AnswerError, RawAnswer};
use crate::database::postgres::fault;
use crate::database::postgres::login::unsent;
use crate::database::{Pipeline, Stopped};
use crate::sql::{Dialect, inline_data};

/// A message that is not answered yet.
pub(super) struct Posted {
    statements: Vec<String>,
    /// Whether the message can be sent.
    put: Result<(), AnswerError>,
}

impl Pipeline for Postgres {
    fn post(&mut self, statements: Vec<String>) {
        let put = self.put(&fault::join(&statements));
        self.posted.push_back(Posted { statements, put });
    }

    fn receive(&mut self) -> Option<Result<(), Stopped>> {
        let Posted { statements, put } = self.posted.pop_front()?;
        let answer = put.map_or_else(RawAnswer::from, |()| self.take_answer(None, false));
        Some(self.conclude(&statements, answer).map(drop))
    }
}

impl Postgres {
    /// Sends a message, and waits until the server is ready for the next.
    pub(super) fn ask(&mut self, text: &str, keep: bool) -> RawAnswer {
        let (command, data) = match inline_data(text, Dialect::Postgres) {
            Some((command, data)) => (command, Some(data)),
            None => (text, None),
        };
        self.put(command).map_or_else(RawAnswer::from, |()| self.take_answer(data, keep))
    }

    /// Writes a message that is sent once an answer is wanted.
    fn put(&mut self, text: &str) -> Result<(), AnswerError> {
        let put = self.wire.put(|buffer| frontend::query(text, buffer));
        put.map_err(|error| AnswerError::Unsent(unsent(&error)))
    }
}
