//! What is to be recorded of a revision, its row made when its turn comes.

use std::path::PathBuf;
use std::sync::Arc;

use crate::ledger::Entry;
use crate::plan::Operation;
use crate::revision::{Node, Revision, RevisionError, RevisionId, Source};
use crate::script::source_text::{Held, Room};
use crate::script::{Compiler, ScriptError};

/// A row that is to be written: a little until its turn comes, for a plan can have thousands.
#[derive(Debug, Clone)]
pub struct Recording {
    /// The graph's, this one among them.
    revisions: Arc<Vec<Revision>>,
    node: Node,
    /// The ids of its dependencies.
    depends_on: Box<[RevisionId]>,
    operation: Operation,
    tag: Option<Arc<str>>,
    /// The down script of one that has files.
    down: Option<Held>,
    /// Whether the down script is still to be written.
    is_unwritten: bool,
}

impl Recording {
    /// Tells whether the down script is still to be written.
    pub(super) fn is_unwritten(&self) -> bool {
        self.is_unwritten
    }

    pub(super) fn revision(&self) -> &Revision {
        &self.revisions[self.node.index()]
    }

    /// Returns the row, the down script in it, which may have to be read again.
    pub fn entry(&self) -> Result<Entry, RevisionError> {
        let revision = self.revision();
        let operation = if self.operation == Operation::Stamp { "stamp" } else { "upgrade" };
        let mut entry = Entry::new(revision, &self.depends_on, operation);
        entry.tag = self.tag.as_deref().map(str::to_owned);
        entry.down_script = match &revision.source {
            Source::Files(pair) => match self.down() {
                Some((path, down)) => {
                    let text = down.text(|| Ok(pair.down_text()?.unwrap_or_default()))?;
                    Some(text.ok_or(RevisionError::Changed { path })?.to_string())
                }
                None => None,
            },
            Source::Embedded(pair) => pair.down.as_ref().map(|it| it.text.to_string()),
            Source::Stored { down } => down.clone(),
        };
        Ok(entry)
    }
}

impl Compiler<'_> {
    /// Prepares the row of a revision; that its down script can be read is found here.
    pub(crate) fn recording(
        &self,
        node: Node,
        operation: Operation,
    ) -> Result<Box<Recording>, ScriptError> {
        let revision = self.graph.revision(node);
        let depends_on = self.graph.all_dependencies(node);
        let depends_on = depends_on.iter().map(|it| self.graph.id(*it).clone()).collect();
        let down = revision.down_text()?;
        let awaits = |down: &str| revision.awaits_down(down, self.dialect());
        let is_unwritten = down.as_deref().map(awaits).transpose()?.unwrap_or_default();
        let is_file = matches!(revision.source, Source::Files(_));
        let down = down.filter(|_| is_file).map(|down| Held::new(down.into_owned()));
        let tag = self.tag.clone();
        let revisions = self.graph.share();
        Ok(Box::new(Recording { revisions, node, depends_on, operation, tag, down, is_unwritten }))
    }
}

impl Recording {
    /// Returns the down script that is recorded, if it has a file: its path, and what is known of it.
    pub(super) fn down(&self) -> Option<(PathBuf, &Held)> {
        match &self.revision().source {
            Source::Files(pair) => pair.down().zip(self.down.as_ref()),
            Source::Embedded(_) | Source::Stored { .. } => None,
        }
    }

    /// Lets go of the down script, unless there is room for it.
    pub(super) fn release(&mut self, room: &mut Room) {
        if let Some(down) = &mut self.down {
            down.release(room);
        }
    }
}
