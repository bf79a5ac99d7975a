//! Changes of types, and the effect of usual ones on values.

use crate::catalog::{Kind, Object, TYPE};

/// The effect of a change of a type.
#[expect(clippy::struct_excessive_bools, reason = "each says something of its own")]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in super::super) struct Cast {
    /// Whether every value can be another one afterwards.
    pub(in super::super) may_lose: bool,
    /// Whether there can be values that the new type refuses.
    pub(in super::super) may_fail: bool,
    /// Whether all rows are written anew.
    pub(in super::super) rewrites: bool,
    /// Whether the server has to be told how to get from one to the other.
    pub(in super::super) needs_using: bool,
}

const INTEGERS: [&str; 3] = ["smallint", "integer", "bigint"];
const FLOATS: [&str; 2] = ["real", "double precision"];
const TEXTS: [&str; 4] = ["character", "character varying", "text", "public.citext"];

/// Splits a type into its name and the numbers in its parentheses.
fn parts(name: &str) -> (String, Vec<u32>) {
    let Some((head, rest)) = name.split_once('(') else { return (name.to_owned(), Vec::new()) };
    let (inside, tail) = rest.split_once(')').unwrap_or((rest, ""));
    let numbers = inside.split(',').filter_map(|it| it.trim().parse().ok()).collect();
    (format!("{head}{tail}"), numbers)
}

/// Judges the way from one type to another.
pub(in super::super) fn cast(old: &str, new: &str) -> Cast {
    let ((from, before), (to, after)) = (parts(old), parts(new));
    let place = |list: &[&str], name: &str| list.iter().position(|it| *it == name);
    let both = |list: &[&str]| place(list, &from).zip(place(list, &to));
    let rewrite = Cast { rewrites: true, ..Cast::default() };
    if let Some((one, other)) = both(&INTEGERS) {
        return Cast { may_fail: other < one, ..rewrite };
    }
    if let Some((one, other)) = both(&FLOATS) {
        return Cast { may_lose: other < one, ..rewrite };
    }
    if place(&INTEGERS, &from).is_some() && to == "numeric" {
        return Cast { may_fail: !after.is_empty(), ..rewrite };
    }
    if from == "numeric" && (place(&INTEGERS, &to).is_some() || place(&FLOATS, &to).is_some()) {
        return Cast { may_lose: true, ..rewrite };
    }
    if from == "numeric" && to == "numeric" {
        return numeric(&before, &after);
    }
    if both(&TEXTS).is_some() {
        return text((&from, before.first().copied()), (&to, after.first().copied()));
    }
    if from == to && !from.ends_with("[]") {
        // The precision of times, the length of bits.
        let narrower = after.first().copied().unwrap_or(u32::MAX)
            < before.first().copied().unwrap_or(u32::MAX);
        return Cast { may_lose: narrower, rewrites: narrower, ..Cast::default() };
    }
    let (time, zoned) = ("timestamp without time zone", "timestamp with time zone");
    if (from == time && to == zoned) || (from == "date" && (to == time || to == zoned)) {
        return rewrite;
    }
    apart((&from, &before), (&to, &after))
}

/// Judges the way between types of which the server has to be told it.
fn apart((from, before): (&str, &[u32]), (to, after): (&str, &[u32])) -> Cast {
    let using = Cast { needs_using: true, rewrites: true, ..Cast::default() };
    if from == "cidr" && to == "inet" {
        return Cast { rewrites: false, ..using };
    }
    let is_exact = match (from, to) {
        ("jsonb", "json") | ("smallint", "real") | ("smallint" | "integer", "double precision") => {
            true
        }
        ("boolean", _) => is_number(to),
        _ => is_multirange(from, to),
    };
    if is_exact {
        return using;
    }
    let is_array = |it: &str| it.ends_with("[]");
    let size = |it: &[u32]| {
        let numbers: Vec<String> = it.iter().map(u32::to_string).collect();
        if numbers.is_empty() { String::new() } else { format!("({})", numbers.join(",")) }
    };
    // A text is read as an array; another value becomes the only one of an array.
    let one = from.strip_suffix("[]").or_else(|| (from != "text").then_some(from));
    if let (Some(one), Some(other)) = (one, to.strip_suffix("[]")) {
        let elements = cast(&format!("{one}{}", size(before)), &format!("{other}{}", size(after)));
        if from == to {
            return elements;
        }
        // A cast in words cuts what is too long.
        let may_lose = elements.may_lose || (elements.may_fail && TEXTS.contains(&other));
        return Cast { may_lose, may_fail: elements.may_fail && !may_lose, ..using };
    }
    let is_text = TEXTS.contains(&from);
    if is_text && (["uuid", "inet"].contains(&to) || is_array(to)) {
        return Cast { may_fail: true, ..using };
    }
    let to_text = to == "text" && !is_array(from);
    Cast { may_lose: !to_text, may_fail: is_text, ..using }
}

fn is_number(name: &str) -> bool {
    INTEGERS.contains(&name) || FLOATS.contains(&name) || name == "numeric"
}

/// Writes the way between types that don't read each other's text, where the server knows one.
fn direct(old: &str, after: &str, name: &str) -> Option<String> {
    let ((from, _), (to, _)) = (parts(old), parts(after));
    let (from, to) = (from.as_str(), to.as_str());
    match (from, to) {
        ("boolean", "integer")
        | ("integer", "boolean")
        | ("money", "numeric")
        | ("public.hstore", "json" | "jsonb") => Some(format!("{name}::{after}")),
        ("boolean", _) if is_number(to) => Some(format!("{name}::integer::{after}")),
        (_, "boolean") if is_number(from) => Some(format!("{name} <> 0")),
        ("money", _) if is_number(to) => Some(format!("{name}::numeric::{after}")),
        (_, "money") if is_number(from) => Some(format!("{name}::numeric::{after}")),
        _ => is_multirange(from, to).then(|| format!("{name}::{after}")),
    }
}

/// Tells whether no value of one type can become one of the other: there is no way but by text, which
/// the other type never reads.
pub(in crate::autogenerate::ddl::postgres) fn never(old: &str, new: &str) -> bool {
    let ((from, _), (to, _)) = (parts(old), parts(new));
    let (from, to) = (from.as_str(), to.as_str());
    let is_whole = |it: &str| INTEGERS.contains(&it);
    let is_time = |it: &str| it == "date" || it.starts_with("timestamp");
    match (from, to) {
        ("json" | "jsonb", "public.hstore") | ("boolean", "uuid") | ("uuid", "boolean") => true,
        ("uuid", _) => is_number(to) || is_time(to),
        (_, "uuid") => is_whole(from) || is_time(from),
        ("boolean", _) => is_time(to),
        (_, "boolean") => is_time(from),
        _ => (is_time(from) && is_whole(to)) || is_multirange(to, from),
    }
}

/// Tells whether one type is the multirange of the other.
fn is_multirange(range: &str, multirange: &str) -> bool {
    let (Some(of), Some(of_many)) =
        (range.strip_suffix("range"), multirange.strip_suffix("multirange"))
    else {
        return false;
    };
    ["int4", "int8", "num", "ts", "tstz", "date"].contains(&of) && of == of_many
}

/// Judges the way from the type of one column to that of another one. An enum refuses what it doesn't
/// know.
pub(in super::super) fn of_columns(old: &Object, new: &Object) -> Cast {
    let cast = cast(old.written(TYPE), new.written(TYPE));
    let is_enum = new.needs.iter().any(|it| it.kind == Kind::Enum);
    let is_array = [old, new].into_iter().any(|it| it.written(TYPE).ends_with("[]"));
    if is_enum && !is_array && old.written(TYPE) != new.written(TYPE) {
        return Cast { may_lose: false, may_fail: true, ..cast };
    }
    cast
}

/// Judges the way from one type to another by way of text, which is read as what people write.
pub(super) fn by_text(old: &str, new: &str) -> Cast {
    let plain = |it: &str| it.split(" COLLATE ").next().unwrap_or_default().to_owned();
    let (old, new) = (plain(old), plain(new));
    if old == new {
        return Cast::default();
    }
    let (cast, (from, _)) = (cast(&old, &new), parts(&old));
    let has_fraction = from == "numeric" || FLOATS.contains(&from.as_str());
    if has_fraction && INTEGERS.contains(&new.as_str()) {
        return Cast { may_lose: false, may_fail: true, ..cast };
    }
    cast
}

fn numeric(before: &[u32], after: &[u32]) -> Cast {
    match (before, after) {
        (_, []) => Cast::default(),
        ([], _) => Cast { may_lose: true, rewrites: true, ..Cast::default() },
        (one, other) => {
            let of =
                |it: &[u32]| (it.first().copied().unwrap_or(0), it.get(1).copied().unwrap_or(0));
            let ((length, scale), (new_length, new_scale)) = (of(one), of(other));
            let is_narrower = new_length.saturating_sub(new_scale) < length.saturating_sub(scale);
            Cast {
                may_lose: new_scale < scale,
                may_fail: is_narrower,
                rewrites: scale != new_scale || is_narrower,
                needs_using: false,
            }
        }
    }
}

fn text(one: (&str, Option<u32>), other: (&str, Option<u32>)) -> Cast {
    let is_padded = |it: (&str, Option<u32>)| it.0 == "character";
    let shorter = other.1.unwrap_or(u32::MAX) < one.1.unwrap_or(u32::MAX);
    Cast {
        may_lose: is_padded(one) && !is_padded(other),
        may_fail: shorter,
        rewrites: shorter || is_padded(one) || is_padded(other),
        needs_using: false,
    }
}

/// Returns the expression that makes the new value of a column, if it has to be said: by way of text
/// where nothing else may lead there.
pub(in crate::autogenerate::ddl::postgres) fn using(
    old: &Object,
    new: &Object,
    name: &str,
    by_text: bool,
) -> Option<String> {
    let (before, after) = (old.written(TYPE), new.written(TYPE));
    let cast = cast(before, after);
    if let Some(direct) = direct(before, after, name) {
        return Some(direct);
    }
    match (before.ends_with("[]"), after.ends_with("[]")) {
        (false, true) if before != "text" => {
            Some(format!("CASE WHEN {name} IS NOT NULL THEN ARRAY[{name}]::{after} END"))
        }
        (true, false) if after != "text" => Some(format!("{name}[1]::{after}")),
        (_, is_array) if by_text && cast.needs_using => {
            let array = if is_array { "[]" } else { "" };
            Some(format!("{name}::text{array}::{after}"))
        }
        _ => cast.needs_using.then(|| format!("{name}::{after}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(old: &str, new: &str, expected: &str) {
        let res = cast(old, new);
        let words = [
            (res.may_lose, "loses"),
            (res.may_fail, "fails"),
            (res.rewrites, "rewrites"),
            (res.needs_using, "using"),
        ];
        let words: Vec<&str> = words.iter().filter(|it| it.0).map(|it| it.1).collect();
        assert_eq!(words.join(" "), expected, "{old} -> {new}");
    }

    #[test]
    fn what_a_change_of_type_does_is_known() {
        check("integer", "bigint", "rewrites");
        check("bigint", "integer", "fails rewrites");
        check("character varying(20)", "character varying(40)", "");
        check("character varying(20)", "text", "");
        check("text", "character varying(20)", "fails rewrites");
        check("character(3)", "text", "loses rewrites");
        check("numeric(10,2)", "numeric(12,2)", "");
        check("numeric(10,2)", "numeric(12,4)", "rewrites");
        check("numeric(10,2)", "numeric(11,4)", "fails rewrites");
        check("numeric(10,2)", "numeric(10,1)", "loses rewrites");
        check("numeric(10,2)", "numeric", "");
        check("timestamp(3) without time zone", "timestamp without time zone", "");
        check("timestamp without time zone", "timestamp(0) without time zone", "loses rewrites");
        check("timestamp without time zone", "timestamp with time zone", "rewrites");
        check("json", "jsonb", "loses rewrites using");
        check("jsonb", "json", "rewrites using");
        check("integer", "double precision", "rewrites using");
        check("bigint", "double precision", "loses rewrites using");
        check("int4range", "int4multirange", "rewrites using");
        check("int4multirange", "int4range", "loses rewrites using");
        check("text", "integer", "loses fails rewrites using");
        check("text", "uuid", "fails rewrites using");
        check("text", "text[]", "fails rewrites using");
        check("cidr", "inet", "using");
        check("boolean", "smallint", "rewrites using");
        check("integer", "text", "rewrites using");
        check("integer[]", "bigint[]", "rewrites using");
        check("bigint[]", "integer[]", "fails rewrites using");
        check("integer", "integer[]", "rewrites using");
        check("integer[]", "integer", "loses rewrites using");
        check("text[]", "character varying(3)[]", "loses rewrites using");
        check("numeric(9,4)[]", "numeric(9,1)[]", "loses rewrites");
    }

    #[test]
    fn a_way_by_text_that_no_value_can_go_is_known() {
        assert!(never("integer", "uuid"));
        assert!(never("timestamp(3) with time zone", "bigint"));
        assert!(never("int4multirange", "int4range"));
        assert!(!never("int4range", "int4multirange"));
        assert!(!never("bigint", "date"));
        assert!(!never("text", "uuid"));
        assert_eq!(direct("boolean", "smallint", "x").as_deref(), Some("x::integer::smallint"));
        assert_eq!(direct("bigint", "boolean", "x").as_deref(), Some("x <> 0"));
    }
}
