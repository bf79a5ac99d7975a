//! The command `migrate list-templates`.

use limbeck::ops::TEMPLATES;

use crate::context::Context;
use crate::output::json;
use crate::output::json_asked::TemplateName;
use crate::{Exit, program};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

pub(crate) fn run(_args: &Args, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let output = &mut *context.output;
    output.line("Available templates:\n")?;
    for template in &TEMPLATES {
        output.line(&format!("{} - {}", template.name, template.synopsis))?;
    }
    output.line("\nTemplates are used via the 'init' command, e.g.:")?;
    output.line(&format!("\n  {} init --template generic", program::name()))?;
    output.document(&json::only("templates", TEMPLATES.each_ref().map(TemplateName::of)))?;
    Ok(Exit::Done)
}
