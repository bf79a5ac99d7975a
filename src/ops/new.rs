//! New revisions: `revision` and `merge`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use chrono::{DateTime, Datelike, FixedOffset, Local, SecondsFormat, TimeDelta, Timelike};

use crate::config::{PostWriteHook, Timezone, Token};
use crate::error::Error;
use crate::ops::Written;
use crate::plan::{self, Splice, Target};
use crate::project::Project;
use crate::revision::name::{one_line, slug};
use crate::revision::write::{Down, Pair, write_pair};
use crate::revision::{
    ExtraKeys, Graph, Header, Node, RevisionError, RevisionId, Wrapping, check_name,
};

/// The parameters of a new revision.
#[derive(Debug, Clone)]
pub struct Create<'a> {
    /// The message; empty if none was given.
    pub message: &'a str,
    /// The parents of the revision; several make a merge.
    pub heads: &'a [String],
    /// Whether the parents may have children already.
    pub splice: Splice,
    /// The branch labels that the revision defines.
    pub branch_labels: &'a [String],
    /// The folder; none means the only one, or that of the parent.
    pub version_path: Option<&'a Path>,
    /// The id; none means a random one.
    pub revision: Option<&'a str>,
    /// The revisions and labels that must be applied before.
    pub depends_on: &'a [String],
}

/// A new revision that was checked against the graph and isn't written yet.
#[derive(Debug, Clone)]
pub struct Draft {
    header: Header,
    pair: Pair,
}

impl Draft {
    /// Makes the scripts run outside a transaction.
    #[must_use]
    pub fn outside_transaction(mut self) -> Self {
        let keys = (*self.header.extras).clone();
        self.header.extras = ExtraKeys { transaction: Wrapping::None, ..keys }.into();
        self
    }

    /// Writes the pair of scripts with the given statements.
    pub fn write(&self, up: &str, down: Down<'_>) -> Result<Written, Error> {
        write_pair(&self.pair, &self.header, up, down)?;
        let Pair { up, down } = self.pair.clone();
        Ok(Written { revision: self.header.revision.clone(), up, down })
    }
}

/// Writes a new pair of scripts without statements, after checking that the graph can take it.
///
/// The down script of a merge has nothing to undo; any other is left for the user to write.
pub fn create(project: &Project, wanted: &Create<'_>) -> Result<Written, Error> {
    let draft = draft(project, wanted)?;
    let is_merge = draft.header.revises.len() > 1;
    draft.write("", if is_merge { Down::Nothing } else { Down::Unwritten })
}

/// Writes a new pair of scripts that joins several revisions, as [`create`] does.
pub fn merge(project: &Project, wanted: &Create<'_>) -> Result<Written, Error> {
    let parents = plan::parents_of_merge(&project.graph, &targets(wanted), wanted.splice)?;
    draft_on(project, wanted, &parents)?.write("", Down::Nothing)
}

/// Checks a new revision against the graph.
pub fn draft(project: &Project, wanted: &Create<'_>) -> Result<Draft, Error> {
    let parents = plan::parents_of_new(&project.graph, &targets(wanted), wanted.splice)?;
    draft_on(project, wanted, &parents)
}

/// Makes the draft of a revision that follows one which isn't written yet. It stands a second behind it
/// in the order of files, with a message that says what else is done.
pub(super) fn following(
    project: &Project,
    wanted: &Create<'_>,
    first: &Draft,
    what: &str,
) -> Result<Draft, Error> {
    let graph = &project.graph;
    let before = &first.header;
    let revision = match wanted.revision {
        Some(text) => RevisionId::parse(&format!("{text}_2"))?,
        None => random(graph)?,
    };
    refuse_taken(graph, revision.as_str())?;
    let message = one_line(wanted.message);
    let message = if message.is_empty() { what.to_owned() } else { format!("{message}: {what}") };
    let created = now(project) + TimeDelta::seconds(1);
    let header = Header {
        message: message.as_str().into(),
        revision,
        revises: vec![before.revision.clone()].into(),
        create_date: created.to_rfc3339_opts(SecondsFormat::Secs, true),
        extras: ExtraKeys::default().into(),
    };
    let stem = stem(project, &header, &message, created);
    let folder = first.pair.up.parent().unwrap_or(Path::new(""));
    // A template may put revisions into folders of their own.
    let folder =
        project.config.versions.iter().find(|it| folder.starts_with(it)).map_or(folder, |it| it);
    Ok(Draft { header, pair: Pair::new(folder, &stem) })
}

fn targets(wanted: &Create<'_>) -> Vec<Target> {
    wanted.heads.iter().map(|name| Target::parse(name)).collect()
}

fn draft_on(project: &Project, wanted: &Create<'_>, parents: &[Node]) -> Result<Draft, Error> {
    let graph = &project.graph;
    let revision = match wanted.revision {
        Some(text) => RevisionId::parse(text)?,
        None => random(graph)?,
    };
    refuse_taken(graph, revision.as_str())?;
    for label in wanted.branch_labels {
        check_name(label)?;
        refuse_taken(graph, label)?;
        if label == revision.as_str() {
            return Err(Error::Taken { name: label.clone(), revision });
        }
    }
    let created = now(project);
    let extras = ExtraKeys {
        branch_labels: wanted.branch_labels.to_vec(),
        depends_on: dependencies(graph, wanted.depends_on)?,
        ..ExtraKeys::default()
    };
    let header = Header {
        message: message(wanted.message).into(),
        revision,
        revises: graph.ids(parents).into(),
        create_date: created.to_rfc3339_opts(SecondsFormat::Secs, true),
        extras: extras.into(),
    };
    let folder = folder(project, wanted.version_path, parents)?;
    let stem = stem(project, &header, wanted.message, created);
    let pair = Pair::new(&folder, &stem);
    if stem.split('/').any(|part| part.starts_with(['.', '#'])) {
        return Err(RevisionError::PassedOver { path: pair.up }.into());
    }
    Ok(Draft { header, pair })
}

/// Runs the configured hooks on both new files; `observe` is called before each.
pub fn run_hooks(
    project: &Project,
    written: &Written,
    observe: &mut dyn FnMut(&str, &Path),
) -> Result<(), Error> {
    for file in [&written.up, &written.down] {
        for hook in &project.config.post_write {
            let name = hook.name.as_ref().or(hook.command.first()).cloned().unwrap_or_default();
            observe(&name, file);
            run_hook(project, hook, file).map_err(|reason| Error::Hook {
                hook: name,
                reason,
                file: file.clone(),
            })?;
        }
    }
    Ok(())
}

fn run_hook(project: &Project, hook: &PostWriteHook, file: &Path) -> Result<(), String> {
    let text = file.to_string_lossy();
    let mut words = hook.command.iter().map(|word| word.replace("{file}", &text));
    let program = words.next().ok_or("its command is empty")?;
    let folder = hook.cwd.as_deref().unwrap_or(project.config.environment.folder());
    // A hook's output is a message: on standard output it would mix with a document.
    let status = Command::new(program)
        .args(words)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(std::io::stderr())
        .status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(status.to_string()),
        Err(error) => Err(error.to_string()),
    }
}

fn random(graph: &Graph) -> Result<RevisionId, Error> {
    loop {
        let id =
            RevisionId::random().map_err(|error| Error::Random { reason: error.to_string() })?;
        if graph.find(id.as_str()).is_none() {
            return Ok(id);
        }
    }
}

fn refuse_taken(graph: &Graph, name: &str) -> Result<(), Error> {
    match graph.find(name).or_else(|| graph.find_label(name)) {
        None => Ok(()),
        Some(node) => Err(Error::Taken { name: name.to_owned(), revision: graph.id(node).clone() }),
    }
}

/// Resolves dependencies to full ids; labels are kept, since they may move.
fn dependencies(graph: &Graph, names: &[String]) -> Result<Vec<String>, Error> {
    let mut res: Vec<String> = Vec::new();
    for name in names {
        let found = plan::find_one(graph, &Target::parse(name))?;
        let node = found.ok_or_else(|| Error::NoDependency { name: name.clone() })?;
        let is_label = graph.find_label(name).is_some();
        let text = if is_label { name.clone() } else { graph.id(node).to_string() };
        if !res.contains(&text) {
            res.push(text);
        }
    }
    Ok(res)
}

/// Returns the message for the header; Alembic's default if there is none.
fn message(text: &str) -> String {
    let line = one_line(text);
    if line.is_empty() { "empty message".to_owned() } else { line }
}

fn now(project: &Project) -> DateTime<FixedOffset> {
    let now = project.clock.now();
    match project.config.timezone {
        Timezone::Utc => now.fixed_offset(),
        Timezone::Local => now.with_timezone(&Local).fixed_offset(),
    }
}

fn stem(
    project: &Project,
    header: &Header,
    message: &str,
    created: DateTime<FixedOffset>,
) -> String {
    let length = project.config.truncate_slug_length;
    project.config.file_template.fill(|token| match token {
        Token::Rev => header.revision.to_string(),
        Token::Slug => slug(message, length),
        Token::Epoch => created.timestamp().to_string(),
        Token::Year => format!("{:04}", created.year()),
        Token::Month => format!("{:02}", created.month()),
        Token::Day => format!("{:02}", created.day()),
        Token::Hour => format!("{:02}", created.hour()),
        Token::Minute => format!("{:02}", created.minute()),
        Token::Second => format!("{:02}", created.second()),
    })
}

/// Chooses the folder of a new revision.
fn folder(project: &Project, wanted: Option<&Path>, parents: &[Node]) -> Result<PathBuf, Error> {
    let folders = &project.config.versions;
    if let Some(path) = wanted {
        let real = |path: &Path| path.canonicalize().ok();
        let absolute = project.config.environment.folder().join(path);
        let same = |known: &&PathBuf| real(known).is_some() && real(known) == real(&absolute);
        let found = folders.iter().find(same).cloned();
        return found.ok_or_else(|| Error::NotAFolder { path: path.to_path_buf() });
    }
    if let [only] = folders.as_slice() {
        return Ok(only.clone());
    }
    let up = parents.first().and_then(|node| project.graph.revision(*node).up());
    let found = up.and_then(|up| folders.iter().find(|folder| up.starts_with(folder)));
    found.cloned().ok_or_else(|| Error::WhichFolder { folders: folders.clone() })
}
