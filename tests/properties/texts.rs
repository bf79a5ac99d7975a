//! What holds for every text, be it a target, a head, a script or a message.

use std::fs;
use std::path::Path;
use std::time::Duration;

use limbeck::place::Place;
use limbeck::plan::{self, Target};
use limbeck::revision::folder::read_pair_of;
use limbeck::revision::header::HeaderProblem;
use limbeck::revision::name::{one_line, slug};
use limbeck::revision::write::{Down, Pair, write_pair};
use limbeck::revision::{
    Checksum, DownHeader, ExtraKeys, Extras, ForeignKeys, Header, RevisionId, RunBy, Wrapping,
    check_name,
};
use limbeck::sql::{
    Dialect, Splitter, commits_implicitly, leaves_traces, named_objects, quote_identifier,
    quote_literal, split, transaction_control,
};
use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::cases;
use crate::typed::{any_text, piece};

proptest! {
    #![proptest_config(cases(2048))]

    #[test]
    fn any_text_is_a_target_and_nothing_of_it_is_lost(text in any_text()) {
        let target = Target::parse(&text);
        prop_assert_eq!(&target.text, &text);
        prop_assert!(target.symbol.is_some() || target.offset.is_some());
        let branch = target.branch.map_or(String::new(), |it| it + "@");
        prop_assert!(text.starts_with(&(branch + &target.symbol.unwrap_or_default())));
        let _range = plan::parse_range(&text);
    }

    #[test]
    fn a_name_that_is_allowed_needs_no_quotes_anywhere(text in any_text()) {
        let id = RevisionId::parse(&text);
        prop_assert_eq!(id.is_ok(), check_name(&text).is_ok());
        if let Ok(id) = id {
            prop_assert_eq!(id.as_str(), &text);
            let target = Target::parse(&text);
            let parts = (target.branch, target.symbol, target.offset);
            prop_assert_eq!(parts, (None, Some(text), None));
        }
    }

    #[test]
    fn any_text_has_a_head_or_a_fault_inside_of_it(text in any_text()) {
        read_head(&text);
    }

    #[test]
    fn a_damaged_head_is_read_or_refused(
        header in any_header(), at: Index, piece in piece(), cut in 0..3_usize,
    ) {
        let mut text: Vec<char> = format!("{}\nSELECT 1;\n", header.render()).chars().collect();
        let at = at.index(text.len());
        let end = text.len().min(at + cut);
        text.splice(at..end, piece.chars());
        read_head(&String::from_iter(text));
    }

    #[test]
    fn a_head_that_is_written_is_read_as_it_was(header in any_header(), body in any_text()) {
        let text = header.render();
        let head = Header::parse(&text).unwrap();
        prop_assert_eq!(&head.header, &header);
        prop_assert_eq!(head.body, text.len());
        let whole = format!("{text}\n{body}");
        prop_assert_eq!(&whole[Header::parse(&whole).unwrap().body..], format!("\n{body}"));
        let windows = format!("\u{feff}{}", text.replace('\n', "\r\n"));
        prop_assert_eq!(Header::parse(&windows).unwrap().header, header);
    }

    #[test]
    fn only_line_ends_and_a_byte_order_mark_leave_a_checksum_as_it_is(
        text in any_text(), at: Index, new: char, edit in 0..3_u8,
    ) {
        // A text as it would be without Windows.
        let text = text.replace(['\r', '\u{feff}'], "\n");
        let sum = Checksum::of(&text);
        let windows = text.replace('\n', "\r\n");
        prop_assert_eq!(&Checksum::of(&windows), &sum);
        prop_assert_eq!(&Checksum::of(&format!("\u{feff}{windows}")), &sum);
        prop_assert_eq!(&Checksum::of(&format!("\u{feff}{text}")), &sum);
        let mut edited: Vec<char> = text.chars().collect();
        let at = at.index(edited.len() + 1);
        let end = (at + usize::from(edit > 0)).min(edited.len());
        edited.splice(at..end, (edit < 2).then_some(new));
        let edited = String::from_iter(edited);
        let is_blank = edited.replace("\r\n", "\n").trim_start_matches('\u{feff}') == text;
        prop_assert_eq!(Checksum::of(&edited) == sum, is_blank, "{:?}", edited);
    }

    #[test]
    fn a_slug_is_short_and_fit_for_any_file_system(text in any_text(), most in 0..60_usize) {
        let slug = slug(&text, most);
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        prop_assert!(slug.chars().all(fits), "{slug:?}");
        prop_assert!(slug.len() <= most + 1, "{slug:?}");
    }
}

/// Any head that can stand in a file.
fn any_header() -> impl Strategy<Value = Header> {
    let allowed = |c: &char| check_name(&format!("a{c}")).is_ok();
    let name = || {
        prop_oneof!["[a-zA-Z0-9_]{1,12}", any_text()]
            .prop_map(move |text| text.chars().filter(allowed).collect::<String>())
            .prop_filter("a symbol or nothing", |name| check_name(name).is_ok())
    };
    let names = move || btree_set(name(), 0..4).prop_map(Vec::from_iter);
    let line = || any_text().prop_map(|text| one_line(&text));
    let timeout = || prop::option::of((0_u64..90_000_000).prop_map(Duration::from_millis));
    let options =
        (any::<bool>(), any::<bool>(), names(), timeout(), timeout(), any::<bool>(), line());
    (line(), name(), names(), line(), names(), names(), options).prop_map(
        |(message, revision, revises, create_date, branch_labels, depends_on, options)| Header {
            message: message.into(),
            revision: RevisionId::parse(&revision).unwrap(),
            revises: revises.iter().map(|it| RevisionId::parse(it).unwrap()).collect(),
            create_date,
            extras: Extras::from(ExtraKeys {
                branch_labels,
                depends_on,
                transaction: if options.0 { Wrapping::None } else { Wrapping::Transaction },
                foreign_keys: if options.1 { ForeignKeys::Enforced } else { ForeignKeys::Checked },
                variables: options.2,
                lock_timeout: options.3,
                statement_timeout: options.4,
                run_by: if options.5 { RunBy::Program } else { RunBy::Script },
                irreversible: Some(options.6).filter(|reason| !reason.is_empty()),
            }),
        },
    )
}

/// Reads a head, and checks what may be relied on either way.
fn read_head(text: &str) {
    let _wrapping = Header::parse_down(text);
    match Header::parse(text) {
        Ok(head) => {
            assert!(!text[head.body..].starts_with("--"));
            let again = Header::parse(&head.header.render()).unwrap();
            assert_eq!(again.header, head.header);
        }
        Err(error) => {
            let place = Place::at(Path::new("x"), text, error.line, error.column);
            let line = text.split('\n').nth(place.line - 1).unwrap();
            let mut rest = line.trim_start_matches('\u{feff}').chars();
            let before = rest.by_ref().take(place.column - 1).count();
            assert_eq!(before, place.column - 1, "{error:?}");
            let named = match &error.problem {
                HeaderProblem::UnknownKey { found, .. } => found,
                HeaderProblem::Value { value, .. } => value,
                _ => "",
            };
            assert!(rest.as_str().starts_with(named), "{error:?}");
        }
    }
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn a_new_pair_of_scripts_can_be_read_whatever_its_message(
        header in any_header(), body in any_text(),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let pair = Pair::new(folder.path(), "x");
        write_pair(&pair, &header, &body, Down::Script(&body)).unwrap();
        let revision = read_pair_of(&pair.up).unwrap();
        prop_assert_eq!(&revision.header, &header);
        prop_assert_eq!(revision.checksum, Checksum::of(&format!("\n{body}")));
        let down = fs::read_to_string(&pair.down).unwrap();
        let expected = DownHeader { wrapping: header.extras.transaction, ..DownHeader::default() };
        prop_assert_eq!(Header::parse_down(&down), Ok(expected));
    }
}

const DIALECTS: [Dialect; 3] = [Dialect::Sqlite, Dialect::Postgres, Dialect::MySql];

/// Pieces of scripts, from which nonsense is made that comes close to sense.
const SQL: &str = "'|\"|`|$$|$a$|$|\\|\\.|\\N|--|-- |#|/*|/*!|/*!40101 |*/|(|)|,|.|:|=|@|<|>|;|;|;|é\
     |\n|\r\n|E'|U&'|1|a|AS|IS|OR|REPLACE|DEFINER|PROCEDURE|FUNCTION|TRIGGER|EVENT|PACKAGE|BODY\
     |LANGUAGE|RETURNS|RETURN|EACH|ROW|FOLLOWS|ATOMIC|NOT|IF|CASE|WHEN|THEN|ELSE|LOOP|REPEAT|UNTIL\
     |WHILE|FOR|DO|DECLARE|HANDLER|EXIT|COPY|FROM|STDIN|source|DELIMITER |DELIMITER //\n|//|SET\
     |autocommit|TABLE|RENAME|TO|DROP|ALTER|TRUNCATE|INDEX|ON|WITH|INTO|SELECT|TEMPORARY";

/// What may stand between two tokens of every server's SQL.
const NOISE: &[&str] = &[" ", " ", "\n", "\r\n\t", " /* it's; */ ", " -- END;\n", "/**/ "];

/// Fills every `_` of a template.
fn filled(template: &str, parts: &[String]) -> String {
    let mut parts = parts.iter();
    let fill = |c| if c == '_' { parts.next().unwrap().clone() } else { String::from(c) };
    template.chars().map(fill).collect()
}

/// A statement of a program of MySQL, of any depth, without its delimiter.
fn inner_statement() -> impl Strategy<Value = String> {
    let plain = select(
        &[
            "SET @a = IF(1, 2, 3)",
            "SELECT CASE WHEN 1 THEN CASE 2 WHEN 3 THEN 'END;' END ELSE IF(4, 5, 6) END",
            "DO SLEEP(0)",
            "INSERT INTO t VALUES (';', \"\\\";\")",
            "SELECT `end`, t.begin, @case FROM t FOR UPDATE",
            "DROP TABLE IF EXISTS t",
            "SELECT REPEAT('a', 2)",
        ][..],
    );
    let condition =
        || select(&["1", "EXISTS (SELECT 1)", "CASE WHEN 1 THEN IF(1, 2, 3) END = 2"][..]);
    let block = select(
        &[
            "BEGIN _; _; END",
            "l: BEGIN _; _; END l",
            "BEGIN DECLARE EXIT HANDLER FOR NOT FOUND, 1062 _; _; END",
            "IF ? THEN _; _; END IF",
            "IF ? THEN _; ELSEIF ? THEN _; ELSE DO 1; END IF",
            "CASE 1 WHEN ? THEN _; ELSE _; END CASE",
            "CASE WHEN ? THEN _; WHEN 2 THEN _; END CASE",
            "l: LOOP _; _; LEAVE l; END LOOP l",
            "REPEAT _; _; UNTIL ? END REPEAT",
            "WHILE ? DO _; _; END WHILE",
        ][..],
    );
    plain.prop_map(str::to_owned).prop_recursive(4, 24, 2, move |inner| {
        (block.clone(), condition(), inner.clone(), inner).prop_map(
            |(block, condition, one, other)| filled(&block.replace('?', condition), &[one, other]),
        )
    })
}

/// A statement of MySQL that holds a program.
fn program() -> impl Strategy<Value = String> {
    let head = select(
        &[
            "CREATE PROCEDURE p(a INT) COMMENT 'a;' NOT DETERMINISTIC _",
            "CREATE OR REPLACE DEFINER = a@b PROCEDURE IF NOT EXISTS `p;`.q() _",
            "CREATE TRIGGER t BEFORE INSERT ON u FOR EACH ROW _",
            "CREATE TRIGGER t AFTER UPDATE ON u FOR EACH ROW FOLLOWS begin _",
            "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO _",
            "ALTER EVENT e DO _",
            "CREATE FUNCTION f() RETURNS INT READS SQL DATA BEGIN _; RETURN 1; END",
            "BEGIN NOT ATOMIC _; END",
        ][..],
    );
    (head, inner_statement()).prop_map(|(head, inner)| filled(head, &[inner]))
}

/// A function of PostgreSQL whose body is no string.
fn atomic_function() -> impl Strategy<Value = String> {
    let inner = select(
        &[
            "SELECT CASE WHEN true THEN CASE 1 WHEN 1 THEN 'END;' END END",
            "SELECT 1 AS end, t.case, 2 end FROM t",
            "INSERT INTO t VALUES ($$;$$, E'\\';')",
            "DELETE FROM atomic WHERE (begin = atomic)",
        ][..],
    );
    vec(inner, 0..4).prop_map(|statements| {
        let body: String = statements.iter().flat_map(|it| [it, "; "]).collect();
        format!("CREATE OR REPLACE FUNCTION begin() RETURNS int BEGIN ATOMIC {body}END")
    })
}

/// Puts noise in place of each blank that is in no quotes, of which no text above has any.
fn with_noise(statement: &str, noise: &[Index]) -> String {
    let mut noise = noise.iter().cycle();
    let mut words = statement.split(' ');
    let mut res = words.next().unwrap().to_owned();
    for word in words {
        res += NOISE[noise.next().unwrap().index(NOISE.len())];
        res += word;
    }
    res
}

fn texts(script: &str, dialect: Dialect) -> Vec<&str> {
    split(script, dialect).unwrap().into_iter().map(|it| it.text).collect()
}

proptest! {
    #![proptest_config(cases(1024))]

    #[test]
    fn what_is_quoted_never_splits(text in any_text()) {
        let text = text.replace('\0', " ");
        for dialect in DIALECTS {
            let (literal, name) = (quote_literal(&text, dialect), quote_identifier(&text, dialect));
            let statements = [format!("SELECT {literal}"), format!("SELECT {name} ,{literal}")];
            let script = format!("{};\n{} ; ", statements[0], statements[1]);
            prop_assert_eq!(texts(&script, dialect), statements);
        }
        let dollars = format!("SELECT $é_1${}$é_1$", text.replace('$', ";"));
        let script = format!("{dollars};{dollars}");
        prop_assert_eq!(texts(&script, Dialect::Postgres), [dollars.as_str(); 2]);
        let drop = format!("DROP TABLE {}", quote_identifier(&text, Dialect::MySql));
        let objects = named_objects(&split(&drop, Dialect::MySql).unwrap()[0]);
        prop_assert_eq!(&objects[0].name, &text);
    }

    #[test]
    fn a_program_is_one_statement_with_a_delimiter_of_its_own_or_without(
        programs in vec(program(), 1..4), noise in vec(any::<Index>(), 1..9),
        delimiter in select(&["//", "$$", ";;", "|", "é", "~END~"][..]),
    ) {
        let programs: Vec<String> = programs.iter().map(|it| with_noise(it, &noise)).collect();
        let bare = programs.join(";\n") + ";";
        prop_assert_eq!(texts(&bare, Dialect::MySql), programs.clone());
        let lines = programs.iter().map(|it| format!("{it}; {delimiter}\n"));
        let lines: String = lines.collect();
        let script = format!("Delimiter {delimiter}\n{lines}DELIMITER ;\n{bare}");
        prop_assert_eq!(texts(&script, Dialect::MySql), [programs.clone(), programs].concat());
    }

    #[test]
    fn an_atomic_function_is_one_statement(
        functions in vec(atomic_function(), 1..4), noise in vec(any::<Index>(), 1..9),
    ) {
        let functions: Vec<String> = functions.iter().map(|it| with_noise(it, &noise)).collect();
        let script = functions.join(";") + ";";
        prop_assert_eq!(texts(&script, Dialect::Postgres), functions);
    }
    #[test]
    fn any_script_is_split_or_refused_at_a_place_inside_of_it(
        words in vec(select(SQL.split('|').collect::<Vec<_>>()), 0..40), blank in select(&["", " "][..]),
        begin in select(&["", "BEGIN ", "CREATE ", "CREATE PROCEDURE p() BEGIN "][..]),
    ) {
        let script = format!("{begin}{}", words.join(blank));
        for dialect in DIALECTS {
            let mut end = 0;
            for found in Splitter::new(&script, dialect) {
                let (line, column) = match &found {
                    Ok(found) => (found.line, found.column),
                    Err(error) => error.location(),
                };
                let width = script.split('\n').nth(line - 1).map(|line| line.chars().count());
                prop_assert!(width.is_some_and(|width| 0 < column && column <= width + 1));
                let Ok(found) = found else { break };
                prop_assert_eq!(&script[found.range()], found.text);
                prop_assert!(end <= found.offset && found.range().end <= found.end);
                end = found.end;
                let _all = (leaves_traces(&found), commits_implicitly(&found));
                let _all = (transaction_control(&found), named_objects(&found));
            }
        }
    }
}
