//! Changes of the constraints by which columns and domains refuse NULL.

use crate::autogenerate::ddl::postgres::names::{full, owner, quoted};
use crate::autogenerate::ddl::postgres::nulls;
use crate::autogenerate::ddl::postgres::plan::Sides;
use crate::autogenerate::ddl::postgres::plan::rules::fill::{fill_of, target, told_values};
use crate::autogenerate::ddl::postgres::plan::rules::{Alter, Change};
use crate::autogenerate::ddl::postgres::write::not_null::{
    add, clause, is_given, is_kept, is_shared, name,
};
use crate::autogenerate::ddl::postgres::write::table::{above, alter_column, table_of};
use crate::catalog::{COLUMNS, Catalog, Kind, NOT_NULL, Object};
use crate::inspect::postgres::attributes::{BOUND, GENERATED, NO_INHERIT, NOT_NULL_NAME, PARENTS};

/// Tells whether a constraint goes, or comes back as another one: one that is valid can't be taken back to
/// what it was before, and one that the tables below have by other names can't be renamed.
pub(super) fn is_remade(old: &Object, new: &Object) -> bool {
    if !old.says(NOT_NULL) {
        return false;
    }
    let has_another_name = old.attributes.get(NOT_NULL_NAME) != new.attributes.get(NOT_NULL_NAME)
        && !is_shared(old)
        && !is_shared(new);
    !new.says(NOT_NULL) || (is_kept(old) && !is_kept(new)) || has_another_name
}

/// Changes the constraint of a column.
pub(super) fn change(change: &Change<'_, '_>, res: &mut Alter) {
    let Change { old, new, sides, .. } = *change;
    let (to, is_remade) = (sides.to, is_remade(old, new));
    let fills = is_kept(new) && !is_kept(old);
    // What a detached partition keeps of keys is seen, and dropped, once it has left.
    if is_remade && (new.says(NOT_NULL) || !leaves_with_key(old, sides)) {
        res.statements.push(format!("{} DROP NOT NULL", alter_column(new, to)));
    }
    let is_told = told_values(old, new, sides.how.backfills).is_some();
    let fill = fill_of(new, sides).filter(|_| fills && !is_told && !old.says(GENERATED));
    if let Some((value, note)) = fill {
        let (table, name) = (target(new, &value, sides), quoted(new.id.name.as_str()));
        let sql = format!("UPDATE {table} SET {name} = {value} WHERE {name} IS NULL");
        res.statements.push(sql);
        res.notes.push(note);
    }
    if !new.says(NOT_NULL) {
        return;
    }
    if is_remade || !old.says(NOT_NULL) {
        res.statements.push(add(new, to));
        return;
    }
    let Some(name) = name(new) else { return };
    let (alter, name) = (format!("ALTER TABLE {}", owner(to, &new.id)), quoted(name));
    if change.has(NO_INHERIT) {
        let no = if new.says(NO_INHERIT) { "NO " } else { "" };
        res.statements.push(format!("{alter} ALTER CONSTRAINT {name} {no}INHERIT"));
    }
    if fills {
        res.statements.push(format!("{alter} VALIDATE CONSTRAINT {name}"));
    }
}

/// Tells whether a column is one of a partition that leaves a table which has the column in its primary
/// key: the partition keeps a key like that.
fn leaves_with_key(old: &Object, sides: &Sides<'_>) -> bool {
    let Some(table) = table_of(&old.id, sides.from) else { return false };
    let after = sides.to.get(&table.id).map(|it| it.list(PARENTS)).unwrap_or_default();
    let is_in = |it: &&Object| it.list(COLUMNS).iter().any(|it| it == old.id.name.as_str());
    let keys = above(sides.from, table).into_iter();
    let mut keys = keys.flat_map(|it| sides.from.parts(Kind::PrimaryKey, &it.id));
    table.list(PARENTS) != after && keys.any(|it| is_in(&it))
}

/// Changes the constraint of a domain.
pub(super) fn of_domain(change: &Change<'_, '_>) -> Vec<String> {
    let (old, new) = (change.old, change.new);
    let alter = format!("ALTER DOMAIN {}", full(change.to(), &new.id));
    let mut res = Vec::new();
    if is_remade(old, new) {
        res.push(format!("{alter} DROP NOT NULL"));
    }
    if new.says(NOT_NULL) && (res.len() == 1 || !old.says(NOT_NULL)) {
        let own = clause(new).filter(|it| it != "NOT NULL");
        res.push(match own {
            Some(own) => format!("{alter} ADD {own}"),
            None => format!("{alter} SET NOT NULL"),
        });
    }
    res
}

/// Returns the statements that give the constraints of a table's columns the names that they have once the
/// table has left its parents, or has others: only one that no parent has a part in can be renamed.
pub(super) fn renames(table: &Object, (from, to): (&Catalog, &Catalog)) -> Vec<String> {
    let rename = |old: &Object| {
        // What a table has declared stays so when it inherits, and keeps the usual name.
        let new = to.get(&old.id).filter(|it| table.says(BOUND) || !is_given(it))?;
        let names = (name(old)?, name(new)?);
        let changes = is_shared(old) || is_shared(new);
        (changes && names.0 != names.1).then(|| nulls::rename(&new.id, names, to))
    };
    from.parts(Kind::Column, &table.id).into_iter().filter_map(rename).collect()
}
