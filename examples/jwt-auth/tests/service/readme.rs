//! README.md, to the letter: every command that it shows, in one shell, and what it prints.
//!
//! Four things are not as at a reader's. `cargo run` runs what is built already; the service
//! goes to the background once it listens, as in a terminal of its own; its port is a free one, which
//! `curl` and the comparison know; and `git checkout` copies the file, for the folder is no clone. `…` in the document stands for any text within a line.
//! `UPDATE=1` rewrites what differs.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

const PACKAGE: &str = env!("CARGO_MANIFEST_DIR");

/// Noon of 15 March 2026, in UTC: the date in the name of the file that the document shows.
const NOW: &str = "1773576000";

/// What the commands mean here.
const SHELL: &str = r#"
exec 2>&1
git() { cp "$ORIGINAL/schema.sql" .; }
curl() { command curl "${@//localhost:8000/localhost:$PORT}"; }
cargo() {
  shift
  [ "$1" != -q ] || shift
  case "$*" in
    "-p jwt-auth-example")
      exec 3< <(exec jwt-auth --port 0)
      SERVICE=$!
      trap 'kill $SERVICE' EXIT
      while read -r line <&3; do
        case $line in listening*) PORT=${line##*:} PORT=${PORT%/docs} ;; esac
        [ -z "$PORT" ] || line=${line//:$PORT/:8000}
        printf '%s\n' "$line"
        [ -z "$PORT" ] || break
      done ;;
    "-p jwt-auth-example -- "*) shift 3; jwt-auth "$@" ;;
    "-- "*) shift; migrate "$@" ;;
    *) echo "what is cargo $*?" ;;
  esac
}
"#;

/// A command, what it prints by the document, and where that stands, in lines from 0.
struct Step {
    command: String,
    output: Vec<String>,
    first: usize,
}

#[test]
fn the_readme_is_true() {
    let path = Path::new(PACKAGE).join("README.md");
    let document = fs::read_to_string(&path).unwrap();
    let steps = steps(&document);
    assert!(20 < steps.len(), "{} commands", steps.len());
    let printed = run(&steps);
    assert_eq!(printed.len(), steps.len(), "{printed:?}");
    let mut lines: Vec<String> = document.lines().map(str::to_owned).collect();
    let mut wrong = String::new();
    // From the end, so that the lines above keep their numbers.
    for (step, actual) in steps.iter().zip(printed).rev() {
        let is_same = step.output.len() == actual.len()
            && step.output.iter().zip(&actual).all(|(one, other)| matches(one, other));
        if !is_same {
            let (first, command, text) = (step.first, &step.command, actual.join("\n"));
            write!(wrong, "README.md:{first}: {command}\nprints:\n{text}\n\n").unwrap();
            lines.splice(first..first + step.output.len(), actual);
        }
    }
    if !wrong.is_empty() && is_update() {
        fs::write(&path, lines.join("\n") + "\n").unwrap();
        return;
    }
    assert!(wrong.is_empty(), "{wrong}UPDATE=1 rewrites README.md; then put `…` where it is due");
}

#[expect(clippy::disallowed_methods, reason = "a test has no configuration to read it from")]
fn is_update() -> bool {
    std::env::var("UPDATE").is_ok()
}

/// Reads the commands of all `console` blocks.
fn steps(document: &str) -> Vec<Step> {
    let mut res: Vec<Step> = Vec::new();
    let mut is_console = false;
    for (number, line) in document.lines().enumerate() {
        if line.starts_with("```") {
            is_console = line == "```console";
        } else if let Some(command) = line.strip_prefix("$ ").filter(|_| is_console) {
            let command = command.to_owned();
            res.push(Step { command, output: Vec::new(), first: number + 1 });
        } else if is_console {
            res.last_mut().unwrap().output.push(line.to_owned());
        }
    }
    res
}

/// Runs them in a copy of the sample project; returns what each prints.
fn run(steps: &[Step]) -> Vec<Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    let original = Path::new(PACKAGE).join("../..");
    fs::create_dir(folder.path().join("versions")).unwrap();
    for name in ["migrate.toml", "schema.sql"] {
        fs::copy(original.join(name), folder.path().join(name)).unwrap();
    }
    for entry in fs::read_dir(original.join("versions")).unwrap() {
        let entry = entry.unwrap();
        let to = folder.path().join("versions").join(entry.file_name());
        fs::copy(entry.path(), to).unwrap();
    }
    let mut script = SHELL.to_owned();
    for step in steps {
        // An answer of curl has no line end.
        writeln!(script, "{}\nprintf '\\036'", step.command).unwrap();
    }
    let programs = Path::new(env!("CARGO_BIN_EXE_jwt-auth")).parent().unwrap();
    let migrate = programs.join("migrate");
    assert!(migrate.is_file(), "`migrate` is not built; run `cargo build` first");
    let output = Command::new("bash")
        .args(["-c", &script])
        .current_dir(folder.path())
        .env_clear()
        .env("PATH", format!("{}:/usr/local/bin:/usr/bin:/bin", programs.display()))
        .env("SOURCE_DATE_EPOCH", NOW)
        .env("ORIGINAL", &original)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap().replace('\r', "");
    let parts: Vec<&str> = text.split('\u{1e}').collect();
    let lines = |text: &&str| text.lines().map(str::to_owned).collect();
    parts[..parts.len() - 1].iter().map(lines).collect()
}

/// Tells whether a line is as the document says, `…` being any text.
fn matches(expected: &str, actual: &str) -> bool {
    let mut parts = expected.split('…');
    let Some(mut rest) = actual.strip_prefix(parts.next().unwrap_or_default()) else {
        return false;
    };
    let mut has_gap = false;
    for part in parts {
        has_gap = true;
        match rest.find(part) {
            Some(_) if part.is_empty() => rest = "",
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.is_empty() || has_gap && expected.ends_with('…')
}
