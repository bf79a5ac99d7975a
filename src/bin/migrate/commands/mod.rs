//! The commands, a file each.

mod branches;
mod check;
mod completions;
mod current;
mod diagram;
mod diff;
mod downgrade;
mod dump;
mod edit;
mod ensure_version;
mod heads;
mod history;
mod init;
mod list_templates;
mod lock;
mod man;
mod merge;
mod repair;
mod revision;
mod show;
mod sql;
mod stamp;
mod status;
mod upgrade;

use clap::Subcommand;

use crate::Exit;
use crate::context::Context;

/// One of the commands, with its arguments.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Init(init::Args),
    #[command(alias = "list_templates")]
    ListTemplates(list_templates::Args),
    Revision(revision::Args),
    Merge(merge::Args),
    Upgrade(upgrade::Args),
    Downgrade(downgrade::Args),
    Stamp(stamp::Args),
    Current(current::Args),
    History(history::Args),
    Heads(heads::Args),
    Branches(branches::Args),
    Show(show::Args),
    Edit(edit::Args),
    Status(status::Args),
    Check(check::Args),
    Diff(diff::Args),
    Dump(dump::Args),
    Diagram(diagram::Args),
    Repair(repair::Args),
    Lock(lock::Args),
    #[command(alias = "ensure_version")]
    EnsureVersion(ensure_version::Args),
    Sql(sql::Args),
    Completions(completions::Args),
    #[command(name = "__complete", hide = true)]
    Complete(completions::answer::Args),
    Man(man::Args),
}

/// Runs a command.
pub(crate) fn run(command: &Command, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    match command {
        Command::Init(args) => init::run(args, context),
        Command::ListTemplates(args) => list_templates::run(args, context),
        Command::Revision(args) => revision::run(args, context),
        Command::Merge(args) => merge::run(args, context),
        Command::Upgrade(args) => upgrade::run(args, context),
        Command::Downgrade(args) => downgrade::run(args, context),
        Command::Stamp(args) => stamp::run(args, context),
        Command::Current(args) => current::run(args, context),
        Command::History(args) => history::run(args, context),
        Command::Heads(args) => heads::run(args, context),
        Command::Branches(args) => branches::run(args, context),
        Command::Show(args) => show::run(args, context),
        Command::Edit(args) => edit::run(args, context),
        Command::Status(args) => status::run(args, context),
        Command::Check(args) => check::run(args, context),
        Command::Diff(args) => diff::run(args, context),
        Command::Dump(args) => dump::run(args, context),
        Command::Diagram(args) => diagram::run(args, context),
        Command::Repair(args) => repair::run(args, context),
        Command::Lock(args) => lock::run(args, context),
        Command::EnsureVersion(args) => ensure_version::run(args, context),
        Command::Sql(args) => sql::run(args, context),
        Command::Completions(args) => completions::run(args, context),
        Command::Complete(args) => completions::answer::run(args, context),
        Command::Man(args) => man::run(args, context),
    }
}
