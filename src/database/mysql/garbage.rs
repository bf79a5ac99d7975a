//! Any bytes of a server are read or refused: random bytes, and answers that are cut short or
//! corrupted.

use std::io::{self, Cursor, Read, Write};

use proptest::collection::vec;
use proptest::prelude::*;

use crate::database::mysql::answer::{Keep, answer, values};
use crate::database::mysql::fault::ServerError;
use crate::database::mysql::login::{Greeting, Login, Next, next};
use crate::database::mysql::wire::{Wire, frame};
use crate::database::mysql::{engine, number};
use crate::database::socket::Channel;

/// A server that replays fixed bytes.
struct Replay(Cursor<Vec<u8>>);

impl Read for Replay {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl Write for Replay {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        Ok(buffer.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Channel for Replay {}

/// Packets as servers send them: a greeting, and the parts of logins and answers.
const PACKETS: [&[u8]; 13] = [
    b"\x0a8.0.46\0\x07\0\0\0abcdefgh\0\xff\xff\xff\x02\0\xff\xdf\x15\0\0\0\0\0\0\0\0\0\0\
      ijklmnopqrst\0caching_sha2_password\0",
    b"\x0a5.5.5-10.11.19-MariaDB\0\x07\0\0\0abcdefgh\0\xfe\xf7\x2d\x02\0\xff\x81\x15\0\0\0\0\0\0\
      \x1d\0\0\0ijklmnopqrst\0mysql_native_password\0",
    b"\xff\x28\x04#42000You have an error; use near 'FORM \xc3\xa4' at line 1",
    b"\xff\x10\x04Too many connections",
    b"\xfemysql_native_password\0abcdefghijklmnopqrst\0",
    b"\xfesha256_password\0abcdefghijklmnopqrst\0",
    b"\x01\x04",
    b"\0\x01\0\x02\0\0\0",
    b"\0\0\0\x0a\0\x01\0",
    b"\x02",
    b"\x03def\0\0\0\x01a\0\x0c\x2d\0\x01\0\0\0\x08\x81\0\0\0\0",
    b"\xfe\0\0\x22\0",
    b"\xfb\x02\xc3\xa4\xfc\x03\0abc",
];

fn spoiled() -> impl Strategy<Value = Vec<u8>> {
    let packet = prop::sample::select(PACKETS.to_vec());
    let edits = vec((any::<prop::sample::Index>(), any::<u8>()), 0..4);
    (packet, edits, any::<prop::sample::Index>(), any::<bool>()).prop_map(
        |(packet, edits, end, is_cut)| {
            let mut packet = packet.to_vec();
            for (at, byte) in edits {
                let at = at.index(packet.len());
                packet[at] = byte;
            }
            if is_cut {
                packet.truncate(end.index(packet.len() + 1));
            }
            packet
        },
    )
}

/// A corrupted packet or random bytes.
fn packet() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![3 => spoiled(), 1 => vec(any::<u8>(), 0..80)]
}

/// A sequence of packets that belong together, whole or cut off.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    (vec(packet(), 0..12), 0_usize..40).prop_map(|(packets, cut)| {
        let mut sequence = 0;
        let mut bytes: Vec<u8> =
            packets.iter().flat_map(|packet| frame(packet, &mut sequence)).collect();
        bytes.truncate(bytes.len().saturating_sub(cut.saturating_sub(20)));
        bytes
    })
}

fn login(is_private: bool) -> Login<'static> {
    Login {
        user: "app",
        password: "s3cr3t",
        database: None,
        program: "migrate",
        is_private,
        is_encrypted: is_private,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn a_login_with_anybody_ends_and_tells_no_listener_the_password(
        first in packet(),
        others in vec(packet(), 0..4),
    ) {
        let login = login(false);
        if let Some(greeting) = Greeting::read(&first) {
            engine(&greeting.version);
            number(&greeting.version);
            let sent = greeting.login(&login);
            prop_assert!(!sent.windows(6).any(|it| it == b"s3cr3t"));
        }
        for packet in others {
            if let Ok(Next::Send(sent)) = next(&packet, &login) {
                prop_assert!(!sent.windows(6).any(|it| it == b"s3cr3t"));
            }
        }
    }

    #[test]
    fn an_answer_is_read_or_refused(bytes in stream(), keep in any::<bool>()) {
        let mut wire = Wire::new(Box::new(Replay(Cursor::new(bytes))), 0);
        let keep = if keep { Keep::Texts } else { Keep::Typed };
        while answer(&mut wire, keep).is_ok() {}
    }

    #[test]
    fn rows_and_errors_are_read_or_refused(packet in packet(), statement in "\\PC{0,40}") {
        values(&packet);
        let error = ServerError::read(&packet);
        if let Some(offset) = error.fault(&statement).offset {
            prop_assert!(statement.is_char_boundary(offset));
        }
        // The error quotes the statement, or nearly so.
        let message = format!("x near '{}' at line {}", error.message, error.code);
        let fault = ServerError { message, ..error }.fault(&statement);
        prop_assert!(fault.offset.is_none_or(|offset| statement.is_char_boundary(offset)));
    }
}
