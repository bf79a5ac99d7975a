//! The tables `[[hooks.post_write]]`.

use std::path::{Path, PathBuf};

use crate::config::{ConfigError, Located, TomlTable};

/// A command that is run on a revision file just written, such as a formatter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostWriteHook {
    /// The name of the hook in messages.
    pub name: Option<String>,
    /// The program, and its arguments as they are written: `{file}` is left to the caller.
    pub command: Vec<String>,
    /// The folder in which the command runs; `None` is the working folder.
    pub cwd: Option<PathBuf>,
}

/// Reads the hooks in order; folders are relative to that of the configuration file.
pub(crate) fn read(root: &TomlTable<'_>, folder: &Path) -> Result<Vec<PostWriteHook>, ConfigError> {
    let Some(hooks) = root.table("hooks", "[hooks]")? else { return Ok(Vec::new()) };
    hooks.check_keys(&["post_write"])?;
    let tables = hooks.tables("post_write", "[[hooks.post_write]]")?;
    tables.iter().map(|table| hook(table, folder)).collect()
}

fn hook(table: &TomlTable<'_>, folder: &Path) -> Result<PostWriteHook, ConfigError> {
    table.check_keys(&["command", "name", "cwd"])?;
    let Some(command) = table.strings("command")? else {
        return Err(ConfigError::MissingKey {
            place: Box::new(table.place()),
            key: "command",
            table: table.name().to_owned(),
        });
    };
    if command.value.first().is_none_or(|program| program.value.is_empty()) {
        return Err(ConfigError::Empty { place: command.place, key: command.key });
    }
    Ok(PostWriteHook {
        name: text(table.string("name")?),
        command: command.value.into_iter().map(|argument| argument.value).collect(),
        cwd: text(table.string("cwd")?).map(|cwd| folder.join(cwd)),
    })
}

fn text(located: Option<Located<String>>) -> Option<String> {
    located.map(|located| located.value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::testing;

    fn hooks(text: &str) -> Result<Vec<PostWriteHook>, ConfigError> {
        testing::read(text, |root| read(root, Path::new("/srv")))
    }

    #[test]
    fn hooks_are_read_in_their_order() {
        let text = r#"
            [[hooks.post_write]]
            command = ["sqlfluff", "fix", "{file}"]
            [[hooks.post_write]]
            name = "stamp"
            command = ["./stamp"]
            cwd = "tools"
        "#;
        let command = ["sqlfluff", "fix", "{file}"].map(str::to_owned).to_vec();
        let expected = [
            PostWriteHook { name: None, command, cwd: None },
            PostWriteHook {
                name: Some("stamp".to_owned()),
                command: vec!["./stamp".to_owned()],
                cwd: Some(PathBuf::from("/srv/tools")),
            },
        ];
        assert_eq!(hooks(text).unwrap(), expected);
        assert_eq!(hooks("").unwrap(), []);
    }

    #[test]
    fn a_hook_without_a_command_or_with_an_unknown_key_is_refused() {
        let list = "`command` must be an array of strings, not a string";
        let unknown = "unknown key `commands` in [[hooks.post_write]]";
        for (text, line, expected) in [
            ("[[hooks.post_write]]\nname = 'x'", 1, "`command` is missing in [[hooks.post_write]]"),
            ("[[hooks.post_write]]\ncommand = []", 2, "`command` is empty"),
            ("[[hooks.post_write]]\ncommand = ['']", 2, "`command` is empty"),
            ("[[hooks.post_write]]\ncommand = 'x'", 2, list),
            ("[[hooks.pre_write]]", 1, "unknown key `pre_write` in [hooks]"),
            ("[[hooks.post_write]]\ncommands = ['x']", 2, unknown),
        ] {
            let error = hooks(text).unwrap_err();
            let told = (error.place().unwrap().line, error.to_string());
            assert_eq!(told, (line, expected.to_owned()), "{text}");
        }
    }
}
