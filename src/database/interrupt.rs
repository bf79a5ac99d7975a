//! Stops a connection's work from another thread, such as one that hears signals.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Stops the work of one connection.
#[derive(Clone)]
pub struct Interrupter {
    flag: Arc<AtomicBool>,
    stop: Arc<dyn Fn() + Send + Sync>,
}

impl Interrupter {
    /// Takes what stops the statement that runs.
    pub fn new(stop: impl Fn() + Send + Sync + 'static) -> Self {
        Self { flag: Arc::new(AtomicBool::new(false)), stop: Arc::new(stop) }
    }

    /// Stops the statement that runs, and says that no other shall begin.
    pub fn interrupt(&self) {
        self.flag.store(true, Ordering::SeqCst);
        (self.stop)();
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
