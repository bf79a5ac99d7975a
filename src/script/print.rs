//! A script as SQL text, for `--sql`.

use std::fmt::{self, Write};

use crate::ledger::{Ledger, Recorded};
use crate::plan::Operation;
use crate::revision::ForeignKeys;
use crate::script::{Action, Keep, Script, Unit};

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
    ) -> fmt::Result {
        let recorded = Recorded { applied_by: applied_by.to_owned(), ..Recorded::default() };
        for action in &self.actions {
            match action {
                Action::EnsureTables => {
                    for statement in tables {
                        writeln!(out, "{statement};\n")?;
                    }
                }
                Action::ForeignKeys(keys) => writeln!(out, "{};\n", pragma(*keys))?,
                Action::Begin => writeln!(out, "BEGIN IMMEDIATE;\n")?,
                Action::Start(unit) => self.write_heading(out, *unit)?,
                Action::Execute { unit, span } => {
                    if let Some(unit) = self.units.get(*unit) {
                        writeln!(out, "{};\n", unit.source.statement(*span))?;
                    }
                }
                Action::CheckForeignKeys => writeln!(out, "PRAGMA foreign_key_check;\n")?,
                Action::Keep(change) => write_change(out, ledger, change, &recorded)?,
                Action::Commit => writeln!(out, "COMMIT;\n")?,
                Action::Compare | Action::ResetSession | Action::Finish(_) => {}
            }
        }
        Ok(())
    }

    fn write_heading(&self, out: &mut impl Write, unit: usize) -> fmt::Result {
        self.units.get(unit).map_or(Ok(()), |unit| writeln!(out, "-- {}\n", unit.heading()))
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

fn write_change(
    out: &mut impl Write,
    ledger: &Ledger,
    change: &Keep,
    recorded: &Recorded,
) -> fmt::Result {
    let statement = match change {
        Keep::Record(entry) => ledger.insert(entry, recorded),
        Keep::Accept(entry) => ledger.update(entry),
        Keep::Erase(revision) => ledger.delete(revision.as_str()),
        Keep::EraseAll => ledger.delete_all(),
        // Whoever runs the text sees for himself how far it came.
        Keep::BeginRunning { .. }
        | Keep::NoteRunning(_)
        | Keep::EndRunning(_)
        | Keep::EndAllRunning => return Ok(()),
    };
    writeln!(out, "{statement};\n")
}

/// Returns the pragma that says whether SQLite enforces foreign keys.
pub(crate) fn pragma(keys: ForeignKeys) -> &'static str {
    match keys {
        ForeignKeys::Checked => "PRAGMA foreign_keys = OFF",
        ForeignKeys::Enforced => "PRAGMA foreign_keys = ON",
    }
}
