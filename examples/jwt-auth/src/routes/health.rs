//! Whether the service can do its work.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::{ApiError, Problem};
use crate::server::App;

/// What a healthy service answers.
#[derive(Serialize, ToSchema)]
pub(crate) struct Health {
    #[schema(example = "ok")]
    status: &'static str,
}

/// Whether the service and its database answer
#[utoipa::path(get, path = "/health", tag = "service", responses(
    (status = 200, description = "Both do", body = Health),
    (status = 503, description = "The database doesn't", body = Problem),
))]
pub(crate) async fn health(State(app): State<Arc<App>>) -> Result<Json<Health>, ApiError> {
    app.store.ping().await?;
    Ok(Json(Health { status: "ok" }))
}
