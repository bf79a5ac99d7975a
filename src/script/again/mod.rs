//! The statements that run again before a script is resumed in another session.
//!
//! The finished statements have made settings in a session that is gone. Those that only set
//! something run again, in order; where later statements may depend on more, resuming is refused.

use std::borrow::Cow;

use crate::script::hidden::Hidden;
use crate::script::left::{Following, LeftState, Remedy, StateKind};
use crate::sql::{
    Code, Dialect, Effect, Sets, Splitter, Statement, assigned_variables, code_of,
    ends_transaction, last_id, mentions, session_effect, sets_of_strings,
};

/// Session state that can't be restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Obstacle {
    /// The index of the statement that has left it.
    pub(super) at: usize,
    /// The name of the state in messages.
    pub(super) what: String,
}

/// Determines the statements that run again before a script is resumed after a number of finished
/// ones; `hidden` is the code in the database.
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

/// A pass over the finished statements.
struct Reader<'t> {
    texts: &'t [Cow<'t, str>],
    done: usize,
    dialect: Dialect,
    left: Vec<LeftState>,
    /// The code that statements run implicitly: the database's, and the script's.
    hidden: Hidden,
    /// The statement that opened a transaction which isn't closed.
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
        if ends_transaction(statement) {
            self.open = None;
        }
        let runs_hidden = effect != Effect::Setting && self.run_hidden(at, statement);
        match effect {
            Effect::Nothing => {}
            Effect::Setting => self.set(at, statement),
            // Other effects of a routine must not be repeated.
            Effect::Read { again: true, .. } if runs_hidden => self.run(at, Sets::unknown()),
            Effect::Read { names, again } => self.push(at, StateKind::Read(names, again)),
            Effect::Temporary { name, holds_rows, acts } => {
                self.push(at, StateKind::Temporary { name, holds_rows, is_filled: false, acts });
            }
            Effect::Prepared { name } => {
                let is_read = self.reads_what_was_read(statement.text);
                self.push(at, StateKind::Prepared { name, is_read });
            }
            Effect::Cursor { name } => self.push(at, StateKind::Cursor(name)),
            Effect::Locks { name } => self.push(at, StateKind::Lock(name)),
            Effect::Unlocks { name } => self.left.retain(
                |left| !matches!(&left.kind, StateKind::Lock(held) if name.is_empty() || *held == name),
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

    /// Notes the settings and rows of code that a statement runs implicitly; tells whether there is
    /// such code.
    fn run_hidden(&mut self, at: usize, statement: &Statement<'_>) -> bool {
        let reached = self.hidden.reached(statement);
        let mut sets = Sets::default();
        for code in &reached {
            sets.add(code.sets.clone());
            let words = ["execute", "prepare"];
            if !code.on_change && words.iter().any(|word| mentions(&code.text, word)) {
                // An argument may be a statement.
                sets.add(Code::new("", statement.text, statement.dialect).sets);
            }
        }
        for left in &mut self.left {
            if let StateKind::Temporary { name, is_filled, .. } = &mut left.kind {
                *is_filled |= reached.iter().any(|code| mentions(&code.text, name));
            }
        }
        let is_any = !reached.is_empty();
        self.run(at, sets);
        is_any
    }

    /// Notes the end of a transaction: a rollback undoes its settings and temporary objects, where
    /// these are transactional.
    fn close(&mut self, statement: &Statement<'_>) {
        let opened = self.open.take();
        let is_rollback = ["ROLLBACK", "ABORT"].iter().any(|word| statement.begins_with(word));
        let Some(opened) = opened.filter(|_| is_rollback) else { return };
        let (keeps_settings, keeps_temporary) = match statement.dialect {
            Dialect::Sqlite => (true, false),
            Dialect::Postgres => (false, false),
            Dialect::MySql => (true, true),
        };
        self.left.retain(|left| match left.kind {
            _ if left.at < opened => true,
            StateKind::Setting | StateKind::Read(..) => keeps_settings,
            StateKind::Temporary { .. } => keeps_temporary,
            StateKind::Prepared { .. }
            | StateKind::Cursor(_)
            | StateKind::Lock(_)
            | StateKind::Code(_) => true,
        });
    }

    fn push(&mut self, at: usize, kind: StateKind) {
        self.left.push(LeftState { at, kind });
    }

    /// Notes a setting; a variable read in its value was read too.
    fn set(&mut self, at: usize, statement: &Statement<'_>) {
        let text = statement.text;
        let value = text.split_once('=').map_or("", |(_, value)| value);
        // Elsewhere a setting can't be made of another.
        if statement.dialect == Dialect::MySql && self.reads_what_was_read(value) {
            let names = assigned_variables(statement);
            return self.push(at, StateKind::Read(names, false));
        }
        for name in assigned_variables(statement) {
            self.forget(&name);
        }
        self.push(at, StateKind::Setting);
    }

    /// Forgets that a variable was read, since it has another value now.
    fn forget(&mut self, variable: &str) {
        self.left.retain_mut(|left| match &mut left.kind {
            StateKind::Read(names, runs) if !names.is_empty() => {
                names.retain(|name| !name.eq_ignore_ascii_case(variable));
                let (is_forgotten, runs) = (names.is_empty(), *runs);
                if is_forgotten && runs {
                    left.kind = StateKind::Setting;
                }
                !is_forgotten || runs
            }
            StateKind::Code(sets) => {
                sets.names.retain(|name| !name.eq_ignore_ascii_case(variable));
                !sets.is_nothing()
            }
            StateKind::Setting
            | StateKind::Read(..)
            | StateKind::Temporary { .. }
            | StateKind::Prepared { .. }
            | StateKind::Cursor(_)
            | StateKind::Lock(_) => true,
        });
    }

    fn reads_what_was_read(&self, text: &str) -> bool {
        self.left.iter().any(|left| {
            let names = match &left.kind {
                StateKind::Read(names, _) => names,
                StateKind::Code(sets) => &sets.names,
                StateKind::Setting
                | StateKind::Temporary { .. }
                | StateKind::Prepared { .. }
                | StateKind::Cursor(_)
                | StateKind::Lock(_) => return false,
            };
            names.iter().any(|name| mentions(text, name))
        })
    }

    /// Notes that a statement may have changed the content of a temporary object.
    fn fill(&mut self, text: &str) {
        for left in &mut self.left {
            if let StateKind::Temporary { name, is_filled, .. } = &mut left.kind {
                *is_filled |= mentions(text, name);
            }
        }
    }

    fn drop(&mut self, names: &[String]) {
        let is_dropped = |known: &str| names.iter().any(|name| name.eq_ignore_ascii_case(known));
        self.left.retain_mut(|left| match &mut left.kind {
            StateKind::Temporary { name, .. } | StateKind::Cursor(name) => !is_dropped(name),
            StateKind::Prepared { name, .. } => !(names.is_empty() || is_dropped(name)),
            StateKind::Code(sets) => {
                sets.names.retain(|name| !is_dropped(name));
                !sets.is_nothing()
            }
            StateKind::Setting | StateKind::Read(..) | StateKind::Lock(_) => true,
        });
    }

    /// Notes the call of a routine, which is known if the script or the database has it, or of a
    /// prepared statement, whose text is one of the script's strings for it.
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
            self.push(at, StateKind::Code(sets));
        }
    }

    /// Determines the settings of a prepared statement from the strings in the statements that
    /// define its text.
    fn prepared_text(&self, name: &str) -> Sets {
        let is_meant = |left: &&LeftState| matches!(&left.kind, StateKind::Prepared { name: known, .. } if known.eq_ignore_ascii_case(name));
        let prepared = self.left.iter().rev().find(is_meant).map(|left| left.at);
        let Some(prepared) = prepared else { return Sets::unknown() };
        sets_of_strings((0..=prepared).map(|at| self.text(at)), self.text(prepared))
    }

    /// Chooses the statements that run again, from the last to the first, since one that runs again
    /// may read earlier state.
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

/// Finds whether a statement asks for the id of a row that the previous session inserted.
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
        // Rows inserted by functions leave no id for the calling statement; sequences do.
        let is_counted = |code: &&Code| mentions(&code.text, "nextval");
        id.sets |= dialect.has_sequences() && hidden.reached(&statement).iter().any(is_counted);
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
