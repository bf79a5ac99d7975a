//! Statements that make objects, and dumps.

use std::collections::BTreeSet;

use crate::autogenerate::ddl::Stage;
use crate::autogenerate::ddl::mysql::names::{keyword, quoted};
use crate::autogenerate::ddl::mysql::order::fellows;
use crate::catalog::{BODY, Catalog, Id, Kind, Needs, Object, UNIQUE, sorted};
use crate::inspect::mysql::attributes::{COMMENT, EVENT, OPTIONS, PARTITIONS, PERIODS, VERSIONED};
use crate::sql::{Dialect, Lexer, TokenKind};

/// The kinds of programs, in the order in which they are made.
pub(super) const PROGRAMS: [Kind; 5] =
    [Kind::Function, Kind::Procedure, Kind::View, Kind::Trigger, Kind::Event];

/// Returns the line of a part as it stands in a CREATE TABLE, and behind ADD.
pub(super) fn line(part: &Object) -> String {
    let (sql, name) = (part.statement(), || quoted(part.id.name.as_str()));
    if part.id.kind == Kind::Column {
        return format!("{} {sql}", name());
    }
    if [Kind::Check, Kind::ForeignKey].contains(&part.id.kind) {
        return format!("CONSTRAINT {} {sql}", name());
    }
    sql.to_owned()
}

/// Returns the keys and checks of a table, in an order that depends on their names alone.
pub(super) fn rules<'a>(catalog: &'a Catalog, table: &Id) -> Vec<&'a Object> {
    let mut keys = catalog.parts(Kind::Index, table);
    keys.sort_by_key(|it| (!it.says(UNIQUE), it.id.name.clone()));
    let mut checks = catalog.parts(Kind::Check, table);
    checks.sort_by_key(|it| it.id.name.clone());
    catalog.parts(Kind::PrimaryKey, table).into_iter().chain(keys).chain(checks).collect()
}

/// Returns the foreign keys of a table, by name.
pub(super) fn foreign_keys<'a>(catalog: &'a Catalog, table: &Id) -> Vec<&'a Object> {
    let mut res = catalog.parts(Kind::ForeignKey, table);
    res.sort_by_key(|it| it.id.name.clone());
    res
}

/// Writes a CREATE TABLE with some foreign keys.
pub(super) fn create_table(table: &Object, catalog: &Catalog, keys: &[&Object]) -> String {
    let columns = catalog.parts(Kind::Column, &table.id);
    let periods = table.list(PERIODS).iter().cloned();
    let mut lines: Vec<String> = columns.into_iter().map(line).chain(periods).collect();
    lines.extend(rules(catalog, &table.id).into_iter().chain(keys.iter().copied()).map(line));
    let mut res = format!("CREATE TABLE {} (\n  ", quoted(table.id.name.as_str()));
    res += &lines.join(",\n  ");
    res += "\n)";
    for option in table.list(OPTIONS) {
        res += if option.starts_with("CHARSET=") { " DEFAULT " } else { " " };
        res += option;
    }
    if table.says(COMMENT) {
        res += " COMMENT=";
        res += table.written(COMMENT);
    }
    for attribute in [VERSIONED, PARTITIONS] {
        if table.says(attribute) {
            res += if attribute == PARTITIONS { "\n" } else { " " };
            res += table.written(attribute);
        }
    }
    res
}

/// Writes the clause that adds a foreign key.
pub(super) fn add_foreign_keys(table: &Id, keys: &[&Object]) -> String {
    let clauses: Vec<String> = keys.iter().map(|it| format!("ADD {}", line(it))).collect();
    format!("ALTER TABLE {}\n  {}", quoted(table.name.as_str()), clauses.join(",\n  "))
}

pub(super) fn drop_program(id: &Id) -> String {
    format!("DROP {} {}", keyword(id.kind), quoted(id.name.as_str()))
}

/// Writes the statement that makes a program; a trigger tells behind which of its fellows it fires, or
/// before which of those that are there already.
pub(super) fn create_program(
    object: &Object,
    catalog: &Catalog,
    is_there: impl Fn(&Object) -> bool,
) -> String {
    let sql = object.statement();
    if object.id.kind != Kind::Trigger {
        return sql.to_owned();
    }
    let fellows = fellows(catalog, object);
    let at = fellows.iter().position(|it| it.id == object.id).unwrap_or_default();
    let before = at.checked_sub(1).and_then(|it| fellows.get(it));
    let later = fellows.get(at + 1..).unwrap_or_default().iter().find(|it| is_there(it));
    let (word, fellow) = match (before, later) {
        (Some(it), _) => ("FOLLOWS", it),
        (None, Some(it)) => ("PRECEDES", it),
        (None, None) => return sql.to_owned(),
    };
    let table = object.parent.as_ref().map_or("", |it| it.name.as_str());
    format!(
        "CREATE TRIGGER {} {} ON {} FOR EACH ROW {word} {} {}",
        quoted(object.id.name.as_str()),
        object.written(EVENT),
        quoted(table),
        quoted(fellow.id.name.as_str()),
        object.written(BODY),
    )
}

/// Returns tables so that each comes after those to which its foreign keys refer, as far as there is no
/// circle.
pub(super) fn tables_in_order(catalog: &Catalog) -> Vec<Id> {
    let mut needs: Needs =
        catalog.of_kind(Kind::Table).map(|it| (it.id.clone(), BTreeSet::new())).collect();
    for key in catalog.of_kind(Kind::ForeignKey) {
        if let Some(own) = key.parent.as_ref().and_then(|it| needs.get_mut(it)) {
            own.extend(key.needs.iter().cloned());
        }
    }
    sorted(&needs)
}

/// Returns programs in the order in which they are made.
pub(super) fn programs(catalog: &Catalog) -> Vec<&Object> {
    let of = |kind: Kind| -> Vec<&Object> {
        let mut res: Vec<&Object> =
            catalog.in_order(kind).iter().filter_map(|id| catalog.get(id)).collect();
        if kind == Kind::Trigger {
            let number = |it: &Object| {
                fellows(catalog, it).iter().position(|one| one.id == it.id).unwrap_or_default()
            };
            res.sort_by_key(|it| number(it));
        }
        res
    };
    PROGRAMS.into_iter().flat_map(of).collect()
}

/// Returns the statements that make the objects of a stage.
pub(super) fn statements(catalog: &Catalog, stage: Stage) -> Vec<String> {
    if stage == Stage::AfterRows {
        return programs(catalog)
            .into_iter()
            .map(|it| create_program(it, catalog, |_| false))
            .collect();
    }
    let sequences = catalog.of_kind(Kind::Sequence).map(|it| it.statement().to_owned());
    let mut res: Vec<String> = sequences.collect();
    let (mut made, mut late) = (BTreeSet::new(), Vec::new());
    for id in tables_in_order(catalog) {
        let Some(table) = catalog.get(&id) else { continue };
        made.insert(id.clone());
        let is_early = |it: &&&Object| it.needs.iter().all(|need| made.contains(need));
        let all = foreign_keys(catalog, &id);
        let early: Vec<&Object> = all.iter().filter(is_early).copied().collect();
        let rest: Vec<&Object> = all.iter().filter(|it| !is_early(it)).copied().collect();
        res.push(create_table(table, catalog, &early));
        if !rest.is_empty() {
            late.push(add_foreign_keys(&id, &rest));
        }
    }
    res.extend(late);
    res
}

/// Writes everything, each object after those that it needs.
pub(super) fn dump(catalog: &Catalog) -> String {
    let all =
        [Stage::BeforeRows, Stage::AfterRows].into_iter().flat_map(|it| statements(catalog, it));
    let left = unwritten(catalog);
    let lines: String = left.iter().flat_map(|it| ["--   ", it, "\n"]).collect();
    let head = (!left.is_empty())
        .then(|| format!("-- Not written here, since scripts can't be generated for it:\n{lines}"));
    let all: Vec<String> = head.into_iter().chain(all.map(|it| delimited(&it))).collect();
    all.join("\n")
}

/// Writes a statement with its delimiter: another one than a semicolon where the statement has some in
/// itself, for clients that split texts by it.
pub(super) fn delimited(statement: &str) -> String {
    let mut tokens = Lexer::new(statement, Dialect::MySql).map_while(Result::ok);
    if tokens.any(|it| it.kind == TokenKind::Delimiter) {
        return format!("DELIMITER ;;\n{statement};;\nDELIMITER ;\n");
    }
    format!("{statement};\n")
}

/// Names the objects that can't be written.
pub(super) fn unwritten(catalog: &Catalog) -> Vec<String> {
    catalog.of_kind(Kind::Opaque).map(|it| it.id.name.to_string()).collect()
}
