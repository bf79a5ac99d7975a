//! The files of cases: comments divide them into cases, and cases into sections.

use std::fs;
use std::path::Path;

use crate::bench::Rights;

/// Two schemas, and what comes of a generation between them.
#[derive(Default)]
pub(crate) struct Case {
    /// The file's name and the case's own.
    pub(crate) name: String,
    pub(crate) before: String,
    pub(crate) after: String,
    pub(crate) outcome: Outcome,
    /// Parts of the up script, and parts that it doesn't have.
    pub(crate) says: Vec<String>,
    /// Parts of the up script on servers up to version 17.
    pub(crate) says_to_17: Vec<String>,
    pub(crate) hides: Vec<String>,
    /// The keys of `[autogenerate]` that are on.
    pub(crate) options: Vec<String>,
    /// Whether every table has to get rows in the proof.
    pub(crate) has_rows: bool,
    /// The oldest version of the server that can make both schemas.
    pub(crate) from: u32,
    /// The name of the file that has the scripts, for cases that show how they are written.
    pub(crate) golden: Option<String>,
}

/// What is expected of a case.
#[derive(Default, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Scripts that lead there and back.
    #[default]
    Scripts,
    /// Nothing to do.
    Same,
    /// Scripts, or nothing to do.
    Either,
    /// The wanted schema can't be loaded, with a part of the message.
    Fails(String),
    /// There are no scripts, with a part of the message.
    Refused(String),
}

/// A section of a case, whose statements belong to one of the schemas or to both.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Both,
    Before,
    After,
}

/// Reads the cases of a folder, those of which the name has a part.
pub(crate) fn cases(folder: &str, part: &str) -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transitions").join(folder);
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    paths.sort();
    let mut res = Vec::new();
    for path in paths {
        let stem = path.file_stem().unwrap().to_str().unwrap();
        res.extend(of_file(stem, &fs::read_to_string(&path).unwrap()));
    }
    res.retain(|it: &Case| it.name.contains(part));
    res
}

fn of_file(stem: &str, text: &str) -> Vec<Case> {
    let mut res: Vec<Case> = Vec::new();
    let mut section = None;
    for line in text.split_inclusive('\n') {
        if let Some(name) = line.strip_prefix("-- case: ") {
            let name = format!("{stem}: {}", name.trim_end());
            assert!(res.iter().all(|it| it.name != name), "{name} is there twice");
            res.push(Case { name, ..Case::default() });
            section = None;
            continue;
        }
        let Some(case) = res.last_mut() else { continue };
        if let Some(text) = line.strip_prefix("-- refused: ") {
            case.outcome = Outcome::Refused(text.trim_end().to_owned());
        } else if let Some(text) = line.strip_prefix("-- fails: ") {
            case.outcome = Outcome::Fails(text.trim_end().to_owned());
        } else if let Some(text) = line.strip_prefix("-- says: ") {
            case.says.push(text.trim_end().to_owned());
        } else if let Some(text) = line.strip_prefix("-- says up to 17: ") {
            case.says_to_17.push(text.trim_end().to_owned());
        } else if let Some(text) = line.strip_prefix("-- hides: ") {
            case.hides.push(text.trim_end().to_owned());
        } else if let Some(text) = line.strip_prefix("-- options: ") {
            case.options = text.split_whitespace().map(str::to_owned).collect();
        } else if let Some(text) = line.strip_prefix("-- from: ") {
            case.from = text.trim_end().parse().unwrap();
        } else if let Some(text) = line.strip_prefix("-- golden: ") {
            case.golden = Some(text.trim_end().to_owned());
        } else {
            match line.trim_end() {
                "-- rows" => case.has_rows = true,
                "-- same" => case.outcome = Outcome::Same,
                "-- both" => section = Some(Section::Both),
                "-- before" => section = Some(Section::Before),
                "-- after" => section = Some(Section::After),
                _ => case.add(section, line),
            }
        }
    }
    res
}

impl Case {
    /// Returns whether owners and privileges are compared.
    pub(crate) fn rights(&self) -> Rights {
        if self.has("privileges") { Rights::Told } else { Rights::Untold }
    }

    /// Tells whether a key of `[autogenerate]` is on.
    pub(crate) fn has(&self, option: &str) -> bool {
        self.options.iter().any(|it| it == option)
    }

    fn add(&mut self, section: Option<Section>, line: &str) {
        let is_empty = line.trim().is_empty();
        assert!(section.is_some() || is_empty, "{}: {line} is in no section", self.name);
        if section != Some(Section::After) {
            self.before += line;
        }
        if section != Some(Section::Before) {
            self.after += line;
        }
    }
}
