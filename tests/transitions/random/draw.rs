//! Schemas out of a list of numbers, so that shorter lists and lower numbers are simpler schemas.

use super::extras::EXTRAS;
use super::model::{
    Column, Domain, Enum, Function, Index, Key, Made, Model, Rule, Sequence, Table, Type, Unique,
    View,
};
use super::parts::PARTS;
use super::write::BASES;

const NAMES: &[&str] = &[
    "account", "book", "city", "device", "entry", "file", "group", "House", "item", "job", "key",
    "log in", "member", "note", "order", "pa\"ge", "query", "room", "select", "table", "Ünï",
    "user", "value", "wo.rd", "x'y", "year", "zone", "text", "integer", "mood", "kind", "a", "b",
    "c",
];

pub(super) const LABELS: &[&str] = &["low", "mid", "high", "it''s", "Odd one", "top", "none"];

/// A tape of numbers; behind its end all are 0.
pub(crate) struct Tape<'a> {
    numbers: &'a [u16],
    at: usize,
    keys: Key,
}

impl<'a> Tape<'a> {
    pub(crate) fn new(numbers: &'a [u16]) -> Self {
        Self { numbers, at: 0, keys: 0 }
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        let number = self.numbers.get(self.at).copied().unwrap_or_default();
        self.at += 1;
        usize::from(number) % limit.max(1)
    }

    /// Tells whether one chance in several comes true.
    pub(crate) fn once_in(&mut self, chances: usize) -> bool {
        self.below(chances) == chances - 1
    }

    fn key(&mut self) -> Key {
        self.keys += 1;
        self.keys
    }

    /// Draws a name that isn't taken.
    fn name(&mut self, taken: &[&String]) -> String {
        let at = self.below(NAMES.len());
        let mut names = NAMES.iter().cycle().skip(at).take(NAMES.len());
        let free = names.find(|name| !taken.iter().any(|it| it == *name));
        free.map_or_else(|| format!("extra{}", taken.len()), |it| (*it).to_owned())
    }

    pub(super) fn model(&mut self) -> Model {
        let mut res = Model::default();
        for _ in 0..self.below(3) {
            self.add_enum(&mut res);
        }
        for _ in 0..self.below(2) {
            self.add_domain(&mut res);
        }
        for _ in 0..self.below(2) {
            self.add_sequence(&mut res);
        }
        for _ in 0..self.below(3) {
            self.add_function(&mut res);
        }
        for _ in 0..=self.below(4) {
            self.add_table(&mut res);
        }
        for _ in 0..self.below(4) {
            self.add_index(&mut res);
        }
        for _ in 0..self.below(4) {
            self.add_view(&mut res);
        }
        for _ in 0..self.below(3) {
            self.add_function(&mut res);
        }
        for _ in 0..self.below(4) {
            self.set_extra(&mut res);
        }
        res
    }

    pub(super) fn add_enum(&mut self, model: &mut Model) {
        let (key, name) = (self.key(), self.name(&model.taken()));
        let count = 1 + self.below(4);
        model.enums.push(Enum { key, name, was: None, labels: LABELS[..count].to_vec() });
    }

    pub(super) fn add_domain(&mut self, model: &mut Model) {
        let (key, name) = (self.key(), self.name(&model.taken()));
        let (check, default, not_null) = (self.below(4), self.below(3), self.once_in(4));
        model.domains.push(Domain { key, name, check, default, not_null });
    }

    pub(super) fn add_sequence(&mut self, model: &mut Model) {
        let (key, name) = (self.key(), self.name(&model.taken()));
        model.sequences.push(Sequence { key, name, options: self.below(5) });
    }

    pub(super) fn add_function(&mut self, model: &mut Model) {
        let (key, name) = (self.key(), self.name(&model.taken()));
        let (kind, body) = (self.below(6), self.below(3));
        let on = match kind {
            1 => self.one(model.enums.iter().map(|it| it.key)),
            2 => self.one(model.domains.iter().map(|it| it.key)),
            _ => self.one(model.tables.iter().map(|it| it.key)),
        };
        model.functions.push(Function { key, name, kind, on: on.unwrap_or_default(), body });
    }

    /// Gives one of the other things a form, which it may have already.
    pub(super) fn set_extra(&mut self, model: &mut Model) {
        let at = self.below(EXTRAS.len());
        let form = self.below(EXTRAS[at].len());
        model.extras.insert(at, form);
    }

    /// Draws one of some keys.
    pub(super) fn one(&mut self, keys: impl Iterator<Item = Key>) -> Option<Key> {
        let keys: Vec<Key> = keys.collect();
        keys.get(self.below(keys.len())).copied()
    }

    pub(super) fn add_table(&mut self, model: &mut Model) {
        let mut table = Table {
            key: self.key(),
            is_away: self.once_in(4),
            name: self.name(&model.taken()),
            columns: Vec::new(),
            was: None,
            parts: None,
            primary: None,
            uniques: Vec::new(),
            exclusion: None,
            checks: Vec::new(),
            options: self.below(5),
            policy: None,
            trigger: None,
            statistics: None,
        };
        for _ in 0..=self.below(5) {
            self.add_column(model, &mut table);
        }
        self.set_primary(&mut table);
        for _ in 0..self.below(2) {
            self.add_unique(&mut table);
        }
        for _ in 0..self.below(3) {
            table.checks.extend(self.rule(&table));
        }
        table.policy = if self.once_in(4) { self.rule(&table) } else { None };
        table.trigger = if self.once_in(3) { self.rule(&table) } else { None };
        table.statistics = self.once_in(4).then(|| self.key());
        table.parts = self.once_in(6).then(|| self.below(PARTS.len()));
        table.exclusion = if self.once_in(6) { self.exclusion(&table) } else { None };
        model.tables.push(table);
    }

    pub(super) fn add_column(&mut self, model: &Model, table: &mut Table) {
        let taken: Vec<&String> = table.columns.iter().map(|it| &it.name).collect();
        let (key, name) = (self.key(), self.name(&taken));
        let type_ = self.type_of(model);
        let made = self.made(model, table);
        let (not_null, comment) = (self.once_in(4), self.below(5).saturating_sub(2));
        let link = self.below(6);
        table.columns.push(Column { key, name, was: None, type_, not_null, made, comment, link });
    }

    pub(super) fn type_of(&mut self, model: &Model) -> Type {
        let base = Type::Base(self.below(BASES.len()));
        let drawn = match self.below(8) {
            4 => self.one(model.enums.iter().map(|it| it.key)).map(Type::Enum),
            5 => self.one(model.enums.iter().map(|it| it.key)).map(Type::EnumArray),
            6 => self.one(model.domains.iter().map(|it| it.key)).map(Type::Domain),
            7 => self.one(model.tables.iter().map(|it| it.key)).map(Type::Of),
            _ => None,
        };
        drawn.unwrap_or(base)
    }

    pub(super) fn made(&mut self, model: &Model, table: &Table) -> Made {
        let made = match self.below(12) {
            1..=4 => Some(Made::Default(self.below(4))),
            5 => self.one(model.functions.iter().map(|it| it.key)).map(Made::Function),
            6 => self.one(model.sequences.iter().map(|it| it.key)).map(Made::Sequence),
            7 => Some(Made::Identity(self.once_in(2))),
            8 => Some(Made::Serial),
            9 => self.plain(table).map(Made::From),
            _ => None,
        };
        made.unwrap_or(Made::ByUser)
    }

    /// Draws a column that isn't made from another.
    fn plain(&mut self, table: &Table) -> Option<Key> {
        let plain = table.columns.iter().filter(|it| !matches!(it.made, Made::From(_)));
        self.one(plain.map(|it| it.key))
    }

    pub(super) fn set_primary(&mut self, table: &mut Table) {
        table.primary = None;
        for _ in 0..self.below(3) {
            let key = self.plain(table);
            let primary = table.primary.get_or_insert_default();
            primary.extend(key.filter(|it| !primary.contains(it)));
        }
    }

    pub(super) fn add_unique(&mut self, table: &mut Table) {
        let (key, one, other) = (self.key(), self.plain(table), self.plain(table));
        let other = other.filter(|it| Some(*it) != one && self.once_in(2));
        let (columns, form) = (one.into_iter().chain(other).collect(), self.below(4));
        table.uniques.push(Unique { key, columns, form });
    }

    pub(super) fn exclusion(&mut self, table: &Table) -> Option<(Key, Key)> {
        Some((self.key(), self.plain(table)?))
    }

    /// Gives a table or a column another name, for which there is a hint.
    pub(super) fn rename(
        &mut self,
        name: &mut String,
        was: &mut Option<String>,
        taken: &[&String],
    ) {
        if was.is_none() {
            let new = self.name(taken);
            *was = Some(std::mem::replace(name, new));
        }
    }

    pub(super) fn rule(&mut self, table: &Table) -> Option<Rule> {
        let column = self.one(table.columns.iter().map(|it| it.key))?;
        Some(Rule { key: self.key(), column, form: self.below(4) })
    }

    pub(super) fn add_index(&mut self, model: &mut Model) {
        let name = self.name(&model.taken());
        let at = self.below(model.tables.len());
        let Some(table) = model.tables.get(at) else { return };
        let mut parts = Vec::new();
        for _ in 0..=self.below(2) {
            let column = self.one(table.columns.iter().map(|it| it.key));
            parts.extend(column.map(|it| (it, self.below(4))));
        }
        let filter = if self.once_in(3) { self.rule(table) } else { None };
        let (table, unique) = (table.key, self.once_in(5));
        model.indexes.push(Index { name, table, parts, filter, unique });
    }

    pub(super) fn add_view(&mut self, model: &mut Model) {
        let (key, name) = (self.key(), self.name(&model.taken()));
        let view = self.below(model.views.len() + 1);
        let table = model.tables.get(self.below(model.tables.len()));
        let Some(table) = table else { return };
        let mut column = || self.one(table.columns.iter().map(|it| it.key)).unwrap_or_default();
        let columns = (column(), column());
        let from = model.views.get(view).map_or(table.key, |it| it.key);
        let (form, materialized) = (self.below(5), self.once_in(4));
        model.views.push(View { key, name, from, columns, form, materialized });
    }
}
