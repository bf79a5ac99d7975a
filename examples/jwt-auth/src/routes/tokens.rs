//! Signing in, staying signed in, and signing out.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, sleep_until};
use utoipa::{IntoParams, ToSchema};

use crate::error::{ApiError, Problem, ValidationProblem};
use crate::passwords::Verdict;
use crate::routes::extract::{FormBody, JsonBody, SignedIn};
use crate::server::App;
use crate::store::{Account, NewSession, Rotation, SignIn, SignOut};
use crate::{clock, email, random};

/// How long a failed sign-in takes, from its turn on. A failure of an account is written to the
/// disk, that of an unknown address is not, and nobody shall hear the difference.
const FAILURE: Duration = Duration::from_millis(200);

/// The form of the password flow (RFC 6749, 4.3.2).
#[derive(Deserialize, ToSchema)]
pub(crate) struct PasswordForm {
    /// The email.
    username: String,
    #[schema(format = Password)]
    password: String,
    /// `password`, if it is given.
    #[schema(example = "password")]
    grant_type: Option<String>,
    /// Nothing is made of it: what a token is good for are the user's roles.
    #[expect(dead_code, reason = "OAuth2 has it; clients send it")]
    scope: Option<String>,
}

/// Tokens.
#[derive(Serialize, ToSchema)]
pub(crate) struct TokenPair {
    /// The access token, a JWT.
    access_token: String,
    #[schema(example = "bearer")]
    token_type: &'static str,
    /// For how many seconds the access token is good.
    #[schema(example = 900)]
    expires_in: i64,
    /// For `POST /refresh`, once.
    refresh_token: String,
}

/// A refresh token.
#[derive(Deserialize, ToSchema)]
pub(crate) struct RefreshBody {
    refresh_token: String,
}

/// How much ends.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct LogoutQuery {
    /// End all sign-ins of the user, not only this one.
    #[serde(default)]
    everywhere: bool,
}

/// Sign in
#[utoipa::path(post, path = "/token", tag = "tokens",
    request_body(content = PasswordForm, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "Tokens", body = TokenPair),
        (status = 401, description = "No such user, or another password", body = Problem),
        (status = 403, description = "The account is disabled", body = Problem),
        (status = 422, description = "The form lacks something", body = ValidationProblem),
        (status = 429, description = "Too many failures, or requests at once", body = Problem),
    ))]
pub(crate) async fn token(
    State(app): State<Arc<App>>,
    FormBody(form): FormBody<PasswordForm>,
) -> Result<Json<TokenPair>, ApiError> {
    if form.grant_type.is_some_and(|it| it != "password") {
        let msg = "Has to be `password`";
        return Err(ApiError::invalid("value_error", &["body", "grant_type"], msg));
    }
    // What can't be an address belongs to nobody, like any other.
    let email = email::normalize(&form.username).unwrap_or_default();
    // First the turn, then the look whether the account is locked: else a thousand guesses that
    // wait would all have looked before the first failed.
    let slot = app.passwords.slot().await?;
    let (begun, now) = (Instant::now(), clock::now());
    let stored = app.store.credentials(&email).await?;
    let locked = match &stored {
        Some(it) => it.locked_until.filter(|until| now < *until),
        None => app.guard.locked_until(&email, now),
    };
    if let Some(until) = locked {
        return Err(ApiError::locked(until - now));
    }
    let hash = stored.as_ref().map(|it| it.password_hash.as_str());
    let verdict = app.passwords.verify(slot, form.password, hash).await?;
    match (stored, verdict) {
        (Some(stored), Verdict::Right(hash)) => return sign_in(&app, stored.user_id, hash).await,
        (Some(stored), Verdict::Wrong) => {
            app.store.fail(stored.user_id, app.lock_policy, clock::now()).await?;
        }
        (None, _) => app.guard.fail(&email, clock::now()),
    }
    sleep_until(begun + FAILURE).await;
    Err(ApiError::wrong_password())
}

/// Begins a family of refresh tokens.
async fn sign_in(
    app: &App,
    user_id: i64,
    password_hash: Option<String>,
) -> Result<Json<TokenPair>, ApiError> {
    let now = clock::now();
    let family = random::hex::<16>()?;
    let refresh = app.tokens.refresh(now)?;
    let session =
        NewSession { user_id, family: family.clone(), refresh: refresh.row, password_hash };
    match app.store.sign_in(session).await? {
        SignIn::Done(account) => pair(app, &account, &family, refresh.token, now),
        SignIn::Locked(until) => Err(ApiError::locked(until - now)),
        SignIn::Disabled => Err(ApiError::disabled()),
        SignIn::Gone => Err(ApiError::wrong_password()),
    }
}

/// Take new tokens for a refresh token, which is used up
///
/// One that was used before was stolen, from whoever brings it or by them: its whole family is
/// revoked, and the user's access tokens are refused.
#[utoipa::path(post, path = "/refresh", tag = "tokens", request_body = RefreshBody, responses(
    (status = 200, description = "Tokens", body = TokenPair),
    (status = 401, description = "The refresh token is not good, or was used", body = Problem),
    (status = 422, description = "The body lacks it", body = ValidationProblem),
))]
pub(crate) async fn refresh(
    State(app): State<Arc<App>>,
    JsonBody(given): JsonBody<RefreshBody>,
) -> Result<Json<TokenPair>, ApiError> {
    let now = clock::now();
    let new = app.tokens.refresh(now)?;
    match app.store.rotate(random::sha256(&given.refresh_token), new.row).await? {
        Rotation::Done { account, family } => pair(&app, &account, &family, new.token, now),
        Rotation::Refused | Rotation::Reused => Err(ApiError::invalid_refresh_token()),
    }
}

/// Sign out: the access token and the refresh tokens of its sign-in are good no more
#[utoipa::path(post, path = "/logout", tag = "tokens", params(LogoutQuery), responses(
    (status = 204, description = "Signed out"),
    (status = 401, description = "No token, or none that is good", body = Problem),
    (status = 422, description = "`everywhere` is neither true nor false", body = ValidationProblem),
), security(("OAuth2PasswordBearer" = []), ("Bearer" = [])))]
pub(crate) async fn logout(
    State(app): State<Arc<App>>,
    user: SignedIn,
    query: Result<Query<LogoutQuery>, QueryRejection>,
) -> Result<StatusCode, ApiError> {
    let Ok(Query(query)) = query else {
        let msg = "Has to be `true` or `false`";
        return Err(ApiError::invalid("type_error", &["query", "everywhere"], msg));
    };
    let end = SignOut {
        user_id: user.account.id,
        jti: user.claims.jti,
        expires_at: user.claims.exp,
        family: user.claims.sid,
        is_everywhere: query.everywhere,
    };
    app.store.sign_out(end, clock::now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn pair(
    app: &App,
    account: &Account,
    family: &str,
    refresh_token: String,
    now: i64,
) -> Result<Json<TokenPair>, ApiError> {
    let access_token = app.tokens.access(account, family, now)?;
    let expires_in = app.tokens.access_seconds();
    Ok(Json(TokenPair { access_token, token_type: "bearer", expires_in, refresh_token }))
}
