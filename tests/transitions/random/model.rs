//! A schema whose things know each other by key. What refers to a thing that is gone isn't written.

use std::collections::BTreeMap;

/// What a thing is known by, whatever its name.
pub(super) type Key = usize;

#[derive(Clone, Default)]
pub(super) struct Model {
    pub(super) enums: Vec<Enum>,
    pub(super) domains: Vec<Domain>,
    pub(super) sequences: Vec<Sequence>,
    pub(super) tables: Vec<Table>,
    pub(super) indexes: Vec<Index>,
    pub(super) views: Vec<View>,
    pub(super) functions: Vec<Function>,
    /// Things of [`super::extras::EXTRAS`], with their forms.
    pub(super) extras: BTreeMap<usize, usize>,
}

#[derive(Clone)]
pub(super) struct Enum {
    pub(super) key: Key,
    pub(super) name: String,
    /// The name that it had before, if it is renamed.
    pub(super) was: Option<String>,
    pub(super) labels: Vec<&'static str>,
}

/// A domain over text.
#[derive(Clone)]
pub(super) struct Domain {
    pub(super) key: Key,
    pub(super) name: String,
    pub(super) check: usize,
    pub(super) default: usize,
    pub(super) not_null: bool,
}

#[derive(Clone)]
pub(super) struct Sequence {
    pub(super) key: Key,
    pub(super) name: String,
    pub(super) options: usize,
}

#[derive(Clone)]
pub(super) struct Table {
    pub(super) key: Key,
    /// Whether it lies in another schema than most.
    pub(super) is_away: bool,
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
    /// The name that it had before, if it is renamed.
    pub(super) was: Option<String>,
    /// One of the forms in [`super::parts::PARTS`], if it is partitioned.
    pub(super) parts: Option<usize>,
    pub(super) primary: Option<Vec<Key>>,
    pub(super) uniques: Vec<Unique>,
    /// The column whose values an exclusion constraint keeps apart.
    pub(super) exclusion: Option<(Key, Key)>,
    pub(super) checks: Vec<Rule>,
    pub(super) options: usize,
    pub(super) policy: Option<Rule>,
    pub(super) trigger: Option<Rule>,
    pub(super) statistics: Option<Key>,
}

/// A unique constraint, in one of a few forms.
#[derive(Clone)]
pub(super) struct Unique {
    pub(super) key: Key,
    pub(super) columns: Vec<Key>,
    pub(super) form: usize,
}

/// A condition on a column, one of those that its type has.
#[derive(Clone)]
pub(super) struct Rule {
    pub(super) key: Key,
    pub(super) column: Key,
    pub(super) form: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    /// One of the types in [`super::write::BASES`].
    Base(usize),
    Enum(Key),
    EnumArray(Key),
    Domain(Key),
    /// The type of a table's key, to which the column refers.
    Of(Key),
}

#[derive(Clone)]
pub(super) struct Column {
    pub(super) key: Key,
    pub(super) name: String,
    /// The name that it had before, if it is renamed.
    pub(super) was: Option<String>,
    pub(super) type_: Type,
    pub(super) not_null: bool,
    pub(super) made: Made,
    pub(super) comment: usize,
    /// What the foreign key says, if there is one.
    pub(super) link: usize,
}

/// Where the values of a column come from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Made {
    ByUser,
    /// One of the defaults of its type.
    Default(usize),
    Function(Key),
    Sequence(Key),
    /// Always if true, else by default.
    Identity(bool),
    Serial,
    /// From another column; the type is that of the expression.
    From(Key),
}

#[derive(Clone)]
pub(super) struct Index {
    pub(super) name: String,
    pub(super) table: Key,
    pub(super) parts: Vec<(Key, usize)>,
    pub(super) filter: Option<Rule>,
    pub(super) unique: bool,
}

/// A view of two columns.
#[derive(Clone)]
pub(super) struct View {
    pub(super) key: Key,
    pub(super) name: String,
    /// A view that was made before, or a table.
    pub(super) from: Key,
    pub(super) columns: (Key, Key),
    pub(super) form: usize,
    pub(super) materialized: bool,
}

#[derive(Clone)]
pub(super) struct Function {
    pub(super) key: Key,
    pub(super) name: String,
    pub(super) kind: usize,
    pub(super) on: Key,
    pub(super) body: usize,
}

impl Model {
    pub(super) fn table(&self, key: Key) -> Option<&Table> {
        self.tables.iter().find(|it| it.key == key)
    }

    pub(super) fn enum_of(&self, key: Key) -> Option<&Enum> {
        self.enums.iter().find(|it| it.key == key)
    }

    pub(super) fn domain(&self, key: Key) -> Option<&Domain> {
        self.domains.iter().find(|it| it.key == key)
    }

    /// Returns all names that relations and types have.
    pub(super) fn taken(&self) -> Vec<&String> {
        let enums = self.enums.iter().map(|it| &it.name);
        let domains = self.domains.iter().map(|it| &it.name);
        let sequences = self.sequences.iter().map(|it| &it.name);
        let tables = self.tables.iter().map(|it| &it.name);
        let indexes = self.indexes.iter().map(|it| &it.name);
        let views = self.views.iter().map(|it| &it.name);
        let functions = self.functions.iter().map(|it| &it.name);
        let types = enums.chain(domains).chain(functions);
        types.chain(sequences).chain(tables).chain(indexes).chain(views).collect()
    }
}

impl Table {
    pub(super) fn column(&self, key: Key) -> Option<&Column> {
        self.columns.iter().find(|it| it.key == key)
    }
}
