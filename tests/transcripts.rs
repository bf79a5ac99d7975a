//! Runs what the documents show: README.md as one session of a shell, `transcripts/*.md` by trycmd.
//!
//! In README.md every `console` block is run, all in one folder that begins as a copy of the
//! sample project. A `sql` or `toml` block below a line that ends with the name of a file, as in
//! "Add to `a.sql`:", is appended to that file. Milliseconds and the sandbox's path are left out
//! of the comparison, and a line `...` stands for any number of lines. `$PG_URL` and `$MYSQL_URL`
//! are databases of the tests' own servers; without these nothing is run. `UPDATE=1` rewrites what
//! differs in README.md, `TRYCMD=overwrite` in the others.
#![expect(clippy::unwrap_used, reason = "a test says what fails by panicking")]

use std::fmt::Write as _;
use std::fs;
use std::ops::Range;
use std::path::Path;
use std::process::{Command, Stdio};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Noon of 15 March 2026, in UTC: the date in the names of the files that the documents show.
const NOW: &str = "1773576000";

/// Stands between the outputs of commands; no output holds it.
const SEPARATOR: char = '\u{1e}';

/// What a document has the reader do.
enum Item {
    /// Type a command.
    Run(Step),
    /// Add a text to a file.
    Append { file: String, text: String },
}

/// A command, and what is printed.
struct Step {
    command: String,
    code: i32,
    output: Vec<String>,
    /// The lines of the document that hold the code and the output, from 0.
    lines: Range<usize>,
}

#[test]
fn transcripts_are_as_the_program_prints() {
    let cases = trycmd::TestCases::new();
    cases.env("SOURCE_DATE_EPOCH", NOW).env("COLUMNS", "100");
    for name in ["DATABASE_URL", "MIGRATE_URL", "MIGRATE_ENV", "MIGRATE_CONFIG", "USER", "LOGNAME"]
    {
        cases.env(name, "");
    }
    cases.case("tests/transcripts/*.md");
}

#[test]
fn no_transcript_tells_how_long_something_took() {
    for entry in fs::read_dir(Path::new(ROOT).join("tests/transcripts")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|it| it != "md") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let is_timed = |line: &&str| {
            let parts: Vec<&str> = line.split(" ms").collect();
            parts.iter().rev().skip(1).any(|it| it.ends_with(|c: char| c.is_ascii_digit()))
        };
        let timed = text.lines().find(is_timed);
        assert_eq!(timed, None, "{}: write `[..] ms`", path.display());
    }
}

#[test]
#[cfg(unix)]
fn the_readme_is_true() {
    let path = Path::new(ROOT).join("README.md");
    let document = fs::read_to_string(&path).unwrap();
    let databases = (servers::postgres(), servers::mariadb());
    let (Some(postgres), Some(mariadb)) = databases else {
        return;
    };
    let (postgres, mariadb) = (postgres.database(), mariadb.database());
    let urls = [("PG_URL", postgres.socket_url()), ("MYSQL_URL", mariadb.admin_url())];
    let items = parse(&document);
    let sandbox = tempfile::tempdir().unwrap();
    let printed = run(&items, sandbox.path(), &urls);
    let steps = items.iter().filter_map(|item| match item {
        Item::Run(step) => Some(step),
        Item::Append { .. } => None,
    });
    let mut lines: Vec<String> = document.lines().map(str::to_owned).collect();
    let mut wrong = String::new();
    let pairs: Vec<_> = steps.zip(printed).collect();
    // From the end, so that the lines above keep their numbers.
    for (step, (code, output)) in pairs.into_iter().rev() {
        if step.code == code && matches(&step.output, &output) {
            continue;
        }
        let first = step.lines.start;
        let _ = write!(wrong, "README.md:{first}: {}\nprints:\n", step.command);
        let status = (code != 0).then(|| format!("? {code}"));
        let actual: Vec<String> = status.into_iter().chain(output).collect();
        let _ = writeln!(wrong, "{}\n", actual.join("\n"));
        lines.splice(step.lines.clone(), actual);
    }
    if !wrong.is_empty() && is_update() {
        fs::write(&path, lines.join("\n") + "\n").unwrap();
        return;
    }
    assert!(wrong.is_empty(), "{wrong}UPDATE=1 rewrites README.md; then read what it shows");
}

#[expect(clippy::disallowed_methods, reason = "a test has no configuration to read it from")]
fn is_update() -> bool {
    std::env::var("UPDATE").is_ok()
}

/// Reads the commands and files of a document.
fn parse(document: &str) -> Vec<Item> {
    let mut res = Vec::new();
    let mut lines = document.lines().enumerate();
    let mut above = "";
    while let Some((_, line)) = lines.next() {
        let Some(language) = line.strip_prefix("```") else {
            above = if line.is_empty() { above } else { line };
            continue;
        };
        let block: Vec<_> = lines.by_ref().take_while(|(_, line)| *line != "```").collect();
        match (language, file_named(above)) {
            ("console", _) => res.extend(steps(&block).into_iter().map(Item::Run)),
            ("sql" | "toml", Some(file)) => {
                let text = block.iter().fold(String::new(), |text, (_, line)| text + line + "\n");
                res.push(Item::Append { file: file.to_owned(), text });
            }
            _ => {}
        }
        above = "";
    }
    res
}

/// Returns the name in backticks before the colon at a line's end.
fn file_named(line: &str) -> Option<&str> {
    let (_, file) = line.strip_suffix("`:")?.rsplit_once('`')?;
    Some(file)
}

/// Reads the commands of a block, in trycmd's notation.
fn steps(block: &[(usize, &str)]) -> Vec<Step> {
    let mut res: Vec<Step> = Vec::new();
    for (number, line) in block {
        if let Some(command) = line.strip_prefix("$ ") {
            let lines = number + 1..number + 1;
            res.push(Step { command: command.to_owned(), code: 0, output: Vec::new(), lines });
            continue;
        }
        let step = res.last_mut().unwrap_or_else(|| panic!("line {} has no command", number + 1));
        match line.strip_prefix("? ").filter(|_| step.output.is_empty()) {
            Some(code) => step.code = code.parse().unwrap(),
            None => step.output.push((*line).to_owned()),
        }
        step.lines.end = number + 1;
    }
    res
}

/// Does all in one shell, so that `cd` has effect; returns each command's code and output.
fn run(items: &[Item], sandbox: &Path, urls: &[(&str, String)]) -> Vec<(i32, Vec<String>)> {
    let folder = sandbox.join("limbeck");
    copy(Path::new(ROOT), &folder, &["migrate.toml", "schema.sql", "versions"]);
    // `cargo run -- …` is what a reader types; that it runs the program is cargo's to test.
    let mut script = String::from(
        "exec 2>&1\ncargo() { while [ \"$1\" != -- ]; do shift; done; shift; migrate \"$@\"; }\n",
    );
    for item in items {
        let _ = match item {
            Item::Run(step) => writeln!(script, "{}\nprintf '\\036%d\\036' $?", step.command),
            Item::Append { file, text } => {
                writeln!(script, "cat >> {file} <<'END OF FILE'\n{text}END OF FILE")
            }
        };
    }
    let programs = Path::new(env!("CARGO_BIN_EXE_migrate")).parent().unwrap();
    let output = Command::new("sh")
        .args(["-c", &script])
        .current_dir(folder)
        .env_clear()
        .env("PATH", format!("{}:/usr/local/bin:/usr/bin:/bin", programs.display()))
        .env("SOURCE_DATE_EPOCH", NOW)
        .env("LANG", "C.UTF-8")
        .envs(urls.iter().map(|(name, url)| (*name, url.as_str())))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let root = sandbox.canonicalize().unwrap();
    let text = text.replace(&root.display().to_string(), "/home/you");
    let parts: Vec<&str> = text.split(SEPARATOR).collect();
    let lines = |text: &str| text.lines().map(str::to_owned).collect();
    parts.chunks_exact(2).map(|pair| (pair[1].parse().unwrap(), lines(pair[0]))).collect()
}

fn copy(from: &Path, to: &Path, names: &[&str]) {
    fs::create_dir_all(to).unwrap();
    for name in names {
        let (from, to) = (from.join(name), to.join(name));
        if from.is_dir() {
            let entries = fs::read_dir(&from).unwrap();
            let names: Vec<String> =
                entries.map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
            copy(&from, &to, &names.iter().map(String::as_str).collect::<Vec<_>>());
        } else {
            fs::copy(from, to).unwrap();
        }
    }
}

/// Tells whether an output is what the document says.
fn matches(expected: &[String], actual: &[String]) -> bool {
    match expected.split_first() {
        None => actual.iter().all(String::is_empty),
        Some((line, rest)) if line == "..." => {
            (0..=actual.len()).any(|at| matches(rest, &actual[at..]))
        }
        Some((line, rest)) => actual.split_first().is_some_and(|(first, others)| {
            timeless(line) == timeless(first) && matches(rest, others)
        }),
    }
}

/// Writes 0 for every number of milliseconds.
fn timeless(line: &str) -> String {
    let mut res = String::new();
    let mut rest = line;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, number) = rest.split_at(start);
        let end = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
        let (number, after) = number.split_at(end);
        let is_time = after.starts_with(" ms") || before.ends_with("\"duration_ms\":");
        res.push_str(before);
        res.push_str(if is_time { "0" } else { number });
        rest = after;
    }
    res + rest
}
