//! Names of database objects.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

/// A name as it is written, with the key by which its engine compares it.
#[derive(Debug, Clone)]
pub struct Name {
    written: String,
    key: String,
}

impl Name {
    /// Makes a name in which the case of ASCII letters doesn't count, as in SQLite.
    pub fn any_case(written: impl Into<String>) -> Self {
        let written = written.into();
        let key = written.to_ascii_lowercase();
        Self { written, key }
    }

    /// Makes a name in which every letter counts, as in PostgreSQL's catalog.
    pub fn exact(written: impl Into<String>) -> Self {
        let written = written.into();
        let key = written.clone();
        Self { written, key }
    }

    /// Returns the name as it is written, without quotes.
    pub fn as_str(&self) -> &str {
        &self.written
    }

    /// Returns the form by which the name is compared.
    pub fn key(&self) -> &str {
        &self.key
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Name {}

impl Ord for Name {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key.cmp(&other.key)
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key.hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_decides_whether_case_counts() {
        assert_eq!(Name::any_case("Users"), Name::any_case("uSERS"));
        assert_ne!(Name::any_case("É"), Name::any_case("é"));
        assert!(Name::any_case("a") < Name::any_case("B"));
        assert_ne!(Name::exact("Users"), Name::exact("users"));
    }
}
