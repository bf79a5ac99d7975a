//! The values of rows that are there: in new columns, and in place of NULL.

use std::collections::BTreeSet;

use crate::autogenerate::ddl::postgres::names::{owner, quoted, shown};
use crate::autogenerate::ddl::postgres::plan::Sides;
use crate::autogenerate::ddl::postgres::plan::rules::Alter;
use crate::autogenerate::ddl::postgres::plan::rules::cast::of_columns;
use crate::autogenerate::ddl::postgres::write::not_null::is_kept;
use crate::autogenerate::ddl::postgres::write::table::{
    add_column, alter_column, set_default, table_of, twins,
};
use crate::autogenerate::ddl::postgres::write::{self, not_null};
use crate::autogenerate::hints::Backfills;
use crate::catalog::{EXPRESSION, Id, Kind, NOT_NULL, Object, TYPE, Value};
use crate::inspect::postgres::attributes::{GENERATED, GENERATED_KIND, IDENTITY};
use crate::sql::{Dialect, Lexer, Token, TokenKind};

/// Calls in defaults that give each row a value of its own.
pub(in crate::autogenerate::ddl::postgres) const VOLATILE: [&str; 7] = [
    "nextval(",
    "random(",
    "gen_random_uuid(",
    "uuidv4(",
    "uuidv7(",
    "clock_timestamp(",
    "uuid_generate_v",
];

/// Returns the value for NULL in a column that refuses it from now on, with its description.
pub(in crate::autogenerate::ddl::postgres) fn fill_of(
    column: &Object,
    sides: &Sides<'_>,
) -> Option<(String, String)> {
    let place = shown(&column.id);
    if let Some(backfill) = sides.how.backfills.get(&column.id) {
        return Some((backfill.clone(), format!("NULL in {place} becomes {backfill}")));
    }
    let default = sides.to.get(&Id { kind: Kind::Default, ..column.id.clone() })?;
    let value = default.written(EXPRESSION);
    if value.to_ascii_lowercase().starts_with("null") {
        return None;
    }
    Some((value.to_owned(), format!("NULL in {place} becomes the default, {value}")))
}

/// Writes the table of a column behind UPDATE, under the name of the parent that a backfill of that one
/// has in it.
pub(in crate::autogenerate::ddl::postgres) fn target(
    column: &Object,
    expression: &str,
    sides: &Sides<'_>,
) -> String {
    let (to, own) = (sides.to, owner(sides.to, &column.id));
    let words = words(expression);
    let mut todo: Vec<&Object> = vec![column];
    while let Some(below) = todo.pop() {
        let Some(table) = table_of(&below.id, to) else { continue };
        let name = table.id.name.as_str();
        let is_told = sides.how.backfills.get(&below.id).is_some_and(|it| it == expression);
        if is_told && words.contains(name) {
            let is_own = below.id == column.id;
            return if is_own { own } else { format!("{own} AS {}", quoted(name)) };
        }
        todo.extend(twins(&below.id, table, to));
    }
    own
}

/// Returns the expression of the user for the values of a column that gets another type. A constant is
/// for NULL alone; for a column that refuses NULL from now on, so is one that doesn't name the column. A
/// type that takes all values as they are leaves them: the hint can be that of an earlier change.
pub(in crate::autogenerate::ddl::postgres) fn told_values<'a>(
    old: &Object,
    new: &Object,
    backfills: &'a Backfills,
) -> Option<&'a str> {
    let told = backfills.get(&new.id)?;
    let becomes_required = is_kept(new) && !is_kept(old);
    let cast = of_columns(old, new);
    let is_wider = !cast.may_lose && !cast.may_fail && !cast.needs_using;
    let is_for_null =
        is_constant(told) || (becomes_required || is_wider) && !names_any(told, &[new]);
    let is_other = old.attributes.get(TYPE) != new.attributes.get(TYPE);
    (is_other && !new.says(GENERATED) && !is_for_null).then_some(told.as_str())
}

/// Tells whether an expression names one of some columns.
pub(in crate::autogenerate::ddl::postgres) fn names_any(
    expression: &str,
    columns: &[&Object],
) -> bool {
    let words = words(expression);
    columns.iter().any(|it| words.contains(it.id.name.as_str()))
}

/// Returns the words of an expression that can be names, as the server folds them.
pub(in crate::autogenerate::ddl::postgres) fn words(expression: &str) -> BTreeSet<String> {
    let tokens = Lexer::new(expression, Dialect::Postgres).map_while(Result::ok);
    tokens.filter_map(|it| name_of(&it)).collect()
}

fn name_of(token: &Token<'_>) -> Option<String> {
    match token.kind {
        TokenKind::Word => Some(token.text.to_lowercase()),
        TokenKind::Quoted => Some(in_quotes(token.text, '"')?.replace("\"\"", "\"")),
        TokenKind::Number
        | TokenKind::Parameter
        | TokenKind::Delimiter
        | TokenKind::Executable
        | TokenKind::Symbol => None,
    }
}

/// Returns the words of an expression that can be names of tables whose rows it reads as a whole: those
/// that stand alone, and all of them behind which columns can be meant that aren't named.
pub(in crate::autogenerate::ddl::postgres) fn names_of_rows(expression: &str) -> BTreeSet<String> {
    let tokens: Vec<_> = Lexer::new(expression, Dialect::Postgres).map_while(Result::ok).collect();
    let text = |at: Option<usize>| at.and_then(|it| tokens.get(it)).map_or("", |it| it.text);
    let is_one_of = |token: &str, all: &[&str]| all.iter().any(|it| it.eq_ignore_ascii_case(token));
    let has_all = tokens.iter().enumerate().any(|(at, it)| {
        let before = text(at.checked_sub(1));
        let is_star = it.text == "*" && is_one_of(before, &[".", ",", "SELECT", "ALL", "DISTINCT"]);
        is_star || is_one_of(it.text, &["TABLE", "NATURAL"])
    });
    let is_alone = |at: usize| !is_one_of(text(Some(at + 1)), &[".", "("]);
    let alone = tokens.iter().enumerate().filter(|(at, _)| has_all || is_alone(*at));
    alone.filter_map(|(_, it)| name_of(it)).collect()
}

/// Returns the texts of an expression that can name sequences, without the schemas before them.
pub(in crate::autogenerate::ddl::postgres) fn texts(expression: &str) -> BTreeSet<String> {
    let tokens = Lexer::new(expression, Dialect::Postgres).map_while(Result::ok);
    let texts = tokens.filter_map(|token| {
        let text = in_quotes(token.text, '\'')?;
        let name = text.rsplit('.').next().unwrap_or(text);
        Some(in_quotes(name, '"').map_or_else(|| name.to_lowercase(), str::to_owned))
    });
    texts.collect()
}

fn in_quotes(text: &str, quote: char) -> Option<&str> {
    text.strip_prefix(quote)?.strip_suffix(quote)
}

/// Tells whether an expression can be NULL in some row: one over columns or other rows, unless it ends in
/// a constant for that.
pub(in crate::autogenerate::ddl::postgres) fn may_be_null(
    expression: &str,
    columns: &[&Object],
) -> bool {
    let tokens: Vec<_> = Lexer::new(expression, Dialect::Postgres).map_while(Result::ok).collect();
    let is_word = |text: &str| tokens.iter().any(|it| it.text.eq_ignore_ascii_case(text));
    if !is_word("NULL") && !is_word("SELECT") && !names_any(expression, columns) {
        return false;
    }
    let (mut depth, mut comma, mut end) = (0_usize, None, None);
    for (at, token) in tokens.iter().enumerate() {
        match token.text {
            "(" => depth += 1,
            ")" => {
                depth = depth.saturating_sub(1);
                end = (depth == 0 && at + 1 == tokens.len()).then_some(token.offset);
            }
            "," if depth == 1 => comma = Some(token.offset + 1),
            _ => {}
        }
    }
    let is_coalesce = tokens.first().is_some_and(|it| it.text.eq_ignore_ascii_case("coalesce"));
    let last = comma.zip(end).and_then(|(comma, end)| expression.get(comma..end));
    !(is_coalesce && last.is_some_and(is_constant))
}

/// Tells whether an expression is a single literal that isn't NULL, with or without a sign and a type.
pub(in crate::autogenerate::ddl::postgres) fn is_constant(expression: &str) -> bool {
    let tokens: Vec<_> = Lexer::new(expression, Dialect::Postgres).map_while(Result::ok).collect();
    let signs = tokens.iter().take_while(|it| ["-", "+"].contains(&it.text)).count();
    let mut rest = tokens.iter().skip(signs);
    let Some(value) = rest.next() else { return false };
    let is_literal = match value.kind {
        TokenKind::Number => true,
        TokenKind::Quoted => value.text.starts_with('\''),
        TokenKind::Word => ["true", "false"].contains(&value.text.to_ascii_lowercase().as_str()),
        TokenKind::Parameter | TokenKind::Delimiter | TokenKind::Executable | TokenKind::Symbol => {
            false
        }
    };
    let cast: Vec<&str> = rest.map(|it| it.text).collect();
    let is_cast = cast.len() > 2 && cast.starts_with(&[":", ":"]);
    let is_type = |it: &&&str| {
        it.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '"')
            || [".", "(", ")", ",", "[", "]"].contains(*it)
    };
    is_literal && (cast.is_empty() || (is_cast && cast.iter().skip(2).all(|it| is_type(&it))))
}

/// Returns the statements that add a column whose value in rows that are there is a constant: no row is
/// written for it.
fn constant_column(
    column: &Object,
    default: Option<&Object>,
    backfill: &str,
    sides: &Sides<'_>,
) -> Vec<String> {
    let to = sides.to;
    let mut first = Object::new(Id { kind: Kind::Default, ..column.id.clone() });
    first.set(EXPRESSION, Value::exact(backfill));
    let mut res = add_column(column, to, Some(&first));
    match default {
        Some(own) => res.extend(set_default(own, to)),
        None => res.push(format!("{} DROP DEFAULT", alter_column(column, to))),
    }
    res
}

/// Returns the expression by which the values of a column were computed that are kept from now on: the
/// column is made anew, and gets them from that. A default stands for NULL, if that is refused.
fn computed(column: &Object, default: Option<&Object>, sides: &Sides<'_>) -> Option<String> {
    let old = sides.from.get(&column.id)?;
    let value = (old.normal(GENERATED_KIND) == "VIRTUAL").then(|| old.written(GENERATED))?;
    Some(match default {
        Some(default) => format!("COALESCE({value}, {})", default.written(EXPRESSION)),
        None => value.to_owned(),
    })
}

/// Returns the statements that add a column to a table that can have rows.
pub(in super::super) fn new_column(
    column: &Object,
    default: Option<&Object>,
    sides: &Sides<'_>,
) -> Alter {
    let to = sides.to;
    let name = quoted(column.id.name.as_str());
    let is_filled = column.says(GENERATED) || column.says(IDENTITY);
    let has_default =
        default.is_some_and(|it| !it.written(EXPRESSION).to_ascii_lowercase().starts_with("null"));
    let told = sides.how.backfills.get(&column.id).cloned();
    let first_default = default.filter(|_| has_default && is_kept(column));
    let backfill = told.or_else(|| computed(column, first_default, sides));
    let backfill = backfill.as_ref().filter(|_| !is_filled);
    let is_late = is_kept(column) && !is_filled && !has_default;
    let mut res = Alter::default();
    let constant = backfill.filter(|it| is_constant(it));
    let mut first = column.clone();
    if is_late {
        first.attributes.remove(NOT_NULL);
    }
    res.statements = match constant {
        Some(value) => constant_column(column, default, value, sides),
        None => add_column(&first, to, default),
    };
    let is_volatile = constant.is_none()
        && default.is_some_and(|it| {
            let text = it.written(EXPRESSION);
            VOLATILE.iter().any(|call| text.contains(call))
        });
    if is_volatile
        || column.says(IDENTITY)
        || (column.says(GENERATED) && column.normal(GENERATED_KIND) != "VIRTUAL")
    {
        res.notes.push("rewrites the table".to_owned());
    }
    if let Some(backfill) = backfill {
        res.notes.push(format!("{} of rows that are there becomes {backfill}", shown(&column.id)));
        if constant.is_none() {
            let table = target(column, backfill, sides);
            res.statements.push(format!("UPDATE {table} SET {name} = {backfill}"));
        }
    } else if is_late {
        res.fills.push(format!(
            "{} is NOT NULL and has no default; rows that are there need a value in place of NULL",
            shown(&column.id)
        ));
        let table = owner(to, &column.id);
        res.statements.push(format!("UPDATE {table} SET {name} = NULL /* FILL IN */"));
    }
    if (is_late && constant.is_none()) || (column.says(NOT_NULL) && !is_kept(column)) {
        res.statements.push(not_null::add(column, to));
    }
    res.statements.extend(write::comments(column, to));
    res
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_read_as_a_whole_if_they_stand_alone() {
        let is_read = |text: &str| names_of_rows(text).contains("t");
        for text in [
            "to_jsonb(t) - 'id'",
            "T::text",
            "row(t.*)",
            "row(1, t . *)",
            "(SELECT x FROM public.\"t\" x)",
            "(SELECT DISTINCT * FROM t)",
            "(SELECT count(*) FROM (TABLE t) x)",
            "(SELECT t.a FROM u NATURAL JOIN t)",
            "(SELECT u.* FROM u WHERE u.id = t.u)",
        ] {
            assert!(is_read(text), "{text}");
        }
        for text in [
            "t.a * 2",
            "coalesce(t.a, u.t(1))",
            "t(1)",
            "(SELECT count(*) FROM u WHERE t.a)",
            "'t'",
        ] {
            assert!(!is_read(text), "{text}");
        }
    }
}
