//! How a request fails: a status, and `{"detail": …}` as `FastAPI` has it.

use axum::Json;
use axum::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::store::StoreError;
use crate::terminal;

/// Asks for a token (RFC 6750, 3).
const BEARER: &str = "Bearer";
/// Says that there was one, and that it is good for nothing (RFC 6750, 3.1).
const INVALID: &str = "Bearer error=\"invalid_token\"";
/// Says that it is good, and not for this.
const INSUFFICIENT: &str = "Bearer error=\"insufficient_scope\"";

/// An answer that is not what was asked for.
#[derive(Debug)]
pub(crate) struct ApiError {
    status: StatusCode,
    detail: Detail,
    challenge: Option<&'static str>,
    retry_after: Option<i64>,
}

/// What went wrong.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// What went wrong, in words.
    detail: String,
}

/// What is wrong with the fields of a request.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ValidationProblem {
    /// The faults.
    detail: Vec<Fault>,
}

/// What is wrong with a field.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Fault {
    /// A word for programs.
    #[schema(example = "value_error")]
    r#type: &'static str,
    /// Where: `body`, `query` or `path`, and the field.
    #[schema(example = json!(["body", "email"]))]
    loc: Vec<String>,
    /// What is wrong, in words; never what was sent, which may be a password.
    msg: String,
}

#[derive(Debug)]
enum Detail {
    Text(&'static str),
    Faults(Vec<Fault>),
}

impl ApiError {
    fn new(status: StatusCode, detail: &'static str) -> Self {
        Self { status, detail: Detail::Text(detail), challenge: None, retry_after: None }
    }

    fn unauthorized(detail: &'static str, challenge: &'static str) -> Self {
        Self { challenge: Some(challenge), ..Self::new(StatusCode::UNAUTHORIZED, detail) }
    }

    /// No token came along.
    pub(crate) fn not_authenticated() -> Self {
        Self::unauthorized("Not authenticated", BEARER)
    }

    /// The token is forged, expired, revoked, or its user gone: which of it is nobody's business.
    pub(crate) fn invalid_token() -> Self {
        Self::unauthorized("Could not validate credentials", INVALID)
    }

    /// The refresh token is none, over, or used.
    pub(crate) fn invalid_refresh_token() -> Self {
        Self::unauthorized("The refresh token is invalid, expired or revoked", INVALID)
    }

    /// No such user, or another password.
    pub(crate) fn wrong_password() -> Self {
        Self::unauthorized("Incorrect username or password", BEARER)
    }

    /// The user lacks a role.
    pub(crate) fn forbidden() -> Self {
        let challenge = Some(INSUFFICIENT);
        Self { challenge, ..Self::new(StatusCode::FORBIDDEN, "Not enough permissions") }
    }

    /// The account was disabled. Only who knows the password hears it.
    pub(crate) fn disabled() -> Self {
        Self::new(StatusCode::FORBIDDEN, "This account is disabled")
    }

    /// Somebody has this email already.
    pub(crate) fn taken() -> Self {
        Self::new(StatusCode::CONFLICT, "This email is registered already")
    }

    /// Too many failures; `seconds` until it may be tried again.
    pub(crate) fn locked(seconds: i64) -> Self {
        let retry_after = Some(seconds.max(1));
        let detail = "Too many failed sign-ins; try again later";
        Self { retry_after, ..Self::new(StatusCode::TOO_MANY_REQUESTS, detail) }
    }

    /// Too many requests at once.
    pub(crate) fn busy() -> Self {
        let detail = "Too many requests at once; try again";
        Self { retry_after: Some(1), ..Self::new(StatusCode::TOO_MANY_REQUESTS, detail) }
    }

    /// There is nothing at this path.
    pub(crate) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Not Found")
    }

    /// There is, but not with this method.
    pub(crate) fn method_not_allowed() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed")
    }

    /// The request took too long to arrive.
    pub(crate) fn timeout() -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, "Request Timeout")
    }

    /// The body is longer than any that we ask for.
    pub(crate) fn too_large() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "The request body is too large")
    }

    /// The body broke off.
    pub(crate) fn broken_body() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "The request body could not be read")
    }

    /// The database, or the system below, didn't do its part.
    pub(crate) fn unavailable() -> Self {
        let detail = "The service is not available; try again";
        Self { retry_after: Some(5), ..Self::new(StatusCode::SERVICE_UNAVAILABLE, detail) }
    }

    /// A part of a request is not what it has to be.
    pub(crate) fn invalid(kind: &'static str, loc: &[&str], msg: impl Into<String>) -> Self {
        let loc = loc.iter().map(|&it| it.to_owned()).collect();
        let fault = Fault { r#type: kind, loc, msg: msg.into() };
        let detail = Detail::Faults(vec![fault]);
        Self { detail, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "") }
    }
}

/// What the client can't help is told to whoever runs the service.
impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        if matches!(error, StoreError::Taken) {
            return Self::taken();
        }
        terminal::complain(&error);
        Self::unavailable()
    }
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.detail {
            Detail::Text(text) => f.write_str(text),
            Detail::Faults(_) => f.write_str("the request is not valid"),
        }
    }
}

impl std::error::Error for ApiError {}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut res = match self.detail {
            Detail::Text(text) => {
                (self.status, Json(Problem { detail: text.to_owned() })).into_response()
            }
            Detail::Faults(detail) => {
                (self.status, Json(ValidationProblem { detail })).into_response()
            }
        };
        if let Some(challenge) = self.challenge {
            res.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        if let Some(seconds) = self.retry_after {
            res.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        res
    }
}
