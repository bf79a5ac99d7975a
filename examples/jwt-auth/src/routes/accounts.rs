//! Users: registering, and what they are told of themselves.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::{ApiError, Problem, ValidationProblem};
use crate::routes::extract::{JsonBody, SignedIn};
use crate::server::App;
use crate::store::Account;
use crate::{clock, email};

/// The lengths of a password: the least that NIST SP 800-63B asks for, and what a hash may cost.
const PASSWORD: std::ops::RangeInclusive<usize> = 8..=128;

/// Who wants an account.
#[derive(Deserialize, ToSchema)]
pub(crate) struct Registration {
    #[schema(example = "ada@example.org", max_length = 254)]
    email: String,
    #[schema(example = "correct horse battery", format = Password, min_length = 8, max_length = 128)]
    password: String,
}

/// A user.
#[derive(Serialize, ToSchema)]
pub(crate) struct User {
    /// The `sub` of the user's tokens; it never changes.
    #[schema(example = "0b9f6c2d7e1a4c3f8d5b6a7988776655")]
    subject: String,
    #[schema(example = "ada@example.org")]
    email: String,
    #[schema(example = json!(["user"]))]
    roles: Vec<String>,
    disabled: bool,
    /// Seconds since 1970.
    created_at: i64,
}

impl From<Account> for User {
    fn from(it: Account) -> Self {
        let Account { subject, email, roles, created_at, is_disabled: disabled, .. } = it;
        Self { subject, email, roles, disabled, created_at }
    }
}

/// Make an account
#[utoipa::path(post, path = "/register", tag = "accounts", request_body = Registration, responses(
    (status = 201, description = "The account", body = User),
    (status = 409, description = "The email is registered already", body = Problem),
    (status = 422, description = "The email or the password is none", body = ValidationProblem),
    (status = 429, description = "Too many requests at once", body = Problem),
))]
pub(crate) async fn register(
    State(app): State<Arc<App>>,
    JsonBody(given): JsonBody<Registration>,
) -> Result<(StatusCode, Json<User>), ApiError> {
    let email = email::normalize(&given.email).ok_or_else(|| {
        ApiError::invalid("value_error", &["body", "email"], "Not an email address")
    })?;
    if !PASSWORD.contains(&given.password.chars().count()) {
        let msg = format!("{} to {} characters", PASSWORD.start(), PASSWORD.end());
        return Err(ApiError::invalid("value_error", &["body", "password"], msg));
    }
    // Hashed whether the email is taken or not: the time it takes tells nothing that the answer
    // doesn't. The answer has to: without a mail to the address there is no other way to say it.
    let slot = app.passwords.slot().await?;
    let hash = app.passwords.hash(slot, given.password).await?;
    let account = app.store.register(&email, &hash, clock::now()).await?;
    Ok((StatusCode::CREATED, Json(account.into())))
}

/// Who is signed in
#[utoipa::path(get, path = "/users/me", tag = "accounts", responses(
    (status = 200, description = "The user", body = User),
    (status = 401, description = "No token, or none that is good", body = Problem),
), security(("OAuth2PasswordBearer" = []), ("Bearer" = [])))]
pub(crate) async fn me(user: SignedIn) -> Json<User> {
    Json(user.account.into())
}
