//! The name of the version table.

use std::fmt;

/// The longest table name: companions such as `_running` are appended to it, and `PostgreSQL`
/// cuts off what goes beyond 63 bytes, so that two names could become one.
const LONGEST: usize = 63 - "_running".len();

/// The name of the version table; its characters need no escape in any dialect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionTable {
    schema: Option<String>,
    name: String,
}

/// The reason why a name is unusable for the version table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VersionTableError {
    /// The name, or its part before or after the point, is empty.
    #[error("a part of the name is empty")]
    Empty,
    /// The name has more parts than `schema.table`.
    #[error("the name has more parts than `schema.table`")]
    TooManyParts,
    /// The name holds a character that would have to be escaped.
    #[error("the name may only contain ASCII letters, digits, `_` and `$`")]
    Character,
    /// The name is too long for companions such as `_running`.
    #[error("a part of the name is longer than {LONGEST} characters")]
    TooLong,
}

impl VersionTable {
    /// Reads `table` or `schema.table`.
    pub fn parse(text: &str) -> Result<Self, VersionTableError> {
        let parts: Vec<&str> = text.split('.').collect();
        for part in &parts {
            check(part)?;
        }
        match parts.as_slice() {
            [name] => Ok(Self { schema: None, name: (*name).to_owned() }),
            [schema, name] => {
                Ok(Self { schema: Some((*schema).to_owned()), name: (*name).to_owned() })
            }
            _ => Err(VersionTableError::TooManyParts),
        }
    }

    /// Returns the schema, if the name includes one.
    pub fn schema(&self) -> Option<&str> {
        self.schema.as_deref()
    }

    /// Returns the name without the schema.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Default for VersionTable {
    fn default() -> Self {
        Self { schema: None, name: "migrate_version".to_owned() }
    }
}

/// Writes the name as it was given, unquoted.
impl fmt::Display for VersionTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.schema {
            Some(schema) => write!(f, "{schema}.{}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

fn check(part: &str) -> Result<(), VersionTableError> {
    if part.is_empty() {
        return Err(VersionTableError::Empty);
    }
    if !part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '$') {
        return Err(VersionTableError::Character);
    }
    if LONGEST < part.len() {
        return Err(VersionTableError::TooLong);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_have_a_schema() {
        let table = VersionTable::parse("ops.Migrate_$1").unwrap();
        assert_eq!((table.schema(), table.name()), (Some("ops"), "Migrate_$1"));
        assert_eq!(table.to_string(), "ops.Migrate_$1");
        let table = VersionTable::parse("versions").unwrap();
        assert_eq!((table.schema(), table.name()), (None, "versions"));
        assert_eq!(VersionTable::default().to_string(), "migrate_version");
    }

    #[test]
    fn an_unusable_name_says_why() {
        let cases = [
            ("", VersionTableError::Empty),
            (".a", VersionTableError::Empty),
            ("a.", VersionTableError::Empty),
            ("a.b.c", VersionTableError::TooManyParts),
            ("a b", VersionTableError::Character),
            ("a\"; drop table x; --", VersionTableError::Character),
            ("größe", VersionTableError::Character),
        ];
        for (text, expected) in cases {
            assert_eq!(VersionTable::parse(text), Err(expected), "{text}");
        }
        assert!(VersionTable::parse(&"a".repeat(55)).is_ok());
        assert_eq!(VersionTable::parse(&"a".repeat(56)), Err(VersionTableError::TooLong));
    }
}
