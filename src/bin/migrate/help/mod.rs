//! The help: the page of all commands, of one, and of the common options.

mod groups;

use anstyle::{Effects, Style};
use clap::{Args as _, Command};

use crate::cli::{self, Globals};
use crate::help::groups::{Entry, GROUPS, find};
use crate::program;

/// Headings look like clap's.
const HEADING: Style = Style::new().effects(Effects::BOLD.insert(Effects::UNDERLINE));

/// The width of the column of names, with the blanks after them.
const COLUMN: usize = 22;

/// The environment variables with their effects.
const VARIABLES: &[(&str, &str)] = &[
    ("MIGRATE_URL", "The database, as --url"),
    ("MIGRATE_CONFIG", "The configuration, as --config"),
    ("MIGRATE_ENV", "The environment, as --name"),
    ("MIGRATE_LOCK_TIMEOUT", "How long to wait for others, as --lock-timeout"),
    ("DATABASE_URL", "The database, if nothing else names one"),
    ("VISUAL, EDITOR", "The editor of `edit`"),
    ("PAGER, LESS", "How the shell of `sql` shows long results"),
    ("NO_COLOR", "Use no colors"),
    ("CLICOLOR_FORCE", "Use colors even if nobody watches"),
];

const VARIABLES_OF_CLIENTS: &str = "\
The variables of the databases' own clients count as well: PGPASSWORD, PGHOST,
PGSSLMODE, MYSQL_PWD and the like. A `.env` file beside migrate.toml is read first.";

const EXIT_CODES: &str = "0 done, 1 an error, 2 bad usage, 3 the state is not as required.";

/// Returns the parser with the complete help. The bare parser is quicker to make.
pub(crate) fn parser() -> Command {
    // Common options are described once, by `help options`.
    let mut command = cli::command().mut_args(|arg| arg.hide(true));
    command.build();
    let top = top(&command);
    let shared = format!("Options that every command takes: {} help options", program::name());
    with_examples(command, "", &shared).override_help(top)
}

/// Returns the parser for the manual: every option, everywhere.
pub(crate) fn manual() -> Command {
    let mut command = cli::command();
    command.build();
    with_examples(command, "", "").after_help(surroundings())
}

/// Returns the overview of all commands; it fits a screen.
fn top(command: &Command) -> String {
    let name = program::name();
    let about = |command: Option<&Command>| {
        command.and_then(Command::get_about).map(ToString::to_string).unwrap_or_default()
    };
    let line = |path: &str| format!("  {path:14}  {}\n", about(command.find_subcommand(path)));
    let group = |(title, entries): &(&str, &[Entry])| {
        let lines: String = entries.iter().map(|it| line(it.path)).collect();
        format!("{}\n{lines}", heading(title))
    };
    let groups: String = GROUPS.iter().map(group).collect();
    format!(
        "{}\n\n{} {name} <COMMAND> [OPTIONS]\n\n{groups}\n{} MIGRATE_URL, MIGRATE_CONFIG, \
         MIGRATE_ENV, DATABASE_URL\n{} {EXIT_CODES}\nMore on one command: {name} help COMMAND\n\
         Options that every command takes: {name} help options\n",
        about(Some(command)),
        heading("Usage"),
        heading("Environment"),
        heading("Exit codes"),
    )
}

/// Returns the page of the common options and variables.
pub(crate) fn options() -> String {
    let globals = Globals::augment_args(Command::new("options").disable_help_flag(true));
    let mut globals = globals.max_term_width(cli::WIDTH).help_template("{all-args}");
    let globals = globals.render_help();
    let name = program::name();
    format!(
        "Options that every command takes, before or after its name\n\n{} {name} <COMMAND> \
         [OPTIONS]\n\n{}\n\n{}",
        heading("Usage"),
        globals.ansi().to_string().trim_end(),
        surroundings()
    )
}

/// Lists the environment variables and the exit codes.
fn surroundings() -> String {
    let line = |(name, meaning): &(&str, &str)| format!("  {name:COLUMN$}{meaning}\n");
    let lines: String = VARIABLES.iter().map(line).collect();
    let (environment, codes) = (heading("Environment"), heading("Exit codes"));
    format!("{environment}\n{lines}\n{VARIABLES_OF_CLIENTS}\n\n{codes} {EXIT_CODES}\n")
}

/// Adds an example to each command, and a last line to all of them.
fn with_examples(command: Command, path: &str, last: &str) -> Command {
    let command = match find(path) {
        Some(entry) => {
            let Entry { example, notes, .. } = entry;
            let gap = if notes.is_empty() { "" } else { "\n\n" };
            let (title, name) = (heading("Example"), program::name());
            let text = format!("{notes}{gap}{title} {name} {example}\n{last}");
            command.after_help(text.trim_end().to_owned())
        }
        None => command,
    };
    command.mut_subcommands(|sub| {
        let path = format!("{path} {}", sub.get_name());
        with_examples(sub, path.trim_start(), last)
    })
}

/// Returns an example of a command, with the program's name.
pub(crate) fn example(path: &str) -> Option<String> {
    find(path).map(|entry| format!("{} {}", program::name(), entry.example))
}

fn heading(text: &str) -> String {
    format!("{HEADING}{text}:{HEADING:#}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;
    use clap::FromArgMatches as _;

    /// Splits a command line like a shell does, as far as the examples need it.
    fn words(line: &str) -> Vec<String> {
        let parts = line.split('"').enumerate();
        let words = parts.flat_map(|(at, part)| match at % 2 {
            0 => part.split_whitespace().map(str::to_owned).collect(),
            _ => vec![part.to_owned()],
        });
        words.collect()
    }

    #[test]
    fn every_command_is_in_one_group() {
        let mut command = cli::command();
        command.build();
        let visible = command.get_subcommands().filter(|it| !it.is_hide_set());
        let mut names: Vec<&str> = visible.map(Command::get_name).collect();
        let mut grouped: Vec<&str> =
            GROUPS.iter().flat_map(|(_, entries)| *entries).map(|it| it.path).collect();
        names.sort_unstable();
        grouped.sort_unstable();
        assert_eq!(grouped, names);
    }

    fn check_examples(command: &Command, path: &str) {
        for sub in command.get_subcommands().filter(|it| !it.is_hide_set()) {
            let path = format!("{path} {}", sub.get_name());
            let path = path.trim_start();
            let entry = find(path).unwrap_or_else(|| panic!("`{path}` has no example"));
            assert!(entry.example.starts_with(path), "{}", entry.example);
            let words = words(&format!("migrate {}", entry.example));
            let matches = cli::command().try_get_matches_from(words);
            let parsed = matches.and_then(|it| Cli::from_arg_matches(&it));
            assert!(parsed.is_ok(), "{}: {}", entry.example, parsed.unwrap_err());
            check_examples(sub, path);
        }
    }

    #[test]
    fn every_command_has_an_example_that_can_be_typed() {
        let mut command = cli::command();
        command.build();
        check_examples(&command, "");
    }

    #[test]
    fn every_page_fits_a_screen() {
        let mut command = parser();
        let top = command.render_help().to_string();
        let mut pages = vec![("help".to_owned(), top), ("options".to_owned(), options())];
        for sub in command.get_subcommands_mut() {
            pages.push((sub.get_name().to_owned(), sub.render_help().to_string()));
        }
        for (name, page) in &pages {
            assert!(page.lines().count() <= 40, "{name}: {} lines", page.lines().count());
        }
        let top = pages[0].1.replace(program::name(), "migrate");
        assert!(top.lines().all(|line| line.chars().count() <= 80), "{top}");
    }
}
