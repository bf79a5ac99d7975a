//! What a MySQL server answers to a statement, in the protocol's text form.

use std::io;

use crate::database::mysql::columns::{self, Described};
use crate::database::mysql::fault::ServerError;
use crate::database::mysql::wire::{Fields, Wire};
use crate::database::{Answer as Typed, Row};
use crate::sql::hex;

/// The server's status: there are more answers to the statement.
const MORE: u64 = 1 << 3;

/// What the server answered to a statement.
#[derive(Default)]
pub(super) struct Answer {
    /// The rows of the first set of them.
    pub(super) rows: Vec<Row>,
    /// All that was answered, with its columns.
    pub(super) typed: Vec<Typed>,
    /// How many rows were changed.
    pub(super) changed: u64,
    pub(super) warnings: u64,
    pub(super) status: u64,
}

/// What becomes of rows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Keep {
    /// They are thrown away.
    Nothing,
    /// The first set of them is kept as texts.
    Texts,
    /// All are kept with their columns.
    Typed,
}

/// Why a statement was not answered as wanted.
pub(super) enum Fault {
    Server(ServerError),
    /// The statement has more bytes than the server takes.
    TooLarge,
    Lost(String),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::UnexpectedEof {
            return Self::Lost("the server closed it".to_owned());
        }
        Self::Lost(error.to_string())
    }
}

/// Receives all the answers to a statement: a procedure gives several, and each may be an error.
pub(super) fn answer(wire: &mut Wire, keep: Keep) -> Result<Answer, Fault> {
    let mut answer = Answer::default();
    let mut keep = keep;
    loop {
        let packet = wire.receive()?;
        match packet.as_slice() {
            [0x00, rest @ ..] => {
                answer.end(rest).ok_or_else(garbled)?;
                // A procedure's own end says nothing beside its rows.
                if keep == Keep::Typed && (answer.typed.is_empty() || answer.changed > 0) {
                    answer.typed.push(Typed { changed: answer.changed, ..Typed::default() });
                }
            }
            [0xff, rest @ ..] => return Err(Fault::Server(ServerError::read(rest))),
            // It asks for a file of ours, which we said we wouldn't give.
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

fn garbled() -> Fault {
    Fault::Lost("the server's answer is not what the protocol says".to_owned())
}

fn receive_rows(
    wire: &mut Wire,
    columns: u64,
    keep: bool,
    answer: &mut Answer,
) -> Result<(), Fault> {
    // The columns' descriptions, and the packet that ends them.
    for _ in 0..=columns {
        wire.receive()?;
    }
    loop {
        let packet = wire.receive()?;
        match packet.as_slice() {
            [0xff, rest @ ..] => return Err(Fault::Server(ServerError::read(rest))),
            [0xfe, rest @ ..] if rest.len() < 8 => {
                return answer.end_rows(rest).ok_or_else(garbled);
            }
            row if keep => answer.rows.push(values(row).ok_or_else(garbled)?),
            _ => {}
        }
    }
}

/// Receives rows together with the descriptions of their columns.
fn receive_typed(wire: &mut Wire, columns: u64, answer: &mut Answer) -> Result<(), Fault> {
    let mut described = Vec::new();
    for _ in 0..columns {
        described.push(Described::read(&wire.receive()?).ok_or_else(garbled)?);
    }
    wire.receive()?;
    let mut rows = Vec::new();
    loop {
        let packet = wire.receive()?;
        match packet.as_slice() {
            [0xff, rest @ ..] => return Err(Fault::Server(ServerError::read(rest))),
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

/// Reads a row; what is no text is written as hexadecimal digits.
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

impl Answer {
    /// Takes what ends a set of rows.
    fn end_rows(&mut self, packet: &[u8]) -> Option<()> {
        let mut fields = Fields(packet);
        self.warnings = fields.number(2)?;
        self.status = fields.number(2)?;
        Some(())
    }

    /// Takes what a statement without rows is answered with.
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
