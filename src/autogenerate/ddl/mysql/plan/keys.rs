//! Foreign keys: they stand in the way of changes at both of their ends.

use std::collections::BTreeSet;

use crate::autogenerate::ddl::Effort;
use crate::autogenerate::ddl::mysql::kinds;
use crate::autogenerate::ddl::mysql::names::quoted;
use crate::autogenerate::ddl::mysql::plan::{Sides, drop_clause, rules, title};
use crate::autogenerate::ddl::mysql::write;
use crate::autogenerate::script::Step;
use crate::catalog::{
    Attribute, COLUMNS, Catalog, Id, Kind, NOT_NULL, Name, Object, REFERENCES, TYPE,
};
use crate::inspect::mysql::attributes::{GENERATED, GENERATED_KIND};

/// The foreign keys that are dropped and those that are added.
pub(super) struct Keys<'a> {
    sides: &'a Sides<'a>,
    gone: BTreeSet<Id>,
    /// The keys that stay as they are, and whose ends are altered.
    again: BTreeSet<Id>,
}

impl<'a> Keys<'a> {
    pub(super) fn find(sides: &'a Sides<'a>) -> Self {
        let (mut gone, mut again) = (BTreeSet::new(), BTreeSet::new());
        for key in sides.from.of_kind(Kind::ForeignKey) {
            if sides.to.get(&key.id) != Some(key) {
                gone.insert(key.id.clone());
            } else if is_in_the_way(key, sides) {
                again.insert(key.id.clone());
            }
        }
        Self { sides, gone, again }
    }

    /// Drops the keys: those of tables that go as well, since other tables may go first.
    pub(super) fn dropped(&self) -> Vec<Step> {
        let tables = self.sides.from.of_kind(Kind::Table);
        let step = |table: &Object| {
            let goes = |it: &&Object| self.gone.contains(&it.id) || self.again.contains(&it.id);
            let is_needed = |it: &&Object| self.sides.to.holds(&table.id) || refers_to_another(it);
            let own = write::foreign_keys(self.sides.from, &table.id);
            let own: Vec<&Object> = own.into_iter().filter(goes).filter(is_needed).collect();
            let clauses: Vec<String> = own.iter().map(|it| drop_clause(&it.id)).collect();
            let sql = alter(&table.id, &clauses)?;
            let is_again = own.iter().all(|it| self.again.contains(&it.id));
            let why = if is_again { ": they come back below" } else { "" };
            let why =
                if own.len() == 1 { why.replace("they come", "it comes") } else { why.to_owned() };
            Some(self.step(&own, title("Drop", &own) + &why, sql))
        };
        tables.filter_map(step).collect()
    }

    /// Makes a step about some keys of a table; the ones that stay are there for the sake of other changes.
    fn step(&self, own: &[&Object], title: String, sql: String) -> Step {
        let is_again = |it: &&&Object| self.again.contains(&it.id);
        let causes = own.iter().filter(is_again).filter_map(|it| it.parent.clone());
        let serves = own.iter().filter(|it| !is_again(it)).map(|it| it.id.clone());
        let (serves, causes) = (serves.collect(), causes.collect());
        Step { serves, causes, title, statements: vec![sql], ..Step::default() }
    }

    /// Returns the keys that a new table is made with: those to tables that are there by then.
    pub(super) fn of_new_table(&self, table: &Id) -> Vec<&'a Object> {
        let order = write::tables_in_order(self.sides.to);
        let place = |id: &Id| order.iter().position(|it| it == id);
        let is_there = |it: &&Object| {
            it.needs.iter().all(|need| place(need).is_some_and(|at| Some(at) <= place(table)))
        };
        // What an old table gets later, a key may need.
        let is_untouched = |it: &&Object| {
            it.needs
                .iter()
                .all(|need| !self.sides.from.holds(need) || is_same_table(need, self.sides))
        };
        let own = write::foreign_keys(self.sides.to, table).into_iter();
        own.filter(is_there).filter(is_untouched).collect()
    }

    pub(super) fn added(&self) -> Vec<Step> {
        let tables = self.sides.to.of_kind(Kind::Table);
        let step = |table: &Object| {
            let made = if self.sides.from.holds(&table.id) {
                Vec::new()
            } else {
                self.of_new_table(&table.id)
            };
            let comes = |it: &&Object| {
                let is_new = self.sides.from.get(&it.id) != Some(*it);
                (is_new || self.again.contains(&it.id)) && !made.iter().any(|one| one.id == it.id)
            };
            let own = write::foreign_keys(self.sides.to, &table.id);
            let own: Vec<&Object> = own.into_iter().filter(comes).collect();
            if own.is_empty() {
                return None;
            }
            let mut clauses = self.guarded(&table.id, &own);
            clauses.extend(own.iter().map(|it| format!("ADD {}", write::line(it))));
            let sql = alter(&table.id, &clauses)?;
            Some(self.step(&own, title("Add", &own), sql))
        };
        tables.filter_map(step).collect()
    }
}

impl Keys<'_> {
    /// Returns clauses that tell indexes once more: one that the server made for a key would get the name
    /// of the next.
    fn guarded(&self, table: &Id, keys: &[&Object]) -> Vec<String> {
        let Sides { from, to, .. } = self.sides;
        let is_in_danger = |it: &&&Object| {
            let serves =
                |key: &&&Object| key.list(COLUMNS) == it.list(COLUMNS) && key.id.name != it.id.name;
            from.get(&it.id).is_some_and(|old| rules::may_be_made(from, old))
                && keys.iter().any(|key| serves(&key))
        };
        let stays = to.parts(Kind::Index, table);
        let all = stays.iter().filter(is_in_danger);
        all.flat_map(|it| [drop_clause(&it.id), format!("ADD {}", write::line(it))]).collect()
    }
}

fn refers_to_another(key: &Object) -> bool {
    key.needs.iter().any(|it| Some(it) != key.parent.as_ref())
}

fn alter(table: &Id, clauses: &[String]) -> Option<String> {
    let blank = if clauses.len() > 1 { "\n  " } else { " " };
    (!clauses.is_empty()).then(|| {
        format!("ALTER TABLE {}{blank}{}", quoted(table.name.as_str()), clauses.join(",\n  "))
    })
}

/// Tells whether a key that stays has to be dropped for the time in which its ends are altered: a column
/// of it changes, or an index that it may need.
fn is_in_the_way(key: &Object, sides: &Sides<'_>) -> bool {
    let own = key.parent.as_ref();
    let there = key.needs.iter().next();
    own.is_some_and(|it| touches(it, key.list(COLUMNS), sides))
        || there.is_some_and(|it| touches(it, key.list(REFERENCES), sides))
}

/// The attributes of columns that both ends of a key have to have in common, or that a key needs.
const OF_VALUES: [Attribute; 4] = [TYPE, NOT_NULL, GENERATED, GENERATED_KIND];

fn touches(table: &Id, columns: &[String], sides: &Sides<'_>) -> bool {
    let (from, to) = (sides.from, sides.to);
    let is_small = sides.how.effort == Effort::Small;
    let column = |name: &String| {
        let id =
            Id { schema: table.schema.clone(), ..Id::column(&table.name, &Name::any_case(name)) };
        let (Some(old), Some(new)) = (from.get(&id), to.get(&id)) else { return true };
        let is_other = OF_VALUES.iter().any(|it| old.normal(it) != new.normal(it));
        let is_other = is_other || kinds::letters(from, old) != kinds::letters(to, new);
        is_other || !is_small && old != new
    };
    // A key needs an index that begins with its columns; another may come in the same statement.
    let serves = |it: &&Object| it.list(COLUMNS).starts_with(columns);
    let serving = [Kind::PrimaryKey, Kind::Index].into_iter();
    let mut serving = serving.flat_map(|kind| from.parts(kind, table)).filter(serves);
    let is_gone = |it: &Object| to.get(&it.id).is_none_or(|new| rules::is_another(it, new));
    columns.iter().any(column) || !is_small && serving.any(is_gone)
}

fn is_same_table(table: &Id, sides: &Sides<'_>) -> bool {
    let parts = |catalog: &Catalog| -> Vec<Object> {
        let own = |it: &&Object| it.id == *table || it.parent.as_ref() == Some(table);
        let kinds = |it: &&Object| !matches!(it.id.kind, Kind::Trigger | Kind::ForeignKey);
        catalog.objects.values().filter(own).filter(kinds).cloned().collect()
    };
    parts(sides.from) == parts(sides.to)
}
