//! Help, and what is said to those who typed something else.

use std::os::unix::fs::symlink;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};

use insta::assert_snapshot;

use crate::support::{Run, Sandbox};

/// Runs the program by another name, and through a link that has it.
fn called(sandbox: &Sandbox, name: &str, arguments: &[&str]) -> Run {
    let link = sandbox.path("link");
    if !link.exists() {
        symlink(env!("CARGO_BIN_EXE_migrate"), &link).unwrap();
    }
    let mut command = Command::new(&link);
    command.arg0(name).args(arguments).current_dir(sandbox.path("")).env_clear();
    command.envs(sandbox.environment()).stdin(Stdio::null());
    sandbox.seen(&command.output().unwrap())
}

/// Returns what is hinted at after bad usage.
#[track_caller]
fn hint(arguments: &str) -> String {
    let run = Sandbox::with("a1").run(arguments);
    assert_eq!(run.code, 2, "{arguments}: {}", run.text());
    let hint = run.stderr.lines().find_map(|line| line.strip_prefix("hint: "));
    hint.unwrap_or_else(|| panic!("{arguments}: {}", run.text())).to_owned()
}

#[test]
fn the_help_of_all_fits_a_screen_and_is_in_groups() {
    let sandbox = Sandbox::empty();
    let help = sandbox.run("help");
    assert_eq!((help.code, help.stderr.as_str()), (0, ""));
    assert_eq!(sandbox.run("--help").stdout, help.stdout);
    assert_eq!(sandbox.run("-h").stdout, help.stdout);
    assert!((24..=40).contains(&help.stdout.lines().count()), "{}", help.stdout);
    for part in ["Write revisions:", "Run them:", "Look:", "Mend:", "MIGRATE_URL", "help options"] {
        assert!(help.stdout.contains(part), "{part}");
    }
    // Without a command it is what was wrong, so it goes where errors go.
    let none = sandbox.run("");
    assert_eq!((none.code, none.stdout.as_str()), (2, ""));
    assert_eq!(none.stderr, help.stdout);
}

#[test]
fn the_help_of_a_command_is_the_same_however_it_is_asked_for() {
    let sandbox = Sandbox::empty();
    for command in ["upgrade", "ensure-version", "lock", "lock release", "help", "version"] {
        let help = sandbox.run(&format!("help {command}"));
        assert_eq!((help.code, help.stderr.as_str()), (0, ""), "{command}");
        assert!(help.stdout.contains("\nExample: migrate "), "{command}: {}", help.stdout);
        assert!(help.stdout.contains("Options that every command takes: migrate help options\n"));
        assert!(!help.stdout.contains("--raiseerr"), "{command}");
        for option in ["--help", "-h"] {
            assert_eq!(sandbox.run(&format!("{command} {option}")).stdout, help.stdout);
        }
    }
    assert_eq!(
        sandbox.run("help list_templates").stdout,
        sandbox.run("help list-templates").stdout
    );
}

#[test]
fn nothing_is_listed_without_a_word_about_it() {
    let sandbox = Sandbox::empty();
    let all = sandbox.run("help").stdout;
    let entries = all.lines().filter(|line| line.starts_with("  "));
    let commands = entries.filter_map(|line| line.split_whitespace().next());
    for command in commands.chain(["", "options", "lock release"]) {
        let help = sandbox.run(&format!("help {command}")).stdout;
        for line in help.lines() {
            let bare = line.trim_start().contains("  [") || line.ends_with(' ');
            assert!(!bare, "{command}: {line}");
        }
        // The first line says what the command is for.
        assert!(!help.starts_with("Usage:"), "{help}");
    }
}

#[test]
fn what_every_command_takes_is_told_once() {
    let run = Sandbox::empty().run("help options");
    for part in ["--config <FILE>", "--raiseerr", "MIGRATE_LOCK_TIMEOUT", "NO_COLOR", "Exit codes:"]
    {
        assert!(run.stdout.contains(part), "{part}: {}", run.stdout);
    }
}

#[test]
fn flags_of_one_database_are_marked() {
    let help = Sandbox::empty().run("help upgrade").stdout;
    for (flag, mark) in
        [("--rehearse", "(not MySQL)"), ("--backup", "(SQLite)"), ("-v,", "(MySQL)")]
    {
        let line = help.lines().find(|line| line.contains(flag)).unwrap();
        assert!(line.ends_with(mark), "{line}");
    }
}

#[test]
fn help_is_a_document_too() {
    let sandbox = Sandbox::empty();
    let text = sandbox.run("help upgrade").stdout;
    for arguments in ["help upgrade", "upgrade --help"] {
        let document = sandbox.json(arguments);
        assert_eq!(document["help"].as_str().unwrap().trim_end(), text.trim_end(), "{arguments}");
    }
}

#[test]
fn slips_are_understood() {
    let tip =
        |name: &str| format!("did you mean `migrate {name}`? `migrate help` lists the commands");
    for (typed, meant) in [
        ("upgade", "upgrade"),
        ("upgrde", "upgrade"),
        ("UPGRADE", "upgrade"),
        ("downgarde -1", "downgrade"),
        ("statsu", "status"),
        ("ensure-versoin", "ensure-version"),
        ("hist", "history"),
        ("lock stats", "lock status"),
        ("help upgade", "upgrade"),
        ("man upgade", "upgrade"),
    ] {
        assert_eq!(hint(typed), tip(meant), "{typed}");
    }
    assert_eq!(hint("frobnicate"), "`migrate help` lists the commands");
    assert_eq!(hint("upgrade --ulr sqlite:a.db"), "did you mean `--url`?");
    assert_eq!(hint("--ulr sqlite:a.db upgrade"), "did you mean `--url`?");
    assert_eq!(hint("upgrade --dryrun"), "did you mean `--dry-run`?");
    assert_eq!(hint("diagram --format pgn"), "`migrate help diagram` shows what it takes");
    assert_eq!(hint("diagram --format svgg"), "did you mean `svg`?");
}

#[test]
fn the_words_of_other_tools_are_understood() {
    for (typed, ours) in [
        ("new create users", "`migrate revision -m \"create users\"`"),
        ("add 'create users'", "`migrate revision -m \"create users\"`"),
        ("create migration add_email", "`migrate revision -m \"add_email\"`"),
        ("generate", "`migrate revision -m \"MESSAGE\"`"),
        ("new '$(reboot)'", "`migrate revision -m \"MESSAGE\"`"),
        ("rollback", "`migrate downgrade -1`"),
        ("rollback 3", "`migrate downgrade -3`"),
        ("down", "`migrate downgrade -1`"),
        ("redo", "`migrate downgrade -1` takes back the last revision, and `migrate upgrade +1`"),
        ("reset", "`migrate downgrade base`"),
        ("clean", "`migrate downgrade base`"),
        ("log", "`migrate history`"),
        ("info", "`migrate status`"),
        ("up", "`migrate upgrade`"),
        ("up 2", "`migrate upgrade +2`"),
        ("migrate", "`migrate upgrade`"),
        ("apply", "`migrate upgrade`"),
        ("baseline", "`migrate stamp REVISION`"),
        ("validate", "`migrate check`"),
        ("db upgrade", "leave it out: `migrate upgrade`"),
        ("help rollback", "`migrate downgrade -1`"),
    ] {
        assert!(hint(typed).starts_with(ours), "{typed}: {}", hint(typed));
    }
}

#[test]
fn a_message_without_its_flag_is_understood() {
    assert_eq!(
        hint("revision 'create x'"),
        "a message follows -m: `migrate revision -m \"create x\"`"
    );
    let text = Sandbox::with("a1; b1<a1; c1<a1").refused("merge heads 'join them'");
    assert!(text.contains("hint: a message follows -m"), "{text}");
}

#[test]
fn names_in_capitals_and_cut_short_are_understood() {
    let sandbox = Sandbox::with("a1; b1<a1 west");
    let hint = |arguments: &str| sandbox.json(arguments)["error"]["hint"].to_string();
    assert!(hint("upgrade HEAD").contains("did you mean `head`?"));
    assert!(hint("show WEST@head").contains("did you mean `west`?"));
    assert!(hint("downgrade 2").contains("steps have a sign: `upgrade +2`, `downgrade -2`"));
    assert!(hint("upgrade latest").contains("is `head`"));
    assert!(hint("downgrade zero").contains("is `base`"));
    assert!(hint("init -t jwt -c other.toml").contains("did you mean `jwt-auth`?"));
    sandbox.write("migrate.toml", "[migrate]\nulr = \"sqlite:app.db\"\n");
    assert!(hint("heads").contains("did you mean `url`?"));
}

#[test]
fn a_password_on_the_line_is_not_repeated() {
    for arguments in ["postgres://u:s3cret@h/d upgrade", "upgrade head postgres://u:s3cret@h/d"] {
        let run = Sandbox::with("a1").run(arguments);
        assert_eq!(run.code, 2);
        assert!(!run.text().contains("s3cret"), "{}", run.text());
        assert!(run.stderr.contains("`--url URL`"), "{}", run.stderr);
    }
}

#[test]
fn bad_usage_names_the_argument_in_the_document_too() {
    let sandbox = Sandbox::with("a1");
    let told = |arguments: &str| {
        let error = &sandbox.json(arguments)["error"];
        assert!(error["hint"].is_string(), "{error}");
        error["message"].as_str().unwrap().to_owned()
    };
    assert_snapshot!(told("downgrade"), @"`<REVISION>` is missing");
    assert_snapshot!(told("upgrade --no-such"), @"unexpected argument `--no-such`");
    assert_snapshot!(told("upgrade --sql --dry-run"), @"`--sql` and `--dry-run` exclude each other");
    assert_snapshot!(told("upgrade --url"), @"a value is missing for `--url <URL>`");
    assert_snapshot!(told("show a1 --color red"), @"`red` is not a value for `--color <WHEN>`: it takes `auto`, `always`, `never`");
    assert_snapshot!(told("upgrade --quiet=1"), @"`--quiet` takes no value here");
    assert_snapshot!(told(""), @"a command is missing");
    assert_snapshot!(told("upgade"), @"no such command: `upgade`");
}

#[test]
fn the_program_goes_by_the_name_that_it_was_called_by() {
    let sandbox = Sandbox::with("a1");
    for arguments in [
        &["help"][..],
        &["--help"],
        &["help", "options"],
        &["help", "upgrade"],
        &["upgrade", "-h"],
        &["version"],
        &["--version"],
        &["upgade"],
        &["new", "x"],
        &["downgrade"],
        &["upgrade", "nope"],
        &["--json", "upgrade", "nope"],
        &["list-templates"],
        &["completions", "bash"],
        &["completions", "zsh"],
        &["completions", "fish"],
        &["completions", "elvish"],
        &["man"],
        &["man", "upgrade"],
    ] {
        let run = called(&sandbox, "/opt/bin/limbeck", arguments);
        let text = run.text().replace("migrate.toml", "").replace("[migrate]", "");
        assert!(text.contains("limbeck"), "{arguments:?}: {text}");
        let others = text.replace("Schema migrations", "").replace("from migrating", "");
        let others = others.replace("another migrate", "");
        assert!(!others.contains("migrate"), "{arguments:?}: {text}");
    }
    assert_eq!(
        called(&sandbox, "./limbeck", &["version"]).stdout.split(' ').next(),
        Some("limbeck")
    );
}

#[test]
fn a_name_that_nobody_can_type_is_not_taken_over() {
    let sandbox = Sandbox::empty();
    let expected = sandbox.run("help").stdout;
    for name in ["", "-bash", "a b", "$(id)", "../..", "\u{1b}[31mred", "x\ny"] {
        assert_eq!(called(&sandbox, name, &["help"]).stdout, expected, "{name:?}");
        let version = called(&sandbox, name, &["--version"]).stdout;
        assert!(version.starts_with("migrate "), "{version:?}");
    }
}
