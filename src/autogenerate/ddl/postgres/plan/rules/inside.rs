//! Types that another one takes the place of, and the effect on the values of columns.

use crate::autogenerate::ddl::postgres::names::{full, quoted, shown, word};
use crate::autogenerate::ddl::postgres::plan::rules::cast::by_text;
use crate::autogenerate::ddl::postgres::plan::rules::{Alter, Change};
use crate::autogenerate::ddl::postgres::write::types::attributes;
use crate::catalog::{Kind, Object, TYPE};
use crate::inspect::postgres::attributes::GENERATED;

/// Says what a domain or a composite type of another make does to the values.
pub(in super::super) fn of_types(old: &Object, new: &Object) -> Alter {
    let mut res = Alter::default();
    let place = format!("{} {}", word(new.id.kind), shown(&new.id));
    if new.id.kind == Kind::Domain {
        judge(&mut res, &place, (old.written(TYPE), new.written(TYPE)), !cuts(new));
    } else if new.id.kind == Kind::Composite {
        for (name, before) in attributes(old) {
            match attributes(new).find(|it| it.0 == name) {
                Some((_, after)) => {
                    let place = format!("attribute {name} of {place}");
                    judge(&mut res, &place, (before, after), is_by_name(old, new));
                }
                None => {
                    res.destructive
                        .push(format!("drops attribute {name} of {place} with its values"));
                }
            }
        }
    }
    res
}

/// Tells whether a cast to a domain cuts values that are too long for it.
pub(in super::super) fn cuts(domain: &Object) -> bool {
    domain.id.kind == Kind::Domain && domain.written(TYPE).starts_with("character")
}

/// Tells whether the values of a composite type can't be read by the places of their attributes.
fn is_by_name(old: &Object, new: &Object) -> bool {
    let (one, other) = (attributes(old).map(|it| it.0), attributes(new).map(|it| it.0));
    new.id.kind == Kind::Composite && !one.eq(other)
}

/// Writes a value of a composite type as a row with other attributes, up to the cast to the new type;
/// none if the values can be read as they are.
pub(in super::super) fn row_of(old: &Object, new: &Object, name: &str) -> Option<String> {
    let part = |wanted: &str| {
        let is_there = attributes(old).any(|it| it.0 == wanted);
        if is_there { format!("({name}).{}", quoted(wanted)) } else { "NULL".to_owned() }
    };
    let parts: Vec<String> = attributes(new).map(|it| part(it.0)).collect();
    let parts = parts.join(", ");
    is_by_name(old, new).then(|| format!("CASE WHEN {name}::text IS NOT NULL THEN ROW({parts})"))
}

/// Finds a column whose values hold those of a composite type in arrays or other types, from which
/// nothing reads them by the names of attributes.
pub(super) fn out_of_reach<'a>(change: &Change<'_, 'a>) -> Option<&'a Object> {
    let (old, from) = (change.old, change.sides.from);
    if !is_by_name(old, change.new) {
        return None;
    }
    let mut types = vec![&old.id];
    let mut at = 0;
    while let Some(id) = types.get(at).copied() {
        let kinds = [Kind::Domain, Kind::Composite, Kind::Range].into_iter();
        let users = kinds.flat_map(|kind| from.of_kind(kind)).filter(|it| it.needs.contains(id));
        let users: Vec<_> = users.map(|it| &it.id).filter(|it| !types.contains(it)).collect();
        types.extend(users);
        at += 1;
    }
    let name = full(from, &old.id);
    from.of_kind(Kind::Column).find(|it| {
        let is_kept = change.to().holds(&it.id) && !it.says(GENERATED);
        is_kept && types.iter().any(|id| it.needs.contains(*id)) && it.written(TYPE) != name
    })
}

fn judge(res: &mut Alter, place: &str, (before, after): (&str, &str), cuts: bool) {
    if before == after {
        return;
    }
    let cast = by_text(before, after);
    let (is_text, is_bit) = (after.starts_with("character"), after.starts_with("bit"));
    let may_cut = cuts && cast.may_fail && (is_text || is_bit);
    if cast.may_fail && !may_cut {
        res.notes.push(format!("fails if a value of {place} doesn't fit in {after}"));
    }
    if cast.may_lose || may_cut {
        res.destructive.push(format!("changes the values of {place} from {before} to {after}"));
    }
}
