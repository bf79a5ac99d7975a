//! The header of an up script, the comment block at its beginning: parsing and writing.
//!
//! It handles lines of text. It depends neither on files nor on the graph of revisions.

use std::fmt::Write as _;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use smallvec::SmallVec;

use crate::duration;
use crate::revision::id::{Ids, RevisionId};
use crate::revision::key::{
    blanks, foreign_keys, list, names, near_key, reason, run_by, spelling, split_key, timeout,
    value_column, wrapping,
};

pub use crate::revision::key::{ForeignKeys, HeaderError, HeaderProblem, Key, RunBy, Wrapping};

/// The values of an up script's header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The first line: a description of the revision, shared by everything that shows it.
    pub message: Arc<str>,
    /// The id of the revision.
    pub revision: RevisionId,
    /// The parents: none for a base, several for a merge.
    pub revises: Ids,
    /// The creation time of the file.
    pub create_date: String,
    /// The keys that few headers have.
    pub extras: Extras,
}

/// The keys that few headers have, stored only if one is set: a graph holds thousands. It
/// dereferences to [`ExtraKeys`]; the defaults are shared.
#[derive(Debug, Clone, Default)]
pub struct Extras(Option<Box<ExtraKeys>>);

/// The optional keys of a header, with defaults for those left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExtraKeys {
    /// The branch labels that the revision itself defines.
    pub branch_labels: Vec<String>,
    /// Ids or branch labels that must be applied before, on any branch.
    pub depends_on: Vec<String>,
    /// Whether the scripts run inside a transaction.
    pub transaction: Wrapping,
    /// Whether SQLite enforces foreign keys while the scripts run.
    pub foreign_keys: ForeignKeys,
    /// The names of the variables that are substituted in the scripts.
    pub variables: Vec<String>,
    /// How long the up script may wait for a lock; zero is forever, none leaves it to the
    /// configuration.
    pub lock_timeout: Option<Duration>,
    /// How long a statement of the up script may take; zero and none as above.
    pub statement_timeout: Option<Duration>,
    /// Whether the revision is run by its scripts or by a program's code.
    pub run_by: RunBy,
    /// The reason why the revision is irreversible on purpose, if it is.
    pub irreversible: Option<String>,
}

impl Deref for Extras {
    type Target = ExtraKeys;

    fn deref(&self) -> &ExtraKeys {
        static USUAL: ExtraKeys = ExtraKeys {
            branch_labels: Vec::new(),
            depends_on: Vec::new(),
            transaction: Wrapping::Transaction,
            foreign_keys: ForeignKeys::Checked,
            variables: Vec::new(),
            lock_timeout: None,
            statement_timeout: None,
            run_by: RunBy::Script,
            irreversible: None,
        };
        self.0.as_deref().unwrap_or(&USUAL)
    }
}

impl From<ExtraKeys> for Extras {
    fn from(keys: ExtraKeys) -> Self {
        Self((keys != ExtraKeys::default()).then(|| Box::new(keys)))
    }
}

impl PartialEq for Extras {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Extras {}

/// The values of a down script's header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DownHeader {
    /// Whether the script runs inside a transaction.
    pub wrapping: Wrapping,
    /// How long the script may wait for a lock; zero is forever, none leaves it to the
    /// configuration.
    pub lock_timeout: Option<Duration>,
    /// How long a statement of the script may take; zero and none as above.
    pub statement_timeout: Option<Duration>,
}

/// Few headers have more keys than these.
type Lines = SmallVec<[(Key, usize); 4]>;

/// A parsed header and where it ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParsedHeader {
    /// The values of the header.
    pub header: Header,
    /// The keys with their line numbers, from 1.
    lines: Lines,
    /// The offset in bytes at which the body begins.
    pub body: usize,
}

impl ParsedHeader {
    /// Returns the line of a key; 1 if the header doesn't have it.
    pub fn line_of(&self, key: Key) -> usize {
        self.lines.iter().find(|(found, _)| *found == key).map_or(1, |(_, line)| *line)
    }
}

impl Header {
    /// Parses the header of an up script.
    pub fn parse(text: &str) -> Result<ParsedHeader, HeaderError> {
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
        let lines = std::mem::take(&mut reader.lines);
        Ok(ParsedHeader { header: reader.finish()?, lines, body: at })
    }

    /// Parses the header of a down script, of which `Transaction` and the timeouts count.
    pub fn parse_down(text: &str) -> Result<DownHeader, HeaderError> {
        let (mut res, mut met) = (DownHeader::default(), Vec::new());
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        for (at, line) in text.lines().enumerate() {
            let Some(comment) = line.strip_prefix("--") else {
                refuse_conflict(line, at + 1)?;
                break;
            };
            let Some((key, value)) = split_key(comment) else { continue };
            let column = || value_column(comment);
            let error = |problem| HeaderError { line: at + 1, column: column(), problem };
            match key {
                Key::Transaction => res.wrapping = wrapping(value).map_err(error)?,
                Key::LockTimeout => res.lock_timeout = Some(timeout(key, value).map_err(error)?),
                Key::StatementTimeout => {
                    res.statement_timeout = Some(timeout(key, value).map_err(error)?);
                }
                Key::RevisionId
                | Key::Revises
                | Key::CreateDate
                | Key::BranchLabels
                | Key::DependsOn
                | Key::ForeignKeys
                | Key::RunBy
                | Key::Irreversible
                | Key::Variables => continue,
            }
            if met.contains(&key) {
                return Err(error(HeaderProblem::Twice { key: spelling(key) }));
            }
            met.push(key);
        }
        Ok(res)
    }

    /// Writes the header as comment lines, the last one terminated.
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
        if !self.extras.branch_labels.is_empty() {
            line("Branch Labels", &self.extras.branch_labels.join(", "));
        }
        if !self.extras.depends_on.is_empty() {
            line("Depends On", &self.extras.depends_on.join(", "));
        }
        for option in self.extras.options() {
            line(option.0, &option.1);
        }
        res
    }
}

impl ExtraKeys {
    /// Returns the keys that control how the scripts run, if not at their defaults.
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
        res.extend(self.lock_timeout.map(|it| ("Lock Timeout", duration::written(it))));
        res.extend(self.statement_timeout.map(|it| ("Statement Timeout", duration::written(it))));
        if self.run_by == RunBy::Program {
            res.push(("Run By", "program".to_owned()));
        }
        res.extend(self.irreversible.clone().map(|reason| ("Irreversible", reason)));
        res
    }
}

/// The values parsed so far.
#[derive(Default)]
struct Reader {
    message: Option<Arc<str>>,
    revision: Option<RevisionId>,
    revises: Ids,
    create_date: String,
    extras: ExtraKeys,
    lines: Lines,
    /// The key that stands on the first line in place of the message.
    first: Option<Key>,
    /// Whether an empty comment sets the first line off: then it is the message, even if it
    /// resembles a key.
    is_set_off: bool,
}

impl Reader {
    fn read(&mut self, comment: &str, line: usize) -> Result<(), HeaderError> {
        if self.message.is_none() {
            // The first line is the message and never a key.
            self.first = split_key(comment).map(|(key, _)| key);
            self.message = Some(comment.trim().into());
            return Ok(());
        }
        self.is_set_off |= line == 2 && comment.trim().is_empty();
        let place = |problem| HeaderError { line, column: 3 + blanks(comment), problem };
        let Some((key, value)) = split_key(comment) else {
            return near_key(comment).map_err(place);
        };
        if self.lines.iter().any(|(known, _)| *known == key) {
            return Err(place(HeaderProblem::Twice { key: spelling(key) }));
        }
        self.lines.push((key, line));
        let column = || value_column(comment);
        self.set(key, value).map_err(|problem| HeaderError { line, column: column(), problem })
    }

    fn set(&mut self, key: Key, value: &str) -> Result<(), HeaderProblem> {
        let extras = &mut self.extras;
        match key {
            Key::RevisionId => self.revision = Some(RevisionId::parse(value)?),
            Key::Revises => {
                let ids = list(value)?.into_iter().map(RevisionId::parse);
                self.revises = ids.collect::<Result<_, _>>()?;
            }
            Key::CreateDate => self.create_date = value.into(),
            Key::BranchLabels => extras.branch_labels = names(value)?,
            Key::DependsOn => extras.depends_on = names(value)?,
            Key::Transaction => extras.transaction = wrapping(value)?,
            Key::ForeignKeys => extras.foreign_keys = foreign_keys(value)?,
            Key::Variables => extras.variables = names(value)?,
            Key::LockTimeout => extras.lock_timeout = Some(timeout(key, value)?),
            Key::StatementTimeout => extras.statement_timeout = Some(timeout(key, value)?),
            Key::RunBy => extras.run_by = run_by(value)?,
            Key::Irreversible => extras.irreversible = Some(reason(value)?),
        }
        Ok(())
    }

    fn finish(self) -> Result<Header, HeaderError> {
        let at_top = |problem| HeaderError { line: 1, column: 1, problem };
        if let Some(key) = self.first {
            // A key taken for the message would be lost, e.g. a parent.
            let is_id = key == Key::RevisionId && self.revision.is_none();
            if is_id || !self.is_set_off {
                return Err(at_top(HeaderProblem::NoMessage { key: spelling(key) }));
            }
        }
        let missing = at_top(HeaderProblem::NoRevisionId);
        Ok(Header {
            message: self.message.unwrap_or_default(),
            revision: self.revision.ok_or(missing)?,
            revises: self.revises,
            create_date: self.create_date,
            extras: self.extras.into(),
        })
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
        -- Transaction: none\n-- Foreign Keys: on\n-- Variables: tenant, owner\n\
        -- Lock Timeout: 1.5s\n-- statement timeout: 600\n\nSELECT 1;\n";

    #[test]
    fn a_full_head_is_read_and_written_back() {
        let parsed = Header::parse(FULL).unwrap();
        assert_eq!(&*parsed.header.message, "create users table");
        assert_eq!(parsed.header.revises.len(), 2);
        assert_eq!(parsed.header.extras.depends_on, ["c3", "billing"]);
        assert_eq!(parsed.header.extras.transaction, Wrapping::None);
        assert_eq!(parsed.header.extras.foreign_keys, ForeignKeys::Enforced);
        assert_eq!(parsed.header.extras.lock_timeout, Some(Duration::from_millis(1500)));
        assert_eq!(parsed.header.extras.statement_timeout, Some(Duration::from_mins(10)));
        assert!(parsed.header.render().ends_with("1500ms\n-- Statement Timeout: 10min\n"));
        assert_eq!(parsed.line_of(Key::Revises), 4);
        assert_eq!(&FULL[parsed.body..], "\nSELECT 1;\n");
        let again = Header::parse(&parsed.header.render()).unwrap();
        assert_eq!(again.header, parsed.header);
    }

    #[test]
    fn a_byte_order_mark_and_carriage_returns_do_not_matter() {
        let text = format!("\u{feff}{}", FULL.replace('\n', "\r\n"));
        let parsed = Header::parse(&text).unwrap();
        assert_eq!(parsed.header, Header::parse(FULL).unwrap().header);
        assert_eq!(&text[parsed.body..], "\r\nSELECT 1;\r\n");
    }

    #[test]
    fn the_first_line_is_never_a_key() {
        for (text, key) in [
            ("-- Revision ID: a1\n-- Revises:\n", "Revision ID"),
            ("-- Revision ID: a1\n--\n-- Revises:\n", "Revision ID"),
            ("-- Revises: a1\n-- Revision ID: b1\n", "Revises"),
            ("-- transaction: none\n-- Revision ID: b1\n", "Transaction"),
        ] {
            let error = Header::parse(text).unwrap_err();
            assert_eq!(error.problem, HeaderProblem::NoMessage { key }, "{text}");
            assert_eq!((error.line, error.column), (1, 1), "{text}");
        }
        // A line before an empty comment is the message, even if it resembles a key.
        let parsed = Header::parse("-- Revises: a1\n--\n-- Revision ID: b1\n").unwrap();
        assert_eq!(&*parsed.header.message, "Revises: a1");
    }

    #[test]
    fn faults_are_placed() {
        let duration = "it is a duration such as `500ms`, `5s` or `10min`";
        let soon = format!("`Lock Timeout` can't be `soon`; {duration}");
        let nothing = format!("`Statement Timeout` can't be ``; {duration}");
        let revise = "unknown key `Revise` in the header; `Revises` is one";
        let id = "unknown key `revision_id` in the header; `Revision ID` is one";
        let timeout = "unknown key `Lock-Timeout` in the header; `Lock Timeout` is one";
        let name = "character '-' is not allowed in the name `a-b`";
        let mode = "`Transaction` can't be `off`; it is `none` or left out";
        let keys = "`Foreign Keys` can't be `no`; it is `on` or `off`";
        // What follows a head that names its revision, or else the whole text.
        for (is_whole, text, line, column, message) in [
            (true, "", 1, 1, "the header has no `Revision ID`"),
            (true, "-- m\n\n-- Revision ID: a\n", 1, 1, "the header has no `Revision ID`"),
            (true, "-- m\n-- revision_id: a\n", 2, 4, id),
            (true, "-- m\n-- Revision ID: a-b\n", 2, 17, name),
            (true, "-- m\n--\tRevise : b\n", 2, 4, revise),
            (true, "-- m\n--Foreign Keys:\u{2003}no\n", 2, 17, keys),
            (false, "-- Revise: b", 3, 4, revise),
            (false, "-- Revises: b, b", 3, 13, "`b` is named twice"),
            (false, "-- Revises: b,", 3, 13, "a name is missing"),
            (false, "-- Transaction: off", 3, 17, mode),
            (false, "<<<<<<< HEAD", 3, 1, "an unresolved merge conflict"),
            (false, "-- Revision ID: b", 3, 4, "`Revision ID` is given twice in the header"),
            (false, "-- Lock Timeout: soon", 3, 18, &soon),
            (false, "-- statement timeout:", 3, 22, &nothing),
            (false, "-- Lock-Timeout: 5s", 3, 4, timeout),
        ] {
            let below = format!("-- m\n-- Revision ID: a\n{text}\n");
            let error = Header::parse(if is_whole { text } else { &below }).unwrap_err();
            let told = (error.line, error.column, error.to_string());
            assert_eq!(told, (line, column, message.to_owned()), "{text}");
        }
    }

    #[test]
    fn for_ever_is_another_thing_than_nothing_said() {
        let parsed = Header::parse("-- m\n-- Revision ID: a\n-- Lock Timeout: 0\n").unwrap();
        assert_eq!(parsed.header.extras.lock_timeout, Some(Duration::ZERO));
        assert_eq!(parsed.header.extras.statement_timeout, None);
        assert_eq!(parsed.header.extras.options(), [("Lock Timeout", "0".to_owned())]);
    }

    #[test]
    fn a_down_script_may_ask_to_run_without_a_transaction() {
        let wrapping = |text| Header::parse_down(text).unwrap().wrapping;
        assert_eq!(wrapping("-- x\n-- Transaction: none\n"), Wrapping::None);
        assert_eq!(wrapping("-- Transaction: none"), Wrapping::None);
        assert_eq!(wrapping("SELECT 1"), Wrapping::Transaction);
        assert!(Header::parse_down("-- Transaction: maybe").is_err());
    }

    #[test]
    fn a_down_script_has_timeouts_of_its_own() {
        let text = "\u{feff}-- x (down)\n-- Lock Timeout: 5s\n-- Revises: x, x\n\
                    -- Transaction: none\n-- Statement Timeout: 0\n\n-- Lock Timeout: 6s\n";
        let expected = DownHeader {
            wrapping: Wrapping::None,
            lock_timeout: Some(Duration::from_secs(5)),
            statement_timeout: Some(Duration::ZERO),
        };
        assert_eq!(Header::parse_down(text), Ok(expected));
        let error = Header::parse_down("-- x\n-- Lock Timeout: long\n").unwrap_err();
        assert_eq!((error.line, error.column), (2, 18));
        let twice = "-- Transaction: none\n-- Lock Timeout: 1\n-- Lock Timeout: 1\n";
        let error = Header::parse_down(twice).unwrap_err();
        assert_eq!(error.to_string(), "`Lock Timeout` is given twice in the header");
        assert_eq!(error.line, 3);
    }
}
