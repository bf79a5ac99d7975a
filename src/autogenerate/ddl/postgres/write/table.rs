//! Tables, columns and constraints.

use crate::autogenerate::ddl::postgres::names::{full, literal, owner, quoted};
use crate::autogenerate::ddl::postgres::write::{comments, kinds, not_null, sayings, sequence};
use crate::catalog::{Catalog, EXPRESSION, Id, Kind, NOT_NULL, Object, TYPE};
use crate::inspect::postgres::attributes::{
    ACCESS_METHOD, BOUND, COLLATION, COMPRESSION, DEFINITION, FORCE_RLS, GENERATED, GENERATED_KIND,
    IDENTITY, IDENTITY_OPTIONS, INHERITED, NOT_ENFORCED, NOT_VALID, OF_TYPE, OPTIONS, PARENTS,
    PARTITION_KEY, REPLICA_IDENTITY, RLS, STATISTICS, STORAGE, TABLESPACE, UNLOGGED,
};

/// Returns the statements that make a table, with some of its parts inside.
pub(in super::super) fn create(
    table: &Object,
    catalog: &Catalog,
    parts: &[&Object],
) -> Vec<String> {
    let name = full(catalog, &table.id);
    let columns = catalog.parts(Kind::Column, &table.id);
    let default = |column: &Object| {
        let default = Id { kind: Kind::Default, ..column.id.clone() };
        parts.iter().find(|it| it.id == default).copied()
    };
    let own = columns.iter().filter(|it| !is_inherited(it));
    let computed = columns.iter().filter_map(|it| computed_otherwise(it, table, catalog));
    let mut lines: Vec<String> = own.map(|it| own_sql(it, default(it), table, catalog)).collect();
    let constraints = parts.iter().filter(|it| it.id.kind != Kind::Default);
    lines.extend(constraints.map(|it| constraint_sql(it)));
    lines.extend(computed);
    lines.extend(not_null::of_inherited(table, catalog));
    let sql = create_table(table, &name, &lines);
    let mut res = vec![sql];
    if table.says(OF_TYPE) {
        res.push(format!("ALTER TABLE {name} OF {}", table.written(OF_TYPE)));
    }
    let is_said = |it: &&&Object| not_null::name(it).is_some();
    for column in columns.iter().filter(|it| is_inherited(it)) {
        res.extend(refusal(column, table, catalog).filter(|_| !is_said(&column)));
        res.extend(no_default(column, table, catalog));
    }
    res.extend(columns.iter().flat_map(|it| settings(it, catalog)));
    if ["FULL", "NOTHING"].contains(&table.normal(REPLICA_IDENTITY)) {
        res.push(replica_identity(table, catalog));
    }
    for column in &columns {
        let late = sayings::of_not_null(column, catalog).filter(|_| column.says(NOT_VALID));
        let said = comments(column, catalog).into_iter();
        res.extend(said.filter(|it| late.as_ref().is_none_or(|late| late.statement != *it)));
    }
    for constraint in parts.iter().filter(|it| it.id.kind != Kind::Default) {
        res.extend(kinds::settings(constraint, catalog));
        res.extend(comments(constraint, catalog));
    }
    res
}

/// Writes an inherited column of a partition that is computed otherwise than that of its table.
fn computed_otherwise(column: &Object, table: &Object, catalog: &Catalog) -> Option<String> {
    let above = twins(&column.id, table, catalog);
    let is_it = table.says(BOUND)
        && is_inherited(column)
        && column.says(GENERATED)
        && above.iter().all(|it| it.normal(GENERATED) != column.normal(GENERATED));
    is_it.then(|| format!("{} {}", quoted(column.id.name.as_str()), generated(column)))
}

/// Writes CREATE TABLE with the lines of its columns and constraints.
fn create_table(table: &Object, name: &str, lines: &[String]) -> String {
    let unlogged = if table.says(UNLOGGED) { "UNLOGGED " } else { "" };
    let head = format!("CREATE {unlogged}TABLE {name}");
    let parents = table.list(PARENTS).join(", ");
    let mut clauses = Vec::new();
    if table.says(BOUND) {
        let lines = lines.join(",\n    ");
        let lines = if lines.is_empty() { lines } else { format!(" (\n    {lines}\n)") };
        clauses.push(format!("{head} PARTITION OF {parents}{lines}\n    {}", table.written(BOUND)));
    } else if lines.is_empty() {
        clauses.push(format!("{head} ()"));
    } else {
        clauses.push(format!("{head} (\n    {}\n)", lines.join(",\n    ")));
    }
    if !table.says(BOUND) && !parents.is_empty() {
        clauses.push(format!("INHERITS ({parents})"));
    }
    if table.says(PARTITION_KEY) {
        clauses.push(format!("PARTITION BY {}", table.written(PARTITION_KEY)));
    }
    if table.says(ACCESS_METHOD) {
        clauses.push(format!("USING {}", quoted(table.written(ACCESS_METHOD))));
    }
    if table.says(OPTIONS) {
        clauses.push(format!("WITH ({})", options(table.list(OPTIONS))));
    }
    if table.says(TABLESPACE) {
        clauses.push(format!("TABLESPACE {}", quoted(table.written(TABLESPACE))));
    }
    clauses.join("\n")
}

/// Returns the statements that turn row security on.
pub(in super::super) fn security(table: &Object, catalog: &Catalog) -> Vec<String> {
    let name = full(catalog, &table.id);
    let verbs = [(RLS, "ENABLE"), (FORCE_RLS, "FORCE")];
    let verbs = verbs.into_iter().filter(|(attribute, _)| table.says(attribute));
    verbs.map(|(_, verb)| format!("ALTER TABLE {name} {verb} ROW LEVEL SECURITY")).collect()
}

pub(in super::super) fn replica_identity(table: &Object, catalog: &Catalog) -> String {
    let kind = table.attributes.get(REPLICA_IDENTITY).map_or("DEFAULT", |it| &it.written);
    format!("ALTER TABLE {} REPLICA IDENTITY {kind}", full(catalog, &table.id))
}

/// Writes what an inherited column has in place of what the parent's has.
pub(in super::super) fn of_inherited(
    column: &Object,
    table: &Object,
    catalog: &Catalog,
) -> Vec<String> {
    if !is_inherited(column) {
        return Vec::new();
    }
    let refusal = refusal(column, table, catalog).into_iter();
    refusal.chain(no_default(column, table, catalog)).collect()
}

/// Writes that an inherited column refuses NULL, if the parent's doesn't.
fn refusal(column: &Object, table: &Object, catalog: &Catalog) -> Option<String> {
    let above = twins(&column.id, table, catalog);
    let is_own = column.says(NOT_NULL) && !above.iter().any(|it| it.says(NOT_NULL));
    is_own.then(|| not_null::add(column, catalog))
}

/// Writes that an inherited column lacks the default that the parent's has.
fn no_default(column: &Object, table: &Object, catalog: &Catalog) -> Option<String> {
    let own = Id { kind: Kind::Default, ..column.id.clone() };
    let lacks = !catalog.holds(&own) && !twins(&own, table, catalog).is_empty();
    lacks.then(|| format!("{} DROP DEFAULT", alter_column(column, catalog)))
}

/// Finds the same part of the tables from which a table inherits.
pub(in super::super) fn twins<'a>(
    part: &Id,
    table: &Object,
    catalog: &'a Catalog,
) -> Vec<&'a Object> {
    let above = parents(table, catalog).into_iter();
    let twin = |it: &Object| {
        let (owner, schema) = (Some(it.id.name.clone()), it.id.schema.clone());
        catalog.get(&Id { schema, owner, ..part.clone() })
    };
    above.filter_map(twin).collect()
}

/// Finds the table of a part.
pub(in super::super) fn table_of<'a>(part: &Id, catalog: &'a Catalog) -> Option<&'a Object> {
    let (owner, name) = (None, part.owner.clone()?);
    catalog.get(&Id { kind: Kind::Table, schema: part.schema.clone(), owner, name })
}

/// Finds the tables from which a table inherits, or whose partition it is.
pub(in super::super) fn parents<'a>(table: &Object, catalog: &'a Catalog) -> Vec<&'a Object> {
    let needed = table.needs.iter().filter(|id| id.kind == Kind::Table);
    let is_parent = |it: &&Object| table.list(PARENTS).contains(&full(catalog, &it.id));
    needed.filter_map(|id| catalog.get(id)).filter(is_parent).collect()
}

/// Returns the partitioned tables above a partition, the nearest first.
pub(in super::super) fn above<'c>(catalog: &'c Catalog, partition: &Object) -> Vec<&'c Object> {
    let next = |it: &Object| {
        if it.says(BOUND) { parents(it, catalog).first().copied() } else { None }
    };
    std::iter::successors(next(partition), |it| next(it)).collect()
}

/// Tells whether a column came from a parent table.
pub(in super::super) fn is_inherited(column: &Object) -> bool {
    column.aside.contains_key(INHERITED)
}

pub(in super::super) fn options(list: &[String]) -> String {
    let one = |it: &String| match it.split_once('=') {
        None => it.clone(),
        Some((name, value)) => format!("{name} = {}", option_value(value)),
    };
    list.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn option_value(value: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    let is_plain = !value.is_empty() && value.chars().all(is_plain);
    if is_plain { value.to_owned() } else { literal(value) }
}

/// Writes a column of a new table, without an expression that it has of a parent's column: before
/// version 16 no child may repeat that.
fn own_sql(column: &Object, default: Option<&Object>, table: &Object, catalog: &Catalog) -> String {
    let generates = |it: &&Object| it.normal(GENERATED) == column.normal(GENERATED);
    if column.says(GENERATED) && twins(&column.id, table, catalog).iter().any(generates) {
        let mut plain = column.clone();
        plain.attributes.remove(GENERATED);
        return column_sql(&plain, default);
    }
    column_sql(column, default)
}

/// Writes a column as it stands in CREATE TABLE and ADD COLUMN.
pub(in super::super) fn column_sql(column: &Object, default: Option<&Object>) -> String {
    let mut clauses = vec![quoted(column.id.name.as_str()), type_sql(column)];
    clauses.extend(not_null::clause(column));
    if column.says(GENERATED) {
        clauses.push(generated(column));
    }
    if column.says(IDENTITY) {
        clauses.push(identity(column));
    }
    clauses.extend(default.map(|it| format!("DEFAULT {}", it.written(EXPRESSION))));
    clauses.join(" ")
}

pub(in super::super) fn type_sql(column: &Object) -> String {
    let collation = column.attributes.get(COLLATION);
    let collation = collation.map(|it| format!(" COLLATE {}", it.written)).unwrap_or_default();
    format!("{}{collation}", column.written(TYPE))
}

fn generated(column: &Object) -> String {
    let kind = column.attributes.get(GENERATED_KIND).map_or("STORED", |it| &it.written);
    format!("GENERATED ALWAYS AS ({}) {kind}", column.written(GENERATED))
}

/// Writes the clause that makes a column an identity.
pub(in super::super) fn identity(column: &Object) -> String {
    let options = sequence::other_options(column.list(IDENTITY_OPTIONS), column.normal(TYPE));
    let options = if options.is_empty() { options } else { format!(" ({options})") };
    format!("GENERATED {} AS IDENTITY{options}", column.written(IDENTITY))
}

/// Returns the beginning of the statements that change a column.
pub(in super::super) fn alter_column(column: &Object, catalog: &Catalog) -> String {
    let name = quoted(column.id.name.as_str());
    format!("ALTER TABLE {} ALTER COLUMN {name}", owner(catalog, &column.id))
}

/// Returns the statements for what is said of a column and isn't part of its definition.
fn settings(column: &Object, catalog: &Catalog) -> Vec<String> {
    let alter = alter_column(column, catalog);
    let mut res = keeping(column, catalog);
    if column.says(STATISTICS) {
        res.push(format!("{alter} SET STATISTICS {}", column.written(STATISTICS)));
    }
    if column.says(OPTIONS) {
        res.push(format!("{alter} SET ({})", options(column.list(OPTIONS))));
    }
    res
}

/// Returns the statements for how the values of a column are kept; another type takes that back.
pub(in super::super) fn keeping(column: &Object, catalog: &Catalog) -> Vec<String> {
    let alter = alter_column(column, catalog);
    let said = [(STORAGE, "STORAGE"), (COMPRESSION, "COMPRESSION")];
    let said = said.into_iter().filter(|(attribute, _)| column.says(attribute));
    said.map(|(attribute, word)| format!("{alter} SET {word} {}", column.written(attribute)))
        .collect()
}

/// Returns the statements that add a column, its comments left out.
pub(in super::super) fn add_column(
    column: &Object,
    catalog: &Catalog,
    default: Option<&Object>,
) -> Vec<String> {
    let table = owner(catalog, &column.id);
    let mut res = vec![format!("ALTER TABLE {table} ADD COLUMN {}", column_sql(column, default))];
    res.extend(settings(column, catalog));
    res
}

pub(in super::super) fn set_default(default: &Object, catalog: &Catalog) -> Vec<String> {
    let expression = default.written(EXPRESSION);
    vec![format!("{} SET DEFAULT {expression}", alter_column(default, catalog))]
}

/// Writes a constraint as it stands in CREATE TABLE and ADD.
pub(in super::super) fn constraint_sql(constraint: &Object) -> String {
    let definition = constraint.written(DEFINITION);
    let not_enforced = constraint.says(NOT_ENFORCED) && !definition.contains("NOT ENFORCED");
    let not_enforced = if not_enforced { " NOT ENFORCED" } else { "" };
    format!("CONSTRAINT {} {definition}{not_enforced}", quoted(constraint.id.name.as_str()))
}

/// Returns the statement that adds a constraint to a table or a domain.
pub(in super::super) fn add_constraint(constraint: &Object, catalog: &Catalog) -> Vec<String> {
    let what = if constraint.id.kind == Kind::DomainCheck { "DOMAIN" } else { "TABLE" };
    let late = constraint.says(NOT_VALID) && !constraint.says(NOT_ENFORCED);
    let late = if late { " NOT VALID" } else { "" };
    let owner = owner(catalog, &constraint.id);
    let mut res = vec![format!("ALTER {what} {owner} ADD {}{late}", constraint_sql(constraint))];
    res.extend(kinds::settings(constraint, catalog));
    res
}
