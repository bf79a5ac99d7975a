//! Which tokens are good, and for how long.

use std::thread;

use ring::hmac::{HMAC_SHA256, HMAC_SHA512};
use serde_json::{Value, json};

use crate::forge::{claims, encode, sign, sign_by};
use crate::support::{SECRET, Service, on_each};

const INVALID: &str = "Bearer error=\"invalid_token\"";

/// Returns claims with one of them set.
fn but(claims: &Value, name: &str, value: Value) -> Value {
    let mut res = claims.clone();
    res[name] = value;
    res
}

#[test]
fn a_token_that_we_did_not_sign_so_is_refused() {
    on_each(|service| {
        service.register("ada@example.org").is(201);
        let token = service.sign_in("ada@example.org").access;
        let good = claims(&token);
        // The forge is good: what it makes is refused for its fault alone.
        service.get("/users/me", &sign(&good)).is(200);
        let parts: Vec<&str> = token.split('.').collect();
        let (head, body, signature) = (parts[0], parts[1], parts[2]);
        let none = encode(r#"{"typ":"JWT","alg":"none"}"#);
        let admin = encode(&but(&good, "roles", json!(["admin"])).to_string());
        let mut without_exp = good.clone();
        without_exp.as_object_mut().unwrap().remove("exp");
        let other = "another key that is long enough, as the service has it";
        let bad = [
            ("expired", sign(&but(&good, "exp", json!(1)))),
            ("without an end in sight", sign(&but(&good, "exp", json!(i64::MAX)))),
            ("an end that is no number of seconds", sign(&but(&good, "exp", json!(1e300)))),
            ("without an end", sign(&without_exp)),
            ("an end that is none", sign(&but(&good, "exp", json!("tomorrow")))),
            ("tampered claims", format!("{head}.{admin}.{signature}")),
            ("no signature", format!("{head}.{body}.")),
            ("two parts", format!("{head}.{body}")),
            ("alg none", format!("{none}.{body}.")),
            ("alg none with a signature", format!("{none}.{body}.{signature}")),
            ("another key", sign_by("HS256", HMAC_SHA256, other, &good)),
            ("an empty key", sign_by("HS256", HMAC_SHA256, "", &good)),
            ("another algorithm", sign_by("HS512", HMAC_SHA512, SECRET, &good)),
            ("an algorithm by another name", sign_by("RS256", HMAC_SHA256, SECRET, &good)),
            ("no such user", sign(&but(&good, "sub", json!("0".repeat(32))))),
            ("a subject of no form", sign(&but(&good, "sub", json!("\0")))),
            ("a name of no form", sign(&but(&good, "jti", json!("'; --")))),
            ("for somebody else", sign(&but(&good, "aud", json!("elsewhere")))),
            ("nothing", String::new()),
            ("dots", "..".to_owned()),
            ("words", "not a token".to_owned()),
        ];
        for (name, token) in bad {
            let answer = service.get("/users/me", &token);
            assert_eq!(answer.status, 401, "{name}");
            let answer = answer.challenges(INVALID);
            assert_eq!(answer.json(), json!({"detail": "Could not validate credentials"}));
        }
    });
}

#[test]
fn without_a_bearer_token_the_answer_asks_for_one() {
    let service = Service::start();
    let get = |headers: &[(&str, &str)]| service.request("GET", "/users/me", headers, b"");
    get(&[]).challenges("Bearer");
    get(&[("Authorization", "Basic YWRhOngK")]).challenges("Bearer");
    get(&[("Authorization", "Bearer x"), ("Authorization", "Bearer y")]).challenges("Bearer");
    get(&[("Authorization", "Bearer")]).challenges(INVALID);
    service.request("POST", "/logout", &[], b"").challenges("Bearer");
}

#[test]
fn a_refresh_token_is_good_once() {
    on_each(|service| {
        service.register("ada@example.org").is(201);
        let first = service.sign_in("ada@example.org");
        let second = service.refresh(&first.refresh).pair();
        assert_ne!(first.refresh, second.refresh);
        service.get("/users/me", &second.access).is(200);
        let third = service.refresh(&second.refresh).pair();
        service.get("/users/me", &third.access).is(200);
        let chain = "SELECT old.revoke_reason, new.id IS NOT NULL FROM refresh_tokens AS old \
                     LEFT JOIN refresh_tokens AS new ON new.id = old.replaced_by ORDER BY old.id";
        let yes_no = if service.query("SELECT 1 = 1") == ["1"] { ("1", "0") } else { ("t", "f") };
        assert_eq!(
            service.query(chain),
            [
                format!("rotated|{}", yes_no.0),
                format!("rotated|{}", yes_no.0),
                format!("NULL|{}", yes_no.1)
            ]
        );
        service.refresh("no such token").challenges(INVALID);
    });
}

#[test]
fn a_refresh_token_that_comes_back_revokes_its_whole_family_and_no_other() {
    on_each(|service| {
        service.register("ada@example.org").is(201);
        let stolen = service.sign_in("ada@example.org");
        let other = service.sign_in("ada@example.org");
        let second = service.refresh(&stolen.refresh).pair();
        let third = service.refresh(&second.refresh).pair();
        service.refresh(&stolen.refresh).challenges(INVALID);
        service.refresh(&third.refresh).challenges(INVALID);
        let reasons = "SELECT revoke_reason FROM refresh_tokens ORDER BY id";
        assert_eq!(service.query(reasons), ["rotated", "NULL", "rotated", "reused"]);
        // The thief may hold an access token. The other sign-in gets a new one unasked.
        for access in [&third.access, &other.access] {
            service.get("/users/me", access).challenges(INVALID);
        }
        let other = service.refresh(&other.refresh).pair();
        service.get("/users/me", &other.access).is(200);
        // To bring it once more changes nothing.
        service.refresh(&stolen.refresh).is(401);
        service.get("/users/me", &other.access).is(200);
    });
}

#[test]
fn of_refreshes_at_once_one_succeeds() {
    on_each(|service| {
        service.register("ada@example.org").is(201);
        let pair = service.sign_in("ada@example.org");
        let token = pair.refresh.as_str();
        let statuses: Vec<u16> = thread::scope(|scope| {
            let one = |_| scope.spawn(|| service.refresh(token).status);
            let all: Vec<_> = (0..10).map(one).collect();
            all.into_iter().map(|it| it.join().unwrap()).collect()
        });
        assert_eq!(statuses.iter().filter(|it| **it == 200).count(), 1, "{statuses:?}");
        assert_eq!(statuses.iter().filter(|it| **it == 401).count(), 9, "{statuses:?}");
        let live = "SELECT count(*) FROM refresh_tokens WHERE revoked_at IS NULL";
        assert_eq!(service.query(live), ["0"], "nobody knows which of the ten is the user");
    });
}

#[test]
fn an_expired_refresh_token_is_refused() {
    on_each(|service| {
        service.register("ada@example.org").is(201);
        let pair = service.sign_in("ada@example.org");
        let (from, to) = (service.moment(1), service.moment(2));
        let sql = format!("UPDATE refresh_tokens SET issued_at = {from}, expires_at = {to}");
        service.query(&sql);
        service.refresh(&pair.refresh).challenges(INVALID);
    });
}

#[test]
fn lifetimes_are_options() {
    let service = Service::with(&["--access-token-minutes", "1", "--refresh-token-days", "2"]);
    service.register("ada@example.org").is(201);
    let pair = service.sign_in("ada@example.org");
    let claims = claims(&pair.access);
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 60);
    let lifetime = "SELECT expires_at - issued_at FROM refresh_tokens";
    assert_eq!(service.query(lifetime), ["172800"]);
}

#[test]
fn logout_revokes_the_access_token_and_its_family_and_no_other() {
    on_each(|service| {
        service.register("ada@example.org").is(201);
        let (pair, other) =
            (service.sign_in("ada@example.org"), service.sign_in("ada@example.org"));
        let answer = service.post("/logout", &pair.access).is(204);
        assert_eq!(answer.text, "");
        service.get("/users/me", &pair.access).challenges(INVALID);
        service.post("/logout", &pair.access).challenges(INVALID);
        service.refresh(&pair.refresh).challenges(INVALID);
        service.get("/users/me", &other.access).is(200);
        let other = service.refresh(&other.refresh).pair();
        let jti = claims(&pair.access)["jti"].as_str().unwrap().to_owned();
        assert_eq!(service.query("SELECT jti FROM revoked_access_tokens"), [jti]);
        service.post("/logout?everywhere=perhaps", &other.access).refuses(&["query", "everywhere"]);
    });
}

#[test]
fn logout_everywhere_ends_all_sign_ins_and_the_next_is_good() {
    on_each(|service| {
        for email in ["ada@example.org", "bob@example.org"] {
            service.register(email).is(201);
        }
        let (one, two) = (service.sign_in("ada@example.org"), service.sign_in("ada@example.org"));
        let bob = service.sign_in("bob@example.org");
        service.post("/logout?everywhere=true", &one.access).is(204);
        for pair in [&one, &two] {
            service.get("/users/me", &pair.access).challenges(INVALID);
            service.refresh(&pair.refresh).challenges(INVALID);
        }
        service.get("/users/me", &bob.access).is(200);
        // Within the same second.
        service.get("/users/me", &service.sign_in("ada@example.org").access).is(200);
    });
}

#[test]
fn what_is_over_is_deleted_at_the_next_start() {
    let service = Service::start();
    service.register("ada@example.org").is(201);
    let pair = service.sign_in("ada@example.org");
    let live = service.sign_in("ada@example.org");
    service.refresh(&pair.refresh).is(200);
    service.post("/logout", &pair.access).is(204);
    service.query("UPDATE revoked_access_tokens SET expires_at = 1");
    service.query("UPDATE refresh_tokens SET issued_at = 1, expires_at = 2 WHERE id <> 2");
    let service = service.restart();
    service.get("/users/me", &live.access).is(200);
    let left = "SELECT (SELECT count(*) FROM revoked_access_tokens), count(*) FROM refresh_tokens";
    while service.query(left) != ["0|1"] {
        thread::yield_now();
    }
    service.refresh(&live.refresh).is(200);
}
