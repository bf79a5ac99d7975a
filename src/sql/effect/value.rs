//! Tells whether an expression has the same value whenever it is evaluated.

use crate::sql::lexer::{Token, TokenKind};
use crate::sql::tokens::{bare, is_at};
use crate::words::words;

/// Functions whose value depends only on their arguments, or on how the session was opened.
const CONSTANT: &[&str] = words![
    abs ascii bin cast ceil ceiling char char_length coalesce concat concat_ws convert
    current_database current_schema current_setting current_user database date elt field floor
    format greatest hex if ifnull inet_aton inet_ntoa instr json_array json_object lcase least left
    length locate lower lpad ltrim md5 mod nullif oct pow power quote quote_ident quote_literal
    repeat replace reverse right round rpad rtrim schema session_user set_config sha sha1 sha2 sign
    space str_to_date substr substring substring_index to_char trim truncate ucase unhex upper user
    version
];

/// Words that are values without parentheses and differ from run to run.
const CHANGING: &[&str] = words![
    SELECT FROM TABLE CURRENT_TIMESTAMP CURRENT_DATE CURRENT_TIME LOCALTIME LOCALTIMESTAMP
    UTC_TIMESTAMP NEXT PREVIOUS
];

/// Words before a parenthesis that is not a call.
const NO_CALLS: &[&str] =
    &["AND", "OR", "NOT", "IN", "THEN", "ELSE", "WHEN", "CASE", "AS", "SELECT", "XOR", "DIV"];

/// Server variables that change as statements run.
const CHANGING_VARIABLES: &[&str] = words![
    last_insert_id identity timestamp pseudo_thread_id error_count warning_count insert_id
    rand_seed1 rand_seed2 gtid_current_pos in_transaction
];

/// Other functions of MySQL and MariaDB without side effects, whose values differ.
const READING: &[&str] = words![
    connection_id curdate current_date current_time current_timestamp curtime date_add date_format
    date_sub found_rows from_unixtime last_insert_id localtime localtimestamp now rand row_count
    sysdate unix_timestamp utc_date utc_time utc_timestamp uuid
];

/// Tells whether no function with possible side effects is called: a query may call any.
pub(super) fn only_reads(tokens: &[Token<'_>]) -> bool {
    let changes = ["SELECT", "NEXT", "PREVIOUS"];
    tokens.iter().enumerate().all(|(at, token)| {
        let is_called = tokens.get(at + 1).is_some_and(|next| next.text == "(");
        let name = bare(token).unwrap_or_default().to_ascii_lowercase();
        let is_name = matches!(token.kind, TokenKind::Word | TokenKind::Quoted);
        let is_known = CONSTANT.contains(&name.as_str()) || READING.contains(&name.as_str());
        !is_at(tokens, at, &changes)
            && (is_known || !is_called || !is_name || is_at(tokens, at, NO_CALLS))
    })
}

/// Tells whether an expression has the same value whenever it is evaluated in a session with the
/// same settings.
pub(super) fn is_constant(tokens: &[Token<'_>]) -> bool {
    tokens.iter().enumerate().all(|(at, token)| {
        let is_called = tokens.get(at + 1).is_some_and(|next| next.text == "(");
        match token.kind {
            TokenKind::Word if is_called => {
                let name = bare(token).unwrap_or_default().to_ascii_lowercase();
                CONSTANT.contains(&name.as_str()) || is_at(tokens, at, NO_CALLS)
            }
            TokenKind::Word => {
                let is_variable = at > 0 && tokens.get(at - 1).is_some_and(|it| it.text == "@");
                let changes =
                    CHANGING_VARIABLES.iter().any(|name| token.text.eq_ignore_ascii_case(name));
                if is_variable { !changes } else { !is_at(tokens, at, CHANGING) }
            }
            TokenKind::Quoted => !is_called,
            TokenKind::Number
            | TokenKind::Parameter
            | TokenKind::Delimiter
            | TokenKind::Executable
            | TokenKind::Symbol => true,
        }
    })
}
