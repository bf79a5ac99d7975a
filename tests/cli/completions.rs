use std::io::Write as _;
use std::process::Command;

use terminal::Terminal;

use crate::support::{CONFIG, Sandbox};

/// What the shells complete from.
const GRAPH: &str = "a1; b1<a1 west; q7<a1 east; zz9<q7; zz8<b1";

/// Returns what the program answers when the last of these words is to be completed.
fn answer(sandbox: &Sandbox, words: &str) -> Vec<String> {
    let run = sandbox.run(&format!("__complete -- migrate {words}"));
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{words}");
    run.stdout.lines().map(str::to_owned).collect()
}

/// A shell at a prompt, in a project, that has read its completions; `None` to leave it out.
fn shell(name: &str) -> Option<(Sandbox, Terminal)> {
    let sandbox = Sandbox::with(GRAPH);
    let environments = "[env.staging]\n[env.production]\nurl = \"${NOBODY_SETS_IT}\"\n";
    sandbox.write("migrate.toml", format!("{CONFIG}{environments}"));
    sandbox.write("script", sandbox.run(&format!("completions {name}")).stdout);
    let command: &[&str] = match name {
        "bash" => &["bash", "--norc", "--noprofile", "-i"],
        "zsh" => &["zsh", "-f", "-i"],
        _ => &["fish", "--no-config", "--private"],
    };
    if !is_there(name) {
        return None;
    }
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_migrate")).parent().unwrap();
    let path = format!("{}:{}", binary.display(), search_path());
    let folder = sandbox.path("");
    let home = folder.to_str().unwrap().to_owned();
    let environment = [("PATH", path.as_str()), ("HOME", &home), ("PS1", "> "), ("HISTFILE", "")];
    let terminal = Terminal::start(100, 30, &folder, &environment, command)?;
    let before = if name == "zsh" { "autoload -U compinit; compinit -u -D; " } else { "" };
    terminal.keys(&format!("{before}source ./script; echo rea''dy"));
    terminal.press("Enter");
    terminal.wait_for("ready\n");
    Some((sandbox, terminal))
}

#[expect(clippy::disallowed_methods, reason = "shells are looked for in it")]
fn search_path() -> String {
    std::env::var("PATH").unwrap()
}

/// Tells whether a shell is to be driven; one that is missing is left out on demand alone.
#[expect(clippy::disallowed_methods, reason = "the switch of the tests, not of the program")]
fn is_there(name: &str) -> bool {
    if std::env::var("LIMBECK_TEST_SKIP_SHELLS").is_ok_and(|value| value == "1") {
        // Past the test runner's capture.
        drop(writeln!(std::io::stderr(), "SKIPPED: LIMBECK_TEST_SKIP_SHELLS=1 is set"));
        return false;
    }
    let found = Command::new(name).arg("--version").output();
    assert!(
        found.is_ok(),
        "{name} is missing: `tests/run` installs it as root; LIMBECK_TEST_SKIP_SHELLS=1 leaves out \
         what needs it"
    );
    true
}

/// Types a line and a tab, waits for what is to be on the screen then, and leaves an empty line.
#[track_caller]
fn tab(terminal: &Terminal, typed: &str, shown: &[&str]) {
    terminal.keys(typed);
    terminal.press("Tab");
    let is_shown = |screen: &str| shown.iter().all(|text| screen.contains(text));
    terminal.wait_until(&format!("{shown:?} after `{typed}`"), is_shown);
    terminal.press("C-u");
    terminal.press("C-l");
    terminal.wait_until("empty line", |screen| !screen.contains("migrate"));
}

/// Types what every shell completes to one thing.
fn completes_to_one(terminal: &Terminal) {
    tab(terminal, "migrate upg", &["migrate upgrade"]);
    tab(terminal, "migrate downgrade zz9", &["migrate downgrade zz9"]);
    tab(terminal, "migrate upgrade we", &["migrate upgrade west@head"]);
    tab(terminal, "migrate upgrade west@h", &["migrate upgrade west@head"]);
    tab(terminal, "migrate history -r a1:q", &["migrate history -r a1:q7"]);
    tab(terminal, "migrate -n sta", &["migrate -n staging"]);
    tab(terminal, "migrate --name=prod", &["migrate --name=production"]);
    tab(terminal, "migrate history --format m", &["migrate history --format mermaid"]);
}

#[test]
fn bash_completes_what_the_project_has() {
    let Some((_sandbox, terminal)) = shell("bash") else { return };
    completes_to_one(&terminal);
    tab(&terminal, "migrate show z", &["migrate show zz"]);
    terminal.keys("migrate show zz");
    terminal.press("Tab");
    terminal.press("Tab");
    terminal.wait_until("list", |screen| screen.contains("zz8") && screen.contains("zz9"));
}

#[test]
fn zsh_completes_what_the_project_has_and_shows_the_messages() {
    let Some((_sandbox, terminal)) = shell("zsh") else { return };
    completes_to_one(&terminal);
    tab(&terminal, "migrate show zz", &["zz8  -- make zz8", "zz9  -- make zz9"]);
    tab(&terminal, "migrate upgrade head", &["heads  -- the newest revision of every branch"]);
}

#[test]
fn fish_completes_what_the_project_has_and_shows_the_messages() {
    let Some((_sandbox, terminal)) = shell("fish") else { return };
    completes_to_one(&terminal);
    tab(&terminal, "migrate show z", &["zz8  (make zz8)", "zz9  (make zz9)"]);
}

#[test]
fn each_command_is_offered_what_it_understands() {
    let sandbox = Sandbox::with("a1; b1<a1 west; c1<b1");
    let lines = |words: &str| answer(&sandbox, words).join("; ").replace('\t', " ");
    assert_eq!(
        lines("upgrade ''"),
        "head the newest revision; heads the newest revision of every branch; +1 the next \
         revision; west@head the branch from b1; c1 make c1; b1 make b1; a1 make a1"
    );
    assert_eq!(
        lines("downgrade ''"),
        "-1 the revision before; base before the first revision; west@base the branch from b1; c1 \
         make c1; b1 make b1; a1 make a1"
    );
    assert_eq!(
        lines("upgrade west@"),
        "west@head the newest revision of the branch; west@+1 the next revision; west@c1 make c1; \
         west@b1 make b1; west@a1 make a1"
    );
    assert_eq!(lines("history -r b1:c"), "b1:current where the database stands; b1:c1 make c1");
    assert_eq!(
        lines("repair --accept ''"),
        "west the branch from b1; c1 make c1; b1 make b1; a1 make a1"
    );
    assert_eq!(lines("revision --depends-on we"), "west the branch from b1");
    assert_eq!(lines("-n ''"), "");
}

#[test]
fn of_many_revisions_the_newest_are_offered_and_all_that_begin_as_typed() {
    let all: Vec<String> = (101..300).map(|at| format!("r{at}<r{}", at - 1)).collect();
    let sandbox = Sandbox::with(&format!("r100; {}", all.join("; ")));
    let offered = answer(&sandbox, "show ''");
    let ids: Vec<&String> = offered.iter().filter(|it| it.starts_with('r')).collect();
    assert_eq!((ids.len(), ids[0].as_str()), (100, "r299\tmake r299"));
    assert_eq!(answer(&sandbox, "show r1").len(), 100);
    assert_eq!(answer(&sandbox, "show r"), answer(&sandbox, "edit r"));
    assert_eq!(answer(&sandbox, "show r").len(), 200);
}

#[test]
fn options_are_offered_after_a_dash_or_where_nothing_else_is() {
    let sandbox = Sandbox::with("a1");
    assert!(answer(&sandbox, "upgrade --dry")[0].starts_with("--dry-run\t"));
    assert!(answer(&sandbox, "history ''").iter().any(|it| it.starts_with("--graph\t")));
    assert!(!answer(&sandbox, "upgrade ''").iter().any(|it| it.starts_with('-')));
    assert!(answer(&sandbox, "upgrade --ur")[0].starts_with("--url\t"));
    assert!(answer(&sandbox, "--lock-t")[0].starts_with("--lock-timeout\t"));
    assert_eq!(answer(&sandbox, "help upg"), ["upgrade"]);
    assert_eq!(answer(&sandbox, "man ensure"), ["ensure-version"]);
}

#[test]
fn the_configuration_and_the_environment_of_the_line_count() {
    let sandbox = Sandbox::with("a1");
    let other = "[migrate]\nversions = [\"more\"]\n[env.far]\nversions = [\"versions\"]\n";
    sandbox.write("other.toml", other);
    sandbox.write("more/f00.up.sql", "-- far\n--\n-- Revision ID: f00\n-- Revises:\n\nSELECT 1;\n");
    assert_eq!(answer(&sandbox, "-c other.toml show f"), ["f00\tfar"]);
    assert_eq!(answer(&sandbox, "show -c other.toml --name far a"), ["a1\tmake a1"]);
    assert_eq!(answer(&sandbox, "-c other.toml -n ''"), ["far"]);
}

#[test]
fn whatever_is_wrong_nothing_is_said_and_no_database_is_made() {
    let sandbox = Sandbox::with("a1; b1<a1");
    answer(&sandbox, "upgrade ''");
    assert_eq!(sandbox.names(""), ["migrate.toml", "versions"]);
    sandbox.remove("versions/a1.up.sql");
    assert_eq!(answer(&sandbox, "show a"), [""; 0]);
    sandbox.write("migrate.toml", "[nonsense");
    assert_eq!(answer(&sandbox, "show a"), [""; 0]);
    assert_eq!(answer(&sandbox, "-n a"), [""; 0]);
    assert_eq!(answer(&Sandbox::empty(), "show --nonsense a"), [""; 0]);
    assert_eq!(sandbox.run("__complete").text(), "exit 0\n");
}

#[test]
fn a_message_cannot_make_a_line_of_its_own() {
    let sandbox = Sandbox::new();
    sandbox.revision("a1", "SELECT 1;", "");
    sandbox.replace("versions/a1.up.sql", "make a1", "a\ttab and \u{1b}[31mred");
    assert_eq!(answer(&sandbox, "show a"), ["a1\ta\\ttab and red"]);
}

#[test]
fn every_shell_gets_a_script() {
    let sandbox = Sandbox::empty();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let run = sandbox.run(&format!("completions {shell}"));
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{shell}");
        assert!(run.stdout.contains("migrate"), "{shell}");
        // These three ask the program for all but its name.
        let asks = matches!(shell, "bash" | "fish" | "zsh");
        assert_eq!(run.stdout.contains("__complete -- "), asks, "{shell}");
        assert_eq!(run.stdout.contains("ensure-version"), !asks, "{shell}");
    }
}

#[test]
fn quiet_leaves_them_alone() {
    let sandbox = Sandbox::empty();
    let loud = sandbox.run("completions bash").stdout;
    assert_eq!(sandbox.run("--quiet completions bash").stdout, loud);
}

#[test]
fn an_unknown_shell_is_bad_usage() {
    assert_eq!(Sandbox::empty().run("completions cmd").code, 2);
}
