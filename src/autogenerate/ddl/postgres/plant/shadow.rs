//! Temporary tables with the rules of the wanted catalog, and with those of the present one: a row
//! is planted only if it can go there and back.

use crate::autogenerate::ddl::postgres::names::{full, literal, quoted, schema};
use crate::autogenerate::ddl::postgres::plan::rules::cast::using;
use crate::autogenerate::ddl::postgres::plan::rules::told_values;
use crate::autogenerate::ddl::postgres::plant::attempt;
use crate::autogenerate::ddl::postgres::plant::ends::{
    BASICS, Ends, Pair, Twins, conditions, constraints, indexes, keys, needs,
};
use crate::autogenerate::ddl::postgres::plant::partitions::members;
use crate::autogenerate::ddl::postgres::write;
use crate::autogenerate::ddl::postgres::write::not_null::is_kept;
use crate::autogenerate::ddl::postgres::write::table::above;
use crate::autogenerate::ddl::postgres::write::types::attributes;
use crate::autogenerate::rename::is_value;
use crate::catalog::{EXPRESSION, Id, Kind, Object, TYPE, sorted};
use crate::database::Connection;
use crate::inspect::postgres::attributes::{
    BOUND, COLLATION, DEFINITION, GENERATED, GENERATED_KIND, IDENTITY, LABELS, NAME,
};

/// Names of types and functions in texts, and those of the temporary ones in their place.
#[derive(Debug, Default)]
pub(super) struct StandIns(Vec<(String, String)>);

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

impl StandIns {
    /// Makes the types and functions that the present database lacks, or has otherwise.
    pub(super) fn make(ends: &Ends<'_>, connection: &mut dyn Connection) -> Self {
        let mut res = Self::default();
        let basics = BASICS.iter().flat_map(|kind| ends.to.of_kind(*kind));
        let all = basics.map(|it| (it.id.clone(), needs(ends.to, it).cloned().collect())).collect();
        for id in sorted(&all) {
            let Some(object) = ends.to.get(&id).filter(|_| ends.changed.contains(&id)) else {
                continue;
            };
            let mut statements = write::create(object, ends.to);
            for check in ends.to.parts(Kind::DomainCheck, &id) {
                statements.extend(write::create(check, ends.to));
            }
            statements.extend(given_away(ends, object));
            let stand_in = format!("pg_temp.migrate_part_{}", res.0.len());
            let name =
                if id.kind == Kind::Function { object.aside(NAME) } else { id.name.as_str() };
            res.0.push((format!("{}.{}", schema(ends.to, &id), quoted(name)), stand_in));
            let statements: Vec<String> = statements.iter().map(|it| res.replace(it)).collect();
            attempt(connection, &statements);
        }
        res
    }

    /// Replaces the names in a text.
    pub(super) fn replace(&self, text: &str) -> String {
        let mut res = text.to_owned();
        for (name, stand_in) in &self.0 {
            res = replaced(&res, name, stand_in);
        }
        res
    }
}

/// Returns the statements that hide values of a wanted enum which are others now: no row has one that
/// would be taken for it.
fn given_away(ends: &Ends<'_>, object: &Object) -> Vec<String> {
    let is_own = |id: &Id| {
        is_value(id) && id.owner.as_ref() == Some(&object.id.name) && id.schema == object.id.schema
    };
    let olds = ends.claim.way.renames.all().filter(|(old, _)| is_own(old)).map(|(old, _)| old);
    let olds = olds.filter(|old| object.list(LABELS).iter().any(|it| it == old.name.as_str()));
    let alter = format!("ALTER TYPE {}", full(ends.to, &object.id));
    let hide = |(number, old): (usize, &Id)| {
        format!("{alter} RENAME VALUE {} TO '_migrate_{number}'", literal(old.name.as_str()))
    };
    olds.enumerate().map(hide).collect()
}

/// Replaces a name that isn't a part of a longer one.
fn replaced(text: &str, name: &str, with: &str) -> String {
    let is_part = |it: char| it.is_alphanumeric() || ['_', '$', '"'].contains(&it);
    let mut res = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(name) {
        let (before, found) = rest.split_at(at);
        let after = found.get(name.len()..).unwrap_or_default();
        let is_alone =
            !before.ends_with(is_part) && !before.ends_with('.') && !after.starts_with(is_part);
        res.push_str(before);
        res.push_str(if is_alone { with } else { name });
        rest = after;
    }
    res + rest
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
    pub(super) fn make(&mut self, pair: &Pair<'_>, number: usize) -> Option<Shadow> {
        let new = pair.new?;
        let survivors = pair.columns.iter().filter(|it| it.survives());
        let survivors: Vec<&Twins<'_>> = survivors.collect();
        let (wanted, back) = (format!("migrate_wanted_{number}"), format!("migrate_back_{number}"));
        let mut parts = self.of_partitions(new);
        if new.says(BOUND) {
            let bound = self.bound(new, number)?;
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
        if !attempt(self.connection, &statements) {
            return None;
        }
        let there = self.there(pair, &survivors, &wanted);
        let back = self.back(&survivors, &back);
        // A list may not be empty.
        let planted = survivors
            .iter()
            .filter_map(|it| Some(format!("{} AS {}, ", column(it.old?), column(it.new))));
        let planted: String = planted.chain(self.computed(pair, &survivors)).collect();
        let mark = "1 AS \"migrate mark\"";
        let returning =
            format!("RETURNING {planted}{mark}), wanted AS ({there} RETURNING *, {mark}) {back}");
        Some(Shadow { wanted, returning })
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
    fn of_partitions(&mut self, root: &Object) -> OfPartitions {
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
            let bound = self.connection.value(&query).ok().flatten();
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
        res
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
    fn there(&self, pair: &Pair<'_>, survivors: &[&Twins<'_>], wanted: &str) -> String {
        let (mut names, mut values) = (Vec::new(), Vec::new());
        for twins in &pair.columns {
            let is_kept = survivors.iter().any(|it| it.new.id == twins.new.id);
            let fill = self.ends.fill(twins.new);
            let type_name = self.types.replace(twins.new.written(TYPE));
            let value = match (is_kept, fill) {
                (true, fill) => {
                    let Some(old) = twins.old else { continue };
                    let told = told_values(old, twins.new, self.ends.claim.backfills);
                    let value = match told {
                        Some(told) => format!("({told})::{type_name}"),
                        None => self.cast(old, twins.new, Way::There),
                    };
                    match fill.filter(|_| told.is_none() && twins.tightens()) {
                        Some((fill, _)) => {
                            let fill = self.types.replace(fill);
                            format!("COALESCE({value}, ({fill})::{type_name})")
                        }
                        None => value,
                    }
                }
                (false, Some((fill, true))) => {
                    format!("({})::{type_name}", self.types.replace(fill))
                }
                (false, _) => continue,
            };
            names.push(column(twins.new));
            values.push(value);
        }
        insertion(wanted, &names, &values, "planted")
    }

    /// Writes the insertion of wanted rows into a copy of the present table.
    fn back(&self, survivors: &[&Twins<'_>], back: &str) -> String {
        let (mut names, mut values) = (Vec::new(), Vec::new());
        for Twins { old, new } in survivors {
            let Some(old) = old.filter(|it| !it.says(GENERATED)) else { continue };
            names.push(column(old));
            values.push(self.cast(old, new, Way::Back));
        }
        insertion(back, &names, &values, "wanted")
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
            Way::Back => (new, old, old.written(TYPE).to_owned()),
        };
        if let Some(id) = changed {
            let row = self.row((old, new), id, way);
            return row
                .map_or(format!("{name}::text::{target}"), |it| format!("{it}::{target} END"));
        }
        let is_enum = |it: &Object| it.needs.iter().any(|need| need.kind == Kind::Enum);
        let are_enums = is_enum(from) && is_enum(to);
        using(from, to, &name, are_enums).unwrap_or(name)
    }

    /// Writes a value of a composite type as one of the same type that has other attributes.
    fn row(&self, (old, new): (&Object, &Object), id: &Id, way: Way) -> Option<String> {
        let Ends { from, to, .. } = self.ends;
        let is_own = old.written(TYPE) == full(from, id) && new.written(TYPE) == full(to, id);
        let types = (from.get(id)?, to.get(id).filter(|_| is_own && id.kind == Kind::Composite)?);
        let (before, after) = match way {
            Way::There => types,
            Way::Back => (types.1, types.0),
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

/// The direction in which rows are copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    There,
    Back,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_names_are_replaced() {
        let text = "public.mood[] 'a'::public.mood, public.moods, a.public.mood";
        let expected = "x.y[] 'a'::x.y, public.moods, a.public.mood";
        assert_eq!(replaced(text, "public.mood", "x.y"), expected);
    }
}
