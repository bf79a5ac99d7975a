//! A script as SQL text, for `--sql`.

use std::fmt::{self, Write};

use crate::ledger::{Ledger, Recorded};
use crate::plan::Operation;
use crate::revision::{ForeignKeys, Wrapping};
use crate::script::block::Block;
use crate::script::{Action, Keep, Script, ScriptError, Unit};
use crate::sql::{Dialect, quote_identifier};

/// Statements that undo a script's settings on PostgreSQL.
pub(crate) const TIDY: [&str; 2] = ["SET SESSION AUTHORIZATION DEFAULT", "RESET ALL"];

/// A statement that undoes those settings of a script on MySQL that affect this program's
/// statements.
pub(crate) const TIDY_MYSQL: &str =
    "SET NAMES utf8mb4, SESSION sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION'";

/// A statement that restores the server's settings on MySQL, as far as they affect the next script.
const RESET_MYSQL: &str = "SET sql_mode = @@GLOBAL.sql_mode, time_zone = @@GLOBAL.time_zone,\n    \
     foreign_key_checks = @@GLOBAL.foreign_key_checks, unique_checks = @@GLOBAL.unique_checks";

/// The encoding of the text, for clients that assume another.
const UTF8_POSTGRES: &str = "SET client_encoding = 'UTF8'";
const UTF8_MYSQL: &str = "SET NAMES utf8mb4";

const BROKEN: &str = "(SELECT count(*) FROM pragma_foreign_key_check)";

/// Tells psql to stop at an error, where no SQL could do it.
const STOP: &str = "\\set ON_ERROR_STOP on";

impl Script {
    /// Writes the script as SQL that a client can run.
    ///
    /// `tables` are the statements that create the bookkeeping tables, which a script from the base
    /// needs. Times are left to the database's clock.
    ///
    /// A client may continue after an error, which must do no harm: a failed revision isn't
    /// recorded, and those that build on it refuse to run.
    pub fn write_sql(
        &self,
        out: &mut impl Write,
        ledger: &Ledger,
        tables: &[String],
        applied_by: &str,
    ) -> Result<(), ScriptError> {
        let recorded = Recorded { applied_by: applied_by.to_owned(), ..Recorded::default() };
        let block = Block::new(ledger.dialect());
        let mut writer = Writer { out, ledger, recorded, block, is_open: false, has_ended: false };
        writer.explain(self)?;
        for action in &self.actions {
            writer.action(self, action, tables)?;
        }
        Ok(writer.block.write(writer.out)?)
    }

    /// Tells whether the script continues after an error on PostgreSQL: without a transaction,
    /// after a rollback to a savepoint, or with data that would be read as commands.
    fn outlives_errors(&self) -> bool {
        self.units.iter().any(|unit| unit.wrapping == Wrapping::None || unit.needs_stop)
    }
}

/// Writes the statements that create the bookkeeping tables as SQL that a client can run.
pub fn write_tables(out: &mut impl Write, dialect: Dialect, statements: &[String]) -> fmt::Result {
    let mut block = Block::new(dialect);
    add_tables(&mut block, dialect, statements);
    block.write(out)
}

/// Adds the statements that create the bookkeeping tables, each unless refinery's history has it.
fn add_tables(block: &mut Block, dialect: Dialect, statements: &[String]) {
    // The blocks of SQLite and MySQL stop at an error by themselves.
    let in_transaction = dialect == Dialect::Postgres && !statements.is_empty();
    let edge = |text: &str| in_transaction.then(|| text.to_owned());
    let all = edge("BEGIN").into_iter().chain(statements.iter().cloned()).chain(edge("COMMIT"));
    all.for_each(|statement| block.statement(statement));
}

/// The output, and the state of the text so far.
struct Writer<'a, W> {
    out: &'a mut W,
    ledger: &'a Ledger,
    recorded: Recorded,
    /// The part of a revision, from its beginning to its commit.
    block: Block,
    /// Whether a transaction is open.
    is_open: bool,
    /// Whether the block has come to its commit.
    has_ended: bool,
}

impl<W: Write> Writer<'_, W> {
    /// Explains once how an error is handled.
    fn explain(&mut self, script: &Script) -> fmt::Result {
        if script.units.is_empty() {
            return Ok(());
        }
        let dialect = self.ledger.dialect();
        let stops = dialect == Dialect::Postgres && script.outlives_errors();
        self.block.note(match dialect {
            Dialect::Postgres if stops => {
                "For psql, which has to stop at an error: a script here runs outside a \
                 transaction,\ngoes back to a savepoint, or has data. Other clients stop by \
                 themselves, and don't know the next line."
            }
            Dialect::Postgres => {
                "Each revision is a transaction. An error undoes it, and what builds on it fails."
            }
            Dialect::Sqlite => {
                "Behind each statement of a revision but the last a comment stands open. So the \
                 sqlite3 shell\nleaves the rest out after an error, the commit included."
            }
            Dialect::MySql => {
                "The server gets each revision in one piece, and leaves the rest of it out after \
                 an error,\nwith --force as well. What DDL has committed before it stands."
            }
        });
        if stops {
            self.block.write(self.out)?;
            writeln!(self.out, "{STOP}\n")?;
        }
        match dialect {
            Dialect::Sqlite => {}
            Dialect::Postgres => self.block.statement(UTF8_POSTGRES),
            Dialect::MySql => self.block.statement(UTF8_MYSQL),
        }
        Ok(())
    }

    fn action(
        &mut self,
        script: &Script,
        action: &Action,
        tables: &[String],
    ) -> Result<(), ScriptError> {
        let begins = matches!(
            action,
            Action::ForeignKeys(_) | Action::Compare | Action::Begin | Action::Start(_)
        );
        if begins && std::mem::take(&mut self.has_ended) {
            self.block.write(self.out)?;
        }
        match action {
            Action::EnsureTables => {
                add_tables(&mut self.block, self.ledger.dialect(), tables);
                self.has_ended = !tables.is_empty();
            }
            Action::ForeignKeys(keys) => self.block.statement(pragma(*keys)),
            Action::Begin => self.begin(),
            Action::Start(unit) => {
                if let Some(unit) = script.units.get(*unit) {
                    self.start(unit);
                }
            }
            Action::Execute { unit, first, count } => {
                if let Some(unit) = script.units.get(*unit as usize) {
                    let text = unit.source.open()?;
                    let (first, count) = (*first as usize, *count as usize);
                    for span in &*unit.statements_of(&text, first, count) {
                        self.block.statement(text.statement(*span));
                        self.is_open &= !span.commits;
                    }
                }
            }
            Action::CheckForeignKeys => self.check_foreign_keys(),
            Action::Tidy(unit) => {
                if script.units.get(*unit).is_some_and(|unit| unit.leaves_traces) {
                    self.tidy();
                }
            }
            Action::Keep(change) => self.change(change),
            Action::Commit => self.commit(),
            Action::ResetSession => self.reset(),
            // A program's code has no text, so such a script isn't printed. Nothing is resumed in
            // it either.
            Action::CommitNotes
            | Action::Compare
            | Action::Finish(_)
            | Action::Call(_)
            | Action::SetAgain { .. } => {}
        }
        Ok(())
    }

    /// Names a revision, and checks its requirements.
    fn start(&mut self, unit: &Unit) {
        let required = self.ledger.require(&unit.needs, &unit.absent);
        let said = required.as_ref().and_then(|it| it.note()).map(|it| format!("\n{it}"));
        self.block.note(&format!("{}{}", unit.heading(), said.unwrap_or_default()));
        let kept = unit.checks_foreign_keys.then_some(BROKEN);
        let statements = required.iter().flat_map(|it| it.statements(kept));
        statements.for_each(|statement| self.block.statement(statement));
    }

    /// Lists foreign key violations, and fails if there are more than before.
    fn check_foreign_keys(&mut self) {
        self.block.statement("PRAGMA foreign_key_check");
        self.block.statement(format!(
            "INSERT INTO temp.migrate_guard (holds) SELECT kept >= {BROKEN}\n    FROM \
             temp.migrate_guard ORDER BY rowid DESC LIMIT 1"
        ));
    }

    fn tidy(&mut self) {
        match self.ledger.dialect() {
            Dialect::Sqlite => {}
            Dialect::Postgres => {
                TIDY.iter().chain([&UTF8_POSTGRES]).for_each(|it| self.block.statement(*it));
            }
            Dialect::MySql => self.block.statement(TIDY_MYSQL),
        }
    }

    /// Undoes a script's settings on MySQL, and returns to the version table's database, if that is
    /// known.
    fn reset(&mut self) {
        let dialect = self.ledger.dialect();
        match dialect {
            Dialect::Sqlite | Dialect::Postgres => {}
            Dialect::MySql => {
                self.block.statement(RESET_MYSQL);
                if let Some(schema) = self.ledger.schema() {
                    self.block.statement(format!("USE {}", quote_identifier(schema, dialect)));
                }
            }
        }
    }

    fn begin(&mut self) {
        self.is_open = true;
        self.block.statement(match self.ledger.dialect() {
            Dialect::Sqlite => "BEGIN IMMEDIATE",
            Dialect::Postgres => "BEGIN",
            Dialect::MySql => "START TRANSACTION",
        });
    }

    fn commit(&mut self) {
        if std::mem::take(&mut self.is_open) {
            self.block.statement("COMMIT");
        }
        self.has_ended = true;
    }

    fn change(&mut self, change: &Keep) {
        let statement = match change {
            Keep::Record(entry) => self.ledger.insert(entry, &self.recorded, None),
            Keep::Accept(entry) => self.ledger.update(entry),
            Keep::Erase(revision) => self.ledger.delete(revision.as_str(), None),
            Keep::EraseAll => self.ledger.delete_all(),
            // The output of the client shows the progress.
            Keep::BeginRunning { .. }
            | Keep::NoteRunning(_)
            | Keep::EndRunning(_)
            | Keep::EndAllRunning => return,
        };
        self.block.statement(statement);
    }
}

impl Unit {
    /// Returns the step in Alembic's words, without the message.
    pub fn heading(&self) -> String {
        match self.operation {
            Operation::Upgrade => format!("Running upgrade {}", self.arrow()),
            Operation::Downgrade => format!("Running downgrade {}", self.arrow()),
            Operation::Stamp => format!("Running stamp_revision {}", self.arrow()),
        }
    }
}

/// Returns the pragma that sets whether SQLite enforces foreign keys.
pub(crate) fn pragma(keys: ForeignKeys) -> &'static str {
    match keys {
        ForeignKeys::Checked => "PRAGMA foreign_keys = OFF",
        ForeignKeys::Enforced => "PRAGMA foreign_keys = ON",
    }
}
