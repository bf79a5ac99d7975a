//! The hidden command `migrate __complete`: the completions of a command line's last word.
//!
//! It prints a line for each: the word, a tab, and a description. It makes no connection, and never
//! prints an error about the project, since nobody who presses a key wants to read one.

use std::ffi::OsString;
use std::sync::Arc;

use clap::{Arg, Command};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate, complete};

use crate::Exit;
use crate::cli;
use crate::commands::completions::project::{LazyProject, ValueKind};
use crate::context::Context;
use crate::output::visible;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The words up to the cursor, the program's name first
    #[arg(last = true)]
    words: Vec<OsString>,
}

/// The arguments that take revisions, in all commands.
const REVISIONS: [(&str, ValueKind); 8] = [
    ("revision", ValueKind::Symbol),
    ("revisions", ValueKind::Symbol),
    ("rev_range", ValueKind::Range),
    ("head", ValueKind::Symbol),
    ("depends_on", ValueKind::Revision),
    ("accept", ValueKind::Revision),
    ("done", ValueKind::Revision),
    ("again", ValueKind::Revision),
];

pub(crate) fn run(args: &Args, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let Some((last, before)) = args.words.split_last().filter(|(_, before)| !before.is_empty())
    else {
        return Ok(Exit::Done);
    };
    let matches = cli::command().ignore_errors(true).try_get_matches_from(before).ok();
    let given =
        |name| matches.as_ref().and_then(|it| it.try_get_one::<String>(name).ok().flatten());
    let config = matches.as_ref().and_then(|it| it.try_get_one("config").ok().flatten());
    let (config, name) = (config.cloned(), given("name").cloned());
    let command = matches.as_ref().and_then(|it| it.subcommand_name()).unwrap_or_default();
    let known = Arc::new(LazyProject::new(config, name, command, context.environment().clone()));
    let mut cli = cli::command();
    // Commands have their arguments only from here on.
    cli.build();
    let mut cli = knowing(cli, &known);
    let folder = context.environment().folder();
    let found = complete(&mut cli, args.words.clone(), before.len(), Some(folder));
    let mut found = found.unwrap_or_default();
    let wants_option = last.to_string_lossy().starts_with('-');
    if !wants_option && !found.iter().all(is_option) {
        found.retain(|candidate| !is_option(candidate));
    }
    context.output.raw(&found.iter().map(line).collect::<String>())?;
    Ok(Exit::Done)
}

/// Adds completion to every argument that takes a revision or an environment.
fn knowing(cli: Command, known: &Arc<LazyProject>) -> Command {
    let environments = |arg: Arg, known: &Arc<LazyProject>| {
        let known = Arc::clone(known);
        arg.add(ArgValueCompleter::new(move |current: &std::ffi::OsStr| {
            known.environments(&current.to_string_lossy())
        }))
    };
    let cli = cli.mut_arg("name", |arg| environments(arg, known));
    let names = cli.get_subcommands().filter(|it| !it.is_hide_set());
    let names: Arc<[String]> = names.map(|it| it.get_name().to_owned()).collect();
    cli.mut_subcommands(|command| {
        let takes_commands = matches!(command.get_name(), "help" | "man");
        command.mut_args(|arg| {
            if takes_commands && arg.is_positional() {
                let names = Arc::clone(&names);
                return arg.add(ArgValueCompleter::new(move |current: &std::ffi::OsStr| {
                    let current = current.to_string_lossy();
                    let begins = names.iter().filter(|it| it.starts_with(&*current));
                    begins.map(CompletionCandidate::new).collect()
                }));
            }
            let kind = REVISIONS.iter().find(|(id, _)| arg.get_id() == id).map(|(_, kind)| *kind);
            let Some(kind) = kind.filter(|_| arg.get_action().takes_values()) else { return arg };
            let known = Arc::clone(known);
            arg.add(ArgValueCompleter::new(move |current: &std::ffi::OsStr| {
                known.revisions(&current.to_string_lossy(), kind)
            }))
        })
    })
}

/// Tells whether a candidate is an option: there are many, which come last or after a dash. `-1` is
/// not one.
fn is_option(candidate: &CompletionCandidate) -> bool {
    let value = candidate.get_value().to_string_lossy();
    value.strip_prefix('-').is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
}

fn line(candidate: &CompletionCandidate) -> String {
    let value = visible(&candidate.get_value().to_string_lossy());
    let help = candidate.get_help().map(ToString::to_string).unwrap_or_default();
    let help = help.lines().next().unwrap_or_default();
    if help.is_empty() { format!("{value}\n") } else { format!("{value}\t{}\n", visible(help)) }
}
