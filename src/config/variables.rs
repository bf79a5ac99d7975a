//! The table `[variables]`, and `-x KEY=VALUE` over it.

use std::collections::BTreeMap;

use crate::config::{ConfigError, Environment, Located, TomlTable, placeholder};

/// The variables of scripts: those of `-x` and those of the file, not filled in yet.
#[derive(Clone)]
pub(crate) struct Variables {
    given: BTreeMap<String, String>,
    written: Vec<Located<String>>,
    /// The names that only `-x` gives.
    unwritten: Vec<String>,
}

impl Variables {
    /// Reads the table and the arguments of `-x`; the last of a key counts.
    pub(crate) fn read(root: &TomlTable<'_>, arguments: &[String]) -> Result<Self, ConfigError> {
        let given =
            arguments.iter().enumerate().map(|(index, argument)| argument_of(index, argument));
        let given: BTreeMap<_, _> = given.collect::<Result<_, _>>()?;
        let mut written = Vec::new();
        let mut unwritten: Vec<String> = given.keys().cloned().collect();
        if let Some(table) = root.table("variables", "[variables]")? {
            unwritten.retain(|name| table.keys().all(|key| key != name));
            for key in table.keys().filter(|key| !given.contains_key(*key)) {
                written.extend(table.string(key)?);
            }
        }
        Ok(Self { given, written, unwritten })
    }

    /// Sets a variable, which takes precedence over the file.
    pub(crate) fn set(&mut self, name: String, value: String) {
        self.written.retain(|it| it.key != name);
        self.given.insert(name, value);
    }

    /// Tells whether `-x` set a variable.
    pub(crate) fn is_given(&self, name: &str) -> bool {
        self.given.contains_key(name)
    }

    /// Returns the names that only `-x` gives.
    pub(crate) fn unwritten(&self) -> &[String] {
        &self.unwritten
    }

    pub(crate) fn fill(&self, env: &Environment) -> Result<BTreeMap<String, String>, ConfigError> {
        let mut res = self.given.clone();
        for text in &self.written {
            res.insert(text.key.clone(), placeholder::fill(text, env)?);
        }
        Ok(res)
    }
}

fn argument_of(index: usize, argument: &str) -> Result<(String, String), ConfigError> {
    match argument.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err(ConfigError::VariableArgument { position: index + 1 }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::testing::{keeps_secrets, read};

    fn variables(text: &str, arguments: &[&str]) -> Result<BTreeMap<String, String>, ConfigError> {
        let arguments: Vec<String> = arguments.iter().map(|&text| text.to_owned()).collect();
        let environment = Environment::new("/", [("SET", "of the environment")]);
        read(text, |root| Variables::read(root, &arguments)?.fill(&environment))
    }

    #[test]
    fn an_argument_overrides_the_table_and_the_last_one_counts() {
        let text = "[variables]\na = 'file'\nb = 'file'\nc = '${SET}'";
        let res = variables(text, &["b=1", "b=x=y", "d="]).unwrap();
        let expected = [("a", "file"), ("b", "x=y"), ("c", "of the environment"), ("d", "")];
        let expected = expected.map(|(key, value)| (key.to_owned(), value.to_owned()));
        assert_eq!(res, BTreeMap::from(expected));
        let unset = "[variables]\na = '${UNSET}'";
        assert!(variables(unset, &["a=1"]).is_ok());
        let message = "`a` needs the environment variable `UNSET`, which is not set";
        assert_eq!(variables(unset, &[]).unwrap_err().to_string(), message);
    }

    #[test]
    fn what_is_no_pair_or_no_text_is_refused_and_not_shown() {
        for argument in ["s3cr3t", "=s3cr3t", ""] {
            let error = variables("", &["a=1", argument]).unwrap_err();
            assert_eq!(error.to_string(), "argument 2 of `-x` is not KEY=VALUE");
            keeps_secrets(&error);
        }
        let error = variables("[variables]\npin = 1234", &[]).unwrap_err();
        assert_eq!(error.to_string(), "`pin` must be a string, not an integer");
        assert!(!format!("{error:?}").contains("1234"));
    }
}
