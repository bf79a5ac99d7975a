//! `${name}` in scripts: only names that the head declares mean something.

use std::borrow::Cow;

/// Finds the first declared variable in a text that has no value: its offset and name.
pub(super) fn without_value<'a>(
    text: &str,
    declared: &'a [String],
    values: &[(String, String)],
) -> Option<(usize, &'a str)> {
    let missing = declared.iter().filter(|name| !values.iter().any(|(known, _)| known == *name));
    missing.filter_map(|name| Some((text.find(&format!("${{{name}}}"))?, name.as_str()))).min()
}

/// Puts values in.
pub(super) fn substitute<'a>(text: &'a str, values: &[(String, String)]) -> Cow<'a, str> {
    let mut res = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        let (before, token) = rest.split_at(at);
        let known = values.iter().find_map(|(name, value)| {
            let tail = token.strip_prefix("${")?.strip_prefix(name.as_str())?.strip_prefix('}')?;
            Some((value.as_str(), tail))
        });
        let (value, tail) = known.unwrap_or_else(|| token.split_at(2));
        res.push_str(before);
        res.push_str(value);
        rest = tail;
    }
    if res.is_empty() {
        return Cow::Borrowed(text);
    }
    res.push_str(rest);
    Cow::Owned(res)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_declared_names_are_put_in() {
        let values = [("tenant".to_owned(), "acme".to_owned())];
        assert_eq!(
            substitute("SELECT '${tenant}', '$2a$', ${x}", &values),
            "SELECT 'acme', '$2a$', ${x}"
        );
        assert_eq!(substitute("${tenant}", &values), "acme");
        assert_eq!(substitute("plain", &values), "plain");
    }

    #[test]
    fn values_are_not_read_again() {
        let values = [("a".to_owned(), "${b}".to_owned()), ("b".to_owned(), "x".to_owned())];
        assert_eq!(substitute("${a}", &values), "${b}");
    }

    #[test]
    fn the_first_without_a_value_is_found() {
        let declared = ["a".to_owned(), "b".to_owned()];
        let values = [("a".to_owned(), String::new())];
        assert_eq!(without_value("${a} ${b} ${c}", &declared, &values), Some((5, "b")));
        assert_eq!(without_value("${a} ${c}", &declared, &values), None);
    }
}
