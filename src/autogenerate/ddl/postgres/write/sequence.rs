//! Sequences, and the options that those of identities have, too.

use crate::autogenerate::ddl::postgres::names::full;
use crate::catalog::{Catalog, Object, TYPE};
use crate::inspect::postgres::attributes::{OPTIONS, OWNED_BY, UNLOGGED};

pub(in super::super) fn create(sequence: &Object, catalog: &Catalog) -> Vec<String> {
    let unlogged = if sequence.says(UNLOGGED) { "UNLOGGED " } else { "" };
    let type_name = sequence.normal(TYPE);
    let as_type = if type_name == "bigint" { String::new() } else { format!(" AS {type_name}") };
    let options = other_options(sequence.list(OPTIONS), type_name);
    let options = if options.is_empty() { options } else { format!(" {options}") };
    let name = full(catalog, &sequence.id);
    vec![format!("CREATE {unlogged}SEQUENCE {name}{as_type}{options}")]
}

pub(in super::super) fn owned_by(sequence: &Object, catalog: &Catalog) -> String {
    let owner = sequence.attributes.get(OWNED_BY).map_or("NONE", |it| &it.written);
    format!("ALTER SEQUENCE {} OWNED BY {owner}", full(catalog, &sequence.id))
}

/// Returns the options that differ from those that a sequence of the type has anyway.
pub(in super::super) fn other_options(options: &[String], type_name: &str) -> String {
    let most = match type_name {
        "smallint" => "MAXVALUE 32767",
        "integer" => "MAXVALUE 2147483647",
        _ => "MAXVALUE 9223372036854775807",
    };
    let usual = ["INCREMENT BY 1", "MINVALUE 1", most, "START WITH 1", "CACHE 1", "NO CYCLE"];
    let is_ascending = !options.iter().any(|it| it.starts_with("INCREMENT BY -"));
    // The start is that of the least value, unless it is said.
    let is_from_one = options.iter().any(|it| it == "MINVALUE 1");
    let is_usual = |it: &&String| {
        let at_start = it.starts_with("START WITH");
        is_ascending && usual.contains(&it.as_str()) && (!at_start || is_from_one)
    };
    let rest: Vec<&str> = options.iter().filter(|it| !is_usual(it)).map(String::as_str).collect();
    rest.join(" ")
}

/// Returns the options that a sequence has once it got another type: the server lets bounds follow that
/// are those of the type.
pub(in super::super) fn following(options: &[String], types: (&str, &str)) -> Vec<String> {
    let bounds = |type_name: &str| match type_name {
        "smallint" => ("MINVALUE -32768", "MAXVALUE 32767"),
        "integer" => ("MINVALUE -2147483648", "MAXVALUE 2147483647"),
        _ => ("MINVALUE -9223372036854775808", "MAXVALUE 9223372036854775807"),
    };
    let ((least, most), (new_least, new_most)) = (bounds(types.0), bounds(types.1));
    let one = |it: &String| match it.as_str() {
        it if it == most => new_most.to_owned(),
        it if it == least => new_least.to_owned(),
        it => it.to_owned(),
    };
    options.iter().map(one).collect()
}

/// Returns the value after the words of an option.
pub(in super::super) fn option<'a>(options: &'a [String], words: &str) -> Option<&'a str> {
    options.iter().find_map(|it| it.strip_prefix(words)?.strip_prefix(' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(options: &[&str], type_name: &str, expected: &str) {
        let options: Vec<String> = options.iter().map(|it| (*it).to_owned()).collect();
        assert_eq!(other_options(&options, type_name), expected);
    }

    #[test]
    fn options_that_say_nothing_are_left_out() {
        let one =
            ["INCREMENT BY 1", "MINVALUE 1", "MAXVALUE 2147483647", "START WITH 1", "NO CYCLE"];
        check(&one, "integer", "");
        check(&one, "bigint", "MAXVALUE 2147483647");
        let low = ["INCREMENT BY 1", "MINVALUE 0", "START WITH 1"];
        check(&low, "bigint", "MINVALUE 0 START WITH 1");
        let down = ["INCREMENT BY -1", "MAXVALUE -1", "CACHE 1"];
        check(&down, "bigint", "INCREMENT BY -1 MAXVALUE -1 CACHE 1");
    }
}
