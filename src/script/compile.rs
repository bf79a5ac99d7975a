//! From a plan to its script: files read, split and checked.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::ledger::{Entry, Running};
use crate::place::Place;
use crate::plan::{Operation, Plan, Step};
use crate::process::Process;
use crate::revision::folder::{DOWN, UP, placed, read_script};
use crate::revision::{
    Checksum, ForeignKeys, Graph, Header, Node, NodeSet, Revision, RevisionId, Source, Wrapping,
};
use crate::script::variables::without_value;
use crate::script::{Action, Keep, Script, ScriptError, SourceText, Span, Unit};
use crate::sql::{Dialect, Splitter, leaves_traces, transaction_control};

/// How much one transaction holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grouping {
    /// One revision.
    EachRevision,
    /// The whole run.
    All,
}

/// What scripts are made with.
#[derive(Debug, Clone)]
pub struct Compiler<'a> {
    /// The graph of the plan.
    pub graph: &'a Graph,
    /// The database's dialect.
    pub dialect: Dialect,
    /// How much one transaction holds.
    pub grouping: Grouping,
    /// The values of variables.
    pub variables: &'a BTreeMap<String, String>,
    /// What `--tag` said.
    pub tag: Option<&'a str>,
    /// The revision that has run in part and is to go on.
    pub resume: Option<&'a Running>,
}

impl Compiler<'_> {
    /// Makes the script of an upgrade or a downgrade.
    pub fn compile(&self, plan: &Plan) -> Result<Script, ScriptError> {
        let mut script = Script::default();
        if plan.steps.is_empty() {
            return Ok(script);
        }
        script.actions.push(Action::EnsureTables);
        if self.grouping == Grouping::All {
            script.actions.extend([Action::ForeignKeys(ForeignKeys::Checked), Action::Begin]);
        }
        for step in &plan.steps {
            self.add(&mut script, *step)?;
        }
        script.actions.extend((self.grouping == Grouping::All).then_some(Action::Commit));
        Ok(script)
    }

    /// Finds the place of a statement of a step's script, counted from 1.
    pub fn place_of(&self, step: Step, number: usize) -> Option<Place> {
        let revision = self.graph.revision(step.node);
        let (source, wrapping) = self.source(revision, step.operation).ok()?;
        let spans = self.split(&source, &revision.header, wrapping).ok()?;
        Some(source.place(*spans.get(number.checked_sub(1)?)?, None))
    }

    /// Makes the script of a stamp: the record becomes what `after` says, in one transaction.
    pub fn stamp(
        &self,
        steps: &[Step],
        before: Option<&NodeSet>,
        after: &NodeSet,
    ) -> Result<Script, ScriptError> {
        let mut script = Script::default();
        script.actions.extend([Action::EnsureTables, Action::Begin]);
        if before.is_none() {
            script.actions.push(Action::Keep(Keep::EraseAll));
        }
        let none = NodeSet::new(self.graph.len());
        let before = before.unwrap_or(&none);
        for node in self.graph.nodes().filter(|it| before.contains(*it) && !after.contains(*it)) {
            script.actions.push(Action::Keep(Keep::Erase(self.graph.id(node).clone())));
        }
        let from: Vec<String> =
            self.graph.tips(before).iter().map(|node| self.graph.id(*node).to_string()).collect();
        for (at, step) in steps.iter().enumerate() {
            let unit = self.unit(*step, Wrapping::Transaction, SourceText::nothing(self.dialect));
            script.units.push(Unit { from: from.clone(), ..unit });
            script.actions.push(Action::Start(at));
        }
        let added: Vec<Node> = self.in_order(after, before);
        for node in added {
            let entry = Box::new(self.entry(node, "stamp")?);
            script.actions.push(Action::Keep(Keep::Record(entry)));
        }
        // A stamp says where the database stands, whatever was left half done.
        script.actions.push(Action::Keep(Keep::EndAllRunning));
        script.actions.extend((0..script.units.len()).map(Action::Finish));
        script.actions.push(Action::Commit);
        Ok(script)
    }

    /// Returns what is in one set and not in another, each after all that it needs.
    fn in_order(&self, set: &NodeSet, without: &NodeSet) -> Vec<Node> {
        let mut res = Vec::new();
        let mut done = without.clone();
        for start in set.iter() {
            let mut todo = vec![start];
            while let Some(node) = todo.last().copied() {
                let open =
                    self.graph.needs(node).find(|it| set.contains(*it) && !done.contains(*it));
                if let Some(need) = open.filter(|_| !done.contains(node)) {
                    todo.push(need);
                    continue;
                }
                todo.pop();
                if done.insert(node) {
                    res.push(node);
                }
            }
        }
        res
    }

    fn add(&self, script: &mut Script, step: Step) -> Result<(), ScriptError> {
        let revision = self.graph.revision(step.node);
        let (source, wrapping) = self.source(revision, step.operation)?;
        let keys = revision.header.foreign_keys;
        self.check_grouping(revision, wrapping, keys)?;
        let unit = script.units.len();
        let actions = &mut script.actions;
        if self.grouping == Grouping::EachRevision {
            actions.push(Action::ForeignKeys(keys));
            let wrapped = wrapping == Wrapping::Transaction;
            actions.push(if wrapped { Action::Begin } else { Action::Compare });
        }
        actions.push(Action::Start(unit));
        let spans = self.split(&source, &revision.header, wrapping)?;
        let traces = spans.iter().any(|span| span.leaves_traces);
        let attaches = spans.iter().any(|span| span.attaches);
        if wrapping == Wrapping::Transaction {
            actions.extend(spans.into_iter().map(|span| Action::Execute { unit, span }));
        } else {
            let noted = self.noted(unit, revision.id(), step.operation, &source, &spans)?;
            actions.extend(noted);
        }
        if wrapping == Wrapping::Transaction && keys == ForeignKeys::Checked {
            actions.push(Action::CheckForeignKeys);
        }
        actions.push(Action::Keep(match step.operation {
            Operation::Upgrade | Operation::Stamp => {
                Keep::Record(Box::new(self.entry(step.node, "upgrade")?))
            }
            Operation::Downgrade => Keep::Erase(revision.id().clone()),
        }));
        actions.push(Action::Finish(unit));
        if self.grouping == Grouping::EachRevision {
            actions.push(Action::Commit);
            actions.extend(traces.then_some(Action::ResetSession));
        }
        script.units.push(Unit { attaches, ..self.unit(step, wrapping, source) });
        Ok(())
    }

    /// Makes the actions of a script without a transaction: each statement between two notes.
    ///
    /// What a run that was cut off has done already is left out, if the script still says the same.
    fn noted(
        &self,
        unit: usize,
        revision: &RevisionId,
        operation: Operation,
        source: &SourceText,
        spans: &[Span],
    ) -> Result<Vec<Action>, ScriptError> {
        let operation = if operation == Operation::Downgrade { "downgrade" } else { "upgrade" };
        let texts: Vec<_> = spans.iter().map(|span| source.statement(*span)).collect();
        let digests = Checksum::of_each_beginning(texts.iter().map(AsRef::as_ref));
        let resumed =
            self.resume.filter(|it| it.revision == *revision && it.operation == operation);
        let done = resumed.map_or(0, |it| it.done);
        if resumed.is_some_and(|it| digests.get(done) != Some(&it.done_digest)) {
            return Err(ScriptError::ResumedChanged { revision: revision.clone(), done });
        }
        let process = Process::current().to_string();
        let note = |begun, done| {
            let (revision, operation) = (revision.clone(), operation.to_owned());
            let statements = spans.len();
            let digest = |count| digests.get(count).cloned().unwrap_or_else(|| Checksum::of(""));
            let (begun_digest, done_digest) = (digest(begun), digest(done));
            Box::new(Running {
                revision,
                operation,
                statements,
                begun,
                done,
                begun_digest,
                done_digest,
                process: process.clone(),
            })
        };
        let mut res = vec![Action::Keep(Keep::BeginRunning {
            before: resumed.cloned().map(Box::new),
            now: note(done, done),
        })];
        for (at, span) in spans.iter().enumerate().skip(done) {
            res.push(Action::Keep(Keep::NoteRunning(note(at + 1, at))));
            res.push(Action::Execute { unit, span: *span });
            res.push(Action::Keep(Keep::NoteRunning(note(at + 1, at + 1))));
        }
        res.extend([Action::Begin, Action::Keep(Keep::EndRunning(revision.clone()))]);
        Ok(res)
    }

    fn unit(&self, step: Step, wrapping: Wrapping, source: SourceText) -> Unit {
        let revision = self.graph.revision(step.node);
        let parents: Vec<String> =
            revision.header.revises.iter().map(RevisionId::to_string).collect();
        let own = vec![revision.id().to_string()];
        let (from, to) = match step.operation {
            Operation::Upgrade | Operation::Stamp => (parents, own),
            Operation::Downgrade => (own, parents),
        };
        let (operation, message) = (step.operation, revision.header.message.clone());
        let revision = revision.id().clone();
        Unit { revision, operation, wrapping, attaches: false, message, from, to, source }
    }

    /// Makes the row of a revision, its down script in it.
    pub(crate) fn entry(&self, node: Node, operation: &'static str) -> Result<Entry, ScriptError> {
        let revision = self.graph.revision(node);
        let depends_on = self.graph.all_dependencies(node);
        let depends_on = depends_on.iter().map(|it| self.graph.id(*it).to_string()).collect();
        let mut entry = Entry::new(revision, depends_on, operation);
        entry.tag = self.tag.map(str::to_owned);
        entry.down_script = match &revision.source {
            Source::Files { down: Some(path), .. } => Some(read_script(path)?),
            Source::Files { down: None, .. } => None,
            Source::Stored { down } => down.clone(),
        };
        Ok(entry)
    }

    /// Reads the text that a step runs, and how.
    fn source(
        &self,
        revision: &Revision,
        operation: Operation,
    ) -> Result<(SourceText, Wrapping), ScriptError> {
        let irreversible =
            |expected| ScriptError::Irreversible { revision: revision.id().clone(), expected };
        let (file, text) = match (&revision.source, operation) {
            (Source::Files { up, .. }, Operation::Upgrade | Operation::Stamp) => {
                (up.clone(), read_script(up)?)
            }
            (Source::Files { down: Some(down), .. }, Operation::Downgrade) => {
                (down.clone(), read_script(down)?)
            }
            (Source::Files { up, down: None }, Operation::Downgrade) => {
                return Err(irreversible(Some(down_path(up))));
            }
            (Source::Stored { down: Some(text) }, Operation::Downgrade) => {
                (PathBuf::from(format!("{} (stored down script)", revision.id())), text.clone())
            }
            (Source::Stored { .. }, _) => return Err(irreversible(None)),
        };
        let wrapping = match operation {
            Operation::Upgrade | Operation::Stamp => revision.header.transaction,
            Operation::Downgrade => {
                Header::parse_down(&text).map_err(|error| placed(&file, &text, error))?.wrapping
            }
        };
        Ok((
            SourceText {
                file,
                text,
                variables: self.values(&revision.header),
                dialect: self.dialect,
            },
            wrapping,
        ))
    }

    /// Returns the values of the variables that a head declares.
    fn values(&self, header: &Header) -> Vec<(String, String)> {
        let value = |name: &String| Some((name.clone(), self.variables.get(name)?.clone()));
        header.variables.iter().filter_map(value).collect()
    }

    fn split(
        &self,
        source: &SourceText,
        header: &Header,
        wrapping: Wrapping,
    ) -> Result<Vec<Span>, ScriptError> {
        let mut res = Vec::new();
        let at = |line, column| Box::new(Place::at(&source.file, &source.text, line, column));
        for statement in Splitter::new(&source.text, self.dialect) {
            let statement = statement.map_err(|problem| {
                let (line, column) = problem.location();
                ScriptError::Split { place: at(line, column), problem }
            })?;
            let (line, column) = (statement.line, statement.column);
            let keyword = transaction_control(&statement);
            if let Some(keyword) = keyword.filter(|_| wrapping == Wrapping::Transaction) {
                return Err(ScriptError::TransactionControl { place: at(line, column), keyword });
            }
            let (offset, len) = (statement.offset, statement.text.len());
            let missing = without_value(statement.text, &header.variables, &source.variables);
            if let Some((within, name)) = missing {
                let place = Place::at_offset(&source.file, &source.text, offset + within);
                return Err(ScriptError::NoValue { place: Box::new(place), name: name.to_owned() });
            }
            let leaves_traces = leaves_traces(&statement);
            let attaches = statement.first_word().as_deref() == Some("ATTACH");
            res.push(Span { offset, len, line, column, leaves_traces, attaches });
        }
        Ok(res)
    }

    fn check_grouping(
        &self,
        revision: &Revision,
        wrapping: Wrapping,
        keys: ForeignKeys,
    ) -> Result<(), ScriptError> {
        let option = match (self.grouping, wrapping, keys) {
            (Grouping::EachRevision, ..)
            | (Grouping::All, Wrapping::Transaction, ForeignKeys::Checked) => return Ok(()),
            (Grouping::All, Wrapping::None, _) => "Transaction: none",
            (Grouping::All, Wrapping::Transaction, ForeignKeys::Enforced) => "Foreign Keys: on",
        };
        Err(ScriptError::NotInOneTransaction { revision: revision.id().clone(), option })
    }
}

/// Returns where the down script of an up script would stand.
fn down_path(up: &Path) -> PathBuf {
    let name = up.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    up.with_file_name(format!("{}{DOWN}", name.strip_suffix(UP).unwrap_or(name)))
}
