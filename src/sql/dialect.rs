//! The dialects, and the lexical rules of each as data.
//!
//! They are only data: the lexer and the splitter read them, and ask nothing else about a dialect.

use std::fmt;

use crate::words::words;

/// A variety of SQL, by its database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// The SQL dialect of SQLite.
    Sqlite,
    /// The SQL of PostgreSQL and servers compatible with it.
    Postgres,
    /// The SQL of MySQL, MariaDB and servers compatible with them.
    MySql,
}

/// The lexical rules of a dialect.
#[derive(Debug)]
pub struct Lexicon {
    /// The quotes of strings and names.
    pub quotes: &'static [Quote],
    /// The one-letter word, in lower case, that allows backslashes in the string right after it.
    pub escape_prefix: Option<u8>,
    /// The places in which `$tag$` opens a string.
    pub dollar_quotes: DollarQuotes,
    /// The bytes that begin a parameter, including SQLite's forms and Tcl's.
    pub sigils: &'static [u8],
    /// The comments that end with their line.
    pub line_comments: &'static [LineComment],
    /// The rules for comments between `/*` and `*/`.
    pub block_comments: BlockComments,
    /// The bytes between tokens.
    pub blanks: &'static [u8],
    /// The bytes that are blank after one of `blanks` only.
    pub inner_blanks: &'static [u8],
    /// Whether a byte order mark is blank at every token, not only where the text begins.
    pub marks_are_blank: bool,
    /// The statements that may contain the delimiter.
    pub bodies: Bodies,
    /// The words that begin a statement which opens or ends a transaction.
    pub transaction_control: &'static [&'static str],
    /// The variable that opens or ends transactions as it is set.
    pub transaction_variable: Option<&'static str>,
    /// The words after `COPY … FROM` that stand for data sent by the client.
    pub client_data: &'static [&'static str],
    /// The client whose commands appear in scripts among SQL.
    pub client: Option<Client>,
}

/// A database's own command line client, and how its commands differ from SQL.
#[derive(Debug)]
pub struct Client {
    /// The name of the client.
    pub name: &'static str,
    /// The commands that are words, valid where a statement may begin.
    pub commands: &'static [&'static str],
    /// The letters after a backslash that are SQL; any other begins a command.
    pub not_commands: &'static [u8],
    /// Whether a command after a backslash is one character, rather than everything up to the next
    /// blank.
    pub one_character: bool,
    /// The commands after a backslash that don't affect the server.
    pub passed_over: &'static [&'static str],
    /// The command that sets the delimiter.
    pub delimiter: Option<&'static str>,
}

/// A pair of quotes around a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quote {
    /// The byte that opens the quotes.
    pub open: u8,
    /// The byte that closes the quotes.
    pub close: u8,
    /// The way to write the closing byte inside.
    pub escape: Escape,
}

/// The places in which `$tag$` opens a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DollarQuotes {
    /// Dollar quotes don't exist.
    None,
    /// Wherever a token may begin.
    Everywhere,
    /// After `LANGUAGE … AS`, if closed; elsewhere dollars belong to names.
    OtherLanguages,
}

/// The way to write a closing quote inside its quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Escape {
    /// A closing quote can't be written inside.
    None,
    /// The quote is written twice.
    Doubled,
    /// The quote is written twice, or after a backslash.
    Backslash,
}

/// A comment that ends with its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineComment {
    /// The text that opens the comment.
    pub marker: &'static str,
    /// Whether a blank or a control character, or the end of the text, must follow the marker.
    pub needs_blank: bool,
    /// The bytes that end the comment.
    pub ends: &'static [u8],
}

/// The rules for comments between `/*` and `*/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockComments {
    /// Comments don't nest; an unclosed one ends with the text, but `/*` as the very last token is
    /// not a comment.
    OpenEnded,
    /// Comments nest, and must be closed.
    Nested,
    /// Comments don't nest and must be closed; `/*!` and `/*M!` open code.
    Executable,
}

/// The statements that may contain the delimiter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bodies {
    /// `CREATE TRIGGER`, which ends at `; END;`, and the arguments of `CREATE VIRTUAL TABLE`.
    Sqlite,
    /// Text in parentheses, and routines between `BEGIN ATOMIC` and `END`.
    Atomic,
    /// Stored programs and compound statements: blocks of all kinds up to their `END`.
    Programs,
}

impl Dialect {
    /// Returns the name of the database in messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
            Self::MySql => "MySQL",
        }
    }

    /// Tells whether capital letters in an unquoted name stand for small ones.
    pub fn folds_capitals(self) -> bool {
        self == Self::Postgres
    }

    /// Tells whether there are sequences, whose ids no table holds.
    pub fn has_sequences(self) -> bool {
        self != Self::Sqlite
    }

    /// Returns the lexical rules of the dialect.
    pub fn lexicon(self) -> &'static Lexicon {
        match self {
            Self::Sqlite => &SQLITE,
            Self::Postgres => &POSTGRES,
            Self::MySql => &MYSQL,
        }
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl Quote {
    const fn same(byte: u8, escape: Escape) -> Self {
        Self { open: byte, close: byte, escape }
    }
}

/// After `sqlite3GetToken` of SQLite's `src/tokenize.c`. A vertical tab is an illegal token
/// where a token may begin, but belongs to a run of blanks that another one has begun.
static SQLITE: Lexicon = Lexicon {
    quotes: &[
        Quote::same(b'\'', Escape::Doubled),
        Quote::same(b'"', Escape::Doubled),
        Quote::same(b'`', Escape::Doubled),
        Quote { open: b'[', close: b']', escape: Escape::None },
    ],
    escape_prefix: None,
    dollar_quotes: DollarQuotes::None,
    sigils: b"?$@:#",
    line_comments: &[LineComment { marker: "--", needs_blank: false, ends: b"\n" }],
    block_comments: BlockComments::OpenEnded,
    blanks: b" \t\n\x0c\r",
    inner_blanks: b"\x0b",
    marks_are_blank: true,
    bodies: Bodies::Sqlite,
    transaction_control: &["BEGIN", "COMMIT", "END", "ROLLBACK"],
    transaction_variable: None,
    client_data: &[],
    client: None,
};

/// After the manual, section 4.1 (Lexical Structure), and `src/backend/parser/scan.l`.
static POSTGRES: Lexicon = Lexicon {
    quotes: &[Quote::same(b'\'', Escape::Doubled), Quote::same(b'"', Escape::Doubled)],
    escape_prefix: Some(b'e'),
    dollar_quotes: DollarQuotes::Everywhere,
    sigils: b"",
    line_comments: &[LineComment { marker: "--", needs_blank: false, ends: b"\n\r" }],
    block_comments: BlockComments::Nested,
    blanks: b" \t\n\x0b\x0c\r",
    inner_blanks: b"",
    marks_are_blank: false,
    bodies: Bodies::Atomic,
    transaction_control: &[
        "BEGIN",
        "START TRANSACTION",
        "COMMIT",
        "END",
        "ROLLBACK",
        "ABORT",
        "PREPARE TRANSACTION",
    ],
    transaction_variable: None,
    // The grammar accepts both words for either direction.
    client_data: &["STDIN", "STDOUT"],
    client: Some(Client {
        name: "psql",
        commands: &[],
        not_commands: b"",
        one_character: false,
        // pg_dump writes these around a dump, so that psql obeys only the end of the data in it.
        passed_over: &["\\restrict", "\\unrestrict"],
        delimiter: None,
    }),
};

/// After the manual, sections 11.1.1 (String Literals), 11.2 and 11.7 (Comments), with the
/// default SQL mode: `ANSI_QUOTES` changes nothing here, `NO_BACKSLASH_ESCAPES` would. Dollar
/// quotes are those of MySQL 9's routines in JavaScript.
static MYSQL: Lexicon = Lexicon {
    quotes: &[
        Quote::same(b'\'', Escape::Backslash),
        Quote::same(b'"', Escape::Backslash),
        Quote::same(b'`', Escape::Doubled),
    ],
    escape_prefix: None,
    dollar_quotes: DollarQuotes::OtherLanguages,
    sigils: b"",
    line_comments: &[
        LineComment { marker: "--", needs_blank: true, ends: b"\n" },
        LineComment { marker: "#", needs_blank: false, ends: b"\n" },
    ],
    block_comments: BlockComments::Executable,
    blanks: b" \t\n\x0b\x0c\r",
    inner_blanks: b"",
    marks_are_blank: false,
    bodies: Bodies::Programs,
    transaction_control: &["BEGIN", "START TRANSACTION", "COMMIT", "ROLLBACK", "XA"],
    transaction_variable: Some("autocommit"),
    client_data: &[],
    client: Some(Client {
        name: "mysql",
        // `USE` and `HELP` are statements of the server, too.
        commands: words![
            CHARSET CLEAR CONNECT EDIT EGO EXIT GO NOPAGER NOTEE NOWARNING PAGER PRINT PROMPT QUIT
            REHASH SOURCE STATUS SYSTEM TEE WARNINGS
        ],
        // `\N` is NULL.
        not_commands: b"N",
        one_character: true,
        passed_over: &[],
        delimiter: Some("DELIMITER"),
    }),
};
