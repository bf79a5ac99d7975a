//! The command `migrate diagram`.

use std::path::{Path, PathBuf};

use clap::error::{ContextKind, ContextValue, ErrorKind};
use limbeck::ops::{self, Format};

use crate::Exit;
use crate::context::Context;
use crate::output::json_diagram;
use crate::signals;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Use this format; by default that of the file's extension, or Mermaid
    #[arg(short, long, value_enum)]
    format: Option<FormatName>,
    /// Write to this file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Draw schema.sql instead of the database (not MySQL)
    #[arg(long)]
    schema: bool,
    /// Draw only these tables, e.g. 'app_*' (repeatable)
    #[arg(long, value_name = "PATTERN")]
    include: Vec<String>,
    /// Leave out these tables (repeatable)
    #[arg(long, value_name = "PATTERN")]
    exclude: Vec<String>,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum FormatName {
    // A text that Markdown shows as a diagram.
    Mermaid,
    // For Graphviz.
    Dot,
    // A picture.
    Svg,
    // A page for the browser, with the revisions.
    Html,
}

pub(crate) fn run(args: &Args, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let format = format(args)?;
    // Only the page shows revisions.
    let readable = match format {
        Format::Html => context.readable()?,
        Format::Mermaid | Format::Dot | Format::Svg => context.database()?.into(),
    };
    let project = &readable.project;
    let filter = ops::filter(project, &args.include, &args.exclude);
    let mut observed = None;
    let outline = if args.schema {
        signals::tidy_up(project)?;
        ops::outline_of_schema(project, &filter)?
    } else {
        let mut connection = ops::open_to_read(project)?;
        // Other formats don't show revisions, so the version table isn't read.
        if format == Format::Html {
            observed = Some(readable.observe(Some(&mut *connection))?);
        }
        ops::outline(project, &mut *connection, &filter)?
    };
    let text = ops::draw(project, &outline, format, observed.as_ref())?;
    let file = context.output_file(args.output.as_deref());
    let output = &*context.output;
    if let Some(file) = &file {
        ops::write_dump(file, &text)?;
        output.message(&format!("Wrote the diagram to {}.", output.path(file)));
    } else if !output.is_json() {
        output.raw(&text)?;
    }
    let file = file.map(|file| output.path(&file));
    output.document(&json_diagram::Diagram::of(&outline, file))?;
    Ok(Exit::Done)
}

/// Returns the requested format, or that of the file's extension. The default is text for a README,
/// which a terminal can show.
fn format(args: &Args) -> Result<Format, clap::Error> {
    let name = args.output.as_deref().and_then(Path::extension).unwrap_or_default();
    Ok(match (args.format, name.to_string_lossy().to_ascii_lowercase().as_str()) {
        (Some(FormatName::Svg), _) | (None, "svg") => Format::Svg,
        (Some(FormatName::Html), _) | (None, "html" | "htm") => Format::Html,
        (Some(FormatName::Dot), _) | (None, "dot" | "gv") => Format::Dot,
        (Some(FormatName::Mermaid), _) | (None, "" | "mmd" | "mermaid" | "md" | "markdown") => {
            Format::Mermaid
        }
        (None, _) => {
            let file = args.output.as_deref().unwrap_or(Path::new("")).display().to_string();
            return Err(unknown_ending(file));
        }
    })
}

fn unknown_ending(file: String) -> clap::Error {
    const KNOWN: [&str; 9] =
        [".svg", ".html", ".htm", ".dot", ".gv", ".mmd", ".mermaid", ".md", ".markdown"];
    let mut res = clap::Error::new(ErrorKind::InvalidValue);
    let option = "--output <FILE>` without `--format".to_owned();
    res.insert(ContextKind::InvalidArg, ContextValue::String(option));
    res.insert(ContextKind::InvalidValue, ContextValue::String(file));
    let known = KNOWN.map(|ending| format!("*{ending}")).to_vec();
    res.insert(ContextKind::ValidValue, ContextValue::Strings(known));
    res
}
