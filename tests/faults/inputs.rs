//! Files that say nonsense: told with their place, and nothing changes.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::symlink;
use std::time::{Duration, Instant};

use crate::look::look;
use crate::project::{Project, Run};
use crate::tell;

/// The head of a good script; six lines.
const HEAD: &str =
    "-- make b1\n--\n-- Revision ID: b1\n-- Revises: r0\n-- Create Date: 2026-01-01T00:00:00Z\n\n";

/// Runs `upgrade` on what was prepared; it is refused, and neither files nor database change.
#[track_caller]
fn refused(about: &str, expected: &str, prepare: impl FnOnce(&Project)) {
    let project = Project::new("r0; a1<r0", "");
    project.done(&["upgrade"]);
    let before = fs::read(project.path("app.db")).unwrap();
    prepare(&project);
    let start = Instant::now();
    for arguments in [&["upgrade", "heads"][..], &["--json", "upgrade", "heads"]] {
        let run = project.run(arguments);
        run.assert_told();
        let is_said = said(&run).contains(expected);
        assert!(is_said, "{about}: `{expected}` is not in {run:?}");
    }
    assert!(start.elapsed() < Duration::from_secs(20), "{about}: {:?}", start.elapsed());
    assert_eq!(look(&project).applied.len(), 2);
    // A transaction that was rolled back leaves no byte.
    assert!(fs::read(project.path("app.db")).unwrap() == before, "{about}");
}

/// Returns what was said, and the place of the document in the other form.
fn said(run: &Run) -> String {
    let mut res = format!("{}{}", run.stdout, run.stderr);
    if run.stdout.starts_with('{') {
        let error = run.json()["error"].clone();
        let file = error["file"].as_str().unwrap_or_default();
        write!(res, "\n{file}:{}:{}", error["line"], error["column"]).unwrap();
    }
    res
}

fn utf16(text: &str, big: bool) -> Vec<u8> {
    let unit = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
    "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(unit).collect()
}

fn body(text: &str) -> Vec<u8> {
    format!("{HEAD}{text}").into_bytes()
}

/// Scripts as bytes: what about them, what they hold, and the place that is named.
fn scripts() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let mut latin = body("SELECT 'caf");
    latin.extend(b"\xe9';\n");
    let mut overlong = b"-- make \xc0\xaf\n".to_vec();
    overlong.extend(HEAD.as_bytes());
    let deep = |open: &str, close: &str| open.repeat(200_000) + "1" + &close.repeat(200_000);
    let at = "versions/b1.up.sql:";
    vec![
        ("empty", Vec::new(), "versions/b1.up.sql"),
        ("a byte order mark alone", b"\xef\xbb\xbf".to_vec(), "versions/b1.up.sql"),
        ("blank lines", b"\n\n \t\n".to_vec(), "versions/b1.up.sql"),
        ("UTF-16, little end first", utf16(HEAD, false), "versions/b1.up.sql"),
        ("UTF-16, big end first", utf16(HEAD, true), "versions/b1.up.sql"),
        ("Latin-1", latin, "versions/b1.up.sql:7:12"),
        ("an overlong sequence", overlong, "versions/b1.up.sql:1:9"),
        ("NUL in the header", HEAD.replace("r0", "r\u{0}0").into_bytes(), "versions/b1.up.sql:4:"),
        ("NUL in the body", body("SELECT 1;\nSELECT \0;\n"), "versions/b1.up.sql:8:8"),
        ("merge markers in the header", marked(), at),
        ("merge markers in the body", body("<<<<<<< HEAD\nSELECT 1;\n"), "versions/b1.up.sql:7:1"),
        ("a quote that stays open", body("SELECT 1;\nSELECT 'x;\n"), "versions/b1.up.sql:8:8"),
        ("a line of 3 MB", body(&("SELECT '".to_owned() + &"x".repeat(3 << 20))), "up.sql:7:8"),
        ("comments in comments", body(&deep("/* ", "*/ ")), "versions/b1.up.sql:7:"),
        ("many parentheses", body(&format!("SELECT {};", deep("(", ")"))), "versions/b1.up.sql:7:"),
        ("many operators", body(&format!("SELECT {};", "1 + ".repeat(99_999) + "1")), "up.sql:7:"),
        ("no id", HEAD.replace("-- Revision ID: b1\n", "").into_bytes(), "versions/b1.up.sql"),
        ("two ids", HEAD.replace("ID: b1", "ID: b1\n-- Revision ID: x").into_bytes(), "up.sql:4:"),
        ("an id of symbols", HEAD.replace("ID: b1", "ID: b@1").into_bytes(), "up.sql:3:"),
        ("a path for an id", HEAD.replace("ID: b1", "ID: ../b1").into_bytes(), "up.sql:3:"),
        ("itself above", HEAD.replace("s: r0", "s: b1").into_bytes(), "b1 -> b1"),
        ("nobody above", HEAD.replace("s: r0", "s: nope").into_bytes(), "versions/b1.up.sql:4:"),
        ("an id that is taken", HEAD.replace("ID: b1", "ID: a1").into_bytes(), "b1.up.sql"),
        ("another option", HEAD.replace("\n\n", "\n-- Transaction: maybe\n\n").into_bytes(), at),
        ("COMMIT", body("SELECT 1;\n  COMMIT;\n"), "versions/b1.up.sql:8:3"),
        ("a trigger that stays open", body("CREATE TRIGGER g AFTER INSERT ON t_r0 BEGIN\n"), at),
    ]
}

fn marked() -> Vec<u8> {
    let ours = "<<<<<<< HEAD\n-- Revises: r0\n=======\n-- Revises: a1\n>>>>>>> other\n";
    HEAD.replace("-- Revises: r0\n", ours).into_bytes()
}

#[test]
fn scripts_of_nonsense_are_refused() {
    let scripts = scripts();
    tell(&format!("scripts of nonsense: {}", scripts.len()));
    for (about, bytes, place) in scripts {
        refused(about, place, |project| project.write("versions/b1.up.sql", bytes));
    }
}

#[test]
fn files_that_are_no_files_are_refused() {
    let there = "b1.up.sql";
    refused("a link to itself", there, |project| {
        symlink("b1.up.sql", project.path("versions/b1.up.sql")).unwrap();
    });
    refused("links in a circle", "1.up.sql", |project| {
        symlink("c1.up.sql", project.path("versions/b1.up.sql")).unwrap();
        symlink("b1.up.sql", project.path("versions/c1.up.sql")).unwrap();
    });
    refused("a link to nowhere", there, |project| {
        symlink("/nowhere/at/all", project.path("versions/b1.up.sql")).unwrap();
    });
    refused("a link to a device", there, |project| {
        symlink("/dev/zero", project.path("versions/b1.up.sql")).unwrap();
    });
    refused("a folder", there, |project| {
        fs::create_dir(project.path("versions/b1.up.sql")).unwrap();
    });
    refused("a pipe", there, |project| {
        let pipe = project.path("versions/b1.up.sql");
        let made = std::process::Command::new("mkfifo").arg(pipe).status().unwrap();
        assert!(made.success());
    });
    refused("a folder for the configuration", "migrate.toml", |project| {
        fs::remove_file(project.path("migrate.toml")).unwrap();
        fs::create_dir(project.path("migrate.toml")).unwrap();
    });
    refused("no versions folder", "versions", |project| {
        fs::remove_dir_all(project.path("versions")).unwrap();
    });
    refused("a circle of revisions", "b1 -> c1 -> b1", |project| {
        project.script("b1", "c1", "", "SELECT 1;\n");
        project.script("c1", "b1", "", "SELECT 1;\n");
    });
}

#[test]
fn a_configuration_of_nonsense_is_refused() {
    let url = "[migrate]\nurl = \"sqlite:app.db\"\n";
    let cases: [(&str, Vec<u8>, &str); 8] = [
        ("no TOML", b"[migrate\n".to_vec(), "migrate.toml:1:"),
        ("UTF-16", utf16(url, false), "migrate.toml"),
        ("NUL", url.replace("app", "a\0p").into_bytes(), "migrate.toml:2:"),
        ("an unknown key", format!("{url}lock_timeot = 1\n").into_bytes(), "migrate.toml:3:1"),
        ("an unknown table", format!("{url}[migrat]\n").into_bytes(), "migrate.toml:3:"),
        ("a wrong type", format!("{url}group_commit = 7\n").into_bytes(), "migrate.toml:3:"),
        ("a wrong value", format!("{url}transaction = \"x\"\n").into_bytes(), "migrate.toml:3:"),
        ("an unset variable", b"[migrate]\nurl = \"${NOPE}\"\n".to_vec(), "migrate.toml:2:"),
    ];
    for (about, bytes, place) in cases {
        refused(about, place, |project| project.write("migrate.toml", bytes));
    }
}

/// A folder that is reached twice is read once.
#[test]
fn folders_in_a_circle_are_read_once() {
    let project = Project::new("r0; a1<r0", "recursive_version_locations = true");
    symlink(".", project.path("versions/again")).unwrap();
    symlink("../versions", project.path("versions/loop")).unwrap();
    project.done(&["upgrade"]);
    assert_eq!(look(&project).applied.len(), 2);
}
