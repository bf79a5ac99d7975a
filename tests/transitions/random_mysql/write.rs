//! Schemas as SQL.

use std::fmt::Write as _;

use super::model::{Check, Column, Index, Key, Model, Table};

/// Types that values of each other fit in, more or less.
pub(super) struct Family {
    pub(super) types: &'static [&'static str],
    defaults: &'static [&'static str],
    /// Conditions with `?` for the column.
    checks: [&'static str; 2],
    /// Whether a key of the type needs a length.
    has_prefix: bool,
}

pub(super) const FAMILIES: [Family; 9] = [
    Family {
        types: &["int", "bigint", "smallint unsigned", "int unsigned", "mediumint"],
        defaults: &["7", "0"],
        checks: ["? >= 0", "? <> 13 and ? < 30000"],
        has_prefix: false,
    },
    Family {
        types: &[
            "varchar(20)",
            "varchar(300)",
            "char(30)",
            "varchar(40) COLLATE utf8mb4_bin",
            "varchar(60) CHARACTER SET latin1",
        ],
        defaults: &["'it''s'", "''"],
        checks: ["? <> 'no'", "char_length(?) < 200"],
        has_prefix: false,
    },
    Family {
        types: &["text", "mediumtext", "tinytext"],
        defaults: &["'abc'", "concat('a','b')"],
        checks: ["? <> 'no'", "char_length(?) < 5000"],
        has_prefix: true,
    },
    Family {
        types: &["decimal(10,2)", "decimal(12,4)", "double", "decimal(20,2) unsigned"],
        defaults: &["1.50", "(1 + 1)"],
        checks: ["? > -100", "? < 1000000000"],
        has_prefix: false,
    },
    Family {
        types: &["datetime", "datetime(6)", "timestamp(6) NULL", "datetime(3)"],
        defaults: &["'2024-02-29 12:00:00'", "current_timestamp()"],
        checks: ["? > '2000-01-01'", "? < '2037-01-01'"],
        has_prefix: false,
    },
    Family {
        types: &["enum('a','b')", "enum('a','b','c d')", "enum('a','b','c d','it''s')"],
        defaults: &["'a'", "'b'"],
        checks: ["? <> 'c d'", "? in ('a','b')"],
        has_prefix: false,
    },
    Family {
        types: &["varbinary(20)", "varbinary(60)", "blob"],
        defaults: &["'xy'", "'z'"],
        checks: ["octet_length(?) < 100", "? <> 'no'"],
        has_prefix: true,
    },
    Family {
        types: &["json"],
        defaults: &["'{}'", "'[1]'"],
        checks: ["json_length(?) < 100", "json_valid(?)"],
        has_prefix: true,
    },
    Family {
        types: &["date"],
        defaults: &["'2024-02-29'", "(curdate())"],
        checks: ["? > '1990-01-01'", "? < '2090-01-01'"],
        has_prefix: false,
    },
];

pub(super) const OPTIONS: [&str; 5] = [
    "",
    "COMMENT='it''s a table'",
    "DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin",
    "ROW_FORMAT=COMPACT",
    "DEFAULT CHARSET=latin1",
];

const ACTIONS: [&str; 4] =
    ["", " ON DELETE CASCADE", " ON DELETE RESTRICT ON UPDATE CASCADE", " ON UPDATE CASCADE"];

const COMMENTS: [&str; 4] = ["", " COMMENT 'a; b'", " COMMENT 'it''s'", ""];

const SEQUENCES: [&str; 3] = ["INCREMENT BY 2", "START WITH 100 CACHE 10", "MAXVALUE 500 CYCLE"];

const ROUTINES: [&str; 4] = [
    "CREATE FUNCTION f (x int) RETURNS int DETERMINISTIC RETURN x + 1",
    "CREATE FUNCTION f (x int) RETURNS bigint DETERMINISTIC RETURN x + 2",
    "CREATE PROCEDURE f (IN x int) BEGIN SELECT x; SELECT x + 1; END",
    "CREATE PROCEDURE f (OUT x int) READS SQL DATA SET x = 1",
];

fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

fn was(old: Option<&String>) -> String {
    old.map(|it| format!(" -- renamed from: {}", quoted(it))).unwrap_or_default()
}

/// Writes a schema as the client reads it.
pub(super) fn text(model: &Model) -> String {
    let mut res = String::new();
    for (at, options) in model.sequences.iter().enumerate() {
        writeln!(res, "CREATE SEQUENCE s{at} {};", SEQUENCES[*options]).unwrap();
    }
    for table in &model.tables {
        res += &table_text(table);
    }
    for table in &model.tables {
        links(&mut res, table, model);
    }
    for view in &model.views {
        let Some(table) = model.tables.iter().find(|it| it.key == view.table) else { continue };
        let columns: Vec<String> =
            table.columns.iter().skip(view.form / 2).map(|it| quoted(&it.name)).collect();
        let list = if columns.is_empty() { "1".to_owned() } else { columns.join(", ") };
        let rest = if view.form.is_multiple_of(2) { "" } else { " WHERE 1 = 1" };
        writeln!(
            res,
            "CREATE VIEW v{} AS SELECT {list} FROM {}{rest};",
            view.key,
            quoted(&table.name)
        )
        .unwrap();
    }
    res += "DELIMITER $$\n";
    for form in model.routines.iter().take(1) {
        writeln!(res, "{}$$", ROUTINES[*form]).unwrap();
    }
    for table in &model.tables {
        triggers(&mut res, table);
    }
    res + "DELIMITER ;\n"
}

fn table_text(table: &Table) -> String {
    let mut lines: Vec<String> = table.columns.iter().map(|it| column(it, table)).collect();
    if table.has_key {
        lines.push(format!("  PRIMARY KEY ({})", quoted(&table.columns[0].name)));
    }
    lines.extend(table.indexes.iter().filter_map(|it| index(it, table)));
    lines.extend(table.checks.iter().filter_map(|it| check(it, table)));
    let mut res = format!("CREATE TABLE {} ({}\n", quoted(&table.name), was(table.was.as_ref()));
    // A hint stands behind the comma of its line.
    for (at, line) in lines.iter().enumerate() {
        let comma = if at + 1 < lines.len() { "," } else { "" };
        let (code, hint) = line
            .split_once(" -- ")
            .map_or((line.as_str(), String::new()), |(code, hint)| (code, format!(" -- {hint}")));
        writeln!(res, "{code}{comma}{hint}").unwrap();
    }
    writeln!(res, ") {}{};", OPTIONS[table.options], parts(table)).unwrap();
    res
}

/// Writes partitions, which neither foreign keys nor a second unique key go with.
fn parts(table: &Table) -> String {
    let first = quoted(&table.columns[0].name);
    if !is_divided(table) {
        return String::new();
    }
    match table.parts {
        1 => format!(" PARTITION BY HASH ({first}) PARTITIONS 3"),
        2 => format!(
            " PARTITION BY RANGE ({first}) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN MAXVALUE)"
        ),
        _ => format!(
            " PARTITION BY RANGE ({first}) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN (100), PARTITION p2 VALUES LESS THAN MAXVALUE)"
        ),
    }
}

fn is_divided(table: &Table) -> bool {
    table.parts > 0 && table.has_key && table.indexes.iter().all(|it| it.form != 1)
}

fn column(it: &Column, table: &Table) -> String {
    let family = &FAMILIES[it.family];
    let of = it.generated.and_then(|(key, form)| {
        let other = table.columns.iter().find(|one| one.key == key && one.generated.is_none())?;
        Some((quoted(&other.name), form))
    });
    let name = quoted(&it.name);
    let hint = was(it.was.as_ref());
    if let Some((other, form)) = of {
        let kept = if form.is_multiple_of(2) { "VIRTUAL" } else { "STORED" };
        let by = if form < 2 { "+ 1" } else { "* 2" };
        return format!("  {name} bigint AS ({other} {by}) {kept}{hint}");
    }
    let is_first = table.columns.first().is_some_and(|one| one.key == it.key);
    let type_name = if is_first { "int" } else { family.types[it.type_at % family.types.len()] };
    let null = if it.not_null && !type_name.contains("NULL") { " NOT NULL" } else { "" };
    let default = match it.default {
        0 => String::new(),
        at => format!(" DEFAULT {}", family.defaults[at - 1]),
    };
    let default = if is_first { String::new() } else { default };
    let needs = !null.is_empty() && default.is_empty() && [4, 8].contains(&it.family);
    let fill = if needs { " -- backfill: '2020-01-01 00:00:00'" } else { "" };
    let hint = if hint.is_empty() { fill.to_owned() } else { hint };
    format!("  {name} {type_name}{null}{default}{}{hint}", COMMENTS[it.comment])
}

fn find(table: &Table, key: Key) -> Option<&Column> {
    table.columns.iter().find(|it| it.key == key)
}

fn index(it: &Index, table: &Table) -> Option<String> {
    let columns = it.columns.iter().map(|key| {
        let column = find(table, *key)?;
        let is_virtual = column.generated.is_some();
        let length = if FAMILIES[column.family].has_prefix && !is_virtual { "(10)" } else { "" };
        let order = if it.form == 2 { " DESC" } else { "" };
        Some(format!("{}{length}{order}", quoted(&column.name)))
    });
    let columns = columns.collect::<Option<Vec<String>>>()?;
    let is_plain = it.columns.iter().all(|key| find(table, *key).is_some_and(|it| it.family < 2));
    let unique = if it.form == 1 && is_plain { "UNIQUE " } else { "" };
    let comment = if it.form == 3 { " COMMENT 'by; it'" } else { "" };
    Some(format!("  {unique}KEY i{} ({}){comment}", it.key, columns.join(", ")))
}

fn check(it: &Check, table: &Table) -> Option<String> {
    let column = find(table, it.column).filter(|it| it.generated.is_none())?;
    let condition = FAMILIES[column.family].checks[it.form].replace('?', &quoted(&column.name));
    Some(format!("  CONSTRAINT c{} CHECK ({condition})", it.key))
}

fn links(res: &mut String, table: &Table, model: &Model) {
    if is_divided(table) {
        return;
    }
    for link in &table.links {
        let Some(column) = find(table, link.column) else { continue };
        let Some(other) = model.tables.iter().find(|it| it.key == link.table) else { continue };
        let is_int = column.type_at % FAMILIES[0].types.len() == 0 && column.family == 0;
        if !is_int || !other.has_key || is_divided(other) || column.generated.is_some() {
            continue;
        }
        // The server refuses a key on the base of a stored column with some actions.
        let is_base =
            table.columns.iter().any(|it| it.generated.is_some_and(|(key, _)| key == link.column));
        let action = if is_base { "" } else { ACTIONS[link.action] };
        writeln!(
            res,
            "ALTER TABLE {} ADD CONSTRAINT f{} FOREIGN KEY ({}) REFERENCES {} ({}){action};",
            quoted(&table.name),
            link.key,
            quoted(&column.name),
            quoted(&other.name),
            quoted(&other.columns[0].name),
        )
        .unwrap();
    }
}

fn triggers(res: &mut String, table: &Table) {
    for (key, form) in &table.triggers {
        let event = ["BEFORE INSERT", "AFTER UPDATE", "BEFORE DELETE", "BEFORE INSERT"][*form];
        writeln!(
            res,
            "CREATE TRIGGER t{key} {event} ON {} FOR EACH ROW BEGIN SET @a = {form}; SET @b = 2; END$$",
            quoted(&table.name)
        )
        .unwrap();
    }
}
