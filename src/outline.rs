//! What a database holds, as far as a drawing shows it: tables, columns, keys, what refers to what.
//!
//! It is light and the same for all databases: types and expressions are texts as the server spells
//! them, and nothing is compared. A schema that can be made again is [`crate::sqlite`]'s business.

/// The tables and views of a database, by name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outline {
    /// The tables and views.
    pub tables: Vec<Table>,
}

/// A table or a view.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// Its name, with its schema's before it unless that is the usual one.
    pub name: String,
    /// The query, if it is a view.
    pub view: Option<String>,
    /// The columns in order.
    pub columns: Vec<Column>,
    /// The columns of the primary key, in order.
    pub primary_key: Vec<String>,
    /// Sets of columns that no two rows have in common, the primary key left out.
    pub uniques: Vec<Vec<String>>,
    /// The foreign keys.
    pub foreign_keys: Vec<ForeignKey>,
    /// The indexes that are made for themselves.
    pub indexes: Vec<Index>,
    /// The triggers.
    pub triggers: Vec<Trigger>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// The type, as the database spells it; empty if none was declared.
    pub type_name: String,
    /// Whether NULL is refused.
    pub not_null: bool,
}

/// A foreign key.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ForeignKey {
    /// Its columns in order.
    pub columns: Vec<String>,
    /// The table that it refers to.
    pub table: String,
    /// The columns there, in the same order.
    pub target: Vec<String>,
    /// What a DELETE there does here; none for nothing.
    pub on_delete: Option<String>,
    /// What an UPDATE there does here; none for nothing.
    pub on_update: Option<String>,
}

/// An index.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Index {
    /// Its name.
    pub name: String,
    /// What is indexed: columns, or expressions as the database spells them.
    pub columns: Vec<String>,
    /// Whether it refuses duplicates.
    pub unique: bool,
    /// Whether it holds some of the rows only.
    pub partial: bool,
}

/// A trigger.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trigger {
    /// Its name.
    pub name: String,
    /// The statement that makes it, or what it does.
    pub text: String,
}

impl Outline {
    /// Finds a table.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }

    /// Leaves only the tables of which a test holds; what refers to others refers to nothing drawn.
    pub fn retain(&mut self, takes: impl Fn(&str) -> bool) {
        self.tables.retain(|table| takes(&table.name));
    }
}

impl Table {
    /// Finds a column.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Tells whether a column belongs to the primary key.
    pub fn is_key(&self, column: &str) -> bool {
        self.primary_key.iter().any(|it| it == column)
    }

    /// Tells whether a column refers to another table.
    pub fn refers(&self, column: &str) -> bool {
        self.foreign_keys.iter().any(|key| key.columns.iter().any(|it| it == column))
    }

    /// Tells whether a column alone tells rows apart, the primary key left out.
    pub fn is_unique(&self, column: &str) -> bool {
        self.uniques.iter().any(|set| matches!(set.as_slice(), [only] if only == column))
    }

    /// Tells whether a column refuses NULL; one of the primary key always does for a reader.
    pub fn requires(&self, column: &str) -> bool {
        self.is_key(column) || self.column(column).is_some_and(|it| it.not_null)
    }

    /// Tells whether a foreign key may be empty, so that a row can do without the other.
    pub fn is_optional(&self, key: &ForeignKey) -> bool {
        !key.columns.iter().all(|column| self.requires(column))
    }

    /// Tells whether at most one row can refer to another through a foreign key.
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
