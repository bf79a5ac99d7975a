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
mod help;
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
mod version;

use clap::Subcommand;

use crate::Exit;
use crate::cli::Deferred;
use crate::context::Context;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Start a project: migrate.toml here, and a versions folder
    Init(Deferred<init::Args>),
    /// List the templates for `init`
    #[command(alias = "list_templates")]
    ListTemplates(Deferred<list_templates::Args>),
    /// Write a new revision: an up script and a down script
    Revision(Deferred<revision::Args>),
    /// Write a revision that joins several others
    Merge(Deferred<merge::Args>),
    /// Upgrade to a later revision
    Upgrade(Deferred<upgrade::Args>),
    /// Revert to an earlier revision
    Downgrade(Deferred<downgrade::Args>),
    /// Record revisions as applied without running them
    Stamp(Deferred<stamp::Args>),
    /// Show the current revisions of the database
    Current(Deferred<current::Args>),
    /// List revisions, newest first
    History(Deferred<history::Args>),
    /// List the revisions that nothing builds on
    Heads(Deferred<heads::Args>),
    /// List the revisions where branches part
    Branches(Deferred<branches::Args>),
    /// Show everything about a revision
    Show(Deferred<show::Args>),
    /// Open a revision's up script in your editor
    Edit(Deferred<edit::Args>),
    /// Show every revision, and whether it is applied
    Status(Deferred<status::Args>),
    /// Exit with 3 if anything is pending, edited or different
    Check(Deferred<check::Args>),
    /// Print the SQL from the database to schema.sql (not MySQL)
    Diff(Deferred<diff::Args>),
    /// Print the database's schema as SQL (not MySQL)
    Dump(Deferred<dump::Args>),
    /// Draw the database's tables and the references between them
    Diagram(Deferred<diagram::Args>),
    /// Accept edited scripts, and settle half-done revisions
    Repair(Deferred<repair::Args>),
    /// Show who holds the lock, or take a lease away
    Lock(Deferred<lock::Args>),
    /// Create the version table if it doesn't exist
    #[command(alias = "ensure_version")]
    EnsureVersion(Deferred<ensure_version::Args>),
    /// Run SQL statements, or open a shell
    Sql(Deferred<sql::Args>),
    /// Print the completions for a shell
    Completions(Deferred<completions::Args>),
    #[command(name = "__complete", hide = true)]
    Complete(Deferred<completions::answer::Args>),
    /// Print the manual page of the program, or of a command
    Man(Deferred<man::Args>),
    /// Explain a command, or the options that every command takes
    Help(Deferred<help::Args>),
    /// Print the version
    Version(Deferred<version::Args>),
}

pub(crate) fn run(command: &Command, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    match command {
        Command::Init(Deferred(args)) => init::run(args, context),
        Command::ListTemplates(Deferred(args)) => list_templates::run(args, context),
        Command::Revision(Deferred(args)) => revision::run(args, context),
        Command::Merge(Deferred(args)) => merge::run(args, context),
        Command::Upgrade(Deferred(args)) => upgrade::run(args, context),
        Command::Downgrade(Deferred(args)) => downgrade::run(args, context),
        Command::Stamp(Deferred(args)) => stamp::run(args, context),
        Command::Current(Deferred(args)) => current::run(args, context),
        Command::History(Deferred(args)) => history::run(args, context),
        Command::Heads(Deferred(args)) => heads::run(args, context),
        Command::Branches(Deferred(args)) => branches::run(args, context),
        Command::Show(Deferred(args)) => show::run(args, context),
        Command::Edit(Deferred(args)) => edit::run(args, context),
        Command::Status(Deferred(args)) => status::run(args, context),
        Command::Check(Deferred(args)) => check::run(args, context),
        Command::Diff(Deferred(args)) => diff::run(args, context),
        Command::Dump(Deferred(args)) => dump::run(args, context),
        Command::Diagram(Deferred(args)) => diagram::run(args, context),
        Command::Repair(Deferred(args)) => repair::run(args, context),
        Command::Lock(Deferred(args)) => lock::run(args, context),
        Command::EnsureVersion(Deferred(args)) => ensure_version::run(args, context),
        Command::Sql(Deferred(args)) => sql::run(args, context),
        Command::Completions(Deferred(args)) => completions::run(args, context),
        Command::Complete(Deferred(args)) => completions::answer::run(args, context),
        Command::Man(Deferred(args)) => man::run(args, context),
        Command::Help(Deferred(args)) => help::run(args, context),
        Command::Version(Deferred(args)) => version::run(args, context),
    }
}
