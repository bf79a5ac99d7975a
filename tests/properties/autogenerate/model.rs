//! A schema of SQLite as values that know each other by key.

/// What stays the same when a thing gets another name.
pub(super) type Key = usize;

/// A piece of a text that names others by key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Text(&'static str),
    Table(Key),
    Column(Key, Key),
    View(Key),
}

pub(super) type Pieces = Vec<Piece>;

#[derive(Debug, Clone)]
pub(super) struct Column {
    pub(super) key: Key,
    pub(super) name: String,
    pub(super) declared: &'static str,
    pub(super) not_null: bool,
    pub(super) conflict: &'static str,
    pub(super) default: &'static str,
    pub(super) collation: &'static str,
    /// The expression, and whether its values are stored.
    pub(super) generated: Option<(Pieces, bool)>,
    /// What a hint says that it is filled with.
    pub(super) backfill: &'static str,
}

#[derive(Debug, Clone)]
pub(super) struct PrimaryKey {
    pub(super) name: &'static str,
    pub(super) columns: Vec<(Key, &'static str)>,
    pub(super) conflict: &'static str,
    pub(super) autoincrement: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Unique {
    pub(super) name: &'static str,
    pub(super) columns: Vec<Key>,
    pub(super) conflict: &'static str,
}

#[derive(Debug, Clone)]
pub(super) struct Check {
    pub(super) name: &'static str,
    pub(super) expression: Pieces,
}

#[derive(Debug, Clone)]
pub(super) struct ForeignKey {
    pub(super) name: &'static str,
    pub(super) columns: Vec<Key>,
    pub(super) table: Key,
    pub(super) target: Vec<Key>,
    /// Whether the columns there are written, though they are the primary key.
    pub(super) explicit: bool,
    pub(super) rest: String,
}

#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) key: Key,
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
    pub(super) primary_key: Option<PrimaryKey>,
    pub(super) uniques: Vec<Unique>,
    pub(super) checks: Vec<Check>,
    pub(super) foreign_keys: Vec<ForeignKey>,
    pub(super) strict: bool,
    pub(super) without_rowid: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Index {
    pub(super) key: Key,
    pub(super) name: String,
    pub(super) table: Key,
    pub(super) unique: bool,
    pub(super) parts: Vec<Pieces>,
    pub(super) filter: Pieces,
}

#[derive(Debug, Clone)]
pub(super) struct View {
    pub(super) key: Key,
    pub(super) name: String,
    pub(super) body: Pieces,
}

#[derive(Debug, Clone)]
pub(super) struct Trigger {
    pub(super) name: String,
    pub(super) head: Pieces,
    pub(super) body: Pieces,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Model {
    pub(super) tables: Vec<Table>,
    pub(super) indexes: Vec<Index>,
    pub(super) views: Vec<View>,
    pub(super) triggers: Vec<Trigger>,
}

impl Table {
    pub(super) fn column(&self, key: Key) -> Option<&Column> {
        self.columns.iter().find(|it| it.key == key)
    }

    pub(super) fn named(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|it| same(&it.name, name))
    }

    pub(super) fn is_key(&self, column: Key) -> bool {
        self.primary_key.iter().flat_map(|it| &it.columns).any(|(key, _)| *key == column)
    }

    /// The column that is the rowid by another name.
    pub(super) fn rowid_column(&self) -> Option<Key> {
        let [(key, _)] = self.primary_key.as_ref()?.columns.as_slice() else {
            return None;
        };
        let is_integer = self.column(*key)?.declared == "INTEGER";
        Some(*key).filter(|_| is_integer && !self.without_rowid)
    }

    /// A name of the rowid that no column has.
    pub(super) fn rowid(&self) -> Option<&'static str> {
        let names = ["rowid", "_rowid_", "oid"].into_iter();
        names.into_iter().find(|it| self.named(it).is_none()).filter(|_| !self.without_rowid)
    }

    pub(super) fn requires(&self, column: &Column) -> bool {
        column.not_null || (self.without_rowid && self.is_key(column.key))
    }
}

impl Model {
    pub(super) fn table(&self, key: Key) -> Option<&Table> {
        self.tables.iter().find(|it| it.key == key)
    }

    pub(super) fn named(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|it| same(&it.name, name))
    }
}

/// Tells whether two names are one to SQLite.
pub(super) fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
