//! Compiles a plan to a script: files are read, split and checked.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::config::Timeouts;
use crate::database::Engine;
use crate::ledger::{Entry, Ledger};
use crate::plan::{Operation, Step};
use crate::revision::{DownHeader, ForeignKeys, Graph, Node, NodeSet, Revision, Wrapping};
use crate::script::journal::Journal;
use crate::script::spans::{begins_with, needs_stop};
use crate::script::{
    Action, Ids, Keep, Lasting, Resumed, Script, ScriptError, SourceText, Span, Steps, Text, Unit,
};
use crate::sql::{Dialect, Statement, TableLocks};

/// The scope of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grouping {
    /// Each revision has a transaction.
    EachRevision,
    /// The whole run is one transaction.
    All,
}

/// The handling of revisions that are a program's code.
#[derive(Debug, Clone, Copy)]
pub enum Programs<'a> {
    /// The code is called; a revision without any is refused.
    Called(&'a Steps),
    /// The code is left out: its effects on rows don't matter.
    LeftOut,
}

/// The parameters for compiling scripts.
#[derive(Debug, Clone)]
pub struct Compiler<'a> {
    /// The graph of the plan's revisions.
    pub graph: &'a Graph,
    /// The kind of database.
    pub engine: Engine,
    /// The scope of a transaction.
    pub grouping: Grouping,
    /// The values of variables by name.
    pub variables: BTreeMap<String, String>,
    /// The value of `--tag`.
    pub tag: Option<Arc<str>>,
    /// The time limits of statements where a header sets none.
    pub timeouts: Timeouts,
    /// The handling of revisions that are a program's code.
    pub programs: Programs<'a>,
    /// The revision that has run in part and is resumed.
    pub resume: Option<Resumed<'a>>,
    /// The tables without transactions (MySQL).
    pub lasting: Option<Lasting>,
    /// The version table, which no script may change; none skips the check.
    pub record: Option<Ledger>,
    /// The statements that are left out; none leaves nothing out.
    pub leaves_out: Option<LeavesOut<'a>>,
}

/// The statements that are left out of scripts.
#[derive(Debug, Clone, Copy)]
pub struct LeavesOut<'a> {
    /// Tells whether a statement is left out with some extensions.
    pub tells: fn(&Statement<'_>, &[String]) -> bool,
    /// The extensions that the database doesn't get.
    pub extensions: &'a [String],
}

impl<'a> Compiler<'a> {
    /// Takes what is usual: each revision by itself, nothing to put in, no code, and no record to look after.
    pub fn new(graph: &'a Graph, engine: Engine) -> Self {
        Self {
            graph,
            engine,
            grouping: Grouping::EachRevision,
            variables: BTreeMap::new(),
            tag: None,
            timeouts: Timeouts::default(),
            programs: Programs::LeftOut,
            resume: None,
            lasting: None,
            record: None,
            leaves_out: None,
        }
    }
}

impl Compiler<'_> {
    /// Compiles the script of an upgrade or a downgrade.
    pub fn compile(&self, steps: &[Step]) -> Result<Script, ScriptError> {
        let mut script = Script::default();
        if steps.is_empty() {
            return Ok(script);
        }
        script.actions.push(Action::EnsureTables);
        if self.grouping == Grouping::All {
            script.actions.extend(self.foreign_keys(ForeignKeys::Checked));
            script.actions.push(Action::Begin);
        }
        let mut lasting = self.lasting.clone();
        for step in steps {
            self.add(&mut script, *step, lasting.as_mut())?;
        }
        script.actions.extend((self.grouping == Grouping::All).then_some(Action::Commit));
        Ok(script)
    }

    /// Compiles the script of a stamp: one transaction that makes the record equal to `after`.
    pub fn stamp(
        &self,
        steps: &[Step],
        before: Option<&NodeSet>,
        after: &NodeSet,
    ) -> Result<Script, ScriptError> {
        let mut script = Script::default();
        script.actions.extend([Action::EnsureTables, Action::Begin]);
        let none = NodeSet::new(self.graph.len());
        let purges = before.is_none();
        let before = before.unwrap_or(&none);
        let from: Ids =
            self.graph.tips(before).iter().map(|node| self.graph.id(*node).clone()).collect();
        for (at, step) in steps.iter().enumerate() {
            let unit = self.unit(*step, Wrapping::Transaction, SourceText::nothing(self.dialect()));
            // The record is changed as a whole, so there is one requirement.
            let needs = if at == 0 { from.clone() } else { Ids::new() };
            script.units.push(Unit { from: from.clone(), needs, ..unit });
            script.actions.push(Action::Start(at));
        }
        if purges {
            script.actions.push(Action::Keep(Keep::EraseAll));
        }
        let gone = self.graph.nodes().filter(|it| before.contains(*it) && !after.contains(*it));
        let erase = |node| Action::Keep(Keep::Erase(self.graph.id(node).clone()));
        script.actions.extend(gone.map(erase));
        for node in self.in_order(after, before) {
            self.record(&mut script, Step { node, operation: Operation::Stamp })?;
        }
        // A stamp declares the state of the database, even after a partial run.
        script.actions.push(Action::Keep(Keep::EndAllRunning));
        script.actions.extend((0..script.units.len()).map(Action::Finish));
        script.actions.push(Action::Commit);
        Ok(script)
    }

    /// Returns the difference of two sets, each revision after all that it needs.
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

    pub(super) fn dialect(&self) -> Dialect {
        self.engine.dialect()
    }

    /// Sets the handling of foreign keys on SQLite; servers enforce them, and can roll back
    /// everything.
    fn foreign_keys(&self, keys: ForeignKeys) -> Option<Action> {
        (!self.engine.enforces_foreign_keys()).then_some(Action::ForeignKeys(keys))
    }

    fn add(
        &self,
        script: &mut Script,
        step: Step,
        lasting: Option<&mut Lasting>,
    ) -> Result<(), ScriptError> {
        let revision = self.graph.revision(step.node);
        let keys = revision.header.extras.foreign_keys;
        if let Some(checked) = self.checked(step)? {
            return self.add_checked(script, step, checked);
        }
        let (source, header) = self.source(step)?;
        let text = source.open()?;
        let asked = header.wrapping;
        self.check_grouping(revision, asked, keys)?;
        let mut spans = self.split(&text, &revision.header, asked)?;
        if let Some(lasting) = lasting {
            lasting.mark(&text, &mut spans);
        }
        let wrapping = self.wrapping(step, asked, &text, &spans)?;
        let is_called = self.calls(step, asked, &text, &spans)?;
        let number = script.units.len();
        let leaves_traces = spans.iter().any(|span| span.leaves_traces);
        let attaches = spans.iter().any(|span| span.attaches);
        let changes_database =
            leaves_traces && spans.iter().any(|it| begins_with(text.written(*it), "use"));
        let needs_stop = spans.iter().any(|it| needs_stop(text.written(*it)));
        let locks_tables = spans.iter().any(|span| span.locks == TableLocks::Taken);
        let mut done = 0;
        let actions = &mut script.actions;
        if wrapping == Wrapping::Transaction {
            self.in_transaction(actions, number, keys, spans.len(), is_called);
        } else {
            actions.extend(self.foreign_keys(keys));
            actions.extend([Action::Compare, Action::Start(number)]);
            let of = (revision.id(), step.operation);
            let journal = Journal::new(number, of, &text, &spans, self.resume.as_ref())?;
            let journal = journal.on(self.engine);
            actions.extend(journal.actions(asked));
            done = journal.done();
        }
        self.close(script, step, leaves_traces)?;
        let timeouts = self.timeouts_of(&header, wrapping);
        let unit = self.unit(step, wrapping, source);
        let checks_foreign_keys = wrapping == Wrapping::Transaction && self.checks(keys);
        let unit = Unit { checks_foreign_keys, locks_tables, ..unit };
        let unit = Unit { leaves_traces, timeouts, attaches, needs_stop, changes_database, ..unit };
        script.units.push(Unit { spans, done, ..unit });
        Ok(())
    }

    /// Adds the actions after the statements of the unit that is added next.
    pub(super) fn close(
        &self,
        script: &mut Script,
        step: Step,
        leaves_traces: bool,
    ) -> Result<(), ScriptError> {
        self.record(script, step)?;
        let actions = &mut script.actions;
        actions.push(Action::Finish(script.units.len()));
        if self.grouping == Grouping::EachRevision {
            actions.push(Action::Commit);
            actions.extend(leaves_traces.then_some(Action::ResetSession));
        }
        Ok(())
    }

    /// Adds a script's actions in its transaction, up to the record.
    pub(super) fn in_transaction(
        &self,
        actions: &mut Vec<Action>,
        number: usize,
        keys: ForeignKeys,
        statements: usize,
        is_called: bool,
    ) {
        let each = self.grouping == Grouping::EachRevision;
        actions.extend(self.foreign_keys(keys).filter(|_| each));
        actions.extend(each.then_some(Action::Begin));
        actions.push(Action::Start(number));
        actions.extend(Action::execute(number, 0, statements));
        actions.extend(is_called.then_some(Action::Call(number)));
        actions.extend(self.checks(keys).then_some(Action::CheckForeignKeys));
        actions.push(Action::Tidy(number));
    }

    /// Tells whether SQLite checks foreign keys after the script's transaction.
    pub(super) fn checks(&self, keys: ForeignKeys) -> bool {
        !self.engine.enforces_foreign_keys() && keys == ForeignKeys::Checked
    }

    /// Adds a step's change of the record.
    fn record(&self, script: &mut Script, step: Step) -> Result<(), ScriptError> {
        let revision = self.graph.revision(step.node);
        if step.operation == Operation::Downgrade {
            script.actions.push(Action::Keep(Keep::Erase(revision.id().clone())));
            return Ok(());
        }
        let entry = self.entry(step.node, step.operation)?;
        if let Some(down) = &entry.down_script
            && revision.awaits_down(down, self.dialect())?
        {
            script.unwritten.push(revision.id().clone());
        }
        script.actions.push(Action::Keep(Keep::Record(entry)));
        Ok(())
    }

    /// Makes the row of a revision; fails if its down script can't be read.
    pub(crate) fn entry(
        &self,
        node: Node,
        operation: Operation,
    ) -> Result<Box<Entry>, ScriptError> {
        let revision = self.graph.revision(node);
        let depends_on = self.graph.all_dependencies(node);
        let depends_on: Vec<_> = depends_on.iter().map(|it| self.graph.id(*it).clone()).collect();
        let mut entry = Entry::new(revision, &depends_on, operation);
        entry.tag = self.tag.as_deref().map(str::to_owned);
        entry.down_script = revision.down_text()?.map(Cow::into_owned);
        Ok(Box::new(entry))
    }

    /// Returns the time limits of statements. Outside a transaction only a header can set one: slow
    /// statements there (`CREATE INDEX CONCURRENTLY`) must not meet a limit by surprise.
    pub(super) fn timeouts_of(&self, header: &DownHeader, wrapping: Wrapping) -> Timeouts {
        // Other engines have no slow statements that need to be outside a transaction.
        let is_bare = wrapping == Wrapping::None && self.dialect() == Dialect::Postgres;
        let usual = if is_bare { self.timeouts.without_limits() } else { self.timeouts };
        usual.or_of_header(header.lock_timeout, header.statement_timeout)
    }

    /// Determines whether a transaction can hold a script, given its statements. A resumed script
    /// keeps its choice.
    fn wrapping(
        &self,
        step: Step,
        asked: Wrapping,
        source: &Text<'_>,
        spans: &[Span],
    ) -> Result<Wrapping, ScriptError> {
        let revision = self.graph.id(step.node);
        if self.resume.as_ref().is_some_and(|it| it.is_of(revision, step.operation)) {
            return Ok(Wrapping::None);
        }
        let Some(span) = spans.iter().find(|span| span.commits || span.lasts) else {
            return Ok(asked);
        };
        if self.grouping == Grouping::All {
            let (revision, engine) = (revision.clone(), self.engine.name());
            let place = Box::new(source.place(*span, None));
            return Err(if span.commits {
                ScriptError::CommitsByItself { place, revision, engine }
            } else {
                ScriptError::Lasts { place, revision }
            });
        }
        Ok(Wrapping::None)
    }

    pub(super) fn unit(&self, step: Step, wrapping: Wrapping, source: SourceText) -> Unit {
        let revision = self.graph.revision(step.node);
        let parents: Ids = revision.header.revises.iter().cloned().collect();
        let own: Ids = std::iter::once(revision.id().clone()).collect();
        let id = |node| self.graph.id(node).clone();
        let (needs, absent, from, to) = match step.operation {
            Operation::Upgrade => {
                let needs = self.graph.needs(step.node).map(id).collect();
                (needs, own.clone(), parents, own)
            }
            Operation::Downgrade => {
                let dependents = self.graph.dependents(step.node).iter().copied().map(id).collect();
                (own.clone(), dependents, own, parents)
            }
            Operation::Stamp => (Ids::new(), Ids::new(), parents, own),
        };
        Unit {
            revision: revision.id().clone(),
            operation: step.operation,
            wrapping,
            needs,
            absent,
            leaves_traces: false,
            timeouts: Timeouts::default(),
            attaches: false,
            checks_foreign_keys: false,
            needs_stop: false,
            changes_database: false,
            locks_tables: false,
            message: revision.header.message.clone(),
            from,
            to,
            source,
            spans: Box::default(),
            done: 0,
        }
    }

    pub(super) fn check_grouping(
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
