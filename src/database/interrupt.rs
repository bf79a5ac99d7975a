//! Stops a connection's work from another thread, such as one that hears signals.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Stops the work of one connection.
#[derive(Clone)]
pub struct Interrupter {
    flag: Arc<AtomicBool>,
    stop: Arc<Mutex<Stop>>,
}

type Stop = Box<dyn Fn() + Send>;

impl Interrupter {
    /// Takes what stops the statement that runs.
    pub fn new(stop: impl Fn() + Send + 'static) -> Self {
        let stop: Stop = Box::new(stop);
        Self { flag: Arc::new(AtomicBool::new(false)), stop: Arc::new(Mutex::new(stop)) }
    }

    /// Takes what stops the statements of the connection's next session.
    pub fn replace(&self, stop: impl Fn() + Send + 'static) {
        *self.stop.lock().unwrap_or_else(PoisonError::into_inner) = Box::new(stop);
    }

    /// Stops the statement that runs, and says that no other shall begin.
    pub fn interrupt(&self) {
        self.flag.store(true, Ordering::SeqCst);
        (self.stop.lock().unwrap_or_else(PoisonError::into_inner))();
    }

    /// Says that what begins from now on is another work, which goes on until it is stopped itself.
    pub fn clear(&self) {
        self.flag.store(false, Ordering::SeqCst);
    }

    /// Tells whether the work was to stop.
    pub fn is_interrupted(&self) -> bool {
        self.flag.load(Ordering::SeqCst)
    }
}

impl fmt::Debug for Interrupter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Interrupter({})", self.is_interrupted())
    }
}
