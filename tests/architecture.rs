//! The rules of the source that no compiler checks: layers, who prints, lengths, completeness.
//!
//! Every message says what to do. An exception stands in a table here with its reason; one that
//! nothing needs any more has to go.
#![expect(clippy::unwrap_used, reason = "a test that can't read the source has failed")]

use std::fs;
use std::path::Path;

/// The modules of the library, lowest row first. A module imports only from lower rows.
const LAYERS: &[&[&str]] = &[
    &["words"],
    &["place", "clock", "duration", "file", "near", "process", "url", "sql"],
    &["revision", "catalog"],
    &["sqlite"],
    &["config", "plan", "ledger", "database", "diagram", "lanes"],
    &["script", "inspect"],
    &["runner"],
    &["autogenerate"],
    &["project", "error"],
    &["ops"],
    &["migrator"],
];

/// Imports that the rows don't allow: importer, imported, why.
const SIDEWAYS: &[(&str, &str, &str)] =
    &[("project", "error", "opening a project fails in the ways of several layers")];

/// The only folder that writes to the terminal.
const OUTPUT: &str = "src/bin/migrate/output/";

/// The files whose texts are given the program's name when they are read, and the one that does it.
const NAMED: &[&str] = &["src/bin/migrate/output/hint", "src/bin/migrate/program.rs"];

/// What writes to the terminal, or could.
const WRITING: &[&str] =
    &["print!(", "println!(", "dbg!(", "stdout()", "stderr()", "io::stdout", "io::stderr"];

/// Lines elsewhere that name a standard stream: file, text, why.
const STREAMS: &[(&str, &str, &str)] =
    &[("src/ops/new.rs", ".stdout(std::io::stderr())", "what a hook says is a message")];

/// Crates that the library must do without, and those that the binary must.
const OF_THE_TERMINAL: &[&str] =
    &["anstream", "anyhow", "clap", "comfy_table", "indicatif", "serde"];
const OF_THE_LIBRARY: &[&str] = &["refinery", "refinery_core", "rusqlite", "sha2", "toml"];

/// The most lines of a file, and of a file without its tests.
const MOST: (usize, usize) = (500, 400);

/// Files that are still longer, each to be split.
const TOO_LONG: &[&str] = &[];

/// The most parameters of a function, `self` left out.
const MOST_PARAMETERS: usize = 5;

/// The shortest doc comment of a public item, in characters.
const SHORTEST_DOC: usize = 20;

/// Beginnings of doc comments that leave their subject out.
const WITHOUT_SUBJECT: &[&str] =
    &["Whoever", "What ", "Where.", "Why.", "It ", "Others", "Its ", "Their ", "Those "];

/// Phrases of doc comments that stand for a noun.
const CRUTCHES: &[&str] = &["so many", "is told", "are told", "whoever", "amiss"];

/// A source file: its path from the package's folder, and its text.
struct Source {
    path: String,
    text: String,
}

impl Source {
    /// Returns the lines that are no comments, with their numbers.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate().map(|(at, line)| (at + 1, line));
        lines.filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    fn is_binary(&self) -> bool {
        self.path.starts_with("src/bin/")
    }

    /// Returns the top module that a file of the library belongs to.
    fn module(&self) -> &str {
        let name = self.path.strip_prefix("src/").unwrap().split('/').next().unwrap();
        name.strip_suffix(".rs").unwrap_or(name)
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Reads every source file, sorted.
fn sources() -> Vec<Source> {
    let mut res = Vec::new();
    let mut todo = vec![root().join("src")];
    while let Some(path) = todo.pop() {
        if path.is_dir() {
            todo.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|it| it == "rs") {
            let relative = path.strip_prefix(root()).unwrap().to_str().unwrap();
            let text = fs::read_to_string(&path).unwrap();
            res.push(Source { path: relative.replace('\\', "/"), text });
        }
    }
    res.sort_by(|one, other| one.path.cmp(&other.path));
    assert!(res.len() > 50, "the source was not found");
    res
}

/// Returns what follows each `before` in a line, up to the end of the name.
fn names_after<'a>(line: &'a str, before: &str) -> Vec<&'a str> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let rest = line.split(before).skip(1);
    rest.map(|rest| rest.split(|c| !is_name(c)).next().unwrap_or_default()).collect()
}

/// A function as its signature has it.
struct Signature {
    line: usize,
    is_public: bool,
    name: String,
    parameters: Vec<String>,
}

/// Returns the functions of a file; a declaration begins a line.
fn signatures(source: &Source) -> Vec<Signature> {
    let mut res = Vec::new();
    let lines: Vec<(usize, &str)> = source.code().collect();
    for (at, (line, text)) in lines.iter().enumerate() {
        let Some((before, after)) = text.split_once("fn ") else { continue };
        let mut words = before.split_whitespace();
        if !words.all(|it| ["const", "async"].contains(&it) || it.starts_with("pub") || it == "in")
        {
            continue;
        }
        let rest: Vec<&str> = lines[at + 1..].iter().map(|(_, line)| *line).collect();
        let rest = format!("{after}\n{}", rest.join("\n"));
        let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let is_public = before.trim_start().starts_with("pub ");
        let parameters = parameters(&rest[name.len()..]);
        res.push(Signature { line: *line, is_public, name, parameters });
    }
    res
}

/// Splits the parameters after a function's name, its generics and `self` left out.
fn parameters(text: &str) -> Vec<String> {
    let (mut res, mut one) = (Vec::new(), String::new());
    let (mut round, mut angle, mut last) = (0, 0, ' ');
    for c in text.chars() {
        match c {
            '<' => angle += 1,
            '>' if last != '-' => angle -= 1,
            '(' | '[' if angle == 0 || round > 0 => round += 1,
            ')' | ']' if angle == 0 || round > 0 => round -= 1,
            _ => {}
        }
        last = c;
        if round == 0 && angle == 0 && c == ')' {
            break;
        }
        if round == 1 && angle == 0 && c == ',' {
            res.push(std::mem::take(&mut one));
        } else if round > 0 && !(round == 1 && c == '(') {
            one.push(c);
        }
    }
    res.push(one);
    let is_real = |it: &&String| {
        let it = it.trim();
        !it.is_empty() && !it.ends_with("self") && !it.starts_with("self:")
    };
    res.iter().filter(is_real).map(|it| it.trim().to_owned()).collect()
}

/// A doc comment, and whether the item below it is public.
struct Doc {
    line: usize,
    text: String,
    is_public: bool,
}

/// Returns the doc comments of a file, those of modules included.
fn docs(source: &Source) -> Vec<Doc> {
    let mut res = Vec::new();
    // The end of the public type that is open, and whether its members need `pub` for being public.
    let mut open: Option<(String, bool)> = None;
    let (mut text, mut first, mut in_attribute) = (String::new(), 0, false);
    for (at, line) in source.text.lines().enumerate() {
        let (trimmed, indent) = (line.trim(), line.len() - line.trim_start().len());
        let comment = trimmed.strip_prefix("///").or_else(|| trimmed.strip_prefix("//!"));
        if let Some(comment) = comment {
            if text.is_empty() {
                first = at + 1;
            }
            text.push_str(comment.trim());
            text.push(' ');
            continue;
        }
        in_attribute = (in_attribute || trimmed.starts_with("#[")) && !trimmed.ends_with(']');
        if in_attribute || trimmed.starts_with("#[") {
            continue;
        }
        let words: Vec<&str> = trimmed.split(' ').collect();
        let is_public = match &open {
            Some((_, false)) => trimmed.starts_with(|c: char| c.is_alphabetic()),
            Some((_, true)) | None => words.first() == Some(&"pub"),
        };
        if !text.is_empty() {
            let text = std::mem::take(&mut text).trim().to_owned();
            res.push(Doc { line: first, text, is_public });
        }
        if open.as_ref().is_some_and(|(end, _)| line == end) {
            open = None;
        } else if open.is_none()
            && is_public
            && let Some(kind) = words.get(1).filter(|it| ["struct", "enum", "trait"].contains(it))
            && trimmed.ends_with('{')
        {
            open = Some((format!("{}}}", " ".repeat(indent)), *kind == "struct"));
        }
    }
    res
}

#[track_caller]
fn none(faults: &[String], advice: &str) {
    assert!(faults.is_empty(), "\n{}\n{advice}\n", faults.join("\n"));
}

#[test]
fn a_module_imports_only_from_lower_rows() {
    let row = |module: &str| LAYERS.iter().position(|row| row.contains(&module));
    let mut faults = Vec::new();
    let mut needed = Vec::new();
    for source in sources().iter().filter(|it| !it.is_binary() && it.path != "src/lib.rs") {
        let from = source.module();
        for (number, line) in source.code() {
            for to in names_after(line, "crate::") {
                let exception = SIDEWAYS.iter().find(|it| (it.0, it.1) == (from, to));
                needed.extend(exception);
                let is_lower = row(to).is_some_and(|to| Some(to) < row(from));
                if to != from && !is_lower && exception.is_none() {
                    let path = &source.path;
                    faults.push(format!("{path}:{number}: `{from}` imports `crate::{to}`"));
                }
            }
        }
    }
    none(
        &faults,
        "Move what is needed to a lower module, or hand it in; a new module gets a place in LAYERS \
         (tests/architecture.rs). One path a `use`: `crate::{…}` can't be checked.",
    );
    let idle = SIDEWAYS.iter().filter(|it| !needed.contains(it));
    none(
        &idle.map(|it| format!("{it:?}")).collect::<Vec<_>>(),
        "Nothing needs it: take it out of SIDEWAYS.",
    );
}

#[test]
fn every_module_has_a_place_in_the_layers() {
    let text = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let mut modules: Vec<&str> = text
        .lines()
        .flat_map(|line| names_after(line.trim_start_matches("pub "), "mod "))
        .collect();
    let mut placed = LAYERS.concat();
    modules.sort_unstable();
    placed.sort_unstable();
    assert_eq!(modules, placed, "LAYERS and the modules of src/lib.rs differ");
}

#[test]
fn library_and_binary_keep_to_their_crates() {
    let mut faults = Vec::new();
    for source in sources() {
        let foreign = if source.is_binary() { OF_THE_LIBRARY } else { OF_THE_TERMINAL };
        for (number, line) in source.code() {
            let foreign = foreign.iter().find(|it| line.contains(&format!("{it}::"))).copied();
            let around = ["#[path", "include!("].into_iter().find(|it| line.contains(it));
            let itself = (!source.is_binary() && line.contains("limbeck::")).then_some("limbeck");
            if let Some(found) = foreign.or(around).or(itself) {
                faults.push(format!("{}:{number}: `{found}`", source.path));
            }
        }
    }
    none(
        &faults,
        "The library knows no terminal, and the binary reaches files, scripts and databases only \
         through `limbeck::`; inside of the library paths begin with `crate::`.",
    );
}

#[test]
fn only_the_output_module_prints() {
    let mut faults = Vec::new();
    let mut needed = Vec::new();
    for source in sources().iter().filter(|it| !it.path.starts_with(OUTPUT)) {
        for (number, line) in source.code() {
            let exception = STREAMS.iter().find(|it| it.0 == source.path && line.contains(it.1));
            needed.extend(exception);
            if exception.is_none() && WRITING.iter().any(|it| line.contains(it)) {
                faults.push(format!("{}:{number}: {}", source.path, line.trim()));
            }
        }
    }
    none(&faults, "Hand it to `Output` (src/bin/migrate/output), or return it to who does.");
    let idle = STREAMS.iter().filter(|it| !needed.contains(it));
    none(
        &idle.map(|it| format!("{it:?}")).collect::<Vec<_>>(),
        "Nothing needs it: take it out of STREAMS.",
    );
}

#[test]
fn texts_call_the_program_by_the_name_that_it_was_called_by() {
    let mut faults = Vec::new();
    for source in
        sources().iter().filter(|it| !NAMED.iter().any(|named| it.path.starts_with(named)))
    {
        let tests = source.text.lines().position(|line| line == "mod tests {");
        for (number, line) in source.code().take_while(|(at, _)| tests.is_none_or(|it| *at <= it)) {
            if line.contains("`migrate ") {
                faults.push(format!("{}:{number}: {}", source.path, line.trim()));
            }
        }
    }
    none(
        &faults,
        "Hints are given the name where they are read (`program::named`); elsewhere it is \
         `program::name()`. The library names no commands.",
    );
}

#[test]
fn no_source_file_is_too_long() {
    let (mut faults, mut idle) = (Vec::new(), Vec::new());
    for source in sources() {
        let tests = source.text.find("#[cfg(test)]\nmod tests {").unwrap_or(source.text.len());
        let (all, code) = (source.text.lines().count(), source.text[..tests].lines().count());
        let is_long = MOST.0 < all || MOST.1 < code;
        let is_known = TOO_LONG.contains(&source.path.as_str());
        let list = if is_long { &mut faults } else { &mut idle };
        if is_long != is_known {
            list.push(format!("{}: {all} lines, {code} without its tests", source.path));
        }
    }
    none(&faults, &format!("The limits are {} and {}: split it.", MOST.0, MOST.1));
    none(&idle, "Short enough now: take it out of TOO_LONG.");
}

#[test]
fn functions_take_few_parameters_and_public_ones_no_flags() {
    let mut faults = Vec::new();
    for source in sources() {
        for it in signatures(&source) {
            let place = format!("{}:{}: `{}`", source.path, it.line, it.name);
            if it.parameters.len() > MOST_PARAMETERS {
                faults.push(format!("{place} takes {} parameters", it.parameters.len()));
            }
            if it.is_public && it.parameters.iter().any(|it| it.ends_with(": bool")) {
                faults.push(format!("{place} takes a `bool`"));
            }
        }
    }
    none(
        &faults,
        "Put parameters that go together into a struct, or make the function a method of it; a flag \
         of a public function is an enum of two variants, or two functions.",
    );
}

#[test]
fn doc_comments_name_their_subject() {
    let mut faults = Vec::new();
    for source in sources() {
        for doc in docs(&source) {
            let is_crutch = WITHOUT_SUBJECT.iter().any(|it| doc.text.starts_with(it))
                || CRUTCHES.iter().any(|it| doc.text.contains(it));
            let is_short = doc.is_public && doc.text.chars().count() < SHORTEST_DOC;
            if is_crutch || is_short {
                faults.push(format!("{}:{}: {}", source.path, doc.line, doc.text));
            }
        }
    }
    none(
        &faults,
        "A doc comment stands alone where rustdoc shows it: name the subject, and say its shape, \
         unit, error or time. A private item whose name says it needs none.",
    );
}

#[test]
fn every_command_has_tests_and_a_place_in_the_readme() {
    let commands = fs::read_to_string(root().join("src/bin/migrate/commands/mod.rs")).unwrap();
    let readme = fs::read_to_string(root().join("README.md")).unwrap_or_default();
    let modules = commands.lines().filter_map(|line| line.strip_prefix("mod ")?.strip_suffix(';'));
    let mut faults = Vec::new();
    for module in modules {
        let tests = format!("tests/cli/{module}.rs");
        if !root().join(&tests).is_file() {
            faults.push(format!("{tests} is missing"));
        }
        let name = module.replace('_', "-");
        let shown = [format!("migrate {name}"), format!("`{name}"), format!("`{module}")];
        if !shown.iter().any(|it| readme.contains(it)) {
            faults.push(format!("README.md doesn't show `migrate {name}`"));
        }
    }
    none(&faults, "A command has a file of tests and a line in the README.");
}

#[test]
fn every_module_says_what_it_is() {
    let silent = sources().into_iter().filter(|it| !it.text.starts_with("//! "));
    let faults: Vec<String> = silent.map(|it| it.path).collect();
    none(&faults, "Open it with `//!`: what it knows, and what it deliberately does not.");
}
