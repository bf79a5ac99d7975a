//! Random names and secrets, and the digest by which a secret is kept.

use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom as _, SystemRandom};

use crate::error::ApiError;

/// Returns `N` random bytes in hexadecimal digits; fails only where the system has none to give.
pub(crate) fn hex<const N: usize>() -> Result<String, ApiError> {
    let mut bytes = [0_u8; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| ApiError::unavailable())?;
    let digit = |it: u8| char::from_digit(it.into(), 16).unwrap_or_default();
    Ok(bytes.iter().flat_map(|it| [digit(it >> 4), digit(it & 15)]).collect())
}

/// Returns the SHA-256 of a text.
pub(crate) fn sha256(text: &str) -> [u8; 32] {
    let mut res = [0; 32];
    res.copy_from_slice(digest(&SHA256, text.as_bytes()).as_ref());
    res
}
