//! PostgreSQL's arrays, parsed from their texts and written as JSON.

use std::iter::Peekable;
use std::str::Chars;

use crate::database::Value;
use crate::database::value::Meaning;
use crate::sql::hex;

/// Converts an array to JSON; none if the text is not an array (section 8.15.2 of the manual).
pub(super) fn json(text: &str, meaning: Meaning) -> Option<String> {
    // Bounds that don't begin at 1 go before the braces.
    let text = if text.starts_with('[') { text.split_once('=')?.1 } else { text };
    let mut chars = text.chars().peekable();
    let mut res = String::new();
    let mut depth = 0_usize;
    loop {
        match chars.peek()? {
            '{' => {
                depth += 1;
                res.push('[');
                chars.next();
                continue;
            }
            '}' => {}
            _ if depth == 0 => return None,
            '"' => quoted(&string(&mut chars)?, &mut res),
            _ => bare(&mut chars, meaning, &mut res),
        }
        // The text after a value, and the ends of all arrays that end with it.
        while chars.next_if_eq(&'}').is_some() {
            depth = depth.checked_sub(1)?;
            res.push(']');
        }
        if depth == 0 {
            return chars.next().is_none().then_some(res);
        }
        chars.next_if(|c| matches!(c, ',' | ';'))?;
        res.push(',');
    }
}

fn string(chars: &mut Peekable<Chars<'_>>) -> Option<String> {
    chars.next();
    let mut res = String::new();
    loop {
        match chars.next()? {
            '"' => return Some(res),
            '\\' => res.push(chars.next()?),
            c => res.push(c),
        }
    }
}

fn bare(chars: &mut Peekable<Chars<'_>>, meaning: Meaning, res: &mut String) {
    let mut text = String::new();
    while let Some(c) = chars.next_if(|c| !matches!(c, ',' | ';' | '{' | '}')) {
        text.push(c);
    }
    if text.eq_ignore_ascii_case("null") {
        res.push_str("null");
        return;
    }
    match Value::read(&text, meaning) {
        Value::Real(number) if !number.is_finite() => quoted(&text, res),
        value @ (Value::Boolean(_) | Value::Integer(_) | Value::Real(_)) => {
            res.push_str(&value.to_string());
        }
        Value::Decimal(digits) if digits.parse::<f64>().is_ok_and(f64::is_finite) => {
            res.push_str(&digits);
        }
        Value::Null | Value::Decimal(_) | Value::Text(_) | Value::Blob(_) => quoted(&text, res),
    }
}

fn quoted(text: &str, res: &mut String) {
    res.push('"');
    for c in text.chars() {
        match c {
            '"' => res.push_str("\\\""),
            '\\' => res.push_str("\\\\"),
            '\n' => res.push_str("\\n"),
            '\r' => res.push_str("\\r"),
            '\t' => res.push_str("\\t"),
            c if c < ' ' => {
                res.push_str("\\u00");
                res.push_str(&hex(&[u8::try_from(c).unwrap_or_default()]));
            }
            c => res.push(c),
        }
    }
    res.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, meaning: Meaning, expected: Option<&str>) {
        assert_eq!(json(text, meaning).as_deref(), expected, "{text}");
    }

    #[test]
    fn arrays_of_every_kind_are_json() {
        check("{}", Meaning::Text, Some("[]"));
        check("{1,2,NULL}", Meaning::Integer, Some("[1,2,null]"));
        check("{{1,2},{3,4}}", Meaning::Integer, Some("[[1,2],[3,4]]"));
        check("[0:1]={1,2}", Meaning::Integer, Some("[1,2]"));
        check("{t,f}", Meaning::Boolean, Some("[true,false]"));
        check("{1,NaN,2.5}", Meaning::Real, Some("[1.0,\"NaN\",2.5]"));
        check("{1.50,NaN}", Meaning::Decimal, Some("[1.50,\"NaN\"]"));
        check(
            r#"{a,"b \"c\" \\","NULL",""}"#,
            Meaning::Text,
            Some(r#"["a","b \"c\" \\","NULL",""]"#),
        );
        check("{\"a\nb\u{1}\"}", Meaning::Text, Some("[\"a\\nb\\u0001\"]"));
    }

    #[test]
    fn what_is_no_array_is_none() {
        for text in ["", "a", "{", "{1", "{1,", "{1}}", "{\"a", "}", "{1}x", "[0:1]"] {
            check(text, Meaning::Integer, None);
        }
    }
}
