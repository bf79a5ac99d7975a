//! What is run again before a script goes on in another session.
//!
//! The statements that are done have set things in a session that is gone. Those that only set something
//! run again, in their order; where what follows may depend on more, going on is refused.

use std::borrow::Cow;

use crate::script::hidden::Hidden;
use crate::script::left::{Following, Kind, Left, Remedy};
use crate::sql::{
    Code, Dialect, Effect, Sets, Splitter, Statement, assigned_variables, code_of,
    commits_implicitly, last_id, mentions, session_effect, sets_of_strings,
};

/// What can't be made again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Obstacle {
    /// The statement that has left it, counted from none.
    pub(super) at: usize,
    /// The thing that can't be made again, as a message names it.
    pub(super) what: String,
}

/// Finds which statements run again before a script goes on after so many that are done; `hidden` is the
/// code that the database has.
pub(super) fn again(
    texts: &[Cow<'_, str>],
    done: usize,
    dialect: Dialect,
    hidden: &Hidden,
) -> Result<Vec<usize>, Obstacle> {
    let mut reader =
        Reader { texts, done, dialect, left: Vec::new(), hidden: hidden.clone(), open: None };
    if done == 0 || done >= texts.len() {
        return Ok(Vec::new());
    }
    for text in texts {
        if let Some(Ok(statement)) = Splitter::new(text, dialect).next() {
            reader.hidden.follow(&statement);
        }
    }
    for at in 0..done {
        let text = texts.get(at).map_or("", |text| text);
        if let Some(Ok(statement)) = Splitter::new(text, dialect).next() {
            reader.take(at, &statement);
        }
    }
    let mut found = reader.choose();
    if let (Ok(_), Some(obstacle)) = (&found, asked_id(texts, done, dialect, hidden)) {
        found = Err(obstacle);
    }
    found
}

/// Goes through the statements that are done.
struct Reader<'t> {
    texts: &'t [Cow<'t, str>],
    done: usize,
    dialect: Dialect,
    left: Vec<Left>,
    /// The code that statements run without showing it: the database's, and the script's.
    hidden: Hidden,
    /// Where a transaction was opened that isn't closed.
    open: Option<usize>,
}

impl Reader<'_> {
    fn text(&self, at: usize) -> &str {
        self.texts.get(at).map_or("", |text| text)
    }

    fn take(&mut self, at: usize, statement: &Statement<'_>) {
        let effect = session_effect(statement);
        if !matches!(effect, Effect::Drops { .. } | Effect::Temporary { .. }) {
            self.fill(statement.text);
        }
        if statement.dialect == Dialect::MySql && commits_implicitly(statement) {
            self.open = None;
        }
        let runs_hidden = effect != Effect::Setting && self.run_hidden(at, statement);
        match effect {
            Effect::Nothing => {}
            Effect::Setting => self.set(at, statement),
            // What a routine does besides must not be done twice.
            Effect::Read { again: true, .. } if runs_hidden => self.run(at, Sets::unknown()),
            Effect::Read { names, again } => self.push(at, Kind::Read(names, again)),
            Effect::Temporary { name, holds_rows, acts } => {
                self.push(at, Kind::Temporary { name, holds_rows, is_filled: false, acts });
            }
            Effect::Prepared { name } => {
                let is_read = self.reads_what_was_read(statement.text);
                self.push(at, Kind::Prepared { name, is_read });
            }
            Effect::Cursor { name } => self.push(at, Kind::Cursor(name)),
            Effect::Locks { name } => self.push(at, Kind::Lock(name)),
            Effect::Unlocks { name } => self.left.retain(
                |left| !matches!(&left.kind, Kind::Lock(held) if name.is_empty() || *held == name),
            ),
            Effect::Drops { names } => self.drop(&names),
            Effect::Opens => self.open = Some(self.open.unwrap_or(at)),
            Effect::Closes => self.close(statement),
            Effect::Forgets => self.left.clear(),
            Effect::Calls { name, names, is_prepared } => self.call(at, &name, names, is_prepared),
            Effect::Runs(sets) => self.run(at, sets),
        }
        if let Some(code) = code_of(statement) {
            self.hidden.add(code);
        }
    }

    /// Takes in what code sets and fills that a statement runs without showing it; tells whether there is
    /// such code.
    fn run_hidden(&mut self, at: usize, statement: &Statement<'_>) -> bool {
        let reached = self.hidden.reached(statement);
        let mut sets = Sets::default();
        for code in &reached {
            sets.add(code.sets.clone());
            let words = ["execute", "prepare"];
            if !code.on_change && words.iter().any(|word| mentions(&code.text, word)) {
                // What it is given may be a statement.
                sets.add(Code::new("", statement.text, statement.dialect).sets);
            }
        }
        for left in &mut self.left {
            if let Kind::Temporary { name, is_filled, .. } = &mut left.kind {
                *is_filled |= reached.iter().any(|code| mentions(&code.text, name));
            }
        }
        let is_any = !reached.is_empty();
        self.run(at, sets);
        is_any
    }

    /// Takes in the end of a transaction: a rollback takes back what was set in it, where settings and
    /// temporary objects are a transaction's.
    fn close(&mut self, statement: &Statement<'_>) {
        let opened = self.open.take();
        let is_rollback = ["ROLLBACK", "ABORT"].iter().any(|word| statement.begins_with(word));
        let Some(opened) = opened.filter(|_| is_rollback) else {
            return;
        };
        self.left.retain(|left| match left.kind {
            _ if left.at < opened => true,
            Kind::Setting | Kind::Read(..) => statement.dialect != Dialect::Postgres,
            Kind::Temporary { .. } => statement.dialect == Dialect::MySql,
            Kind::Prepared { .. } | Kind::Cursor(_) | Kind::Lock(_) | Kind::Code(_) => true,
        });
    }

    fn push(&mut self, at: usize, kind: Kind) {
        self.left.push(Left { at, kind });
    }

    /// Takes in a setting; one that is made of a variable whose value was read was read, too.
    fn set(&mut self, at: usize, statement: &Statement<'_>) {
        let text = statement.text;
        let value = text.split_once('=').map_or("", |(_, value)| value);
        if statement.dialect == Dialect::MySql && self.reads_what_was_read(value) {
            let names = assigned_variables(statement);
            return self.push(at, Kind::Read(names, false));
        }
        for name in assigned_variables(statement) {
            self.forget(&name);
        }
        self.push(at, Kind::Setting);
    }

    /// Forgets that a variable was read, for it has another value by now.
    fn forget(&mut self, variable: &str) {
        self.left.retain_mut(|left| match &mut left.kind {
            Kind::Read(names, runs) if !names.is_empty() => {
                names.retain(|name| !name.eq_ignore_ascii_case(variable));
                let (is_forgotten, runs) = (names.is_empty(), *runs);
                if is_forgotten && runs {
                    left.kind = Kind::Setting;
                }
                !is_forgotten || runs
            }
            Kind::Code(sets) => {
                sets.names.retain(|name| !name.eq_ignore_ascii_case(variable));
                !sets.is_nothing()
            }
            Kind::Setting
            | Kind::Read(..)
            | Kind::Temporary { .. }
            | Kind::Prepared { .. }
            | Kind::Cursor(_)
            | Kind::Lock(_) => true,
        });
    }

    fn reads_what_was_read(&self, text: &str) -> bool {
        self.left.iter().any(|left| {
            let names = match &left.kind {
                Kind::Read(names, _) => names,
                Kind::Code(sets) => &sets.names,
                Kind::Setting
                | Kind::Temporary { .. }
                | Kind::Prepared { .. }
                | Kind::Cursor(_)
                | Kind::Lock(_) => return false,
            };
            names.iter().any(|name| mentions(text, name))
        })
    }

    /// Takes in that a statement may have changed what a temporary object holds.
    fn fill(&mut self, text: &str) {
        for left in &mut self.left {
            if let Kind::Temporary { name, is_filled, .. } = &mut left.kind {
                *is_filled |= mentions(text, name);
            }
        }
    }

    fn drop(&mut self, names: &[String]) {
        let is_dropped = |known: &str| names.iter().any(|name| name.eq_ignore_ascii_case(known));
        self.left.retain_mut(|left| match &mut left.kind {
            Kind::Temporary { name, .. } | Kind::Cursor(name) => !is_dropped(name),
            Kind::Prepared { name, .. } => !(names.is_empty() || is_dropped(name)),
            Kind::Code(sets) => {
                sets.names.retain(|name| !is_dropped(name));
                !sets.is_nothing()
            }
            Kind::Setting | Kind::Read(..) | Kind::Lock(_) => true,
        });
    }

    /// Takes in the call of a routine, which is known if the script or the database has it, or of a
    /// prepared statement, whose text is one of the strings that the script has for it.
    fn call(&mut self, at: usize, name: &str, given: Vec<String>, is_prepared: bool) {
        let mut sets = if is_prepared {
            self.prepared_text(name)
        } else if self.hidden.has(name) {
            Sets::default()
        } else {
            Sets::unknown()
        };
        sets.names.extend(given);
        self.run(at, sets);
    }

    fn run(&mut self, at: usize, sets: Sets) {
        if !sets.is_nothing() {
            self.push(at, Kind::Code(sets));
        }
    }

    /// Finds what a prepared statement sets, from the strings in the statements that its text comes from.
    fn prepared_text(&self, name: &str) -> Sets {
        let is_meant = |left: &&Left| matches!(&left.kind, Kind::Prepared { name: known, .. } if known.eq_ignore_ascii_case(name));
        let prepared = self.left.iter().rev().find(is_meant).map(|left| left.at);
        let Some(prepared) = prepared else {
            return Sets::unknown();
        };
        sets_of_strings((0..=prepared).map(|at| self.text(at)), self.text(prepared))
    }

    /// Chooses what runs again, from the last to the first: what runs again may read what was left
    /// before it.
    fn choose(&self) -> Result<Vec<usize>, Obstacle> {
        let mut following = Following::new(self.texts, self.done, self.dialect, &self.hidden);
        let mut again: Vec<usize> = Vec::new();
        let mut obstacle =
            self.open.map(|at| Obstacle { at, what: "an open transaction".to_owned() });
        for left in self.left.iter().rev() {
            match left.kind.remedy(&following) {
                Remedy::Nothing => {}
                Remedy::Again if again.last() == Some(&left.at) => {}
                Remedy::Again => {
                    again.push(left.at);
                    following.add(self.text(left.at), left.kind.acts());
                }
                Remedy::Impossible(what) => obstacle = Some(Obstacle { at: left.at, what }),
            }
        }
        again.reverse();
        obstacle.map_or(Ok(again), Err)
    }
}

/// Finds whether a statement asks for the id of a row that the session before has inserted.
fn asked_id(
    texts: &[Cow<'_, str>],
    done: usize,
    dialect: Dialect,
    hidden: &Hidden,
) -> Option<Obstacle> {
    let id_of = |at: &usize| {
        let text = texts.get(*at)?;
        let statement = Splitter::new(text, dialect).next()?.ok()?;
        let mut id = last_id(&statement);
        // What functions insert leaves no id to the statement that calls them; sequences do.
        let is_counted = |code: &&Code| mentions(&code.text, "nextval");
        id.sets |= dialect != Dialect::Sqlite && hidden.reached(&statement).iter().any(is_counted);
        Some((*at, id))
    };
    let (at, _) = (0..done).rev().filter_map(|at| id_of(&at)).find(|(_, id)| id.sets)?;
    let asks = (done..texts.len()).filter_map(|at| id_of(&at));
    let first = asks.map(|(_, id)| id).find(|id| id.asks || id.sets)?;
    let what = "the id of the row that was inserted last".to_owned();
    first.asks.then_some(Obstacle { at, what })
}

#[cfg(test)]
mod tests;
