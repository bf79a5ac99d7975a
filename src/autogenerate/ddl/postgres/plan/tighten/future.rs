//! The values that rows have once a script has run, as a query before it can make them.

use crate::autogenerate::ddl::postgres::names::{full, owner, quoted};
use crate::autogenerate::ddl::postgres::plan::filled::named;
use crate::autogenerate::ddl::postgres::plan::rules::cast::cast;
use crate::autogenerate::ddl::postgres::plan::rules::{
    VOLATILE, fill_of, is_constant, target, told_values,
};
use crate::autogenerate::ddl::postgres::plan::tighten::{Rows, renamed_columns};
use crate::autogenerate::ddl::postgres::write::not_null::is_kept;
use crate::autogenerate::ddl::postgres::write::table::{table_of, twins};
use crate::catalog::{COLUMNS, Kind, Object, TYPE};
use crate::inspect::postgres::attributes::{GENERATED, IDENTITY};
use crate::sql::{Dialect, Lexer};

/// The calls that give no two rows the same value.
const EACH: [&str; 5] = ["nextval(", "gen_random_uuid(", "uuidv4(", "uuidv7(", "uuid_generate_v"];

/// The value of a column in rows that are there.
pub(super) enum Value {
    /// The one that is there before.
    Own,
    /// NULL.
    Null,
    /// Another one in each row.
    Each,
    /// One that the user has yet to write.
    Open,
    /// One that the script makes, with its text if a query can have it.
    Made { text: Option<String>, is_constant: bool },
}

impl Value {
    pub(super) fn is_own(&self) -> bool {
        matches!(self, Self::Own)
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Tells whether the script puts the same value in all rows that have none.
    pub(super) fn is_same(&self) -> bool {
        matches!(self, Self::Null | Self::Made { is_constant: true, .. })
    }
}

impl Rows<'_, '_> {
    /// Finds the columns of the table that a rule is about.
    pub(super) fn used(&self, rule: &Object) -> Vec<&Object> {
        let mut res = self.sides.to.parts(Kind::Column, &self.table.id);
        let refers = rule.id.kind == Kind::ForeignKey;
        res.retain(|it| {
            let is_listed = rule.list(COLUMNS).iter().any(|name| name == it.id.name.as_str());
            is_listed || (!refers && rule.needs.contains(&it.id))
        });
        res
    }

    /// Tells whether all columns keep their values.
    pub(super) fn keeps(&self, columns: &[&Object]) -> bool {
        columns.iter().all(|it| self.value(it).is_own())
    }

    /// Tells whether the user has yet to write the value of a column.
    pub(super) fn is_open(&self, columns: &[&Object]) -> bool {
        columns.iter().any(|it| matches!(self.value(it), Value::Open))
    }

    /// Finds the value of a column in rows that are there.
    pub(super) fn value(&self, column: &Object) -> Value {
        match self.old(&column.id) {
            Some(old) => self.changed(old, column),
            None => self.first(column),
        }
    }

    fn changed(&self, old: &Object, new: &Object) -> Value {
        if old.says(GENERATED) || new.says(GENERATED) || new.says(IDENTITY) {
            return Value::Own;
        }
        if let Some(told) = told_values(old, new, self.sides.how.backfills) {
            return self.made(new, told, &as_type(told, new));
        }
        let fill = fill_of(new, self.sides).filter(|_| is_kept(new) && !is_kept(old));
        let Some((value, _)) = fill else { return Value::Own };
        let name = quoted(new.id.name.as_str());
        let (before, after) = (old.written(TYPE), new.written(TYPE));
        if before == after {
            return self.made(new, &value, &format!("COALESCE({name}, {value})"));
        }
        if cast(before, after).needs_using {
            return Value::Made { text: None, is_constant: is_constant(&value) };
        }
        self.made(new, &value, &format!("COALESCE({}, {value})", as_type(&name, new)))
    }

    /// Finds the value that a new column begins with.
    fn first(&self, column: &Object) -> Value {
        if column.says(IDENTITY) {
            return Value::Each;
        }
        let value = if column.says(GENERATED) {
            Some(column.written(GENERATED).to_owned())
        } else {
            self.told(column).or_else(|| fill_of(column, self.sides).map(|it| it.0))
        };
        match value {
            Some(value) if EACH.iter().any(|it| value.starts_with(it)) => Value::Each,
            Some(value) => self.made(column, &value, &as_type(&value, column)),
            None if is_kept(column) => Value::Open,
            None => Value::Null,
        }
    }

    /// Finds the backfill of a column, or of the one from which it comes.
    fn told(&self, column: &Object) -> Option<String> {
        let own = self.sides.how.backfills.get(&column.id).cloned();
        let table = || table_of(&column.id, self.sides.to);
        own.or_else(|| {
            let above = twins(&column.id, table()?, self.sides.to);
            above.into_iter().find_map(|it| self.told(it))
        })
    }

    fn made(&self, column: &Object, value: &str, text: &str) -> Value {
        let is_there = column.needs.iter().filter(|it| it.kind != Kind::Table);
        let is_there = is_there.into_iter().all(|it| self.way.from.holds(it));
        let text = (is_there && self.can_ask(column, value)).then(|| text.to_owned());
        Value::Made { text, is_constant: is_constant(value) }
    }

    /// Tells whether a query before the script can have the expression for a column: it has nothing that
    /// isn't there yet, or has another name.
    pub(super) fn can_ask(&self, column: &Object, value: &str) -> bool {
        let is_own = |it: &Object| {
            it.id.kind == Kind::Column
                && (&it.id.owner, &it.id.schema) == (&column.id.owner, &column.id.schema)
        };
        let is_there = |it: &&Object| {
            let catalog = if is_own(it) { self.sides.from } else { self.way.from };
            catalog.holds(&it.id)
        };
        !VOLATILE.iter().any(|it| value.contains(it))
            && target(column, value, self.sides) == owner(self.sides.to, &column.id)
            && self.meant(column, value).iter().all(is_there)
    }

    /// Finds what the expression for a column means: the column of another table rather than a new one of
    /// that name.
    pub(super) fn meant(&self, column: &Object, value: &str) -> Vec<&Object> {
        let mut res = named(value, &column.id, self.sides.to);
        let is_column = |it: &Object| it.id.kind == Kind::Column;
        let is_own = |it: &Object| {
            is_column(it) && (&it.id.owner, &it.id.schema) == (&column.id.owner, &column.id.schema)
        };
        let others: Vec<&Object> =
            res.iter().filter(|it| is_column(it) && !is_own(it)).copied().collect();
        res.retain(|it| {
            let is_doubtful = others.iter().any(|other| other.id.name == it.id.name);
            !is_own(it) || self.sides.from.holds(&it.id) || !is_doubtful || is_of_table(value, it)
        });
        res
    }

    /// Writes the rows as a table in FROM under the name of the wanted table, with the new names of
    /// columns: an expression of the user can be asked for over them.
    pub(super) fn own_rows(&self) -> String {
        let table = full(self.way.from, &self.before.id);
        let (old, new) = (&self.before.id.name, &self.table.id.name);
        let columns: Vec<String> = renamed_columns(self.way.renames, &self.table.id)
            .iter()
            .map(|(old, new)| format!("{} AS {}", quoted(old), quoted(new)))
            .collect();
        let name = quoted(new.as_str());
        if !columns.is_empty() {
            format!("(SELECT *, {} FROM {table}) AS {name}", columns.join(", "))
        } else if old == new {
            table
        } else {
            format!("{table} AS {name}")
        }
    }

    /// Writes the rows as a table in FROM, with the values that some columns have afterwards; none if a
    /// query can't have them.
    pub(super) fn source_of(&self, columns: &[&Object]) -> Option<String> {
        let mut values = Vec::new();
        for column in columns {
            let text = match self.value(column) {
                Value::Own => continue,
                Value::Each | Value::Open => return None,
                Value::Null => as_type("NULL", column),
                Value::Made { text, .. } => text?,
            };
            values.push((*column, text));
        }
        if values.is_empty() {
            return Some(self.source());
        }
        let is_made = |it: &Object| values.iter().any(|(column, _)| column.id == it.id);
        let before = self.way.from.parts(Kind::Column, &self.before.id);
        let is_twice = before.iter().any(|it| values.iter().any(|of| of.0.id.name == it.id.name));
        let mut list: Vec<String> = vec!["*".to_owned()];
        if is_twice {
            let all = self.sides.to.parts(Kind::Column, &self.table.id).into_iter();
            let kept = all.filter(|it| self.sides.from.holds(&it.id) && !is_made(it));
            list = kept.map(|it| quoted(it.id.name.as_str())).collect();
        }
        let named = |(column, text): &(&Object, String)| {
            format!("{text} AS {}", quoted(column.id.name.as_str()))
        };
        list.extend(values.iter().map(named));
        Some(format!("(SELECT {} FROM {}) AS _row", list.join(", "), self.own_rows()))
    }
}

fn as_type(value: &str, column: &Object) -> String {
    format!("CAST({value} AS {})", column.written(TYPE))
}

/// Tells whether an expression has a column behind the name of its table.
fn is_of_table(expression: &str, column: &Object) -> bool {
    let tokens: Vec<&str> =
        Lexer::new(expression, Dialect::Postgres).map_while(Result::ok).map(|it| it.text).collect();
    let is = |text: &str, name: &str| text.eq_ignore_ascii_case(name) || text == quoted(name);
    let table = column.id.owner.as_ref().map_or("", |it| it.as_str());
    tokens.windows(3).any(|it| match it {
        [one, ".", other] => is(one, table) && is(other, column.id.name.as_str()),
        _ => false,
    })
}
