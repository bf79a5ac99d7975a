//! Columns of SQLite tables.

use crate::catalog::Name;
use crate::sqlite::{Aside, Conflict, Fragment, identifier};

/// A column of a table; constraints that can span columns belong to the table.
#[derive(Debug, Clone)]
pub struct Column {
    pub name: Name,
    pub declared: Option<Fragment>,
    /// The NOT NULL constraint, if there is one.
    pub not_null: Option<NotNull>,
    /// A NOT NULL that is written but implied by the primary key.
    pub implied: Aside<Option<NotNull>>,
    pub default: Option<Fragment>,
    /// The collation, unless it is `BINARY`.
    pub collation: Option<Name>,
    pub generated: Option<Generated>,
    /// The position of the name in the table's text, in bytes.
    pub offset: Aside<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotNull {
    pub name: Option<Name>,
    pub conflict: Option<Conflict>,
}

/// The definition of a generated column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated {
    pub expression: Fragment,
    /// Whether the values are stored.
    pub stored: bool,
}

impl Column {
    /// Returns the default, unless it is NULL, as without one.
    pub fn value(&self) -> Option<&Fragment> {
        self.default.as_ref().filter(|default| !default.is_null())
    }

    pub fn collates(&self, collation: &Name) -> bool {
        self.collation.as_ref().unwrap_or(&Name::any_case("BINARY")) == collation
    }

    /// Returns the condition for values that a STRICT table rejects in the column; none if it
    /// accepts all.
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

    pub fn type_name(&self) -> &str {
        self.declared.as_ref().map_or("", |declared| declared.normal())
    }

    /// Tells whether numeric text is converted to numbers.
    pub fn is_numeric(&self) -> bool {
        is_numeric(self.type_name())
    }
}

/// Tells whether values of a type are converted to numbers if they look like them
/// (`sqlite.org/datatype3.html`, "Determination Of Column Affinity").
pub(crate) fn is_numeric(name: &str) -> bool {
    let holds = |part: &str| name.contains(part);
    let is_other = ["char", "clob", "text", "blob"].into_iter().any(holds);
    holds("int") || !(is_other || name.is_empty() || name == "any")
}
