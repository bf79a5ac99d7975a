//! A stub.
use crate::sql::split::Statement;
/// An object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectName {
    /// Its schema.
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
}
/// Tells.
pub fn commits_implicitly(statement: &Statement<'_>) -> bool {
    matches!(statement.first_word().as_deref(), Some("CREATE" | "DROP" | "ALTER"))
}
/// Names.
pub fn named_objects(_statement: &Statement<'_>) -> Vec<ObjectName> {
    Vec::new()
}
