//! Sequences: what they have given is remembered.

use crate::autogenerate::ddl::postgres::names::{full, literal, shown};
use crate::autogenerate::ddl::postgres::plan::rules::own_sequence;
use crate::autogenerate::ddl::postgres::plant::ends::{Ends, Pair, Twins};
use crate::autogenerate::ddl::{Answer, Planted};
use crate::catalog::{Catalog, Id, Kind, Object};
use crate::database::{Connection, DatabaseError};
use crate::inspect::postgres::attributes::{IDENTITY, IDENTITY_OPTIONS, OPTIONS};

/// The number that sequences stand at; more than the numbers of planted rows.
const REACHED: i64 = 1000;

/// How many sequences are set by one statement.
const AT_ONCE: usize = 100;

/// Sets the sequences that survive to a number, and returns the answers that tell it.
pub(super) fn raise(
    ends: &Ends<'_>,
    pairs: &[Pair<'_>],
    connection: &mut dyn Connection,
) -> Result<Planted, DatabaseError> {
    let mut res = Planted::default();
    let mut raises = Vec::new();
    let mut add = |(old, new): (String, String), drawn: Drawn, name: &str| {
        raises.push(format!("setval({old}::regclass, {REACHED})"));
        let answer = |sequence: &str, is_drawn: bool| {
            let last = format!("pg_sequence_last_value({sequence}::regclass)");
            // One that has given nothing yet stands below all numbers.
            let last =
                if is_drawn { format!("least({REACHED}, coalesce({last}, 0))") } else { last };
            Answer {
                query: format!("SELECT {last}"),
                rows: vec![vec![Some(REACHED.to_string())]],
                otherwise: format!("forgets which numbers `{name}` has given"),
            }
        };
        res.after_up.push(answer(&new, drawn.by_up));
        res.after_down.push(answer(&old, drawn.by_up || drawn.by_down));
    };
    for pair in pairs {
        let Some(new_table) = pair.new else { continue };
        for Twins { old, new } in &pair.columns {
            let Some(old) = old else { continue };
            let before = options(ends.from, old);
            let both = before.zip(options(ends.to, new));
            if both.is_some_and(|(before, after)| can_keep(before, after)) {
                let of = |catalog, table: &Id, column: &Object| {
                    let (table, column) = (full(catalog, table), column.id.name.as_str());
                    format!("pg_get_serial_sequence({}, {})", literal(&table), literal(column))
                };
                let names = (of(ends.from, &pair.old.id, old), of(ends.to, &new_table.id, new));
                let own = (own_sequence(old, ends.from), own_sequence(new, ends.to));
                add(names, Drawn::of(ends, own), &shown(&old.id));
            }
        }
    }
    for old in ends.from.of_kind(Kind::Sequence).filter(|it| is_free(it)) {
        let new = ends.to.get(&old.id).filter(|it| is_free(it));
        if let Some(new) = new.filter(|new| can_keep(old.list(OPTIONS), new.list(OPTIONS))) {
            let name = |catalog, it: &Object| literal(&full(catalog, &it.id));
            let names = (name(ends.from, old), name(ends.to, new));
            add(names, Drawn::of(ends, (Some(old), Some(new))), &shown(&old.id));
        }
    }
    for some in raises.chunks(AT_ONCE) {
        connection.execute(&format!("SELECT {}", some.join(", ")))?;
    }
    Ok(res)
}

/// Tells whether no column owns a sequence.
fn is_free(sequence: &Object) -> bool {
    sequence.parent.is_none()
}

/// The scripts that draw from a sequence, since a column that they add gives the rows that are there
/// numbers of it.
#[derive(Debug, Clone, Copy)]
struct Drawn {
    by_up: bool,
    by_down: bool,
}

impl Drawn {
    fn of(ends: &Ends<'_>, (old, new): (Option<&Object>, Option<&Object>)) -> Self {
        let is_drawn = |sequence: &Object, before: &Catalog, after: &Catalog| {
            let defaults = after.of_kind(Kind::Default);
            let own = defaults.filter(|it| it.needs.contains(&sequence.id));
            own.map(|it| Id { kind: Kind::Column, ..it.id.clone() }).any(|it| !before.holds(&it))
        };
        Self {
            by_up: new.is_some_and(|it| is_drawn(it, ends.from, ends.to)),
            by_down: old.is_some_and(|it| is_drawn(it, ends.to, ends.from)),
        }
    }
}

/// Returns the options of the sequence that a column owns.
fn options<'a>(catalog: &'a Catalog, column: &'a Object) -> Option<&'a [String]> {
    if column.says(IDENTITY) {
        return Some(column.list(IDENTITY_OPTIONS));
    }
    own_sequence(column, catalog).map(|it| it.list(OPTIONS))
}

/// Tells whether a sequence can stand at the number with both options.
fn can_keep(before: &[String], after: &[String]) -> bool {
    let clause = |options: &[String], name: &str| {
        let text = options.iter().find_map(|it| it.strip_prefix(name))?;
        text.trim().parse::<i64>().ok()
    };
    let same = |name: &str| clause(before, name) == clause(after, name);
    let fits = |options: &[String]| {
        clause(options, "MINVALUE").is_none_or(|it| it <= REACHED)
            && clause(options, "MAXVALUE").is_none_or(|it| it >= REACHED)
            && clause(options, "INCREMENT BY").is_none_or(|it| it > 0)
    };
    same("START WITH") && same("INCREMENT BY") && fits(before) && fits(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_to_fit_at_both_ends() {
        let options = |texts: &[&str]| texts.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
        let plain = options(&["INCREMENT BY 1", "MINVALUE 1", "MAXVALUE 32767", "START WITH 1"]);
        let small = options(&["INCREMENT BY 1", "MINVALUE 1", "MAXVALUE 99", "START WITH 1"]);
        let later = options(&["INCREMENT BY 1", "MINVALUE 1", "MAXVALUE 32767", "START WITH 5"]);
        assert!(can_keep(&plain, &plain));
        assert!(
            !can_keep(&plain, &small) && !can_keep(&small, &plain) && !can_keep(&plain, &later)
        );
    }
}
