//! A script as SQL text, for `--sql`.

use std::fmt::{self, Write};

use crate::ledger::{Ledger, Recorded};
use crate::plan::Operation;
use crate::revision::ForeignKeys;
use crate::script::{Action, Keep, Script, ScriptError, Unit};
use crate::sql::{Dialect, Splitter, quote_identifier};

/// What undoes the settings of a script on PostgreSQL.
pub(crate) const TIDY: [&str; 2] = ["SET SESSION AUTHORIZATION DEFAULT", "RESET ALL"];

/// What undoes the settings of a script on MySQL that change what a text of ours means.
pub(crate) const TIDY_MYSQL: &str =
    "SET NAMES utf8mb4, SESSION sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION'";

/// What ends a statement that holds semicolons, where the client needs to be told.
const DELIMITERS: [&str; 4] = ["//", "$$", "@@", "~~~~"];

impl Script {
    /// Writes the script as SQL that a client can run.
    ///
    /// `tables` is what makes the bookkeeping tables; it is needed where the script starts from
    /// nothing. Times are left to the database's clock.
    pub fn write_sql(
        &self,
        out: &mut impl Write,
        ledger: &Ledger,
        tables: &[String],
        applied_by: &str,
    ) -> Result<(), ScriptError> {
        let recorded = Recorded { applied_by: applied_by.to_owned(), ..Recorded::default() };
        let mut writer = Writer { out, dialect: ledger.dialect(), is_open: false };
        for action in &self.actions {
            match action {
                Action::EnsureTables => {
                    for statement in tables {
                        writer.statement(statement)?;
                    }
                }
                Action::ForeignKeys(keys) => writer.statement(pragma(*keys))?,
                Action::Begin => writer.begin()?,
                Action::Start(unit) => {
                    if let Some(unit) = self.units.get(*unit) {
                        writeln!(writer.out, "-- {}\n", unit.heading())?;
                    }
                }
                Action::Execute { unit, first, count } => {
                    if let Some(unit) = self.units.get(*unit as usize) {
                        let text = unit.source.open()?;
                        let (first, count) = (*first as usize, *count as usize);
                        for span in &*unit.statements_of(&text, first, count) {
                            writer.statement(&text.statement(*span))?;
                            writer.is_open &= !span.commits;
                        }
                    }
                }
                Action::CheckForeignKeys => writer.statement("PRAGMA foreign_key_check")?,
                Action::Tidy(unit) => {
                    if self.units.get(*unit).is_some_and(|unit| unit.leaves_traces) {
                        writer.tidy()?;
                    }
                }
                Action::Keep(change) => writer.change(ledger, change, &recorded)?,
                Action::Commit => writer.commit()?,
                Action::ResetSession => writer.reset(ledger)?,
                // A program's code has no text; such a script isn't printed.
                // Nothing goes on in it either.
                Action::CommitNotes
                | Action::Compare
                | Action::Finish(_)
                | Action::Call(_)
                | Action::SetAgain { .. } => {}
            }
        }
        Ok(())
    }
}

/// Where the text goes, and what it has said so far.
struct Writer<'a, W> {
    out: &'a mut W,
    dialect: Dialect,
    /// Whether a transaction was opened.
    is_open: bool,
}

impl<W: Write> Writer<'_, W> {
    fn statement(&mut self, text: &str) -> fmt::Result {
        // The client cuts at every semicolon that isn't quoted, whatever the server would do.
        let statement = Splitter::new(text, self.dialect).next();
        let has_body = self.dialect == Dialect::MySql
            && matches!(statement, Some(Ok(statement)) if statement.holds_delimiter());
        let free = DELIMITERS.iter().find(|it| has_body && !text.contains(**it));
        match free {
            Some(mark) => {
                writeln!(self.out, "DELIMITER {mark}\n{text}{mark}\nDELIMITER ;\n")
            }
            None => writeln!(self.out, "{text};\n"),
        }
    }

    fn tidy(&mut self) -> fmt::Result {
        match self.dialect {
            Dialect::Sqlite => Ok(()),
            Dialect::Postgres => TIDY.iter().try_for_each(|it| self.statement(it)),
            Dialect::MySql => self.statement(TIDY_MYSQL),
        }
    }

    /// Goes back to the database that the version table is named together with, if it is.
    fn reset(&mut self, ledger: &Ledger) -> fmt::Result {
        match ledger.schema().filter(|_| self.dialect == Dialect::MySql) {
            Some(schema) => {
                self.statement(&format!("USE {}", quote_identifier(schema, self.dialect)))
            }
            None => Ok(()),
        }
    }

    fn begin(&mut self) -> fmt::Result {
        self.is_open = true;
        match self.dialect {
            Dialect::Sqlite => writeln!(self.out, "BEGIN IMMEDIATE;\n"),
            Dialect::Postgres => writeln!(self.out, "BEGIN;\n"),
            Dialect::MySql => writeln!(self.out, "START TRANSACTION;\n"),
        }
    }

    fn commit(&mut self) -> fmt::Result {
        if std::mem::take(&mut self.is_open) { writeln!(self.out, "COMMIT;\n") } else { Ok(()) }
    }

    fn change(
        &mut self,
        ledger: &Ledger,
        change: &Keep,
        recorded: &Recorded,
    ) -> Result<(), ScriptError> {
        let statement = match change {
            Keep::Record(entry) => ledger.insert(&entry.entry()?, recorded, None),
            Keep::Accept(entry) => ledger.update(&entry.entry()?),
            Keep::Erase(revision) => ledger.delete(revision.as_str(), None),
            Keep::EraseAll => ledger.delete_all(),
            // Whoever runs the text sees for himself how far it came.
            Keep::BeginRunning { .. }
            | Keep::NoteRunning(_)
            | Keep::EndRunning(_)
            | Keep::EndAllRunning => return Ok(()),
        };
        Ok(writeln!(self.out, "{statement};\n")?)
    }
}

impl Unit {
    /// Returns Alembic's line for the step, without the message.
    pub fn heading(&self) -> String {
        match self.operation {
            Operation::Upgrade => format!("Running upgrade {}", self.arrow()),
            Operation::Downgrade => format!("Running downgrade {}", self.arrow()),
            Operation::Stamp => format!("Running stamp_revision {}", self.arrow()),
        }
    }
}

/// Returns the pragma that says whether SQLite enforces foreign keys.
pub(crate) fn pragma(keys: ForeignKeys) -> &'static str {
    match keys {
        ForeignKeys::Checked => "PRAGMA foreign_keys = OFF",
        ForeignKeys::Enforced => "PRAGMA foreign_keys = ON",
    }
}
