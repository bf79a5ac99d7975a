//! The bytes of a connection, and what the driver's library keeps to itself of them.
//!
//! After every message the server says whether a transaction is open; `tokio-postgres` throws that
//! away. So the answers are looked at as they pass by: the headers of the messages, no more.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::tls::{ChannelBinding, TlsStream};

use crate::database::postgres::data::Data;

/// What the server has told beside its answers.
#[derive(Debug, Default)]
pub(super) struct Watch {
    status: AtomicU8,
    takes_data: AtomicBool,
    sends_data: AtomicBool,
    wants_password: AtomicBool,
    /// Whether the descriptions of columns and the ends of statements are kept.
    describes: AtomicBool,
    described: Mutex<Described>,
    /// Whether data of ours are on their way.
    feeds: AtomicBool,
    /// Whether the server has asked for them, which the driver's library calls an error.
    fed: AtomicBool,
    data: Mutex<Data>,
}

/// The last description of columns and the last end of a statement, as the server wrote them.
type Described = (Vec<u8>, Vec<u8>);

impl Watch {
    /// Tells whether a transaction is open, be it failed already.
    pub(super) fn in_transaction(&self) -> bool {
        matches!(self.status.load(Ordering::SeqCst), b'T' | b'E')
    }

    /// Tells whether the server waits for the data of a COPY.
    pub(super) fn takes_data(&self) -> bool {
        self.takes_data.load(Ordering::SeqCst)
    }

    /// Tells whether the server has sent the data of a COPY since the last time.
    pub(super) fn take_sends_data(&self) -> bool {
        self.sends_data.swap(false, Ordering::SeqCst)
    }

    /// Tells whether the server asked for the password itself, and no proof that we know it.
    pub(super) fn wants_password(&self) -> bool {
        self.wants_password.load(Ordering::SeqCst)
    }

    /// Says whether descriptions of columns are kept from now on; migrations have no use for them.
    pub(super) fn describe(&self, wanted: bool) {
        self.describes.store(wanted, Ordering::SeqCst);
    }

    /// Takes the description of columns and the end of the statement, and keeps no more of them.
    pub(super) fn take_described(&self) -> Described {
        self.describe(false);
        std::mem::take(&mut *self.described.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes the data of a COPY, which are sent when the server asks for them.
    pub(super) fn offer(&self, data: &str) {
        *self.data() = Data::new(data);
    }

    /// Forgets data that the server has not asked for, or no longer wants.
    pub(super) fn withdraw(&self) {
        self.data().stop();
    }

    /// Tells whether the server has asked for data since the last time, and was sent some.
    pub(super) fn take_fed(&self) -> bool {
        self.fed.swap(false, Ordering::SeqCst)
    }

    fn data(&self) -> std::sync::MutexGuard<'_, Data> {
        self.data.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in that the server waits for data.
    fn asked(&self) {
        if self.data().is_offered {
            self.fed.store(true, Ordering::SeqCst);
            self.feeds.store(true, Ordering::SeqCst);
        } else {
            self.takes_data.store(true, Ordering::SeqCst);
        }
    }

    /// Tells whether all of a message is wanted.
    fn keeps(&self, tag: u8) -> bool {
        matches!(tag, b'T' | b'C') && self.describes.load(Ordering::SeqCst)
    }

    fn keep(&self, tag: u8, message: Vec<u8>) {
        let mut described = self.described.lock().unwrap_or_else(PoisonError::into_inner);
        if tag == b'T' {
            described.0 = message;
        } else {
            described.1 = message;
        }
    }

    fn see(&self, tag: u8, body: &[u8]) {
        match (tag, body) {
            (b'Z', [status, ..]) => self.status.store(*status, Ordering::SeqCst),
            (b'G', _) => self.asked(),
            (b'W', _) => self.takes_data.store(true, Ordering::SeqCst),
            // What comes after an error is thrown away, but no message may stay half sent.
            (b'E', _) => self.withdraw(),
            (b'H', _) => self.sends_data.store(true, Ordering::SeqCst),
            (b'R', [0, 0, 0, 3]) => self.wants_password.store(true, Ordering::SeqCst),
            _ => {}
        }
    }
}

/// Cuts the server's bytes into messages, and keeps the beginning of each.
#[derive(Debug, Default)]
struct Frames {
    /// The tag, the length, and up to four bytes of the body.
    begin: [u8; 9],
    have: usize,
    /// How many bytes of the message are still to come; known once the length is.
    left: usize,
    /// All of the body, where that is wanted.
    body: Option<Vec<u8>>,
}

impl Frames {
    fn feed(&mut self, mut bytes: &[u8], watch: &Watch) {
        while let Some((&byte, rest)) = bytes.split_first() {
            if self.have < 5 || (self.have < 9 && self.left > 0) {
                self.begin[self.have] = byte;
                self.have += 1;
                bytes = rest;
                if self.have == 5 {
                    let [_, length @ .., _, _, _, _] = self.begin;
                    self.left = (u32::from_be_bytes(length) as usize).saturating_sub(4);
                    self.body = watch.keeps(self.begin[0]).then(Vec::new);
                } else if self.have > 5 {
                    self.left -= 1;
                    self.body.iter_mut().for_each(|body| body.push(byte));
                }
            } else {
                let skipped = self.left.min(bytes.len());
                self.left -= skipped;
                self.body.iter_mut().for_each(|body| body.extend_from_slice(&bytes[..skipped]));
                bytes = &bytes[skipped..];
            }
            if self.have >= 5 && self.left == 0 {
                watch.see(self.begin[0], &self.begin[5..self.have]);
                if let Some(body) = self.body.take() {
                    watch.keep(self.begin[0], body);
                }
                self.have = 0;
            }
        }
    }
}

/// A way to the server.
pub(super) enum Socket {
    /// Over the network.
    Tcp(tokio::net::TcpStream),
    /// On this machine.
    #[cfg(unix)]
    Unix(tokio::net::UnixStream),
}

/// A stream whose messages are looked at, unless they are encrypted.
pub(super) struct Watched<S> {
    inner: S,
    watch: Option<Arc<Watch>>,
    frames: Frames,
}

impl<S> Watched<S> {
    /// Takes the stream, and where to write down what is seen, if anything can be.
    pub(super) fn new(inner: S, watch: Option<Arc<Watch>>) -> Self {
        Self { inner, watch, frames: Frames::default() }
    }
}

impl<S: AsyncWrite + Unpin> Watched<S> {
    /// Sends what the server has asked for, as much as it takes.
    fn feed(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Some(watch) = self.watch.as_ref().filter(|it| it.feeds.load(Ordering::SeqCst)) else {
            return Poll::Ready(Ok(()));
        };
        let mut data = watch.data();
        while let Some(bytes) = data.piece() {
            match Pin::new(&mut self.inner).poll_write(context, bytes) {
                Poll::Ready(Ok(0)) => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                Poll::Ready(Ok(count)) => data.advance(count),
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => return Poll::Pending,
            }
        }
        let flushed = Pin::new(&mut self.inner).poll_flush(context);
        if matches!(flushed, Poll::Ready(Ok(()))) {
            watch.feeds.store(false, Ordering::SeqCst);
        }
        flushed
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        // The server may have something to say meanwhile.
        if let Poll::Ready(Err(error)) = this.feed(context) {
            return Poll::Ready(Err(error));
        }
        let before = buffer.filled().len();
        let result = Pin::new(&mut this.inner).poll_read(context, buffer);
        if let Some(watch) = &this.watch {
            this.frames.feed(&buffer.filled()[before..], watch);
        }
        result
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        ready!(this.feed(context))?;
        Pin::new(&mut this.inner).poll_write(context, buffer)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.feed(context))?;
        Pin::new(&mut this.inner).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_shutdown(context)
    }
}

impl<S: TlsStream + Unpin> TlsStream for Watched<S> {
    fn channel_binding(&self) -> ChannelBinding {
        self.inner.channel_binding()
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_read(context, buffer),
            #[cfg(unix)]
            Self::Unix(stream) => Pin::new(stream).poll_read(context, buffer),
        }
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_write(context, buffer),
            #[cfg(unix)]
            Self::Unix(stream) => Pin::new(stream).poll_write(context, buffer),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_flush(context),
            #[cfg(unix)]
            Self::Unix(stream) => Pin::new(stream).poll_flush(context),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_shutdown(context),
            #[cfg(unix)]
            Self::Unix(stream) => Pin::new(stream).poll_shutdown(context),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(tag: u8, body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len() + 4).unwrap().to_be_bytes();
        [&[tag], &length[..], body].concat()
    }

    #[test]
    fn the_status_is_seen_however_the_bytes_are_cut() {
        let bytes = [
            message(b'C', b"BEGIN\0"),
            message(b'D', b"Z\0\0\0\x05I"),
            message(b'1', b""),
            message(b'Z', b"T"),
        ]
        .concat();
        for size in 1..=bytes.len() {
            let (watch, mut frames) = (Watch::default(), Frames::default());
            for chunk in bytes.chunks(size) {
                frames.feed(chunk, &watch);
            }
            assert!(watch.in_transaction(), "in pieces of {size}");
            frames.feed(&message(b'Z', b"I"), &watch);
            assert!(!watch.in_transaction(), "in pieces of {size}");
        }
    }

    #[test]
    fn descriptions_are_kept_whole_while_they_are_wanted() {
        let bytes = [message(b'T', b"columns"), message(b'D', b"row"), message(b'C', b"end")];
        let bytes = bytes.concat();
        for size in 1..=bytes.len() {
            let (watch, mut frames) = (Watch::default(), Frames::default());
            for wanted in [true, false] {
                watch.describe(wanted);
                for chunk in bytes.chunks(size) {
                    frames.feed(chunk, &watch);
                }
                let kept = if wanted {
                    (b"columns".to_vec(), b"end".to_vec())
                } else {
                    Described::default()
                };
                assert_eq!(watch.take_described(), kept, "in pieces of {size}");
            }
        }
    }

    #[test]
    fn a_request_for_the_password_itself_is_told_from_one_for_a_proof() {
        let (watch, mut frames) = (Watch::default(), Frames::default());
        frames.feed(&message(b'R', &[0, 0, 0, 10, b'S', 0, 0]), &watch);
        assert!(!watch.wants_password());
        frames.feed(&message(b'R', &[0, 0, 0, 3]), &watch);
        assert!(watch.wants_password());
    }
}
