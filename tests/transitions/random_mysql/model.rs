//! A schema whose things know each other by key. What refers to a thing that is gone isn't written.

/// What a thing is known by, whatever its name.
pub(super) type Key = usize;

#[derive(Clone, Default)]
pub(super) struct Model {
    pub(super) tables: Vec<Table>,
    pub(super) views: Vec<View>,
    pub(super) sequences: Vec<usize>,
    pub(super) routines: Vec<usize>,
    pub(super) next: Key,
}

#[derive(Clone)]
pub(super) struct Table {
    pub(super) key: Key,
    pub(super) name: String,
    /// The name that it had before, if it is renamed.
    pub(super) was: Option<String>,
    pub(super) columns: Vec<Column>,
    /// Whether the first column is the primary key.
    pub(super) has_key: bool,
    pub(super) indexes: Vec<Index>,
    pub(super) checks: Vec<Check>,
    pub(super) links: Vec<Link>,
    pub(super) options: usize,
    /// The form of its partitions.
    pub(super) parts: usize,
    pub(super) triggers: Vec<(Key, usize)>,
}

#[derive(Clone)]
pub(super) struct Column {
    pub(super) key: Key,
    pub(super) name: String,
    pub(super) was: Option<String>,
    /// The family of types, and the one of it.
    pub(super) family: usize,
    pub(super) type_at: usize,
    pub(super) not_null: bool,
    pub(super) default: usize,
    pub(super) comment: usize,
    /// How it is generated from another column, if it is.
    pub(super) generated: Option<(Key, usize)>,
}

#[derive(Clone)]
pub(super) struct Index {
    pub(super) key: Key,
    pub(super) columns: Vec<Key>,
    pub(super) form: usize,
}

#[derive(Clone)]
pub(super) struct Check {
    pub(super) key: Key,
    pub(super) column: Key,
    pub(super) form: usize,
}

/// A foreign key to the primary key of another table.
#[derive(Clone)]
pub(super) struct Link {
    pub(super) key: Key,
    pub(super) column: Key,
    pub(super) table: Key,
    pub(super) action: usize,
}

#[derive(Clone)]
pub(super) struct View {
    pub(super) key: Key,
    pub(super) table: Key,
    pub(super) form: usize,
}
