//! `${NAME}` and `${NAME:-default}` in values, filled in after the TOML is parsed.

use crate::config::{ConfigError, Environment, Located};
use crate::url::percent_encode;

/// Returns the value with its placeholders filled in as they are.
pub(crate) fn fill(text: &Located<String>, env: &Environment) -> Result<String, ConfigError> {
    expand(text, env, str::to_owned)
}

/// Returns the URL with its placeholders filled in percent-encoded, but one that is the whole URL
/// as it is.
pub(crate) fn fill_url(text: &Located<String>, env: &Environment) -> Result<String, ConfigError> {
    let whole = text.value.starts_with("${") && text.value.find('}') == Some(text.value.len() - 1);
    if whole { fill(text, env) } else { expand(text, env, percent_encode) }
}

fn expand(
    text: &Located<String>,
    environment: &Environment,
    encode: fn(&str) -> String,
) -> Result<String, ConfigError> {
    let mut res = String::new();
    let mut rest = text.value.as_str();
    while let Some((before, after)) = rest.split_once("${") {
        if let Some(before) = before.strip_suffix('$') {
            res.push_str(before);
            res.push_str("${");
            rest = after;
            continue;
        }
        let (inside, after) = after.split_once('}').ok_or_else(|| malformed(text))?;
        res.push_str(before);
        res.push_str(&encode(&value(text, inside, environment)?));
        rest = after;
    }
    res.push_str(rest);
    Ok(res)
}

/// Returns what stands for `NAME` or `NAME:-default`; as in a shell, the default stands for an
/// empty variable too.
fn value(
    text: &Located<String>,
    inside: &str,
    environment: &Environment,
) -> Result<String, ConfigError> {
    let (name, default) = match inside.split_once(":-") {
        Some((name, default)) => (name, Some(default)),
        None => (inside, None),
    };
    if !is_name(name) || default.is_some_and(|default| default.contains("${")) {
        return Err(malformed(text));
    }
    match (environment.lookup(name)?, default) {
        (Some(value), None) => Ok(value.to_owned()),
        (Some(value), Some(_)) if !value.is_empty() => Ok(value.to_owned()),
        (_, Some(default)) => Ok(default.to_owned()),
        (None, None) => Err(ConfigError::UnsetVariable {
            place: text.place.clone(),
            key: text.key.clone(),
            variable: name.to_owned(),
        }),
    }
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn malformed(text: &Located<String>) -> ConfigError {
    ConfigError::Placeholder { place: text.place.clone(), key: text.key.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::testing::told;
    use crate::place::Place;
    use std::path::Path;

    type Fill = fn(&Located<String>, &Environment) -> Result<String, ConfigError>;

    fn filled(fill: Fill, value: &str) -> Result<String, ConfigError> {
        let place = Box::new(Place::at(Path::new("migrate.toml"), "", 3, 1));
        let text = Located { key: "url".to_owned(), value: value.to_owned(), place };
        let url = "mysql://a:p%40@h/d";
        let variables = [("PW", "p@s/s"), ("E", ""), ("X", "${PW}"), ("URL", url)];
        fill(&text, &Environment::new("/", variables))
    }

    #[test]
    fn a_value_is_put_in_once_as_it_is_or_percent_encoded_inside_a_url() {
        let cases: [(Fill, &str, &str); 9] = [
            (fill, "a${PW}b${E}c", "ap@s/sbc"),
            (fill, "${X}", "${PW}"),
            // A default stands for an unset or empty variable.
            (fill, "${NO:-x}${E:-y}${PW:-z}${NO:-}", "xyp@s/s"),
            // A dollar alone is literal, and two before a brace are one.
            (fill, "a$b $ $$ $1 5$", "a$b $ $$ $1 5$"),
            (fill, "$${PW} $$${PW}", "${PW} $${PW}"),
            (fill_url, "mysql://a:${PW}@h/d", "mysql://a:p%40s%2Fs@h/d"),
            (fill_url, "${NO:-a b}://${PW}", "a%20b://p%40s%2Fs"),
            // A value that is the whole URL is taken as it is.
            (fill_url, "${URL}", "mysql://a:p%40@h/d"),
            (fill_url, "${NO:-sqlite:a b.db}", "sqlite:a b.db"),
        ];
        for (fill, text, expected) in cases {
            assert_eq!(filled(fill, text).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_placeholder_or_not_set_is_refused() {
        for text in ["${", "${PW", "${}", "${1}", "${a b}", "${:-x}", "${PW:x}", "${NO:-${PW}}"] {
            let error = filled(fill_url, text).unwrap_err();
            assert!(matches!(error, ConfigError::Placeholder { .. }), "{text}: {error}");
        }
        let message = "3:1: `url` needs the environment variable `NO`, which is not set";
        assert_eq!(told(&filled(fill, "${NO}").unwrap_err()), message);
    }
}
