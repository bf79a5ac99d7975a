//! The session in which the statements of a schema run, in whatever order works.

use std::rc::Rc;

use crate::autogenerate::ddl::Path;
use crate::autogenerate::load::Todo;
use crate::database::{Connection, DatabaseError};
use crate::place::Place;

/// The most statements of a transaction.
const MOST: usize = 50;

/// The statements that failed, and the place and the reason of the first.
pub(super) type Failed<'a> = (Vec<Todo<'a>>, Option<(Place, DatabaseError)>);

/// The session in which a schema is made.
pub(super) struct Session<'c> {
    connection: &'c mut dyn Connection,
    rules: Option<&'static Path>,
    /// The path in force.
    path: Rc<str>,
}

impl<'c> Session<'c> {
    pub(super) fn new(
        connection: &'c mut dyn Connection,
        rules: Option<&'static Path>,
    ) -> Result<Self, DatabaseError> {
        let mut res = Self { connection, rules, path: Rc::from("") };
        if let Some(rules) = rules {
            rules.before.iter().try_for_each(|it| res.connection.execute(it))?;
            res.ask_path()?;
        }
        Ok(res)
    }

    fn ask_path(&mut self) -> Result<(), DatabaseError> {
        if let Some(rules) = self.rules {
            self.path = self.connection.value(rules.query)?.unwrap_or_default().into();
        }
        Ok(())
    }

    fn may_change_path(&self, it: &Todo<'_>) -> bool {
        self.rules.is_some_and(|rules| (rules.may_change)(&it.statement))
    }

    /// Runs statements in their order, as many at once as go together.
    pub(super) fn first_round<'a>(
        &mut self,
        todo: Vec<Todo<'a>>,
    ) -> Result<Failed<'a>, DatabaseError> {
        let mut failed: Failed<'a> = (Vec::new(), None);
        // What a failed transaction has done must be undone.
        let is_together =
            self.connection.sends_together() && self.connection.engine().has_transactional_ddl();
        let mut todo = todo.into_iter().peekable();
        while let Some(it) = todo.next() {
            let mut some = vec![it];
            if is_together && !self.may_change_path(&some[0]) {
                let together = |it: &Todo<'a>| !self.may_change_path(it);
                while let Some(next) = todo.next_if(|it| some.len() < MOST && together(it)) {
                    some.push(next);
                }
            }
            if some.len() > 1 && self.run_together(&some) {
                continue;
            }
            for it in some {
                self.run(it, &mut failed)?;
            }
        }
        Ok(failed)
    }

    /// Runs statements that failed before once more.
    pub(super) fn round<'a>(&mut self, todo: Vec<Todo<'a>>) -> Result<Failed<'a>, DatabaseError> {
        let mut failed: Failed<'a> = (Vec::new(), None);
        for it in todo {
            self.run(it, &mut failed)?;
        }
        Ok(failed)
    }

    /// Runs statements in one transaction; tells whether all of them went through.
    fn run_together(&mut self, some: &[Todo<'_>]) -> bool {
        let texts = some.iter().map(|it| it.statement.text);
        let texts: Vec<&str> = ["BEGIN"].into_iter().chain(texts).chain(["COMMIT"]).collect();
        // Whichever failed is run again by itself.
        let is_done = self.connection.execute_all(&texts).is_ok();
        let _result = self.connection.rollback();
        is_done
    }

    fn run<'a>(&mut self, mut it: Todo<'a>, failed: &mut Failed<'a>) -> Result<(), DatabaseError> {
        let path = it.path.clone().unwrap_or_else(|| Rc::clone(&self.path));
        if let Some(rules) = self.rules.filter(|_| path != self.path) {
            self.connection.query(&(rules.set)(&path))?;
            self.path = Rc::clone(&path);
        }
        let result = self.connection.execute(it.statement.text);
        if self.may_change_path(&it) {
            self.ask_path()?;
        }
        if let Err(cause) = result {
            let offset = if let DatabaseError::Sql(fault) = &cause { fault.offset } else { None };
            let offset = offset.unwrap_or(0).min(it.statement.text.len());
            failed.1.get_or_insert_with(|| (it.place(offset), cause));
            it.path = Some(path);
            failed.0.push(it);
        }
        Ok(())
    }
}
