//! The examples do what their texts say.
#![cfg(feature = "sqlite")]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use limbeck::config::{Environment, Overrides};
use limbeck::database::Access;
use limbeck::ops::{self, Direction, Observed, Report, Request};
use limbeck::project::Project;
use tempfile::TempDir;

/// Copies a project's configuration and scripts, nothing else, into a folder of its own.
fn copy(project: &str) -> TempDir {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join(project);
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("versions")).unwrap();
    fs::copy(source.join("migrate.toml"), folder.path().join("migrate.toml")).unwrap();
    for script in fs::read_dir(source.join("versions")).unwrap() {
        let script = script.unwrap();
        fs::copy(script.path(), folder.path().join("versions").join(script.file_name())).unwrap();
    }
    folder
}

/// Finds an example beside this test, where cargo builds it for `cargo test`.
fn example(name: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let profile = test.ancestors().nth(2).unwrap();
    let res = profile.join("examples").join(name).with_extension(std::env::consts::EXE_EXTENSION);
    assert!(res.is_file(), "{name} is not built; run `cargo build --example {name}` first");
    res
}

fn embed(arguments: &[&Path]) -> Output {
    let elsewhere = tempfile::tempdir().unwrap();
    let mut command = Command::new(example("embed"));
    command.args(arguments).env_clear().current_dir(elsewhere.path()).output().unwrap()
}

#[test]
fn embed_upgrades_the_sample_project_and_the_second_start_finds_nothing_to_do() {
    let folder = copy(".");
    let first = embed(&[folder.path()]);
    let said = String::from_utf8(first.stdout).unwrap();
    assert!(first.status.success(), "{said}{}", String::from_utf8_lossy(&first.stderr));
    assert!(said.starts_with("3e6093e7bbdc create users table ("), "{said}");
    assert!(said.ends_with("\n8 applied, now at bb4ce9ecd7f7\n"), "{said}");
    let second = embed(&[folder.path()]);
    assert_eq!(String::from_utf8(second.stdout).unwrap(), "0 applied, now at bb4ce9ecd7f7\n");
}

#[test]
fn embed_says_what_is_wrong() {
    assert_eq!(embed(&[]).status.code(), Some(2));
    let folder = copy(".");
    let script =
        folder.path().join("versions/20260120_134500_bb4ce9ecd7f7_add_sign_in_guards.up.sql");
    let text = fs::read_to_string(&script).unwrap();
    fs::write(&script, text + "\nDROP TABLE rooms;\n").unwrap();
    let output = embed(&[folder.path()]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[0], "the database could not be upgraded: no such table: rooms");
    assert!(lines[1].contains("_add_sign_in_guards.up.sql:"), "{said}");
    assert_eq!(lines.len(), 2, "{said}");
}

/// Migrates and returns the revisions that ran, in order, and where the database stands then.
fn migrate(project: &Project, direction: Direction, target: &str) -> (Vec<String>, Vec<String>) {
    let request = Request::new(direction, target);
    let mut connection = ops::open_to_write(project).unwrap();
    let Report { steps, heads, .. } =
        ops::migrate(project, &mut *connection, &request, &mut |_| {}).unwrap();
    let steps = steps.iter().map(|it| it.revision.to_string()).collect();
    (steps, heads.iter().map(ToString::to_string).collect())
}

#[test]
fn branches_go_up_one_after_the_other_and_all_the_way_down() {
    let folder = copy("examples/branches");
    let overrides =
        Overrides { config: Some(folder.path().join("migrate.toml")), ..Default::default() };
    let environment = Environment::new(folder.path(), [("", ""); 0]);
    let project = Project::open(&overrides, &environment).unwrap();
    let (accounts, invoices) = ("5d0c61a3f7e2", "c94e0b7716aa");
    let (email, bills, status) = ("71f3a8d95b04", "e2b86f40c1d9", "0a97d2e5c638");

    let (steps, heads) = migrate(&project, Direction::Upgrade, "billing@head");
    assert_eq!(steps, [accounts, email, invoices, bills]);
    assert_eq!(heads, [bills]);
    let (steps, heads) = migrate(&project, Direction::Upgrade, "heads");
    assert_eq!(
        (steps, heads),
        (vec![status.to_owned()], vec![bills.to_owned(), status.to_owned()])
    );

    let mut connection = ops::open(&project, Access::Read).unwrap();
    let observed = Observed::read(&project, connection.as_deref_mut()).unwrap();
    assert!(ops::check(&observed).is_clean());

    let (steps, heads) = migrate(&project, Direction::Downgrade, "accounts@base");
    assert_eq!(steps, [bills, status, email, accounts]);
    assert_eq!(heads, [invoices]);
    let (steps, heads) = migrate(&project, Direction::Downgrade, "base");
    assert_eq!((steps, heads), (vec![invoices.to_owned()], Vec::new()));
}
