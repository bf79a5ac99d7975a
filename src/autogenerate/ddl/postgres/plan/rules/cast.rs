//! Changes of types, and the effect of usual ones on values.

use crate::catalog::{Object, TYPE};

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
    if from == to {
        // The precision of times, the length of bits.
        let narrower = after.first().copied().unwrap_or(u32::MAX)
            < before.first().copied().unwrap_or(u32::MAX);
        return Cast { may_lose: narrower, rewrites: narrower, ..Cast::default() };
    }
    let (time, zoned) = ("timestamp without time zone", "timestamp with time zone");
    if (from == time && to == zoned) || (from == "date" && (to == time || to == zoned)) {
        return rewrite;
    }
    if (from == "cidr" && to == "inet") || (from == "json" && to == "jsonb") {
        return Cast { rewrites: to == "jsonb", needs_using: true, ..Cast::default() };
    }
    let to_text = to == "text" && !from.ends_with("[]");
    Cast { may_lose: !to_text, rewrites: true, needs_using: true, ..Cast::default() }
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
        check("json", "jsonb", "rewrites using");
        check("text", "integer", "loses rewrites using");
        check("integer", "text", "rewrites using");
        check("integer[]", "bigint[]", "loses rewrites using");
    }
}
