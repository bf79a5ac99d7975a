//! What a crate gets that asks for the library and SQLite, and nothing else.

use std::path::PathBuf;
use std::process::{Command, Output};

fn cargo(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO"));
    let output = command.args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output
}

#[test]
fn it_pulls_in_no_command_line_and_no_server() {
    let tree = ["tree", "--locked", "--offline", "-p", "embedded-example", "--prefix", "none"];
    let output = cargo(&[&tree[..], &["-e", "normal,build", "--no-dedupe"]].concat());
    let text = String::from_utf8(output.stdout).unwrap();
    let crates: Vec<&str> = text.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(crates.contains(&"limbeck") && crates.contains(&"rusqlite"), "{text}");
    let unwanted = [
        "anstream",
        "anyhow",
        "clap",
        "comfy-table",
        "indicatif",
        "mysql",
        "postgres",
        "rustls",
        "rustyline",
        "serde_json",
        "tokio",
        "tokio-postgres",
    ];
    for name in unwanted {
        assert!(!crates.contains(&name), "{name}");
    }
}

#[test]
fn it_brings_its_revisions_along_and_upgrades_at_start() {
    let build = ["build", "--locked", "--offline", "-p", "embedded-example"];
    let messages = cargo(&[&build[..], &["--message-format", "json"]].concat());
    let messages = String::from_utf8(messages.stdout).unwrap();
    let program = messages.lines().find_map(|line| {
        let message: serde_json::Value = serde_json::from_str(line).unwrap();
        message["executable"].as_str().map(PathBuf::from)
    });
    let program = program.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let run = |note: &str| {
        let mut command = Command::new(&program);
        command.args(["notes.db", note]).env_clear().current_dir(folder.path()).output().unwrap()
    };
    let first = run("buy o'range juice");
    assert_eq!(String::from_utf8_lossy(&first.stdout), "1 buy o'range juice\n");
    assert_eq!(
        String::from_utf8_lossy(&first.stderr),
        "upgraded: create notes\nupgraded: add note times\n"
    );
    let second = run("drink it");
    assert_eq!(String::from_utf8_lossy(&second.stdout), "1 buy o'range juice\n2 drink it\n");
    assert_eq!(String::from_utf8_lossy(&second.stderr), "");
}
