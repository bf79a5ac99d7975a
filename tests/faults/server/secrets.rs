//! Passwords of servers, in everything that can go wrong on the way to them.

use crate::server::scene::{ENGINES, Engine, Scene};
use crate::tell;

const COMMANDS: [&[&str]; 3] = [&["current", "-v"], &["upgrade", "--raiseerr"], &["status"]];

/// Returns the URLs, each with why it leads nowhere.
fn urls(scene: &Scene) -> Option<Vec<(&'static str, String)>> {
    let database = &scene.database;
    let wrong_ca = match scene.engine {
        Engine::Postgres => servers::postgres()?.wrong_ca()?,
        Engine::Mariadb => servers::mariadb()?.wrong_ca()?,
        Engine::Oceanbase => return None,
    };
    let key = scene.engine.pick("sslrootcert", "ssl-ca");
    let tls = format!("sslmode=verify-full&{key}={}", wrong_ca.display());
    let url = database.url();
    let port = url.rsplit_once(':').unwrap().1.split('/').next().unwrap();
    Some(vec![
        ("a wrong password", database.url_as(servers::USER, "hunter2zebra")),
        ("a wrong user", database.url_as("nobody_here", "hunter2zebra")),
        ("an unreachable port", url.replace(&format!(":{port}/"), ":1/")),
        ("an unknown host", database.url_on("db.invalid", "")),
        ("a certificate of nobody known", database.url_with(&tls)),
        ("a missing database", format!("{url}_nosuch")),
    ])
}

#[test]
fn a_server_s_password_is_never_printed() {
    // What stands in URLs, and parts of what stands for it.
    let encoded = ["p%40ss", "p@ss", "w:rd", "w%3Ard", "hunter2", "zebra", "%2Fw"];
    let mut count = 0;
    for engine in ENGINES {
        let Some(mut scene) = Scene::new(engine, "r0", "lock_timeout = \"1s\"") else { continue };
        let Some(urls) = urls(&scene) else { continue };
        for (why, url) in urls {
            scene.project.set("MIGRATE_URL", &url);
            for command in COMMANDS {
                for json in [&[][..], &["--json"]] {
                    let arguments = [json, &["--lock-timeout", "1s"], command].concat();
                    let run = scene.project.run(&arguments);
                    run.assert_told();
                    for token in encoded {
                        let is_there =
                            [&run.stdout, &run.stderr].iter().any(|it| it.contains(token));
                        assert!(!is_there, "{engine:?}, {why}: `{token}` is printed: {run:?}");
                    }
                    count += 1;
                }
            }
        }
    }
    tell(&format!("passwords of servers: {count} runs"));
}
