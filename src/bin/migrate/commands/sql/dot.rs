//! The shell's commands that begin with a dot: those of SQLite's shell, on every database.

use limbeck::ops;

use crate::commands::sql::shell::{Flow, Shell};
use crate::output::columns;
use crate::output::rows::Mode;
use crate::output::text::{self, Marks};

/// The commands for completion.
pub(super) const NAMES: &[&str] = &[
    "exit", "headers", "help", "indexes", "mode", "quit", "read", "revision", "schema", "tables",
    "timing",
];

const HELP: &str = "\
.exit, .quit              Leave; Ctrl-D does, too
.headers on|off           Show the names of columns, or not
.help                     Show this
.indexes [TABLE]          List the indexes
.mode table|list|json|csv|expanded
                          Say how rows are shown
.read FILE                Run the statements of a file
.revision                 Show where the database stands
.schema [TABLE]           Show the statements that make a table, or everything
.tables                   List the tables and views
.timing [on|off]          Show how long statements take
";

/// A command with invalid arguments.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Misuse(pub(super) String);

pub(super) fn run(shell: &mut Shell<'_, '_>, line: &str) -> anyhow::Result<Flow> {
    let (name, argument) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let argument = unquoted(argument.trim().trim_end_matches(';'));
    let given = Some(argument).filter(|it| !it.is_empty());
    match name.trim_end_matches(';') {
        ".exit" | ".quit" => return Ok(Flow::Quit),
        ".help" => shell.print(HELP)?,
        ".headers" | ".header" => shell.headers = switch(name, argument)?,
        ".timing" | ".timer" => {
            let timing = given.map_or(Ok(!shell.timing), |argument| switch(name, argument))?;
            shell.timing = timing;
            if given.is_none() {
                let state = if timing { "on" } else { "off" };
                shell.context.output.message(&format!("Timing is {state}."));
            }
        }
        ".mode" => mode(shell, given)?,
        ".read" => shell.read(given.ok_or_else(|| misuse(".read needs a file"))?)?,
        ".tables" => {
            let tables = ops::tables(&mut *shell.connection)?;
            shell.print(&columns(&tables))?;
        }
        ".indexes" | ".indices" => {
            let indexes = ops::indexes(&mut *shell.connection, given)?;
            shell.print(&columns(&indexes))?;
        }
        ".schema" => schema(shell, given)?,
        ".revision" => revision(shell)?,
        other => return Err(misuse(&format!("`{other}` is no command: `.help` lists them")).into()),
    }
    Ok(Flow::On)
}

fn misuse(text: &str) -> Misuse {
    Misuse(text.to_owned())
}

fn unquoted(argument: &str) -> &str {
    let within = |quote| argument.strip_prefix(quote)?.strip_suffix(quote);
    ['"', '\'', '`'].into_iter().find_map(within).unwrap_or(argument)
}

fn switch(name: &str, argument: &str) -> Result<bool, Misuse> {
    match argument {
        "on" | "yes" | "1" => Ok(true),
        "off" | "no" | "0" => Ok(false),
        _ => Err(misuse(&format!("{name} takes `on` or `off`"))),
    }
}

fn mode(shell: &mut Shell<'_, '_>, given: Option<&str>) -> anyhow::Result<()> {
    let Some(name) = given else {
        shell.context.output.message(&format!("The mode is {}.", shell.mode.name()));
        return Ok(());
    };
    let known = Mode::NAMES.iter().find(|(known, _)| *known == name);
    let unknown = || misuse("a mode is one of `table`, `list`, `json`, `csv` and `expanded`");
    shell.mode = known.ok_or_else(unknown)?.1;
    Ok(())
}

fn schema(shell: &mut Shell<'_, '_>, table: Option<&str>) -> anyhow::Result<()> {
    let statements = ops::schema(&mut *shell.connection, table)?;
    if let (true, Some(table)) = (statements.is_empty(), table) {
        return Err(misuse(&format!("no table `{table}`: `.tables` lists them")).into());
    }
    let mut text = String::new();
    for statement in statements {
        text += &statement;
        // A comment at the end would swallow the delimiter.
        let last = statement.rsplit('\n').next().unwrap_or_default();
        text += if last.contains("--") { "\n;\n" } else { ";\n" };
    }
    shell.print(&crate::output::lines_visible(&text))
}

fn revision(shell: &mut Shell<'_, '_>) -> anyhow::Result<()> {
    // The applied revisions are known even without a project.
    let found = shell.context.readable();
    let readable = found.unwrap_or_else(|_| shell.project.clone().into());
    let observed = readable.observe(Some(&mut *shell.connection))?;
    let current = ops::current(&observed);
    let marks = Marks { tree: true, message: true, ..Marks::default() };
    let line = |node: &_| text::short(&observed.graph, *node, marks) + "\n";
    let shown: String = current.shown.iter().map(line).collect();
    let shown = if shown.is_empty() { "base\n".to_owned() } else { shown };
    let pending = match current.pending {
        0 => String::new(),
        count => format!("{count} not applied\n"),
    };
    shell.print(&(shown + &pending))
}
