//! Escaping of foreign texts.

/// Escapes a text for XML and HTML, between tags and within quotes; what XML can't hold is replaced.
pub(super) fn xml(text: &str) -> String {
    let mut res = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => res.push_str("&amp;"),
            '<' => res.push_str("&lt;"),
            '>' => res.push_str("&gt;"),
            '"' => res.push_str("&quot;"),
            '\'' => res.push_str("&#39;"),
            '\t' | '\n' => res.push(c),
            c if c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}') => res.push('\u{FFFD}'),
            c => res.push(c),
        }
    }
    res
}

/// Cuts a text that is too long.
pub(super) fn short(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    kept + "…"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_tag_or_an_attribute() {
        let expected = "&lt;/style&gt;&lt;b a=&#39;x&#39; c=&quot;&amp;&quot;&gt;\u{FFFD}é";
        assert_eq!(xml("</style><b a='x' c=\"&\">\0é"), expected);
        assert_eq!((short("abc", 3), short("abcd", 3)), ("abc".to_owned(), "ab…".to_owned()));
    }
}
