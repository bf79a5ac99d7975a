//! Errors of the command line, and suggestions.
//!
//! clap finds the fault; this module words it, so that all errors read alike.

mod options;
mod words;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, Error};
use limbeck::near;

use crate::{cli, help, program};

/// A described error of a command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) message: String,
    /// The usage of the command, if that helps.
    pub(crate) usage: Option<String>,
    pub(crate) hint: String,
}

pub(crate) fn no_such_command(below: &[String], name: &str) -> Error {
    let mut res = Error::new(ErrorKind::InvalidSubcommand);
    res.insert(ContextKind::InvalidSubcommand, ContextValue::String(name.to_owned()));
    let path = [&[program::name().to_owned()], below].concat().join(" ");
    let usage = format!("Usage: {path} <COMMAND>");
    res.insert(ContextKind::Usage, ContextValue::StyledStr(usage.into()));
    res
}

/// Makes the error for an argument of `-x` without a value; the first is number 1.
pub(crate) fn no_variable(number: usize) -> Error {
    let mut res = Error::new(ErrorKind::ValueValidation);
    let argument = format!("argument {number} of `-x`");
    res.insert(ContextKind::InvalidArg, ContextValue::String(argument));
    res
}

/// Describes an error of the command line; the arguments are those of the process.
pub(crate) fn explain(error: &Error, arguments: &[String]) -> Fault {
    let mut program = cli::command();
    program.build();
    let path = path(error, &program).unwrap_or_else(|| named(arguments));
    let command = path
        .iter()
        .fold(&program, |command, name| command.find_subcommand(name).unwrap_or(command));
    let at = At { path: path.join(" "), command, arguments };
    match error.kind() {
        ErrorKind::InvalidSubcommand => at.no_such_command(error),
        ErrorKind::MissingSubcommand => at.no_command(error),
        ErrorKind::UnknownArgument => at.unknown(error),
        ErrorKind::MissingRequiredArgument => at.missing(error),
        ErrorKind::InvalidValue => at.invalid(error),
        ErrorKind::ArgumentConflict => conflict(error),
        ErrorKind::ValueValidation => at.refused(error),
        ErrorKind::TooManyValues => at.too_many(error),
        ErrorKind::InvalidUtf8 => at.no_text(),
        _ => at.other(error),
    }
}

/// The context of an error.
struct At<'a> {
    /// The command, without the program's name.
    path: String,
    command: &'a Command,
    arguments: &'a [String],
}

impl At<'_> {
    fn no_such_command(&self, error: &Error) -> Fault {
        let word = text(error, ContextKind::InvalidSubcommand);
        let name = program::name();
        let message = format!("no such command: {}", shown(&self.command_line(&word)));
        let rest = self.arguments.iter().skip_while(|it| **it != word).skip(1);
        let rest: Vec<&str> = rest.map(String::as_str).collect();
        let known = self.command.get_subcommands().filter(|it| !it.is_hide_set());
        let likely = near::likely(&word, known.map(Command::get_name));
        let foreign = if self.path.is_empty() { words::hint(&word, &rest) } else { None };
        let hint = match (foreign, likely.as_slice()) {
            (Some(hint), _) => hint,
            (None, []) if is_url(&word) => "a database is named by `--url URL`".to_owned(),
            (None, []) => format!("`{name} help` lists the commands"),
            (None, likely) => {
                let likely: Vec<String> =
                    likely.iter().map(|it| format!("`{name} {}`", self.command_line(it))).collect();
                format!("did you mean {}? `{name} help` lists the commands", likely.join(" or "))
            }
        };
        Fault { message, usage: None, hint }
    }

    fn no_command(&self, error: &Error) -> Fault {
        let message = if self.path.is_empty() {
            "a command is missing".to_owned()
        } else {
            format!("a command is missing after `{}`", self.path)
        };
        let hint = format!("`{} help` lists the commands", program::name());
        Fault { message, usage: usage(error), hint }
    }

    fn unknown(&self, error: &Error) -> Fault {
        let word = text(error, ContextKind::InvalidArg);
        let message = format!("unexpected argument {}", shown(&word));
        let hint = if word.starts_with('-') {
            options::hint(&word, self.command)
        } else if self.path == "revision" {
            let message = words::message(&[&word]);
            Some(format!("a message follows -m: `{} revision -m \"{message}\"`", program::name()))
        } else if is_url(&word) {
            Some("a database is named by `--url URL`".to_owned())
        } else {
            None
        };
        Fault { message, usage: usage(error), hint: hint.unwrap_or_else(|| self.pointer()) }
    }

    fn missing(&self, error: &Error) -> Fault {
        let names: Vec<String> = texts(error, ContextKind::InvalidArg);
        let shown: Vec<String> = names.iter().map(|it| format!("`{it}`")).collect();
        let verb = if names.len() == 1 { "is" } else { "are" };
        let message = format!("{} {verb} missing", shown.join(", "));
        let example = help::example(&self.path).map(|example| format!("e.g. `{example}`"));
        Fault { message, usage: usage(error), hint: example.unwrap_or_else(|| self.pointer()) }
    }

    fn invalid(&self, error: &Error) -> Fault {
        let (option, value) =
            (text(error, ContextKind::InvalidArg), text(error, ContextKind::InvalidValue));
        let valid = texts(error, ContextKind::ValidValue);
        let each: Vec<String> = valid.iter().map(|it| format!("`{it}`")).collect();
        let message = if value.is_empty() {
            format!("a value is missing for `{option}`")
        } else {
            format!("`{value}` is not a value for `{option}`")
        };
        let message = message
            + &if each.is_empty() {
                String::new()
            } else {
                format!(": it takes {}", each.join(", "))
            };
        let near = near::nearest(&value, valid.iter().map(String::as_str));
        let hint = near.map(|near| format!("did you mean `{near}`?"));
        Fault { message, usage: None, hint: hint.unwrap_or_else(|| self.pointer()) }
    }

    fn refused(&self, error: &Error) -> Fault {
        let (option, value) =
            (text(error, ContextKind::InvalidArg), text(error, ContextKind::InvalidValue));
        if value.is_empty() {
            // It may be a secret.
            let hint = "e.g. `-x schema=app`; quotes keep words together: `-x \"name=two words\"`";
            let message = format!("{option} is not KEY=VALUE");
            return Fault { message, usage: None, hint: hint.to_owned() };
        }
        let reason = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
        let message = format!("`{value}` is not a value for `{option}`: {reason}");
        Fault { message, usage: None, hint: self.pointer() }
    }

    fn too_many(&self, error: &Error) -> Fault {
        let option = text(error, ContextKind::InvalidArg);
        let message = format!("`{option}` takes no value here");
        Fault { message, usage: usage(error), hint: self.pointer() }
    }

    /// Identifies an argument that isn't UTF-8, by its lossy form.
    fn no_text(&self) -> Fault {
        let bad = self.arguments.iter().find(|it| it.contains(char::REPLACEMENT_CHARACTER));
        let bad = bad.map(|it| format!("{} is", shown(it)));
        let message = format!("{} not UTF-8", bad.as_deref().unwrap_or("an argument is"));
        let hint = "only file names given to options may contain other bytes".to_owned();
        Fault { message, usage: None, hint }
    }

    /// Describes any other error in clap's words.
    fn other(&self, error: &Error) -> Fault {
        let text = error.to_string();
        let lines = text.lines().take_while(|line| !line.is_empty()).map(str::trim);
        let message = lines.collect::<Vec<_>>().join(" ");
        let message = message.trim_start_matches("error: ").to_owned();
        Fault { message, usage: usage(error), hint: self.pointer() }
    }

    /// Returns the pointer to further help.
    fn pointer(&self) -> String {
        let name = program::name();
        if self.path.is_empty() {
            format!("`{name} help options` lists the options that every command takes")
        } else {
            format!("`{name} help {}` shows what it takes", self.path)
        }
    }

    fn command_line(&self, word: &str) -> String {
        format!("{} {word}", self.path).trim_start().to_owned()
    }
}

fn conflict(error: &Error) -> Fault {
    let name = text(error, ContextKind::InvalidArg);
    let others = texts(error, ContextKind::PriorArg);
    let message = match others.as_slice() {
        [] => format!("`{name}` can't be combined with the others"),
        [other] if *other == name => format!("`{name}` is given twice"),
        others => format!("`{name}` and `{}` exclude each other", others.join("`, `")),
    };
    Fault { message, usage: None, hint: "leave one of them out".to_owned() }
}

/// Finds the command of an error in the usage that it shows, if any.
fn path(error: &Error, program: &Command) -> Option<Vec<String>> {
    let usage = usage(error)?;
    let mut command = program;
    let mut res = Vec::new();
    for word in usage.split_whitespace().skip(2) {
        let Some(found) = command.find_subcommand(word) else { break };
        res.push(found.get_name().to_owned());
        command = found;
    }
    Some(res)
}

/// Finds the named command, whatever is wrong with its arguments.
fn named(arguments: &[String]) -> Vec<String> {
    let line = std::iter::once(program::name()).chain(arguments.iter().map(String::as_str));
    let matches = cli::command().ignore_errors(true).try_get_matches_from(line).ok();
    let mut matches = matches.as_ref();
    let mut res = Vec::new();
    while let Some((name, below)) = matches.and_then(|it| it.subcommand()) {
        res.push(name.to_owned());
        matches = Some(below);
    }
    res
}

fn usage(error: &Error) -> Option<String> {
    match error.get(ContextKind::Usage)? {
        ContextValue::StyledStr(usage) => Some(usage.to_string().trim_end().to_owned()),
        _ => None,
    }
}

fn text(error: &Error, kind: ContextKind) -> String {
    texts(error, kind).into_iter().next().unwrap_or_default()
}

fn texts(error: &Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => vec![text.clone()],
        Some(ContextValue::Strings(texts)) => texts.clone(),
        _ => Vec::new(),
    }
}

/// Shows a typed word; one that may contain a password is not repeated.
fn shown(word: &str) -> String {
    if is_url(word) { "a URL".to_owned() } else { format!("`{word}`") }
}

fn is_url(word: &str) -> bool {
    word.contains("://") || word.starts_with("sqlite:")
}
