//! Schemas as SQL.

use std::fmt::Write;

use super::extras::EXTRAS;
use super::model::{Column, Function, Index, Key, Made, Model, Rule, Table, Type, Unique, View};
use super::parts::{KEY, PARTS, partitions};

/// What can be done with values of a type.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Number,
    Text,
    Bool,
    Time,
    Json,
    Uuid,
    Array,
    Enum,
    EnumArray,
}

pub(super) const BASES: &[(&str, Class)] = &[
    ("integer", Class::Number),
    ("text", Class::Text),
    ("bigint", Class::Number),
    ("boolean", Class::Bool),
    ("varchar(20)", Class::Text),
    ("numeric(10,2)", Class::Number),
    ("smallint", Class::Number),
    ("timestamptz", Class::Time),
    ("date", Class::Time),
    ("jsonb", Class::Json),
    ("uuid", Class::Uuid),
    ("text[]", Class::Array),
    ("varchar", Class::Text),
    ("numeric", Class::Number),
    ("timestamp(3)", Class::Time),
    ("integer[]", Class::Array),
    ("text COLLATE \"C\"", Class::Text),
];

const OPTIONS: &[&str] =
    &["", "", " WITH (fillfactor = 70)", " WITH (autovacuum_enabled = false)", ""];

/// What foreign keys say; the last ones not on partitioned tables.
const LINKS: &[&str] = &[
    "",
    "",
    " ON DELETE CASCADE",
    " ON UPDATE SET NULL DEFERRABLE INITIALLY DEFERRED",
    " NOT VALID",
    " MATCH FULL ON DELETE RESTRICT",
];

const OF_SEQUENCE: &[&str] = &[
    "",
    " AS integer",
    " START WITH 10 INCREMENT BY 5",
    " MINVALUE 0 MAXVALUE 99999 CYCLE",
    " CACHE 9",
];

pub(super) fn class(model: &Model, type_: Type) -> Class {
    match type_ {
        Type::Base(at) => BASES[at].1,
        Type::Enum(key) if model.enum_of(key).is_some() => Class::Enum,
        Type::EnumArray(key) if model.enum_of(key).is_some() => Class::EnumArray,
        Type::Of(key) => key_of(model, key).map_or(Class::Number, |it| class(model, it.type_)),
        Type::Domain(_) | Type::Enum(_) | Type::EnumArray(_) => Class::Text,
    }
}

/// Tells whether the server can cast values.
pub(super) fn castable(from: Class, to: Class) -> bool {
    from == to && from != Class::Array || to == Class::Text || from == Class::Text
}

/// Returns the column that is the key of a table alone, and to which others may refer.
fn key_of(model: &Model, table: Key) -> Option<&Column> {
    let table = model.table(table)?;
    let [key] = table.primary.as_deref()? else { return None };
    if table.parts.is_some() {
        return None;
    }
    table.column(*key).filter(|it| !matches!(it.type_, Type::Of(_)))
}

pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn relation(table: &Table) -> String {
    let schema = if table.is_away { "away" } else { "public" };
    format!("{schema}.{}", quoted(&table.name))
}

fn type_name(model: &Model, column: &Column) -> String {
    let numbered = matches!(
        column.made,
        Made::Identity(_) | Made::Serial | Made::Sequence(_) | Made::Function(_)
    );
    match column.type_ {
        Type::Base(at) if numbered && BASES[at].0 != "integer" => "bigint".to_owned(),
        _ if numbered && column.made != Made::Serial => "bigint".to_owned(),
        _ if numbered => "integer".to_owned(),
        type_ => named(model, type_),
    }
}

fn named(model: &Model, type_: Type) -> String {
    let of_enum = |key| model.enum_of(key).map(|it| quoted(&it.name));
    let name = match type_ {
        Type::Base(at) => Some(BASES[at].0.to_owned()),
        Type::Enum(key) => of_enum(key),
        Type::EnumArray(key) => of_enum(key).map(|it| format!("{it}[]")),
        Type::Domain(key) => model.domain(key).map(|it| quoted(&it.name)),
        Type::Of(key) => {
            let name = key_of(model, key).map(|it| type_name(model, it));
            Some(name.unwrap_or_else(|| "integer".to_owned()))
        }
    };
    name.unwrap_or_else(|| "text".to_owned())
}

/// Returns what can be done with a column as it is written.
fn kind(model: &Model, column: &Column) -> Class {
    match column.made {
        Made::Identity(_) | Made::Serial | Made::Sequence(_) | Made::Function(_) => Class::Number,
        _ => match column.type_ {
            Type::Of(key) => key_of(model, key).map_or(Class::Number, |it| kind(model, it)),
            type_ => class(model, type_),
        },
    }
}

/// Writes the expression that makes a column from another, and the type of its values.
fn derived(model: &Model, table: &Table, from: Key) -> Option<(String, &'static str, Class)> {
    let column = table.column(from).filter(|it| !matches!(it.made, Made::From(_)))?;
    let name = quoted(&column.name);
    match kind(model, column) {
        Class::Number => Some((format!("{name} + 1"), "bigint", Class::Number)),
        Class::Text => Some((format!("upper({name})"), "text", Class::Text)),
        Class::Bool => Some((format!("NOT {name}"), "boolean", Class::Bool)),
        _ => None,
    }
}

/// Returns what can be done with a column, derived or not.
fn class_of(model: &Model, table: &Table, column: &Column) -> Class {
    let made = if let Made::From(from) = column.made { derived(model, table, from) } else { None };
    made.map_or_else(|| kind(model, column), |it| it.2)
}

/// Writes a condition that holds for all defaults, too.
fn condition(model: &Model, table: &Table, rule: &Rule, before: &str) -> Option<String> {
    let column = table.column(rule.column)?;
    let name = format!("{before}{}", quoted(&column.name));
    let label = |key| Some(model.enum_of(key)?.labels.first().copied().unwrap_or_default());
    let forms = match class_of(model, table, column) {
        Class::Number => ["@ > 0", "@ <> 43", "@ BETWEEN -9 AND 9000000", "abs(@) < 8000000"],
        Class::Text => {
            ["@ <> ''", "length(@) < 15", "@ IN ('a', 'b', 'x', 'A', 'B', 'X')", "@ NOT LIKE '%z%'"]
        }
        Class::Bool => ["@ IS NOT NULL", "@ = true", "@ OR @", "@ IS DISTINCT FROM false"],
        Class::Time => {
            ["@ > '2000-01-01'", "@ IS NOT NULL", "@ <> '2001-02-03'", "@ < '2200-01-01'"]
        }
        Class::Json => ["NOT @ ? 'bad'", "jsonb_typeof(@) = 'object'", "@ IS NOT NULL", "@ <> '1'"],
        Class::Uuid => [
            "@ IS NOT NULL",
            "@ <> '00000000-0000-0000-0000-000000000000'",
            "@ = @",
            "@ IS NOT NULL",
        ],
        Class::Array | Class::EnumArray => {
            ["cardinality(@) < 5", "@ IS NOT NULL", "@ = @", "array_ndims(@) IS NULL OR @ = @"]
        }
        Class::Enum => {
            let (Type::Enum(key) | Type::EnumArray(key)) = column.type_ else {
                return Some(format!("{name} IS NOT NULL"));
            };
            let form =
                ["@ >= '!'", "@ IN ('!') OR @ > '!'", "@ IS NOT NULL", "@ = '!' OR @ <> '!'"]
                    [rule.form % 4];
            return Some(form.replace('!', label(key)?).replace('@', &name));
        }
    };
    Some(forms[rule.form % 4].replace('@', &name))
}

fn default(model: &Model, column: &Column, form: usize) -> Option<String> {
    if let Type::Of(_) = column.type_ {
        return None;
    }
    let forms = match class(model, column.type_) {
        Class::Number => ["2", "4", "(1 + 2)", "6"],
        Class::Text => ["'x'", "'a'", "lower('B')", "'b'"],
        Class::Bool => ["true", "(1 = 1)", "true", "(NOT false)"],
        Class::Time => ["'2020-02-29'", "now()", "CURRENT_DATE", "'2021-01-01'"],
        Class::Json => ["'{}'", "'{\"k\": 1}'", "'{\"it''s\": []}'", "jsonb_build_object()"],
        Class::Uuid => [
            "gen_random_uuid()",
            "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'",
            "gen_random_uuid()",
            "NULL",
        ],
        Class::Array | Class::EnumArray => ["'{}'", "'{}'", "NULL", "'{}'"],
        Class::Enum => {
            let Type::Enum(key) = column.type_ else { return None };
            return Some(format!("'{}'", model.enum_of(key)?.labels.get(form % 2)?));
        }
    };
    Some(forms[form % 4].to_owned())
}

fn column(model: &Model, table: &Table, it: &Column) -> String {
    let mut res = format!("{} {}", quoted(&it.name), type_name(model, it));
    let function = |key| model.functions.iter().find(|f| f.key == key && f.kind == 0);
    let sequence = |key| model.sequences.iter().find(|s| s.key == key);
    match it.made {
        Made::ByUser => {}
        Made::Default(form) => {
            res.extend(default(model, it, form).map(|it| format!(" DEFAULT {it}")));
        }
        Made::Function(key) => {
            res.extend(function(key).map(|it| format!(" DEFAULT {}()", quoted(&it.name))));
        }
        Made::Sequence(key) => {
            let name = sequence(key).map(|it| quoted(&it.name).replace('\'', "''"));
            res.extend(name.map(|it| format!(" DEFAULT nextval('{it}')")));
        }
        Made::Identity(true) => res += " GENERATED ALWAYS AS IDENTITY",
        Made::Identity(false) => res += " GENERATED BY DEFAULT AS IDENTITY",
        Made::Serial => res = format!("{} serial", quoted(&it.name)),
        Made::From(from) => {
            if let Some((text, type_, _)) = derived(model, table, from) {
                let name = quoted(&it.name);
                res = format!("{name} {type_} GENERATED ALWAYS AS ({text}) STORED");
            }
        }
    }
    if it.not_null && !matches!(it.made, Made::Identity(_) | Made::Serial) {
        res += " NOT NULL";
    }
    res
}

fn names(table: &Table, keys: &[Key]) -> Option<String> {
    let names: Option<Vec<String>> =
        keys.iter().map(|key| Some(quoted(&table.column(*key)?.name))).collect();
    names.filter(|it| !it.is_empty()).map(|it| it.join(", "))
}

/// Writes the hint at the name that something had before.
fn hint(was: Option<&String>) -> String {
    was.map(|it| format!(" -- renamed from: {}", quoted(it))).unwrap_or_default()
}

fn table(model: &Model, table: &Table) -> String {
    let (mut lines, mut hints): (Vec<String>, Vec<String>) =
        table.columns.iter().map(|it| (column(model, table, it), hint(it.was.as_ref()))).unzip();
    lines.extend(table.parts.map(|_| format!("{KEY} integer")));
    let key = if table.parts.is_some() { format!(", {KEY}") } else { String::new() };
    let primary = table.primary.as_ref().and_then(|keys| names(table, keys));
    lines.extend(primary.map(|it| format!("PRIMARY KEY ({it}{key})")));
    for Unique { key: number, columns, form } in &table.uniques {
        let form = ["", "", " DEFERRABLE", " INITIALLY DEFERRED"][*form];
        let names = names(table, columns);
        let unique = names.map(|it| format!("CONSTRAINT u{number} UNIQUE ({it}{key}){form}"));
        lines.extend(unique);
    }
    if let Some((number, column)) = table.exclusion.filter(|_| table.parts.is_none()) {
        let names = names(table, &[column]);
        lines.extend(
            names.map(|it| format!("CONSTRAINT x{number} EXCLUDE USING btree ({it} WITH =)")),
        );
    }
    for rule in &table.checks {
        let text = condition(model, table, rule, "");
        lines.extend(text.map(|it| format!("CONSTRAINT c{} CHECK ({it})", rule.key)));
    }
    hints.resize(lines.len(), String::new());
    let last = lines.len() - 1;
    let with_hint = |(at, (line, hint)): (usize, (&String, &String))| {
        let comma = if at == last { "" } else { "," };
        format!("    {line}{comma}{hint}\n")
    };
    let lines: String = lines.iter().zip(&hints).enumerate().map(with_hint).collect();
    let (name, hint) = (relation(table), hint(table.was.as_ref()));
    let rest = match table.parts.and_then(|at| PARTS.get(at)) {
        Some((strategy, _)) => format!(" PARTITION BY {strategy} ({KEY})"),
        None => OPTIONS[table.options].to_owned(),
    };
    format!("CREATE TABLE {name} ({hint}\n{lines}){rest};\n{}", partitions(table, &name))
}

/// Writes what is added to a table once all are there.
fn of_table(model: &Model, table: &Table) -> String {
    let name = relation(table);
    let mut res = String::new();
    for it in &table.columns {
        let column = quoted(&it.name);
        if let Type::Of(other) = it.type_
            && it.made == Made::ByUser
            && let Some((parent, key)) = model.table(other).zip(key_of(model, other))
        {
            let (parent, key) = (relation(parent), quoted(&key.name));
            writeln!(
                res,
                "ALTER TABLE {name} ADD CONSTRAINT f{} FOREIGN KEY ({column}) REFERENCES {parent} ({key}){};",
                it.key,
                LINKS[if table.parts.is_some() { it.link % 4 } else { it.link }]
            )
            .unwrap();
        }
        if it.comment > 0 {
            writeln!(res, "COMMENT ON COLUMN {name}.{column} IS 'said {}';", it.comment).unwrap();
        }
    }
    if let Some(rule) = &table.policy {
        let text = condition(model, table, rule, "");
        res.extend(text.map(|it| format!("CREATE POLICY p{} ON {name} USING ({it});\n", rule.key)));
    }
    if let Some(rule) = &table.trigger
        && let Some(column) = table.column(rule.column)
    {
        let made = matches!(column.made, Made::From(_));
        let of = if made { String::new() } else { format!(" OF {}", quoted(&column.name)) };
        let text = condition(model, table, rule, "OLD.").unwrap_or_else(|| "true".to_owned());
        writeln!(
            res,
            "CREATE TRIGGER g{} AFTER UPDATE{of} ON {name} FOR EACH ROW WHEN ({text}) EXECUTE FUNCTION noted();",
            rule.key
        )
        .unwrap();
    }
    if let (Some(key), [one, two, ..]) = (table.statistics, table.columns.as_slice()) {
        let (one, two) = (quoted(&one.name), quoted(&two.name));
        writeln!(res, "CREATE STATISTICS s{key} ON {one}, {two} FROM {name};").unwrap();
    }
    res
}

fn index(model: &Model, it: &Index) -> Option<String> {
    let table = model.table(it.table)?;
    let part = |(key, form): &(Key, usize)| {
        let column = table.column(*key)?;
        let name = quoted(&column.name);
        let is_text = class_of(model, table, column) == Class::Text;
        Some(match form {
            1 => format!("{name} DESC"),
            2 if is_text => format!("lower({name})"),
            3 if is_text => format!("{name} COLLATE \"POSIX\""),
            _ => name,
        })
    };
    let parts: Vec<String> = it.parts.iter().filter_map(part).collect();
    let mut parts = (!parts.is_empty()).then(|| parts.join(", "))?;
    if it.unique && table.parts.is_some() {
        write!(parts, ", {KEY}").unwrap();
    }
    let filter = it.filter.as_ref().and_then(|rule| condition(model, table, rule, ""));
    let filter = filter.map(|it| format!(" WHERE {it}")).unwrap_or_default();
    let unique = if it.unique { "UNIQUE " } else { "" };
    let (name, table) = (quoted(&it.name), relation(table));
    Some(format!("CREATE {unique}INDEX {name} ON {table} ({parts}){filter};\n"))
}

fn view(model: &Model, written: &[Key], it: &View) -> Option<String> {
    let (one, two, from) = if let Some(table) = model.table(it.from) {
        let name = |key| Some(quoted(&table.column(key)?.name));
        (name(it.columns.0)?, name(it.columns.1)?, relation(table))
    } else {
        let view = model.views.iter().find(|view| view.key == it.from)?;
        if !written.contains(&view.key) {
            return None;
        }
        ("n0".to_owned(), "n1".to_owned(), quoted(&view.name))
    };
    let query = match it.form {
        0 => format!("SELECT {one} AS n0, {two} AS n1 FROM {from}"),
        1 => format!("SELECT {one} AS n0, count(*) AS n1 FROM {from} GROUP BY {one}"),
        2 => format!("SELECT {two} AS n0, {one} AS n1 FROM {from} WHERE {one} IS NOT NULL"),
        3 => format!("SELECT DISTINCT {one}::text AS n0, {two} AS n1 FROM {from}"),
        _ => format!("SELECT {one} AS n0, {two} AS n1, 1 AS n2 FROM {from} ORDER BY {one}"),
    };
    let kind = if it.materialized { "MATERIALIZED VIEW" } else { "VIEW" };
    let mut res = format!("CREATE {kind} {} AS {query};\n", quoted(&it.name));
    if it.form == 4 {
        writeln!(res, "COMMENT ON COLUMN {}.n2 IS 'one';", quoted(&it.name)).unwrap();
    }
    Some(res)
}

fn function(model: &Model, it: &Function) -> Option<String> {
    let (name, body) = (quoted(&it.name), it.body);
    let of_enum = || model.enum_of(it.on).map(|it| quoted(&it.name));
    let of_table = || model.table(it.on).map(relation);
    Some(match it.kind {
        0 => format!(
            "CREATE FUNCTION {name}(a integer DEFAULT {body}) RETURNS integer LANGUAGE sql AS 'SELECT a + {body}';\n"
        ),
        1 => format!(
            "CREATE FUNCTION {name}({0}) RETURNS {0} LANGUAGE sql AS 'SELECT $1 -- {body}';\n",
            of_enum()?
        ),
        2 => format!(
            "CREATE FUNCTION {name}(a {}) RETURNS text LANGUAGE sql AS 'SELECT a || {body}';\n",
            quoted(&model.domain(it.on)?.name)
        ),
        3 => format!(
            "CREATE FUNCTION {name}({}) RETURNS integer LANGUAGE sql AS 'SELECT {body}';\n",
            of_table()?
        ),
        4 => format!(
            "CREATE FUNCTION {name}() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) + {body} FROM {}; END;\n",
            of_table()?
        ),
        _ => format!(
            "CREATE FUNCTION {name}() RETURNS SETOF {0} LANGUAGE sql AS 'SELECT * FROM {1} LIMIT {body}';\n",
            of_table()?,
            of_table()?.replace('\'', "''")
        ),
    })
}

/// Writes a schema.
pub(super) fn text(model: &Model) -> String {
    let mut res = "CREATE SCHEMA away;\nCREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;\n".to_owned();
    for it in &model.enums {
        let (name, labels) = (quoted(&it.name), it.labels.join("', '"));
        let hint = hint(it.was.as_ref());
        writeln!(res, "CREATE TYPE {name} AS ENUM ('{labels}');{hint}").unwrap();
    }
    for it in &model.domains {
        let check =
            ["VALUE <> ''", "length(VALUE) < 15", "VALUE <> 'zzz'", "VALUE !~ 'q'"][it.check];
        let default = ["", " DEFAULT 'x'", " DEFAULT 'b'"][it.default];
        let not_null = if it.not_null { " NOT NULL" } else { "" };
        let name = quoted(&it.name);
        writeln!(
            res,
            "CREATE DOMAIN {name} AS text{default}{not_null} CONSTRAINT c{} CHECK ({check});",
            it.key
        )
        .unwrap();
    }
    for it in &model.sequences {
        writeln!(res, "CREATE SEQUENCE {}{};", quoted(&it.name), OF_SEQUENCE[it.options]).unwrap();
    }
    let early = model.functions.iter().filter(|it| it.kind < 3);
    res.extend(early.filter_map(|it| function(model, it)));
    res.extend(model.tables.iter().map(|it| table(model, it)));
    res.extend(model.tables.iter().map(|it| of_table(model, it)));
    let late = model.functions.iter().filter(|it| it.kind >= 3);
    res.extend(late.filter_map(|it| function(model, it)));
    res.extend(model.indexes.iter().filter_map(|it| index(model, it)));
    let mut written = Vec::new();
    for it in &model.views {
        if let Some(text) = view(model, &written, it) {
            written.push(it.key);
            res += &text;
        }
    }
    for (at, form) in &model.extras {
        res += EXTRAS[*at][*form];
        res.push('\n');
    }
    res
}
