//! One ALTER for all of a table that changes, with its clauses in an order that the server takes.

use std::collections::BTreeSet;

use crate::autogenerate::ddl::mysql::names::{self, named, quoted};
use crate::autogenerate::ddl::mysql::plan::{Sides, drop_clause, fill, partitions, rules};
use crate::autogenerate::ddl::mysql::{kinds, order, words, write};
use crate::autogenerate::ddl::{Effort, Plan};
use crate::autogenerate::script::Step;
use crate::catalog::{COLUMNS, EXPRESSION, Id, Kind, NOT_NULL, Name, Object, TYPE, UNIQUE};
use crate::inspect::mysql::attributes::{
    CHARACTER_SET, COLLATION, COMMENT, GENERATED, GENERATED_KIND, OPTIONS, PARTITIONS, PERIODS,
    VERSIONED,
};
use crate::sql::{Dialect, Lexer};

/// The values of options that a table has if it says none; `DEFAULT` for all others.
const UNSAID: [(&str, &str); 7] = [
    ("KEY_BLOCK_SIZE", "0"),
    ("CHECKSUM", "0"),
    ("MAX_ROWS", "0"),
    ("MIN_ROWS", "0"),
    ("AVG_ROW_LENGTH", "0"),
    ("DELAY_KEY_WRITE", "0"),
    ("CONNECTION", "''"),
];

/// A table before and after.
pub(super) struct Pair<'a> {
    pub(super) sides: &'a Sides<'a>,
    pub(super) old: &'a Object,
    pub(super) new: &'a Object,
    /// The columns that are dropped and added again: their kind can't be changed.
    anew: BTreeSet<Name>,
}

impl<'a> Pair<'a> {
    pub(super) fn new(sides: &'a Sides<'a>, new: &'a Object) -> Self {
        let old = sides.from.get(&new.id).unwrap_or(new);
        let columns = sides.to.parts(Kind::Column, &new.id);
        let is_anew = |it: &&&Object| {
            sides.from.get(&it.id).is_some_and(|old| can_not_become(old, it, sides.how.effort))
        };
        let anew = columns.iter().filter(is_anew).map(|it| it.id.name.clone()).collect();
        Self { sides, old, new, anew }
    }

    /// Adds the steps for the table to a plan.
    pub(super) fn plan(&self, plan: &mut Plan) {
        let alter = |rest: &str| format!("{} {rest}", names::alter_table(self.old));
        let (was, is) = (self.old.written(PARTITIONS), self.new.written(PARTITIONS));
        let is_removed = is.is_empty() || was != is && self.is_key_of_partitions_changed();
        if !was.is_empty() && is_removed {
            let title = format!("Remove the partitions of {}", self.new.id.name);
            let sql = vec![alter("REMOVE PARTITIONING")];
            plan.steps.push(Step::new(self.new.id.clone(), title, sql));
        }
        self.fill(plan);
        if let Some(step) = self.change() {
            plan.steps.push(step);
        }
        if !is.is_empty() && was != is {
            let is_small = !is_removed && self.sides.how.effort == Effort::Small;
            let some = if is_small { partitions::change(was, is) } else { None };
            let name = &self.new.id.name;
            let title = match some {
                Some(_) => format!("Change partitions of {name}"),
                None => format!("Divide {name} into partitions"),
            };
            let sql = vec![alter(some.as_deref().unwrap_or(is))];
            plan.steps.push(Step::new(self.new.id.clone(), title, sql));
        }
    }

    /// Tells whether the columns that tell rows apart may go, or a key that has to have all of them.
    fn is_key_of_partitions_changed(&self) -> bool {
        let (from, id) = (self.sides.from, &self.new.id);
        let keys = [Kind::Index, Kind::PrimaryKey].into_iter().flat_map(|it| from.parts(it, id));
        let mut keys = keys.filter(|it| it.id.kind == Kind::PrimaryKey || it.says(UNIQUE));
        let mut columns = from.parts(Kind::Column, id).into_iter();
        keys.any(|it| self.is_rule_anew(it)) || columns.any(|it| !self.sides.to.holds(&it.id))
    }

    pub(super) fn is_kept(&self, id: &Id) -> bool {
        self.sides.from.holds(id) && !self.anew.contains(&id.name)
    }

    /// Tells whether a column had values that the server made up.
    fn is_made_up(&self, column: &Id) -> bool {
        self.sides.from.get(column).is_some_and(|it| it.says(GENERATED))
    }

    fn change(&self) -> Option<Step> {
        let mut clauses = Clauses::default();
        self.dropped(&mut clauses);
        self.columns(&mut clauses);
        self.added(&mut clauses);
        self.options(&mut clauses);
        let Clauses { all, serves, destructive } = clauses;
        if all.is_empty() {
            return None;
        }
        let what = match all.as_slice() {
            [one] if serves.len() == 1 => serves.first().map_or(one.clone(), |id| self.told(id)),
            _ => format!("Change table {}", self.new.id.name),
        };
        let blank = if all.len() > 1 { "\n  " } else { " " };
        let sql = format!("{}{blank}{}", names::alter_table(self.old), all.join(",\n  "));
        let id = serves.first().cloned().unwrap_or_else(|| self.new.id.clone());
        let step = Step::new(id, what, vec![sql]);
        Some(Step { serves, destructive, ..step })
    }

    /// Titles the step of one change.
    fn told(&self, id: &Id) -> String {
        let differences = words::differences(self.sides.from, self.sides.to);
        let own = differences.into_iter().find(|it| it.ids.first() == Some(id));
        let text = own.map_or_else(|| format!("change {}", named(id)), |it| it.description);
        let mut chars = text.chars();
        chars.next().map_or_else(String::new, |it| it.to_uppercase().chain(chars).collect())
    }

    fn dropped(&self, clauses: &mut Clauses) {
        let (from, to) = (self.sides.from, self.sides.to);
        let id = &self.new.id;
        let checks = from.parts(Kind::Check, id).into_iter();
        let keys = [Kind::Index, Kind::PrimaryKey].into_iter().flat_map(|it| from.parts(it, id));
        for part in checks.chain(keys) {
            if self.is_rule_anew(part) {
                clauses.add(drop_clause(&part.id), &part.id);
            } else if self.is_guarded(part) {
                clauses.all.push(drop_clause(&part.id));
            }
        }
        for period in
            self.old.list(PERIODS).iter().filter(|it| !self.new.list(PERIODS).contains(it))
        {
            let name = period.split_once('(').map_or(period.as_str(), |it| it.0).trim_end();
            clauses.add(format!("DROP {name}"), &self.new.id);
        }
        for column in from.parts(Kind::Column, id) {
            let is_anew = self.anew.contains(&column.id.name);
            if to.holds(&column.id) && !is_anew {
                continue;
            }
            clauses.add(format!("DROP COLUMN {}", quoted(column.id.name.as_str())), &column.id);
            let is_kept = column.says(GENERATED) || is_anew && self.is_made_up(&column.id);
            if !is_kept {
                clauses.destructive.push(format!("drops {} with its values", named(&column.id)));
            }
        }
    }

    /// Tells whether a key or a check is made anew: it differs, or a column of it is.
    fn is_rule_anew(&self, part: &Object) -> bool {
        let new = self.sides.to.get(&part.id);
        let is_of_anew = if part.id.kind == Kind::Check {
            self.anew.iter().any(|it| mentions(part.written(EXPRESSION), it))
        } else {
            part.list(COLUMNS).iter().any(|it| self.anew.contains(&Name::any_case(it.as_str())))
        };
        new.is_none_or(|it| rules::is_another(part, it)) || is_of_anew
    }

    /// Tells whether a key that stays has to be told once more: the server drops one that it made for a
    /// foreign key when another key comes that serves it too.
    fn is_guarded(&self, part: &Object) -> bool {
        let stays =
            self.sides.to.get(&part.id).is_some_and(|it| it.statement() == part.statement());
        let new = write::rules(self.sides.to, &self.new.id).into_iter();
        let mut new =
            new.filter(|it| self.sides.from.get(&it.id).is_none_or(|old| self.is_rule_anew(old)));
        stays
            && rules::may_be_made(self.sides.from, part)
            && new.any(|it| it.list(COLUMNS).starts_with(part.list(COLUMNS)))
    }

    fn columns(&self, clauses: &mut Clauses) {
        let (from, to, id) = (self.sides.from, self.sides.to, &self.new.id);
        let moved = order::moved(from, to, id);
        let order = order::columns(to, id);
        let last_old = order::columns(from, id).last().copied().cloned();
        for (at, column) in to.parts(Kind::Column, id).into_iter().enumerate() {
            let before = at.checked_sub(1).and_then(|it| order.get(it));
            let place = match before {
                Some(before) => format!(" AFTER {}", quoted(before.as_str())),
                None => " FIRST".to_owned(),
            };
            let line = self.line(column);
            if self.is_kept(&column.id) {
                let is_moved = moved.contains(&column.id.name);
                let old = from.get(&column.id);
                if is_moved {
                    clauses.add(format!("MODIFY COLUMN {line}{place}"), &column.id);
                } else if old.is_some_and(|it| self.is_changed(it, column)) {
                    clauses.add(format!("MODIFY COLUMN {line}"), &column.id);
                }
            } else if self.is_kept_aside(column) {
                let aside = quoted(&fill::aside(&column.id.name));
                clauses.add(format!("CHANGE COLUMN {aside} {line}{place}"), &column.id);
            } else if self.filled(column).is_some() {
                if column.says(NOT_NULL) {
                    clauses.add(format!("MODIFY COLUMN {line}"), &column.id);
                }
            } else {
                let is_last = at + 1 == order.len() && before.copied() == last_old.as_ref();
                let place = if is_last { String::new() } else { place };
                clauses.add(format!("ADD COLUMN {line}{place}"), &column.id);
            }
        }
    }

    /// Tells whether a column has to be told once more. What it says of letters counts only with what its
    /// table says.
    fn is_changed(&self, old: &Object, new: &Object) -> bool {
        let bare = |it: &Object| {
            let mut res = it.clone();
            for attribute in [CHARACTER_SET, COLLATION] {
                res.attributes.remove(attribute);
            }
            res
        };
        let Sides { from, to, .. } = self.sides;
        bare(old) != bare(new) || kinds::letters(from, old) != kinds::letters(to, new)
    }

    /// Writes a column. One that leaves its letters to the table says them while the table changes.
    fn line(&self, column: &Object) -> String {
        let says = |it: &Object| {
            let own = it.list(OPTIONS).iter();
            let own = own.filter(|it| it.starts_with("CHARSET=") || it.starts_with("COLLATE="));
            own.cloned().collect::<Vec<_>>()
        };
        let is_said = column.says(CHARACTER_SET) || column.says(COLLATION);
        match kinds::letters(self.sides.to, column) {
            Some([set, collation]) if !is_said && says(self.old) != says(self.new) => {
                let (name, of_type) = (quoted(column.id.name.as_str()), column.written(TYPE));
                let rest = column.statement().strip_prefix(of_type).unwrap_or_default();
                format!("{name} {of_type} CHARACTER SET {set} COLLATE {collation}{rest}")
            }
            _ => write::line(column),
        }
    }

    fn added(&self, clauses: &mut Clauses) {
        for part in write::rules(self.sides.to, &self.new.id) {
            let old = self.sides.from.get(&part.id);
            let sql = format!("ADD {}", write::line(part));
            match old {
                Some(old) if !self.is_rule_anew(old) => {
                    if let Some(clause) = rules::visibility(old, part) {
                        clauses.add(clause, &part.id);
                    } else if self.is_guarded(old) {
                        clauses.all.push(sql);
                    }
                }
                _ => clauses.add(sql, &part.id),
            }
        }
        for period in
            self.new.list(PERIODS).iter().filter(|it| !self.old.list(PERIODS).contains(it))
        {
            clauses.add(format!("ADD {period}"), &self.new.id);
        }
    }

    fn options(&self, clauses: &mut Clauses) {
        let (had, has) = (pairs(self.old.list(OPTIONS)), pairs(self.new.list(OPTIONS)));
        let of = |all: &[(String, String)], name: &str| {
            all.iter().find(|it| it.0 == name).map(|it| it.1.clone())
        };
        let is_text = ["CHARSET", "COLLATE"].iter().any(|it| of(&had, it) != of(&has, it));
        let mut changed: Vec<String> = Vec::new();
        for (name, value) in &has {
            let is_of_text = name == "CHARSET" || name == "COLLATE";
            if of(&had, name).as_ref() != Some(value) || is_of_text && is_text {
                let default = if name == "CHARSET" { "DEFAULT " } else { "" };
                changed.push(format!("{default}{name}={value}"));
            }
        }
        for (name, _) in had.iter().filter(|it| of(&has, &it.0).is_none()) {
            let unsaid = UNSAID.iter().find(|it| it.0 == name).map_or("DEFAULT", |it| it.1);
            changed.push(format!("{name}={unsaid}"));
        }
        if self.old.normal(COMMENT) != self.new.normal(COMMENT) {
            let comment = self.new.attributes.get(COMMENT).map_or("''", |it| &it.written);
            changed.push(format!("COMMENT={comment}"));
        }
        if !changed.is_empty() {
            clauses.add(changed.join(" "), &self.new.id);
        }
        match (self.old.says(VERSIONED), self.new.says(VERSIONED)) {
            (false, true) => clauses.add("ADD SYSTEM VERSIONING".to_owned(), &self.new.id),
            (true, false) => {
                clauses.add("DROP SYSTEM VERSIONING".to_owned(), &self.new.id);
                let lost = format!("drops the history of table {}", self.new.id.name);
                clauses.destructive.push(lost);
            }
            _ => {}
        }
    }
}

/// The clauses of one ALTER.
#[derive(Default)]
struct Clauses {
    all: Vec<String>,
    serves: Vec<Id>,
    destructive: Vec<String>,
}

impl Clauses {
    fn add(&mut self, clause: String, serves: &Id) {
        self.all.push(clause);
        if !self.serves.contains(serves) {
            self.serves.push(serves.clone());
        }
    }
}

/// Tells whether a column can't be changed into another by MODIFY: where a virtual one is on one side, or
/// where the server has refused to turn the values.
fn can_not_become(old: &Object, new: &Object, effort: Effort) -> bool {
    let has_refused = effort != Effort::Small && !kinds::may_be_cast(old, new);
    is_virtual(old) != is_virtual(new) || has_refused
}

pub(super) fn is_virtual(column: &Object) -> bool {
    column.normal(GENERATED_KIND) == "VIRTUAL"
}

/// Tells whether an expression names a column.
fn mentions(expression: &str, column: &Name) -> bool {
    let mut tokens = Lexer::new(expression, Dialect::MySql).map_while(Result::ok);
    tokens.any(|it| {
        !it.text.starts_with('\'') && it.unquoted().map(Name::any_case).as_ref() == Some(column)
    })
}

/// Returns the names and values of options.
fn pairs(options: &[String]) -> Vec<(String, String)> {
    let pair =
        |it: &String| it.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
    options.iter().filter_map(pair).collect()
}
