//! The normal form of expressions.
//!
//! The server writes the same expression the same way, with three exceptions: read in again, they
//! have another form, and that stays. Two come of `IN` with several items, which is no list any more
//! once it is stored, and one of a bare `VALUES`.

use std::collections::BTreeSet;

use crate::sql::{Dialect, Lexer, Token, TokenKind};

/// The beginning of an array that is cast as a whole.
const ARRAY: &str = "(ARRAY[";

/// The words with which a query in parentheses begins.
const QUERIES: [&str; 3] = ["SELECT", "WITH", "VALUES"];

/// Returns an expression, or a statement with some, as the server would write it if it were sent
/// back: `(ARRAY['a'::varchar])::text[]` is `ARRAY[('a'::varchar)::text]`, `((a OR b) OR c)` is
/// `(a OR b OR c)`, and `FROM (VALUES` is `FROM ( VALUES`.
pub(super) fn normal(text: &str) -> String {
    let mut res = spaced(text);
    // An array that was an item of another one may be cast as a whole in its turn.
    while may_change(&res) {
        let next = flattened(&rewritten(&res));
        if next == res {
            break;
        }
        res = next;
    }
    res
}

/// Tells whether a text could be in another form, without looking closely.
fn may_change(text: &str) -> bool {
    text.contains(ARRAY) || text.contains("((") && (text.contains(" AND ") || text.contains(" OR "))
}

/// Sets a list of rows off from its parenthesis.
fn spaced(text: &str) -> String {
    if !text.contains("(VALUES ") {
        return text.to_owned();
    }
    let Some(tokens) = tokens(text) else { return text.to_owned() };
    let (mut res, mut end) = (String::with_capacity(text.len() + 1), 0);
    for pair in tokens.windows(2) {
        if let [open, list] = pair
            && open.text == "("
            && list.text == "VALUES"
            && open.end() == list.offset
        {
            res.push_str(text.get(end..list.offset).unwrap_or_default());
            res.push(' ');
            end = list.offset;
        }
    }
    res.push_str(text.get(end..).unwrap_or_default());
    res
}

fn tokens(text: &str) -> Option<Vec<Token<'_>>> {
    Lexer::new(text, Dialect::Postgres).collect::<Result<_, _>>().ok()
}

/// Casts the items of arrays in place of the arrays.
fn rewritten(text: &str) -> String {
    if !text.contains(ARRAY) {
        return text.to_owned();
    }
    let tokens = tokens(text);
    tokens.map_or_else(|| text.to_owned(), |tokens| Rewrite { text, tokens: &tokens }.all())
}

/// Leaves out the parentheses of the first part of a conjunction that is one itself; likewise of a
/// disjunction.
fn flattened(text: &str) -> String {
    let Some(tokens) = tokens(text) else { return text.to_owned() };
    let needless = needless(&tokens);
    let mut res = String::with_capacity(text.len());
    let mut end = 0;
    for (at, token) in tokens.iter().enumerate() {
        res.push_str(text.get(end..token.offset).unwrap_or_default());
        end = token.offset + token.text.len();
        if !needless.contains(&at) {
            res.push_str(token.text);
        }
    }
    res.push_str(text.get(end..).unwrap_or_default());
    res
}

/// Finds the parentheses that the server leaves out when it reads an expression again.
fn needless(tokens: &[Token<'_>]) -> BTreeSet<usize> {
    let text = |at: usize| tokens.get(at).map_or("", |it| it.text);
    let mut res = BTreeSet::new();
    // What is open, with the operator between its parts.
    let mut open: Vec<(usize, &str)> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match token.text {
            "(" | "[" => open.push((at, "")),
            "AND" | "OR" => {
                if let Some((_, operator)) = open.last_mut() {
                    *operator = token.text;
                }
            }
            ")" | "]" => {
                let Some((start, operator)) = open.pop() else { break };
                let is_first = token.text == ")" && start > 0 && text(start - 1) == "(";
                let is_query = QUERIES.contains(&text(start + 1));
                if is_first && !is_query && !operator.is_empty() && text(at + 1) == operator {
                    res.extend([start, at]);
                }
            }
            _ => {}
        }
    }
    res
}

/// An expression with its tokens.
struct Rewrite<'a> {
    text: &'a str,
    tokens: &'a [Token<'a>],
}

/// An array with a cast, by the positions of its tokens.
struct Cast {
    /// The first token of each item, and the one behind its last.
    items: Vec<(usize, usize)>,
    /// The first token of the type of the items, and the one behind its last.
    of: (usize, usize),
    /// The token behind the array and its cast.
    end: usize,
}

impl Rewrite<'_> {
    fn all(&self) -> String {
        let start = self.tokens.first().map_or(self.text.len(), |it| it.offset);
        let end = self.text.len();
        let mut res = self.text.get(..start).unwrap_or_default().to_owned();
        self.write(0, self.tokens.len(), &mut res);
        let last = self.tokens.last().map_or(end, |it| it.offset + it.text.len());
        res.push_str(self.text.get(last..).unwrap_or_default());
        res
    }

    /// Writes the tokens of a range, with what stands between them.
    fn write(&self, from: usize, to: usize, res: &mut String) {
        let mut at = from;
        while at < to {
            let next = self.cast(at, to).map_or(at + 1, |cast| {
                self.write_cast(&cast, res);
                cast.end
            });
            if next == at + 1 {
                res.push_str(self.tokens.get(at).map_or("", |it| it.text));
            }
            if next < to {
                res.push_str(self.between(next));
            }
            at = next;
        }
    }

    fn write_cast(&self, cast: &Cast, res: &mut String) {
        res.push_str("ARRAY[");
        for (at, (from, to)) in cast.items.iter().enumerate() {
            res.push_str(if at > 0 { ", (" } else { "(" });
            self.write(*from, *to, res);
            res.push_str(")::");
            self.write(cast.of.0, cast.of.1, res);
        }
        res.push(']');
    }

    /// Returns what stands before a token, behind the one before it.
    fn between(&self, at: usize) -> &str {
        let before = at.checked_sub(1).and_then(|it| self.tokens.get(it));
        let end = before.map_or(0, |it| it.offset + it.text.len());
        let start = self.tokens.get(at).map_or(self.text.len(), |it| it.offset);
        self.text.get(end..start).unwrap_or_default()
    }

    fn is(&self, at: usize, text: &str) -> bool {
        self.tokens.get(at).is_some_and(|it| it.text == text)
    }

    /// Finds an array with a cast whose first token is at a position.
    fn cast(&self, at: usize, to: usize) -> Option<Cast> {
        let begins = self.is(at, "(") && self.is(at + 1, "ARRAY") && self.is(at + 2, "[");
        if !begins {
            return None;
        }
        let (items, close) = self.items(at + 3, to)?;
        let is_cast = self.is(close + 1, ")") && self.is(close + 2, ":") && self.is(close + 3, ":");
        if !is_cast || items.iter().any(|(from, _)| self.is(*from, "ARRAY")) {
            return None;
        }
        let of = (close + 4, self.end_of_type(close + 4)?);
        let is_array = self.is(of.1, "[") && self.is(of.1 + 1, "]") && !self.is(of.1 + 2, "[");
        is_array.then_some(Cast { items, of, end: of.1 + 2 })
    }

    /// Splits the items of an array at their commas; returns the position of its end as well.
    fn items(&self, from: usize, to: usize) -> Option<(Vec<(usize, usize)>, usize)> {
        let (mut items, mut start, mut depth) = (Vec::new(), from, 0_usize);
        for (at, token) in self.tokens.iter().enumerate().take(to).skip(from) {
            match token.text {
                "(" | "[" => depth += 1,
                "]" if depth == 0 => {
                    items.push((start, at));
                    return (at > from).then_some((items, at));
                }
                ")" | "]" => depth = depth.checked_sub(1)?,
                "," if depth == 0 => {
                    items.push((start, at));
                    start = at + 1;
                }
                _ => {}
            }
        }
        None
    }

    /// Returns the position behind a type: words, dots, and what stands in parentheses.
    fn end_of_type(&self, from: usize) -> Option<usize> {
        let mut depth = 0_usize;
        for (at, token) in self.tokens.iter().enumerate().skip(from) {
            match token.text {
                "(" => depth += 1,
                ")" if depth > 0 => depth -= 1,
                "[" if depth == 0 => return (at > from).then_some(at),
                _ if depth > 0 || token.text == "." => {}
                _ if matches!(token.kind, TokenKind::Word | TokenKind::Quoted) => {}
                _ => return None,
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(normal(text), expected);
    }

    #[test]
    fn the_cast_of_an_array_is_that_of_its_items() {
        check(
            "((v)::text = ANY ((ARRAY['a'::character varying, 'b,]'::character varying])::text[]))",
            "((v)::text = ANY (ARRAY[('a'::character varying)::text, \
             ('b,]'::character varying)::text]))",
        );
        check("(ARRAY[f(a, b), w])::s.\"T x\"[]", "ARRAY[(f(a, b))::s.\"T x\", (w)::s.\"T x\"]");
        check("(ARRAY[a])::numeric(10,2)[] || b", "ARRAY[(a)::numeric(10,2)] || b");
        check(
            "a = (ARRAY[(ARRAY[b])::text[], c])::text[]",
            "a = ARRAY[(ARRAY[(b)::text])::text, (c)::text]",
        );
    }

    #[test]
    fn operators_of_one_kind_stand_in_one_row() {
        check("(((a OR b) OR (c AND d)) OR e)", "(a OR b OR (c AND d) OR e)");
        check("CHECK ((((a AND b) AND c)))", "CHECK (((a AND b AND c)))");
        check("(((v = w) OR (v = x)) OR (f((a), b)))", "((v = w) OR (v = x) OR (f((a), b)))");
    }

    #[test]
    fn everything_else_stays_as_it_is() {
        for text in [
            "",
            "  a  ",
            "(ARRAY[a, b])",
            "(ARRAY[]::text[])",
            "(ARRAY[a, b])::int4range",
            "(ARRAY[ARRAY[a], ARRAY[b]])::text[]",
            "'(ARRAY[a])::text[]'",
            "$f$ (ARRAY[a])::text[] $f$",
            "(ARRAY[a",
            "(ARRAY[a])::'",
            "f((ARRAY[a]), b)::text[]",
            "((a AND b) OR c)",
            "(a OR (b OR c))",
            "((SELECT a WHERE (b) AND c) AND d)",
            "(('((a OR b) OR c)' = x) OR y)",
            "((a OR b)) OR c",
            ")) OR ((a AND b",
        ] {
            check(text, text);
        }
    }

    /// Pieces of expressions, of which any may stand behind any.
    const PIECES: &[&str] = &[
        "(ARRAY[",
        "])::text[]",
        "])",
        "]",
        "::text",
        "a",
        ", ",
        "'b'",
        "(",
        ")",
        "((",
        " AND ",
        " OR ",
        "[",
    ];

    proptest! {
        #[test]
        fn a_normal_form_is_its_own(pieces in vec(select(PIECES), 0..12)) {
            let once = normal(&pieces.concat());
            prop_assert_eq!(normal(&once), once);
        }

        #[test]
        fn words_stay_in_their_order(items in vec("[a-z]{1,3}", 1..5)) {
            let text = format!("x = ANY ((ARRAY[{}])::s.t[])", items.join(", "));
            let cast: Vec<String> = items.iter().map(|it| format!("({it})::s.t")).collect();
            prop_assert_eq!(normal(&text), format!("x = ANY (ARRAY[{}])", cast.join(", ")));
        }
    }
}
