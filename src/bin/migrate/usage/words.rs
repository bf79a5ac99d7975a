//! Commands of other tools, with their equivalents.

use crate::program;

/// The placeholder for a message that can't be quoted.
const MESSAGE: &str = "MESSAGE";

/// Returns the equivalent of another tool's command, with the rest of the line where that makes
/// sense.
pub(super) fn hint(word: &str, rest: &[&str]) -> Option<String> {
    let name = program::name();
    let word = word.to_lowercase().replace('_', "-");
    let is = |words: &[&str]| words.contains(&word.as_str());
    let count = count(rest);
    Some(if is(&["new", "add", "create", "generate", "make", "make-migration", "migration", "g"]) {
        let message = message(rest);
        format!("`{name} revision -m \"{message}\"` writes a new revision")
    } else if is(&["makemigrations", "autogenerate"]) {
        let message = message(rest);
        format!("`{name} revision --autogenerate -m \"{message}\"` writes what leads to schema.sql")
    } else if is(&["rollback", "undo", "revert", "down", "back"]) {
        format!("`{name} downgrade -{count}` takes back {}", last(count))
    } else if is(&["up", "migrate", "apply", "run", "deploy", "update", "latest", "push"]) {
        if has_count(rest) {
            format!(
                "`{name} upgrade +{count}` runs the next {count}, and `{name} upgrade` all of them"
            )
        } else {
            format!("`{name} upgrade` runs all that is pending")
        }
    } else if is(&["redo", "reapply"]) {
        format!(
            "`{name} downgrade -{count}` takes back {}, and `{name} upgrade +{count}` runs it \
             again",
            last(count)
        )
    } else if is(&["reset", "refresh", "fresh", "recreate", "rebuild"]) {
        format!("`{name} downgrade base` takes everything back, and `{name} upgrade` runs it again")
    } else if is(&["clean", "drop", "wipe", "destroy", "purge"]) {
        format!("`{name} downgrade base` takes every revision back; nothing drops a database")
    } else if is(&["db", "database"]) && !rest.is_empty() && message(rest) != MESSAGE {
        format!("leave it out: `{name} {}`", message(rest))
    } else {
        return looking(&is).or_else(|| recording(&is));
    })
}

/// Returns the equivalent of a command that shows something.
fn looking(is: &dyn Fn(&[&str]) -> bool) -> Option<String> {
    let name = program::name();
    Some(if is(&["log", "list", "ls", "revisions", "versions", "migrations", "graph"]) {
        format!("`{name} history` lists the revisions, and `{name} status` which are applied")
    } else if is(&["info", "pending", "st", "state", "showmigrations"]) {
        format!("`{name} status` shows every revision and whether it is applied")
    } else if is(&["db-version", "dbversion", "ver"]) {
        format!("`{name} current` shows the current revisions, and `{name} version` what this is")
    } else if is(&["validate", "verify", "lint", "test"]) {
        format!("`{name} check` checks whether files, database and schema agree")
    } else if is(&["plan", "preview", "dry-run", "pretend", "simulate"]) {
        format!("`{name} upgrade --dry-run` shows what would run, and `--sql` prints it")
    } else if is(&["inspect", "schema", "dump-schema"]) {
        format!("`{name} dump` prints the database's schema")
    } else if is(&["erd", "draw", "visualize"]) {
        format!("`{name} diagram` draws the tables")
    } else if is(&["options", "flags", "env", "environment"]) {
        format!("`{name} help options` lists the options that every command takes")
    } else {
        return None;
    })
}

/// Returns the equivalent of a command that changes the record, or is done by hand.
fn recording(is: &dyn Fn(&[&str]) -> bool) -> Option<String> {
    let name = program::name();
    Some(if is(&["baseline", "mark", "resolve", "fake", "force", "set", "adopt"]) {
        format!(
            "`{name} stamp REVISION` records that the database has it already, and runs nothing"
        )
    } else if is(&["goto", "to", "target"]) {
        format!(
            "`{name} upgrade REVISION` goes up to it, and `{name} downgrade REVISION` back to it"
        )
    } else if is(&["fix", "doctor", "recover", "heal"]) {
        format!("`{name} repair` lists what there is to repair, and how")
    } else if is(&["unlock", "release-locks", "force-unlock"]) {
        format!(
            "`{name} lock status` shows who holds the lock, and `{name} lock release` revokes a lease"
        )
    } else if is(&["shell", "console", "query", "exec", "execute", "psql", "mysql", "sqlite3"]) {
        format!("`{name} sql` runs statements, or opens a shell")
    } else if is(&["setup", "start", "install", "begin"]) {
        format!("`{name} init` starts a project here")
    } else if is(&["join"]) {
        format!("`{name} merge heads -m \"{MESSAGE}\"` joins branches")
    } else {
        return None;
    })
}

/// Makes a message from words, if a shell would take it verbatim.
pub(super) fn message(words: &[&str]) -> String {
    let words = words.iter().take_while(|it| !it.starts_with('-'));
    let words = words.skip_while(|it| matches!(**it, "migration" | "revision"));
    let text = words.copied().collect::<Vec<_>>().join(" ");
    let plain = |c: char| c.is_alphanumeric() || " _-.,:;/()'+".contains(c);
    if text.is_empty() || !text.chars().all(plain) { MESSAGE.to_owned() } else { text }
}

fn has_count(rest: &[&str]) -> bool {
    rest.first().is_some_and(|it| it.parse::<u16>().is_ok_and(|count| count > 0))
}

/// Returns the number of steps; one by default.
fn count(rest: &[&str]) -> u16 {
    rest.first().and_then(|it| it.parse().ok()).filter(|count| *count > 0).unwrap_or(1)
}

fn last(count: u16) -> String {
    if count == 1 { "the last revision".to_owned() } else { format!("the last {count} revisions") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_taken_over_only_if_a_shell_takes_it_as_it_is() {
        assert_eq!(message(&["create", "users"]), "create users");
        assert_eq!(message(&["migration", "add_email", "-v"]), "add_email");
        for words in [&["$(id)"][..], &["a\"b"], &["`x`"], &["a\\"], &["a\nb"], &["-m", "x"], &[]] {
            assert_eq!(message(words), MESSAGE, "{words:?}");
        }
    }
}
