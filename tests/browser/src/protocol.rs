//! Calls and events of the Chrome `DevTools` protocol: JSON texts, each ended by a zero byte.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::process::ChildStdout;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// How long an answer may take on a machine that has much else to do.
const PATIENCE: Duration = Duration::from_mins(1);

/// One end of the conversation.
pub(crate) struct Protocol {
    to: File,
    from: Receiver<Value>,
    calls: u64,
    /// What happened, in order: session, method, parameters.
    events: Vec<(String, String, Value)>,
}

impl Protocol {
    pub(crate) fn new(to: File, mut from: BufReader<ChildStdout>) -> Self {
        let (sender, receiver) = channel();
        thread::spawn(move || {
            let mut bytes = Vec::new();
            while from.read_until(0, &mut bytes).is_ok_and(|count| count != 0) {
                bytes.pop();
                let Ok(value) = serde_json::from_slice(&bytes) else { return };
                if sender.send(value).is_err() {
                    return;
                }
                bytes.clear();
            }
        });
        Self { to, from: receiver, calls: 0, events: Vec::new() }
    }

    /// Calls a method, and waits for what it returns; the events that come first are kept.
    pub(crate) fn call(
        &mut self,
        session: Option<&str>,
        method: &str,
        parameters: &Value,
    ) -> Result<Value, String> {
        self.calls += 1;
        let mut message = json!({ "id": self.calls, "method": method, "params": parameters });
        if let Some(session) = session {
            message["sessionId"] = session.into();
        }
        self.to.write_all(format!("{message}\0").as_bytes()).map_err(|it| it.to_string())?;
        let end = Instant::now() + PATIENCE;
        loop {
            let rest = end.saturating_duration_since(Instant::now());
            let mut message = self.from.recv_timeout(rest).map_err(|problem| match problem {
                RecvTimeoutError::Timeout => format!("no answer within {PATIENCE:?}"),
                RecvTimeoutError::Disconnected => "the browser is gone".to_owned(),
            })?;
            if message["id"] == self.calls {
                let error = &message["error"];
                return if error.is_null() {
                    Ok(message["result"].take())
                } else {
                    Err(error.to_string())
                };
            }
            self.keep(message);
        }
    }

    /// Returns what happened in a session so far.
    pub(crate) fn events(&mut self, session: &str) -> Vec<(String, Value)> {
        while let Ok(message) = self.from.try_recv() {
            self.keep(message);
        }
        let own = self.events.iter().filter(|it| it.0 == session);
        own.map(|(_, method, parameters)| (method.clone(), parameters.clone())).collect()
    }

    fn keep(&mut self, mut message: Value) {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let (session, method) = (text(&message["sessionId"]), text(&message["method"]));
        self.events.push((session, method, message["params"].take()));
    }
}
