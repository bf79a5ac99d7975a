//! A socket with a time limit that receives while it can't send.
//!
//! Two sides that only send would wait for each other forever once the buffers between them are
//! full, so incoming bytes are received meanwhile. And a failed send is not final: the other side
//! may have explained it, so that is read first.

use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::net::TcpStream;
#[cfg(unix)]
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use rustls::{ClientConnection, StreamOwned};
use socket2::SockRef;

use crate::database::identify::is_silence;

/// How long to pause when a socket can neither send nor receive, at first and at most.
const PAUSES: (Duration, Duration) = (Duration::from_millis(1), Duration::from_millis(16));

/// The shortest timeout that can be set on a socket.
const LEAST: Duration = Duration::from_millis(1);

/// A byte channel to a server: a socket, encrypted or not.
pub(super) trait Channel: Read + Write + Send {
    /// Returns the socket below, if there is one.
    fn socket(&mut self) -> Option<&mut Socket> {
        None
    }
}

/// A connected stream of the system.
pub(super) trait Stream: Read + Write + Send {
    fn options(&self) -> SockRef<'_>;

    /// Returns the stream, if it is a TCP one.
    fn tcp(&self) -> Option<&TcpStream> {
        None
    }
}

/// A socket that receives while it sends.
pub(super) struct Socket {
    stream: Box<dyn Stream>,
    /// When reading and writing time out; never, if none.
    deadline: Option<Instant>,
    /// The bytes received during a send.
    heard: VecDeque<u8>,
    /// The error that prevents further sends.
    broken: Option<io::Error>,
}

impl Socket {
    /// Wraps a stream, with a first time limit.
    pub(super) fn new(stream: impl Stream + 'static, time: Duration) -> Self {
        let (heard, deadline) = (VecDeque::new(), Some(Instant::now() + time));
        Self { stream: Box::new(stream), deadline, heard, broken: None }
    }

    /// Sets the deadline for reading and writing; operations that don't block succeed even later.
    pub(super) fn limit(&mut self, deadline: Option<Instant>) -> io::Result<()> {
        self.deadline = deadline;
        self.stream.options().set_read_timeout(None)
    }

    pub(super) fn tcp(&self) -> Option<&TcpStream> {
        self.stream.tcp()
    }

    fn is_over(&self) -> bool {
        self.deadline.is_some_and(|deadline| deadline <= Instant::now())
    }

    fn receive(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.is_over() {
                return self.at_once(|it| it.stream.read(buffer));
            }
            if let Some(deadline) = self.deadline {
                let left = deadline.saturating_duration_since(Instant::now()).max(LEAST);
                self.stream.options().set_read_timeout(Some(left))?;
            }
            match self.stream.read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => return read,
            }
        }
    }

    /// Runs an operation without blocking.
    fn at_once<T>(&mut self, work: impl FnOnce(&mut Self) -> io::Result<T>) -> io::Result<T> {
        self.stream.options().set_nonblocking(true)?;
        let result = work(self);
        self.stream.options().set_nonblocking(false)?;
        result
    }

    /// Sends a part of the bytes, and receives until that is possible.
    fn press(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut pause = PAUSES.0;
        loop {
            match self.stream.write(bytes) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                sent => return sent,
            }
            if self.listen()? {
                pause = PAUSES.0;
            } else if self.is_over() {
                return Err(io::ErrorKind::TimedOut.into());
            } else {
                std::thread::sleep(pause);
                pause = PAUSES.1.min(pause * 2);
            }
        }
    }

    /// Receives available bytes; tells whether there were any.
    fn listen(&mut self) -> io::Result<bool> {
        let mut bytes = [0; 4096];
        match self.stream.read(&mut bytes) {
            Ok(count) => {
                self.heard.extend(bytes.iter().take(count));
                Ok(count > 0)
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(false),
            Err(error) => Err(error),
        }
    }
}

impl Read for Socket {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if !self.heard.is_empty() {
            return self.heard.read(buffer);
        }
        match self.receive(buffer) {
            Ok(0) => self.broken.take().map_or(Ok(0), Err),
            Err(error) if !is_silence(&error) => Err(self.broken.take().unwrap_or(error)),
            read => read,
        }
    }
}

impl Write for Socket {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.broken.is_none() {
            match self.at_once(|it| it.press(bytes)) {
                Ok(0) => self.broken = Some(io::ErrorKind::WriteZero.into()),
                Err(error) => self.broken = Some(error),
                sent => return sent,
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Stream for TcpStream {
    fn options(&self) -> SockRef<'_> {
        self.into()
    }

    fn tcp(&self) -> Option<&TcpStream> {
        Some(self)
    }
}

#[cfg(unix)]
impl Stream for UnixStream {
    fn options(&self) -> SockRef<'_> {
        self.into()
    }
}

impl Channel for Socket {
    fn socket(&mut self) -> Option<&mut Socket> {
        Some(self)
    }
}

impl Channel for StreamOwned<ClientConnection, Socket> {
    fn socket(&mut self) -> Option<&mut Socket> {
        Some(&mut self.sock)
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    fn pair() -> (Socket, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let near = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let far = listener.accept().unwrap().0;
        let mut socket = Socket::new(near, LEAST);
        socket.limit(None).unwrap();
        (socket, far)
    }

    #[test]
    fn two_that_speak_at_once_hear_each_other_out() {
        const MANY: usize = 32 << 20;
        let (mut socket, mut far) = pair();
        let other = std::thread::spawn(move || {
            far.write_all(&vec![b'f'; MANY]).unwrap();
            let mut heard = vec![0; MANY];
            far.read_exact(&mut heard).unwrap();
            heard
        });
        socket.write_all(&vec![b'n'; MANY]).unwrap();
        let mut heard = vec![0; MANY];
        socket.read_exact(&mut heard).unwrap();
        assert!(heard.iter().all(|byte| *byte == b'f'));
        assert!(other.join().unwrap().iter().all(|byte| *byte == b'n'));
    }

    #[test]
    fn a_farewell_is_heard_though_nothing_can_be_sent() {
        let (mut socket, mut far) = pair();
        far.write_all(b"farewell").unwrap();
        drop(far);
        for _ in 0..100 {
            socket.write_all(&[b'n'; 4096]).unwrap();
        }
        let mut heard = [0; 8];
        socket.read_exact(&mut heard).unwrap();
        assert_eq!(&heard, b"farewell");
        socket.read(&mut heard).unwrap_err();
    }
}
