//! The hidden command `migrate __complete`: what the last word of a command line can become.
//!
//! A line for each: the word, and after a tab what it is. It makes no connection, and whatever is
//! wrong with the project, it prints no error: nobody who presses a key wants to read one.

use std::ffi::OsString;
use std::sync::Arc;

use clap::{Arg, Command};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate, complete};

use crate::Exit;
use crate::cli;
use crate::commands::completions::known::{Kind, Known};
use crate::context::Context;
use crate::output::visible;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The words up to the cursor, the program's name first
    #[arg(last = true)]
    words: Vec<OsString>,
}

/// Arguments that take revisions, whichever command has them.
const REVISIONS: [(&str, Kind); 8] = [
    ("revision", Kind::Symbol),
    ("revisions", Kind::Symbol),
    ("rev_range", Kind::Range),
    ("head", Kind::Symbol),
    ("depends_on", Kind::Revision),
    ("accept", Kind::Revision),
    ("done", Kind::Revision),
    ("again", Kind::Revision),
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
    let known = Arc::new(Known::new(config, name, command, context.environment().clone()));
    let mut cli = cli::command();
    // Only then do the commands know their arguments.
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

/// Has every argument that takes a revision or an environment ask for those there are.
fn knowing(cli: Command, known: &Arc<Known>) -> Command {
    let environments = |arg: Arg, known: &Arc<Known>| {
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
            let Some(kind) = kind.filter(|_| arg.get_action().takes_values()) else {
                return arg;
            };
            let known = Arc::clone(known);
            arg.add(ArgValueCompleter::new(move |current: &std::ffi::OsStr| {
                known.revisions(&current.to_string_lossy(), kind)
            }))
        })
    })
}

/// Tells whether it is an option: those are many, and come where nothing else does or after a dash.
/// `-1` is none.
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
