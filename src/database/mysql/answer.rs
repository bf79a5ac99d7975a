//! A MySQL server's answer to a statement, in the text protocol.

use std::io;

use crate::database::mysql::columns::{self, Described};
use crate::database::mysql::fault::ServerError;
use crate::database::mysql::wire::{Fields, Wire};
use crate::database::{Answer as Typed, Row};
use crate::sql::hex;

/// The status flag for more results of the statement.
const MORE: u64 = 1 << 3;

/// The server's answer to a statement.
#[derive(Default)]
pub(super) struct RawAnswer {
    /// The rows of the first result.
    pub(super) rows: Vec<Row>,
    /// All results with columns.
    pub(super) typed: Vec<Typed>,
    pub(super) changed: u64,
    pub(super) warnings: u64,
    pub(super) status: u64,
}

/// Which rows of an answer are kept.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Keep {
    /// Rows are discarded.
    Nothing,
    /// The first result is kept as text.
    Texts,
    /// All results are kept with columns.
    Typed,
}

/// The reason why a statement was not answered as expected.
pub(super) enum AnswerError {
    Server(ServerError),
    /// The statement exceeds the server's packet limit.
    TooLarge,
    Lost(String),
}

impl From<io::Error> for AnswerError {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::UnexpectedEof {
            return Self::Lost("the server closed it".to_owned());
        }
        Self::Lost(error.to_string())
    }
}

/// Receives all answers to a statement: a procedure gives several, and each may be an error.
pub(super) fn answer(wire: &mut Wire, keep: Keep) -> Result<RawAnswer, AnswerError> {
    let mut answer = RawAnswer::default();
    let mut keep = keep;
    loop {
        let packet = wire.receive()?;
        match packet.as_slice() {
            [0x00, rest @ ..] => {
                answer.end(rest).ok_or_else(garbled)?;
                // The end of a procedure carries no count.
                if keep == Keep::Typed && (answer.typed.is_empty() || answer.changed > 0) {
                    answer.typed.push(Typed { changed: answer.changed, ..Typed::default() });
                }
            }
            [0xff, rest @ ..] => return Err(AnswerError::Server(ServerError::read(rest))),
            // The server asks for a local file, which we said we wouldn't send.
            [0xfb, ..] | [] => return Err(garbled()),
            columns => {
                let columns = Fields(columns).packed().ok_or_else(garbled)?;
                if keep == Keep::Typed {
                    receive_typed(wire, columns, &mut answer)?;
                } else {
                    receive_rows(wire, columns, keep == Keep::Texts, &mut answer)?;
                    keep = Keep::Nothing;
                }
            }
        }
        if answer.status & MORE == 0 {
            return Ok(answer);
        }
    }
}

fn garbled() -> AnswerError {
    AnswerError::Lost("the server's answer is not what the protocol says".to_owned())
}

fn receive_rows(
    wire: &mut Wire,
    columns: u64,
    keep: bool,
    answer: &mut RawAnswer,
) -> Result<(), AnswerError> {
    // The columns' descriptions, and the packet that ends them.
    for _ in 0..=columns {
        wire.receive()?;
    }
    loop {
        let packet = wire.receive()?;
        match packet.as_slice() {
            [0xff, rest @ ..] => return Err(AnswerError::Server(ServerError::read(rest))),
            [0xfe, rest @ ..] if rest.len() < 8 => {
                return answer.end_rows(rest).ok_or_else(garbled);
            }
            row if keep => answer.rows.push(values(row).ok_or_else(garbled)?),
            _ => {}
        }
    }
}

/// Receives rows with the descriptions of their columns.
fn receive_typed(wire: &mut Wire, columns: u64, answer: &mut RawAnswer) -> Result<(), AnswerError> {
    let mut described = Vec::new();
    for _ in 0..columns {
        described.push(Described::read(&wire.receive()?).ok_or_else(garbled)?);
    }
    wire.receive()?;
    let mut rows = Vec::new();
    loop {
        let packet = wire.receive()?;
        match packet.as_slice() {
            [0xff, rest @ ..] => return Err(AnswerError::Server(ServerError::read(rest))),
            [0xfe, rest @ ..] if rest.len() < 8 => {
                answer.end_rows(rest).ok_or_else(garbled)?;
                let columns = described.into_iter().map(|it| it.column).collect();
                answer.typed.push(Typed { columns, rows, changed: 0 });
                return Ok(());
            }
            row => rows.push(columns::values(row, &described).ok_or_else(garbled)?),
        }
    }
}

/// Parses a row; binary values are written in hexadecimal.
pub(super) fn values(packet: &[u8]) -> Option<Row> {
    let mut fields = Fields(packet);
    let mut row = Vec::new();
    while let Some(first) = fields.0.first() {
        row.push(if *first == 0xfb {
            fields.byte()?;
            None
        } else {
            let bytes = fields.text()?;
            Some(std::str::from_utf8(bytes).map_or_else(|_| hex(bytes), str::to_owned))
        });
    }
    Some(row)
}

impl RawAnswer {
    /// Handles the packet that ends a result's rows.
    fn end_rows(&mut self, packet: &[u8]) -> Option<()> {
        let mut fields = Fields(packet);
        self.warnings = fields.number(2)?;
        self.status = fields.number(2)?;
        Some(())
    }

    /// Handles the answer to a statement without rows.
    fn end(&mut self, packet: &[u8]) -> Option<()> {
        let mut fields = Fields(packet);
        self.changed = fields.packed()?;
        fields.packed()?;
        self.status = fields.number(2)?;
        self.warnings = fields.number(2)?;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_texts_and_what_is_none_is_hexadecimal() {
        let row = values(b"\xfb\x00\x02\xc3\xa4\x02\xff\xfe").unwrap();
        let text = |value: &str| Some(value.to_owned());
        assert_eq!(row, [None, text(""), text("ä"), text("fffe")]);
        assert_eq!(values(b"\x05ab"), None);
    }
}
