//! Partitions: a list that goes on or is cut elsewhere is changed in place, all else divides the table anew.

use crate::autogenerate::ddl::mysql::names::quoted;
use crate::sql::{Dialect, Lexer, Token, parts, within};

/// The partitions of a table, taken apart.
struct Partitions<'a> {
    /// The rule by which rows are divided: the text before the list.
    head: &'a str,
    /// The names of partitions with their definitions.
    list: Vec<(String, &'a str)>,
}

impl<'a> Partitions<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let tokens: Vec<Token<'_>> =
            Lexer::new(text, Dialect::MySql).map_while(Result::ok).collect();
        let is_open = |pair: &[Token<'_>]| {
            pair.first().is_some_and(|it| it.text == "(")
                && pair.get(1).is_some_and(|it| it.is_word("PARTITION"))
        };
        let open = tokens.windows(2).position(is_open)?;
        let head = text.get(..tokens.get(open)?.offset)?.trim_end();
        let definition = |part: &[Token<'_>]| {
            let text = text.get(part.first()?.offset..part.last()?.end())?;
            Some((part.get(1)?.unquoted()?, text))
        };
        let list = parts(within(&tokens, open)).into_iter().map(definition);
        Some(Self { head, list: list.collect::<Option<_>>()? })
    }
}

/// Writes the clause that changes some partitions of a list, and leaves the others; none if there is none.
pub(super) fn change(was: &str, is: &str) -> Option<String> {
    let (old, new) = (Partitions::read(was)?, Partitions::read(is)?);
    if old.head != new.head {
        return None;
    }
    let pairs = || old.list.iter().zip(&new.list);
    let before = pairs().take_while(|(one, other)| one == other).count();
    let least = old.list.len().min(new.list.len()) - before;
    let backwards = old.list.iter().rev().zip(new.list.iter().rev());
    let mut behind = backwards.take(least).take_while(|(one, other)| one == other).count();
    let is_one_empty = old.list.len() == before + behind || new.list.len() == before + behind;
    // The next partition takes the rows of one that goes, and gives them to one that comes.
    behind -= usize::from(is_one_empty && behind > 0);
    let gone = old.list.get(before..old.list.len() - behind)?;
    let come = new.list.get(before..new.list.len() - behind)?;
    let definitions: Vec<&str> = come.iter().map(|(_, text)| *text).collect();
    let definitions = definitions.join(",\n  ");
    match (gone, come) {
        (_, []) => None,
        ([], _) => Some(format!("ADD PARTITION (\n  {definitions}\n)")),
        (gone, _) => {
            let names: Vec<String> = gone.iter().map(|(name, _)| quoted(name)).collect();
            let names = names.join(", ");
            Some(format!("REORGANIZE PARTITION {names} INTO (\n  {definitions}\n)"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(was: &str, is: &str, expected: Option<&str>) {
        let text = |list: &str| {
            let each = list.split(' ').filter(|it| !it.is_empty());
            let each = each.map(|it| format!("PARTITION `p{it}` VALUES LESS THAN ({it})"));
            format!("PARTITION BY RANGE (`a`)\n({})", each.collect::<Vec<_>>().join(",\n "))
        };
        let clause = change(&text(was), &text(is));
        let short = clause.map(|it| {
            let names = it.replace(" VALUES LESS THAN", "").replace("PARTITION ", "");
            names.split_whitespace().collect::<Vec<_>>().join(" ")
        });
        assert_eq!(short.as_deref(), expected, "{was} to {is}");
    }

    #[test]
    fn only_the_partitions_in_question_are_touched() {
        check("1 2", "1 2 3 4", Some("ADD ( `p3` (3), `p4` (4) )"));
        check("1 9", "1 5 9", Some("REORGANIZE `p9` INTO ( `p5` (5), `p9` (9) )"));
        check("1 5 9", "1 9", Some("REORGANIZE `p5`, `p9` INTO ( `p9` (9) )"));
        check("1 5 9", "1 6 9", Some("REORGANIZE `p5` INTO ( `p6` (6) )"));
        check("1 2", "1", None);
        assert_eq!(
            change("PARTITION BY HASH (`a`)\nPARTITIONS 2", "PARTITION BY HASH (`a`)"),
            None
        );
    }
}
