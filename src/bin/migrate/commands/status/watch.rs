//! `migrate status --watch`: queries on a thread of its own, so that Ctrl-C always ends it.
//!
//! It only reads, each time in a statement of its own, so it never blocks a migration for long.

use std::collections::BTreeMap;
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::Duration;

use limbeck::database::{Access, Connection};
use limbeck::error::ErrorKind;
use limbeck::ops::{self, Observed, Status};

use crate::Exit;
use crate::context::Readable;
use crate::output::{Output, Screen, table};
use crate::signals;

/// An event from the other threads.
enum News {
    /// A new state of the database.
    Snapshot(Snapshot),
    /// The first query failed.
    Failed(anyhow::Error),
    /// The user asked to stop.
    Stop,
}

/// The state of the database at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Snapshot {
    /// The lines of the table, the titles first.
    rows: Vec<String>,
    /// The row that is centered on a screen that is too small.
    middle: usize,
    /// The text below the table.
    below: Vec<String>,
    /// The state of each revision, as a word.
    states: BTreeMap<String, String>,
}

/// Parses the interval of refreshes.
pub(super) fn interval(text: &str) -> Result<Duration, String> {
    let usual = Duration::from_millis(50)..=Duration::from_hours(24);
    limbeck::duration::parse(text)
        .filter(|it| usual.contains(it))
        .ok_or_else(|| "it takes a time from 50ms to a day, e.g. `500ms`, `5s`".to_owned())
}

/// Shows the state and its changes, until Ctrl-C.
pub(super) fn run(files: Readable, every: Duration, output: &Output) -> anyhow::Result<Exit> {
    let (sender, receiver) = channel();
    let stop = sender.clone();
    // There is no receiver once the program ends.
    signals::on_end(move || drop(stop.send(News::Stop)))?;
    let reader = output.clone();
    thread::spawn(move || look_on(&files, every, &reader, &sender));
    let mut screen = Screen::open(output)?;
    let mut last: Option<Snapshot> = None;
    for news in receiver {
        match news {
            News::Stop => break,
            News::Failed(error) => return Err(error),
            News::Snapshot(seen) => {
                if let Some(screen) = &mut screen {
                    screen.show(&seen.rows, seen.middle, &seen.below)?;
                } else if last.as_ref() != Some(&seen) {
                    tell(output, last.as_ref(), &seen)?;
                }
                last = Some(seen);
            }
        }
    }
    if let (Some(screen), Some(last)) = (screen, last) {
        drop(screen);
        output
            .line(&last.rows.iter().chain(&last.below).cloned().collect::<Vec<_>>().join("\n"))?;
    }
    Ok(Exit::Done)
}

/// Queries the database until the receiver is gone.
fn look_on(files: &Readable, every: Duration, output: &Output, sender: &Sender<News>) {
    let mut connection = None;
    let mut last: Option<Snapshot> = None;
    loop {
        let news = match (look(files, &mut connection, output), &last) {
            (Ok(seen), _) => News::Snapshot(seen),
            (Err(error), Some(last)) => {
                // The next query uses a new connection, since this one may be gone.
                connection = None;
                let mut seen = last.clone();
                seen.below = vec![format!("Not seen: {}.", output.sentence(&error))];
                News::Snapshot(seen)
            }
            // The wait for a busy database starts over.
            (Err(error), None) if is_busy(&error) => {
                connection = None;
                thread::sleep(every);
                continue;
            }
            (Err(error), None) => News::Failed(error),
        };
        let is_over = matches!(news, News::Failed(_));
        if let News::Snapshot(seen) = &news {
            last = Some(seen.clone());
        }
        if sender.send(news).is_err() || is_over {
            return;
        }
        thread::sleep(every);
    }
}

fn is_busy(error: &anyhow::Error) -> bool {
    error.downcast_ref::<limbeck::Error>().is_some_and(|it| it.kind() == ErrorKind::Locked)
}

/// Queries the database once; the connection is kept for the next time.
fn look(
    files: &Readable,
    connection: &mut Option<Box<dyn Connection>>,
    output: &Output,
) -> anyhow::Result<Snapshot> {
    let Readable { project, faults, .. } = files;
    if connection.is_none() {
        *connection = ops::open(project, Access::Read)?;
    }
    let observed = files.observe(connection.as_deref_mut())?;
    let rows = ops::rows(project, connection.as_deref_mut())?;
    let lines = ops::status(&observed, &rows)?;
    let holder = match connection.as_deref_mut() {
        Some(connection) => ops::at_work(project, connection)?,
        None => None,
    };
    let rows = table::status(&observed, &lines, output);
    let running = table::running(&observed, &lines);
    let mut below = vec![table::summary(&lines)];
    let holder = holder.filter(|_| running.is_empty());
    below.extend(holder.map(|it| format!("At work: {}.", crate::output::visible(&it))));
    below.extend(running);
    below.extend(faults.iter().map(|it| format!("Can't be used: {}", output.fault(it))));
    let first = lines.iter().position(|it| !observed.state.applied.contains(it.node));
    let id = first.and_then(|at| lines.get(at)).map(|it| observed.graph.id(it.node).to_string());
    let is_first = |row: &String| id.as_ref().is_some_and(|id| row.contains(id.as_str()));
    let middle = rows.iter().position(is_first).unwrap_or(rows.len());
    Ok(Snapshot { middle, rows, below, states: states(&observed, &lines) })
}

fn states(observed: &Observed<'_>, lines: &[Status]) -> BTreeMap<String, String> {
    let state = |line: &Status| {
        let state = match &line.progress {
            Some(it) => format!("running, statement {} of {}", it.statement, it.statements),
            None => table::standing(line.standing).to_owned(),
        };
        (observed.graph.id(line.node).to_string(), state)
    };
    lines.iter().map(state).collect()
}

fn tell(output: &Output, last: Option<&Snapshot>, seen: &Snapshot) -> anyhow::Result<()> {
    let before = last.map(|it| &it.states);
    let is_new = |id: &str, state: &str| {
        before.is_some_and(|it| it.get(id).is_none_or(|before| before != state))
    };
    for (id, state) in seen.states.iter().filter(|(id, state)| is_new(id, state)) {
        output.line(&format!("{id}: {state}"))?;
    }
    for (id, _) in before.into_iter().flatten().filter(|(id, _)| !seen.states.contains_key(*id)) {
        output.line(&format!("{id}: gone"))?;
    }
    let known = last.map(|it| it.below.as_slice()).unwrap_or_default();
    for line in seen.below.iter().filter(|line| !known.contains(line)) {
        output.line(line)?;
    }
    Ok(())
}
