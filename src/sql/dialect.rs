//! The dialects, and the lexical rules of each as data.
//!
//! Only data: the lexer and the splitter read it, and ask nothing else about a dialect.

use std::fmt;

/// A database's variety of SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// SQLite.
    Sqlite,
    /// PostgreSQL, and what speaks its protocol.
    Postgres,
    /// MySQL, MariaDB, and what speaks their protocol.
    MySql,
}

/// The lexical rules of a dialect.
#[derive(Debug)]
pub struct Lexicon {
    /// What opens and closes a string or a quoted name.
    pub quotes: &'static [Quote],
    /// The one-letter word, in lower case, that allows backslashes in the string right after it.
    pub escape_prefix: Option<u8>,
    /// Whether `$tag$` opens a string.
    pub dollar_quotes: bool,
    /// The bytes that begin a parameter, SQLite's and Tcl's forms included.
    pub sigils: &'static [u8],
    /// The comments that end with their line.
    pub line_comments: &'static [LineComment],
    /// What holds of comments between `/*` and `*/`.
    pub block_comments: BlockComments,
    /// The bytes between tokens.
    pub blanks: &'static [u8],
    /// The bytes that are blank after one of `blanks` only.
    pub inner_blanks: &'static [u8],
    /// Whether a byte order mark is blank at every token, not only where the text begins.
    pub marks_are_blank: bool,
    /// Which statements may hold the delimiter.
    pub bodies: Bodies,
    /// The words that begin a statement which opens or ends a transaction.
    pub transaction_control: &'static [&'static str],
}

/// A pair of quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quote {
    /// The byte that opens it.
    pub open: u8,
    /// The byte that closes it.
    pub close: u8,
    /// How the closing byte is written inside.
    pub escape: Escape,
}

/// How a closing quote is written inside its quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Escape {
    /// Not at all.
    None,
    /// Twice.
    Doubled,
    /// Twice, or after a backslash.
    Backslash,
}

/// A comment that ends with its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineComment {
    /// What opens it.
    pub marker: &'static str,
    /// Whether a blank or a control character, or the end of the text, must follow the marker.
    pub needs_blank: bool,
    /// The bytes that end it.
    pub ends: &'static [u8],
}

/// What holds of comments between `/*` and `*/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockComments {
    /// They do not nest; one that is never closed ends with the text, but `/*` as the very last
    /// token is no comment.
    OpenEnded,
    /// They nest, and must be closed.
    Nested,
    /// They do not nest and must be closed; `/*!` and `/*M!` open code, not a comment.
    Executable,
}

/// Which statements may hold the delimiter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bodies {
    /// None that the splitter knows of.
    Unknown,
    /// `CREATE TRIGGER`, which ends at `; END;`, and the arguments of `CREATE VIRTUAL TABLE`.
    Sqlite,
}

impl Dialect {
    /// Returns the name by which messages call the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
            Self::MySql => "MySQL",
        }
    }

    /// Returns the lexical rules.
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
    dollar_quotes: false,
    sigils: b"?$@:#",
    line_comments: &[LineComment { marker: "--", needs_blank: false, ends: b"\n" }],
    block_comments: BlockComments::OpenEnded,
    blanks: b" \t\n\x0c\r",
    inner_blanks: b"\x0b",
    marks_are_blank: true,
    bodies: Bodies::Sqlite,
    transaction_control: &["BEGIN", "COMMIT", "END", "ROLLBACK"],
};

/// After the manual, section 4.1 (Lexical Structure), and `src/backend/parser/scan.l`.
static POSTGRES: Lexicon = Lexicon {
    quotes: &[Quote::same(b'\'', Escape::Doubled), Quote::same(b'"', Escape::Doubled)],
    escape_prefix: Some(b'e'),
    dollar_quotes: true,
    sigils: b"",
    line_comments: &[LineComment { marker: "--", needs_blank: false, ends: b"\n\r" }],
    block_comments: BlockComments::Nested,
    blanks: b" \t\n\x0b\x0c\r",
    inner_blanks: b"",
    marks_are_blank: false,
    bodies: Bodies::Unknown,
    transaction_control: &[
        "BEGIN",
        "START TRANSACTION",
        "COMMIT",
        "END",
        "ROLLBACK",
        "ABORT",
        "PREPARE TRANSACTION",
    ],
};

/// After the manual, sections 11.1.1 (String Literals), 11.2 and 11.7 (Comments), with the
/// default SQL mode: `ANSI_QUOTES` changes nothing here, `NO_BACKSLASH_ESCAPES` would.
static MYSQL: Lexicon = Lexicon {
    quotes: &[
        Quote::same(b'\'', Escape::Backslash),
        Quote::same(b'"', Escape::Backslash),
        Quote::same(b'`', Escape::Doubled),
    ],
    escape_prefix: None,
    dollar_quotes: false,
    sigils: b"",
    line_comments: &[
        LineComment { marker: "--", needs_blank: true, ends: b"\n" },
        LineComment { marker: "#", needs_blank: false, ends: b"\n" },
    ],
    block_comments: BlockComments::Executable,
    blanks: b" \t\n\x0b\x0c\r",
    inner_blanks: b"",
    marks_are_blank: false,
    bodies: Bodies::Unknown,
    transaction_control: &["BEGIN", "START TRANSACTION", "COMMIT", "ROLLBACK"],
};
