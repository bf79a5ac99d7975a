//! The `OpenAPI` document, and the page that shows it.

use utoipa::openapi::OpenApi as Api;
use utoipa::openapi::security::SecurityScheme;
use utoipa::openapi::security::{Flow, Http, HttpAuthScheme, OAuth2, Password, Scopes};
use utoipa::{Modify, OpenApi};
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::error::{Problem, ValidationProblem};

/// What no endpoint says of itself.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "jwt-auth",
        description = "Passwords, access tokens and refresh tokens on the sample schema of limbeck.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    tags(
        (name = "accounts", description = "Users, and what they are told of themselves"),
        (name = "tokens", description = "Signing in, staying, and signing out"),
        (name = "admin", description = "For users with the role `admin`"),
        (name = "service", description = "The service itself")
    ),
    components(schemas(Problem, ValidationProblem)),
    modifiers(&Security)
)]
pub(crate) struct Document;

/// The two ways to show a token in the Authorize dialog: to sign in there, or to paste one.
struct Security;

impl Modify for Security {
    fn modify(&self, openapi: &mut Api) {
        let components = openapi.components.get_or_insert_default();
        let flow = Flow::Password(Password::new("/token", Scopes::new()));
        components.add_security_scheme(
            "OAuth2PasswordBearer",
            SecurityScheme::OAuth2(OAuth2::with_description([flow], "Sign in, here and now")),
        );
        let mut bearer = Http::new(HttpAuthScheme::Bearer);
        bearer.bearer_format = Some("JWT".to_owned());
        bearer.description = Some("An access token of `POST /token`".to_owned());
        components.add_security_scheme("Bearer", SecurityScheme::Http(bearer));
    }
}

/// Returns the page at `/docs`, which needs nothing from elsewhere, and the document that it shows.
pub(crate) fn page(document: Api) -> SwaggerUi {
    // Else the page sends the document to a validator.
    let config = Config::default().validator_url("none").try_it_out_enabled(true);
    SwaggerUi::new("/docs").url("/openapi.json", document).config(config)
}
