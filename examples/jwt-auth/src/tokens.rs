//! Access tokens, which are signed, and refresh tokens, which are random.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use crate::config::{Options, SecretKey};
use crate::error::ApiError;
use crate::store::{Account, NewRefreshToken};
use crate::{clock, hs256, random};

/// The longest that an access token can be good for, in seconds, whatever the options say.
const LONGEST: i64 = Options::MOST_ACCESS_MINUTES * 60;

/// What an access token says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Claims {
    /// The user's `subject`.
    pub(crate) sub: String,
    /// From when on it is refused.
    pub(crate) exp: i64,
    /// When it was issued.
    pub(crate) iat: i64,
    /// The name by which it can be revoked.
    pub(crate) jti: String,
    /// The sign-in that it goes back to: the family of its refresh token.
    pub(crate) sid: String,
    /// The user's roles when it was issued. They are for other services; here the database says.
    pub(crate) roles: Vec<String>,
}

/// Signs and verifies.
pub(crate) struct Tokens {
    signing: EncodingKey,
    verifying: DecodingKey,
    validation: Validation,
    access_seconds: i64,
    refresh_seconds: i64,
}

/// A refresh token, and what the database keeps of it.
pub(crate) struct Refresh {
    /// What the client gets.
    pub(crate) token: String,
    /// What is stored.
    pub(crate) row: NewRefreshToken,
}

impl Tokens {
    /// Takes the key and the lifetimes.
    pub(crate) fn new(key: &SecretKey, options: &Options) -> Self {
        hs256::install();
        let mut validation = Validation::new(Algorithm::HS256);
        validation.leeway = 0; // one clock signs and verifies
        validation.set_required_spec_claims(&["exp", "sub"]);
        Self {
            signing: EncodingKey::from_secret(key.expose()),
            verifying: DecodingKey::from_secret(key.expose()),
            validation,
            access_seconds: options.access_seconds(),
            refresh_seconds: options.refresh_seconds(),
        }
    }

    /// Returns how long an access token is good for.
    pub(crate) fn access_seconds(&self) -> i64 {
        self.access_seconds
    }

    /// Signs an access token.
    pub(crate) fn access(
        &self,
        account: &Account,
        family: &str,
        now: i64,
    ) -> Result<String, ApiError> {
        // Signing out everywhere refuses what was issued up to the end of that second. A token
        // of a sign-in within the same second is dated to the next, so that it is good.
        let iat = now.max(account.tokens_valid_from);
        let claims = Claims {
            sub: account.subject.clone(),
            exp: iat + self.access_seconds,
            iat,
            jti: random::hex::<16>()?,
            sid: family.to_owned(),
            roles: account.roles.clone(),
        };
        let header = Header::new(Algorithm::HS256);
        jsonwebtoken::encode(&header, &claims, &self.signing).map_err(|_| ApiError::unavailable())
    }

    /// Makes a refresh token; `family` is the sign-in that it goes back to.
    pub(crate) fn refresh(&self, now: i64) -> Result<Refresh, ApiError> {
        let token = random::hex::<32>()?;
        let row = NewRefreshToken {
            hash: random::sha256(&token),
            issued_at: now,
            expires_at: now + self.refresh_seconds,
        };
        Ok(Refresh { token, row })
    }

    /// Returns what a token says, if we signed it and it is not over.
    ///
    /// Its names are of our making only if they look so, and its end only if it is near: another
    /// program may have the key, too.
    pub(crate) fn verify(&self, token: &str) -> Option<Claims> {
        let res = jsonwebtoken::decode::<Claims>(token, &self.verifying, &self.validation).ok()?;
        let claims = res.claims;
        let is_ours = is_name(&claims.sub) && is_name(&claims.jti) && is_name(&claims.sid);
        let is_short = claims.exp <= clock::now().saturating_add(LONGEST);
        (is_ours && is_short).then_some(claims)
    }
}

/// Tells whether a text is 32 hexadecimal digits, with or without the hyphens of a UUID.
pub(crate) fn is_name(text: &str) -> bool {
    let is_hex = |text: &str| text.bytes().all(|it| it.is_ascii_hexdigit());
    match text.len() {
        32 => is_hex(text),
        36 => text.split('-').map(str::len).eq([8, 4, 4, 4, 12]) && text.split('-').all(is_hex),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_two_databases() {
        assert!(is_name("0123456789abcdef0123456789abcdef"));
        assert!(is_name("01234567-89ab-cdef-0123-456789abcdef"));
        for text in ["", "0123456789abcdef0123456789abcdeg", "-".repeat(36).as_str()] {
            assert!(!is_name(text), "{text}");
        }
    }
}
