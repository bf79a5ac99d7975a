//! Identifies the server by the form of its version.

use crate::database::Engine;

/// Identifies the engine by the server's version.
pub(in crate::database) fn engine(version: &str) -> Engine {
    let lower = version.to_ascii_lowercase();
    if lower.contains(OCEANBASE) {
        Engine::OceanBase
    } else if lower.contains("-tidb-") {
        Engine::TiDb
    } else if lower.contains("vitess") {
        Engine::Vitess
    } else if lower.contains("mariadb") {
        Engine::MariaDb
    } else {
        Engine::MySql
    }
}

/// Returns the version number; MariaDB prefixes its own by `5.5.5-` for old clients, `TiDB` and
/// `OceanBase` by the version of MySQL that they emulate.
pub(in crate::database) fn number(version: &str) -> String {
    if let Some(own) = of_oceanbase(version) {
        return own;
    }
    let own = version.split_once("-TiDB-v").map_or(version, |(_, own)| own);
    let own = own.strip_prefix("5.5.5-").unwrap_or(own);
    own.split('-').next().unwrap_or_default().to_owned()
}

const OCEANBASE: &str = "oceanbase";

/// Returns the edition and number of an `OceanBase`: all up to the first word that is a number.
fn of_oceanbase(version: &str) -> Option<String> {
    let at = version.to_ascii_lowercase().find(OCEANBASE)? + OCEANBASE.len();
    let mut res = String::new();
    for word in version.get(at..)?.split([' ', '-', '_']).filter(|word| !word.is_empty()) {
        let number = word.strip_prefix('v').unwrap_or(word);
        if number.starts_with(|it: char| it.is_ascii_digit()) {
            return Some(res + number);
        }
        res.push_str(word);
        res.push(' ');
    }
    Some(res.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_tells_the_engine() {
        let cases = [
            ("8.0.36", Engine::MySql, "8.0.36"),
            ("5.5.5-10.11.19-MariaDB-0+deb12u1", Engine::MariaDb, "10.11.19"),
            ("11.4.2-MariaDB-ubu2404", Engine::MariaDb, "11.4.2"),
            ("8.0.11-TiDB-v7.5.0", Engine::TiDb, "7.5.0"),
            ("8.0.30-Vitess", Engine::Vitess, "8.0.30"),
            ("8.0.35-27.1", Engine::MySql, "8.0.35"),
            ("5.7.25-OceanBase-v4.2.1.0", Engine::OceanBase, "4.2.1.0"),
            ("5.7.25-OceanBase_CE-v4.2.1.0", Engine::OceanBase, "CE 4.2.1.0"),
            ("5.7.25-OceanBase seekdb-v1.4.0.0", Engine::OceanBase, "seekdb 1.4.0.0"),
            ("OceanBase_CE 3.1.0 (r3-abc) (Built 2021)", Engine::OceanBase, "CE 3.1.0"),
            ("OceanBase", Engine::OceanBase, ""),
        ];
        for (version, wanted, digits) in cases {
            assert_eq!((engine(version), &*number(version)), (wanted, digits), "{version}");
        }
    }
}
