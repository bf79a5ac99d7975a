//! The names that a text uses, as far as its tokens show.

use std::collections::BTreeSet;

use crate::catalog::Name;
use crate::sql::{Dialect, Lexer, Token};
use crate::sqlite::parse::{bare_name, name_of};

/// Returns every word of a text that could be a name, a superset of the names.
pub fn words(text: &str) -> BTreeSet<Name> {
    // SQLite reads a string as a name where only a name is allowed.
    tokens(text).iter().filter_map(name_of).collect()
}

/// Returns the text with a name replaced where it stands before a dot, as in `users.age > 0`.
pub fn qualified_with(text: &str, old: &Name, new: &str) -> String {
    let tokens = tokens(text);
    let mut res = String::new();
    let mut done = 0;
    for pair in tokens.windows(2) {
        let [token, dot] = pair else { continue };
        let is_it = bare_name(token).is_some_and(|name| Name::any_case(name) == *old);
        if is_it && dot.text == "." {
            res.push_str(text.get(done..token.offset).unwrap_or_default());
            res.push_str(new);
            done = token.end();
        }
    }
    res.push_str(text.get(done..).unwrap_or_default());
    res
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    Lexer::new(text, Dialect::Sqlite).map_while(Result::ok).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn qualifiers_are_replaced_and_nothing_else() {
        let text = "(a CHECK (\"Users\".a > users.b) REFERENCES users, c DEFAULT 'users.c')";
        let expected = "(a CHECK (n.a > n.b) REFERENCES users, c DEFAULT 'users.c')";
        assert_eq!(qualified_with(text, &Name::any_case("users"), "n"), expected);
    }
}
