//! Percent-encoding (RFC 3986, section 2.1).

/// Why a text cannot be decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DecodeError {
    /// A `%` without two hexadecimal digits.
    Escape,
    /// The bytes are not UTF-8.
    NotUtf8,
    /// A NUL byte.
    Nul,
}

/// Encodes every byte but the unreserved ones, so that the text means itself anywhere in a URL.
pub(crate) fn encode(text: &str) -> String {
    encode_unless(text, |byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
}

/// Encodes what would not be read back as part of a path, and what would disturb a terminal.
pub(crate) fn escape_path(text: &str) -> String {
    encode_unless(text, |byte| !byte.is_ascii_control() && byte != b'%' && byte != b'?')
}

/// Decodes a text once: `%2540` becomes `%40`.
pub(crate) fn decode(text: &str) -> Result<String, DecodeError> {
    let mut res = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let high = bytes.next().and_then(hexadecimal).ok_or(DecodeError::Escape)?;
            let low = bytes.next().and_then(hexadecimal).ok_or(DecodeError::Escape)?;
            res.push(high * 16 + low);
        } else {
            res.push(byte);
        }
    }
    if res.contains(&0) {
        return Err(DecodeError::Nul);
    }
    String::from_utf8(res).map_err(|_| DecodeError::NotUtf8)
}

fn encode_unless(text: &str, kept: impl Fn(u8) -> bool) -> String {
    let mut res = Vec::with_capacity(text.len());
    for byte in text.bytes() {
        if kept(byte) {
            res.push(byte);
        } else {
            res.extend_from_slice(format!("%{byte:02X}").as_bytes());
        }
    }
    String::from_utf8_lossy(&res).into_owned()
}

fn hexadecimal(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
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
    }

    #[test]
    fn a_text_is_decoded_once() {
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
