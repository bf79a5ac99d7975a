//! The command `migrate lock`.

use clap::Subcommand;
use limbeck::database::Access;
use limbeck::ops;

use crate::Exit;
use crate::context::Context;
use crate::output::json;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Show who holds the lock
    Status,
    /// Take a lease from its owner, which may be dead; a session's lock ends with its session
    Release {
        /// Confirm the operation on a protected environment
        #[arg(long)]
        yes: bool,
    },
}

pub(crate) fn run(args: &Args, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let project = &context.database()?;
    let mut released = false;
    let mut holder = ops::writer(project)?;
    if holder.is_none()
        && let Some(mut connection) = ops::open(project, Access::Read)?
    {
        if let Action::Release { yes } = args.action {
            if let Some(holder) = ops::lock_holder(project, &mut *connection)? {
                let url = project.config.url().map_err(limbeck::Error::from)?;
                let plan = format!("lock release takes the lock on {url} from {}", holder.name);
                let consent = context.consent(project, yes, || Ok(Some(plan)))?;
                consent.check(project, "lock release")?;
            }
            released = ops::release_lock(project, &mut *connection)?;
        }
        holder = ops::lock_holder(project, &mut *connection)?;
    }
    let output = &mut *context.output;
    output.line(&match &holder {
        Some(holder) => format!("Held by {}.", holder.name),
        None if released => "Released.".to_owned(),
        None => "Nobody holds the lock.".to_owned(),
    })?;
    let ended_by = holder.as_ref().and_then(|it| it.ended_by.as_deref());
    if let Some(statement) = ended_by {
        output.message(&format!("It ends with its session: `{statement}` ends that."));
    }
    let is_held = holder.is_some();
    output.document(&json::Lock { holder: holder.map(|it| it.name), released })?;
    let in_vain = is_held && matches!(args.action, Action::Release { .. });
    Ok(if in_vain { Exit::Unmet } else { Exit::Done })
}
