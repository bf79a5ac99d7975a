//! Columns.

use crate::catalog::Name;
use crate::sqlite::{Aside, Conflict, Fragment, identifier};

/// A column of a table; constraints that can span columns stand at the table.
#[derive(Debug, Clone)]
pub struct Column {
    /// The column's name.
    pub name: Name,
    /// The type as it is declared.
    pub declared: Option<Fragment>,
    /// Whether NULL is refused.
    pub not_null: Option<NotNull>,
    /// A NOT NULL that is written where the primary key implies it.
    pub implied: Aside<Option<NotNull>>,
    /// The value of rows that give none.
    pub default: Option<Fragment>,
    /// The collation, unless it is `BINARY`.
    pub collation: Option<Name>,
    /// The expression that it is computed by.
    pub generated: Option<Generated>,
    /// Where its name begins in the table's text, in bytes.
    pub offset: Aside<usize>,
}

/// A NOT NULL constraint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotNull {
    /// The constraint's name.
    pub name: Option<Name>,
    /// What is done about a NULL.
    pub conflict: Option<Conflict>,
}

/// How a generated column is computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated {
    /// The expression.
    pub expression: Fragment,
    /// Whether its values are stored.
    pub stored: bool,
}

impl Column {
    /// Returns the default, unless it is the NULL that a column has without one.
    pub fn value(&self) -> Option<&Fragment> {
        self.default.as_ref().filter(|default| !default.is_null())
    }

    /// Tells whether a collation is the column's own.
    pub fn collates(&self, collation: &Name) -> bool {
        self.collation.as_ref().unwrap_or(&Name::any_case("BINARY")) == collation
    }

    /// Writes the condition for values that a STRICT table doesn't take in the column; none if it takes
    /// all.
    pub fn misfit(&self) -> Option<String> {
        let name = identifier(&self.name);
        match self.type_name() {
            "int" | "integer" => Some(format!("CAST({name} AS INTEGER) <> {name}")),
            "real" => Some(format!(
                "typeof({name}) IN ('text', 'blob') AND CAST({name} AS REAL) <> {name}"
            )),
            "text" => Some(format!("typeof({name}) = 'blob'")),
            "blob" => Some(format!("typeof({name}) NOT IN ('blob', 'null')")),
            _ => None,
        }
    }

    /// Returns the type, normalized.
    pub fn type_name(&self) -> &str {
        self.declared.as_ref().map_or("", |declared| declared.normal())
    }

    /// Tells whether values are converted to numbers where they look like them.
    pub fn is_numeric(&self) -> bool {
        is_numeric(self.type_name())
    }
}

/// Tells whether values of a type are converted to numbers where they look like them
/// (`sqlite.org/datatype3.html`, "Determination Of Column Affinity").
pub(crate) fn is_numeric(name: &str) -> bool {
    let holds = |part: &str| name.contains(part);
    let is_other = ["char", "clob", "text", "blob"].into_iter().any(holds);
    holds("int") || !(is_other || name.is_empty() || name == "any")
}
