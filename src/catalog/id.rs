//! The identity of an object.

use std::fmt;

use crate::catalog::Name;

/// The kind of an object. The order of kinds is that of their creation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Kind {
    /// A namespace for other objects.
    Schema,
    /// An installed extension.
    Extension,
    /// A rule for comparing texts.
    Collation,
    /// A type with a list of values.
    Enum,
    /// A type with rules of its own over another one.
    Domain,
    /// A CHECK constraint of a domain.
    DomainCheck,
    /// A type made of attributes.
    Composite,
    /// A type of ranges of another one.
    Range,
    /// A function that returns a value or rows.
    Function,
    /// A procedure, which CALL runs.
    Procedure,
    /// An aggregate function.
    Aggregate,
    /// A generator of numbers.
    Sequence,
    /// A table, virtual or not.
    Table,
    /// A column of a table.
    Column,
    /// The default of a column, where it is an object of its own.
    Default,
    /// The primary key of a table.
    PrimaryKey,
    /// A UNIQUE constraint of a table.
    Unique,
    /// A CHECK constraint of a table.
    Check,
    /// An EXCLUDE constraint of a table.
    Exclusion,
    /// A foreign key of a table.
    ForeignKey,
    /// An index that is no constraint.
    Index,
    /// Statistics over several columns.
    Statistics,
    /// A view: a stored query.
    View,
    /// A view that keeps its rows.
    MaterializedView,
    /// A trigger on a table or view.
    Trigger,
    /// A program that runs by the clock.
    Event,
    /// A rule that rewrites queries of a table or view.
    Rule,
    /// A policy about the rows that a role sees.
    Policy,
    /// A trigger on statements of the whole database.
    EventTrigger,
    /// The privileges that new objects of a role get.
    DefaultPrivileges,
    /// An object that is known to exist, and can't be generated.
    Opaque,
}

impl Kind {
    const ALL: [Self; 31] = [
        Self::Schema,
        Self::Extension,
        Self::Collation,
        Self::Enum,
        Self::Domain,
        Self::DomainCheck,
        Self::Composite,
        Self::Range,
        Self::Function,
        Self::Procedure,
        Self::Aggregate,
        Self::Sequence,
        Self::Table,
        Self::Column,
        Self::Default,
        Self::PrimaryKey,
        Self::Unique,
        Self::Check,
        Self::Exclusion,
        Self::ForeignKey,
        Self::Index,
        Self::Statistics,
        Self::View,
        Self::MaterializedView,
        Self::Trigger,
        Self::Event,
        Self::Rule,
        Self::Policy,
        Self::EventTrigger,
        Self::DefaultPrivileges,
        Self::Opaque,
    ];

    /// The kinds of objects that have columns.
    pub const RELATIONS: [Self; 3] = [Self::Table, Self::View, Self::MaterializedView];

    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }

    /// Returns the kind as a word: `table`, `foreign_key`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Schema => "schema",
            Self::Extension => "extension",
            Self::Collation => "collation",
            Self::Enum => "enum",
            Self::Domain => "domain",
            Self::DomainCheck => "domain_check",
            Self::Composite => "composite_type",
            Self::Range => "range_type",
            Self::Function => "function",
            Self::Procedure => "procedure",
            Self::Aggregate => "aggregate",
            Self::Sequence => "sequence",
            Self::Table => "table",
            Self::Column => "column",
            Self::Default => "default",
            Self::PrimaryKey => "primary_key",
            Self::Unique => "unique",
            Self::Check => "check",
            Self::Exclusion => "exclusion",
            Self::ForeignKey => "foreign_key",
            Self::Index => "index",
            Self::Statistics => "statistics",
            Self::View => "view",
            Self::MaterializedView => "materialized_view",
            Self::Trigger => "trigger",
            Self::Event => "event",
            Self::Rule => "rule",
            Self::Policy => "policy",
            Self::EventTrigger => "event_trigger",
            Self::DefaultPrivileges => "default_privileges",
            Self::Opaque => "other",
        }
    }

    /// Tells whether objects of the kind are a part of their table, which its own statement makes.
    pub fn is_part(self) -> bool {
        match self {
            Self::DomainCheck
            | Self::Column
            | Self::Default
            | Self::PrimaryKey
            | Self::Unique
            | Self::Check
            | Self::Exclusion
            | Self::ForeignKey => true,
            Self::Schema
            | Self::Extension
            | Self::Collation
            | Self::Enum
            | Self::Domain
            | Self::Composite
            | Self::Range
            | Self::Function
            | Self::Procedure
            | Self::Aggregate
            | Self::Sequence
            | Self::Table
            | Self::Index
            | Self::Statistics
            | Self::View
            | Self::MaterializedView
            | Self::Trigger
            | Self::Event
            | Self::Rule
            | Self::Policy
            | Self::EventTrigger
            | Self::DefaultPrivileges
            | Self::Opaque => false,
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

    /// Returns the schema and the owner, each with a dot behind it: `app.users.`.
    pub(crate) fn place(&self) -> String {
        let parts = [&self.schema, &self.owner].into_iter().flatten();
        parts.flat_map(|it| [it.as_str(), "."]).collect()
    }

    /// Returns the name of the table that the id names or belongs to.
    pub fn own_table(&self) -> Option<&Name> {
        if self.kind == Kind::Table { Some(&self.name) } else { self.owner.as_ref() }
    }
}
