//! Temporary tables with the rules of the wanted catalog, and with those of the present one: a row
//! is planted only if it can go there and back.

use crate::autogenerate::ddl::postgres::names::{full, literal, quoted};
use crate::autogenerate::ddl::postgres::plan::rules::cast::using;
use crate::autogenerate::ddl::postgres::plan::rules::told_values;
use crate::autogenerate::ddl::postgres::plant::attempt;
use crate::autogenerate::ddl::postgres::plant::ends::{
    Ends, Pair, Twins, conditions, constraints, indexes, keys,
};
use crate::autogenerate::ddl::postgres::plant::filled::{called, going, reads_rows, with_fills};
use crate::autogenerate::ddl::postgres::plant::partitions::members;
use crate::autogenerate::ddl::postgres::plant::stand_ins::StandIns;
use crate::autogenerate::ddl::postgres::write::not_null::is_kept;
use crate::autogenerate::ddl::postgres::write::table::above;
use crate::autogenerate::ddl::postgres::write::types::attributes;
use crate::catalog::{EXPRESSION, Id, Kind, Object, TYPE};
use crate::database::{Connection, DatabaseError};
use crate::inspect::postgres::attributes::{
    BOUND, COLLATION, DEFINITION, GENERATED, GENERATED_KIND, IDENTITY,
};

/// The temporary tables of a pair.
#[derive(Debug, Clone)]
pub(super) struct Shadow {
    /// The name of the table with the rules of the wanted one.
    pub(super) wanted: String,
    /// The part of a statement behind the insertion into the present table.
    returning: String,
}

impl Shadow {
    /// Adds to an insertion that its rows go to the wanted table and back.
    pub(super) fn around(&self, insert: &str) -> String {
        format!("WITH planted AS ({insert} {}", self.returning)
    }
}

/// The rules of partitions, as those of the whole table.
#[derive(Default)]
struct OfPartitions {
    checks: Vec<String>,
    /// The parts of unique indexes behind USING.
    keys: Vec<String>,
}

/// The making of a pair's temporary tables.
pub(super) struct Maker<'a> {
    pub(super) ends: &'a Ends<'a>,
    pub(super) types: &'a StandIns,
    pub(super) connection: &'a mut dyn Connection,
}

impl Maker<'_> {
    /// Makes the temporary tables of a pair; none if that isn't possible.
    pub(super) fn make(
        &mut self,
        pair: &Pair<'_>,
        number: usize,
    ) -> Result<Option<Shadow>, DatabaseError> {
        let Some(new) = pair.new else { return Ok(None) };
        let survivors = pair.columns.iter().filter(|it| it.survives());
        let survivors: Vec<&Twins<'_>> = survivors.collect();
        let (wanted, back) = (format!("migrate_wanted_{number}"), format!("migrate_back_{number}"));
        let mut parts = self.of_partitions(new)?;
        if new.says(BOUND) {
            let Some(bound) = self.bound(new, number)? else { return Ok(None) };
            parts.checks.push(format!("CHECK ({bound})"));
        }
        let mut statements = vec![self.table(pair, new, &wanted, &parts.checks)];
        for rest in &parts.keys {
            statements.push(format!("CREATE UNIQUE INDEX ON pg_temp.{wanted} USING {rest}"));
        }
        let owners = [new].into_iter().chain(above(self.ends.to, new));
        for (is_unique, rest) in owners.flat_map(|it| indexes(self.ends.to, &it.id)) {
            let unique = if is_unique { "UNIQUE " } else { "" };
            let rest = self.types.replace(rest);
            statements.push(format!("CREATE {unique}INDEX ON pg_temp.{wanted} USING {rest}"));
        }
        let old = full(self.ends.from, &pair.old.id);
        statements.push(format!(
            "CREATE TEMP TABLE {back} (LIKE {old} INCLUDING DEFAULTS INCLUDING CONSTRAINTS \
             INCLUDING INDEXES INCLUDING GENERATED INCLUDING IDENTITY)"
        ));
        if !attempt(self.connection, &statements)? {
            return Ok(None);
        }
        let back = self.back(&survivors, &back)?;
        // A list may not be empty.
        let planted = survivors
            .iter()
            .filter_map(|it| Some(format!("{} AS {}, ", column(it.old?), column(it.new))));
        let going = going(self.ends, pair).into_iter().map(column);
        let mut going: Vec<String> = going.map(|it| format!("{it} AS {it}, ")).collect();
        if reads_rows(self.ends, pair) {
            // Rows have their type, which functions can want.
            going.push(format!("{} AS {}, ", quoted(pair.old.id.name.as_str()), called(pair)));
        }
        let planted: String = planted.chain(going).chain(self.computed(pair, &survivors)).collect();
        let mark = "1 AS \"migrate mark\"";
        let source = format!("WITH planted AS (SELECT {planted}{mark} FROM {old} LIMIT 0)");
        let there = self.way_there(pair, &survivors, &wanted, &source)?;
        let returning =
            format!("RETURNING {planted}{mark}), wanted AS ({there} RETURNING *, {mark}) {back}");
        Ok(Some(Shadow { wanted, returning }))
    }

    /// Writes the insertion of planted rows into the wanted table: one that the server takes of a source of
    /// rows. As in scripts, backfills find values as they were, and if that doesn't work, as they are then.
    fn way_there(
        &mut self,
        pair: &Pair<'_>,
        survivors: &[&Twins<'_>],
        wanted: &str,
        source: &str,
    ) -> Result<String, DatabaseError> {
        let [before, then] =
            [Filled::Before, Filled::Then].map(|it| self.there(pair, survivors, wanted, it));
        let is_before =
            before == then || attempt(self.connection, &[format!("{source} {before}")])?;
        Ok(if is_before { before } else { then })
    }

    /// Lists the columns of the present table whose values are stored nowhere: a row that has none of them
    /// isn't planted.
    fn computed<'p>(
        &self,
        pair: &Pair<'p>,
        survivors: &[&Twins<'p>],
    ) -> impl Iterator<Item = String> + use<'p> {
        let from = self.ends.from.parts(Kind::Column, &pair.old.id).into_iter();
        let names: Vec<&Id> = survivors.iter().filter_map(|it| Some(&it.old?.id)).collect();
        let is_other =
            |it: &&Object| it.normal(GENERATED_KIND) == "VIRTUAL" && !names.contains(&&it.id);
        let all: Vec<String> = from.filter(is_other).map(column).collect();
        let mark = |(at, name)| format!("{name} AS \"migrate computed {at}\", ");
        all.into_iter().enumerate().map(mark)
    }

    /// Writes the statement that makes a table with the rules of the wanted one.
    fn table(&self, pair: &Pair<'_>, new: &Object, name: &str, checks: &[String]) -> String {
        let mut lines: Vec<String> = pair.columns.iter().map(|it| self.column(*it)).collect();
        for constraint in constraints(self.ends.to, &new.id) {
            lines.push(self.types.replace(constraint.written(DEFINITION)));
        }
        lines.extend(checks.iter().cloned());
        format!("CREATE TEMP TABLE {name} ({})", lines.join(", "))
    }

    /// Writes what partitions demand of their rows as rules of the whole table.
    fn of_partitions(&mut self, root: &Object) -> Result<OfPartitions, DatabaseError> {
        let to = self.ends.to;
        let mut res = OfPartitions::default();
        for member in members(to, root) {
            let conditions = conditions(to, member, root).join(" AND ");
            let keys = keys(to, &member.id);
            let old = self.ends.old_table(&member.id).filter(|it| it.says(BOUND));
            let Some(old) = old.filter(|_| !conditions.is_empty() || !keys.is_empty()) else {
                continue;
            };
            let name = literal(&full(self.ends.from, &old.id));
            let query =
                format!("SELECT pg_catalog.pg_get_partition_constraintdef({name}::regclass)");
            let bound = self.connection.value(&query)?;
            let bound = bound.filter(|it| !it.is_empty()).unwrap_or_else(|| "true".to_owned());
            if !conditions.is_empty() {
                let conditions = self.types.replace(&conditions);
                res.checks.push(format!("CHECK (NOT ({bound}) OR ({conditions}))"));
            }
            for (rest, filter) in keys {
                let filter = filter.map(|it| format!(" AND ({it})")).unwrap_or_default();
                res.keys.push(self.types.replace(&format!("{rest} WHERE ({bound}){filter}")));
            }
        }
        Ok(res)
    }

    fn column(&self, Twins { old, new }: Twins<'_>) -> String {
        let mut res = format!("{} {}", column(new), self.types.replace(new.written(TYPE)));
        if new.says(COLLATION) {
            res += " COLLATE ";
            res += &self.types.replace(new.written(COLLATION));
        }
        if is_kept(new) {
            res += " NOT NULL";
        }
        let default = Id { kind: Kind::Default, ..new.id.clone() };
        let default = self.ends.to.get(&default).map_or("", |it| it.written(EXPRESSION));
        if new.says(GENERATED) {
            let kept =
                if new.says(GENERATED_KIND) { new.written(GENERATED_KIND) } else { "STORED" };
            let expression = self.types.replace(new.written(GENERATED));
            res += &[" GENERATED ALWAYS AS (", &expression, ") ", kept].concat();
        } else if old.is_none() && (new.says(IDENTITY) || default.starts_with("nextval(")) {
            res += " GENERATED BY DEFAULT AS IDENTITY";
        } else if old.is_none() && !default.is_empty() {
            res += " DEFAULT ";
            res += &self.types.replace(default);
        }
        res
    }

    /// Writes the insertion of planted rows into the wanted table.
    fn there(
        &self,
        pair: &Pair<'_>,
        survivors: &[&Twins<'_>],
        wanted: &str,
        filled: Filled,
    ) -> String {
        let (mut names, mut values, mut kept) = (Vec::new(), Vec::new(), Vec::new());
        for twins in &pair.columns {
            let is_kept = survivors.iter().any(|it| it.new.id == twins.new.id);
            let fill = self.ends.fill(twins.new);
            let type_name = self.types.replace(twins.new.written(TYPE));
            let name = column(twins.new);
            match (is_kept, fill) {
                (true, fill) => {
                    let Some(old) = twins.old else { continue };
                    let told = told_values(old, twins.new, self.ends.claim.backfills);
                    let value = match told {
                        Some(told) => {
                            format!("({})::{type_name}", self.types.in_hint(told))
                        }
                        None => self.cast(old, twins.new, Way::There),
                    };
                    let value = match fill.filter(|_| told.is_none() && twins.tightens()) {
                        Some((fill, _)) => {
                            let fill = self.types.in_hint(fill);
                            format!("COALESCE({value}, ({fill})::{type_name})")
                        }
                        None => value,
                    };
                    let is_other = told.is_some() || old.written(TYPE) != twins.new.written(TYPE);
                    if is_other && filled == Filled::Before {
                        let aside = format!("\"migrate new {}\"", names.len());
                        kept.extend([name.clone(), format!("{value} AS {aside}")]);
                        values.push(aside);
                    } else {
                        kept.push(format!("{value} AS {name}"));
                        values.push(name.clone());
                    }
                }
                (false, Some((_, true))) => values.push(name.clone()),
                (false, _) => continue,
            }
            names.push(name);
        }
        kept.extend(going(self.ends, pair).into_iter().map(column));
        kept.extend(reads_rows(self.ends, pair).then(|| called(pair)));
        let rows = format!("(SELECT {} FROM planted AS {})", kept.join(", "), called(pair));
        insertion(wanted, &names, &values, &with_fills(self.ends, self.types, pair, &rows))
    }

    /// Writes the insertion of wanted rows into a copy of the present table.
    fn back(&mut self, survivors: &[&Twins<'_>], back: &str) -> Result<String, DatabaseError> {
        let (mut names, mut values) = (Vec::new(), Vec::new());
        for Twins { old, new } in survivors {
            let Some(old) = old.filter(|it| !it.says(GENERATED)) else { continue };
            names.push(column(old));
            let way = if self.needs_text(old, new)? { Way::BackByText } else { Way::Back };
            values.push(self.cast(old, new, way));
        }
        Ok(insertion(back, &names, &values, "wanted"))
    }

    /// Writes the value of a column as another type, as scripts do; the rows on the way have the
    /// wanted names.
    fn cast(&self, old: &Object, new: &Object, way: Way) -> String {
        let name = column(new);
        let changed = self.ends.changed_type(old).or(self.ends.changed_type(new));
        if old.written(TYPE) == new.written(TYPE) && changed.is_none() {
            return name;
        }
        let (from, to, target) = match way {
            Way::There => (old, new, self.types.replace(new.written(TYPE))),
            Way::Back | Way::BackByText => (new, old, old.written(TYPE).to_owned()),
        };
        if let Some(id) = changed {
            let row = self.row((old, new), id, way);
            return row
                .map_or(format!("{name}::text::{target}"), |it| format!("{it}::{target} END"));
        }
        let is_enum = |it: &Object| it.needs.iter().any(|need| need.kind == Kind::Enum);
        let are_enums = is_enum(from) && is_enum(to);
        using(from, to, &name, are_enums || way == Way::BackByText).unwrap_or(name)
    }

    /// Tells whether values that a backfill makes go back by way of text alone.
    fn needs_text(&mut self, old: &Object, new: &Object) -> Result<bool, DatabaseError> {
        if told_values(old, new, self.ends.claim.backfills).is_none() {
            return Ok(false);
        }
        let (from, to) = (self.types.replace(new.written(TYPE)), old.written(TYPE));
        Ok(!attempt(self.connection, &[format!("SELECT NULL::{from}::{to}")])?)
    }

    /// Writes a value of a composite type as one of the same type that has other attributes.
    fn row(&self, (old, new): (&Object, &Object), id: &Id, way: Way) -> Option<String> {
        let Ends { from, to, .. } = self.ends;
        let is_own = old.written(TYPE) == full(from, id) && new.written(TYPE) == full(to, id);
        let types = (from.get(id)?, to.get(id).filter(|_| is_own && id.kind == Kind::Composite)?);
        let (before, after) = match way {
            Way::There => types,
            Way::Back | Way::BackByText => (types.1, types.0),
        };
        let name = column(new);
        let has = |wanted: &str| attributes(before).any(|(it, _)| it == wanted);
        let part = |(attribute, _)| {
            let part = format!("({name}).{}", quoted(attribute));
            if has(attribute) { part } else { "NULL".to_owned() }
        };
        let parts: Vec<String> = attributes(after).map(part).collect();
        Some(format!("CASE WHEN {name}::text IS NOT NULL THEN ROW({})", parts.join(", ")))
    }
}

/// The values that a backfill finds in columns that get another type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Filled {
    /// The values as they were before.
    Before,
    /// The values as they are then.
    Then,
}

/// The direction in which rows are copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    There,
    Back,
    /// Back by way of text, since the server knows no cast.
    BackByText,
}

fn insertion(table: &str, names: &[String], values: &[String], source: &str) -> String {
    let (names, values) = (names.join(", "), values.join(", "));
    let list = if names.is_empty() { names } else { format!("({names}) ") };
    format!(
        "INSERT INTO pg_temp.{table} {list}OVERRIDING SYSTEM VALUE SELECT {values} FROM {source}"
    )
}

/// Writes the name of a column.
pub(super) fn column(column: &Object) -> String {
    quoted(column.id.name.as_str())
}
