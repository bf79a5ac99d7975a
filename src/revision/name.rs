//! The names of new script files, made from a template and a message.

use chrono::{DateTime, Datelike, FixedOffset, Timelike};

/// What a file name is made of.
#[derive(Debug, Clone, Copy)]
pub struct NameParts<'a> {
    /// The template, e.g. `{rev}_{slug}`.
    pub template: &'a str,
    /// The revision's id.
    pub revision: &'a str,
    /// The message.
    pub message: &'a str,
    /// When the revision is made.
    pub created: DateTime<FixedOffset>,
    /// The most characters of a slug.
    pub slug_length: usize,
}

/// Makes the stem of a pair's names; the template may hold `/` for folders.
pub fn stem(parts: &NameParts<'_>) -> String {
    let created = parts.created;
    let values = [
        ("{rev}", parts.revision.to_owned()),
        ("{slug}", slug(parts.message, parts.slug_length)),
        ("{epoch}", created.timestamp().to_string()),
        ("{year}", format!("{:04}", created.year())),
        ("{month}", format!("{:02}", created.month())),
        ("{day}", format!("{:02}", created.day())),
        ("{hour}", format!("{:02}", created.hour())),
        ("{minute}", format!("{:02}", created.minute())),
        ("{second}", format!("{:02}", created.second())),
    ];
    let mut res = String::new();
    let mut rest = parts.template;
    while let Some(open) = rest.find('{') {
        let (before, token) = rest.split_at(open);
        res.push_str(before);
        let known = values.iter().find(|(name, _)| token.starts_with(name));
        let (name, value) = known.map_or(("{", "{"), |(name, value)| (*name, value.as_str()));
        res.push_str(value);
        rest = token.get(name.len()..).unwrap_or_default();
    }
    res + rest
}

/// Makes a file name of a message: runs of ASCII letters and digits, joined by `_`.
///
/// Alembic's rule for long ones: cut, the last partial word dropped, `_` appended. What a file
/// system or a shell could trip over never gets into it.
pub fn slug(message: &str, length: usize) -> String {
    let words: Vec<String> = message
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let res = words.join("_");
    match res.get(..length) {
        Some(cut) if res.len() > length => {
            format!("{}_", cut.rsplit_once('_').map_or(cut, |(words, _)| words))
        }
        _ => res,
    }
}

/// Makes a message one line: whatever could end a comment line or steer a terminal is a blank.
pub fn one_line(message: &str) -> String {
    let blank = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}');
    let text: String = message.chars().map(|c| if blank(c) { ' ' } else { c }).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_template_begins_with_the_date() {
        let parts = NameParts {
            template: "{year}{month}{day}_{hour}{minute}{second}_{rev}_{slug}",
            revision: "3f2a9c81d0e4",
            message: "Create users table!",
            created: DateTime::parse_from_rfc3339("2026-11-03T04:05:06Z").unwrap(),
            slug_length: 40,
        };
        assert_eq!(stem(&parts), "20261103_040506_3f2a9c81d0e4_create_users_table");
        let odd = NameParts { template: "{epoch}/{rev}{x}{", ..parts };
        assert_eq!(stem(&odd), "1793678706/3f2a9c81d0e4{x}{");
    }

    #[test]
    fn slugs_are_cut_at_a_word() {
        assert_eq!(slug("../../etc/passwd", 40), "etc_passwd");
        assert_eq!(slug("", 40), "");
        assert_eq!(slug("one two three", 9), "one_two_");
        assert_eq!(slug("one_two_three", 7), "one_");
        assert_eq!(slug("abcdefghij", 5), "abcde_");
    }

    #[test]
    fn a_message_is_one_line() {
        assert_eq!(one_line("a\nb\r\n\u{2028}c\u{1b}[1m"), "a b c [1m");
    }
}
