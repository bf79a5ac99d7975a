//! The steps that are done apart, each statement in a transaction of its own: tables stay in use
//! meanwhile. They can be stopped between any two statements, and taken up there.

use crate::autogenerate::Renames;
use crate::autogenerate::ddl::postgres::names::{
    full, is_constraint, owner, quoted, shown, shown_owner,
};
use crate::autogenerate::ddl::postgres::online::partitions;
use crate::autogenerate::ddl::postgres::online::words::{
    concurrently, helper, helper_name, new_name,
};
use crate::autogenerate::ddl::postgres::plan::quiet::Around;
use crate::autogenerate::ddl::postgres::plan::rules::fill_of;
use crate::autogenerate::ddl::postgres::plan::{Sides, tighten};
use crate::autogenerate::ddl::postgres::write;
use crate::autogenerate::ddl::postgres::write::{kinds, not_null, sayings, table};
use crate::autogenerate::ddl::{How, Plan, Transition};
use crate::autogenerate::script::Step;
use crate::catalog::{Catalog, Delta, Id, Kind, NOT_NULL, Name, Object, diff};
use crate::inspect::postgres::attributes::{DEFINITION, NOT_VALID, PARTITION_KEY};

/// Plans what leads from one catalog to another without locking anybody out for long.
pub(in super::super) fn apart(from: &Catalog, to: &Catalog, how: &How<'_>) -> Plan {
    let sides = Sides { from, to, how };
    let mut steps = Steps::new(&sides);
    for delta in diff(from, to) {
        steps.delta(&delta);
    }
    steps.fill();
    let Steps { dropped, undone, indexes, columns, keys, checked, .. } = steps;
    let steps: Vec<Step> =
        [dropped, undone, indexes, columns, keys, checked].into_iter().flatten().collect();
    let renames = Renames::default();
    let way = Transition { from, to, renames: &renames };
    let mut tightenings = tighten::tightenings(&way, &sides);
    tightenings.retain(|it| {
        steps.iter().any(|step| it.ids.first().is_some_and(|id| step.serves.contains(id)))
    });
    Plan { steps, tightenings, ..Plan::default() }
}

/// The steps by what they are about, in the order in which they are done.
struct Steps<'s, 'a> {
    sides: &'s Sides<'a>,
    /// The keys that go.
    dropped: Vec<Step>,
    /// The steps that take other rules back.
    undone: Vec<Step>,
    indexes: Vec<Step>,
    columns: Vec<Step>,
    /// The columns that are filled, each with the place of the first step of its table and a value.
    fills: Vec<(usize, &'a Object, String)>,
    keys: Vec<Step>,
    checked: Vec<Step>,
}

impl<'s, 'a> Steps<'s, 'a> {
    fn new(sides: &'s Sides<'a>) -> Self {
        let [dropped, undone, indexes, columns, keys, checked] = [const { Vec::new() }; 6];
        let fills = Vec::new();
        Self { sides, dropped, undone, indexes, columns, fills, keys, checked }
    }

    fn delta(&mut self, delta: &Delta<'a>) {
        let kind = delta.id().kind;
        if kind == Kind::Index {
            self.indexes.extend(self.index(delta));
        } else if [Kind::PrimaryKey, Kind::Unique].contains(&kind) {
            self.key(delta);
        } else if kind == Kind::Column {
            self.column(delta);
        } else if is_constraint(kind) {
            self.constraint(delta);
        }
    }

    fn index(&self, delta: &Delta<'a>) -> Option<Step> {
        let Sides { from, to, .. } = *self.sides;
        let drop =
            |old: &Object| format!("DROP INDEX CONCURRENTLY IF EXISTS {}", full(from, &old.id));
        let (title, statements) = match delta {
            Delta::Drop(old) if is_partitioned(old, from) => (
                format!("Drop index {}", shown(&old.id)),
                vec![format!("DROP INDEX IF EXISTS {}", full(from, &old.id))],
            ),
            Delta::Drop(old) => (
                format!("Drop index {} while its table is in use", shown(&old.id)),
                vec![drop(old)],
            ),
            Delta::Create(new) => {
                let title = format!("Create index {} while its table is in use", shown(&new.id));
                let made = partitions::create(new, to).into_iter();
                (title, made.chain(more(new, to)).collect())
            }
            Delta::Alter { old, new, .. } => {
                let title =
                    format!("Build index {} anew while its table is in use", shown(&new.id));
                let name = new_name(new.id.name.as_str());
                let taken = Id { name: Name::exact(name.clone()), ..new.id.clone() };
                let sql = concurrently(new.written(DEFINITION), &name);
                let rename = format!(
                    "ALTER INDEX {} RENAME TO {}",
                    full(to, &taken),
                    quoted(new.id.name.as_str())
                );
                (title, [sql, drop(old), rename].into_iter().chain(more(new, to)).collect())
            }
        };
        Some(Step::new(delta.id().clone(), title, statements))
    }

    /// Makes a key of an index that is built before, or drops it.
    fn key(&mut self, delta: &Delta<'a>) {
        let Sides { from, to, .. } = *self.sides;
        let (old, new) = match delta {
            Delta::Drop(old) => {
                let title = format!("Drop constraint {} of {}", old.id.name, shown_owner(&old.id));
                let sql = write::drop(old, from);
                self.dropped.push(Step::new(old.id.clone(), title, vec![sql]));
                return;
            }
            Delta::Create(new) => (None, *new),
            Delta::Alter { old, new, .. } => (Some(*old), *new),
        };
        let own = new.id.name.as_str();
        let name = if old.is_some() { new_name(own) } else { own.to_owned() };
        let table = owner(to, &new.id);
        let index = concurrently(&unique_index(new, &table), &name);
        let (word, ending) = (word(new), ending(new));
        let add =
            format!("ADD CONSTRAINT {} {word} USING INDEX {}{ending}", quoted(own), quoted(&name));
        let drop = old.map(|_| format!("DROP CONSTRAINT {}, ", quoted(own))).unwrap_or_default();
        let title = format!(
            "Add constraint {own} to {} by an index that is built while the table is in use",
            shown_owner(&new.id)
        );
        let statements = [index, format!("ALTER TABLE {table} {drop}{add}")].into_iter();
        let statements = statements.chain(kinds::settings(new, to)).chain(write::comments(new, to));
        self.keys.push(Step::new(new.id.clone(), title, statements.collect()));
    }

    /// Lets a column refuse NULL once a constraint has proven that there is none, or takes that back.
    fn column(&mut self, delta: &Delta<'a>) {
        let Delta::Alter { new, .. } = delta else { return };
        let Sides { to, .. } = *self.sides;
        let helper = helper(new, &helper_name(new));
        let (table, name) = (owner(to, &new.id), quoted(helper.id.name.as_str()));
        let (alter, column) = (format!("ALTER TABLE {table}"), quoted(new.id.name.as_str()));
        let place = shown(&new.id);
        let own = not_null::name(new).map(quoted);
        if own.is_some() && !not_null::is_kept(new) {
            let add = not_null::add(new, to);
            let add = add.strip_prefix(&format!("{alter} ")).unwrap_or_default();
            let sql = format!("{alter} ALTER COLUMN {column} DROP NOT NULL, {add}");
            let title = format!("Let {place} hold NULL where it does");
            let comment = sayings::of_not_null(new, to).map(|it| it.statement);
            let statements = [sql].into_iter().chain(comment).collect();
            self.undone.push(Step::new(new.id.clone(), title, statements));
            return;
        }
        if !new.says(NOT_NULL) {
            let add = table::add_constraint(&helper, to).concat();
            let add = add.strip_prefix(&format!("{alter} ")).unwrap_or_default();
            let sql = format!("{alter} ALTER COLUMN {column} DROP NOT NULL, {add}");
            let title = format!("Let {place} hold NULL where it does");
            self.undone.push(Step::new(new.id.clone(), title, vec![sql]));
            return;
        }
        let mut res = Step::new(
            new.id.clone(),
            format!("Let {place} refuse NULL, once it is checked that there is none"),
            Vec::new(),
        );
        if let Some((value, note)) = fill_of(new, self.sides) {
            let is_near = |it: &&Object| it.parent == new.parent;
            let mut near = self.fills.iter().filter(|(_, it, _)| is_near(it));
            let at = near.next().map_or(self.columns.len(), |it| it.0);
            self.columns.get_mut(at).unwrap_or(&mut res).notes.push(note);
            self.fills.push((at, new, value));
        }
        let is_own = own.is_some();
        let name = own.unwrap_or(name);
        res.statements.push(format!("{alter} VALIDATE CONSTRAINT {name}"));
        let rest = format!("{alter} ALTER COLUMN {column} SET NOT NULL, DROP CONSTRAINT {name}");
        res.statements.extend((!is_own).then_some(rest));
        self.columns.push(res);
    }

    /// Puts the statements that fill columns before the steps that need them: one for each table, since a
    /// row that is written has to keep all constraints.
    fn fill(&mut self) {
        let Sides { from, to, .. } = *self.sides;
        let mut at = 0;
        while let Some(step) = self.columns.get_mut(at) {
            let own: Vec<_> = self.fills.iter().filter(|it| it.0 == at).collect();
            at += 1;
            let Some((_, first, _)) = own.first() else { continue };
            let around = table::table_of(&first.id, from);
            let around = around.map(|it| Around::of(it, [from, to], |_| false));
            let sql = filling(&owner(to, &first.id), &own);
            let Some((note, around)) = around.and_then(|it| Some((it.note()?, it))) else {
                step.statements.insert(0, sql);
                continue;
            };
            step.notes.push(format!("{note}; nobody else writes meanwhile"));
            // In one statement with what turns triggers off and on: nobody's rows are written without.
            let all = around.before.into_iter().chain([sql]).chain(around.after);
            let body: Vec<String> = all.map(|it| format!("    {it};\n")).collect();
            let body = body.concat();
            let quote = if body.contains("$fill$") { "$filling$" } else { "$fill$" };
            step.statements.insert(0, format!("DO {quote}\nBEGIN\n{body}END\n{quote}"));
        }
    }

    /// Validates a constraint, or lets it stand without that.
    fn constraint(&mut self, delta: &Delta<'a>) {
        // The constraints that stand for NOT NULL come and go with the change of the column.
        let Delta::Alter { old, new, .. } = delta else { return };
        let Sides { to, .. } = *self.sides;
        let alter = format!("ALTER TABLE {}", owner(to, &new.id));
        let (name, place) = (quoted(new.id.name.as_str()), shown_owner(&new.id));
        if old.says(NOT_VALID) && !new.says(NOT_VALID) {
            let title = format!("Validate constraint {} of {place}", new.id.name);
            let sql = format!("{alter} VALIDATE CONSTRAINT {name}");
            self.checked.push(Step::new(new.id.clone(), title, vec![sql]));
        } else {
            let add = table::add_constraint(new, to).concat();
            let add = add.strip_prefix(&format!("{alter} ")).unwrap_or_default();
            let title =
                format!("Let constraint {} of {place} stand without being validated", new.id.name);
            let sql = format!("{alter} DROP CONSTRAINT {name}, {add}");
            let more = write::comments(new, to);
            let statements = [sql].into_iter().chain(more).collect();
            self.undone.push(Step::new(new.id.clone(), title, statements));
        }
    }
}

/// Writes the statement that fills columns of a table.
fn filling(table: &str, fills: &[&(usize, &Object, String)]) -> String {
    let name = |column: &Object| quoted(column.id.name.as_str());
    if let [(_, column, value)] = fills {
        let name = name(column);
        return format!("UPDATE {table} SET {name} = {value} WHERE {name} IS NULL");
    }
    let set = |(_, column, value): &&(usize, &Object, String)| {
        let name = name(column);
        format!("{name} = coalesce({name}, {value})")
    };
    let sets: Vec<String> = fills.iter().map(set).collect();
    let open: Vec<String> = fills.iter().map(|it| format!("{} IS NULL", name(it.1))).collect();
    format!("UPDATE {table} SET {} WHERE {}", sets.join(", "), open.join(" OR "))
}

/// Tells whether an index is one of a partitioned table.
fn is_partitioned(index: &Object, catalog: &Catalog) -> bool {
    let table = index.parent.as_ref().and_then(|it| catalog.get(it));
    table.is_some_and(|it| it.says(PARTITION_KEY))
}

/// Returns the statements that say more of an index that is made.
fn more(index: &Object, catalog: &Catalog) -> Vec<String> {
    let settings = kinds::index(index, catalog).into_iter().skip(1);
    settings.chain(write::comments(index, catalog)).collect()
}

fn word(key: &Object) -> &'static str {
    if key.id.kind == Kind::PrimaryKey { "PRIMARY KEY" } else { "UNIQUE" }
}

/// Returns when a key is checked, as it stands behind its definition.
fn ending(key: &Object) -> &'static str {
    let endings = [" DEFERRABLE INITIALLY DEFERRED", " DEFERRABLE"];
    endings.into_iter().find(|it| key.written(DEFINITION).ends_with(it)).unwrap_or_default()
}

/// Writes the index of a key: what is in the definition behind the word.
fn unique_index(key: &Object, table: &str) -> String {
    let definition = key.written(DEFINITION);
    let definition = definition.strip_suffix(ending(key)).unwrap_or(definition);
    let rest = definition.strip_prefix(word(key)).unwrap_or(definition).trim_start();
    let nulls = "NULLS NOT DISTINCT";
    let (rest, nulls) = match rest.strip_prefix(nulls) {
        Some(rest) => (rest.trim_start(), format!(" {nulls}")),
        None => (rest, String::new()),
    };
    format!("CREATE UNIQUE INDEX i ON {table} {rest}{nulls}")
}
