//! The identity of an object.

use std::fmt;

use crate::catalog::Name;

/// The kind of an object. The order of kinds is that of their creation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Kind {
    /// A type with a list of values.
    Enum,
    Sequence,
    /// A table, virtual or not.
    Table,
    Column,
    PrimaryKey,
    Unique,
    /// A CHECK constraint of a table.
    Check,
    ForeignKey,
    Index,
    /// A view: a stored query.
    View,
    /// A view that keeps its rows.
    MaterializedView,
    /// A trigger on a table or view.
    Trigger,
}

impl Kind {
    const ALL: [Self; 12] = [
        Self::Enum,
        Self::Sequence,
        Self::Table,
        Self::Column,
        Self::PrimaryKey,
        Self::Unique,
        Self::Check,
        Self::ForeignKey,
        Self::Index,
        Self::View,
        Self::MaterializedView,
        Self::Trigger,
    ];

    /// The kinds of objects that have columns.
    pub const RELATIONS: [Self; 3] = [Self::Table, Self::View, Self::MaterializedView];

    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }

    /// Returns the kind as a word: `table`, `foreign_key`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Enum => "enum",
            Self::Sequence => "sequence",
            Self::Table => "table",
            Self::Column => "column",
            Self::PrimaryKey => "primary_key",
            Self::Unique => "unique",
            Self::Check => "check",
            Self::ForeignKey => "foreign_key",
            Self::Index => "index",
            Self::View => "view",
            Self::MaterializedView => "materialized_view",
            Self::Trigger => "trigger",
        }
    }

    /// Tells whether objects of the kind are a part of their table, which its own statement makes.
    pub fn is_part(self) -> bool {
        match self {
            Self::Column | Self::PrimaryKey | Self::Unique | Self::Check | Self::ForeignKey => true,
            Self::Enum
            | Self::Sequence
            | Self::Table
            | Self::Index
            | Self::View
            | Self::MaterializedView
            | Self::Trigger => false,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The kind of an object and its names. Changes and the steps that make them are joined by ids.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Id {
    pub kind: Kind,
    /// The schema, unless it is the one in which the session works.
    pub schema: Option<Name>,
    /// The table that scopes the object's name: a column's.
    pub owner: Option<Name>,
    pub name: Name,
}

impl Id {
    /// Identifies an object whose name is not scoped by a table.
    pub fn new(kind: Kind, name: &Name) -> Self {
        Self { kind, schema: None, owner: None, name: name.clone() }
    }

    pub fn part(kind: Kind, table: &Name, name: &Name) -> Self {
        Self { owner: Some(table.clone()), ..Self::new(kind, name) }
    }

    pub fn table(name: &Name) -> Self {
        Self::new(Kind::Table, name)
    }

    pub fn column(table: &Name, column: &Name) -> Self {
        Self::part(Kind::Column, table, column)
    }

    /// Returns the name with the schema before it, if there is one.
    pub fn full_name(&self) -> String {
        let schema = self.schema.as_ref().map(|schema| format!("{schema}."));
        schema.unwrap_or_default() + self.name.as_str()
    }

    /// Returns the name of the table that the id names or belongs to.
    pub fn own_table(&self) -> Option<&Name> {
        if self.kind == Kind::Table { Some(&self.name) } else { self.owner.as_ref() }
    }
}
