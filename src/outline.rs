//! The objects of a database that a diagram shows: tables, columns, keys, references.
//!
//! It is light and the same for all databases: types and expressions are texts as the server spells
//! them, and nothing is compared. [`crate::sqlite`] has schemas that can be created again.

/// The tables and views that a diagram shows, by name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outline {
    /// The tables and views, sorted by name.
    pub tables: Vec<Table>,
}

/// A table or a view with its columns and keys.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// The name, qualified by the schema unless that is the default.
    pub name: String,
    /// The query, if it is a view.
    pub view: Option<String>,
    /// The columns in order.
    pub columns: Vec<Column>,
    /// The columns of the primary key, in order.
    pub primary_key: Vec<String>,
    /// Sets of columns that no two rows have in common, the primary key left out.
    pub uniques: Vec<Vec<String>>,
    /// The foreign keys of the table.
    pub foreign_keys: Vec<ForeignKey>,
    /// The indexes with statements of their own.
    pub indexes: Vec<Index>,
    /// The triggers of the table.
    pub triggers: Vec<Trigger>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Column {
    /// The name of the column.
    pub name: String,
    /// The type, as the database spells it; empty if none was declared.
    pub type_name: String,
    /// Whether the column refuses NULL.
    pub not_null: bool,
}

/// A foreign key of a table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ForeignKey {
    /// The referring columns in order.
    pub columns: Vec<String>,
    /// The name of the referenced table.
    pub table: String,
    /// The referenced columns, in the same order.
    pub target: Vec<String>,
    /// The action on a DELETE of the referenced row; none for no action.
    pub on_delete: Option<String>,
    /// The action on an UPDATE of the referenced key; none for no action.
    pub on_update: Option<String>,
}

/// An index of a table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Index {
    /// The name of the index.
    pub name: String,
    /// The indexed columns, or expressions as the database spells them.
    pub columns: Vec<String>,
    /// Whether the index is unique.
    pub unique: bool,
    /// Whether the index covers some of the rows only.
    pub partial: bool,
}

/// A trigger of a table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trigger {
    /// The name of the trigger.
    pub name: String,
    /// The statement that creates the trigger, or its effect.
    pub text: String,
}

impl Outline {
    /// Finds a table by its name.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }

    /// Keeps only the tables that pass a test; references to others are dropped.
    pub fn retain(&mut self, takes: impl Fn(&str) -> bool) {
        self.tables.retain(|table| takes(&table.name));
    }
}

impl Table {
    /// Finds a column by its name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Tells whether a column belongs to the primary key.
    pub fn is_key(&self, column: &str) -> bool {
        self.primary_key.iter().any(|it| it == column)
    }

    /// Tells whether a column belongs to a foreign key.
    pub fn refers(&self, column: &str) -> bool {
        self.foreign_keys.iter().any(|key| key.columns.iter().any(|it| it == column))
    }

    /// Tells whether a column is unique by itself, the primary key left out.
    pub fn is_unique(&self, column: &str) -> bool {
        self.uniques.iter().any(|set| matches!(set.as_slice(), [only] if only == column))
    }

    /// Tells whether a column refuses NULL; one of the primary key does for readers of a diagram.
    pub fn requires(&self, column: &str) -> bool {
        self.is_key(column) || self.column(column).is_some_and(|it| it.not_null)
    }

    /// Tells whether a foreign key may be NULL, so that a row can exist without the referenced one.
    pub fn is_optional(&self, key: &ForeignKey) -> bool {
        !key.columns.iter().all(|column| self.requires(column))
    }

    /// Tells whether at most one row can reference another through a foreign key.
    pub fn is_single(&self, key: &ForeignKey) -> bool {
        let within =
            |set: &[String]| !set.is_empty() && set.iter().all(|it| key.columns.contains(it));
        within(&self.primary_key) || self.uniques.iter().any(|set| within(set))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn keys_tell_how_many_rows_meet() {
        let column =
            |name: &str, not_null| Column { name: name.into(), not_null, ..Column::default() };
        let key = |columns| ForeignKey { columns: names(columns), ..ForeignKey::default() };
        let table = Table {
            columns: vec![column("a", false), column("b", true), column("c", false)],
            primary_key: names("a b"),
            uniques: vec![names("c")],
            ..Table::default()
        };
        for (columns, optional, single) in
            [("a", false, false), ("a b", false, true), ("c", true, true), ("b c", true, true)]
        {
            let key = key(columns);
            assert_eq!(
                (table.is_optional(&key), table.is_single(&key)),
                (optional, single),
                "{columns}"
            );
        }
        assert!(table.is_unique("c") && !table.is_unique("a") && table.requires("a"));
    }
}
