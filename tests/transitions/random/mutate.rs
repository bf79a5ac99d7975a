//! A second schema out of a first one.

use super::draw::{LABELS, Tape};
use super::extras::EXTRAS;
use super::model::{Enum, Made, Model, Table, Type};
use super::parts::PARTS;
use super::write::{castable, class};

impl Tape<'_> {
    /// Changes a schema in a few ways.
    pub(super) fn mutated(&mut self, before: &Model) -> Model {
        let mut res = before.clone();
        for _ in 0..=self.below(5) {
            match self.below(5) {
                0 | 1 => self.change_table(&mut res),
                2 | 3 => self.change_others(&mut res),
                _ => self.change_extras(&mut res),
            }
        }
        res
    }

    fn change_table(&mut self, model: &mut Model) {
        let at = self.below(model.tables.len());
        if model.tables.is_empty() {
            return self.add_table(model);
        }
        let mut table = model.tables.remove(at);
        let column = self.below(table.columns.len());
        match self.below(26) {
            0 | 1 => self.add_column(model, &mut table),
            2 | 3 => drop((table.columns.len() > 1).then(|| table.columns.remove(column))),
            4..=7 => self.change_type(model, &mut table, column),
            8 => table.columns[column].not_null ^= true,
            9 | 10 => self.change_made(model, &mut table, column),
            11 => self.set_primary(&mut table),
            12 => self.add_unique(&mut table),
            13 => drop(table.uniques.pop()),
            14 => table.checks.extend(self.rule(&table)),
            15 => drop(table.checks.pop()),
            16 => table.options = self.below(5),
            17 => table.policy = self.rule(&table),
            18 => table.trigger = self.rule(&table),
            19 => table.columns[column].link = self.below(6),
            20 => table.parts = table.parts.map(|_| self.below(PARTS.len())),
            21 => table.exclusion = self.exclusion(&table),
            22 => table.exclusion = None,
            23 => {
                let (mut name, mut was) = (table.name.clone(), table.was.take());
                let mut taken = model.taken();
                taken.push(&table.name);
                self.rename(&mut name, &mut was, &taken);
                (table.name, table.was) = (name, was);
            }
            24 => {
                let mut other = table.columns.remove(column);
                let mut taken: Vec<&String> = table.columns.iter().map(|it| &it.name).collect();
                let own = other.name.clone();
                taken.push(&own);
                self.rename(&mut other.name, &mut other.was, &taken);
                table.columns.insert(column, other);
            }
            _ => table.columns[column].comment = self.below(3),
        }
        let at = at.min(model.tables.len());
        model.tables.insert(at, table);
    }

    /// Gives a column another type to which its values can be cast.
    fn change_type(&mut self, model: &Model, table: &mut Table, column: usize) {
        let type_ = self.type_of(model);
        let column = &mut table.columns[column];
        let (from, to) = (class(model, column.type_), class(model, type_));
        let is_plain = !matches!(column.made, Made::Identity(_) | Made::Serial);
        let is_free = |it: Type| !matches!(it, Type::Of(_));
        if is_plain && castable(from, to) && is_free(column.type_) && is_free(type_) {
            column.type_ = type_;
        }
    }

    /// Has the values of a column made in another way. A plain column with values can't become one that
    /// is made from another, without a word of the user's.
    fn change_made(&mut self, model: &Model, table: &mut Table, column: usize) {
        let made = self.made(model, table);
        let other = &mut table.columns[column];
        if !matches!(made, Made::From(_)) && !matches!(other.made, Made::From(_)) {
            other.made = made;
        }
    }

    fn change_others(&mut self, model: &mut Model) {
        match self.below(24) {
            0 => self.add_table(model),
            2 => self.add_enum(model),
            3 | 4 => {
                let at = self.below(model.enums.len());
                if let Some(it) = model.enums.get_mut(at) {
                    self.change_enum(it);
                }
            }
            5 => self.add_domain(model),
            6 => {
                if let Some(it) = model.domains.first_mut() {
                    (it.check, it.default) = (self.below(4), self.below(3));
                }
            }
            7 => self.add_index(model),
            9 => {
                let at = self.below(model.indexes.len());
                if let Some(it) = model.indexes.get_mut(at) {
                    it.unique ^= true;
                }
            }
            10 => self.add_view(model),
            12 => {
                let at = self.below(model.views.len());
                if let Some(it) = model.views.get_mut(at) {
                    it.form = self.below(5);
                }
            }
            13 => {
                let at = self.below(model.functions.len());
                if let Some(it) = model.functions.get_mut(at) {
                    it.body = self.below(3);
                }
            }
            14 => self.add_function(model),
            15 => self.add_sequence(model),
            20 => model.views.last_mut().into_iter().for_each(|it| it.materialized ^= true),
            21 => model.domains.last_mut().into_iter().for_each(|it| it.not_null ^= true),
            22 => self.rename_type(model),
            23 => {
                if let Some(it) = model.sequences.first_mut() {
                    it.options = self.below(5);
                }
            }
            other => drop_one(model, other),
        }
    }

    /// Gives the first enum another name, for which there is a hint.
    fn rename_type(&mut self, model: &mut Model) {
        if model.enums.is_empty() {
            return;
        }
        let mut it = model.enums.remove(0);
        let mut taken = model.taken();
        let own = it.name.clone();
        taken.push(&own);
        self.rename(&mut it.name, &mut it.was, &taken);
        model.enums.insert(0, it);
    }

    fn change_extras(&mut self, model: &mut Model) {
        let at = self.one(model.extras.keys().copied());
        match (self.below(6), at) {
            (0, Some(at)) => drop(model.extras.remove(&at)),
            (1..=4, Some(at)) => {
                let form = self.below(EXTRAS[at].len());
                model.extras.insert(at, form);
            }
            _ => self.set_extra(model),
        }
    }

    fn change_enum(&mut self, it: &mut Enum) {
        let free: Vec<&str> =
            LABELS.iter().filter(|label| !it.labels.contains(label)).copied().collect();
        let place = self.below(it.labels.len() + 1);
        match self.below(4) {
            0 | 1 => it.labels.extend(free.first()),
            2 => free.first().into_iter().for_each(|label| it.labels.insert(place, label)),
            _ if it.labels.len() > 1 => drop(it.labels.remove(place % it.labels.len())),
            _ => {}
        }
    }
}

/// Drops the last object of a kind.
fn drop_one(model: &mut Model, kind: usize) {
    match kind {
        8 => drop(model.indexes.pop()),
        11 => drop(model.views.pop()),
        16 => drop(model.enums.pop()),
        17 => drop(model.domains.pop()),
        18 => drop(model.sequences.pop()),
        19 => drop(model.functions.pop()),
        _ if model.tables.len() > 1 => drop(model.tables.pop()),
        _ => {}
    }
}
