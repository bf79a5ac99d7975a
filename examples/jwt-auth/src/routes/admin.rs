//! What only users with the role `admin` may do.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::clock;
use crate::error::{ApiError, Problem, ValidationProblem};
use crate::routes::accounts::User;
use crate::routes::extract::Admin;
use crate::server::App;
use crate::tokens::is_name;

/// The most users of one page.
const MOST: u32 = 100;

/// Which page of users.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    /// How many to pass over.
    #[serde(default)]
    skip: u32,
    /// How many to list, 100 at most.
    #[serde(default = "most")]
    #[param(maximum = 100)]
    limit: u32,
}

fn most() -> u32 {
    MOST
}

/// List users in the order in which they came
#[utoipa::path(get, path = "/admin/users", tag = "admin", params(PageQuery), responses(
    (status = 200, description = "The users", body = [User]),
    (status = 401, description = "No token, or none that is good", body = Problem),
    (status = 403, description = "The user is no admin", body = Problem),
    (status = 422, description = "`skip` or `limit` is none", body = ValidationProblem),
), security(("OAuth2PasswordBearer" = []), ("Bearer" = [])))]
pub(crate) async fn users(
    State(app): State<Arc<App>>,
    _: Admin,
    page: Result<Query<PageQuery>, QueryRejection>,
) -> Result<Json<Vec<User>>, ApiError> {
    let Ok(Query(page)) = page else {
        let msg = "`skip` and `limit` are numbers";
        return Err(ApiError::invalid("type_error", &["query"], msg));
    };
    if MOST < page.limit {
        let msg = format!("{MOST} at most");
        return Err(ApiError::invalid("value_error", &["query", "limit"], msg));
    }
    let accounts = app.store.accounts(page.skip.into(), page.limit.into()).await?;
    Ok(Json(accounts.into_iter().map(User::from).collect()))
}

/// Disable an account, and revoke all of its tokens
#[utoipa::path(post, path = "/admin/users/{subject}/disable", tag = "admin", responses(
    (status = 200, description = "The user", body = User),
    (status = 401, description = "No token, or none that is good", body = Problem),
    (status = 403, description = "The user is no admin", body = Problem),
    (status = 404, description = "There is no such user", body = Problem),
), params(("subject" = String, Path, description = "The user's `subject`")),
   security(("OAuth2PasswordBearer" = []), ("Bearer" = [])))]
pub(crate) async fn disable(
    State(app): State<Arc<App>>,
    _: Admin,
    subject: Result<Path<String>, PathRejection>,
) -> Result<Json<User>, ApiError> {
    set_disabled(&app, subject, true).await
}

/// Enable an account again; its user has to sign in anew
#[utoipa::path(post, path = "/admin/users/{subject}/enable", tag = "admin", responses(
    (status = 200, description = "The user", body = User),
    (status = 401, description = "No token, or none that is good", body = Problem),
    (status = 403, description = "The user is no admin", body = Problem),
    (status = 404, description = "There is no such user", body = Problem),
), params(("subject" = String, Path, description = "The user's `subject`")),
   security(("OAuth2PasswordBearer" = []), ("Bearer" = [])))]
pub(crate) async fn enable(
    State(app): State<Arc<App>>,
    _: Admin,
    subject: Result<Path<String>, PathRejection>,
) -> Result<Json<User>, ApiError> {
    set_disabled(&app, subject, false).await
}

async fn set_disabled(
    app: &App,
    subject: Result<Path<String>, PathRejection>,
    is_disabled: bool,
) -> Result<Json<User>, ApiError> {
    let subject = subject.ok().filter(|it| is_name(it)).ok_or_else(ApiError::not_found)?;
    let account = app.store.set_disabled(&subject, is_disabled, clock::now()).await?;
    account.map(|it| Json(it.into())).ok_or_else(ApiError::not_found)
}
