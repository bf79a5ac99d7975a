//! Answers that a database has to give once scripts have run on its rows.

use crate::autogenerate::ddl::postgres::names::{full, quoted, shown};
use crate::autogenerate::ddl::postgres::plant::Garden;
use crate::autogenerate::ddl::postgres::plant::ends::{Ends, Pair, Twins};
use crate::autogenerate::ddl::postgres::write::not_null::is_kept;
use crate::autogenerate::ddl::{Answer, Planted};
use crate::catalog::{Id, Kind, NOT_NULL, Object, TYPE};
use crate::database::{Connection, DatabaseError};
use crate::inspect::postgres::attributes::{GENERATED, PARTITION_KEY};

/// The questions about the rows of all tables.
pub(super) struct Questions<'g, 'a> {
    pub(super) ends: &'g Ends<'a>,
    pub(super) garden: &'g Garden<'a>,
}

impl Questions<'_, '_> {
    /// Asks the database as it is, and says what the right answers will be.
    pub(super) fn ask(&self, connection: &mut dyn Connection) -> Result<Planted, DatabaseError> {
        let mut res = Planted::default();
        for pair in &self.garden.pairs {
            // The rows of partitions are seen in their table, unless it gets other ones.
            let Some(new) = pair.new.filter(|_| pair.is_bed()) else { continue };
            let Some(table) = self.garden.table(self.ends.from, &pair.old.id) else { continue };
            let name = shown(&pair.old.id);
            let shadow = self.garden.shadow(&pair.old.id);
            let kept: Vec<&Twins<'_>> =
                pair.columns.iter().filter(|it| self.is_kept(it, pair, shadow.is_some())).collect();
            let news: Vec<&Object> = kept.iter().map(|it| it.new).collect();
            let olds: Vec<&Object> = kept.iter().filter_map(|it| it.old).collect();
            let (source, columns) = match shadow {
                Some((_, shadow)) => (shadow.written.clone(), &news),
                None => (table.source(), &olds),
            };
            let asked = query(&source, columns);
            let rows = connection.query(&asked)?;
            let back = pair.columns.iter().filter(|it| self.returns(it));
            let back: Vec<&Object> = back.filter_map(|it| it.old).collect();
            let question = query(&source_of(full(self.ends.from, &pair.old.id), pair.old), &back);
            res.after_down.push(Answer {
                rows: if question == asked { rows.clone() } else { connection.query(&question)? },
                query: question,
                otherwise: format!("doesn't bring the rows of `{name}` back"),
            });
            res.after_up.push(Answer {
                query: query(&source_of(full(self.ends.to, &new.id), new), &news),
                rows,
                otherwise: format!("doesn't keep the rows of `{}` as they are", shown(&new.id)),
            });
        }
        Ok(res)
    }

    /// Tells whether the values of a column are known once the up script has run.
    fn is_kept(&self, twins: &Twins<'_>, pair: &Pair<'_>, has_shadow: bool) -> bool {
        let fill = self.ends.fill(twins.new);
        let is_constant = |text: &str| text.starts_with(['\'', '(']) || text.parse::<f64>().is_ok();
        let is_filled = match fill {
            Some((_, true)) => true,
            Some((text, false)) => twins.tightens() && !is_constant(text),
            None => false,
        };
        twins.survives() && !is_filled && (has_shadow || !pair.differs || is_same(twins))
    }

    /// Tells whether the values of a column are the same again once both scripts have run.
    fn returns(&self, twins: &Twins<'_>) -> bool {
        let Twins { old: Some(old), new } = twins else { return false };
        let is_told = self.ends.fill(new).is_some_and(|(_, is_told)| is_told);
        let kinds = |it: &Id| it.kind == Kind::Enum;
        let of_same = self.ends.changed_type(new).is_none_or(kinds);
        is_same(twins)
            && of_same
            && !is_told
            && !old.says(GENERATED)
            && !new.says(GENERATED)
            && (old.says(NOT_NULL) || !is_kept(new))
    }
}

fn is_same(twins: &Twins<'_>) -> bool {
    twins.old.is_some_and(|old| old.normal(TYPE) == twins.new.normal(TYPE))
}

/// Writes a table as a source of rows, its own ones only.
fn source_of(name: String, table: &Object) -> String {
    if table.says(PARTITION_KEY) { name } else { format!("ONLY {name}") }
}

/// Writes the query for the rows of a table, in an order that doesn't depend on where they are.
fn query(source: &str, columns: &[&Object]) -> String {
    if columns.is_empty() {
        return format!("SELECT count(*) FROM {source}");
    }
    let texts =
        columns.iter().map(|it| format!("{}::text COLLATE \"C\"", quoted(it.id.name.as_str())));
    let places: Vec<String> = (1..=columns.len()).map(|it| it.to_string()).collect();
    let texts: Vec<String> = texts.collect();
    format!("SELECT {} FROM {source} ORDER BY {}", texts.join(", "), places.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Name;

    #[test]
    fn rows_are_read_in_the_order_of_their_texts() {
        let table = Name::exact("t");
        let columns = ["a", "B"].map(|it| Object::new(Id::column(&table, &Name::exact(it))));
        let columns: Vec<&Object> = columns.iter().collect();
        assert_eq!(
            query("ONLY public.t", &columns),
            "SELECT a::text COLLATE \"C\", \"B\"::text COLLATE \"C\" FROM ONLY public.t ORDER BY 1, 2"
        );
        assert_eq!(query("public.t", &[]), "SELECT count(*) FROM public.t");
    }
}
