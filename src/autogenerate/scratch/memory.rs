//! SQLite's scratch databases, in memory.

use crate::autogenerate::{AutogenerateError, Scratch};
use crate::database::{Connection, DatabaseError, scratch, scratch_like};
use crate::sql::Dialect;

pub(super) struct Memory(Box<dyn Connection>);

impl Memory {
    pub(super) fn new() -> Result<Self, DatabaseError> {
        Self::of(scratch()?)
    }

    /// Foreign keys are off, as they are while a revision runs.
    fn of(mut connection: Box<dyn Connection>) -> Result<Self, DatabaseError> {
        connection.execute("PRAGMA foreign_keys = off")?;
        Ok(Self(connection))
    }
}

impl Scratch for Memory {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn connection(&mut self) -> Result<&mut dyn Connection, AutogenerateError> {
        Ok(&mut *self.0)
    }

    fn fork(&mut self) -> Result<Box<dyn Scratch>, AutogenerateError> {
        Ok(Box::new(Self::of(scratch_like(&*self.0)?)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fork_holds_the_same_and_goes_its_own_way() {
        let mut first = Memory::new().unwrap();
        first.0.execute("CREATE TABLE t (a, CHECK (is_fine(a)))").unwrap();
        first.0.execute("INSERT INTO t VALUES (1)").unwrap();
        let mut second = first.fork().unwrap();
        second.connection().unwrap().execute("INSERT INTO t VALUES (2)").unwrap();
        let count = |it: &mut dyn Scratch| it.connection().unwrap().value("SELECT count(*) FROM t");
        assert_eq!(count(&mut first).unwrap().as_deref(), Some("1"));
        assert_eq!(count(&mut *second).unwrap().as_deref(), Some("2"));
    }
}
