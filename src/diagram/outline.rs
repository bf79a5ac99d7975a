//! The objects of a catalog that a diagram shows: tables, columns, keys, references.

use std::collections::BTreeMap;

use crate::catalog::{
    BODY, COLUMNS, Catalog, EXPRESSION, INVALID, Id, Kind, NOT_NULL, ON_DELETE, ON_UPDATE, Object,
    REFERENCES, TYPE, UNIQUE, WHERE,
};

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
    pub columns: Vec<Column>,
    pub primary_key: Vec<String>,
    /// Sets of columns that no two rows have in common, the primary key left out.
    pub uniques: Vec<Vec<String>>,
    pub foreign_keys: Vec<ForeignKey>,
    pub indexes: Vec<Index>,
    pub triggers: Vec<Trigger>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Column {
    pub name: String,
    /// The type, as the database spells it; empty if none was declared.
    pub type_name: String,
    /// Whether the column refuses NULL.
    pub not_null: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ForeignKey {
    pub columns: Vec<String>,
    pub table: String,
    /// The referenced columns, in the same order.
    pub target: Vec<String>,
    /// The action on a DELETE of the referenced row; none for no action.
    pub on_delete: Option<String>,
    /// The action on an UPDATE of the referenced key; none for no action.
    pub on_update: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Index {
    pub name: String,
    /// The indexed columns, or expressions as the database spells them.
    pub columns: Vec<String>,
    pub unique: bool,
    /// Whether the index covers some of the rows only.
    pub partial: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trigger {
    pub name: String,
    /// The statement that creates the trigger, or its effect.
    pub text: String,
}

impl Outline {
    /// Takes the tables and views of a catalog.
    pub fn of(catalog: &Catalog) -> Self {
        let mut parts: BTreeMap<&Id, Vec<&Object>> = BTreeMap::new();
        for object in catalog.objects.values() {
            if let Some(parent) = &object.parent {
                parts.entry(parent).or_default().push(object);
            }
        }
        let relations = Kind::RELATIONS.into_iter().flat_map(|kind| catalog.of_kind(kind));
        let mut tables: Vec<Table> =
            relations.map(|it| Table::of(it, parts.remove(&it.id).unwrap_or_default())).collect();
        tables.sort_by(|one, other| one.name.cmp(&other.name));
        Self { tables }
    }

    /// Keeps only the tables that pass a test; references to others are dropped.
    pub fn retain(&mut self, takes: impl Fn(&str) -> bool) {
        self.tables.retain(|table| takes(&table.name));
    }
}

impl Table {
    #[expect(clippy::wildcard_enum_match_arm, reason = "other parts are not drawn")]
    fn of(relation: &Object, mut parts: Vec<&Object>) -> Self {
        let is_view = relation.id.kind != Kind::Table;
        let view = is_view.then(|| said(relation));
        let mut res = Self { name: relation.id.full_name(), view, ..Self::default() };
        parts.sort_by_key(|it| it.place);
        for part in parts {
            match part.id.kind {
                Kind::Column => res.columns.push(Column::of(part)),
                Kind::PrimaryKey => res.primary_key = part.list(COLUMNS).to_vec(),
                Kind::Unique => res.add_unique(part),
                Kind::ForeignKey => res.foreign_keys.push(ForeignKey::of(part)),
                Kind::Index => {
                    if part.says(UNIQUE) && !part.says(WHERE) && !part.says(EXPRESSION) {
                        res.add_unique(part);
                    }
                    res.indexes.push(Index::of(part));
                }
                Kind::Trigger => {
                    res.triggers.push(Trigger { name: part.id.name.to_string(), text: said(part) });
                }
                _ => {}
            }
        }
        res.indexes.sort_by(|one, other| one.name.cmp(&other.name));
        res
    }

    fn add_unique(&mut self, key: &Object) {
        let columns = key.list(COLUMNS);
        if !key.says(INVALID) && !self.uniques.iter().any(|it| it == columns) {
            self.uniques.push(columns.to_vec());
        }
    }

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

    /// Returns the marks of the keys that a column belongs to: `PK`, `FK`, `UQ`.
    pub fn marks(&self, column: &str) -> Vec<&'static str> {
        let all = [
            ("PK", self.is_key(column)),
            ("FK", self.refers(column)),
            ("UQ", self.is_unique(column)),
        ];
        all.into_iter().filter(|it| it.1).map(|it| it.0).collect()
    }

    /// Tells whether a column refuses NULL, and not for being a part of the primary key.
    pub fn has_not_null(&self, column: &str) -> bool {
        !self.is_key(column) && self.requires(column)
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

impl Column {
    fn of(column: &Object) -> Self {
        let (name, type_name) = (column.id.name.to_string(), column.written(TYPE).to_owned());
        Self { name, type_name, not_null: column.says(NOT_NULL) }
    }
}

impl ForeignKey {
    /// Says what happens where the other row goes or changes: `, on delete cascade`.
    pub fn actions(&self) -> String {
        let all = [("delete", &self.on_delete), ("update", &self.on_update)];
        let said = all.into_iter().filter_map(|(when, action)| {
            Some(format!(", on {when} {}", action.as_ref()?.to_lowercase()))
        });
        said.collect()
    }

    fn of(key: &Object) -> Self {
        let table = key.needs.iter().find(|it| it.kind == Kind::Table);
        let action = |it| Some(key.written(it).to_owned()).filter(|it| !it.is_empty());
        Self {
            columns: key.list(COLUMNS).to_vec(),
            table: table.map(Id::full_name).unwrap_or_default(),
            target: key.list(REFERENCES).to_vec(),
            on_delete: action(ON_DELETE),
            on_update: action(ON_UPDATE),
        }
    }
}

impl Index {
    fn of(index: &Object) -> Self {
        Self {
            name: index.id.name.to_string(),
            columns: index.list(COLUMNS).to_vec(),
            unique: index.says(UNIQUE),
            partial: index.says(WHERE),
        }
    }
}

/// Returns what a view or a trigger does: its text alone, or the statement that makes it.
fn said(object: &Object) -> String {
    if object.says(BODY) { object.written(BODY) } else { object.statement() }.to_owned()
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
            let found = (table.is_optional(&key), table.is_single(&key));
            assert_eq!(found, (optional, single), "{columns}");
        }
        assert!(table.is_unique("c") && !table.is_unique("a") && table.requires("a"));
    }
}
