//! What is run again before a script goes on in another session.
//!
//! The statements that are done have set things in a session that is gone. Those that only set something
//! run again, in their order; where what follows may depend on more, going on is refused.

use std::borrow::Cow;

use crate::sql::{
    Dialect, Effect, Sets, Splitter, Statement, assigned_variables, commits_implicitly, last_id,
    mentions, session_effect, sets_of_strings,
};

/// What can't be made again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Obstacle {
    /// The statement that has left it, counted from none.
    pub(super) at: usize,
    /// What it is.
    pub(super) what: String,
}

/// Finds which statements run again before a script goes on after so many that are done.
pub(super) fn again(
    texts: &[Cow<'_, str>],
    done: usize,
    dialect: Dialect,
) -> Result<Vec<usize>, Obstacle> {
    let mut reader = Reader { texts, done, left: Vec::new(), routines: Vec::new(), open: None };
    if done == 0 || done >= texts.len() {
        return Ok(Vec::new());
    }
    for at in 0..done {
        let text = texts.get(at).map_or("", |text| text);
        if let Some(Ok(statement)) = Splitter::new(text, dialect).next() {
            reader.take(at, &statement);
        }
    }
    let mut found = reader.choose();
    if let (Ok(_), Some(obstacle)) = (&found, asked_id(texts, done, dialect)) {
        found = Err(obstacle);
    }
    found
}

/// Something that a statement has left.
struct Left {
    at: usize,
    kind: Kind,
}

enum Kind {
    /// A setting, which is set again.
    Setting,
    /// Variables whose values were read; whether something else is set by the same statement.
    Read(Vec<String>, bool),
    /// A temporary object; whether it holds rows, and whether it acts unnamed.
    Temporary { name: String, holds_rows: bool, acts: bool },
    /// A prepared statement; whether its text was read.
    Prepared { name: String, is_read: bool },
    /// A cursor.
    Cursor(String),
    /// A lock.
    Lock(String),
    /// Whatever code has set.
    Anything,
}

/// What locks of whole tables are called (MySQL): nobody else's lock has such a name.
const TABLES: &str = "LOCK TABLES";

/// How another session comes to what a statement has left.
enum Remedy {
    /// Nothing that follows depends on it.
    Nothing,
    /// The statement runs again.
    Again,
    /// In no way; this names what is lost.
    Impossible(String),
}

impl Kind {
    /// Finds how another session comes to this; `is_named` tells whether what follows names an object,
    /// `is_needed` whether it may read a variable.
    fn remedy(
        &self,
        is_named: impl Fn(&str) -> bool,
        is_needed: impl Fn(&String) -> bool,
    ) -> Remedy {
        let again_unless = |is_lost: bool, what: String| {
            if is_lost { Remedy::Impossible(what) } else { Remedy::Again }
        };
        match self {
            Self::Read(names, runs) => {
                if names.is_empty() {
                    Remedy::Impossible("a setting whose value was read".to_owned())
                } else if let Some(name) = names.iter().find(|name| is_needed(name)) {
                    Remedy::Impossible(format!("a value that was read in `{name}`"))
                } else if *runs {
                    Remedy::Again
                } else {
                    Remedy::Nothing
                }
            }
            Self::Temporary { name, holds_rows, acts } if *acts || is_named(name) => again_unless(
                *holds_rows && !*acts,
                format!("rows in the temporary object `{name}`"),
            ),
            Self::Prepared { name, is_read } if is_named(name) => again_unless(
                *is_read,
                format!("the prepared statement `{name}`, whose text was read"),
            ),
            Self::Cursor(name) if is_named(name) => {
                Remedy::Impossible(format!("the open cursor `{name}`"))
            }
            Self::Temporary { .. } | Self::Prepared { .. } | Self::Cursor(_) => Remedy::Nothing,
            Self::Setting => Remedy::Again,
            // Whole tables are locked as they were, and what follows runs under their locks.
            Self::Lock(name) => again_unless(name != TABLES, "a lock".to_owned()),
            Self::Anything => Remedy::Impossible("whatever its code has set".to_owned()),
        }
    }
}

/// Goes through the statements that are done.
struct Reader<'t> {
    texts: &'t [Cow<'t, str>],
    done: usize,
    left: Vec<Left>,
    /// The routines that the script makes, and what they set.
    routines: Vec<(String, Sets)>,
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
        match effect {
            Effect::Nothing => {}
            Effect::Setting => self.set(at, statement),
            Effect::Read { names, again } => self.push(at, Kind::Read(names, again)),
            Effect::Temporary { name, holds_rows, acts } => {
                self.push(at, Kind::Temporary { name, holds_rows, acts });
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
            Effect::Routine { name, sets } => self.routines.push((name, sets)),
        }
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
            Kind::Prepared { .. } | Kind::Cursor(_) | Kind::Lock(_) | Kind::Anything => true,
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
        for left in &mut self.left {
            if let Kind::Read(names, _) = &mut left.kind
                && !names.is_empty()
            {
                names.retain(|name| name != variable);
                if names.is_empty() {
                    left.kind = Kind::Setting;
                }
            }
        }
    }

    fn reads_what_was_read(&self, text: &str) -> bool {
        self.left.iter().any(|left| {
            matches!(&left.kind, Kind::Read(names, _)
                if names.iter().any(|name| mentions(text, name)))
        })
    }

    /// Takes in that a statement may have changed what a temporary object holds.
    fn fill(&mut self, text: &str) {
        for left in &mut self.left {
            if let Kind::Temporary { name, holds_rows, .. } = &mut left.kind {
                *holds_rows |= mentions(text, name);
            }
        }
    }

    fn drop(&mut self, names: &[String]) {
        let is_dropped = |known: &str| names.iter().any(|name| name.eq_ignore_ascii_case(known));
        self.left.retain(|left| match &left.kind {
            Kind::Temporary { name, .. } | Kind::Cursor(name) => !is_dropped(name),
            Kind::Prepared { name, .. } => !(names.is_empty() || is_dropped(name)),
            Kind::Setting | Kind::Read(..) | Kind::Lock(_) | Kind::Anything => true,
        });
    }

    /// Takes in the call of a routine, which is known if the script makes it, or of a prepared
    /// statement, whose text is one of the strings that the script has for it.
    fn call(&mut self, at: usize, name: &str, given: Vec<String>, is_prepared: bool) {
        let mut sets = if is_prepared {
            self.prepared_text(name)
        } else {
            let known =
                self.routines.iter().rev().find(|(known, _)| known.eq_ignore_ascii_case(name));
            known.map_or_else(Sets::unknown, |(_, sets)| sets.clone())
        };
        sets.names.extend(given);
        self.run(at, sets);
    }

    fn run(&mut self, at: usize, sets: Sets) {
        if sets.anything {
            self.push(at, Kind::Anything);
        } else if !sets.is_nothing() {
            self.push(at, Kind::Read(sets.names, false));
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
        let mut again: Vec<usize> = Vec::new();
        let mut obstacle =
            self.open.map(|at| Obstacle { at, what: "an open transaction".to_owned() });
        for left in self.left.iter().rev() {
            let following = || {
                let again = again.iter().rev().map(|at| self.text(*at));
                again.chain((self.done..self.texts.len()).map(|at| self.text(at)))
            };
            let named = |name: &str| following().any(|text| mentions(text, name));
            let is_needed = |name: &String| self.is_needed(name, following());
            match left.kind.remedy(named, is_needed) {
                Remedy::Nothing => {}
                Remedy::Again => again.push(left.at),
                Remedy::Impossible(what) => obstacle = Some(Obstacle { at: left.at, what }),
            }
        }
        again.reverse();
        obstacle.map_or(Ok(again), Err)
    }

    /// Tells whether what follows may read a variable: the first that names it does more than give it
    /// another value, or nothing in the script reads it, so that something unseen has to.
    fn is_needed<'t>(&self, name: &str, mut following: impl Iterator<Item = &'t str>) -> bool {
        let all: usize = self.texts.iter().map(|text| usize::from(mentions(text, name))).sum();
        if all <= 1 && self.texts.iter().all(|text| text.matches(name).count() <= 1) {
            return true;
        }
        following.find(|text| mentions(text, name)).is_some_and(|text| {
            let value = text.split_once('=').map(|(target, value)| (target.trim(), value));
            let is_set = |(target, value): (&str, &str)| {
                let target = target.to_ascii_lowercase();
                let target = target.strip_prefix("set").unwrap_or_default();
                target.trim().trim_end_matches(':').trim() == name && !mentions(value, name)
            };
            !value.is_some_and(is_set)
        })
    }
}

/// Finds whether a statement asks for the id of a row that the session before has inserted.
fn asked_id(texts: &[Cow<'_, str>], done: usize, dialect: Dialect) -> Option<Obstacle> {
    let id_of = |at: &usize| {
        let text = texts.get(*at)?;
        Some((*at, last_id(&Splitter::new(text, dialect).next()?.ok()?)))
    };
    let (at, _) = (0..done).rev().filter_map(|at| id_of(&at)).find(|(_, id)| id.sets)?;
    let asks = (done..texts.len()).filter_map(|at| id_of(&at));
    let first = asks.map(|(_, id)| id).find(|id| id.asks || id.sets)?;
    let what = "the id of the row that was inserted last".to_owned();
    first.asks.then_some(Obstacle { at, what })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goes on after so many statements, and tells which run again, counted from 1, or which can't.
    #[track_caller]
    fn check(dialect: Dialect, done: usize, script: &str, expected: &str) {
        let texts: Vec<Cow<'_, str>> = script.split(';').map(|it| it.trim().into()).collect();
        let told = match again(&texts, done, dialect) {
            Ok(again) => {
                let numbers: Vec<String> = again.iter().map(|at| (at + 1).to_string()).collect();
                format!("again {}", numbers.join(" "))
            }
            Err(Obstacle { at, what }) => format!("{}: {what}", at + 1),
        };
        assert_eq!(told.trim_end(), expected, "{script}");
    }

    #[test]
    fn nothing_runs_again_where_nothing_was_set_or_nothing_follows() {
        check(Dialect::Sqlite, 1, "CREATE TABLE a (b); INSERT INTO a VALUES (1)", "again");
        check(Dialect::Sqlite, 2, "CREATE TEMP TABLE a AS SELECT 1; DROP TABLE a", "again");
        check(Dialect::Postgres, 0, "SET a.b = 1; SELECT 1", "again");
    }

    #[test]
    fn what_a_rollback_took_back_is_not_made_again() {
        let check = |script, expected| check(Dialect::Postgres, 4, script, expected);
        check("BEGIN; SET a.b = 1; COMMIT; SELECT 1; SELECT 2", "again 2");
        check("BEGIN; SET a.b = 1; ROLLBACK; SELECT 1; SELECT 2", "again");
        check("SET a.b = 1; BEGIN; ROLLBACK; SELECT 1; SELECT 2", "again 1");
        check("SELECT 1; BEGIN; SET a.b = 1; SELECT 1; COMMIT", "2: an open transaction");
        check("SET a.b = 1; DISCARD ALL; SET a.c = 2; SELECT 1; SELECT 2", "again 3");
    }

    #[test]
    fn a_lock_is_lost_until_it_is_given_back() {
        let rest = "SELECT 1; SELECT 2";
        let lock = "SELECT pg_advisory_lock(1)";
        let check = |script: &str, expected| check(Dialect::Postgres, 3, script, expected);
        check(&format!("{lock}; SELECT 0; {rest}"), "1: a lock");
        check(&format!("{lock}; SELECT pg_advisory_unlock(1); {rest}"), "again");
        check(&format!("{lock}; SELECT pg_advisory_unlock(2); {rest}"), "1: a lock");
        check(&format!("{lock}; SELECT pg_advisory_unlock_all(); {rest}"), "again");
    }

    #[test]
    fn a_variable_that_was_read_matters_to_what_reads_it() {
        let read = "SET @a = (SELECT MAX(id) FROM t)";
        let lost = "1: a value that was read in `@a`";
        let check = |done, rest: &str, expected| {
            check(Dialect::MySql, done, &format!("{read}; {rest}"), expected);
        };
        check(1, "INSERT INTO u VALUES (@a)", lost);
        check(2, "INSERT INTO u VALUES (@a); SELECT 1", "again");
        check(2, "INSERT INTO u VALUES (@a); SET @a = 1; SELECT @a", "again");
        check(2, "INSERT INTO u VALUES (@a); SET @a = @a + 1", lost);
        check(2, "SET @b = @a + 1; SELECT @b", "2: a value that was read in `@b`");
        check(2, "SET @a = 5; SELECT @a", "again 1 2");
        // Something that can't be seen reads it: a trigger, a routine.
        check(1, "INSERT INTO u VALUES (1)", lost);
    }

    #[test]
    fn code_is_an_obstacle_only_if_it_sets_something() {
        let check = |script, expected| check(Dialect::MySql, 3, script, expected);
        let nothing = "CREATE PROCEDURE p() DELETE FROM t; CALL p(); SELECT 1; SELECT 2";
        check(nothing, "again");
        check("SELECT 1; CALL unseen(); SELECT 1; SELECT 2", "2: whatever its code has set");
        check(
            "CREATE PROCEDURE p() SET sql_mode = ''; CALL p(); SELECT 1; SELECT 2",
            "2: whatever its code has set",
        );
        check("SELECT 1; CALL p(@n); SELECT 1; SELECT @n", "2: whatever its code has set");
    }
}
