//! The command `migrate check`.

use limbeck::autogenerate::Detail;
use limbeck::database::Access;
use limbeck::ops::{self, Check, Compared, Observed, Uncompared};
use limbeck::project::Project;
use limbeck::revision::RevisionId;

use crate::context::Context;
use crate::output::{Output, json, strangers, visible};
use crate::{Exit, program, signals};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Compare schemas on a server even if they agreed earlier today and nothing has changed
    #[arg(long)]
    no_cache: bool,
}

pub(crate) fn run(args: &Args, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let cache = if args.no_cache { None } else { context.cache_folder() };
    let project = &Project { cache, ..context.project()? };
    signals::tidy_up(project)?;
    let mut connection = ops::open(project, Access::Read)?;
    let observed = Observed::read(project, connection.as_deref_mut())?;
    let detail = if context.output.is_json() { Detail::Statements } else { Detail::Words };
    let check = ops::check_schemas(project, &observed, connection.as_deref_mut(), detail)?;
    let database_exists =
        if connection.is_some() { None } else { context.tell_missing(project)? };
    let output = &mut *context.output;
    output.tell_lost(observed.is_record_lost, project);
    if check.is_clean() {
        output.line(match check.compared {
            Compared::Nothing => "No pending or modified revisions.",
            Compared::Files | Compared::All => {
                "No pending or modified revisions; schema, revisions and database agree."
            }
        })?;
    }
    for line in lines(&check, &observed, output) {
        output.line(&line)?;
    }
    if let Some(reason) = &check.uncompared {
        output.message(&uncompared(reason));
    }
    if check.compared == Compared::Files {
        output.message(
            "The database was not compared: not all that is applied is as it was when it ran.",
        );
    }
    output.document(&json::Check {
        clean: check.is_clean(),
        pending: json::ids(&check.pending),
        modified: json::ids(&check.modified),
        unknown: json::ids(&check.unknown),
        reparented: json::ids(&check.reparented),
        failed: json::ids(&check.failed),
        unwritten: json::ids(&check.unwritten),
        heads: json::ids(&check.heads),
        strangers: strangers::documents(&check.strangers, output),
        changes: json::changes(&check.changes),
        drift: json::changes(&check.drift),
        uncompared: check.uncompared.as_ref().map(uncompared),
        database_exists,
    })?;
    Ok(if check.is_clean() { Exit::Done } else { Exit::Unmet })
}

/// Describes why no schemas were compared.
fn uncompared(reason: &Uncompared) -> String {
    match reason {
        Uncompared::Protected => {
            "The schemas were not compared: the environment is protected, and \
             `scratch` in migrate.toml names no server for scratch databases."
                .to_owned()
        }
        Uncompared::NoRight { role } => format!(
            "The schemas were not compared: the role `{}` may not create a scratch database, and \
             `scratch` in migrate.toml names no server for them.",
            visible(role)
        ),
    }
}

fn lines(check: &Check, observed: &Observed<'_>, output: &Output) -> Vec<String> {
    let lists: [(&str, &[RevisionId]); 6] = [
        ("Pending", &check.pending),
        ("Modified since it was applied", &check.modified),
        ("Applied, but its file is missing", &check.unknown),
        ("Parents changed since it was applied", &check.reparented),
        ("Stopped partway", &check.failed),
        ("Down script not written yet", &check.unwritten),
    ];
    let mut res = Vec::new();
    for (title, ids) in lists {
        for id in ids {
            let message = observed.graph.find(id.as_str()).map(|it| observed.graph.revision(it));
            let message = message.map(|it| &*it.header.message).unwrap_or_default();
            res.push(format!("{title}: {id}, {message}"));
        }
    }
    res.extend(
        check
            .strangers
            .iter()
            .map(|it| format!("No revision: {}", strangers::sentence(it, output))),
    );
    if !check.heads.is_empty() {
        let ids = json::ids(&check.heads);
        let (named, listed) = (ids.join(", "), ids.join(" "));
        let name = program::name();
        res.push(format!(
            "Heads without distinct branch labels: {named}; `{name} merge {listed} -m …` joins them"
        ));
    }
    let lists = [
        ("Not in a revision yet", &check.changes),
        ("Changed in the database by no revision", &check.drift),
    ];
    for (title, changes) in lists {
        res.extend(changes.iter().map(|it| format!("{title}: {}", visible(&it.description))));
    }
    res
}
