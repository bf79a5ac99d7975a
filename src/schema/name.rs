//! Names of things in a database.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

/// A name as it is written, compared without regard to the case of ASCII letters, as SQLite does.
#[derive(Debug, Clone)]
pub struct Name(String);

impl Name {
    /// Takes a name without quotes.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// Returns it as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns it in lower case: the same for all that are equal.
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    fn bytes(&self) -> impl Iterator<Item = u8> + '_ {
        self.0.bytes().map(|byte| byte.to_ascii_lowercase())
    }
}

impl From<&str> for Name {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for Name {}

impl Ord for Name {
    fn cmp(&self, other: &Self) -> Ordering {
        self.bytes().cmp(other.bytes())
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_case_of_ascii_letters_does_not_count() {
        assert_eq!(Name::from("Users"), Name::from("uSERS"));
        assert_ne!(Name::from("É"), Name::from("é"));
        assert!(Name::from("a") < Name::from("B"));
    }
}
