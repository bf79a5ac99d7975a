//! What goes where: streams, colors, quiet, documents.

use std::io::Read as _;
use std::process::Stdio;

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::{CONFIG, Sandbox};

const EVERY: [&str; 16] = [
    "list-templates",
    "heads",
    "heads -v",
    "branches",
    "history",
    "history -i",
    "show head",
    "status",
    "check",
    "current",
    "current -v",
    "ensure-version",
    "upgrade --dry-run",
    "upgrade",
    "stamp head",
    "downgrade -1",
];

#[test]
fn results_go_to_standard_output_and_messages_to_standard_error() {
    let sandbox = Sandbox::with("a1; b1<a1");
    let streams = |arguments: &str| {
        let run = sandbox.run(arguments);
        (!run.stdout.is_empty(), !run.stderr.is_empty())
    };
    assert_eq!(streams("history"), (true, false));
    assert_eq!(streams("upgrade --sql"), (true, false));
    assert_eq!(streams("upgrade"), (false, true));
    assert_eq!(streams("status"), (true, false));
    assert_eq!(streams("downgrade -1"), (false, true));
    assert_eq!(streams("check"), (true, false));
    assert_eq!(streams("show nope"), (false, true));
    assert_eq!(streams("no-such-command"), (false, true));
    assert_eq!(streams("--help"), (true, false));
    assert_eq!(streams("--version"), (true, false));
}

#[test]
fn quiet_prints_nothing_but_errors() {
    let sandbox = Sandbox::with("a1");
    for arguments in EVERY {
        let run = sandbox.run(&format!("{arguments} --quiet"));
        assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", ""), "{arguments}");
    }
    assert!(sandbox.run("-q show nope").stderr.starts_with("error: "));
}

#[test]
fn every_command_prints_one_document() {
    let sandbox = Sandbox::with("a1");
    for arguments in EVERY {
        let run = sandbox.run(&format!("{arguments} --json"));
        assert!(matches!(run.code, 0 | 3), "{arguments}: {}", run.text());
        let document: Value = serde_json::from_str(&run.stdout).unwrap();
        assert!(document.is_object(), "{arguments}");
        let quiet = sandbox.run(&format!("{arguments} --json --quiet"));
        assert!(serde_json::from_str::<Value>(&quiet.stdout).is_ok(), "{arguments}");
    }
}

#[test]
fn a_failure_is_a_document_too_and_a_text() {
    let sandbox = Sandbox::with("a1");
    let run = sandbox.run("--json show nope");
    assert_eq!(run.code, 1);
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(
        document,
        json!({
            "error": {
                "kind": "graph",
                "message": "no revision matches `nope`",
                "file": null,
                "line": null,
                "column": null,
                "statement": null,
                "hint": "`migrate history` lists the revisions and branch labels",
                "code": null,
                "detail": null,
                "revision": null,
            },
            "steps": [],
        })
    );
    assert!(run.stderr.starts_with("error: no revision matches"), "{}", run.stderr);
}

#[test]
fn bad_usage_is_a_document_too() {
    let sandbox = Sandbox::with("a1");
    for arguments in ["upgarde --json", "--json", "--json downgrade", "upgrade --json --no-such"] {
        let run = sandbox.run(arguments);
        assert_eq!(run.code, 2, "{arguments}");
        let document: Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(document["error"]["kind"], "usage", "{arguments}");
        assert!(!run.stderr.is_empty(), "{arguments}");
    }
}

#[test]
fn bad_usage_is_told() {
    let sandbox = Sandbox::with("a1");
    assert_snapshot!(sandbox.migrate("upgarde"), @"
    exit 2
    --- stderr
    error: no such command: `upgarde`
    hint: did you mean `migrate upgrade`? `migrate help` lists the commands
    ");
    assert_snapshot!(sandbox.migrate("downgrade"), @"
    exit 2
    --- stderr
    error: `<REVISION>` is missing
      Usage: migrate downgrade <REVISION>
    hint: e.g. `migrate downgrade -1`
    ");
    assert_eq!(sandbox.run("").code, 2);
}

#[test]
fn colors_are_used_when_they_are_wanted() {
    let mut sandbox = Sandbox::with("a1");
    let colored =
        |sandbox: &Sandbox, arguments: &str| sandbox.run(arguments).stderr.contains('\u{1b}');
    assert!(!colored(&sandbox, "show nope"));
    assert!(colored(&sandbox, "show nope --color always"));
    assert!(!colored(&sandbox, "show nope --color never"));
    sandbox.set("CLICOLOR_FORCE", "1");
    assert!(colored(&sandbox, "show nope"));
    assert!(!colored(&sandbox, "show nope --color never"));
    sandbox.set("NO_COLOR", "1");
    assert!(colored(&sandbox, "show nope --color always"));
    assert_eq!(sandbox.run("show nope --color sometimes").code, 2);
}

#[test]
fn no_color_wins_over_a_terminal() {
    let mut sandbox = Sandbox::with("a1");
    sandbox.set("NO_COLOR", "1");
    assert!(!sandbox.run("show nope").stderr.contains('\u{1b}'));
    sandbox.set("CLICOLOR_FORCE", "1");
    assert!(!sandbox.run("show nope").stderr.contains('\u{1b}'));
}

#[test]
fn a_reader_who_is_gone_is_no_error() {
    let sandbox = Sandbox::with("a1; b1<a1");
    for arguments in ["history", "--json history", "upgrade --sql", "completions bash", "--help"] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = sandbox.command(arguments).stdout(writer).output().unwrap();
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), text.as_str()), (Some(0), ""), "{arguments}");
    }
}

#[test]
fn a_reader_who_is_gone_does_not_hide_a_failure() {
    let sandbox = Sandbox::with("a1");
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = sandbox.command("--json show nope").stdout(writer).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stderr.starts_with(b"error: "));
}

#[test]
fn a_reader_who_is_gone_does_not_stop_an_upgrade() {
    let sandbox = Sandbox::with("a1; b1<a1");
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = sandbox.command("upgrade").stderr(writer).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(sandbox.applied(), "a1 b1");
}

#[test]
fn a_full_standard_output_is_an_error() {
    // Where there is no such device there is nothing to see.
    let Ok(full) = std::fs::OpenOptions::new().write(true).open("/dev/full") else {
        return;
    };
    let sandbox = Sandbox::with("a1");
    let output = sandbox.command("history").stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stderr.starts_with(b"error: can't write to standard output: "));
}

#[test]
fn global_options_go_before_or_after_the_command() {
    let sandbox = Sandbox::with("a1");
    sandbox.write("other.toml", CONFIG);
    assert_eq!(
        sandbox.run("-c other.toml --json -q heads").stdout,
        sandbox.run("heads -q --json -c other.toml").stdout
    );
}

#[test]
fn progress_is_shown_on_terminals_only() {
    let sandbox = Sandbox::with("a1");
    let mut command = sandbox.command("upgrade --no-progress");
    let mut child = command.stdout(Stdio::null()).spawn().unwrap();
    let mut text = String::new();
    child.stderr.take().unwrap().read_to_string(&mut text).unwrap();
    assert!(child.wait().unwrap().success());
    assert!(!text.contains('\r') && !text.contains('\u{1b}'), "{text:?}");
}

#[test]
fn the_version_is_told() {
    let expected = format!("migrate {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(Sandbox::empty().run("--version").stdout, expected);
}

#[test]
fn every_command_has_help() {
    let sandbox = Sandbox::empty();
    let help = sandbox.run("--help").stdout;
    for command in [
        "init",
        "list-templates",
        "revision",
        "merge",
        "upgrade",
        "downgrade",
        "stamp",
        "current",
        "history",
        "heads",
        "branches",
        "show",
        "edit",
        "status",
        "check",
        "ensure-version",
        "completions",
        "man",
        "help",
        "version",
    ] {
        assert!(help.lines().any(|line| line.trim_start().starts_with(command)), "{command}");
        assert_eq!(sandbox.run(&format!("{command} --help")).code, 0, "{command}");
    }
}
