//! Tokens by hand, good and bad.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use ring::hmac;
use serde_json::{Value, json};

use crate::support::SECRET;

/// Returns a text in base64url.
pub(crate) fn encode(text: &str) -> String {
    BASE64.encode(text)
}

/// Returns what a token says.
#[track_caller]
pub(crate) fn claims(token: &str) -> Value {
    let part = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&BASE64.decode(part).unwrap()).unwrap()
}

/// Returns the head of a token.
#[track_caller]
pub(crate) fn head(token: &str) -> Value {
    let part = token.split('.').next().unwrap();
    serde_json::from_slice(&BASE64.decode(part).unwrap()).unwrap()
}

/// Signs with the service's key.
pub(crate) fn sign(claims: &Value) -> String {
    sign_by("HS256", hmac::HMAC_SHA256, SECRET, claims)
}

/// Signs by an algorithm with a key.
pub(crate) fn sign_by(name: &str, algorithm: hmac::Algorithm, key: &str, claims: &Value) -> String {
    let head = encode(&json!({"typ": "JWT", "alg": name}).to_string());
    let text = format!("{head}.{}", encode(&claims.to_string()));
    let signature = hmac::sign(&hmac::Key::new(algorithm, key.as_bytes()), text.as_bytes());
    format!("{text}.{}", BASE64.encode(signature))
}
