//! The normal form of expressions.
//!
//! The server writes the same expression the same way, with one exception: a cast of an array whose
//! items are cast already. Read in again, the cast is that of each item, and stays so.

use crate::sql::{Dialect, Lexer, Token, TokenKind};

/// The beginning of an array that is cast as a whole.
const ARRAY: &str = "(ARRAY[";

/// Returns an expression, or a statement with some, as the server would write it if it were sent
/// back: `(ARRAY['a'::varchar])::text[]` is `ARRAY[('a'::varchar)::text]`.
pub(super) fn normal(text: &str) -> String {
    let mut res = text.to_owned();
    // An array that was an item of another one may be cast as a whole in its turn.
    while res.contains(ARRAY) {
        let next = rewritten(&res);
        if next == res {
            break;
        }
        res = next;
    }
    res
}

fn rewritten(text: &str) -> String {
    let tokens: Result<Vec<Token<'_>>, _> = Lexer::new(text, Dialect::Postgres).collect();
    tokens.map_or_else(|_| text.to_owned(), |tokens| Rewrite { text, tokens: &tokens }.all())
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
    use proptest::prelude::*;

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
        ] {
            check(text, text);
        }
    }

    proptest! {
        #[test]
        fn a_normal_form_is_its_own(
            parts in proptest::collection::vec(
                prop::sample::select(vec![
                    "(ARRAY[", "])::text[]", "])", "]", "::text", "a", ", ", "'b'", "(", ")", " ", "[",
                ]),
                0..12,
            ),
        ) {
            let once = normal(&parts.concat());
            prop_assert_eq!(normal(&once), once);
        }

        #[test]
        fn words_stay_in_their_order(items in proptest::collection::vec("[a-z]{1,3}", 1..5)) {
            let text = format!("x = ANY ((ARRAY[{}])::s.t[])", items.join(", "));
            let cast: Vec<String> = items.iter().map(|it| format!("({it})::s.t")).collect();
            prop_assert_eq!(normal(&text), format!("x = ANY (ARRAY[{}])", cast.join(", ")));
        }
    }
}
