//! A handle for stopping a connection's work from another thread, such as a signal handler's.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// A handle with which any thread can stop the work of one connection.
#[derive(Clone)]
pub struct Interrupter {
    flag: Arc<AtomicBool>,
    stop: Arc<Mutex<Stop>>,
}

type Stop = Box<dyn Fn() + Send>;

impl Interrupter {
    /// Takes the function that stops the running statement.
    pub fn new(stop: impl Fn() + Send + 'static) -> Self {
        let stop: Stop = Box::new(stop);
        Self { flag: Arc::new(AtomicBool::new(false)), stop: Arc::new(Mutex::new(stop)) }
    }

    /// Replaces the function that stops the running statement, for the connection's next session.
    pub fn replace(&self, stop: impl Fn() + Send + 'static) {
        *self.stop.lock().unwrap_or_else(PoisonError::into_inner) = Box::new(stop);
    }

    /// Stops the running statement, and prevents others from starting.
    pub fn interrupt(&self) {
        self.flag.store(true, Ordering::SeqCst);
        (self.stop.lock().unwrap_or_else(PoisonError::into_inner))();
    }

    /// Clears the request to stop: later work goes on until it is interrupted itself.
    pub fn clear(&self) {
        self.flag.store(false, Ordering::SeqCst);
    }

    /// Tells whether a stop was requested.
    pub fn is_interrupted(&self) -> bool {
        self.flag.load(Ordering::SeqCst)
    }
}

impl fmt::Debug for Interrupter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Interrupter({})", self.is_interrupted())
    }
}
