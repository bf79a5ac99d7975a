//! Schemas out of a list of numbers, so that shorter lists and lower numbers are simpler schemas.

use super::model::{
    Check, Column, ForeignKey, Index, Key, Model, Piece, Pieces, PrimaryKey, Table, Trigger,
    Unique, View, same,
};

const NAMES: &[&str] = &[
    "a",
    "b",
    "c",
    "id",
    "name",
    "users",
    "order",
    "we ird",
    "quo\"te",
    "Ünï",
    "select",
    "x'y",
    "1st",
    "a.b",
    "Group",
    "items",
    "log",
    "[odd]",
    "ta`b",
    "table",
    "_migrate_new_a",
    "c0",
    "rowid",
    "values",
    "end",
    "old",
    "new",
    "key",
    "_migrate_old_a",
    "d",
];

const TYPES: &[&str] = &[
    "",
    "INTEGER",
    "TEXT",
    "INT",
    "REAL",
    "BLOB",
    "NUMERIC",
    "VARCHAR(20)",
    "DECIMAL(10, 2)",
    "BOOLEAN",
    "DATETIME",
    "ANY",
];

const STRICT_TYPES: &[&str] = &["ANY", "INTEGER", "TEXT", "INT", "REAL", "BLOB"];

const DEFAULTS: &[&str] = &[
    "",
    "7",
    "-3",
    "'text'",
    "'it''s; --'",
    "NULL",
    "(1 + 2)",
    "('a' || 'b')",
    "CURRENT_TIMESTAMP",
    "x'00ff'",
    "TRUE",
    "1.5",
    "(abs(-4))",
    "+2",
    "(NULL)",
    "bare",
    "\"dq\"",
];

const CONFLICTS: &[&str] = &["", "", "IGNORE", "REPLACE", "FAIL", "ROLLBACK"];

/// A tape of numbers; behind its end all are 0.
pub(super) struct Tape<'a> {
    numbers: &'a [u16],
    at: usize,
    keys: Key,
}

impl<'a> Tape<'a> {
    pub(super) fn new(numbers: &'a [u16]) -> Self {
        Self { numbers, at: 0, keys: 0 }
    }

    pub(super) fn below(&mut self, limit: usize) -> usize {
        let number = self.numbers.get(self.at).copied().unwrap_or_default();
        self.at += 1;
        usize::from(number) % limit.max(1)
    }

    /// Tells whether one chance in so many comes true.
    pub(super) fn once_in(&mut self, chances: usize) -> bool {
        self.below(chances) == chances - 1
    }

    pub(super) fn of(&mut self, list: &[&'static str]) -> &'static str {
        list[self.below(list.len())]
    }

    pub(super) fn key(&mut self) -> Key {
        self.keys += 1;
        self.keys
    }

    /// Draws a name that isn't taken.
    pub(super) fn name(&mut self, taken: &[String]) -> String {
        let at = self.below(NAMES.len());
        let names = NAMES.iter().cycle().skip(at).take(NAMES.len());
        let mut free = names.filter(|name| !taken.iter().any(|it| same(it, name)));
        free.next().map_or_else(|| format!("extra{}", taken.len()), |it| (*it).to_owned())
    }

    pub(super) fn model(&mut self) -> Model {
        let mut res = Model::default();
        for _ in 0..=self.below(4) {
            self.add_table(&mut res);
        }
        for _ in 0..self.below(3) {
            self.add_foreign_key(&mut res);
        }
        for _ in 0..self.below(4) {
            self.add_index(&mut res);
        }
        for _ in 0..self.below(3) {
            self.add_view(&mut res);
        }
        for _ in 0..self.below(3) {
            self.add_trigger(&mut res);
        }
        res.mend();
        res
    }

    pub(super) fn add_table(&mut self, model: &mut Model) {
        let mut table = Table {
            key: self.key(),
            name: self.name(&model.taken()),
            columns: Vec::new(),
            primary_key: None,
            uniques: Vec::new(),
            checks: Vec::new(),
            foreign_keys: Vec::new(),
            strict: self.once_in(5),
            without_rowid: false,
        };
        for _ in 0..=self.below(5) {
            self.add_column(&mut table);
        }
        self.set_primary_key(&mut table);
        for _ in 0..self.below(3) {
            self.add_unique(&mut table);
        }
        for _ in 0..self.below(3) {
            self.add_check(&mut table);
        }
        model.tables.push(table);
    }

    pub(super) fn add_column(&mut self, table: &mut Table) {
        let taken: Vec<String> = table.columns.iter().map(|it| it.name.clone()).collect();
        let mut column = Column {
            key: self.key(),
            name: self.name(&taken),
            declared: self.of(if table.strict { STRICT_TYPES } else { TYPES }),
            not_null: self.once_in(4),
            conflict: "",
            default: if self.once_in(3) { self.of(DEFAULTS) } else { "" },
            collation: self.of(&["", "", "", "", "NOCASE", "RTRIM", "BINARY"]),
            generated: None,
            backfill: "",
        };
        if column.not_null {
            column.conflict = self.of(CONFLICTS);
        }
        if self.once_in(6) {
            column.generated = self.generated(table);
        }
        let at = table.columns.len() - self.below(table.columns.len() + 1);
        table.columns.insert(at, column);
    }

    pub(super) fn generated(&mut self, table: &Table) -> Option<(Pieces, bool)> {
        let column = self.plain_column(table)?;
        let column = Piece::Column(table.key, column);
        let (before, after) =
            [("length(", ")"), ("", "|| 'x'"), ("coalesce(", ", 0)"), ("", "+ 1")][self.below(4)];
        Some((vec![Piece::Text(before), column, Piece::Text(after)], self.once_in(2)))
    }

    fn plain_column(&mut self, table: &Table) -> Option<Key> {
        let plain = table.columns.iter().filter(|it| it.generated.is_none());
        let plain: Vec<Key> = plain.map(|it| it.key).collect();
        plain.get(self.below(plain.len())).copied()
    }

    pub(super) fn set_primary_key(&mut self, table: &mut Table) {
        let kind = self.below(6);
        table.primary_key = None;
        table.without_rowid = kind == 3 || kind == 4;
        if kind == 0 {
            return;
        }
        let mut columns: Vec<(Key, &'static str)> = Vec::new();
        for _ in 0..=usize::from(kind > 2 && self.once_in(2)) {
            let suffix = if kind > 2 { self.of(&["", "", "DESC", "COLLATE NOCASE"]) } else { "" };
            columns.extend(self.plain_column(table).map(|key| (key, suffix)));
        }
        if kind < 3
            && let Some((key, _)) = columns.first()
        {
            let column = table.columns.iter_mut().find(|it| it.key == *key);
            if let Some(column) = column {
                column.declared = "INTEGER";
            }
        }
        let name = self.of(&["", "", "", "pk"]);
        let conflict = self.of(CONFLICTS);
        table.primary_key = Some(PrimaryKey { name, columns, conflict, autoincrement: kind == 2 });
    }

    pub(super) fn add_unique(&mut self, table: &mut Table) {
        let mut columns = Vec::new();
        for _ in 0..=self.below(2) {
            let at = self.below(table.columns.len());
            columns.push(table.columns[at].key);
        }
        let (name, conflict) = (self.of(&["", "", "u q", "un"]), self.of(CONFLICTS));
        table.uniques.push(Unique { name, columns, conflict });
    }

    pub(super) fn add_check(&mut self, table: &mut Table) {
        let expression = self.condition(table);
        let name = self.of(&["", "", "ck", "c k", "ck2"]);
        table.checks.push(Check { name, expression });
    }

    fn condition(&mut self, table: &Table) -> Pieces {
        let mut column = || {
            let at = self.below(table.columns.len());
            Piece::Column(table.key, table.columns[at].key)
        };
        let (one, other) = (column(), column());
        let text = Piece::Text;
        match self.below(7) {
            0 => vec![one, text("IS NOT 'zzz'")],
            1 => vec![text("length("), one, text(") < 1000")],
            2 => vec![one, text("<> 42")],
            3 => vec![text("("), one, text("> -100 OR"), other, text("IS NULL)")],
            4 => vec![text("typeof("), one, text(") IN ('null', 'integer', 'text', \"real\")")],
            5 => vec![one, text("NOT LIKE '%--%' AND"), other, text("IS NOT 99")],
            _ => vec![one, text("IS NOT coalesce("), other, text(", '') || 'q'")],
        }
    }

    pub(super) fn add_foreign_key(&mut self, model: &mut Model) {
        let (child, parent) = (self.below(model.tables.len()), self.below(model.tables.len()));
        let Some(parent) = model.tables.get(parent) else {
            return;
        };
        let mut targets: Vec<(Vec<Key>, bool)> = Vec::new();
        let key = parent.primary_key.iter().filter(|it| !it.columns.is_empty());
        targets.extend(key.map(|it| (it.columns.iter().map(|(key, _)| *key).collect(), true)));
        targets.extend(parent.uniques.iter().map(|it| (it.columns.clone(), false)));
        if targets.is_empty() {
            return;
        }
        let (target, is_key) = targets.swap_remove(self.below(targets.len()));
        let (parent, explicit) = (parent.key, !is_key || self.once_in(2));
        let child = &model.tables[child];
        let columns: Vec<Key> = target.iter().filter_map(|_| self.plain_column(child)).collect();
        let child = child.key;
        let mut rest = String::new();
        for action in ["ON DELETE", "ON UPDATE"] {
            let what =
                self.of(&["", "CASCADE", "SET NULL", "SET DEFAULT", "RESTRICT", "NO ACTION"]);
            if !what.is_empty() {
                rest.extend([" ", action, " ", what]);
            }
        }
        rest += " ";
        rest += self.of(&["", "", "DEFERRABLE INITIALLY DEFERRED", "NOT DEFERRABLE", "DEFERRABLE"]);
        let name = self.of(&["", "", "fk", "f k"]);
        let key = ForeignKey { name, columns, table: parent, target, explicit, rest };
        model.tables.iter_mut().filter(|it| it.key == child).for_each(|table| {
            table.foreign_keys.push(key.clone());
        });
    }

    pub(super) fn add_index(&mut self, model: &mut Model) {
        let (name, at) = (self.name(&model.taken()), self.below(model.tables.len()));
        let Some(table) = model.tables.get(at) else {
            return;
        };
        let mut parts = Vec::new();
        for _ in 0..=self.below(2) {
            let column = &table.columns[self.below(table.columns.len())];
            let column = Piece::Column(table.key, column.key);
            let (before, after) = [
                ("", ""),
                ("", "DESC"),
                ("", "COLLATE NOCASE"),
                ("lower(", ")"),
                ("", "|| 'é' COLLATE RTRIM DESC"),
                ("abs(", ") ASC"),
            ][self.below(6)];
            parts.push(vec![Piece::Text(before), column, Piece::Text(after)]);
        }
        let filter = if self.once_in(3) { self.condition(table) } else { Vec::new() };
        let unique = self.once_in(4);
        let table = table.key;
        model.indexes.push(Index { key: self.key(), name, table, unique, parts, filter });
    }

    pub(super) fn add_view(&mut self, model: &mut Model) {
        let name = self.name(&model.taken());
        let text = Piece::Text;
        let view = model.views.get(self.below(model.views.len() + 1)).map(|it| it.key);
        let body = match (view, model.tables.get(self.below(model.tables.len()))) {
            (Some(view), _) => vec![
                text("SELECT v.c0 AS c0, coalesce(v.c1, 'none') AS c1 FROM"),
                Piece::View(view),
                text("AS v"),
            ],
            (None, Some(table)) => {
                let mut column = || {
                    let at = self.below(table.columns.len());
                    Piece::Column(table.key, table.columns[at].key)
                };
                let (one, other) = (column(), column());
                let mut res = vec![text("SELECT"), one, text("AS c0,"), other.clone()];
                res.extend([text("AS c1 FROM"), Piece::Table(table.key)]);
                if self.once_in(3) {
                    res.push(text("WHERE"));
                    res.extend(self.condition(table));
                }
                if self.once_in(3) {
                    res.extend([text("UNION ALL SELECT 1, max("), other]);
                    res.extend([text(") FROM"), Piece::Table(table.key)]);
                }
                res
            }
            (None, None) => vec![text("SELECT 1 AS c0, 2 AS c1")],
        };
        model.views.push(View { key: self.key(), name, body });
    }

    pub(super) fn add_trigger(&mut self, model: &mut Model) {
        let taken: Vec<String> = model.triggers.iter().map(|it| it.name.clone()).collect();
        let name = self.name(&taken);
        let text = Piece::Text;
        let view = model.views.get(self.below(model.views.len() + 2)).map(|it| it.key);
        let Some(table) = model.tables.get(self.below(model.tables.len())) else {
            return;
        };
        let column = |at: usize, table: &Table| {
            Piece::Column(table.key, table.columns[at % table.columns.len()].key)
        };
        let mut head = match view {
            Some(view) => {
                let event = self.of(&["INSTEAD OF INSERT ON", "INSTEAD OF UPDATE ON"]);
                vec![text(event), Piece::View(view)]
            }
            None => match self.below(4) {
                0 => vec![text("AFTER INSERT ON"), Piece::Table(table.key)],
                1 => vec![text("BEFORE DELETE ON"), Piece::Table(table.key)],
                2 => vec![text("UPDATE ON"), Piece::Table(table.key)],
                _ => {
                    let own = column(self.below(9), table);
                    vec![text("AFTER UPDATE OF"), own, text("ON"), Piece::Table(table.key)]
                }
            },
        };
        if view.is_none() && self.once_in(2) && head[0] == text("AFTER INSERT ON") {
            let own = column(self.below(9), table);
            head.extend([text("WHEN new."), own, text("IS NOT NULL")]);
        }
        let other = &model.tables[self.below(model.tables.len())];
        let target = column(self.below(9), other);
        let table = Piece::Table(other.key);
        let body = match self.below(4) {
            0 => vec![text("SELECT 1;")],
            1 => vec![text("DELETE FROM"), table, text("WHERE"), target, text("= 'gone';")],
            2 => vec![text("SELECT max("), target, text(") FROM"), table, text(";")],
            _ => vec![
                text("SELECT count(*) FROM"),
                table,
                text("AS t WHERE t."),
                target,
                text("= 1;"),
            ],
        };
        model.triggers.push(Trigger { name, head, body });
    }
}

impl Model {
    /// The names in the one space that tables, indexes and views share.
    pub(super) fn taken(&self) -> Vec<String> {
        let tables = self.tables.iter().map(|it| it.name.clone());
        let indexes = self.indexes.iter().map(|it| it.name.clone());
        tables.chain(indexes).chain(self.views.iter().map(|it| it.name.clone())).collect()
    }
}
