//! Hints on what to do next. They name commands, so they are made here and not in the library.

use limbeck::Error;
use limbeck::config::ConfigError;
use limbeck::database::{DatabaseError, SqlFault};
use limbeck::error::QueryError;
use limbeck::plan::{Operation, PlanError};
use limbeck::revision::{GraphError, RevisionError};
use limbeck::script::ScriptError;

use crate::output::hint_answers::{ledger_hint, sql_hint};
use crate::output::hint_stopped::{aside_hint, stopped_hint};
use crate::output::{
    hint_files, hint_rights, hint_schema, hint_scratch, hint_ways as ways, hint_words,
};
use crate::program;

/// Returns advice on an error. The texts here call the program `migrate`; the result uses the name
/// by which it was called.
pub(super) fn hint(error: &Error) -> Option<String> {
    let found = hint_words::hint(error).or_else(|| hint_files::hint(error));
    let found = found.or_else(|| hint_scratch::hint(error));
    found.or_else(|| hint_rights::hint(error)).or_else(|| of(error)).map(program::named)
}

fn of(error: &Error) -> Option<String> {
    of_part(error).or_else(|| of_operation(error))
}

/// Returns the hint for an error of a single part of the program.
fn of_part(error: &Error) -> Option<String> {
    let text = match error {
        Error::Config(error) => return config_hint(error),
        Error::Plan(error) => return plan_hint(error),
        Error::Revision(error) => revision_hint(error)?,
        Error::Graph(error) => graph_hint(error),
        Error::Script(error) => return script_hint(error),
        Error::Database(error) => database_hint(error)?,
        Error::Ledger(error) => ledger_hint(error)?,
        Error::Run(run) => return stopped_hint(run),
        Error::Rehearsed { error } => {
            return aside_hint(error, "correct the script and rehearse it again");
        }
        Error::Replayed { error } => return aside_hint(error, REPLAYED),
        Error::Query(error) => query_hint(error)?,
        Error::Autogenerate(error) => hint_schema::hint(error)?,
        _ => return None,
    };
    Some(text.to_owned())
}

/// The hint for a revision that fails on a scratch database.
const REPLAYED: &str = "the revisions are replayed on an empty database: correct this one so that it runs on what \
                        those before it make, and on nothing else";

fn of_operation(error: &Error) -> Option<String> {
    let text = match error {
        Error::Behind { .. } => "run `migrate upgrade` first, or leave out --from-database",
        Error::Modified { .. } => {
            "restore the scripts as they were applied (git log -p shows them), and put the change \
             into a new revision; `migrate repair --accept REVISION` records them as they are"
        }
        Error::HalfDone { running, took_effect, by_hand, place } => {
            return Some(ways::half_done(running, *took_effect, by_hand, place.is_some()));
        }
        Error::Settled { running, took_effect, by_hand, .. } => {
            return Some(ways::settled(running, *took_effect, by_hand));
        }
        Error::Stuck { error, by_hand } => return Some(ways::stuck(error, by_hand)),
        Error::NotHalfDone { .. } | Error::NothingToAccept { .. } => {
            "`migrate repair` lists what there is to repair"
        }
        Error::Unknown { .. } => {
            "restore the files (another git branch may have them), or take the revisions back \
             with `migrate downgrade`: their down scripts are stored in the database; \
             `migrate stamp --purge REVISION` only corrects the record"
        }
        Error::Protected { .. } => "add --yes to confirm",
        Error::RangeOnline { .. } => "give the revision to reach alone, or add --sql",
        Error::RangeNeeded => "e.g. `migrate downgrade head:base --sql`",
        Error::RangeBackwards { start, target, downwards, turns_round: true } => {
            let command = if *downwards { "downgrade" } else { "upgrade" };
            return Some(format!("turn it around: `migrate {command} {target}:{start} --sql`"));
        }
        Error::RangeBackwards { .. } => "`migrate history` shows what builds on what",
        Error::SeveralStarts { .. } => "name the current revision of the database",
        Error::PurgeOffline => "`migrate stamp base:REVISION --sql` starts from nothing",
        Error::Name(_) => "an id holds letters, digits, `_` and the like, but none of @ - + : , /",
        Error::Taken { .. } => "choose another; nothing was written",
        Error::WhichFolder { .. } => "choose one with --version-path",
        Error::NotAFolder { .. } => "`versions` in migrate.toml lists them",
        Error::NotEmpty { holds, .. } => return Some(ways::beside(*holds)),
        Error::Exists { .. } => "nothing was written; remove it first, or begin in another folder",
        Error::Hook { .. } => {
            "the files are written; run the hook again, or remove it from migrate.toml"
        }
        Error::NoDependency { .. } => "`migrate history` lists the revisions",
        Error::NotYet { feature, .. } => not_yet_hint(feature),
        Error::KeepsMoving { .. } => "try again when the others are done",
        Error::RecordChanges { .. } => {
            "something that its script calls, a routine or a trigger, changes the version table: take that \
             out of it"
        }
        _ => return None,
    };
    Some(text.to_owned())
}

fn not_yet_hint(feature: &str) -> &'static str {
    match feature {
        "--autogenerate" => "write the scripts by hand for now: leave the option out",
        "--backup" => "it works with SQLite only so far",
        _ => "it works with SQLite and PostgreSQL so far",
    }
}

fn config_hint(error: &ConfigError) -> Option<String> {
    if let Some(hint) = error.hint() {
        return Some(hint);
    }
    let text = match error {
        ConfigError::NotFound { .. } | ConfigError::Missing { .. } => {
            "`migrate init` starts a project here; `-c FILE` names another configuration"
        }
        ConfigError::NoDatabase { .. } => "add its name at the end of the url: `mysql://…/NAME`",
        ConfigError::NoUrl => {
            "set `url` in migrate.toml, the variable MIGRATE_URL or DATABASE_URL, or give --url"
        }
        _ => return None,
    };
    Some(text.to_owned())
}

fn plan_hint(error: &PlanError) -> Option<String> {
    let text = match error {
        PlanError::NotFound { near: Some(near), .. }
        | PlanError::NoSuchBranch { near: Some(near), .. } => {
            return Some(format!("did you mean `{near}`? `migrate history` lists the revisions"));
        }
        PlanError::NotFound { .. } | PlanError::NoSuchBranch { .. } => {
            "`migrate history` lists the revisions and branch labels"
        }
        PlanError::Ambiguous { .. } => "give more of its characters",
        PlanError::MultipleHeads { .. } => {
            "name one of them, narrow with `LABEL@head`, take all with `heads`, or join them with \
             `migrate merge heads -m …`"
        }
        PlanError::AmbiguousWalk { .. } => "name the revision to go to instead",
        PlanError::WrongWay { relative: 0, .. } => "go at least one step, e.g. `+1` or `-1`",
        PlanError::WrongWay { relative: ..0, .. } => "`migrate downgrade` leads down",
        PlanError::WrongWay { .. } => "`migrate upgrade` leads up",
        PlanError::TooFar { .. } | PlanError::WalkedTooFar { .. } => {
            "`migrate history -i` shows the current revisions; `base` and `head` are the ends"
        }
        PlanError::NotApplied { .. }
        | PlanError::BranchNotApplied { .. }
        | PlanError::BranchHasNoPart { .. } => "`migrate current` shows what is applied",
        PlanError::NotAHead { .. } => "add --splice to start a new branch there",
        PlanError::DuplicateHeads { .. } => "name each of them once",
        PlanError::Overlap { .. } => "name only the one that needs the other",
        PlanError::OffBranch { .. } | PlanError::NotARange { .. } => {
            "`migrate history` shows what builds on what"
        }
        PlanError::RangeSyntax { .. } => "e.g. `-r base:head`, `-r -3:current`",
        _ => return named_plan_hint(error),
    };
    Some(text.to_owned())
}

/// Returns the hint for an error of planning that includes names from the error.
fn named_plan_hint(error: &PlanError) -> Option<String> {
    Some(match error {
        PlanError::PartialLabel { label, .. } => {
            format!("branch labels are spelled out: `{label}`")
        }
        PlanError::SeveralCurrent { target, heads } => {
            let steps = target.rsplit('@').next().unwrap_or_default();
            let forms: Vec<String> = heads.iter().map(|id| format!("`{id}@{steps}`")).collect();
            format!("say on which branch, e.g. {}", forms.join(" or "))
        }
        PlanError::BesideBranch { instead: Some(target), .. } => {
            format!("nothing was changed; `migrate downgrade {target}` takes them back")
        }
        PlanError::NothingToMerge { revisions, .. } => match revisions.first() {
            Some(head) => format!(
                "name at least two revisions; `migrate revision --head {head} -m …` writes an \
                 empty one"
            ),
            None => "name at least two revisions; `migrate heads` lists them".to_owned(),
        },
        _ => return None,
    })
}

pub(super) fn revision_hint(error: &RevisionError) -> Option<&'static str> {
    Some(match error {
        RevisionError::Header { .. } => {
            "an up script begins with a message, then `-- Revision ID: …` and `-- Revises: …`, \
             all of it comments"
        }
        RevisionError::NotUtf8 { .. } => "save the file as UTF-8",
        RevisionError::NoFolder { .. } => {
            "create it, or correct `versions` in migrate.toml; `migrate init` starts a project"
        }
        RevisionError::Changed { .. } => "nothing of it stands; run the command again",
        RevisionError::NotAFile { .. } => "rename it, or move it out of the versions folder",
        RevisionError::PassedOver { .. } => {
            "choose another --rev-id, or correct `file_template` in migrate.toml; nothing was written"
        }
        RevisionError::Exists { .. } => "choose another --rev-id or message; nothing was written",
        _ => return None,
    })
}

fn graph_hint(error: &GraphError) -> &'static str {
    match error {
        GraphError::DuplicateId { .. } => "give one of them another `Revision ID`",
        GraphError::Missing { .. } => {
            "restore the file that is missing, or correct this line of the header"
        }
        GraphError::LabelTaken { .. } => "choose another branch label",
        _ => "correct `Revises` or `Depends On` of one of them",
    }
}

fn script_hint(error: &ScriptError) -> Option<String> {
    let text = match error {
        ScriptError::Split { problem, .. } => {
            return Some(format!("nothing was changed; {}", problem.hint()));
        }
        ScriptError::Revision(error) => revision_hint(error)?,
        ScriptError::TransactionControl { .. } => {
            "nothing was changed; leave it out, since every revision has its own transaction, or \
             put `-- Transaction: none` into the header"
        }
        ScriptError::OwnTable { .. } => {
            "nothing was changed; leave it out, or name its schema if another table is meant: `migrate \
             stamp` and `migrate repair` correct the record; a dump leaves it out by \
             `--exclude-table='migrate_version*'` (pg_dump) or `--ignore-table=DB.TABLE` (mariadb-dump, \
             mysqldump)"
        }
        ScriptError::LeftOpen { .. } => {
            "nothing was changed; end it in the script with `COMMIT` or `ROLLBACK`"
        }
        ScriptError::NoValue { .. } => {
            "nothing was changed; give it with `-x NAME=VALUE` or in [variables] of migrate.toml"
        }
        ScriptError::NoCode { revision, operation, .. } => {
            let id = if *operation == Operation::Upgrade { revision.as_str() } else { "REVISION" };
            return Some(format!(
                "nothing was changed; run the program that brings the code, or do by hand what it does \
                 and record it with `migrate stamp {id}`"
            ));
        }
        ScriptError::CodeAnd { .. } => "nothing was changed; leave one of the two out",
        ScriptError::NotInOneTransaction { .. } => "leave out --transaction all",
        ScriptError::CommitsByItself { .. } | ScriptError::Lasts { .. } => {
            "nothing was changed; leave out --transaction all"
        }
        _ => one_way_hint(error)?,
    };
    Some(text.to_owned())
}

/// Returns the hint for a script that leads only upward.
fn one_way_hint(error: &ScriptError) -> Option<&'static str> {
    Some(match error {
        ScriptError::Irreversible { expected: None, .. } => {
            "nothing was changed; its files are gone, and none was stored: restore them, or correct \
             the record with `migrate stamp`"
        }
        ScriptError::Irreversible { .. } => {
            "nothing was changed; write its down script (`-- Nothing to undo` will do where there \
             is nothing), or stop above it"
        }
        ScriptError::OneWay { .. } => {
            "nothing was changed; stop above it, or bring back a copy of the database from before it"
        }
        ScriptError::Unwritten { is_stored: true, .. } => {
            "nothing was changed; its files are gone: restore them and write the script there, or \
             undo it by hand; `migrate repair` tells how to record that"
        }
        ScriptError::Unwritten { .. } => {
            "nothing was changed; write below it what undoes the up script, or `-- Nothing to undo` \
             in its place; if it can't be undone, say `-- Irreversible: REASON` in the \
             header of the up script, or delete the down script"
        }
        _ => return None,
    })
}

fn query_hint(error: &QueryError) -> Option<&'static str> {
    Some(match error {
        QueryError::Split { cause, .. } => cause.hint(),
        QueryError::Statement { cause: DatabaseError::Sql(fault), .. } if is_refused(fault) => {
            "with --read-only nothing can be changed: leave it out to change something"
        }
        QueryError::Statement { cause: DatabaseError::Sql(fault), .. } => return sql_hint(fault),
        QueryError::Statement { cause: DatabaseError::Interrupted, .. } => return None,
        QueryError::Statement { cause, .. } => return database_hint(cause),
        QueryError::Protected => "add --yes to confirm, or --read-only to look only",
        _ => return None,
    })
}

/// Tells whether a read-only connection refused a change.
fn is_refused(fault: &SqlFault) -> bool {
    let code = fault.code.as_deref().unwrap_or_default();
    code == "SQLITE_READONLY (8)" || code == "25006" || code.starts_with("1792 ")
}

pub(super) fn database_hint(error: &DatabaseError) -> Option<&'static str> {
    Some(match error {
        DatabaseError::Sql(fault) if is_read_only(fault) => {
            "the database or its folder can't be written to: check who may write there"
        }
        DatabaseError::Sql(fault) if is_of_the_disk(fault) => {
            "no script is to blame: check that the disk is sound and has room, then run the command \
             again"
        }
        DatabaseError::Sql(fault) if fault.code.as_deref() == Some("42501") => {
            "the version table is out of this role's reach: grant it the right (`GRANT CREATE ON SCHEMA \
             public TO …`), or name a schema of its own in migrate.toml: `version_table = \
             \"ops.migrate_version\"`"
        }
        DatabaseError::ReadOnly { .. } => {
            "no script is to blame: check who may write there, or give the url of a database that can be \
             written to"
        }
        DatabaseError::Interrupted => "run the command again to continue from there",
        DatabaseError::Locked { .. } => "wait for it, or allow more time with --lock-timeout",
        DatabaseError::Open { .. } => {
            "check the url: it comes from --url, MIGRATE_URL, migrate.toml or DATABASE_URL"
        }
        DatabaseError::NoDriver { .. } => {
            "use a build that has it: `cargo install limbeck` has every driver"
        }
        DatabaseError::Lost { .. } => {
            "`migrate current` shows the current revisions; run the command again to continue"
        }
        DatabaseError::LockLost { .. } => {
            "connect to the server itself, or set `lock = \"transaction\"` in migrate.toml if there \
             has to be a proxy; `migrate current` shows the current revisions"
        }
        DatabaseError::NoSuchLock { .. } => {
            "leave `lock` out of migrate.toml, or set `lock = \"lease\"`"
        }
        _ => return None,
    })
}

/// Tells whether the database is read-only, which is no fault of a script.
pub(super) fn is_read_only(fault: &SqlFault) -> bool {
    fault.code.as_deref().is_some_and(|code| code.starts_with("SQLITE_READONLY"))
}

pub(super) fn is_of_the_disk(fault: &SqlFault) -> bool {
    let codes = ["SQLITE_IOERR", "SQLITE_FULL", "SQLITE_CANTOPEN", "SQLITE_CORRUPT"];
    fault.code.as_deref().is_some_and(|code| codes.iter().any(|it| code.starts_with(it)))
}
