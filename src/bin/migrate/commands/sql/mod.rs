//! The command `migrate sql`.

mod dot;
mod shell;

use std::io::Read as _;
use std::path::{Path, PathBuf};

use limbeck::database::{Access, Connection};
use limbeck::error::QueryError;
use limbeck::ops::{self, OnFailure, Queries, Source};

use crate::Exit;
use crate::commands::sql::shell::Shell;
use crate::context::Context;
use crate::output::rows::Mode;
use crate::signals;

#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub(crate) struct Args {
    /// The statements; `-` reads standard input, and none opens a shell on a terminal
    statements: Option<String>,
    /// Read the statements from this file; `-` is standard input
    #[arg(short, long, value_name = "FILE", conflicts_with = "statements")]
    file: Option<PathBuf>,
    /// Print comma-separated values
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    /// Print a line for each column
    #[arg(long, conflicts_with_all = ["json", "csv"])]
    expanded: bool,
    /// Open the database read-only
    #[arg(long)]
    read_only: bool,
    /// Confirm changes of a protected environment
    #[arg(long)]
    yes: bool,
}

impl Args {
    fn access(&self) -> Access {
        if self.read_only { Access::Read } else { Access::Write }
    }

    fn mode(&self) -> Mode {
        match (self.csv, self.expanded) {
            (true, _) => Mode::Csv,
            (_, true) => Mode::Expanded,
            (false, false) => Mode::Table,
        }
    }

    /// Returns the statements and their name in messages; none for a shell.
    fn statements(&self, context: &Context<'_>) -> anyhow::Result<Option<(PathBuf, String)>> {
        let is_piped = self.file.as_deref() == Some(Path::new("-"));
        if let Some(file) = self.file.as_deref().filter(|_| !is_piped) {
            let path = context.absolute(file);
            let text = ops::read_statements(&path)?;
            return Ok(Some((path, text)));
        }
        match self.statements.as_deref() {
            Some("-") => {}
            Some(text) => return Ok(Some((PathBuf::from("<statement>"), text.to_owned()))),
            None if context.output.is_interactive() && !is_piped => return Ok(None),
            None => {}
        }
        let path = PathBuf::from("<stdin>");
        let mut bytes = Vec::new();
        let read = std::io::stdin().lock().read_to_end(&mut bytes);
        let text = read.and_then(|_| ops::statements_of(bytes));
        let text = text.map_err(|source| QueryError::Read { path: path.clone(), source });
        Ok(Some((path, text.map_err(limbeck::Error::from)?)))
    }
}

pub(crate) fn run(args: &Args, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let project = &context.database()?;
    let url = project.config.url().map_err(limbeck::Error::from)?;
    let plan = || Ok((!args.read_only).then(|| format!("statements may change {url}")));
    ops::check_consent(project, context.consent(project, args.yes, plan)?, args.access())?;
    let Some((name, text)) = args.statements(context)? else {
        let connection = ops::open_for_queries(project, args.access())?;
        return Shell::new(project, connection, args, context)?.run().map(|()| Exit::Done);
    };
    let source = Source { name: &name, text: &text, delimiter: ";" };
    // Faults in splitting are found before connecting.
    let queries = Queries::new(source, project.dialect()?, OnFailure::RollBack)?;
    let mut connection = ops::open_for_queries(project, args.access())?;
    signals::listen(connection.interrupter())?;
    execute(queries, &mut *connection, args.mode(), context)?;
    if ops::close(&mut *connection)? {
        context.output.warning("a transaction was left open, and was rolled back");
    }
    context.output.results_end()?;
    Ok(Exit::Done)
}

fn execute(
    mut queries: Queries<'_>,
    connection: &mut (dyn Connection + 'static),
    mode: Mode,
    context: &mut Context<'_>,
) -> anyhow::Result<()> {
    let mut is_first = true;
    while let Some(outcome) = queries.run_next(connection) {
        let text = context.output.results(outcome?, mode, true);
        if !text.is_empty() {
            // An empty line separates sets of rows.
            let gap = if is_first { "" } else { "\n" };
            context.output.rows(&format!("{gap}{text}"), mode)?;
            is_first = false;
        }
        context.output.notices(connection);
    }
    Ok(())
}
