//! The form of a message in a file's name and in its header.

/// Makes a file name from a message: runs of ASCII letters and digits, joined by `_`.
///
/// Alembic's rule for long ones: cut, the last partial word dropped, `_` appended. Characters with
/// a meaning in file systems or shells are never included.
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

/// Reduces a message to one line: characters that could end a comment line or control a terminal
/// become blanks.
pub fn one_line(message: &str) -> String {
    let blank = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}');
    let text: String = message.chars().map(|c| if blank(c) { ' ' } else { c }).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_cut_at_a_word_and_messages_are_one_line() {
        assert_eq!(slug("../../etc/passwd", 40), "etc_passwd");
        assert_eq!(slug("", 40), "");
        assert_eq!(slug("one two three", 9), "one_two_");
        assert_eq!(slug("one_two_three", 7), "one_");
        assert_eq!(slug("abcdefghij", 5), "abcde_");
        assert_eq!(one_line("a\nb\r\n\u{2028}c\u{1b}[1m"), "a b c [1m");
    }
}
