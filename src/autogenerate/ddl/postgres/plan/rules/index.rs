//! Changes of indexes.

use crate::autogenerate::ddl::postgres::names::{full, quoted};
use crate::autogenerate::ddl::postgres::plan::rules::other::{only, statements};
use crate::autogenerate::ddl::postgres::plan::rules::table::changed_options;
use crate::autogenerate::ddl::postgres::plan::rules::{Change, Means};
use crate::autogenerate::ddl::postgres::write::kinds;
use crate::catalog::{Catalog, Object};
use crate::inspect::postgres::attributes::{
    CLUSTERED, DEFINITION, PARTITION_KEY, STATISTICS, TABLESPACE,
};
use crate::sql::{Dialect, Lexer, Token};

/// Tells whether definitions of an index differ in nothing but options, which can be changed in place.
/// A partitioned index has no options to change in place.
pub(in super::super::super) fn has_other_options(
    old: &Object,
    new: &Object,
    catalog: &Catalog,
) -> bool {
    let table = new.parent.as_ref().and_then(|it| catalog.get(it));
    let is_whole = table.is_some_and(|it| !it.says(PARTITION_KEY));
    let [had, has] = [old, new].map(|it| options_of(it.normal(DEFINITION)));
    is_whole && had.0 == has.0
}

/// Splits the definition of an index: what it says but for options, and these.
fn options_of(definition: &str) -> (String, Vec<String>) {
    let tokens: Vec<Token<'_>> =
        Lexer::new(definition, Dialect::Postgres).map_while(Result::ok).collect();
    let mut depth = 0_usize;
    let mut start = None;
    let (mut list, mut end) = (Vec::new(), definition.len());
    for pair in tokens.windows(2) {
        let [token, next] = pair else { continue };
        match token.text {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if let Some((_, from)) = start.filter(|_| depth == 1 && [",", ")"].contains(&next.text)) {
            let item: &str = definition.get(from..next.offset).unwrap_or_default();
            list.push(item.replace('\'', ""));
            start = start.map(|(head, _)| (head, next.end()));
            if next.text == ")" {
                end = next.end();
                break;
            }
        } else if depth == 0 && start.is_none() && token.is_word("WITH") && next.text == "(" {
            start = Some((token.offset, next.end()));
        }
    }
    let Some((head, _)) = start else { return (definition.to_owned(), list) };
    let parts = [definition.get(..head), definition.get(end..)].map(Option::unwrap_or_default);
    let list = list.iter().map(|it| it.trim().to_owned()).collect();
    ([parts[0].trim_end(), parts[1]].concat(), list)
}

pub(super) fn index(change: &Change<'_, '_>) -> Option<Means> {
    let (old, new) = (change.old, change.new);
    let changes_options = change.has(DEFINITION);
    let is_known = only(change, &[DEFINITION, STATISTICS, TABLESPACE, CLUSTERED]);
    if !is_known || (changes_options && !has_other_options(old, new, change.to())) {
        return None;
    }
    let alter = format!("ALTER INDEX {}", full(change.to(), &new.id));
    let mut res = Vec::new();
    if changes_options {
        let [had, has] = [old, new].map(|it| options_of(it.written(DEFINITION)).1);
        res.extend(changed_options(&alter, &had, &has));
    }
    let wanted: Vec<(&str, &str)> = kinds::targets(new).collect();
    for (column, target) in &wanted {
        res.push(format!("{alter} ALTER COLUMN {column} SET STATISTICS {target}"));
    }
    for (column, _) in kinds::targets(old).filter(|it| !wanted.iter().any(|new| new.0 == it.0)) {
        res.push(format!("{alter} ALTER COLUMN {column} SET STATISTICS -1"));
    }
    res.extend(place(change, &alter)?);
    Some(statements(res))
}

/// Returns the statements for where an index is kept, and whether its table is clustered by it.
pub(super) fn place(change: &Change<'_, '_>, alter: &str) -> Option<Vec<String>> {
    let new = change.new;
    let mut res = Vec::new();
    if change.has(TABLESPACE) {
        let place = new.attributes.get(TABLESPACE).map_or("pg_default", |it| &it.written);
        res.push(format!("{alter} SET TABLESPACE {}", quoted(place)));
    }
    if change.has(CLUSTERED) {
        let mut others = change.to().objects.values();
        if new.says(CLUSTERED) {
            res.extend(kinds::cluster(new, change.to()));
        } else if !others.any(|it| it.parent == new.parent && it.says(CLUSTERED)) {
            let table = full(change.to(), new.parent.as_ref()?);
            res.push(format!("ALTER TABLE {table} SET WITHOUT CLUSTER"));
        }
    }
    Some(res)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_told_from_the_rest() {
        let index = "CREATE INDEX i ON public.t USING gist (a WITH (n = 1), b)";
        let options = "WITH (fillfactor='70', buffering=auto)";
        let (rest, list) = options_of(&format!("{index} {options} WHERE (a > (1 + 2))"));
        assert_eq!(rest, format!("{index} WHERE (a > (1 + 2))"));
        assert_eq!(list, ["fillfactor=70", "buffering=auto"]);
        assert_eq!(options_of(index), (index.to_owned(), Vec::new()));
    }
}
