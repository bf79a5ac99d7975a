//! How a schema is written: plainly, or oddly but with one meaning.

use super::model::{Check, Column, ForeignKey, Index, Key, Model, Piece, Table, Trigger, View};
use super::model::{quoted, same};

/// The statements that make a schema: those of tables and indexes, then those of views and triggers.
pub(super) fn statements(model: &Model, before: Option<&Model>, style: usize) -> [Vec<String>; 2] {
    let mut writer = Writer { model, before, style, out: String::new(), hinted: false };
    let tables = model.tables.iter().map(|it| writer.table(it)).collect::<Vec<_>>();
    let indexes = model.indexes.iter().map(|it| writer.index(it)).collect::<Vec<_>>();
    let views = model.views.iter().map(|it| writer.view(it)).collect::<Vec<_>>();
    let triggers = model.triggers.iter().map(|it| writer.trigger(it)).collect::<Vec<_>>();
    [[tables, indexes].concat(), [views, triggers].concat()]
}

/// Writes a schema as one text.
pub(super) fn text(model: &Model, before: Option<&Model>, style: usize) -> String {
    statements(model, before, style).concat().join(";\n") + ";\n"
}

struct Writer<'a> {
    model: &'a Model,
    /// What hints tell the old names from.
    before: Option<&'a Model>,
    /// The state of the dice; 0 is plain.
    style: usize,
    out: String,
    /// Whether a hint was written just now.
    hinted: bool,
}

impl Writer<'_> {
    fn dice(&mut self, sides: usize) -> usize {
        if self.style == 0 {
            return 0;
        }
        self.style = (self.style * 1_103_515_245 + 12345) & 0x7fff_ffff;
        1 + (self.style >> 8) % sides
    }

    fn gap(&mut self) {
        let gap = match self.dice(9) {
            1 => "\n  ",
            2 => " /* a; 'b */ ",
            3 => "\t ",
            4 => " -- it's\n",
            _ => " ",
        };
        // What a hint is about comes right behind it.
        if !self.out.is_empty() && !self.hinted {
            self.out.push_str(gap);
        }
        self.hinted = false;
    }

    fn word(&mut self, words: &str) {
        for word in words.split_whitespace() {
            self.gap();
            if self.dice(3) == 1 {
                self.out.push_str(&word.to_lowercase());
            } else {
                self.out.push_str(word);
            }
        }
    }

    fn raw(&mut self, text: &str) {
        self.out.push(' ');
        self.out.push_str(text);
    }

    fn name(&mut self, name: &str) {
        self.gap();
        let mut chars = name.chars();
        let simple = chars.next().is_some_and(|it| it.is_ascii_lowercase())
            && chars.all(|it| it.is_ascii_lowercase() || it.is_ascii_digit())
            && !["order", "select", "group", "table", "end", "key", "values", "index"]
                .contains(&name);
        let written = match self.dice(5) {
            0 | 1 if simple => name.to_owned(),
            2 if simple => name.to_uppercase(),
            3 if !name.contains([']', '[']) => format!("[{name}]"),
            4 if !name.contains('`') => format!("`{name}`"),
            _ => quoted(name),
        };
        self.out.push_str(&written);
    }

    fn names(&mut self, table: &Table, columns: &[Key]) {
        self.raw("(");
        for (at, key) in columns.iter().enumerate() {
            if at > 0 {
                self.raw(",");
            }
            self.name(&table.column(*key).unwrap().name);
        }
        self.raw(")");
    }

    fn pieces(&mut self, pieces: &[Piece]) {
        for piece in pieces {
            match piece {
                Piece::Text(text) => self.raw(text),
                Piece::Table(key) => self.name(&self.model.table(*key).unwrap().name.clone()),
                Piece::Column(table, key) => {
                    let table = self.model.table(*table).unwrap();
                    self.name(&table.column(*key).unwrap().name.clone());
                }
                Piece::View(key) => {
                    let view = self.model.views.iter().find(|it| it.key == *key).unwrap();
                    self.name(&view.name.clone());
                }
            }
        }
    }

    fn constraint(&mut self, name: &str) {
        if !name.is_empty() {
            self.word("CONSTRAINT");
            self.name(name);
        }
    }

    fn conflict(&mut self, conflict: &str) {
        if !conflict.is_empty() {
            self.word("ON CONFLICT");
            self.word(conflict);
        } else if self.dice(6) == 1 {
            self.word("ON CONFLICT ABORT");
        }
    }

    fn hint(&mut self, old: Option<String>, new: &str) {
        if let Some(old) = old.filter(|old| !same(old, new)) {
            self.out.extend(["\n-- renamed from: ", &quoted(&old), "\n"]);
            self.hinted = true;
        }
    }

    /// Writes the beginning of a statement; behind a hint it stays on one line.
    fn head(&mut self, words: &str, name: &str) {
        let style = self.style;
        if self.hinted {
            self.style = 0;
        }
        self.word(words);
        self.name(name);
        self.style = style;
    }

    fn old_table(&self, key: Key) -> Option<&Table> {
        self.before.and_then(|it| it.table(key))
    }

    fn table(&mut self, table: &Table) -> String {
        self.hint(self.old_table(table.key).map(|it| it.name.clone()), &table.name);
        self.head("CREATE TABLE", &table.name);
        self.raw("(");
        let mut at_column = Vec::new();
        for (at, column) in table.columns.iter().enumerate() {
            if at > 0 {
                self.raw(",");
            }
            self.column(table, column, &mut at_column);
        }
        let mut rest: Vec<(u8, usize)> = Vec::new();
        rest.extend(table.primary_key.iter().map(|_| (0, 0)));
        rest.extend((0..table.uniques.len()).map(|at| (1, at)));
        rest.extend((0..table.checks.len()).map(|at| (2, at)));
        rest.extend((0..table.foreign_keys.len()).map(|at| (3, at)));
        rest.retain(|it| !at_column.contains(it));
        if self.dice(2) == 1 {
            rest.reverse();
        }
        for (kind, at) in rest {
            self.raw(",");
            self.table_constraint(table, kind, at);
        }
        self.raw(")");
        match (table.strict, table.without_rowid) {
            (true, true) => self.word("STRICT, WITHOUT ROWID"),
            (true, false) => self.word("STRICT"),
            (false, true) => self.word("WITHOUT ROWID"),
            (false, false) => {}
        }
        std::mem::take(&mut self.out)
    }

    fn table_constraint(&mut self, table: &Table, kind: u8, at: usize) {
        match kind {
            0 => {
                let key = table.primary_key.as_ref().unwrap();
                self.constraint(key.name);
                self.word("PRIMARY KEY");
                self.raw("(");
                for (at, (column, suffix)) in key.columns.iter().enumerate() {
                    if at > 0 {
                        self.raw(",");
                    }
                    self.name(&table.column(*column).unwrap().name);
                    self.word(suffix);
                }
                self.raw(")");
                self.conflict(key.conflict);
            }
            1 => {
                let unique = &table.uniques[at];
                self.constraint(unique.name);
                self.word("UNIQUE");
                self.names(table, &unique.columns);
                self.conflict(unique.conflict);
            }
            2 => self.check(&table.checks[at]),
            _ => {
                let key = &table.foreign_keys[at];
                self.constraint(key.name);
                self.word("FOREIGN KEY");
                self.names(table, &key.columns);
                self.references(key);
            }
        }
    }

    fn check(&mut self, check: &Check) {
        self.constraint(check.name);
        self.word("CHECK");
        let more = self.dice(4) == 1;
        self.raw(if more { "((" } else { "(" });
        self.pieces(&check.expression);
        self.raw(if more { "))" } else { ")" });
    }

    fn references(&mut self, key: &ForeignKey) {
        let target = self.model.table(key.table).unwrap();
        self.word("REFERENCES");
        self.name(&target.name);
        if key.explicit {
            self.names(target, &key.target);
        }
        self.word(&key.rest);
    }

    fn column(&mut self, table: &Table, column: &Column, done: &mut Vec<(u8, usize)>) {
        let before = self.old_table(table.key).and_then(|it| it.column(column.key));
        self.hint(before.map(|it| it.name.clone()), &column.name);
        if !column.backfill.is_empty() && self.before.is_some() {
            self.out.extend(["\n-- backfill: ", column.backfill, "\n"]);
            self.hinted = true;
        }
        self.name(&column.name);
        self.word(column.declared);
        if column.not_null {
            self.word("NOT NULL");
            self.conflict(column.conflict);
        }
        if !column.default.is_empty() {
            self.word("DEFAULT");
            self.raw(column.default);
        }
        if !column.collation.is_empty() {
            self.word("COLLATE");
            self.word(column.collation);
        }
        if let Some((expression, stored)) = &column.generated {
            // Behind a type SQLite knows these words by their exact text.
            self.raw(if self.style == 0 { "GENERATED ALWAYS" } else { "" });
            self.word("AS");
            self.raw("(");
            self.pieces(expression);
            self.raw(")");
            let implied = self.dice(2) == 1;
            self.word(if *stored {
                "STORED"
            } else if implied {
                ""
            } else {
                "VIRTUAL"
            });
        }
        self.column_constraints(table, column, done);
    }

    /// Constraints on one column can stand at it.
    fn column_constraints(&mut self, table: &Table, column: &Column, done: &mut Vec<(u8, usize)>) {
        if let Some(key) = &table.primary_key
            && key.columns.len() == 1
            && key.columns[0] == (column.key, "")
            && (key.autoincrement || self.dice(2) <= 1)
        {
            self.constraint(key.name);
            self.word("PRIMARY KEY");
            self.conflict(key.conflict);
            self.word(if key.autoincrement { "AUTOINCREMENT" } else { "" });
            done.push((0, 0));
        }
        for (at, unique) in table.uniques.iter().enumerate() {
            if unique.columns == [column.key] && self.dice(2) == 1 {
                self.constraint(unique.name);
                self.word("UNIQUE");
                self.conflict(unique.conflict);
                done.push((1, at));
            }
        }
        for (at, check) in table.checks.iter().enumerate() {
            let own = Piece::Column(table.key, column.key);
            if check.expression.contains(&own) && !done.contains(&(2, at)) && self.dice(3) == 1 {
                self.check(check);
                done.push((2, at));
            }
        }
        for (at, key) in table.foreign_keys.iter().enumerate() {
            if key.columns == [column.key] && self.dice(2) == 1 {
                self.constraint(key.name);
                self.references(key);
                done.push((3, at));
            }
        }
    }

    fn index(&mut self, index: &Index) -> String {
        let old = self.before.and_then(|it| it.indexes.iter().find(|it| it.key == index.key));
        self.hint(old.map(|it| it.name.clone()), &index.name);
        let head = if index.unique { "CREATE UNIQUE INDEX" } else { "CREATE INDEX" };
        self.head(head, &index.name);
        self.word("ON");
        self.pieces(&[Piece::Table(index.table)]);
        for (at, part) in index.parts.iter().enumerate() {
            self.raw(if at == 0 { "(" } else { "," });
            self.pieces(part);
        }
        self.raw(")");
        if !index.filter.is_empty() {
            self.word("WHERE");
            self.pieces(&index.filter);
        }
        std::mem::take(&mut self.out)
    }

    fn view(&mut self, view: &View) -> String {
        self.word("CREATE VIEW");
        self.name(&view.name);
        self.word("AS");
        self.pieces(&view.body);
        std::mem::take(&mut self.out)
    }

    fn trigger(&mut self, trigger: &Trigger) -> String {
        self.word("CREATE TRIGGER");
        self.name(&trigger.name);
        self.pieces(&trigger.head);
        self.word("BEGIN");
        self.pieces(&trigger.body);
        self.word("END");
        std::mem::take(&mut self.out)
    }
}
