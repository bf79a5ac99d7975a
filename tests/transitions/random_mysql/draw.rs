//! Schemas out of a list of numbers, and changes of schemas.

use super::model::{Check, Column, Index, Key, Link, Model, Table, View};
use super::write::{FAMILIES, OPTIONS};
use crate::random::draw::Tape;

const NAMES: &[&str] = &[
    "account", "book", "city", "device", "entry", "file", "group", "House", "item", "job", "key",
    "log in", "member", "note", "order", "pa`ge", "query", "room", "select", "table", "Ünï",
    "user", "value", "wo.rd", "x'y", "year", "zone", "text", "a", "b", "c",
];

pub(super) fn model(tape: &mut Tape<'_>) -> Model {
    let mut res = Model::default();
    for _ in 0..=tape.below(4) {
        add_table(&mut res, tape);
    }
    for _ in 0..tape.below(3) {
        add_link(&mut res, tape);
    }
    for _ in 0..tape.below(3) {
        add_view(&mut res, tape);
    }
    for _ in 0..tape.below(2) {
        res.sequences.push(tape.below(3));
    }
    for _ in 0..tape.below(2) {
        res.routines.push(tape.below(4));
    }
    res
}

pub(super) fn mutated(model: &Model, tape: &mut Tape<'_>) -> Model {
    let mut res = model.clone();
    for table in &mut res.tables {
        table.was = None;
        table.columns.iter_mut().for_each(|it| it.was = None);
    }
    for _ in 0..=tape.below(5) {
        mutate(&mut res, tape);
    }
    res
}

fn key(model: &mut Model) -> Key {
    model.next += 1;
    model.next
}

/// Draws a name that isn't taken; letters may differ in their case alone.
fn name(tape: &mut Tape<'_>, taken: &[String]) -> String {
    let at = tape.below(NAMES.len());
    let mut names = NAMES.iter().cycle().skip(at).take(NAMES.len());
    let is_free = |it: &&&str| !taken.iter().any(|one| one.eq_ignore_ascii_case(it));
    names.find(is_free).map_or_else(|| format!("extra{}", taken.len()), |it| (*it).to_owned())
}

fn add_table(model: &mut Model, tape: &mut Tape<'_>) {
    let taken = model.tables.iter().flat_map(|it| it.was.iter().chain([&it.name]).cloned());
    let taken: Vec<String> = taken.collect();
    let mut table = Table {
        key: key(model),
        name: name(tape, &taken),
        was: None,
        columns: Vec::new(),
        has_key: !tape.once_in(4),
        indexes: Vec::new(),
        checks: Vec::new(),
        links: Vec::new(),
        options: tape.below(OPTIONS.len()),
        parts: if tape.once_in(6) { 1 + tape.below(3) } else { 0 },
        triggers: Vec::new(),
    };
    for at in 0..=1 + tape.below(4) {
        add_column(model, &mut table, tape, at == 0);
    }
    for _ in 0..tape.below(3) {
        add_index(model, &mut table, tape);
    }
    for _ in 0..tape.below(2) {
        add_check(model, &mut table, tape);
    }
    for _ in 0..tape.below(2) {
        table.triggers.push((key(model), tape.below(4)));
    }
    model.tables.push(table);
}

fn add_column(model: &mut Model, table: &mut Table, tape: &mut Tape<'_>, is_first: bool) {
    let taken = table.columns.iter().flat_map(|it| it.was.iter().chain([&it.name]).cloned());
    let taken: Vec<String> = taken.collect();
    let family = if is_first { 0 } else { tape.below(FAMILIES.len()) };
    let generated =
        table.columns.iter().skip(1).find(|it| it.generated.is_none() && it.family == 0);
    let generated = generated.map(|it| it.key).filter(|_| !is_first && tape.once_in(6));
    let column = Column {
        key: key(model),
        name: name(tape, &taken),
        was: None,
        family: if generated.is_some() { 0 } else { family },
        type_at: tape.below(FAMILIES[family].types.len()),
        not_null: is_first || tape.once_in(2),
        default: tape.below(3),
        comment: tape.below(4),
        generated: generated.map(|it| (it, tape.below(4))),
    };
    let at = if is_first { 0 } else { 1 + tape.below(table.columns.len()) };
    table.columns.insert(at.min(table.columns.len()), column);
}

fn add_index(model: &mut Model, table: &mut Table, tape: &mut Tape<'_>) {
    let mut columns = Vec::new();
    for _ in 0..=tape.below(2) {
        let column = table.columns[tape.below(table.columns.len())].key;
        if !columns.contains(&column) {
            columns.push(column);
        }
    }
    let form = tape.below(4);
    table.indexes.push(Index { key: key(model), columns, form });
}

fn add_check(model: &mut Model, table: &mut Table, tape: &mut Tape<'_>) {
    let column = table.columns[tape.below(table.columns.len())].key;
    let form = tape.below(2);
    table.checks.push(Check { key: key(model), column, form });
}

fn add_link(model: &mut Model, tape: &mut Tape<'_>) {
    let (own, other) = (tape.below(model.tables.len()), tape.below(model.tables.len()));
    let key = key(model);
    let Some(table) = model.tables.get(other).map(|it| it.key) else { return };
    let Some(own) = model.tables.get_mut(own) else { return };
    let candidates =
        own.columns.iter().skip(1).filter(|it| it.family == 0 && it.generated.is_none());
    let Some(column) = candidates.map(|it| it.key).next() else { return };
    let action = tape.below(4);
    own.links.push(Link { key, column, table, action });
}

fn add_view(model: &mut Model, tape: &mut Tape<'_>) {
    let key = key(model);
    let Some(table) = model.tables.get(tape.below(model.tables.len())).map(|it| it.key) else {
        return;
    };
    model.views.push(View { key, table, form: tape.below(4) });
}

fn mutate(model: &mut Model, tape: &mut Tape<'_>) {
    let count = model.tables.len();
    let what = tape.below(24);
    match what {
        0 => add_table(model, tape),
        1 => add_view(model, tape),
        2 => add_link(model, tape),
        3 if count > 1 => drop(model.tables.remove(tape.below(count))),
        4 => model.views.iter_mut().take(1).for_each(|it| it.form = (it.form + 1) % 4),
        5 => drop(model.views.pop()),
        6 => match model.sequences.first_mut() {
            Some(it) => *it = (*it + 1) % 3,
            None => model.sequences.push(0),
        },
        7 => match model.routines.first_mut() {
            Some(it) => *it = (*it + 1) % 4,
            None => model.routines.push(0),
        },
        _ => {
            let at = tape.below(count);
            let taken = model.tables.iter().flat_map(|it| it.was.iter().chain([&it.name]).cloned());
            let taken: Vec<String> = taken.collect();
            let mut table = model.tables.remove(at);
            mutate_table(model, &mut table, tape, (what, &taken));
            model.tables.insert(at, table);
        }
    }
}

fn mutate_table(
    model: &mut Model,
    table: &mut Table,
    tape: &mut Tape<'_>,
    (what, taken): (usize, &[String]),
) {
    let count = table.columns.len();
    let rest = 1 + tape.below(count.max(2) - 1);
    match what {
        8 | 9 => add_column(model, table, tape, false),
        10 => add_index(model, table, tape),
        11 => drop(table.indexes.pop()),
        12 => add_check(model, table, tape),
        13 => drop(table.checks.pop()),
        14 if table.was.is_none() => {
            table.was = Some(table.name.clone());
            table.name = name(tape, taken);
        }
        15 => table.options = tape.below(OPTIONS.len()),
        16 => table.parts = tape.below(4),
        17 => drop(table.links.pop()),
        18 => table.links.iter_mut().for_each(|it| it.action = (it.action + 1) % 4),
        19 => table.triggers.push((key(model), tape.below(4))),
        20 if count > 2 => drop(table.columns.remove(rest.min(count - 1))),
        21 if count > 2 => {
            let column = table.columns.remove(rest.min(count - 1));
            let at = 1 + tape.below(count - 1);
            table.columns.insert(at.min(count - 1), column);
        }
        22 => {
            let taken =
                table.columns.iter().flat_map(|it| it.was.iter().chain([&it.name]).cloned());
            let taken: Vec<String> = taken.collect();
            if let Some(column) = table.columns.get_mut(rest).filter(|it| it.was.is_none()) {
                column.was = Some(column.name.clone());
                column.name = name(tape, &taken);
            }
        }
        _ => {
            let Some(column) = table.columns.get_mut(rest) else { return };
            match tape.below(4) {
                0 => column.type_at = tape.below(FAMILIES[column.family].types.len()),
                1 => column.not_null = !column.not_null,
                2 => column.default = tape.below(3),
                _ => column.comment = tape.below(4),
            }
        }
    }
}
