//! Percent-encoding (RFC 3986, section 2.1).

use percent_encoding::{
    AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode_byte, utf8_percent_encode,
};

/// The reason why a text cannot be decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DecodeError {
    /// A `%` is not followed by two hexadecimal digits.
    Escape,
    NotUtf8,
    Nul,
}

/// The characters that are not literal everywhere in a URL.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Encodes every byte but the unreserved ones, so that the text is literal anywhere in a URL.
pub(crate) fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// Encodes the bytes that would not be read back as part of a path, or could control a terminal.
pub(crate) fn escape_path(text: &str) -> String {
    let mut res = String::with_capacity(text.len());
    for letter in text.chars() {
        match u8::try_from(letter) {
            Ok(byte) if byte.is_ascii_control() || b"%?".contains(&byte) => {
                res.push_str(percent_encode_byte(byte));
            }
            Ok(_) | Err(_) => res.push(letter),
        }
    }
    res
}

/// Decodes a text once: `%2540` becomes `%40`.
pub(crate) fn decode(text: &str) -> Result<String, DecodeError> {
    let is_escape = |rest: &str| rest.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2;
    if !text.split('%').skip(1).all(is_escape) {
        return Err(DecodeError::Escape);
    }
    let res = percent_decode_str(text).decode_utf8().map_err(|_| DecodeError::NotUtf8)?;
    if res.contains('\0') { Err(DecodeError::Nul) } else { Ok(res.into_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_unreserved_characters_are_kept() {
        assert_eq!(encode("aZ09-._~"), "aZ09-._~");
        assert_eq!(encode("p@ss/wö?#% "), "p%40ss%2Fw%C3%B6%3F%23%25%20");
    }

    #[test]
    fn what_is_encoded_decodes_to_itself() {
        for text in ["", "p@ss", "100%", "%41", "ü/ö", "a b\tc"] {
            assert_eq!(decode(&encode(text)).unwrap(), text);
            assert_eq!(decode(&escape_path(text)).unwrap(), text);
        }
        assert_eq!(decode("%2540").unwrap(), "%40");
        assert_eq!(decode("%2f%2F").unwrap(), "//");
    }

    #[test]
    fn what_cannot_be_decoded_says_why() {
        for text in ["%", "%4", "a%zz", "%+1", "%4ü"] {
            assert_eq!(decode(text), Err(DecodeError::Escape), "{text}");
        }
        assert_eq!(decode("%ff"), Err(DecodeError::NotUtf8));
        assert_eq!(decode("%00"), Err(DecodeError::Nul));
    }
}
