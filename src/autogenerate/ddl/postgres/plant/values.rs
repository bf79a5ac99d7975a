//! Awkward values of every type, as texts that a cast reads.

use crate::autogenerate::ddl::found::Literals;
use crate::autogenerate::ddl::postgres::plant::types::{Shape, Type, Typed, Types};

/// The deepest nesting of types that is followed.
const DEEPEST: usize = 4;

/// The most values of a column that its conditions are asked about.
const MOST: usize = 12;

/// A value to make: no two numbers give the same value, if the type has as many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Turn {
    pub(super) number: usize,
    /// The position of the column: of times, later columns have later ones.
    pub(super) at: usize,
    /// Whether a text has no signs beyond letters and digits.
    pub(super) is_tame: bool,
}

impl Types {
    /// Makes a value that differs from those of other numbers; none if the type isn't known.
    pub(super) fn value(&self, typed: Typed, turn: Turn) -> Option<String> {
        self.nested(typed, turn, 0)
    }

    fn nested(&self, typed: Typed, turn: Turn, depth: usize) -> Option<String> {
        let typed = self.base(typed);
        let own = self.get(typed.id)?;
        let inside = |typed| self.nested(typed, turn, depth + 1);
        let is_deep = depth >= DEEPEST;
        match &own.shape {
            Shape::Enum(labels) => labels.get(turn.number % labels.len().max(1)).cloned(),
            Shape::Array(_) if is_deep => Some("{}".to_owned()),
            Shape::Array(element) => {
                let first = inside(Typed { id: *element, modifier: typed.modifier })?;
                Some(format!("{{{}}}", in_quotes(&first)))
            }
            Shape::Composite(_) if is_deep => None,
            Shape::Composite(attributes) => {
                // The values of a row differ, so that none can take the place of another one.
                let parts = attributes.iter().enumerate().map(|(at, it)| {
                    let turn = Turn { number: turn.number + at, ..turn };
                    self.nested(*it, turn, depth + 1)
                });
                let parts = parts.map(|it| it.map(|it| in_quotes(&it)).unwrap_or_default());
                Some(format!("({})", parts.collect::<Vec<_>>().join(",")))
            }
            Shape::Range(of) => self.range(Typed { id: *of, modifier: -1 }, turn, depth),
            Shape::Multirange(of) => match of {
                Some(of) => Some(format!("{{{}}}", inside(Typed { id: *of, modifier: -1 })?)),
                None => Some("{}".to_owned()),
            },
            Shape::Domain(_) => None,
            Shape::Plain => Some(plain(own, typed.modifier, turn)),
        }
    }

    fn range(&self, of: Typed, turn: Turn, depth: usize) -> Option<String> {
        let bound = |number| {
            let turn = Turn { number, is_tame: true, ..turn };
            self.nested(of, turn, depth + 1)
        };
        let (one, two) = (bound(turn.number * 2)?, bound(turn.number * 2 + 1)?);
        Some(format!("[{},{})", in_quotes(&one), in_quotes(&two)))
    }

    /// Returns the values at the borders of a type.
    pub(super) fn extremes(&self, typed: Typed) -> Vec<String> {
        let typed = self.base(typed);
        let Some(own) = self.get(typed.id) else { return Vec::new() };
        match &own.shape {
            Shape::Enum(labels) => labels.iter().rev().take(2).cloned().collect(),
            Shape::Array(_) | Shape::Multirange(_) => vec!["{}".to_owned()],
            Shape::Range(_) => vec!["empty".to_owned()],
            Shape::Composite(_) | Shape::Domain(_) => Vec::new(),
            Shape::Plain => {
                let all = extremes(&own.name).iter().map(|it| fitted(own, typed.modifier, it));
                let mut all: Vec<String> = all.collect();
                if is_text(own) && own.name != "char" {
                    all.push(fitted(own, typed.modifier, &"é".repeat(3000)));
                }
                all
            }
        }
    }

    /// Returns the values that the conditions of a column are asked about, the likely ones first.
    pub(super) fn candidates(&self, typed: Typed, at: usize, found: &Literals) -> Vec<String> {
        let mut res = self.shaped(typed, found);
        res.truncate(MOST - 4);
        let turn = |number, is_tame| Turn { number, at, is_tame };
        let plain = [(0, true), (0, false), (1, true), (2, true)];
        res.extend(plain.iter().filter_map(|(it, tame)| self.value(typed, turn(*it, *tame))));
        res.extend(self.extremes(typed));
        let mut met = Vec::new();
        for value in res {
            if !met.contains(&value) && met.len() < MOST {
                met.push(value);
            }
        }
        met
    }

    /// Returns those of the values that conditions mention which the type can have.
    pub(super) fn shaped(&self, typed: Typed, found: &Literals) -> Vec<String> {
        let typed = self.base(typed);
        let Some(own) = self.get(typed.id) else { return Vec::new() };
        match &own.shape {
            Shape::Enum(labels) => {
                found.texts.iter().filter(|it| labels.contains(it)).cloned().collect()
            }
            Shape::Array(element) => self.shaped_arrays(Typed { id: *element, ..typed }, found),
            Shape::Plain => {
                let lengths = found.lengths.iter().filter_map(|it| of_length(own, *it));
                let takes = |it: &&String| takes(own, typed.modifier, it);
                let texts = found.texts.iter().filter(takes);
                let texts = texts.map(|it| fitted(own, typed.modifier, it));
                let words = if own.name.starts_with("json") { objects(found) } else { Vec::new() };
                lengths.chain(words).chain(texts).collect()
            }
            Shape::Composite(_) | Shape::Range(_) | Shape::Multirange(_) | Shape::Domain(_) => {
                let is_like = |it: &&String| it.starts_with(['(', '[', '{']) || *it == "empty";
                found.texts.iter().filter(is_like).cloned().collect()
            }
        }
    }

    fn shaped_arrays(&self, element: Typed, found: &Literals) -> Vec<String> {
        let mut res = Vec::new();
        let plain =
            (0..20).filter_map(|number| self.value(element, Turn { number, at: 0, is_tame: true }));
        let plain: Vec<String> = plain.map(|it| in_quotes(&it)).collect();
        if found.are_counts {
            let lists = found.lengths.iter().filter_map(|it| plain.get(..*it));
            res.extend(lists.map(|it| format!("{{{}}}", it.join(","))));
        }
        let lone = Literals { lengths: Vec::new(), ..found.clone() };
        let shaped = self.shaped(element, &lone);
        res.extend(shaped.iter().map(|it| format!("{{{}}}", in_quotes(it))));
        res
    }
}

/// Quotes a value inside an array, a range, or a row.
fn in_quotes(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn is_text(own: &Type) -> bool {
    own.category == 'S' || ["text", "varchar", "bpchar", "name", "citext"].contains(&&*own.name)
}

/// Cuts a text to the length of its type.
fn fitted(own: &Type, modifier: i32, text: &str) -> String {
    let most = match own.name.as_str() {
        "varchar" | "bpchar" if modifier > 4 => usize::try_from(modifier - 4).unwrap_or(1),
        // 63 bytes.
        "name" => 15,
        "char" => 1,
        _ => return text.to_owned(),
    };
    text.chars().take(most).collect()
}

/// Returns how many digits a number may have before and behind the point.
fn digits(modifier: i32) -> (usize, usize) {
    if modifier < 4 {
        return (30, 6);
    }
    let (precision, scale) = ((modifier - 4) >> 16, (modifier - 4) & 0x7ff);
    let scale = if scale > 1023 { scale - 2048 } else { scale };
    let whole = usize::try_from(precision - scale).unwrap_or_default();
    (whole, usize::try_from(scale).unwrap_or_default())
}

/// Makes a value of a type that isn't made of others.
fn plain(own: &Type, modifier: i32, turn: Turn) -> String {
    let Turn { number: n, at, is_tame } = turn;
    let (second, low) = (n % 60, n % 250);
    // A leap day and those behind it; later columns have later years.
    let day = if n == 0 { "02-29".to_owned() } else { format!("03-{:02}", 1 + (n - 1) % 30) };
    let (year, hour) = (2024 + 4 * (at % 9), 10 + at % 9);
    match own.name.as_str() {
        "bool" => if n % 2 == 0 { "t" } else { "f" }.to_owned(),
        "int2" | "int4" | "int8" | "oid" | "xid" | "cid" => (7 + 13 * n).to_string(),
        "numeric" => match digits(modifier) {
            (0, _) => format!("0.0{}", n + 1),
            (1, 0) => (n % 10).to_string(),
            (_, 0) => (7 + 13 * n).to_string(),
            (1, _) => format!("{}.5", n % 10),
            _ => format!("{}.5", 7 + 13 * n),
        },
        "float4" | "float8" => format!("{}.5", n + 1),
        "money" => format!("{}.25", n + 1),
        "uuid" => format!("00000000-0000-4000-8000-{:012}", n + 1),
        "json" if !is_tame => format!("{{\"b\":  [null, \"é\"], \"a\" : {n}}}"),
        "json" | "jsonb" => format!("{{\"a\": {n}, \"b\": [null, \"é\"]}}"),
        "jsonpath" => format!("$.a[{n}]"),
        "xml" => format!("<a n=\"{n}\">é</a>"),
        "bytea" => format!("\\x00ff{low:02x}"),
        "date" => format!("{year}-{day}"),
        "timestamp" => format!("{year}-{day} 12:00:{second:02}.123456"),
        "timestamptz" => format!("{year}-{day} 12:00:{second:02}.123456+00"),
        "time" => format!("{hour}:59:{second:02}.5"),
        "timetz" => format!("{hour}:59:{second:02}.5+02"),
        "interval" => format!("{} days 02:03:04.5", n + 1),
        "bit" => {
            let width = usize::try_from(modifier).unwrap_or(1).clamp(1, 4000);
            let all = format!("{:0>width$}", format!("{:b}", n + 1));
            all.chars().skip(all.len() - width).collect()
        }
        "varbit" => fitted_bits(&format!("{:b}", n + 2), modifier),
        _ if is_text(own) => text(own, modifier, turn),
        _ => rare(own, modifier, turn),
    }
}

/// Makes a value of a type for addresses, shapes, words, vectors, or of an unknown one.
fn rare(own: &Type, modifier: i32, turn: Turn) -> String {
    let (n, low) = (turn.number, turn.number % 250);
    match own.name.as_str() {
        "inet" => format!("10.0.0.{low}/24"),
        "cidr" => format!("10.0.{low}.0/24"),
        "macaddr" => format!("08:00:2b:01:02:{low:02x}"),
        "macaddr8" => format!("08:00:2b:01:02:03:04:{low:02x}"),
        "point" => format!("({n},1.5)"),
        "line" => format!("{{1,2,{n}}}"),
        "lseg" | "path" => format!("[(0,0),({n},1)]"),
        "box" => format!("({},1),(0,0)", n + 1),
        "polygon" => format!("((0,0),({},1),(1,0))", n + 1),
        "circle" => format!("<(0,{n}),1.5>"),
        "tsvector" => format!("'a':1 'b{n}':2"),
        "tsquery" => format!("'a' & 'b{n}'"),
        "pg_lsn" => format!("0/{:X}", n + 1),
        "regclass" => "pg_catalog.pg_class".to_owned(),
        "regtype" => "integer".to_owned(),
        "regproc" | "regprocedure" | "regrole" | "regnamespace" | "regconfig" => "-".to_owned(),
        "hstore" => format!("\"a\"=>\"{n}\", \"b\"=>NULL"),
        "ltree" => format!("top.b{n}"),
        "lquery" | "ltxtquery" => format!("a{n}"),
        "vector" | "halfvec" => listed(modifier, n),
        "cube" => format!("({n}, 1)"),
        "geometry" | "geography" => format!("POINT({low} 1)"),
        "char" => letter(n).to_string(),
        _ if own.category == 'N' => (n + 1).to_string(),
        _ if own.category == 'B' => "t".to_owned(),
        _ if own.category == 'D' => format!("2024-03-{:02}", 1 + n % 30),
        _ => (n + 1).to_string(),
    }
}

fn fitted_bits(bits: &str, modifier: i32) -> String {
    let most = usize::try_from(modifier).unwrap_or(bits.len()).max(1);
    bits.chars().take(most).collect()
}

/// Writes a vector with as many numbers as its type has dimensions.
fn listed(modifier: i32, number: usize) -> String {
    let width = usize::try_from(modifier).unwrap_or(3).clamp(1, 16000);
    let rest = ",1".repeat(width - 1);
    format!("[{}{rest}]", number + 1)
}

fn letter(number: usize) -> char {
    ('a'..='z').nth(number % 26).unwrap_or('a')
}

fn text(own: &Type, modifier: i32, Turn { number, is_tame, .. }: Turn) -> String {
    let room = fitted(own, modifier, &"x".repeat(40)).len();
    match room {
        0..4 => letter(number).to_string().repeat(if own.name == "bpchar" { room } else { 1 }),
        _ if is_tame && own.name == "bpchar" && room < 40 => {
            letter(number).to_string().repeat(room)
        }
        _ if is_tame => format!("{}{number}", letter(number)),
        4..16 => format!("ü'{number}"),
        _ => format!("it's 🦀 Ü {number}"),
    }
}

/// Tells whether a text that a condition mentions can be a value of a type.
fn takes(own: &Type, modifier: i32, text: &str) -> bool {
    let whole = |least: i64, most: i64| {
        text.parse::<i64>().is_ok_and(|number| (least..=most).contains(&number))
    };
    let is_number = || text.parse::<f64>().is_ok() && !text.contains(char::is_alphabetic);
    let is_date = || {
        let shape: String =
            text.chars().take(10).map(|it| if it.is_ascii_digit() { '0' } else { it }).collect();
        shape == "0000-00-00"
    };
    match own.name.as_str() {
        "int2" => whole(i16::MIN.into(), i16::MAX.into()),
        "int4" => whole(i32::MIN.into(), i32::MAX.into()),
        "int8" => whole(i64::MIN, i64::MAX),
        "oid" => whole(0, u32::MAX.into()),
        "numeric" => {
            let whole = text.trim_start_matches('-').split('.').next().unwrap_or_default();
            is_number() && (whole == "0" || whole.len() <= digits(modifier).0)
        }
        "float4" | "float8" | "money" => is_number(),
        "bool" => ["t", "f", "true", "false"].contains(&text),
        "date" | "timestamp" | "timestamptz" => is_date(),
        "time" | "timetz" => text.len() >= 5 && text.as_bytes().get(2) == Some(&b':'),
        "interval" => text.contains("day") || text.contains(':') || text.contains("mon"),
        "uuid" => text.len() == 36 && text.bytes().filter(|it| *it == b'-').count() == 4,
        "bytea" => text.starts_with("\\x"),
        "json" | "jsonb" => text.starts_with(['{', '[']),
        "inet" | "cidr" => text.contains('.') && text.starts_with(|it: char| it.is_ascii_digit()),
        "bit" | "varbit" => !text.is_empty() && text.chars().all(|it| it == '0' || it == '1'),
        _ => is_text(own),
    }
}

/// Makes a value of a given length.
fn of_length(own: &Type, length: usize) -> Option<String> {
    match own.name.as_str() {
        "bytea" => Some(format!("\\x{}", "ab".repeat(length))),
        "varchar" | "text" | "bpchar" | "citext" => Some("k".repeat(length)),
        _ => None,
    }
}

/// Makes JSON objects that have the keys which conditions mention.
fn objects(found: &Literals) -> Vec<String> {
    let is_key = |it: &&String| {
        it.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && it.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let keys: Vec<&String> = found.texts.iter().filter(is_key).take(12).collect();
    if keys.is_empty() {
        return vec!["{}".to_owned(), "[]".to_owned()];
    }
    let with = |value: &str| {
        let pairs: Vec<String> = keys.iter().map(|it| format!("\"{it}\": {value}")).collect();
        format!("{{{}}}", pairs.join(", "))
    };
    vec!["{}".to_owned(), "[]".to_owned(), with("\"a\""), with("1"), with("[]"), with("{}")]
}

/// Returns the values at the borders of a type that isn't made of others.
fn extremes(name: &str) -> &'static [&'static str] {
    match name {
        "int2" => &["-32768", "32767", "0"],
        "int4" => &["-2147483648", "2147483647", "0"],
        "int8" => &["-9223372036854775808", "9223372036854775807", "0"],
        "numeric" => &["0", "-1", "NaN"],
        "float4" | "float8" => &["-0", "NaN", "Infinity"],
        "bool" => &["f", "t"],
        "date" => &["2024-02-29", "infinity", "0001-01-01"],
        "timestamp" => &["infinity", "1582-10-15 23:59:59.999999"],
        "timestamptz" => &["-infinity", "2000-01-01 00:00:00+00"],
        "time" => &["00:00:00", "23:59:59.999999"],
        "interval" => &["0", "-1 mon +1 day -00:00:01"],
        "json" => &["null", "[1,  2]"],
        "jsonb" => &["null", "[]", "{}"],
        "bytea" => &["\\x", "\\x00"],
        "inet" => &["::1", "0.0.0.0/0"],
        "text" | "varchar" | "citext" => &["", "a\"b\\c\nd", "007"],
        "bpchar" => &["", "a"],
        "tsvector" => &[""],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENUM: Typed = Typed { id: 1, modifier: -1 };

    fn types() -> Types {
        let typed = |id, modifier| Typed { id, modifier };
        Types::of([
            (1, "mood", Shape::Enum(vec!["sad".into(), "it's".into()])),
            (2, "varchar", Shape::Plain),
            (3, "short", Shape::Domain(typed(2, 7))),
            (4, "_short", Shape::Array(3)),
            (5, "pair", Shape::Composite(vec![ENUM, typed(4, -1)])),
            (6, "date", Shape::Plain),
            (7, "daterange", Shape::Range(6)),
            (8, "numeric", Shape::Plain),
            (9, "bit", Shape::Plain),
        ])
    }

    #[track_caller]
    fn check(id: u32, modifier: i32, expected: [&str; 2]) {
        let typed = Typed { id, modifier };
        let value = |number| types().value(typed, Turn { number, at: 0, is_tame: false }).unwrap();
        assert_eq!([value(0), value(1)], expected, "{id}");
    }

    #[test]
    fn values_follow_the_structure_of_a_type() {
        check(1, -1, ["sad", "it's"]);
        check(2, -1, ["it's 🦀 Ü 0", "it's 🦀 Ü 1"]);
        check(2, 14, ["ü'0", "ü'1"]);
        check(3, -1, ["a", "b"]);
        check(4, -1, ["{\"a\"}", "{\"b\"}"]);
        check(5, -1, ["(\"sad\",\"{\\\"b\\\"}\")", "(\"it's\",\"{\\\"c\\\"}\")"]);
        check(6, -1, ["2024-02-29", "2024-03-01"]);
        check(7, -1, ["[\"2024-02-29\",\"2024-03-01\")", "[\"2024-03-02\",\"2024-03-03\")"]);
        check(8, -1, ["7.5", "20.5"]);
        check(8, (5 << 16) + 5 + 4, ["0.01", "0.02"]);
        check(9, 4, ["0001", "0010"]);
    }

    #[test]
    fn what_conditions_mention_comes_first_if_the_type_can_have_it() {
        let all = |texts: &[&str], lengths: &[usize]| Literals {
            texts: texts.iter().map(|it| (*it).to_owned()).collect(),
            lengths: lengths.to_vec(),
            are_counts: true,
        };
        let first = |id, found: &Literals| {
            let typed = Typed { id, modifier: -1 };
            types().candidates(typed, 0, found).into_iter().take(2).collect::<Vec<_>>()
        };
        assert_eq!(first(1, &all(&["x", "it's"], &[])), ["it's", "sad"]);
        assert_eq!(first(2, &all(&["x"], &[2])), ["kk", "x"]);
        assert_eq!(first(4, &all(&["xyzw"], &[2])), ["{\"a\",\"b\"}", "{\"xyz\"}"]);
        assert_eq!(first(6, &all(&["x", "2020-01-01"], &[])), ["2020-01-01", "2024-02-29"]);
    }
}
