//! Logins by each of MySQL's plugins: with what is sent where, and what is kept from a listener.

use limbeck::database::Engine;

use crate::{Bench, open, refusal};

/// Passwords that quotes, URLs and sizes of packets would stumble over.
const PASSWORDS: [&str; 4] = ["s3cr3t", servers::PASSWORD, " ü€🦀\t'\\' ", LONG];
const LONG: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\
                    0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\
                    0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// A user with one way to log in, gone with this value.
struct Account<'a> {
    bench: &'a Bench,
    name: String,
    password: &'a str,
}

impl<'a> Account<'a> {
    fn new(bench: &'a mut Bench, plugin: &str, password: &'a str) -> Self {
        let name = format!("{}_login", bench.database.name());
        let quoted = password.replace('\\', "\\\\").replace('\'', "''");
        bench.execute(&format!("DROP USER IF EXISTS {name}")).unwrap();
        let create = format!("CREATE USER {name} IDENTIFIED WITH {plugin} BY '{quoted}'");
        bench.execute(&create).unwrap();
        let grant = format!("GRANT ALL ON {}.* TO {name}", bench.database.name());
        bench.execute(&grant).unwrap();
        Self { bench, name, password }
    }

    fn url(&self, parameters: &str) -> String {
        let url = self.bench.database.url_as(&self.name, self.password);
        let (url, _) = url.split_once('?').unwrap_or((&url, ""));
        format!("{url}?{parameters}")
    }

    /// Forgets what the server knows of passwords that it has seen.
    fn forget(&self) {
        self.bench.database.execute_as_admin("FLUSH PRIVILEGES");
    }

    /// Logs in, and returns how the connection is encrypted.
    fn log_in(&self, parameters: &str) -> String {
        let mut connection = open(&self.url(parameters)).unwrap();
        let user = connection.query("SELECT USER()").unwrap().remove(0).remove(0).unwrap();
        assert!(user.starts_with(&format!("{}@", self.name)), "{user}");
        connection.describe()
    }

    /// Returns why a login without encryption is refused.
    fn is_refused_in_clear(&self) -> String {
        let reason = refusal(&self.url("ssl-mode=disabled"));
        assert!(!reason.contains(self.password), "{reason}");
        reason
    }
}

impl Drop for Account<'_> {
    fn drop(&mut self) {
        self.bench.database.execute_as_admin(&format!("DROP USER {}", self.name));
    }
}

/// Returns a bench on a server that has MySQL's plugins, and which of them.
fn mysql() -> Option<(Bench, Vec<String>)> {
    let mut bench = Bench::on(servers::mariadb()?.database());
    let query = "SELECT plugin_name FROM information_schema.plugins WHERE plugin_status = \
                 'ACTIVE' AND plugin_name IN ('caching_sha2_password', 'sha256_password', \
                 'mysql_native_password')";
    let plugins = bench.query(query).unwrap().into_iter().flatten().flatten().collect();
    (bench.engine() == Engine::MySql).then_some((bench, plugins))
}

#[test]
fn every_password_is_known_by_every_plugin_of_mysql() {
    let Some((mut bench, plugins)) = mysql() else { return };
    let socket = bench.query("SELECT @@socket").unwrap().remove(0).remove(0).unwrap();
    for plugin in &plugins {
        for password in PASSWORDS {
            let account = Account::new(&mut bench, plugin, password);
            if plugin == "mysql_native_password" {
                assert!(account.log_in("ssl-mode=disabled").ends_with(", not encrypted"));
            } else {
                let reason = account.is_refused_in_clear();
                assert!(reason.contains("`ssl-mode=required`"), "{reason}");
            }
            account.forget();
            assert!(account.log_in("ssl-mode=required").contains(", TLS 1."));
            match &**plugin {
                // What the server has seen once, it knows by the proof alone.
                "caching_sha2_password" => {
                    account.log_in("ssl-mode=required");
                    account.log_in("ssl-mode=disabled");
                    account.forget();
                    account.is_refused_in_clear();
                }
                "sha256_password" => drop(account.is_refused_in_clear()),
                _ => {}
            }
            if std::path::Path::new(&socket).exists() {
                let by_socket = format!("socket={}", socket.replace('/', "%2F"));
                if plugin == "sha256_password" {
                    let reason = refusal(&account.url(&by_socket));
                    assert!(reason.contains("name a host and a port"), "{reason}");
                    continue;
                }
                for _ in 0..2 {
                    assert!(account.log_in(&by_socket).ends_with(", by a unix socket"));
                }
            }
        }
    }
}

#[test]
fn no_password_at_all_is_no_secret() {
    let Some((mut bench, plugins)) = mysql() else { return };
    for plugin in &plugins {
        let account = Account::new(&mut bench, plugin, "");
        for mode in ["disabled", "required", "disabled"] {
            account.log_in(&format!("ssl-mode={mode}"));
        }
    }
}

#[test]
fn a_wrong_password_is_refused_and_not_told() {
    let Some((mut bench, plugins)) = mysql() else { return };
    for plugin in &plugins {
        for (password, wrong) in [("s3cr3t", "wr0ng"), ("s3cr3t", ""), ("", "wr0ng")] {
            let account = Account::new(&mut bench, plugin, password);
            let url = account.bench.database.url_as(&account.name, wrong);
            let reason = refusal(&url);
            assert!(reason.contains("(1045)") && !reason.contains("wr0ng"), "{plugin}: {reason}");
        }
    }
}
