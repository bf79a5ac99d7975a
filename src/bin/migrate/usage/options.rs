//! Unknown options: typos, and options of other tools.

use clap::Command;
use limbeck::near;

/// Options of other tools with their equivalents.
const FOREIGN: &[(&[&str], &str)] = &[
    (
        &["--database", "--database-url", "--db", "--db-url", "--dsn", "--connection", "--source"],
        "a database is named by `--url URL`",
    ),
    (
        &["--env", "--environment", "--profile", "-e"],
        "an environment of migrate.toml is chosen by `-n NAME`",
    ),
    (&["--var", "--set", "--define", "-D"], "a variable of the scripts is set by `-x KEY=VALUE`"),
    (&["--force", "-y", "-f"], "`--yes` confirms changes of a protected environment"),
    (&["--dir", "--path", "--migrations"], "`versions` in migrate.toml names the folders"),
    (
        &["--steps", "--step", "--count", "--limit"],
        "steps are part of the revision: `upgrade +2`, `downgrade -2`",
    ),
    (&["--to", "--target", "--revision"], "the revision needs no option: `upgrade head`"),
    (&["--version", "-V"], "`version` is a command"),
    (&["--fake"], "`stamp` records revisions without running them"),
];

/// Returns the equivalent of an option that a command doesn't have.
pub(super) fn hint(option: &str, command: &Command) -> Option<String> {
    let name = option.split('=').next().unwrap_or(option);
    let visible = command.get_arguments().filter(|it| it.get_long().is_some());
    let known: Vec<String> =
        visible.filter_map(|it| it.get_long()).map(|it| format!("--{it}")).collect();
    let foreign = FOREIGN.iter().find(|(names, _)| names.contains(&name));
    if let Some((_, hint)) = foreign {
        return Some((*hint).to_owned());
    }
    let bare = name.trim_start_matches('-');
    let likely = near::likely(bare, known.iter().map(|it| it.trim_start_matches('-')));
    if bare.chars().count() < 2 || likely.is_empty() {
        return None;
    }
    let likely: Vec<String> = likely.iter().map(|it| format!("`--{it}`")).collect();
    Some(format!("did you mean {}?", likely.join(" or ")))
}
