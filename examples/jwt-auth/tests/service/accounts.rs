//! Registering and signing in.

use std::thread;

use argon2::password_hash::PasswordHasher as _;
use argon2::{Algorithm, Argon2, Params, Version};
use serde_json::json;

use crate::forge;
use crate::support::{PASSWORD, Service, on_each};

#[test]
fn a_registered_user_signs_in_and_is_told_of_themselves() {
    on_each(|service| {
        let user = service.register("Ada@Example.org").is(201).json();
        assert_eq!(user["email"], "ada@example.org");
        assert_eq!(user["roles"], json!(["user"]));
        let answer = service.token("ada@example.org", PASSWORD).is(200);
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let tokens = answer.json();
        assert_eq!(tokens["token_type"], "bearer");
        assert_eq!(tokens["expires_in"], 900);
        let token = tokens["access_token"].as_str().unwrap();
        assert_eq!(service.get("/users/me", token).is(200).json(), user);
        assert_eq!(forge::head(token), json!({"typ": "JWT", "alg": "HS256"}));
        let claims = forge::claims(token);
        assert_eq!(claims["sub"], user["subject"]);
        assert_eq!(claims["roles"], json!(["user"]));
        assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 900);
        assert_eq!(claims["jti"].as_str().unwrap().len(), 32);
        let granted = "SELECT origin FROM user_roles";
        assert_eq!(service.query(granted), ["app"]);
    });
}

#[test]
fn an_email_is_registered_once_whatever_its_case() {
    on_each(|service| {
        service.register("ada@example.org").is(201);
        for email in ["ada@example.org", "ADA@EXAMPLE.ORG", " Ada@example.org "] {
            let answer = service.register(email).is(409);
            assert_eq!(answer.json()["detail"], "This email is registered already");
        }
        service.register("Éva@example.org").is(201);
        service.register("e\u{301}va@example.org").is(409);
        service.sign_in("ADA@example.ORG");
        assert_eq!(service.query("SELECT count(*) FROM users"), ["2"]);
    });
}

#[test]
fn what_is_no_email_or_password_is_refused_by_its_field_and_never_shown() {
    let service = Service::start();
    let register = |body| service.post_json("/register", &body);
    register(json!({"email": "ada", "password": PASSWORD})).refuses(&["body", "email"]);
    register(json!({"email": "a\0@b", "password": PASSWORD})).refuses(&["body", "email"]);
    register(json!({"email": 1, "password": PASSWORD})).refuses(&["body", "email"]);
    register(json!({"password": PASSWORD})).refuses(&["body", "email"]);
    register(json!([])).refuses(&["body"]);
    register(json!({"email": "a@b", "password": "hunter2"})).refuses(&["body", "password"]);
    register(json!({"email": "a@b", "password": "x".repeat(129)})).refuses(&["body", "password"]);
    let answer = register(json!({"email": "a@b", "password": 847_362_514}));
    let answer = answer.refuses(&["body", "password"]);
    assert!(!answer.text.contains("847362514"), "{answer:?}");
    let form = [("Content-Type", "application/x-www-form-urlencoded")];
    let token = |body: &str| service.request("POST", "/token", &form, body.as_bytes());
    token("password=x").refuses(&["body", "username"]);
    token("username=x").refuses(&["body", "password"]);
    token("username=x&username=y&password=z").refuses(&["body", "username"]);
    let other = "username=a@b&password=x&grant_type=client_credentials";
    token(other).refuses(&["body", "grant_type"]);
    token("username=a@b&password=x").is(401);
    assert_eq!(service.query("SELECT count(*) FROM users"), ["0"]);
}

#[test]
fn fifty_sign_ins_at_once_all_succeed() {
    on_each(|service| {
        let emails = ["ada@example.org", "bob@example.org"];
        for email in emails {
            service.register(email).is(201);
        }
        thread::scope(|scope| {
            let one = |number: usize| scope.spawn(move || service.sign_in(emails[number % 2]));
            let all: Vec<_> = (0..50).map(one).collect();
            for each in all {
                service.get("/users/me", &each.join().unwrap().access).is(200);
            }
        });
        assert_eq!(service.query("SELECT count(DISTINCT family) FROM refresh_tokens"), ["50"]);
    });
}

#[test]
fn nobody_learns_from_a_sign_in_who_has_an_account() {
    on_each(|service| {
        service.register("ada@example.org").is(201);
        for round in 0..7 {
            let known = service.token("ada@example.org", "wrong horse battery");
            let unknown = service.token("eve@example.org", "wrong horse battery");
            let retry = |it: &crate::support::Answer| it.header("retry-after").is_some();
            assert_eq!(known.status, unknown.status, "round {round}");
            assert_eq!(known.text, unknown.text, "round {round}");
            assert_eq!(retry(&known), retry(&unknown), "round {round}");
            if round < 5 {
                let answer = known.challenges("Bearer");
                assert_eq!(answer.json()["detail"], "Incorrect username or password");
            } else {
                known.is(429);
            }
        }
    });
}

#[test]
fn too_many_failures_lock_an_account_for_a_while() {
    on_each(|service| {
        service.register("ada@example.org").is(201);
        for _ in 0..5 {
            service.token("ada@example.org", "wrong horse battery").is(401);
        }
        let answer = service.token("ada@example.org", PASSWORD).is(429);
        let seconds: u32 = answer.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=900).contains(&seconds), "{answer:?}");
        assert_eq!(service.query("SELECT failed_sign_ins FROM users"), ["5"]);
        // The time is over.
        let past = service.moment(1);
        service.query(&format!("UPDATE users SET locked_until = {past}"));
        service.token("ada@example.org", "wrong horse battery").is(401);
        assert_eq!(
            service.query("SELECT failed_sign_ins, locked_until FROM users"),
            ["1|NULL"],
            "the count begins anew"
        );
        service.sign_in("ada@example.org");
        assert_eq!(service.query("SELECT failed_sign_ins FROM users"), ["0"]);
    });
}

#[test]
fn how_many_failures_lock_is_an_option() {
    let service = Service::with(&["--max-failed-sign-ins", "2"]);
    service.register("ada@example.org").is(201);
    service.token("ada@example.org", "wrong horse battery").is(401);
    service.sign_in("ada@example.org");
    for _ in 0..2 {
        service.token("ada@example.org", "wrong horse battery").is(401);
    }
    service.token("ada@example.org", PASSWORD).is(429);
}

#[test]
fn a_hash_of_weaker_parameters_is_replaced_at_the_next_sign_in() {
    on_each(|service| {
        service.register("ada@example.org").is(201);
        let params = Params::new(8 * 1024, 1, 1, None).unwrap();
        let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let weak = weak.hash_password(PASSWORD.as_bytes()).unwrap().to_string();
        service.query(&format!("UPDATE users SET password_hash = '{weak}'"));
        service.token("ada@example.org", "wrong horse battery").is(401);
        assert_eq!(service.query("SELECT password_hash FROM users"), [weak.as_str()]);
        service.sign_in("ada@example.org");
        let stored = service.query("SELECT password_hash FROM users").remove(0);
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        service.sign_in("ada@example.org");
    });
}
