//! What a MySQL server answers to a statement, in the protocol's text form.

use std::io;

use crate::database::Row;
use crate::database::mysql::fault::ServerError;
use crate::database::mysql::wire::{Fields, Wire};
use crate::sql::hex;

/// The server's status: there are more answers to the statement.
const MORE: u64 = 1 << 3;

/// What the server answered to a statement.
#[derive(Default)]
pub(super) struct Answer {
    /// The rows of the first set of them.
    pub(super) rows: Vec<Row>,
    /// How many rows were changed.
    pub(super) changed: u64,
    pub(super) warnings: u64,
    pub(super) status: u64,
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
pub(super) fn answer(wire: &mut Wire, keep: bool) -> Result<Answer, Fault> {
    let mut answer = Answer::default();
    let mut keep = keep;
    loop {
        let packet = wire.receive()?;
        match packet.as_slice() {
            [0x00, rest @ ..] => answer.end(rest).ok_or_else(garbled)?,
            [0xff, rest @ ..] => return Err(Fault::Server(ServerError::read(rest))),
            // It asks for a file of ours, which we said we wouldn't give.
            [0xfb, ..] | [] => return Err(garbled()),
            columns => {
                let columns = Fields(columns).packed().ok_or_else(garbled)?;
                receive_rows(wire, columns, keep, &mut answer)?;
                keep = false;
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
                let mut fields = Fields(rest);
                answer.warnings = fields.number(2).ok_or_else(garbled)?;
                answer.status = fields.number(2).ok_or_else(garbled)?;
                return Ok(());
            }
            row if keep => answer.rows.push(values(row).ok_or_else(garbled)?),
            _ => {}
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
