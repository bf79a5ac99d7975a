//! Changes of columns, and new columns of tables that can have rows.

use crate::autogenerate::AutogenerateError;
use crate::autogenerate::ddl::Effort;
use crate::autogenerate::ddl::postgres::names::{full, literal, owner, quoted, shown};
use crate::autogenerate::ddl::postgres::plan::rules::cast::{Cast, of_columns, using};
use crate::autogenerate::ddl::postgres::plan::rules::{Alter, Change, Means, null, told_values};
use crate::autogenerate::ddl::postgres::write;
use crate::autogenerate::ddl::postgres::write::sequence::option;
use crate::autogenerate::ddl::postgres::write::table::{
    alter_column, identity, keeping, options, type_sql,
};
use crate::catalog::{Attribute, Catalog, EXPRESSION, Id, Kind, NOT_NULL, Object, TYPE};
use crate::inspect::postgres::attributes::{
    COLLATION, COMPRESSION, GENERATED, GENERATED_KIND, IDENTITY, IDENTITY_OPTIONS, NO_INHERIT,
    NOT_NULL_NAME, NOT_VALID, OPTIONS, SETTABLE, STATISTICS, STORAGE,
};

/// The attributes that ALTER COLUMN changes.
const KNOWN: [Attribute; 14] = [
    TYPE,
    COLLATION,
    NOT_NULL,
    NOT_NULL_NAME,
    NOT_VALID,
    NO_INHERIT,
    IDENTITY,
    IDENTITY_OPTIONS,
    GENERATED,
    GENERATED_KIND,
    STORAGE,
    COMPRESSION,
    STATISTICS,
    OPTIONS,
];

pub(super) fn column(change: &Change<'_, '_>) -> Result<Means, AutogenerateError> {
    let (old, new) = (change.old, change.new);
    let is_virtual = |it: &Object| it.normal(GENERATED_KIND) == "VIRTUAL";
    let is_another = change.has(GENERATED) || change.has(GENERATED_KIND);
    let sets = can_set_expression(change);
    if is_another && (new.says(GENERATED) || is_virtual(old)) && !sets {
        return Ok(Means::Anew);
    }
    if let Some(unknown) = change.attributes.iter().find(|it| !KNOWN.contains(it)) {
        return Err(change.no_rule(unknown));
    }
    let alter = alter_column(new, change.to());
    let mut rules = Rules { change, alter, res: Alter::default() };
    let bounds = rules.bounds();
    let is_narrower = of_columns(old, new).may_fail;
    if is_narrower {
        rules.res.statements.extend(bounds.clone());
    }
    if sets {
        rules.push(&format!("SET EXPRESSION AS ({})", new.written(GENERATED)));
        rules.res.notes.extend((!is_virtual(new)).then(|| "rewrites the table".to_owned()));
    } else if change.has(GENERATED) {
        rules.push("DROP EXPRESSION");
    }
    if old.says(IDENTITY) && !new.says(IDENTITY) {
        rules.leave_identity();
    }
    rules.type_change();
    null::change(change, &mut rules.res);
    rules.enter_identity();
    if !is_narrower {
        rules.res.statements.extend(bounds);
    }
    rules.keeping();
    rules.settings();
    Ok(Means::Alter(rules.res))
}

/// Tells whether a generated column can have another expression in place. The server doesn't look at checks
/// again where nothing is stored.
fn can_set_expression(change: &Change<'_, '_>) -> bool {
    let Change { old, new, sides, .. } = *change;
    let is_same_else = [GENERATED_KIND, TYPE, COLLATION].iter().all(|it| !change.has(it));
    let table = new.parent.as_ref();
    let has_checks =
        |it: &Catalog| table.is_some_and(|table| !it.parts(Kind::Check, table).is_empty());
    let is_virtual = new.normal(GENERATED_KIND) == "VIRTUAL";
    change.has(GENERATED)
        && old.says(GENERATED)
        && new.says(GENERATED)
        && is_same_else
        && new.aside.contains_key(SETTABLE)
        && sides.how.effort == Effort::Small
        && !(is_virtual && (has_checks(sides.from) || has_checks(sides.to)))
}

struct Rules<'r, 'c, 'a> {
    change: &'r Change<'c, 'a>,
    /// The beginning of the statements.
    alter: String,
    res: Alter,
}

impl Rules<'_, '_, '_> {
    fn push(&mut self, clause: &str) {
        self.res.statements.push(format!("{} {clause}", self.alter));
    }

    fn type_change(&mut self) {
        let Change { old, new, sides, .. } = *self.change;
        if !self.change.has(TYPE) && !self.change.has(COLLATION) {
            return;
        }
        self.res.is_aside = true;
        let name = quoted(new.id.name.as_str());
        let mut target = type_sql(new);
        if self.change.has(COLLATION) && !new.says(COLLATION) && !self.change.has(TYPE) {
            target += " COLLATE pg_catalog.\"default\"";
        }
        let table = owner(sides.to, &new.id);
        if new.says(GENERATED) {
            self.push(&format!("TYPE {target}"));
            return;
        }
        let is_enum = |it: &Object| it.needs.iter().any(|need| need.kind == Kind::Enum);
        if let Some(told) = self.told_values() {
            target = format!("{target} USING ({told})");
        } else if self.change.has(TYPE)
            && let Some(using) = using(
                old,
                new,
                &name,
                sides.how.effort != Effort::Small || (is_enum(old) && is_enum(new)),
            )
        {
            target = format!("{target} USING {using}");
        }
        let default = Id { kind: Kind::Default, ..new.id.clone() };
        let (before, after) = (sides.from.get(&default), sides.to.get(&default));
        let mut clauses = vec![format!("ALTER COLUMN {name} TYPE {target}")];
        if before.is_some() && after.is_some() {
            clauses.insert(0, format!("ALTER COLUMN {name} DROP DEFAULT"));
        }
        if let Some(after) = after.filter(|it| Some(*it) == before) {
            clauses.push(format!("ALTER COLUMN {name} SET DEFAULT {}", after.written(EXPRESSION)));
        }
        self.res.statements.push(format!("ALTER TABLE {table} {}", clauses.join(", ")));
        self.judge();
    }

    fn told_values(&self) -> Option<&str> {
        let Change { old, new, sides, .. } = *self.change;
        told_values(old, new, sides.how.backfills)
    }

    /// Says what the new type does to the values.
    fn judge(&mut self) {
        let Change { old, new, .. } = *self.change;
        if !self.change.has(TYPE) {
            self.res.notes.push("builds the indexes on the column anew".to_owned());
            return;
        }
        let (before, after) = (old.written(TYPE), new.written(TYPE));
        let mut cast = of_columns(old, new);
        let place = shown(&new.id);
        if let Some(told) = self.told_values() {
            let note = format!("the values of {place} become {told}");
            self.res.notes.push(note);
            cast = Cast { may_lose: true, may_fail: false, rewrites: true, ..cast };
        }
        if cast.rewrites {
            self.res.notes.push("rewrites the table".to_owned());
        }
        if cast.may_lose {
            let what = format!("changes the values of {place} from {before} to {after}");
            self.res.destructive.push(what);
        }
    }

    /// Returns the statement that changes how an identity counts.
    fn bounds(&self) -> Option<String> {
        let Change { old, new, .. } = *self.change;
        let (old, new) = (old.list(IDENTITY_OPTIONS), new.list(IDENTITY_OPTIONS));
        if old.is_empty() || new.is_empty() || old == new {
            return None;
        }
        let changed = new.iter().filter(|it| !old.contains(it)).map(|it| format!("SET {it}"));
        let clauses: Vec<String> = changed.chain(restart(old, new)).collect();
        (!clauses.is_empty()).then(|| format!("{} {}", self.alter, clauses.join(" ")))
    }

    fn leave_identity(&mut self) {
        let Change { old, new, sides, .. } = *self.change;
        let table = owner(sides.to, &new.id);
        let Some(sequence) = own_sequence(new, sides.to).filter(|it| !sides.from.holds(&it.id))
        else {
            self.push("DROP IDENTITY");
            return;
        };
        // The sequence takes over before it gets the name, which the identity's can have.
        let new_name = quoted(&format!("{}_new", cut(sequence.id.name.as_str(), 4)));
        let name = quoted(sequence.id.name.as_str());
        let made = write::create(sequence, sides.to);
        let own = full(sides.to, &sequence.id);
        let schema = own.strip_suffix(name.as_str()).unwrap_or_default();
        let temporary = format!("{schema}{new_name}");
        let made = made.iter().map(|it| it.replacen(&own, &temporary, 1));
        self.res.statements.extend(made);
        self.res.statements.push(format!(
            "SELECT setval({}, pg_sequence_last_value({}::regclass))",
            literal(&temporary),
            identity_sequence(&table, old),
        ));
        self.push("DROP IDENTITY");
        self.res.statements.push(format!("ALTER SEQUENCE {temporary} RENAME TO {name}"));
        self.res.statements.push(write::sequence::owned_by(sequence, sides.to));
    }

    fn enter_identity(&mut self) {
        let Change { old, new, sides, .. } = *self.change;
        if old.says(IDENTITY) && new.says(IDENTITY) && self.change.has(IDENTITY) {
            self.push(&format!("SET GENERATED {}", new.written(IDENTITY)));
        }
        if old.says(IDENTITY) || !new.says(IDENTITY) {
            return;
        }
        let table = owner(sides.to, &new.id);
        let own = identity_sequence(&table, new);
        let add = format!("ADD {}", identity(new));
        let Some(sequence) = own_sequence(old, sides.from).filter(|it| !sides.to.holds(&it.id))
        else {
            self.push(&add);
            self.res.statements.push(count_on(&table, new));
            self.res.notes.push("counts on from the highest number that is there".to_owned());
            return;
        };
        let before = full(sides.from, &sequence.id);
        let old_name = format!("{}_old", cut(sequence.id.name.as_str(), 4));
        let schema = before.strip_suffix(&quoted(sequence.id.name.as_str())).unwrap_or_default();
        let temporary = format!("{schema}{}", quoted(&old_name));
        self.res.statements.push(format!("ALTER SEQUENCE {before} OWNED BY NONE"));
        let rename = format!("ALTER SEQUENCE {before} RENAME TO {}", quoted(&old_name));
        self.res.statements.push(rename);
        self.push(&add);
        let sql = format!("SELECT setval({own}, last_value, is_called) FROM {temporary}");
        self.res.statements.push(sql);
        self.res.statements.push(format!("DROP SEQUENCE {temporary}"));
    }

    /// Says how values are kept. A change of the type takes back what was said of that.
    fn keeping(&mut self) {
        let new = self.change.new;
        if self.change.has(TYPE) || self.change.has(COLLATION) {
            self.res.statements.extend(keeping(new, self.change.to()));
            return;
        }
        let usual = usual_storage(new.normal(TYPE));
        for (attribute, word, usual) in
            [(STORAGE, "STORAGE", usual), (COMPRESSION, "COMPRESSION", "default")]
        {
            if self.change.has(attribute) {
                let word_for = new.attributes.get(attribute).map_or(usual, |it| &it.written);
                self.push(&format!("SET {word} {word_for}"));
            }
        }
    }

    fn settings(&mut self) {
        let Change { old, new, .. } = *self.change;
        for attribute in self.change.attributes {
            let text = new.written(attribute);
            let says = new.says(attribute);
            match *attribute {
                STATISTICS => {
                    let number = if says { text } else { "-1" };
                    self.push(&format!("SET STATISTICS {number}"));
                }
                OPTIONS => {
                    let name = |it: &String| it.split('=').next().unwrap_or_default().to_owned();
                    let gone: Vec<String> = old.list(OPTIONS).iter().map(name).collect();
                    if !gone.is_empty() {
                        self.push(&format!("RESET ({})", gone.join(", ")));
                    }
                    if says {
                        self.push(&format!("SET ({})", options(new.list(OPTIONS))));
                    }
                }
                _ => {}
            }
        }
    }
}

/// Returns the clause that starts a sequence again where its old start lies outside.
pub(super) fn restart(old: &[String], new: &[String]) -> Option<String> {
    let number =
        |list: &[String], words: &str| -> Option<i128> { option(list, words)?.parse().ok() };
    let start = number(old, "START WITH")?;
    let is_inside = number(new, "MINVALUE")? <= start && start <= number(new, "MAXVALUE")?;
    let new = option(new, "START WITH")?;
    (!is_inside).then(|| format!("RESTART WITH {new}"))
}

/// Cuts a name so that an ending fits into what the server keeps of names.
pub(in crate::autogenerate::ddl::postgres) fn cut(name: &str, ending: usize) -> &str {
    let mut end = name.len().min(63 - ending);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    name.get(..end).unwrap_or(name)
}

/// Writes the name of the sequence of an identity, which only the server knows.
fn identity_sequence(table: &str, column: &Object) -> String {
    let (table, name) = (literal(table), literal(column.id.name.as_str()));
    format!("pg_get_serial_sequence({table}, {name})")
}

/// Has an identity count on from the highest number that is there.
pub(super) fn count_on(table: &str, column: &Object) -> String {
    let (own, name) = (identity_sequence(table, column), quoted(column.id.name.as_str()));
    format!("SELECT setval({own}, max({name})) FROM {table}")
}

/// Finds the sequence that a column owns.
pub(in crate::autogenerate::ddl::postgres) fn own_sequence<'a>(
    column: &Object,
    catalog: &'a Catalog,
) -> Option<&'a Object> {
    let is_own = |it: &&Object| it.parent.as_ref() == Some(&column.id);
    catalog.of_kind(Kind::Sequence).find(is_own)
}

/// Returns the storage that columns of a type have by themselves.
fn usual_storage(type_name: &str) -> &'static str {
    let head = type_name.split('(').next().unwrap_or_default();
    if ["numeric", "inet", "cidr"].contains(&head) { "MAIN" } else { "EXTENDED" }
}
