//! A second schema out of a first one.

use std::mem::replace;

use super::draw::Tape;
use super::model::{Key, Model, Piece, Table};

impl Tape<'_> {
    /// Changes a schema in a few ways; what is added has new keys.
    pub(super) fn mutated(&mut self, before: &Model) -> Model {
        let mut res = before.clone();
        for _ in 0..=self.below(4) {
            self.mutate(&mut res, before);
            res.mend();
        }
        res
    }

    fn mutate(&mut self, model: &mut Model, before: &Model) {
        let at = self.below(model.tables.len());
        let kind = self.below(30);
        if model.tables.is_empty() || kind == 0 {
            return self.add_table(model);
        }
        let backfill = self.of(&["", "", "'full'", "9"]);
        let table = &mut model.tables[at];
        let column = self.below(table.columns.len());
        match kind {
            1 | 2 => {
                self.add_column(table);
                let old = before.table(table.key);
                for it in &mut table.columns {
                    let is_new = old.is_none_or(|old| old.column(it.key).is_none());
                    if is_new && it.not_null && it.default.is_empty() && old.is_some() {
                        it.backfill = backfill;
                    }
                }
            }
            3 | 4 if table.columns.len() > 1 => drop(table.columns.remove(column)),
            5 | 6 => self.rename_columns(table, before, column),
            7 => table.columns[column].declared = self.of(&["INTEGER", "TEXT", "", "REAL", "ANY"]),
            8 | 9 => table.columns[column].not_null ^= true,
            10 => table.columns[column].default = self.of(&["", "'new'", "8", "(2 * 3)", "NULL"]),
            11 => table.columns[column].collation = self.of(&["", "NOCASE", "RTRIM"]),
            12 => {
                let generated = self.generated(table);
                let it = &mut table.columns[column];
                it.generated = generated.filter(|_| it.generated.is_none());
            }
            13 => self.add_check(table),
            14 => drop(table.checks.pop()),
            15 => self.add_unique(table),
            16 => drop(table.uniques.pop()),
            17 => drop(table.foreign_keys.pop()),
            18 => self.set_primary_key(table),
            19 => table.strict ^= true,
            20 => table.columns.rotate_left(1),
            21 => table.foreign_keys.iter_mut().for_each(|it| it.rest = "ON DELETE CASCADE".into()),
            _ => self.mutate_others(model, before, kind, at),
        }
    }

    /// Renames a column, and sometimes gives its name to another one.
    fn rename_columns(&mut self, table: &mut Table, before: &Model, column: usize) {
        let old = before.table(table.key).into_iter().flat_map(|it| &it.columns);
        let mut taken: Vec<String> = table.columns.iter().map(|it| it.name.clone()).collect();
        if !self.once_in(5) {
            taken.extend(old.map(|it| it.name.clone()));
        }
        let free = replace(&mut table.columns[column].name, self.name(&taken));
        let next = self.below(table.columns.len());
        if next != column && self.once_in(3) {
            table.columns[next].name = free;
        }
    }

    fn mutate_others(&mut self, model: &mut Model, before: &Model, kind: usize, at: usize) {
        let taken =
            if self.once_in(5) { model.taken() } else { [model.taken(), before.taken()].concat() };
        let pick = |tape: &mut Self, length: usize| -> Key { tape.below(length) };
        match kind {
            22 if model.tables.len() > 1 => drop(model.tables.remove(at)),
            23 => {
                let free = replace(&mut model.tables[at].name, self.name(&taken));
                let next = self.below(model.tables.len());
                if next != at && self.once_in(3) {
                    model.tables[next].name = free;
                }
            }
            24 => self.add_foreign_key(model),
            25 => self.add_index(model),
            26 if !model.indexes.is_empty() => {
                let at = pick(self, model.indexes.len());
                match self.below(4) {
                    0 => drop(model.indexes.remove(at)),
                    1 => model.indexes[at].name = self.name(&taken),
                    2 => model.indexes[at].unique ^= true,
                    _ => model.indexes[at].filter.clear(),
                }
            }
            27 => self.add_view(model),
            28 if !model.views.is_empty() => {
                let at = pick(self, model.views.len());
                let limit = Piece::Text("LIMIT 5");
                if self.once_in(2) || model.views[at].body.contains(&limit) {
                    model.views.remove(at);
                } else {
                    model.views[at].body.push(limit);
                }
            }
            _ if self.once_in(3) => drop(model.triggers.pop()),
            _ => self.add_trigger(model),
        }
    }
}
