//! Email addresses in the one form in which they are stored and looked up.

use unicode_normalization::UnicodeNormalization as _;

/// The longest address that mail can be sent to.
const LONGEST: usize = 254;

/// Returns an address in lower case and in Unicode's form C, or nothing if it can be none.
///
/// Whether mail reaches anybody only a mail can tell; this keeps out what the schema refuses.
pub(crate) fn normalize(text: &str) -> Option<String> {
    let res: String = text.trim().nfc().flat_map(char::to_lowercase).nfc().collect();
    let (name, host) = res.rsplit_once('@')?;
    let is_plain = !res.contains(|c: char| c.is_whitespace() || c.is_control());
    let is_short = res.chars().count() <= LONGEST;
    (is_plain && is_short && !name.is_empty() && !host.is_empty()).then_some(res)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_composition_make_no_second_address() {
        assert_eq!(normalize(" Ada@Example.ORG "), Some("ada@example.org".to_owned()));
        assert_eq!(normalize("ÉVA@example.org"), normalize("e\u{301}va@example.org"));
    }

    #[test]
    fn what_the_schema_refuses_is_refused_here() {
        let long = format!("{}@example.org", "a".repeat(243));
        for text in ["", "@", "ada", "ada@", "@example.org", "a da@x", "a\0@x", "a\u{a0}b@x", &long]
        {
            assert_eq!(normalize(text), None, "{text:?}");
        }
    }
}
