//! Whatever comes, the answer is the client's fault.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::support::{Answer, PASSWORD, Service};

const PATHS: &[&str] = &[
    "/register",
    "/token",
    "/refresh",
    "/logout",
    "/users/me",
    "/admin/users",
    "/health",
    "/admin/users/0123456789abcdef0123456789abcdef/disable",
    "/openapi.json",
    "/docs/",
];

const TYPES: &[&str] = &[
    "application/json",
    "application/x-www-form-urlencoded",
    "text/plain",
    "",
    "application/json;",
    "multipart/form-data; boundary=x",
    "application/json; charset=utf-16",
];

fn bodies() -> Vec<Vec<u8>> {
    let deep = "[".repeat(5000);
    let texts = [
        "",
        "null",
        "[]",
        "{}",
        "0",
        "\"",
        "{\"email\":",
        "\u{feff}{}",
        &deep,
        "&",
        "=",
        "%",
        "username=%ff&password=%00",
        "username=a%00b%40c&password=x",
        "username&password",
        r#"{"email":"a@b","password":"\ud800"}"#,
        r#"{"refresh_token":"\u0000"}"#,
        r#"{"email":"a@b'); DROP TABLE users; --","password":"12345678"}"#,
        r#"{"email":"%_@%","password":"        "}"#,
        r#"{"email":1e400,"password":[]}"#,
        r#"{"email":"x@y","email":"x@y","password":"12345678"}"#,
        r#"{"refresh_token":{}} {}"#,
    ];
    let mut res: Vec<Vec<u8>> = texts.iter().map(|it| it.as_bytes().to_vec()).collect();
    res.push(vec![0xff; 100]);
    res.push(vec![0; 100]);
    res
}

/// Checks that it is none of the 5xx, and JSON in our form if it is an error of ours.
#[track_caller]
fn blames_the_client(answer: &Answer, what: &str) {
    assert!(answer.status < 500, "{what}: {answer:?}");
    if 400 <= answer.status && answer.header("content-type").is_some() {
        assert_eq!(answer.header("content-type"), Some("application/json"), "{what}: {answer:?}");
        assert!(!answer.json()["detail"].is_null(), "{what}: {answer:?}");
    }
}

#[test]
fn no_nonsense_makes_a_500() {
    for service in [Some(Service::start()), Service::on_postgres()].into_iter().flatten() {
        for path in PATHS {
            for content_type in TYPES {
                for body in bodies() {
                    let headers = [("Content-Type", *content_type)];
                    let answer = service.request("POST", path, &headers, &body);
                    let body = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
                    blames_the_client(&answer, &format!("{path} {content_type:?} {body}"));
                }
            }
            for method in ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "BREW"] {
                let answer = service.request(method, path, &[], b"");
                // An answer to HEAD has no body.
                if method != "HEAD" {
                    blames_the_client(&answer, &format!("{method} {path}"));
                }
            }
            for token in ["", "..", "a.b.c", "eyJ9.e30.", "\u{e9}", &"x".repeat(4000)] {
                blames_the_client(&service.get(path, token), &format!("{path} {token}"));
                blames_the_client(&service.post(path, token), &format!("{path} {token}"));
            }
        }
        for path in ["/nowhere", "/%ff", "/docs/../x", "/docs/%00", "/users/me/", "//", "/?%", "*"]
        {
            blames_the_client(&service.request("GET", path, &[], b""), path);
        }
        service.register("ada@example.org").is(201);
        service.sign_in("ada@example.org");
        assert_eq!(service.log(), "", "nothing failed inside");
    }
}

#[test]
fn no_random_request_makes_a_500() {
    let service = Service::start();
    service.register("ada@example.org").is(201);
    let request = (
        prop::sample::select(PATHS),
        prop::sample::select(TYPES),
        prop_oneof![
            prop::collection::vec(any::<u8>(), 0..200),
            "(username|password|grant_type|scope|[a-z%]{0,5})=[^&]{0,20}(&[a-z]{0,9}=[%0-9a-f]{0,9}){0,3}"
                .prop_map(String::into_bytes),
            (".{0,30}", ".{0,30}").prop_map(|(email, password)| {
                serde_json::json!({"email": email, "password": password, "refresh_token": email})
                    .to_string()
                    .into_bytes()
            }),
        ],
        "[!-~]{0,40}",
    );
    let config = Config { cases: 200, failure_persistence: None, ..Config::default() };
    let res = TestRunner::new(config).run(&request, |(path, content_type, body, token)| {
        let bearer = format!("Bearer {token}");
        let headers = [("Content-Type", content_type), ("Authorization", &bearer)];
        blames_the_client(&service.request("POST", path, &headers, &body), path);
        Ok(())
    });
    assert!(res.is_ok(), "{res:?}");
    assert_eq!(service.log(), "", "nothing failed inside");
}

#[test]
fn what_is_no_http_or_too_long_is_refused() {
    let service = Service::start();
    let long = vec![b' '; 17 * 1024];
    let json = [("Content-Type", "application/json")];
    let answer = service.request("POST", "/register", &json, &long).is(413);
    assert_eq!(answer.json()["detail"], "The request body is too large");
    // A length that isn't said is counted.
    let chunk = format!("{:x}\r\n{}\r\n", long.len(), String::from_utf8(long).unwrap());
    let head = "POST /register HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
                Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
    let answer = Answer::read(&service.exchange(format!("{head}{chunk}0\r\n\r\n").as_bytes()));
    answer.unwrap().is(413);
    let cookie = "x".repeat(100_000);
    for request in [
        "\0\0\0\0\r\n\r\n".to_owned(),
        "GET\r\n\r\n".to_owned(),
        "GET / HTTP/9.9\r\n\r\n".to_owned(),
        "GET / HTTP/1.1\r\nHost: x\r\nA\0: b\r\n\r\n".to_owned(),
        "POST /token HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n".to_owned(),
        "POST /token HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"
            .to_owned(),
        format!("GET / HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"),
    ] {
        let answer = service.exchange(request.as_bytes());
        let is_refusal = answer.is_empty() || answer.starts_with("HTTP/1.1 4");
        assert!(is_refusal, "{}: {answer}", &request[..request.len().min(60)]);
    }
    service.request("GET", "/nowhere", &[], b"").is(404);
    let answer = service.request("DELETE", "/token", &[], b"").is(405);
    assert_eq!(answer.json()["detail"], "Method Not Allowed");
    assert_eq!(answer.header("allow"), Some("POST"));
    let body = format!(r#"{{"email":"ada@example.org","password":"{PASSWORD}"}}"#);
    let plain = [("Content-Type", "text/plain")];
    let answer = service.request("POST", "/register", &plain, body.as_bytes());
    answer.refuses(&["header", "content-type"]);
}
