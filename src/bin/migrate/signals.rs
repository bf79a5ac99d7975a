//! Ctrl-C and SIGTERM: stop the current work, undo it, and report what stands.

use std::process::ExitCode;
use std::sync::atomic::{AtomicU8, Ordering};
use std::thread;

use limbeck::autogenerate::drop_scratch;
use limbeck::database::Interrupter;
use limbeck::project::Project;
use limbeck::url::Family;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

/// The first signal received; 0 for none.
static SIGNAL: AtomicU8 = AtomicU8::new(0);

/// Stops a connection's work at the first signal, and the program at the second.
pub(crate) fn listen(interrupter: Interrupter) -> anyhow::Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    thread::spawn(move || {
        for signal in signals.forever() {
            let number = u8::try_from(signal).unwrap_or_default();
            if SIGNAL.swap(number, Ordering::SeqCst) == 0 {
                interrupter.interrupt();
            } else {
                // The journal undoes the rest at the next start.
                let _result = emulate_default_handler(signal);
            }
        }
    });
    Ok(())
}

/// A listener that starts with the first event: a command without work to do starts no thread, and
/// may end at once.
#[derive(Debug)]
pub(crate) struct Listener {
    interrupter: Option<Interrupter>,
    problem: Option<anyhow::Error>,
}

impl Listener {
    pub(crate) fn new(interrupter: Interrupter) -> Self {
        Self { interrupter: Some(interrupter), problem: None }
    }

    /// Starts listening, on the first call.
    pub(crate) fn wake(&mut self) {
        if let Some(interrupter) = self.interrupter.take() {
            self.problem = listen(interrupter).err();
        }
    }

    /// Returns the reason why listening failed.
    pub(crate) fn problem(&self) -> Option<&anyhow::Error> {
        self.problem.as_ref()
    }
}

/// Stops a connection's work at each Ctrl-C, and keeps the program running: at the shell's prompt
/// Ctrl-C is a key, not a signal.
pub(crate) fn listen_in_shell(interrupter: Interrupter) -> anyhow::Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    thread::spawn(move || {
        for signal in signals.forever() {
            if signal == SIGINT {
                interrupter.interrupt();
            } else {
                let _result = emulate_default_handler(signal);
            }
        }
    });
    Ok(())
}

/// Calls a function at the first signal, the usual end of what runs until then; the second stops
/// the program.
pub(crate) fn on_end(end: impl Fn() + Send + 'static) -> anyhow::Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    thread::spawn(move || {
        let mut is_first = true;
        for signal in signals.forever() {
            if is_first {
                end();
            } else {
                let _result = emulate_default_handler(signal);
            }
            is_first = false;
        }
    });
    Ok(())
}

/// Drops the scratch databases on a server at the first signal, which ends the program then; the
/// second ends it at once.
pub(crate) fn tidy_up(project: &Project) -> anyhow::Result<()> {
    let is_server = project.config.url().is_ok_and(|url| url.family() != Family::Sqlite);
    if !is_server {
        return Ok(());
    }
    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    thread::spawn(move || {
        let end = |signal: i32| {
            let _result = emulate_default_handler(signal);
        };
        for signal in signals.forever() {
            if SIGNAL.swap(u8::try_from(signal).unwrap_or_default(), Ordering::SeqCst) == 0 {
                thread::spawn(move || drop_scratch(|| end(signal)));
            } else {
                end(signal);
            }
        }
    });
    Ok(())
}

/// Returns the exit code of a failure: 130 or 143 after a signal, as in shells.
pub(crate) fn exit_code(otherwise: ExitCode) -> ExitCode {
    match SIGNAL.load(Ordering::SeqCst) {
        0 => otherwise,
        signal => ExitCode::from(128 + signal),
    }
}
