//! The properties that a scratch database takes from the project's: encoding, locale, settings.

use crate::database::{Connection, DatabaseError, Row, Values as _};
use crate::sql::{Dialect, quote_identifier, quote_literal};

/// The encoding and locale; some columns are missing from older servers.
const LOCALE: &str = "SELECT pg_catalog.pg_encoding_to_char(d.encoding), d.datcollate, d.datctype, \
    pg_catalog.to_jsonb(d) ->> 'datlocprovider', \
    COALESCE(pg_catalog.to_jsonb(d) ->> 'datlocale', pg_catalog.to_jsonb(d) ->> 'daticulocale'), \
    pg_catalog.to_jsonb(d) ->> 'daticurules' \
    FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()";

/// The settings of the database and of the role in it, those that win last.
const SETTINGS: &str = "SELECT pg_catalog.unnest(s.setconfig) \
    FROM pg_catalog.pg_db_role_setting s WHERE s.setdatabase IN (0, (SELECT d.oid \
        FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())) \
    AND s.setrole IN (0, (SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname = session_user)) \
    ORDER BY s.setrole <> 0, s.setdatabase <> 0";

/// Settings that a scratch database must not have: it is written to, by the role that made it.
const NOT_TAKEN: [&str; 6] = [
    "role",
    "session_authorization",
    "default_transaction_read_only",
    "default_transaction_isolation",
    "default_transaction_deferrable",
    "search_path",
];

/// The settings of scratch databases alone: nothing there has to survive a crash, notices are
/// nobody's business, and no setting of the role may stand in the way.
const OWN: [(&str, &str); 4] = [
    ("synchronous_commit", "off"),
    ("client_min_messages", "warning"),
    ("default_transaction_read_only", "off"),
    ("statement_timeout", "0"),
];

/// The properties that a scratch database takes from another.
pub(super) struct Like {
    encoding: String,
    /// The clauses of CREATE DATABASE for the locale.
    locale: String,
    /// The settings of a session, in the order in which they are made.
    pub(super) settings: Vec<(String, String)>,
    /// The settings that the role may make in a session, and not keep for a database.
    begin_with: Vec<(String, String)>,
}

impl Like {
    /// Reads it from the database of a connection.
    pub(super) fn of(connection: &mut dyn Connection) -> Result<Self, DatabaseError> {
        let rows = connection.query(LOCALE)?;
        let row = rows.first().map(Row::as_slice).unwrap_or_default();
        let settings = connection.firsts(SETTINGS)?;
        let settings = settings.iter().filter_map(|it| it.split_once('='));
        let settings = settings.filter(|(name, _)| is_taken(name));
        // Of the session itself, since a URL may set it too.
        let path = connection.value("SHOW search_path")?.unwrap_or_default();
        let own = OWN.into_iter().chain([("search_path", path.as_str())]);
        let own = settings.chain(own).map(|(name, value)| (name.to_owned(), value.to_owned()));
        let (encoding, locale) = (row.text(0).to_owned(), locale(row));
        Ok(Self { encoding, locale, settings: own.collect(), begin_with: Vec::new() })
    }

    /// Makes the settings in a session, from which they are copied; those that the role may not make,
    /// or that the server doesn't know, are left out.
    pub(super) fn take(&mut self, connection: &mut dyn Connection) {
        self.settings.retain(|(name, value)| {
            let (name, value) = (literal(name), literal(value));
            let set = format!("SELECT pg_catalog.set_config({name}, {value}, false)");
            connection.query(&set).is_ok()
        });
    }

    /// Has the sessions of a database begin with the settings. From version 15 on a role may keep no
    /// setting of a made-up name.
    pub(super) fn keep(
        &mut self,
        connection: &mut dyn Connection,
        database: &str,
    ) -> Result<(), DatabaseError> {
        let set = |(setting, _): &(String, String)| {
            let setting = quote_identifier(setting, Dialect::Postgres);
            format!("ALTER ROLE SESSION_USER IN DATABASE {database} SET {setting} FROM CURRENT")
        };
        let kept = self.settings.iter().filter(|it| !self.begin_with.contains(it));
        let sets: Vec<String> = kept.map(set).collect();
        let all = ["BEGIN"].into_iter().chain(sets.iter().map(String::as_str)).chain(["COMMIT"]);
        let Err(stopped) = connection.execute_all(&all.collect::<Vec<_>>()) else { return Ok(()) };
        connection.rollback()?;
        if !is_refused(&stopped.cause) {
            return Err(stopped.cause);
        }
        for setting in &self.settings {
            match connection.execute(&set(setting)) {
                Err(cause) if is_refused(&cause) => self.begin_with.push(setting.clone()),
                result => result?,
            }
        }
        Ok(())
    }

    /// Returns the options with which a session has to ask for the settings that aren't kept.
    pub(super) fn options(&self) -> Option<String> {
        let options = self.begin_with.iter().map(|(name, value)| option(name, value));
        (!self.begin_with.is_empty()).then(|| options.collect::<Vec<_>>().join(" "))
    }

    /// Returns the clauses of CREATE DATABASE.
    pub(super) fn clauses(&self) -> String {
        format!("ENCODING {}{}", literal(&self.encoding), self.locale)
    }

    /// Returns the clauses for a server that lacks the locale: the one that each server has.
    pub(super) fn plain_clauses(&self) -> String {
        format!("ENCODING {} LC_COLLATE 'C' LC_CTYPE 'C'", literal(&self.encoding))
    }
}

fn is_taken(name: &str) -> bool {
    !NOT_TAKEN.contains(&name) && !name.ends_with("_timeout")
}

/// Tells whether the role lacks a right.
pub(super) fn is_refused(error: &DatabaseError) -> bool {
    matches!(error, DatabaseError::Sql(fault) if fault.code.as_deref() == Some("42501"))
}

/// Writes a setting as an option of a session's beginning.
fn option(name: &str, value: &str) -> String {
    let escaped = value.chars().flat_map(|it| {
        let is_special = it.is_whitespace() || it == '\\';
        is_special.then_some('\\').into_iter().chain([it])
    });
    format!("-c {name}={}", escaped.collect::<String>())
}

fn literal(text: &str) -> String {
    quote_literal(text, Dialect::Postgres)
}

fn locale(row: &[Option<String>]) -> String {
    let mut res = format!(" LC_COLLATE {} LC_CTYPE {}", literal(row.text(1)), literal(row.text(2)));
    let (locale, rules) = (literal(row.text(4)), row.text(5));
    match row.text(3) {
        "i" => {
            res += " LOCALE_PROVIDER icu ICU_LOCALE ";
            res += &locale;
            if !rules.is_empty() {
                res += " ICU_RULES ";
                res += &literal(rules);
            }
        }
        "b" => {
            res += " LOCALE_PROVIDER builtin BUILTIN_LOCALE ";
            res += &locale;
        }
        "c" => res += " LOCALE_PROVIDER libc",
        // Before 15 there is nothing to choose.
        _ => {}
    }
    res
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locale_is_written_as_each_version_takes_it() {
        let row = |values: [&str; 4]| {
            let values = ["UTF8", "de", "C"].into_iter().chain(values);
            values.map(|it| (!it.is_empty()).then(|| it.to_owned())).collect::<Vec<_>>()
        };
        let start = " LC_COLLATE 'de' LC_CTYPE 'C'";
        for (values, rest) in [
            (["", "", "", ""], ""),
            (["c", "", "", ""], " LOCALE_PROVIDER libc"),
            (["i", "de-x", "", ""], " LOCALE_PROVIDER icu ICU_LOCALE 'de-x'"),
            (["i", "de", "&a<b", ""], " LOCALE_PROVIDER icu ICU_LOCALE 'de' ICU_RULES '&a<b'"),
            (["b", "C.UTF-8", "", ""], " LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'"),
        ] {
            assert_eq!(locale(&row(values)), format!("{start}{rest}"));
        }
    }

    #[test]
    fn an_option_has_any_value() {
        assert_eq!(option("app.mode", "very strict\\"), "-c app.mode=very\\ strict\\\\");
    }

    #[test]
    fn no_setting_that_keeps_scripts_from_running_is_taken() {
        assert!(is_taken("plpgsql.variable_conflict") && is_taken("TimeZone"));
        assert!(!is_taken("statement_timeout") && !is_taken("role"));
    }
}
