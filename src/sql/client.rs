//! The parts of a script for a database's own client.

use crate::sql::{
    dialect::{Client, Dialect},
    lexer::{Lexer, TokenKind},
    statement::Statement,
    tokens::Depth,
};

/// The longest delimiter that the mysql client accepts.
const LONGEST_DELIMITER: usize = 15;

/// The end of the data of a `COPY … FROM STDIN`: a line of its own.
pub(crate) const DATA_END: &str = "\n\\.";

const DATA_END_LINE: &str = "\\.";

/// Returns the length of the data after a statement, up to the line that ends it; like psql, the
/// data begins on the next line. Otherwise returns a description of the fault.
pub(crate) fn data_len(rest: &str) -> Result<usize, &'static str> {
    let mut lines = rest.split_inclusive('\n');
    let first = lines.next().unwrap_or_default();
    if !first.trim_ascii().is_empty() {
        return Err("begin on the next line");
    }
    let mut length = first.len();
    for line in lines {
        if line.trim_end_matches(['\r', '\n']) == DATA_END_LINE {
            return Ok(length + DATA_END_LINE.len());
        }
        length += line.len();
    }
    Err("end with a line `\\.`")
}

/// Separates a statement from its data; none if it has none.
pub(crate) fn inline_data(text: &str, dialect: Dialect) -> Option<(&str, &str)> {
    if dialect.lexicon().client_data.is_empty() || !text.ends_with(DATA_END) {
        return None;
    }
    let mut tokens = Lexer::new(text, dialect).map_while(Result::ok);
    let delimiter = tokens.find(|token| token.kind == TokenKind::Delimiter)?;
    let start = delimiter.end() + text.get(delimiter.end()..)?.find('\n')? + 1;
    let end = text.len() - DATA_END_LINE.len();
    Some((text.get(..delimiter.offset)?, text.get(start..end)?))
}

/// Tells whether a client command doesn't affect the server, and can be skipped.
pub(crate) fn is_passed_over(command: &str, client: &Client) -> bool {
    client.passed_over.contains(&command)
}

/// Returns the command after a backslash, unless it is SQL.
pub(crate) fn escaped_command<'a>(text: &'a str, client: &Client) -> Option<&'a str> {
    let next = text.chars().nth(1);
    let is_sql = |next| u8::try_from(next).is_ok_and(|next| client.not_commands.contains(&next));
    if next.is_some_and(is_sql) {
        return None;
    }
    let end = if client.one_character {
        1 + next.map_or(0, char::len_utf8)
    } else {
        text.find(char::is_whitespace).unwrap_or(text.len())
    };
    text.get(..end)
}

/// Returns the delimiter that the rest of a line sets, or a description of the fault. Like in the
/// mysql client, it is the first word, or a quoted text.
pub(crate) fn delimiter(rest: &str) -> Result<&str, &'static str> {
    let word = rest.trim_ascii_start();
    let quote = word.chars().next().filter(|first| matches!(first, '\'' | '"' | '`'));
    let found = match quote {
        Some(quote) => word.get(1..).and_then(|inner| inner.split(quote).next()),
        None => word.split_ascii_whitespace().next(),
    };
    let found = found.unwrap_or_default().trim_ascii_end();
    if found.is_empty() || word.len() == rest.len() {
        Err("without a delimiter")
    } else if found.contains('\\') {
        Err("with a backslash")
    } else if found.chars().count() > LONGEST_DELIMITER {
        Err("with more than 15 characters")
    } else {
        Ok(found)
    }
}

/// Tells whether a statement copies data that a client sends, according to the word after the first
/// `FROM` or `TO` outside parentheses.
pub(crate) fn takes_client_data(statement: &Statement<'_>) -> bool {
    let words = statement.dialect.lexicon().client_data;
    let mut tokens = statement.code();
    if words.is_empty() || !tokens.next().is_some_and(|first| first.is_word("COPY")) {
        return false;
    }
    let mut depth = Depth::default();
    let direction =
        tokens.find(|token| depth.is_outside(token) && token.is_one_of(&["FROM", "TO"]));
    let source = tokens.next();
    direction.is_some_and(|direction| direction.is_word("FROM"))
        && source.is_some_and(|source| source.is_one_of(words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::{Dialect, split};

    #[test]
    fn a_delimiter_is_a_word_or_stands_in_quotes() {
        let found = [" //", "\t$$ x", " ';'", " \"a b\" c", " `", " é\r"].map(delimiter);
        let none = Err("without a delimiter");
        assert_eq!(found, [Ok("//"), Ok("$$"), Ok(";"), Ok("a b"), none, Ok("é")]);
        let wrong = ["", " ", "//", " ''", " a\\", " 1234567890123456"].map(delimiter);
        assert!(wrong.iter().all(Result::is_err), "{wrong:?}");
    }

    #[test]
    fn commands_end_as_their_clients_say() {
        let command = |text, dialect: Dialect| {
            let client = dialect.lexicon().client.as_ref().unwrap();
            escaped_command(text, client)
        };
        assert_eq!(command("\\restrict a", Dialect::Postgres), Some("\\restrict"));
        assert_eq!(command("\\.", Dialect::Postgres), Some("\\."));
        assert_eq!(command("\\", Dialect::Postgres), Some("\\"));
        assert_eq!(command("\\.a.sql", Dialect::MySql), Some("\\."));
        assert_eq!(command("\\N", Dialect::MySql), None);
        assert_eq!(command("\\", Dialect::MySql), Some("\\"));
    }

    #[test]
    fn data_go_to_a_line_of_their_own() {
        assert_eq!(data_len("\n1\ta;\n\\.\nb"), Ok(8));
        assert_eq!(data_len(" \r\n1\r\n\\.\r\nb"), Ok(8));
        assert_eq!(data_len("\n\\."), Ok(3));
        assert!(data_len(" x\n\\.\n").is_err());
        assert!(data_len("\n\\.x\n \\.\n").is_err());
        let both = |text| inline_data(text, Dialect::Postgres);
        let expected = Some(("COPY a (\";\") FROM stdin", "1;\n"));
        assert_eq!(both("COPY a (\";\") FROM stdin;\n1;\n\\."), expected);
        assert_eq!(both("COPY a FROM stdin;\n\\."), Some(("COPY a FROM stdin", "")));
        assert_eq!(both("COPY a FROM 'b'"), None);
    }

    #[test]
    fn data_of_a_client_follows_the_first_from_outside_parentheses() {
        let takes = |text| takes_client_data(&split(text, Dialect::MySql).unwrap()[0]);
        assert!(!takes("COPY a FROM STDIN"));
        let takes = |text| split(text, Dialect::Postgres).is_err();
        assert!(takes("copy a (b) from stdin csv"));
        assert!(takes("COPY a FROM STDOUT"));
        assert!(!takes("COPY stdin FROM 'stdin'"));
        assert!(!takes("COPY (SELECT 1 FROM stdin) TO STDOUT"));
        assert!(!takes("COPY \"from\" TO STDIN"));
        assert!(!takes("SELECT 1 FROM stdin"));
    }
}
