//! A table of cases written as a script: the same holds of each of its statements.

use std::fmt::Debug;

use crate::sql::{Dialect, Statement, split};

#[track_caller]
pub(crate) fn each<T: PartialEq + Debug>(
    tell: impl Fn(&Statement<'_>) -> T,
    dialect: Dialect,
    expected: &T,
    script: &str,
) {
    let statements = split(script, dialect).unwrap();
    assert!(!statements.is_empty(), "{script}");
    for statement in statements {
        assert_eq!(tell(&statement), *expected, "{dialect}: {}", statement.text);
    }
}
