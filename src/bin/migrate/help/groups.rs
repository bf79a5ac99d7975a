//! The commands in groups, each with an example.

/// The help on a command beyond its arguments.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    /// The words of the command, separated by blanks.
    pub(super) path: &'static str,
    /// An example without the program's name.
    pub(super) example: &'static str,
    /// Further information.
    pub(super) notes: &'static str,
}

/// The commands, each in one group, in the order of the list.
pub(super) const GROUPS: &[(&str, &[Entry])] = &[
    (
        "Write revisions",
        &[
            entry("init", "init --url sqlite:app.db", ""),
            entry("revision", "revision -m \"create users\"", ""),
            entry("merge", "merge heads -m \"join the branches\"", ""),
            entry("edit", "edit head", "Environment: VISUAL, EDITOR"),
            entry("list-templates", "list-templates", ""),
        ],
    ),
    (
        "Run them",
        &[
            entry("upgrade", "upgrade head", ""),
            entry("downgrade", "downgrade -1", ""),
            entry("stamp", "stamp head", ""),
            entry("ensure-version", "ensure-version", ""),
            entry("sql", "sql \"SELECT * FROM users\"", "Environment: PAGER, LESS"),
        ],
    ),
    (
        "Look",
        &[
            entry("status", "status", ""),
            entry("current", "current --verbose", ""),
            entry("history", "history --graph", ""),
            entry("heads", "heads --verbose", ""),
            entry("branches", "branches --verbose", ""),
            entry("show", "show head", ""),
            entry("check", "check", ""),
            entry("diff", "diff --exit-code", ""),
            entry("dump", "dump --output schema.sql", ""),
            entry("diagram", "diagram --output diagram.svg", ""),
            entry("help", "help upgrade", ""),
            entry("version", "version", ""),
            entry("man", "man upgrade", ""),
            entry("completions", "completions bash", ""),
        ],
    ),
    (
        "Mend",
        &[
            entry(
                "repair",
                "repair --accept 3f2a9c81d0e4",
                "Without options it lists what there is to repair, and exits with 3 if there is \
                 anything.",
            ),
            entry("lock", "lock status", ""),
        ],
    ),
];

/// The subcommands of commands.
const BELOW: &[Entry] =
    &[entry("lock status", "lock status", ""), entry("lock release", "lock release --yes", "")];

const fn entry(path: &'static str, example: &'static str, notes: &'static str) -> Entry {
    Entry { path, example, notes }
}

/// Finds the help on a command.
pub(super) fn find(path: &str) -> Option<&'static Entry> {
    let all = GROUPS.iter().flat_map(|(_, entries)| *entries).chain(BELOW);
    all.into_iter().find(|entry| entry.path == path)
}
