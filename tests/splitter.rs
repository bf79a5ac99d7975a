//! The splitter against SQLite itself: where `sqlite3_prepare` stops, a statement must end.
//!
//! rusqlite hides the tail of `sqlite3_prepare`, but the text that a prepared statement was made
//! from ends there; see `walk`. SQLite's parser takes any token as an argument of
//! `CREATE VIRTUAL TABLE`, so that its tokenizer can be asked about any mixture of them.
#![cfg(feature = "sqlite")]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::{fs, path::Path};

use limbeck::sql::{Dialect, Lexer, LineIndex, SplitError, Splitter, TokenKind, split};
use proptest::{collection::vec, option, prelude::*, sample::select};
use rusqlite::{Batch, Connection, fallible_iterator::FallibleIterator as _};

/// Blanks and comments, each of which may stand between any two tokens.
const NOISE: &[&str] = &[
    " ",
    "\n",
    "\r\n",
    "\t",
    "\x0c",
    " \x0b",
    " \u{feff}",
    "/**/",
    "/*;*/",
    "/* it's; */",
    "/* \" [ ` */",
    "/*/;*/",
    "/***/",
    "-- a; 'b\n",
    "--\r;\n",
    "/* é 日本 */",
];

const NAMES: &[&str] =
    &["a", "\"a;\"", "\"\"\";\"", "[b;']", "[--]", "`c;`", "```;`", "'d;'", "é", "\"end\"", "end_"];

const VALUES: &[&str] =
    &["NULL", "1", "1.5e+3", "0x1F", "x'3b'", "''", "'a;b'", "'it''s; --'", "'/*'", "'é;\n'"];

const PARAMETERS: &[&str] = &["?", "?12", ":a", "@end", "$c", "$d::e", "$f(;'--)", ":g(/*;)"];

const OTHERS: &[&str] = &[
    "begin",
    "commit",
    "end transaction",
    "rollback to begin",
    "create table if not exists trigger ( begin , temp )",
    "create temp table if not exists temp ( trigger )",
    "create view if not exists temporary as select 1 as trigger",
    "drop trigger if exists trigger",
    "select @create trigger",
    "create virtual table w using m",
];

/// Whole and broken tokens, to be strung together.
const PIECES: &[&str] = &[
    "'",
    "'",
    "''",
    "\"",
    "\"",
    "`",
    "`",
    "[",
    "]",
    ";",
    ";",
    "-",
    "--",
    "\n",
    "/",
    "*",
    "/*",
    "*/",
    "(",
    ")",
    ",",
    ".",
    ":",
    "::",
    "$",
    "@",
    "#",
    "?",
    "a",
    "e",
    "x",
    "x'00'",
    "1",
    "1.",
    "1e",
    "é",
    "\u{feff}",
    "\u{a0}",
    "\x0b",
    "\x0c",
    "\r",
    " ",
    " ",
    " ",
    "end",
    "END",
    "create",
    "temp",
    "trigger",
    "virtual",
    "begin",
    "explain",
    "'a'",
    "\"b\"",
    "[c]",
    "/* */",
    "-- d\n",
    "$$",
    "$e$",
    "\\",
    "\\'",
    "!",
    "!=",
    "|",
    "->",
    "->>",
    "select 1",
    "select 1;",
    "create trigger",
    ";end;",
];

/// Writes a keyword in another case.
type Cased = fn(&str) -> String;

/// How far SQLite went through a script.
#[derive(Debug, PartialEq, Eq)]
enum Walk {
    All,
    RefusedAfter(usize),
}

/// Goes through a script with SQLite, and panics if it stops elsewhere than the splitter.
fn walk(connection: &Connection, text: &str, run: fn(&mut rusqlite::Statement<'_>)) -> Walk {
    let mut begin = 0;
    for (count, found) in (0..).zip(Splitter::new(text, Dialect::Sqlite).map(Some).chain([None])) {
        let rest = &text[begin..];
        match (Batch::new(connection, rest).next(), found) {
            (Err(_), _) => return Walk::RefusedAfter(count),
            (Ok(None), None) => break,
            (Ok(Some(mut prepared)), Some(Ok(found))) => {
                if prepared.parameter_count() == 0 {
                    let made_from = prepared.expanded_sql().unwrap();
                    assert_eq!(made_from, text[begin..found.end], "of {text:?}");
                }
                // rusqlite takes a text only if it is one statement: neither more nor less.
                for slice in [&text[begin..found.end], found.text] {
                    let result = connection.prepare(slice).map(|_| ());
                    assert_eq!(result, Ok(()), "{slice:?} of {text:?}");
                }
                run(&mut prepared);
                begin = found.end;
            }
            (Ok(_), found) => panic!("at byte {begin} of {text:?}: {found:?}"),
        }
    }
    Walk::All
}

fn prepare_only(_: &mut rusqlite::Statement<'_>) {}

fn execute(prepared: &mut rusqlite::Statement<'_>) {
    let mut rows = prepared.raw_query();
    while rows.next().unwrap().is_some() {}
}

fn connection() -> Connection {
    let res = Connection::open_in_memory().unwrap();
    res.execute_batch("CREATE TABLE t (c)").unwrap();
    res
}

#[test]
fn sqlite_stops_where_the_goldens_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/split/sqlite");
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        if path.extension().is_none_or(|extension| extension != "sql") || name == "refused_nul" {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let walked = walk(&Connection::open_in_memory().unwrap(), &text, execute);
        assert_eq!(walked != Walk::All, name.starts_with("refused_"), "{name}: {walked:?}");
    }
}

#[test]
fn sqlite_drops_what_follows_a_nul_and_the_splitter_refuses_it() {
    let text = "SELECT 1;\n\0SELECT 2;";
    let connection = connection();
    assert!(Batch::new(&connection, &text[9..]).next().unwrap().is_none());
    assert_eq!(split(text, Dialect::Sqlite), Err(SplitError::Nul { line: 2, column: 1 }));
}

/// The words of a template; single spaces part them.
fn words(template: &str) -> Vec<String> {
    template.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Puts words into a template, each in place of a `_`.
fn fill<const N: usize>(template: &str, parts: [Vec<String>; N]) -> Vec<String> {
    let mut parts = parts.into_iter();
    let expand = |word: String| {
        if word == "_" { parts.next().unwrap() } else { vec![word] }
    };
    words(template).into_iter().flat_map(expand).collect()
}

fn name() -> impl Strategy<Value = Vec<String>> {
    select(NAMES).prop_map(|name| vec![name.to_owned()])
}

fn expression(leaves: &[&[&'static str]]) -> BoxedStrategy<Vec<String>> {
    let leaf = select(leaves.concat()).prop_map(|leaf| vec![leaf.to_owned()]);
    let nest = |inner: BoxedStrategy<Vec<String>>| {
        let pair = (inner.clone(), inner.clone());
        let case = (inner.clone(), inner.clone(), inner.clone());
        prop_oneof![
            inner.prop_map(|a| fill("( _ )", [a])),
            pair.prop_map(|(a, b)| fill("_ || _", [a, b])),
            case.prop_map(|(a, b, c)| fill("case _ when _ then _ else ';' end", [a, b, c])),
        ]
    };
    leaf.prop_recursive(3, 12, 3, move |inner| nest(inner.boxed())).boxed()
}

fn trigger() -> impl Strategy<Value = Vec<String>> {
    let plain = || expression(&[VALUES]);
    let action = prop_oneof![
        plain().prop_map(|a| fill("select _ ;", [a])),
        plain().prop_map(|a| fill("insert into t values ( _ ) ;", [a])),
        plain().prop_map(|a| fill("update t set c = _ where c = 'x;' ;", [a])),
        Just(words("delete from t ;")),
    ];
    let create = select(&["create trigger", "create temp trigger", "create temporary trigger"][..]);
    let when = option::of(plain().prop_map(|a| fill("for each row when _", [a])));
    let parts = (create, name(), when, vec(action, 1..4));
    parts.prop_map(|(create, name, when, actions)| {
        let head = fill(
            "_ if not exists _ after insert on t _ begin",
            [words(create), name, when.unwrap_or_default()],
        );
        [head, actions.concat(), words("end")].concat()
    })
}

fn virtual_table() -> impl Strategy<Value = Vec<String>> {
    let names: Vec<&str> = NAMES.iter().copied().filter(|name| *name != "a").collect();
    let token =
        select([VALUES, PARAMETERS, names.as_slice(), &[";", "end", "create", ","]].concat())
            .prop_map(|token| vec![token.to_owned()]);
    let arguments = token.prop_recursive(3, 12, 6, |inner| {
        vec(inner, 0..6).prop_map(|tokens| fill("( _ )", [tokens.concat()]))
    });
    let parts = (name(), vec(arguments, 0..5));
    parts.prop_map(|(name, arguments)| {
        fill("create virtual table if not exists _ using m ( _ )", [name, arguments.concat()])
    })
}

fn statement() -> impl Strategy<Value = Vec<String>> {
    let any = || expression(&[VALUES, PARAMETERS]);
    let unexplained = prop_oneof![
        2 => (any(), name()).prop_map(|(a, name)| fill("select _ as _", [a, name])),
        2 => any().prop_map(|a| fill("insert into t values ( _ )", [a])),
        1 => name().prop_map(|name| fill("create table if not exists _ ( a )", [name])),
        1 => name().prop_map(|name| fill("savepoint _", [name])),
        2 => select(OTHERS).prop_map(words),
        4 => trigger(),
        2 => virtual_table(),
    ];
    let explain = select(&["", "", "", "explain", "explain query plan"][..]).prop_map(words);
    (explain, unexplained).prop_map(|(explain, statement)| [explain, statement].concat())
}

fn noise(least: usize) -> impl Strategy<Value = String> {
    vec(select(NOISE), least..least + 3).prop_map(|noise| noise.concat())
}

/// A statement as it stands in a script, with noise between its tokens.
fn rendered() -> impl Strategy<Value = String> {
    let tokens = statement().prop_flat_map(|tokens| {
        let tokens: Vec<_> = tokens.into_iter().map(|token| (Just(token), noise(1))).collect();
        (tokens, select(&[str::to_lowercase, str::to_uppercase, str::to_owned][..]))
    });
    tokens.prop_map(|(tokens, cased): (Vec<(String, String)>, Cased)| {
        let is_word = |token: &str| token.bytes().all(|byte| byte.is_ascii_alphabetic());
        let mut res = String::new();
        let mut pending = String::new();
        for (token, after) in tokens {
            res.push_str(&pending);
            res.push_str(&if is_word(&token) { cased(&token) } else { token });
            pending = after;
        }
        res
    })
}

/// A script that SQLite takes, and the statements that it was made of.
fn script() -> impl Strategy<Value = (String, Vec<String>)> {
    let delimiters = vec(noise(0).prop_map(|noise| format!("{noise};")), 1..3);
    let item = (noise(0), rendered(), delimiters);
    let last = option::of((noise(0), rendered()));
    (vec(item, 0..5), last, noise(0)).prop_map(|(items, last, tail)| {
        let mut text = String::new();
        let mut statements = Vec::new();
        for (noise, statement, delimiters) in items {
            text.extend([noise, statement.clone(), delimiters.concat()]);
            statements.push(statement);
        }
        if let Some((noise, statement)) = last {
            text.extend([noise, statement.clone()]);
            statements.push(statement);
        }
        (text + &tail, statements)
    })
}

fn soup(pieces: usize) -> impl Strategy<Value = String> {
    vec(select(PIECES), 0..pieces).prop_map(|pieces| pieces.concat())
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![soup(40), any::<String>(), "[a-e;'\"\\[\\]/*\\-$ \n\\\\é]{0,40}"]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2048, failure_persistence: None, ..Default::default() })]

    #[test]
    fn a_valid_script_gives_the_statements_it_was_made_of((text, statements) in script()) {
        let found = split(&text, Dialect::Sqlite).unwrap();
        let texts: Vec<&str> = found.iter().map(|statement| statement.text).collect();
        prop_assert_eq!(texts, statements);
        prop_assert_eq!(walk(&connection(), &text, prepare_only), Walk::All);
    }

    #[test]
    fn any_tokens_are_read_as_sqlite_reads_them(soup in soup(12)) {
        let text = format!("CREATE VIRTUAL TABLE v USING m({soup}\n);SELECT 2;{soup}");
        walk(&connection(), &text, prepare_only);
    }

    #[test]
    fn any_script_is_cut_as_sqlite_cuts_it_until_it_refuses(
        items in vec(prop_oneof![2 => rendered().prop_map(|text| text + ";"), 1 => soup(3)], 0..6),
    ) {
        walk(&connection(), &items.concat(), prepare_only);
    }

    #[test]
    fn statements_cover_the_text_in_every_dialect(text in any_text()) {
        for dialect in [Dialect::Sqlite, Dialect::Postgres, Dialect::MySql] {
            let index = LineIndex::new(&text);
            let mut begin = 0;
            for statement in Splitter::new(&text, dialect).map_while(Result::ok) {
                prop_assert_eq!(&text[statement.range()], statement.text);
                prop_assert_eq!(index.locate(statement.offset), (statement.line, statement.column));
                for (start, end) in
                    [(begin, statement.offset), (statement.range().end, statement.end)]
                {
                    let mut between = Lexer::new(&text[start..end], dialect).flatten();
                    let is_ignored = [TokenKind::Delimiter, TokenKind::Executable];
                    prop_assert!(between.all(|token| is_ignored.contains(&token.kind)));
                }
                if dialect == Dialect::Sqlite {
                    let again = split(statement.text, dialect).unwrap();
                    prop_assert_eq!(again.len(), 1);
                    prop_assert_eq!(again[0].text, statement.text);
                }
                begin = statement.end;
            }
        }
    }
}
