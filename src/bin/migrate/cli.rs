//! The command line: options and arguments that all commands share.

use std::path::PathBuf;

use clap::builder::Resettable;
use clap::{ArgMatches, Args, ColorChoice, CommandFactory as _, FromArgMatches, Parser};

use crate::commands::Command;
use crate::{program, usage};

/// The widest help, in columns.
pub(crate) const WIDTH: usize = 100;

/// Schema migrations in plain SQL, with Alembic's revision graph
#[derive(Debug, Parser)]
#[command(name = "migrate", version, max_term_width = WIDTH, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) globals: Globals,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The arguments of a command, described to clap only once the command is named: describing those
/// of all commands takes longer than most of them run.
#[derive(Debug)]
pub(crate) struct Deferred<T>(pub(crate) T);

impl<T: Args> Deferred<T> {
    /// Describes the arguments; the command's own description stays.
    fn describe(command: clap::Command) -> clap::Command {
        let (about, long) = (command.get_about().cloned(), command.get_long_about().cloned());
        let command = T::augment_args(command).about(Resettable::from(about));
        command.long_about(Resettable::from(long))
    }
}

impl<T: Args> Args for Deferred<T> {
    fn augment_args(command: clap::Command) -> clap::Command {
        command.defer(Self::describe)
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        command.defer(T::augment_args_for_update)
    }
}

impl<T: FromArgMatches> FromArgMatches for Deferred<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        T::from_arg_matches(matches).map(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        self.0.update_from_arg_matches(matches)
    }
}

/// Returns the parser, under the name by which the program was called.
pub(crate) fn command() -> clap::Command {
    Cli::command().name(program::name()).bin_name(program::name())
}

impl Cli {
    /// Tells whether only the version is asked for, which needs no parser.
    pub(crate) fn asks_version() -> bool {
        let mut arguments = std::env::args_os().skip(1);
        let first = arguments.next();
        arguments.next().is_none() && first.is_some_and(|it| it == "--version" || it == "-V")
    }

    /// Parses the process's arguments.
    pub(crate) fn read() -> Result<Self, clap::Error> {
        let mut cli = Self::from_arg_matches(&command().try_get_matches()?)?;
        if cli.globals.variables.is_empty() {
            return Ok(cli);
        }
        // clap ignores options before the command if the same one follows it.
        let before = clap::Command::new("before").allow_external_subcommands(true);
        let before = Globals::augment_args(before).ignore_errors(true).get_matches();
        let before = before.get_many::<String>("variables").unwrap_or_default();
        let before: Vec<String> = before.cloned().collect();
        if before != cli.globals.variables {
            cli.globals.variables.splice(0..0, before);
        }
        let is_one = |it: &String| it.split_once('=').is_some_and(|(key, _)| !key.is_empty());
        match cli.globals.variables.iter().position(|it| !is_one(it)) {
            Some(at) => Err(usage::no_variable(at + 1)),
            None => Ok(cli),
        }
    }
}

/// Options of every command.
#[derive(Debug, Clone, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
#[command(next_help_heading = "Global options")]
pub(crate) struct Globals {
    /// Read this configuration instead of the nearest migrate.toml
    #[arg(short, long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Use the section `[env.ENV]` on top of `[migrate]`
    #[arg(short, long, global = true, value_name = "ENV")]
    pub(crate) name: Option<String>,
    /// Set a variable that scripts declare (repeatable)
    #[arg(short = 'x', global = true, value_name = "KEY=VALUE")]
    pub(crate) variables: Vec<String>,
    /// Use this database
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) url: Option<String>,
    /// Wait this long for another process that holds the database, e.g. `30s`
    #[arg(long, global = true, value_name = "TIME")]
    pub(crate) lock_timeout: Option<String>,
    /// Wait for a server that doesn't answer yet: 60 seconds, or e.g. `=5min`
    #[arg(long, global = true, value_name = "TIME", num_args = 0..=1, require_equals = true)]
    #[arg(default_missing_value = "60")]
    pub(crate) wait: Option<String>,
    /// Print one JSON document
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Print nothing but errors
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// Print the whole chain of causes of an error
    #[arg(long, global = true)]
    pub(crate) raiseerr: bool,
    /// Use colors
    #[arg(long, global = true, value_name = "WHEN", default_value_t = ColorChoice::Auto)]
    pub(crate) color: ColorChoice,
    /// Show no progress bar
    #[arg(long, global = true)]
    pub(crate) no_progress: bool,
}
