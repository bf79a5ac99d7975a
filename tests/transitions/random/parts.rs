//! Partitioned tables: each has a column for its key, which all others are free of.

use std::fmt::Write;

use super::model::{Key, Table};

/// The name of the column that is the key.
pub(super) const KEY: &str = "part_no";

/// What stands behind the columns of a partitioned table, and its partitions: their numbers, with
/// what they are partitions of and their bounds.
type Form = (&'static str, &'static [(&'static str, &'static str, &'static str)]);

pub(super) const PARTS: &[Form] = &[
    ("RANGE", &[("1", "", "FROM (0) TO (100)"), ("2", "", "FROM (100) TO (1000)")]),
    ("RANGE", &[("1", "", "FROM (0) TO (100)")]),
    (
        "RANGE",
        &[
            ("1", "", "FROM (0) TO (50)"),
            ("2", "", "FROM (100) TO (MAXVALUE)"),
            ("3", "", "DEFAULT"),
        ],
    ),
    (
        "RANGE",
        &[
            ("4", "", "FROM (0) TO (100) PARTITION BY HASH"),
            ("2", "4", "WITH (MODULUS 2, REMAINDER 1)"),
        ],
    ),
    ("LIST", &[("1", "", "IN (1, 2)"), ("2", "", "IN (3, NULL)")]),
    ("LIST", &[("1", "", "IN (1, 2, 3)"), ("2", "", "DEFAULT")]),
    (
        "HASH",
        &[("1", "", "WITH (MODULUS 2, REMAINDER 0)"), ("2", "", "WITH (MODULUS 2, REMAINDER 1)")],
    ),
];

/// Writes the partitions of a table.
pub(super) fn partitions(table: &Table, relation: &str) -> String {
    let mut res = String::new();
    let Some((_, parts)) = table.parts.and_then(|at| PARTS.get(at)) else { return res };
    let schema = relation.split('.').next().unwrap_or_default();
    let name = |key: Key, number: &str| format!("{schema}.p{key}_{number}");
    for (number, of, bound) in *parts {
        let above = if of.is_empty() { relation.to_owned() } else { name(table.key, of) };
        let bound =
            if *bound == "DEFAULT" { (*bound).to_owned() } else { format!("FOR VALUES {bound}") };
        let own = if bound.ends_with("HASH") { format!(" ({KEY})") } else { String::new() };
        writeln!(
            res,
            "CREATE TABLE {} PARTITION OF {above} {bound}{own};",
            name(table.key, number)
        )
        .unwrap();
    }
    res
}
