//! What endpoints take from a request, and how they refuse it.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse as _;
use serde::de::DeserializeOwned;

use crate::error::ApiError;
use crate::server::App;
use crate::store::Account;
use crate::tokens::Claims;

/// The body as JSON.
pub(crate) struct JsonBody<T>(pub(crate) T);

/// The body as a form.
pub(crate) struct FormBody<T>(pub(crate) T);

/// Whoever has shown a good access token.
pub(crate) struct SignedIn {
    pub(crate) account: Account,
    pub(crate) claims: Claims,
}

/// One of them who has the role `admin`.
pub(crate) struct Admin;

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        expect(request.headers(), "application/json")?;
        let bytes = read(request, state).await?;
        let mut reader = serde_json::Deserializer::from_slice(&bytes);
        let res = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let text = error.inner().to_string();
            if error.inner().is_data() {
                fault(&error.path().to_string(), &text)
            } else {
                ApiError::invalid("json_invalid", &["body"], "The body is not JSON")
            }
        })?;
        let end = reader.end();
        end.map_err(|_| {
            ApiError::invalid("json_invalid", &["body"], "The body goes on after its end")
        })?;
        Ok(Self(res))
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for FormBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        expect(request.headers(), "application/x-www-form-urlencoded")?;
        let bytes = read(request, state).await?;
        let res = serde_urlencoded::from_bytes(&bytes);
        res.map(Self).map_err(|error| fault(".", &error.to_string()))
    }
}

impl FromRequestParts<Arc<App>> for SignedIn {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let token = bearer(&parts.headers)?;
        let claims = app.tokens.verify(token).ok_or_else(ApiError::invalid_token)?;
        let account = app.store.authenticate(&claims.sub, &claims.jti).await?;
        let is_good = |it: &Account| !it.is_disabled && it.tokens_valid_from <= claims.iat;
        let account = account.filter(is_good).ok_or_else(ApiError::invalid_token)?;
        Ok(Self { account, claims })
    }
}

impl FromRequestParts<Arc<App>> for Admin {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let it = SignedIn::from_request_parts(parts, app).await?;
        // As the database has it now: a role that was taken away is in the token still.
        if it.account.roles.iter().any(|role| role == "admin") {
            Ok(Self)
        } else {
            Err(ApiError::forbidden())
        }
    }
}

/// Returns the token of the one `Authorization` header.
fn bearer(headers: &HeaderMap) -> Result<&str, ApiError> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return Err(ApiError::not_authenticated());
    };
    let text = value.to_str().map_err(|_| ApiError::invalid_token())?;
    let (scheme, token) = text.split_once(' ').unwrap_or((text, ""));
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(ApiError::not_authenticated());
    }
    Ok(token.trim())
}

/// Refuses a body of another type, so that no form on another site can send one.
fn expect(headers: &HeaderMap, expected: &str) -> Result<(), ApiError> {
    let given = headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    let given = given.split(';').next().unwrap_or_default().trim();
    if given.eq_ignore_ascii_case(expected) {
        return Ok(());
    }
    let msg = format!("The header Content-Type has to be {expected}");
    Err(ApiError::invalid("content_type", &["header", "content-type"], msg))
}

async fn read<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, ApiError> {
    Bytes::from_request(request, state).await.map_err(|rejection| {
        match rejection.into_response().status() {
            StatusCode::PAYLOAD_TOO_LARGE => ApiError::too_large(),
            _ => ApiError::broken_body(),
        }
    })
}

/// Says which field is wrong. Of serde's text only the name of a missing field is taken: what it
/// says of others may hold a value, and that a password.
fn fault(path: &str, text: &str) -> ApiError {
    let name = |kind: &str| text.strip_prefix(kind)?.split('`').next();
    if let Some(field) = name("missing field `") {
        return ApiError::invalid("missing", &["body", field], "Field required");
    }
    if let Some(field) = name("duplicate field `") {
        return ApiError::invalid("duplicate", &["body", field], "Field given twice");
    }
    let loc: &[&str] = if path == "." { &["body"] } else { &["body", path] };
    ApiError::invalid("type_error", loc, "Not of the right type")
}
