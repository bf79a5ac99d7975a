//! A TCP proxy on loopback that counts round trips, makes them slow, and cuts connections.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::{JoinHandle, sleep, spawn};
use std::time::{Duration, Instant};

/// A proxy; it ends with this value, and cuts its connections.
pub struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    acceptor: Option<JoinHandle<()>>,
}

/// Makes a proxy in front of a server. Each round trip takes `delay` longer.
pub fn proxy(to: SocketAddr, delay: Duration) -> Proxy {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let state = Mutex::new(State::default());
    let shared = Arc::new(Shared { to, delay, state });
    let mut res = Proxy { address, shared, acceptor: None };
    res.accept(listener);
    res
}

struct Shared {
    to: SocketAddr,
    delay: Duration,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    is_closed: bool,
    round_trips: u64,
    connections: u64,
    sent: u64,
    cut: Option<Cut>,
    open: HashMap<u64, Open>,
}

/// When all connections are to be cut.
enum Cut {
    /// After so many more bytes of clients.
    Bytes(u64),
    /// At this text of a client, before it or after it is passed on.
    Text { text: Vec<u8>, is_passed: bool },
}

struct Open {
    client: TcpStream,
    server: TcpStream,
    /// Whether the client has spoken last.
    is_asked: bool,
    /// The end of what the client has sent, in which a text to cut at may have begun.
    tail: Vec<u8>,
}

impl Proxy {
    /// Returns where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns how many round trips there were: how often bytes of the server followed bytes of
    /// the client, on any connection. So a question counts with its answer: neither a server's
    /// greeting, which nobody has asked for, nor a client's farewell is one, nor is making the TCP
    /// connection. Statements that are sent together count as often as the two take turns. An
    /// answer is counted before it is passed on, so who has it can rely on the count.
    pub fn round_trips(&self) -> u64 {
        self.shared.state().round_trips
    }

    /// Returns how many connections were made.
    pub fn connections(&self) -> u64 {
        self.shared.state().connections
    }

    /// Returns how many bytes of clients were passed on.
    pub fn sent_bytes(&self) -> u64 {
        self.shared.state().sent
    }

    /// Cuts all connections once exactly so many more bytes of clients have been passed on to the
    /// server, all connections together. No byte of an answer passes after that. Later
    /// connections work again.
    pub fn cut_after_bytes(&self, bytes: u64) {
        self.shared.state().cut = Some(Cut::Bytes(bytes));
    }

    /// Cuts all connections when a client sends a text, once it has reached the server with all
    /// that came along with it: its answer is lost. Later connections work again. The text has to
    /// come in clear, so switch TLS off.
    pub fn cut_after(&self, text: &str) {
        let text = text.as_bytes().to_vec();
        self.shared.state().cut = Some(Cut::Text { text, is_passed: true });
    }

    /// Cuts all connections when a client sends a text, before the server sees it.
    pub fn cut_before(&self, text: &str) {
        let text = text.as_bytes().to_vec();
        self.shared.state().cut = Some(Cut::Text { text, is_passed: false });
    }

    /// Tells whether what `cut_…` was told has come, or nothing was told.
    pub fn is_cut(&self) -> bool {
        self.shared.state().cut.is_none()
    }

    /// Cuts all connections now.
    pub fn cut_all(&self) {
        self.shared.state().cut_all();
    }

    /// Refuses new connections, as a port does at which nobody listens, or takes them again. Those
    /// that are open stay.
    pub fn refuse(&mut self, is_refused: bool) {
        match self.acceptor.take() {
            Some(acceptor) if is_refused => {
                self.shared.state().is_closed = true;
                // It hangs in `accept`.
                let _ = TcpStream::connect(self.address);
                acceptor.join().unwrap();
            }
            None if !is_refused => {
                let start = Instant::now();
                let listener = loop {
                    match TcpListener::bind(self.address) {
                        Ok(listener) => break listener,
                        Err(error) => assert!(start.elapsed().as_secs() < 10, "{error}"),
                    }
                    sleep(Duration::from_millis(5));
                };
                self.shared.state().is_closed = false;
                self.accept(listener);
            }
            acceptor => self.acceptor = acceptor,
        }
    }

    fn accept(&mut self, listener: TcpListener) {
        let shared = Arc::clone(&self.shared);
        self.acceptor = Some(spawn(move || {
            for client in listener.incoming() {
                if shared.state().is_closed {
                    break;
                }
                // A server that is not there: the client sees its connection end.
                let Ok(client) = client else { continue };
                let Ok(server) = TcpStream::connect(shared.to) else { continue };
                shared.open(client, server);
            }
        }));
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.refuse(true);
        self.cut_all();
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    fn open(self: &Arc<Self>, client: TcpStream, server: TcpStream) {
        for stream in [&client, &server] {
            stream.set_nodelay(true).unwrap();
        }
        let copies = || (client.try_clone().unwrap(), server.try_clone().unwrap());
        let (up, down) = (copies(), copies());
        let mut state = self.state();
        let id = state.connections;
        state.connections += 1;
        state.open.insert(id, Open { client, server, is_asked: false, tail: Vec::new() });
        drop(state);
        let (shared, other) = (Arc::clone(self), Arc::clone(self));
        spawn(move || shared.ask(id, up.0, up.1));
        spawn(move || other.answer(id, down.1, down.0));
    }

    /// Passes on what the client says.
    fn ask(&self, id: u64, mut from: TcpStream, mut to: TcpStream) {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(length @ 1..) = from.read(&mut buffer) {
            let mut state = self.state();
            let Some((passed, is_cut)) = state.heard(id, &buffer[..length]) else { break };
            if is_cut {
                state.cut = None;
                // Gone from the table, no answer passes.
                let open = std::mem::take(&mut state.open);
                drop(state);
                let _ = to.write_all(&buffer[..passed]);
                open.values().for_each(Open::cut);
                return;
            }
            drop(state);
            if to.write_all(&buffer[..passed]).is_err() {
                break;
            }
        }
        // The farewell has to arrive; the server then closes.
        let _ = to.shutdown(Shutdown::Write);
    }

    /// Passes on what the server says.
    fn answer(&self, id: u64, mut from: TcpStream, mut to: TcpStream) {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(length @ 1..) = from.read(&mut buffer) {
            let mut state = self.state();
            let Some(open) = state.open.get_mut(&id) else { break };
            let is_turn = std::mem::take(&mut open.is_asked);
            state.round_trips += u64::from(is_turn);
            drop(state);
            if is_turn {
                sleep(self.delay);
            }
            // Cut in the meantime.
            if !self.state().open.contains_key(&id) || to.write_all(&buffer[..length]).is_err() {
                break;
            }
        }
        if let Some(open) = self.state().open.remove(&id) {
            open.cut();
        }
    }
}

impl State {
    /// Notes what a client says: how much of it is to be passed on, and whether to cut then.
    /// Nothing, if its connection is cut already.
    fn heard(&mut self, id: u64, bytes: &[u8]) -> Option<(usize, bool)> {
        let open = self.open.get_mut(&id)?;
        open.is_asked = true;
        let (passed, is_cut) = match &mut self.cut {
            None => (bytes.len(), false),
            Some(Cut::Bytes(left)) => {
                let passed = bytes.len().min(usize::try_from(*left).unwrap_or(usize::MAX));
                *left -= passed as u64;
                (passed, *left == 0)
            }
            Some(Cut::Text { text, is_passed }) => {
                let before = open.tail.len();
                open.tail.extend_from_slice(bytes);
                let found = open.tail.windows(text.len()).position(|it| it == text);
                let keep = open.tail.len().saturating_sub(text.len().saturating_sub(1));
                open.tail.drain(..keep);
                match found {
                    None => (bytes.len(), false),
                    Some(_) if *is_passed => (bytes.len(), true),
                    Some(at) => (at.saturating_sub(before), true),
                }
            }
        };
        self.sent += passed as u64;
        Some((passed, is_cut))
    }

    fn cut_all(&mut self) {
        self.open.drain().for_each(|(_, open)| open.cut());
    }
}

impl Open {
    fn cut(&self) {
        let _ = self.client.shutdown(Shutdown::Both);
        let _ = self.server.shutdown(Shutdown::Both);
    }
}
