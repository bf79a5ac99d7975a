//! What admins may do and others not, and how one becomes an admin.

use serde_json::json;

use crate::support::{PASSWORD, Service, on_each};

#[test]
fn only_an_admin_lists_users_and_a_grant_has_effect_at_once() {
    on_each(|service| {
        service.register("ada@example.org").is(201);
        service.register("bob@example.org").is(201);
        let token = service.sign_in("ada@example.org").access;
        let answer = service.get("/admin/users", &token).is(403);
        let challenge = "Bearer error=\"insufficient_scope\"";
        assert_eq!(answer.header("www-authenticate"), Some(challenge));
        assert_eq!(answer.json(), json!({"detail": "Not enough permissions"}));
        service.request("GET", "/admin/users", &[], b"").challenges("Bearer");
        service.make_admin("ADA@example.org");
        let users = service.get("/admin/users", &token).is(200).json();
        let emails: Vec<_> = users.as_array().unwrap().iter().map(|it| &it["email"]).collect();
        assert_eq!(emails, ["ada@example.org", "bob@example.org"]);
        assert_eq!(users[0]["roles"], json!(["admin", "user"]));
        let page = service.get("/admin/users?skip=1&limit=1", &token).is(200).json();
        assert_eq!(page.as_array().unwrap().len(), 1);
        assert_eq!(page[0]["email"], "bob@example.org");
        service.get("/admin/users?limit=101", &token).refuses(&["query", "limit"]);
        service.get("/admin/users?skip=-1", &token).refuses(&["query"]);
        let origin = "SELECT user_roles.origin FROM user_roles JOIN roles ON roles.id = role_id \
                      WHERE name = 'admin'";
        assert_eq!(service.query(origin), ["app"]);
    });
}

#[test]
fn a_disabled_account_is_shut_out_at_once() {
    on_each(|service| {
        for email in ["ada@example.org", "bob@example.org"] {
            service.register(email).is(201);
        }
        service.make_admin("ada@example.org");
        let (admin, bob) = (service.sign_in("ada@example.org"), service.sign_in("bob@example.org"));
        let subject = service.get("/users/me", &bob.access).json()["subject"].clone();
        let path = |what: &str| format!("/admin/users/{}/{what}", subject.as_str().unwrap());
        service.post(&path("disable"), &bob.access).is(403);
        let answer = service.post(&path("disable"), &admin.access).is(200);
        assert_eq!(answer.json()["disabled"], true);
        service.get("/users/me", &bob.access).challenges("Bearer error=\"invalid_token\"");
        service.refresh(&bob.refresh).is(401);
        service.token("bob@example.org", PASSWORD).is(403);
        service.token("bob@example.org", "wrong horse battery").is(401);
        let reasons = "SELECT revoke_reason FROM refresh_tokens WHERE revoked_at IS NOT NULL";
        assert_eq!(service.query(reasons), ["by_admin"]);
        service.post(&path("enable"), &admin.access).is(200);
        service.refresh(&bob.refresh).is(401);
        service.get("/users/me", &service.sign_in("bob@example.org").access).is(200);
        for nobody in ["nobody", "00000000000000000000000000000000", "%ff", "%00"] {
            service.post(&format!("/admin/users/{nobody}/disable"), &admin.access).is(404);
        }
    });
}

#[test]
fn grant_says_what_it_did_and_what_is_missing() {
    let service = Service::start();
    service.register("ada@example.org").is(201);
    let grant = |email: &str, role: &str| {
        let output = service.command(&["grant", email, role]);
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8(text).unwrap();
        (output.status.code(), text.lines().last().unwrap().to_owned())
    };
    assert_eq!(
        grant("ada@example.org", "admin"),
        (Some(0), "ada@example.org is admin now".to_owned())
    );
    assert_eq!(
        grant("ada@example.org", "admin"),
        (Some(0), "ada@example.org was admin already".to_owned())
    );
    let (code, text) = grant("eve@example.org", "admin");
    assert_eq!(code, Some(1));
    assert!(text.contains("there is no user `eve@example.org`"), "{text}");
    assert_eq!(
        grant("ada@example.org", "king"),
        (Some(1), "jwt-auth: there is no role `king`".to_owned())
    );
    assert_eq!(grant("ada", "admin"), (Some(1), "jwt-auth: `ada` is no email address".to_owned()));
}
