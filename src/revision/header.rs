//! The comment block that opens an up script: what it may say, read and written.
//!
//! It knows lines of text. It does not know files, nor the graph that the revisions form.

use std::fmt::Write as _;

use thiserror::Error;

use crate::revision::id::{NameError, RevisionId, check_name};

/// What the head of an up script says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The first line: what the revision does.
    pub message: String,
    /// The revision's own id.
    pub revision: RevisionId,
    /// The parents: none for a base, several for a merge.
    pub revises: Vec<RevisionId>,
    /// When the file was made, as it is written there; empty if it isn't said.
    pub create_date: String,
    /// The branch labels that the revision itself gives.
    pub branch_labels: Vec<String>,
    /// Ids or branch labels that must be applied before, on whatever branch.
    pub depends_on: Vec<String>,
    /// Whether the scripts run inside a transaction.
    pub transaction: Wrapping,
    /// Whether SQLite enforces foreign keys while the scripts run.
    pub foreign_keys: ForeignKeys,
    /// The names that are substituted in the scripts.
    pub variables: Vec<String>,
}

/// Whether a script runs inside a transaction with its version row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Wrapping {
    /// In one transaction with its row.
    #[default]
    Transaction,
    /// Statement by statement, `-- Transaction: none`.
    None,
}

/// Whether SQLite enforces foreign keys while a script runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ForeignKeys {
    /// Not enforced, and checked at the end: the way that table rebuilds need.
    #[default]
    Checked,
    /// Enforced, `-- Foreign Keys: on`.
    Enforced,
}

/// A head and where it ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// What it says.
    pub header: Header,
    /// The line of each key that stands in it, from 1.
    pub lines: Vec<(Key, usize)>,
    /// The offset in bytes at which the body begins.
    pub body: usize,
}

impl Head {
    /// Returns the line on which a key stands; 1 if it doesn't.
    pub fn line_of(&self, key: Key) -> usize {
        self.lines.iter().find(|(found, _)| *found == key).map_or(1, |(_, line)| *line)
    }
}

/// The keys of a head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// `Revision ID`
    RevisionId,
    /// `Revises`
    Revises,
    /// `Create Date`
    CreateDate,
    /// `Branch Labels`
    BranchLabels,
    /// `Depends On`
    DependsOn,
    /// `Transaction`
    Transaction,
    /// `Foreign Keys`
    ForeignKeys,
    /// `Variables`
    Variables,
}

/// Every key with its spelling, in the order in which they are written.
const KEYS: [(Key, &str); 8] = [
    (Key::RevisionId, "Revision ID"),
    (Key::Revises, "Revises"),
    (Key::CreateDate, "Create Date"),
    (Key::BranchLabels, "Branch Labels"),
    (Key::DependsOn, "Depends On"),
    (Key::Transaction, "Transaction"),
    (Key::ForeignKeys, "Foreign Keys"),
    (Key::Variables, "Variables"),
];

/// A head that can't be used, and on which line.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{problem}")]
pub struct HeaderError {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong there.
    pub problem: HeaderProblem,
}

/// What is wrong with a head.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum HeaderProblem {
    /// The file doesn't open with comments that hold a `Revision ID`.
    #[error("the head has no `Revision ID`")]
    NoRevisionId,
    /// A key looks like a known one.
    #[error("unknown key `{found}` in the head; `{meant}` is one")]
    UnknownKey {
        /// What stands there.
        found: String,
        /// The nearest known key.
        meant: &'static str,
    },
    /// A key stands there twice.
    #[error("`{key}` stands twice in the head")]
    Twice {
        /// The key.
        key: &'static str,
    },
    /// An id or a label holds a character that it can't.
    #[error(transparent)]
    Name(#[from] NameError),
    /// A list names something twice.
    #[error("`{name}` is named twice")]
    NamedTwice {
        /// The name.
        name: String,
    },
    /// A key has a value that it can't have.
    #[error("`{key}` can't be `{value}`; it is {allowed}")]
    Value {
        /// The key.
        key: &'static str,
        /// What stands there.
        value: String,
        /// What may stand there.
        allowed: &'static str,
    },
    /// Git left a conflict in the head.
    #[error("an unresolved merge conflict")]
    ConflictMarker,
}

impl Header {
    /// Reads the head of an up script.
    pub fn parse(text: &str) -> Result<Head, HeaderError> {
        let mut reader = Reader::default();
        let mut at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let mut number = 0;
        for line in text.get(at..).unwrap_or_default().split_inclusive('\n') {
            let Some(comment) = line.strip_prefix("--") else {
                refuse_conflict(line, number + 1)?;
                break;
            };
            number += 1;
            at += line.len();
            reader.read(comment, number)?;
        }
        let lines = reader.lines.clone();
        Ok(Head { header: reader.finish()?, lines, body: at })
    }

    /// Reads the comment block of a down script, of which only `Transaction` counts.
    pub fn parse_down(text: &str) -> Result<Wrapping, HeaderError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        for (at, line) in text.lines().enumerate() {
            let Some(comment) = line.strip_prefix("--") else {
                refuse_conflict(line, at + 1)?;
                break;
            };
            if let Some((Key::Transaction, value, column)) = split_key(comment) {
                let line = at + 1;
                return wrapping(value).map_err(|problem| HeaderError { line, column, problem });
            }
        }
        Ok(Wrapping::Transaction)
    }

    /// Writes the head as comment lines, the last one ended.
    pub fn render(&self) -> String {
        let mut res = format!("-- {}\n--\n", self.message);
        let ids: Vec<&str> = self.revises.iter().map(RevisionId::as_str).collect();
        let mut line = |key: &str, value: &str| {
            // Writing to a string can't fail.
            let _ = writeln!(res, "{}", format!("-- {key}: {value}").trim_end());
        };
        line("Revision ID", self.revision.as_str());
        line("Revises", &ids.join(", "));
        line("Create Date", &self.create_date);
        if !self.branch_labels.is_empty() {
            line("Branch Labels", &self.branch_labels.join(", "));
        }
        if !self.depends_on.is_empty() {
            line("Depends On", &self.depends_on.join(", "));
        }
        for option in self.options() {
            line(option.0, &option.1);
        }
        res
    }

    /// Returns the keys that tell how the scripts run, where they aren't the usual.
    pub fn options(&self) -> Vec<(&'static str, String)> {
        let mut res = Vec::new();
        if self.transaction == Wrapping::None {
            res.push(("Transaction", "none".to_owned()));
        }
        if self.foreign_keys == ForeignKeys::Enforced {
            res.push(("Foreign Keys", "on".to_owned()));
        }
        if !self.variables.is_empty() {
            res.push(("Variables", self.variables.join(", ")));
        }
        res
    }
}

/// The values met so far.
#[derive(Default)]
struct Reader {
    message: Option<String>,
    revision: Option<RevisionId>,
    revises: Vec<RevisionId>,
    create_date: String,
    branch_labels: Vec<String>,
    depends_on: Vec<String>,
    transaction: Wrapping,
    foreign_keys: ForeignKeys,
    variables: Vec<String>,
    lines: Vec<(Key, usize)>,
}

impl Reader {
    fn read(&mut self, comment: &str, line: usize) -> Result<(), HeaderError> {
        if self.message.is_none() {
            // The first line is the message, whatever it looks like: a message can't be a key.
            self.message = Some(comment.trim().to_owned());
            return Ok(());
        }
        let place = |problem| HeaderError { line, column: 3 + blanks(comment), problem };
        let Some((key, value, column)) = split_key(comment) else {
            return near_key(comment).map_err(place);
        };
        if self.lines.iter().any(|(known, _)| *known == key) {
            return Err(place(HeaderProblem::Twice { key: spelling(key) }));
        }
        self.lines.push((key, line));
        self.set(key, value).map_err(|problem| HeaderError { line, column, problem })
    }

    fn set(&mut self, key: Key, value: &str) -> Result<(), HeaderProblem> {
        match key {
            Key::RevisionId => self.revision = Some(RevisionId::parse(value)?),
            Key::Revises => {
                for name in list(value)? {
                    self.revises.push(RevisionId::parse(&name)?);
                }
            }
            Key::CreateDate => value.clone_into(&mut self.create_date),
            Key::BranchLabels => self.branch_labels = names(value)?,
            Key::DependsOn => self.depends_on = names(value)?,
            Key::Transaction => self.transaction = wrapping(value)?,
            Key::ForeignKeys => self.foreign_keys = foreign_keys(value)?,
            Key::Variables => self.variables = names(value)?,
        }
        Ok(())
    }

    fn finish(self) -> Result<Header, HeaderError> {
        let missing = HeaderError { line: 1, column: 1, problem: HeaderProblem::NoRevisionId };
        Ok(Header {
            message: self.message.unwrap_or_default(),
            revision: self.revision.ok_or(missing)?,
            revises: self.revises,
            create_date: self.create_date,
            branch_labels: self.branch_labels,
            depends_on: self.depends_on,
            transaction: self.transaction,
            foreign_keys: self.foreign_keys,
            variables: self.variables,
        })
    }
}

/// Splits `Key: value`, what follows `--`, and tells the value's column in the line, from 1.
fn split_key(comment: &str) -> Option<(Key, &str, usize)> {
    let (name, value) = comment.split_once(':')?;
    let (key, _) = KEYS.iter().find(|(_, known)| known.eq_ignore_ascii_case(name.trim()))?;
    let column = name.chars().count() + 4 + blanks(value.trim_end());
    Some((*key, value.trim(), column))
}

/// Counts the blanks that a text begins with.
fn blanks(text: &str) -> usize {
    text.chars().take_while(|c| c.is_whitespace()).count()
}

/// Refuses a comment whose key is a slip of the pen away from a known one.
///
/// `-- Revise: 1975ea83b712` read as a comment would make a base of the revision.
fn near_key(comment: &str) -> Result<(), HeaderProblem> {
    let Some((name, _)) = comment.split_once(':') else {
        return Ok(());
    };
    let name = name.trim();
    let lower = name.to_ascii_lowercase();
    let near = KEYS.iter().find(|(_, known)| {
        let known = known.to_ascii_lowercase();
        let squeezed: String = lower.replace(['_', '-', ' '], "");
        squeezed == known.replace(' ', "") || strsim::damerau_levenshtein(&lower, &known) <= 2
    });
    match near {
        Some((_, meant)) => Err(HeaderProblem::UnknownKey { found: name.to_owned(), meant }),
        None => Ok(()),
    }
}

fn spelling(key: Key) -> &'static str {
    KEYS.iter().find(|(known, _)| *known == key).map_or("", |(_, text)| text)
}

/// Splits a comma separated list; an empty text is an empty list.
fn list(value: &str) -> Result<Vec<String>, HeaderProblem> {
    let mut res: Vec<String> = Vec::new();
    if value.is_empty() {
        return Ok(res);
    }
    for name in value.split(',').map(str::trim) {
        if res.iter().any(|known| known == name) {
            return Err(HeaderProblem::NamedTwice { name: name.to_owned() });
        }
        res.push(name.to_owned());
    }
    Ok(res)
}

fn names(value: &str) -> Result<Vec<String>, HeaderProblem> {
    let res = list(value)?;
    for name in &res {
        check_name(name)?;
    }
    Ok(res)
}

fn wrapping(value: &str) -> Result<Wrapping, HeaderProblem> {
    if value.eq_ignore_ascii_case("none") {
        Ok(Wrapping::None)
    } else {
        let value = value.to_owned();
        Err(HeaderProblem::Value { key: "Transaction", value, allowed: "`none` or left out" })
    }
}

fn foreign_keys(value: &str) -> Result<ForeignKeys, HeaderProblem> {
    if value.eq_ignore_ascii_case("on") {
        Ok(ForeignKeys::Enforced)
    } else if value.eq_ignore_ascii_case("off") {
        Ok(ForeignKeys::Checked)
    } else {
        let value = value.to_owned();
        Err(HeaderProblem::Value { key: "Foreign Keys", value, allowed: "`on` or `off`" })
    }
}

fn refuse_conflict(line: &str, number: usize) -> Result<(), HeaderError> {
    if ["<<<<<<<", "=======", ">>>>>>>"].iter().any(|mark| line.starts_with(mark)) {
        let problem = HeaderProblem::ConflictMarker;
        return Err(HeaderError { line: number, column: 1, problem });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: &str = "-- create users table\n--\n-- Revision ID: b2\n-- revises: a1, a2\n\
        -- Create Date: 2026-11-23T10:15:00Z\n-- Branch Labels: auth\n-- Depends On: c3, billing\n\
        -- Transaction: none\n-- Foreign Keys: on\n-- Variables: tenant, owner\n\nSELECT 1;\n";

    #[test]
    fn a_full_head_is_read_and_written_back() {
        let head = Header::parse(FULL).unwrap();
        assert_eq!(head.header.message, "create users table");
        assert_eq!(head.header.revises.len(), 2);
        assert_eq!(head.header.depends_on, ["c3", "billing"]);
        assert_eq!(head.header.transaction, Wrapping::None);
        assert_eq!(head.header.foreign_keys, ForeignKeys::Enforced);
        assert_eq!(head.line_of(Key::Revises), 4);
        assert_eq!(&FULL[head.body..], "\nSELECT 1;\n");
        let again = Header::parse(&head.header.render()).unwrap();
        assert_eq!(again.header, head.header);
    }

    #[test]
    fn a_byte_order_mark_and_carriage_returns_do_not_matter() {
        let text = format!("\u{feff}{}", FULL.replace('\n', "\r\n"));
        let head = Header::parse(&text).unwrap();
        assert_eq!(head.header, Header::parse(FULL).unwrap().header);
        assert_eq!(&text[head.body..], "\r\nSELECT 1;\r\n");
    }

    #[test]
    fn the_first_line_is_never_a_key() {
        let error = Header::parse("-- Revision ID: a1\n-- Revises:\n").unwrap_err();
        assert_eq!(error.problem, HeaderProblem::NoRevisionId);
    }

    #[track_caller]
    fn check(head: &str, line: usize, column: usize, message: &str) {
        let error = Header::parse(head).unwrap_err();
        assert_eq!((error.line, error.column, error.to_string().as_str()), (line, column, message));
    }

    #[test]
    fn faults_are_placed() {
        check("", 1, 1, "the head has no `Revision ID`");
        check("-- m\n\n-- Revision ID: a\n", 1, 1, "the head has no `Revision ID`");
        check(
            "-- m\n-- Revision ID: a\n-- Revise: b\n",
            3,
            4,
            "unknown key `Revise` in the head; `Revises` is one",
        );
        check(
            "-- m\n-- revision_id: a\n",
            2,
            4,
            "unknown key `revision_id` in the head; `Revision ID` is one",
        );
        check(
            "-- m\n-- Revision ID: a-b\n",
            2,
            17,
            "character '-' is not allowed in the name `a-b`",
        );
        check("-- m\n-- Revision ID: a\n-- Revises: b, b\n", 3, 13, "`b` is named twice");
        check("-- m\n-- Revision ID: a\n-- Revises: b,\n", 3, 13, "a name is missing");
        check(
            "-- m\n-- Revision ID: a\n-- Transaction: off\n",
            3,
            17,
            "`Transaction` can't be `off`; it is `none` or left out",
        );
        check("-- m\n-- Revision ID: a\n<<<<<<< HEAD\n", 3, 1, "an unresolved merge conflict");
        check(
            "-- m\n-- Revision ID: a\n-- Revision ID: b\n",
            3,
            4,
            "`Revision ID` stands twice in the head",
        );
        check("-- m\n--\tRevise : b\n", 2, 4, "unknown key `Revise` in the head; `Revises` is one");
        check(
            "-- m\n--Foreign Keys:\u{2003}no\n",
            2,
            17,
            "`Foreign Keys` can't be `no`; it is `on` or `off`",
        );
    }

    #[test]
    fn a_down_script_may_ask_to_run_without_a_transaction() {
        assert_eq!(Header::parse_down("-- x\n-- Transaction: none\n"), Ok(Wrapping::None));
        assert_eq!(Header::parse_down("-- Transaction: none"), Ok(Wrapping::None));
        assert_eq!(Header::parse_down("SELECT 1"), Ok(Wrapping::Transaction));
        assert!(Header::parse_down("-- Transaction: maybe").is_err());
    }
}
