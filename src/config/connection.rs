//! The missing parts of a server's URL, from the sources that the database's own client uses.
//!
//! For PostgreSQL these are the variables of libpq ("Environment Variables") and the certificates
//! in `~/.postgresql`; for MySQL those of its client. A part of the URL always wins. All values are
//! merged into the URL, so that every reader sees the same.

use std::path::Path;

use crate::config::{ConfigError, Environment, Origin, password};
use crate::url::{DatabaseUrl, Family, Host, Scheme, ServerUrl};

/// Variables of libpq, and the parameters that they stand for.
const POSTGRES_PARAMETERS: &[(&str, &str)] = &[
    ("PGSSLMODE", "sslmode"),
    ("PGSSLROOTCERT", "sslrootcert"),
    ("PGSSLCERT", "sslcert"),
    ("PGSSLKEY", "sslkey"),
    ("PGSSLCRL", "sslcrl"),
    ("PGSSLCRLDIR", "sslcrldir"),
    ("PGSSLMINPROTOCOLVERSION", "ssl_min_protocol_version"),
    ("PGSSLMAXPROTOCOLVERSION", "ssl_max_protocol_version"),
    ("PGCHANNELBINDING", "channel_binding"),
    ("PGREQUIREAUTH", "require_auth"),
    ("PGREQUIREPEER", "requirepeer"),
    ("PGGSSENCMODE", "gssencmode"),
    ("PGTARGETSESSIONATTRS", "target_session_attrs"),
    ("PGCONNECT_TIMEOUT", "connect_timeout"),
    ("PGOPTIONS", "options"),
    ("PGAPPNAME", "application_name"),
];

#[derive(Clone, Copy)]
pub(crate) struct Surroundings<'a> {
    pub(crate) env: &'a Environment,
    /// The folder of the configuration and of `.env`.
    pub(crate) folder: &'a Path,
    /// Whether the URL is that of the scratch database, which environment variables never complete:
    /// they name the database itself.
    pub(crate) is_scratch: bool,
}

impl Surroundings<'_> {
    /// Returns the URL with what it lacks, its password last: which one depends on the rest.
    pub(crate) fn complete(self, url: DatabaseUrl) -> Result<DatabaseUrl, ConfigError> {
        let DatabaseUrl::Server(mut server) = url else { return Ok(url) };
        match server.scheme.family() {
            Family::Postgres => self.postgres(&mut server)?,
            Family::Mysql => self.mysql(&mut server)?,
            Family::Sqlite => {}
        }
        if server.password.is_none() {
            server.password = password::find(&server, self)?;
        }
        Ok(DatabaseUrl::Server(server))
    }

    fn postgres(self, server: &mut ServerUrl) -> Result<(), ConfigError> {
        if server.host.is_none() {
            self.set(server, "PGHOST", "host")?;
            self.set(server, "PGHOSTADDR", "hostaddr")?;
            // With an address alone the address is the host.
            if server.host.is_none() {
                self.set(server, "PGHOSTADDR", "host")?;
            }
            if server.host.is_none() {
                self.set(server, "PGSERVICE", "service")?;
            }
        }
        if server.port.is_none() {
            self.set(server, "PGPORT", "port")?;
        }
        if server.user.is_none() {
            self.set(server, "PGUSER", "user")?;
            server.user = server.user.take().or_else(|| self.system_user());
        }
        if server.database.is_none() && !self.is_scratch {
            self.set(server, "PGDATABASE", "dbname")?;
        }
        // CockroachDB has a default database.
        if server.database.is_none() && server.scheme != Scheme::Cockroachdb {
            server.database.clone_from(&server.user);
        }
        for (variable, parameter) in POSTGRES_PARAMETERS {
            let is_given =
                has(server, parameter) || (*parameter == "sslmode" && has(server, "ssl"));
            if !is_given {
                self.set(server, variable, parameter)?;
            }
        }
        self.certificates_at_home(server);
        Ok(())
    }

    /// Applies the certificates that libpq looks for if none is named.
    fn certificates_at_home(self, server: &mut ServerUrl) {
        let Some(home) = self.env.get("HOME").map(|home| Path::new(home).join(".postgresql"))
        else {
            return;
        };
        let file = |name: &str| {
            let path = home.join(name);
            let is_there = path.is_absolute() && path.is_file();
            path.to_str().filter(|_| is_there).map(str::to_owned)
        };
        let is_system = server.parameters.get("sslrootcert") == Some("system");
        let mut add = |name: &str, path: Option<String>| {
            if let Some(path) = path.filter(|_| !has(server, name)) {
                server.parameters.push(name.to_owned(), path);
            }
            has(server, name)
        };
        add("sslrootcert", file("root.crt"));
        // libpq checks no lists for the system's authorities.
        let revoked = file("root.crl").filter(|_| add("sslrootcert", None) && !is_system);
        add("sslcrl", revoked);
        // A key without a certificate is ignored.
        if add("sslkey", file("postgresql.key")) {
            add("sslcert", file("postgresql.crt"));
        }
    }

    fn mysql(self, server: &mut ServerUrl) -> Result<(), ConfigError> {
        if server.host.is_none() {
            self.set(server, "MYSQL_HOST", "host")?;
            // To its client, no host and `localhost` mean the socket, unless a port is given.
            let is_here = match &server.host {
                None => true,
                Some(Host::Name(name)) => name == "localhost",
                Some(Host::Socket(_)) => false,
            };
            if is_here && server.port.is_none() {
                self.set(server, "MYSQL_UNIX_PORT", "socket")?;
            }
        }
        if server.port.is_none() && !matches!(server.host, Some(Host::Socket(_))) {
            self.set(server, "MYSQL_TCP_PORT", "port")?;
        }
        server.user = server.user.take().or_else(|| self.system_user());
        Ok(())
    }

    /// Sets a parameter from an environment variable, if that is set.
    fn set(
        self,
        server: &mut ServerUrl,
        variable: &str,
        parameter: &str,
    ) -> Result<(), ConfigError> {
        let Some((value, origin)) = self.env.setting(variable)? else { return Ok(()) };
        let base = self.base(&origin);
        let checked = server.set(parameter, value).and_then(|()| server.settings());
        match checked {
            Ok(_) => {
                *server = server.resolved(base);
                Ok(())
            }
            Err(source) => Err(ConfigError::ConnectionVariable { origin, source }),
        }
    }

    /// Returns the folder that a relative path of a variable starts from.
    pub(crate) fn base(&self, origin: &Origin) -> &Path {
        match origin {
            Origin::DotEnv(_) => self.folder,
            Origin::Flag(_) | Origin::Variable(_) | Origin::File(_) | Origin::Program => {
                self.env.folder()
            }
        }
    }

    fn system_user(self) -> Option<String> {
        let user = ["USER", "LOGNAME", "USERNAME"].iter().find_map(|name| self.env.get(name));
        user.map(str::to_owned)
    }
}

fn has(server: &ServerUrl, parameter: &str) -> bool {
    server.parameters.get(parameter).is_some_and(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::time::Duration;

    use super::*;
    use crate::config::testing::{Folder, keeps_secrets};
    use crate::url::{ConnectSettings, TlsMode};

    fn complete(url: &str, variables: &[(&str, &str)]) -> Result<ServerUrl, ConfigError> {
        let env = Environment::new("/srv/me", variables.iter().copied());
        let surroundings =
            Surroundings { env: &env, folder: Path::new("/project"), is_scratch: false };
        match surroundings.complete(DatabaseUrl::parse(url).unwrap())? {
            DatabaseUrl::Server(server) => Ok(server),
            DatabaseUrl::Sqlite(_) => panic!("a server"),
        }
    }

    fn settings(url: &str, variables: &[(&str, &str)]) -> ConnectSettings {
        complete(url, variables).unwrap().settings().unwrap()
    }

    #[track_caller]
    fn check(url: &str, variables: &[(&str, &str)], expected: &str) {
        assert_eq!(complete(url, variables).unwrap().to_string(), expected, "{url}");
    }

    const PG: &[(&str, &str)] = &[
        ("PGHOST", "db"),
        ("PGPORT", "6000"),
        ("PGUSER", "app"),
        ("PGDATABASE", "shop"),
        ("USER", "me"),
        ("MYSQL_HOST", "my"),
    ];

    #[test]
    fn the_parts_of_a_postgres_url_come_from_the_variables_of_libpq() {
        check("postgres://", PG, "postgres://app@db:6000/shop");
        check("postgres:///d", PG, "postgres://app@db:6000/d");
        check("postgres://u:p@h:1/d", PG, "postgres://u@h:1/d");
        check("postgres://h/d?user=u&port=1", PG, "postgres://u@h:1/d");
        check("postgres://", &[("PGHOST", "/run/a b")], "postgres://%2Frun%2Fa%20b");
        check("postgres://", &[("PGHOSTADDR", "::1")], "postgres://[::1]");
        check("postgres://h/d", &[("PGHOSTADDR", "::1")], "postgres://h/d");
        let both = [("PGHOST", "db"), ("PGHOSTADDR", "10.0.0.1")];
        check("postgres:///d", &both, "postgres://db/d");
        assert_eq!(settings("postgres:///d", &both).host_address, "10.0.0.1".parse().ok());
        assert_eq!(settings("postgres://h/d", &both).host_address, None);
    }

    #[test]
    fn user_and_database_fall_back_to_the_system_user() {
        check("postgres://h", &[("USER", "me")], "postgres://me@h/me");
        check("postgres://h", &[("LOGNAME", "me")], "postgres://me@h/me");
        check("postgres://u@h", &[("USER", "me")], "postgres://u@h/u");
        check("cockroachdb://u@h", &[("USER", "me")], "cockroachdb://u@h");
        check("mysql://h", &[("USER", "me")], "mysql://me@h");
        check("postgres://h", &[], "postgres://h");
    }

    #[test]
    fn the_parts_of_a_mysql_url_come_from_the_variables_of_its_client() {
        let tcp = [("MYSQL_HOST", "my"), ("MYSQL_TCP_PORT", "3307"), ("MYSQL_UNIX_PORT", "/s")];
        check("mysql://u@/d", &tcp, "mysql://u@my:3307/d");
        check("mysql://u@h:1/d", &tcp, "mysql://u@h:1/d");
        check("mariadb://u@/d", &tcp[1..], "mariadb://u@%2Fs/d");
        check("mysql://u@:1/d", &tcp[1..], "mysql://u@:1/d");
        check("mysql://u@/d", &[("MYSQL_HOST", "localhost"), tcp[2]], "mysql://u@%2Fs/d");
        check("mysql://u@localhost/d", &tcp, "mysql://u@localhost:3307/d");
        let relative = [("MYSQL_UNIX_PORT", "my.sock")];
        check("mysql://u@/d", &relative, "mysql://u@%2Fsrv%2Fme%2Fmy.sock/d");
    }

    #[test]
    fn the_settings_of_libpq_are_taken_where_the_url_has_none() {
        let variables = [
            ("PGSSLMODE", "verify-full"),
            ("PGSSLROOTCERT", "ca.pem"),
            ("PGSSLCERT", "/c.pem"),
            ("PGSSLKEY", "/k.pem"),
            ("PGCONNECT_TIMEOUT", "7"),
            ("PGOPTIONS", "-c a.b=1"),
            ("PGAPPNAME", "deploy"),
            ("PGTARGETSESSIONATTRS", "read-write"),
        ];
        let found = settings("postgres://h/d", &variables);
        assert_eq!((found.tls, found.is_tls_explicit), (TlsMode::VerifyFull, true));
        let files = [found.root_cert, found.client_cert, found.client_key];
        assert_eq!(files, ["/srv/me/ca.pem", "/c.pem", "/k.pem"].map(|it| Some(it.into())));
        assert_eq!(found.connect_timeout, Some(Duration::from_secs(7)));
        assert_eq!(found.options.as_deref(), Some("-c a.b=1"));
        assert_eq!(found.application_name.as_deref(), Some("deploy"));
        let found = settings("postgres://h/d?sslmode=disable&options=x", &variables);
        assert_eq!((found.tls, found.options.as_deref()), (TlsMode::Disable, Some("x")));
        assert_eq!(settings("postgres://h/d?ssl=true", &variables[..1]).tls, TlsMode::Require);
        let found = settings("mysql://h/d", &variables);
        assert_eq!((found.tls, found.root_cert), (TlsMode::Prefer, None));
    }

    #[test]
    fn a_variable_that_can_not_be_used_is_told_by_its_name() {
        let modes = "the parameter `sslmode` of the `postgres` url must be `disable`, `allow`, \
                     `prefer`, `require`, `verify-ca` or `verify-full`";
        let port = "the port of the `postgres` url is not a number from 1 to 65535";
        let hosts = "the `postgres` url names several hosts: give the one that takes writes";
        let target = "the parameter `target_session_attrs` of the `postgres` url must be `any` or \
                      `read-write`";
        let service = "the parameter `service` of the `postgres` url is not supported";
        let address = "the parameter `hostaddr` of the `postgres` url must be an IP address";
        for (variable, value, expected) in [
            ("PGSSLMODE", "s3cr3t", modes),
            ("PGPORT", "s3cr3t", port),
            ("PGHOST", "a,b", hosts),
            ("PGTARGETSESSIONATTRS", "standby", target),
            ("PGSERVICE", "s3cr3t", service),
            ("PGHOSTADDR", "s3cr3t", address),
        ] {
            let error = complete("postgres://", &[(variable, value)]).unwrap_err();
            assert_eq!(error.to_string(), format!("the variable {variable} cannot be used"));
            let source = std::error::Error::source(&error).unwrap().to_string();
            assert_eq!(source, expected);
            keeps_secrets(&error);
        }
    }

    #[test]
    fn the_scratch_database_is_never_the_one_of_the_environment() {
        let env = Environment::new("/srv/me", PG.iter().copied());
        let surroundings = Surroundings { env: &env, folder: Path::new("/"), is_scratch: true };
        let url = surroundings.complete(DatabaseUrl::parse("postgres://").unwrap()).unwrap();
        assert_eq!(url.to_string(), "postgres://app@db:6000/app");
    }

    #[test]
    fn certificates_at_home_are_found_as_libpq_does() {
        let folder = Folder::new();
        let home = [("HOME", folder.path().to_str().unwrap())];
        assert_eq!(settings("postgres://h/d?sslmode=require", &home).tls, TlsMode::Require);
        for name in ["root.crt", "root.crl", "postgresql.crt", "postgresql.key"] {
            folder.write(&format!(".postgresql/{name}"), "x");
        }
        let at_home = |name| Some(folder.path().join(".postgresql").join(name));
        let given = |path| Some(PathBuf::from(path));
        let found = settings("postgres://h/d?sslmode=require", &home);
        assert_eq!((found.tls, found.root_cert), (TlsMode::VerifyCa, at_home("root.crt")));
        assert_eq!(found.revoked, at_home("root.crl"));
        assert_eq!(found.client_cert, at_home("postgresql.crt"));
        assert_eq!(found.client_key, at_home("postgresql.key"));
        let found = settings("postgres://h/d?sslrootcert=/ca&sslcrl=/crl", &home);
        assert_eq!(found.revoked, given("/crl"));
        let found = settings("postgres://h/d?sslrootcert=system&sslcert=/c&sslkey=/k", &home);
        assert_eq!((found.tls, found.root_cert), (TlsMode::VerifyFull, None));
        assert_eq!(found.revoked, None);
        assert_eq!((found.client_cert, found.client_key), (given("/c"), given("/k")));
        let found = settings("postgres://h/d?sslcert=/c", &home);
        assert_eq!(found.client_key, at_home("postgresql.key"));
        assert_eq!(settings("mysql://h/d", &home).root_cert, None);
    }
}
