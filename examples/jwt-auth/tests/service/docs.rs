//! The document and the page that shows it.

use std::path::Path;

use browser::{Browser, Page};
use serde_json::json;

use crate::support::{PASSWORD, Service};

/// Keeps a picture of the page below the target folder.
fn keep(page: &Page<'_>, name: &str) {
    let program = Path::new(env!("CARGO_BIN_EXE_jwt-auth"));
    let target = program.ancestors().nth(2).unwrap();
    page.screenshot(&target.join("screenshots").join(name));
}

#[test]
fn the_document_has_every_endpoint_and_both_ways_to_show_a_token() {
    let service = Service::start();
    let document = service.request("GET", "/openapi.json", &[], b"").is(200).json();
    let paths = document["paths"].as_object().unwrap();
    let mut names: Vec<&str> = paths.keys().map(String::as_str).collect();
    names.sort_unstable();
    let expected = [
        "/admin/users",
        "/admin/users/{subject}/disable",
        "/admin/users/{subject}/enable",
        "/health",
        "/logout",
        "/refresh",
        "/register",
        "/token",
        "/users/me",
    ];
    assert_eq!(names, expected);
    let schemes = &document["components"]["securitySchemes"];
    assert_eq!(schemes["OAuth2PasswordBearer"]["flows"]["password"]["tokenUrl"], "/token");
    assert_eq!(schemes["Bearer"]["scheme"], "bearer");
    for (path, operation) in [("/users/me", "get"), ("/logout", "post"), ("/admin/users", "get")] {
        let security = &document["paths"][path][operation]["security"];
        assert_eq!(security, &json!([{"OAuth2PasswordBearer": []}, {"Bearer": []}]), "{path}");
    }
    let form = &document["paths"]["/token"]["post"]["requestBody"]["content"];
    assert!(form["application/x-www-form-urlencoded"].is_object(), "{form}");
    assert!(document["paths"]["/health"]["get"]["security"].is_null());
}

#[test]
fn the_page_signs_in_and_asks_who_is_there_with_nothing_from_elsewhere() {
    let Some(browser) = Browser::start() else { return };
    let service = Service::start();
    service.register("ada@example.org").is(201);
    let base = format!("http://{}", service.address);
    let page = browser.open(&format!("{base}/docs"));
    page.size(1200, 1400);
    page.wait_for("#operations-accounts-me");
    // Without a token first.
    page.click("#operations-accounts-me .opblock-summary-control");
    page.click("#operations-accounts-me .execute");
    page.wait_until("document.querySelector('.live-responses-table')?.innerText.includes('401')");
    // In the dialog.
    page.click(".scheme-container .authorize");
    page.fill("#oauth_username", "ada@example.org");
    page.fill("#oauth_password", PASSWORD);
    keep(&page, "docs-authorize.png");
    page.click(".auth-container:has(#oauth_username) .auth-btn-wrapper .authorize");
    page.wait_until("document.querySelector('.dialog-ux').innerText.includes('Logout')");
    page.click(".dialog-ux .close-modal");
    page.click("#operations-accounts-me .execute");
    page.wait_until("document.querySelector('.live-responses-table').innerText.includes('200')");
    let answer = page.text("#operations-accounts-me .live-responses-table");
    assert!(answer.contains("\"email\": \"ada@example.org\""), "{answer}");
    page.on("#operations-accounts-me", "it.scrollIntoView()");
    keep(&page, "docs-users-me.png");
    let elsewhere: Vec<String> = page.requests();
    let is_ours = |url: &String| url.starts_with(&base) || url.starts_with("data:");
    let elsewhere: Vec<_> = elsewhere.iter().filter(|url| !is_ours(url)).collect();
    assert!(elsewhere.is_empty(), "{elsewhere:?}");
    // The one 401 that was asked for, and nothing else.
    let errors = page.console_errors();
    assert!(errors.iter().all(|it| it.contains("401")), "{errors:?}");
}
