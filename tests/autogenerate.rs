//! Schemas in, scripts out: each case of `golden/autogenerate/<case>/sqlite` has what is there
//! (`before.sql`), what is wanted (`schema.sql`), and the scripts between them.
//!
//! `UPDATE=1 cargo test --test autogenerate` rewrites the scripts; read the difference before it is
//! committed. A case without a script is one where there is nothing to do.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use limbeck::autogenerate::{Generated, Scratch, Wish, generate, load, load_text, scratch};
use limbeck::catalog::Catalog;
use limbeck::config::SqliteVersion;
use limbeck::revision::write::Down;
use limbeck::sql::{Dialect, Splitter};
use limbeck::sqlite::dump;

/// Makes an empty database to try things on.
fn empty() -> Box<dyn Scratch> {
    scratch(Dialect::Sqlite).unwrap()
}

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/autogenerate");
    let mut res: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path().join("sqlite")).collect();
    res.sort();
    res
}

fn generated(case: &Path) -> Result<(Catalog, Catalog, Generated), String> {
    let before = load(&case.join("before.sql"), &mut *empty()).unwrap();
    let desired = load(&case.join("schema.sql"), &mut *empty()).unwrap();
    let name = case.parent().unwrap().to_str().unwrap();
    let minor = name.rsplit_once("_3_").map(|(_, minor)| minor.parse().unwrap());
    let version = minor.map_or_else(SqliteVersion::default, at_least);
    let wish = Wish { version, ..Wish::default() };
    let res = generate(&before.schema, &desired, &wish, &mut *empty());
    let res = res.map_err(|error| format!("{}: {error}", case.display()))?;
    Ok((before.schema, desired.schema, res))
}

/// The oldest SQLite that has to understand a script.
fn at_least(minor: u16) -> SqliteVersion {
    SqliteVersion { major: 3, minor, patch: 0 }
}

fn run(scratch: &mut dyn Scratch, script: &str) {
    for statement in Splitter::new(script, Dialect::Sqlite) {
        scratch.connection().unwrap().execute(statement.unwrap().text).unwrap();
    }
}

#[expect(clippy::disallowed_methods, reason = "`UPDATE` steers the test, not the program")]
fn check(golden: &Path, actual: &str) {
    if std::env::var_os("UPDATE").is_some() {
        if actual.is_empty() {
            drop(fs::remove_file(golden));
        } else {
            fs::write(golden, actual).unwrap();
        }
    }
    let expected = fs::read_to_string(golden).unwrap_or_default();
    assert_eq!(actual, expected, "{} differs; UPDATE=1 rewrites it", golden.display());
}

#[test]
fn scripts_are_as_their_goldens_say_and_lead_there_and_back() {
    let mut faults = Vec::new();
    for case in cases() {
        let Ok((before, desired, generated)) = generated(&case).map_err(|it| faults.push(it))
        else {
            continue;
        };
        check(&case.join("up.sql"), &generated.up);
        check(&case.join("down.sql"), &generated.down);
        let changes: Vec<String> = generated
            .changes
            .iter()
            .map(|it| {
                let mark = if it.destructive { "! " } else { "" };
                format!("{mark}{} {} {}: {}\n", it.kind, it.object_type, it.object, it.description)
            })
            .collect();
        check(&case.join("changes.txt"), &changes.concat());
        let mut scratch = empty().with(&before).unwrap();
        run(&mut *scratch, &generated.up);
        assert_eq!(scratch.catalog().unwrap(), desired, "{}", case.display());
        run(&mut *scratch, &generated.down);
        assert_eq!(scratch.catalog().unwrap(), before, "{}", case.display());
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_scripts_are_read_by_the_sqlite_of_the_system() {
    let program = "import sqlite3, sys\n\
                   db = sqlite3.connect(':memory:')\n\
                   for text in sys.argv[1:]:\n    \
                   db.executescript(text)\n";
    for case in cases().iter().filter(|it| !it.to_str().unwrap().contains("_3_53")) {
        let text = |file: &str| fs::read_to_string(case.join(file)).unwrap_or_default();
        let texts = ["before.sql", "up.sql", "down.sql"].map(text);
        let output = Command::new("python3").args(["-c", program]).args(texts).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {told}", case.display());
    }
}

#[test]
fn a_schema_that_is_dumped_and_loaded_is_dumped_the_same() {
    for case in cases() {
        for file in ["before.sql", "schema.sql"] {
            let schema = load(&case.join(file), &mut *empty()).unwrap().schema;
            let text = dump(&schema).unwrap();
            let again = load_text(Path::new("dump.sql"), &text, &mut *empty());
            let again = again.unwrap_or_else(|error| panic!("{}: {error}\n{text}", case.display()));
            assert_eq!(again.schema, schema, "{}", case.display());
            assert_eq!(dump(&again.schema).unwrap(), text, "{}", case.display());
        }
    }
}

/// Returns the statements of a script, without what is said above them.
fn statements(script: &str) -> Vec<String> {
    Splitter::new(script, Dialect::Sqlite).map(|it| it.unwrap().text.to_owned()).collect()
}

#[test]
fn each_change_has_its_own_statements_and_no_others() {
    let before = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, CONSTRAINT pos CHECK (id > 0)); \
                  CREATE TABLE users (id INTEGER PRIMARY KEY); \
                  CREATE TRIGGER users AFTER INSERT ON t BEGIN SELECT 1; END;";
    let after = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL, b TEXT, \
                 CONSTRAINT pos CHECK (id > 0)); \
                 CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT); \
                 CREATE TRIGGER users AFTER INSERT ON t BEGIN SELECT 2; END;";
    let sql = |version| {
        let wish = Wish { version, ..Wish::default() };
        let changes = between(before, after, &wish).unwrap().changes;
        let one = |object: &str| changes.iter().find(|it| it.object == object).unwrap().sql.clone();
        [one("t.a"), one("t.b"), one("users.name"), one("users")]
    };
    let [a, b, name, trigger] = sql(at_least(53));
    assert_eq!(a, "ALTER TABLE t ALTER COLUMN a SET NOT NULL;");
    assert_eq!(b, "ALTER TABLE t ADD COLUMN b TEXT;");
    assert_eq!(name, "ALTER TABLE users ADD COLUMN name TEXT;");
    let drop = "DROP TRIGGER users;\nCREATE TRIGGER users AFTER INSERT ON t BEGIN SELECT 2; END;";
    assert_eq!(trigger, drop);
    // Both columns come with the one rebuild of their table, and nobody else has it.
    let [a, b, name, trigger] = sql(at_least(40));
    assert_eq!(a, b);
    assert!(a.contains("ALTER TABLE _migrate_new_t RENAME TO t;"), "{a}");
    assert!(!a.contains("TRIGGER") && !a.contains("users"), "{a}");
    assert_eq!(name, "ALTER TABLE users ADD COLUMN name TEXT;");
    assert_eq!(trigger, drop);
}

#[test]
fn what_goes_along_has_the_statements_that_take_it() {
    let before = "CREATE TABLE gone (a); CREATE INDEX i ON gone (a); CREATE TABLE t (a INT); \
                  CREATE INDEX j ON t (a); CREATE INDEX kept ON t (a); CREATE TABLE p (x); \
                  CREATE VIEW v AS SELECT * FROM t; CREATE VIEW w AS SELECT * FROM v; \
                  CREATE INDEX k ON p (x);";
    let after = "CREATE TABLE t (a TEXT); CREATE INDEX kept ON t (a); CREATE TABLE p (\n-- renamed from: x\ny); \
                 CREATE VIEW v AS SELECT * FROM t; CREATE VIEW w AS SELECT * FROM v; \
                 \n-- renamed from: k\nCREATE INDEX l ON p (y);";
    let generated = between(before, after, &Wish::default()).unwrap();
    let sql = |object: &str| {
        let found = generated.changes.iter().find(|it| it.object == object);
        found.unwrap_or_else(|| panic!("{object}: {:?}", generated.changes)).sql.clone()
    };
    assert_eq!((sql("gone"), sql("i")), ("DROP TABLE gone;".into(), "DROP TABLE gone;".into()));
    let rebuild = sql("t.a");
    for part in ["DROP VIEW w;\nDROP VIEW v;", "CREATE INDEX kept", "CREATE VIEW w"] {
        assert!(rebuild.contains(part), "{rebuild}");
    }
    assert!(rebuild.contains(&sql("j")) && sql("j").starts_with("CREATE TABLE"), "{}", sql("j"));
    assert_eq!(sql("p.y"), "ALTER TABLE p RENAME COLUMN x TO y;");
    assert_eq!(sql("l"), "DROP INDEX k;\nCREATE INDEX l ON p (y);");
    let all: BTreeSet<String> =
        generated.changes.iter().flat_map(|it| statements(&it.sql)).collect();
    assert_eq!(all, statements(&generated.up).into_iter().collect());
}

/// Five hundred tables that refer to each other, with indexes, views and triggers.
fn large(type_name: &str) -> String {
    let table = |at: usize| {
        let parent = at / 2;
        format!(
            "CREATE TABLE t{at} (id INTEGER PRIMARY KEY, a TEXT NOT NULL DEFAULT 'x', b {type_name}, \
             c REAL CHECK (c > 0), p INTEGER REFERENCES t{parent} (id) ON DELETE CASCADE, \
             d TEXT, e TEXT, f TEXT);\nCREATE INDEX i{at} ON t{at} (a, b);\n\
             CREATE VIEW v{at} AS SELECT * FROM t{at};\n\
             CREATE TRIGGER r{at} AFTER INSERT ON t{at} BEGIN SELECT 1; END;\n"
        )
    };
    (0..500).map(table).collect()
}

#[test]
fn a_large_schema_takes_no_time_to_speak_of() {
    let path = Path::new("schema.sql");
    let text = large("INTEGER");
    let before = load_text(path, &text, &mut *empty()).unwrap();
    let more =
        load_text(path, &(text.clone() + "CREATE TABLE another (a);"), &mut *empty()).unwrap();
    let start = std::time::Instant::now();
    for (from, to, expected) in [(&Catalog::default(), &before, 2000), (&before.schema, &more, 1)] {
        let generated = generate(from, to, &Wish::default(), &mut *empty()).unwrap();
        assert_eq!(generated.changes.len(), expected);
    }
    // A second is usual, in a build that isn't optimized a few.
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}

/// Generates between two texts.
fn between(before: &str, after: &str, wish: &Wish<'_>) -> Result<Generated, String> {
    let path = Path::new("schema.sql");
    let before = load_text(path, before, &mut *empty()).unwrap().schema;
    let desired = load_text(path, after, &mut *empty()).map_err(|error| error.to_string())?;
    generate(&before, &desired, wish, &mut *empty()).map_err(|error| error.to_string())
}

#[track_caller]
fn refused(before: &str, after: &str, expected: &str) {
    let error = between(before, after, &Wish::default()).unwrap_err();
    assert!(error.contains(expected), "{error}");
}

#[test]
fn a_hint_is_followed_once_and_refused_where_it_can_not_be() {
    let hinted = "-- renamed from: a\nCREATE TABLE b (x);";
    let renamed = between("CREATE TABLE a (x);", hinted, &Wish::default()).unwrap();
    assert_eq!(renamed.up, "-- Rename table a to b\nALTER TABLE a RENAME TO b;\n");
    let spent = between("CREATE TABLE b (x);", hinted, &Wish::default()).unwrap();
    assert_eq!(spent, Generated::default());
    refused("CREATE TABLE c (x);", hinted, "`a` can't be renamed to `b`: neither is there");
    refused("CREATE TABLE a (x); CREATE TABLE b (x);", hinted, "both are there already");
    let again = format!("{hinted} CREATE TABLE a (y);");
    let spent = between("CREATE TABLE a (y); CREATE TABLE b (x);", &again, &Wish::default());
    assert_eq!(spent.unwrap(), Generated::default());
    refused(
        "CREATE TABLE t (a, b);",
        "CREATE TABLE t (\n    b -- renamed from: a\n);",
        "both are there already",
    );
    refused(
        "CREATE TABLE a (x);",
        "-- renamed from: a\nCREATE VIEW v AS SELECT 1;",
        "of a kind whose objects are not renamed",
    );
}

#[test]
fn a_hint_is_spent_once_its_old_name_is_in_use_again() {
    let before = "CREATE TABLE t (name TEXT, full_name TEXT); CREATE INDEX i ON t (name); \
                  CREATE INDEX j ON t (full_name);";
    let after = "CREATE TABLE t (\nname TEXT, age INT,\nfull_name TEXT -- renamed from: name\n);\n\
                 -- renamed from: i\nCREATE INDEX j ON t (full_name); CREATE INDEX i ON t (name);";
    let generated = between(before, after, &Wish::default()).unwrap();
    assert_eq!(generated.up, "-- Add column t.age\nALTER TABLE t ADD COLUMN age INT;\n");
    let renames = [("t.name".to_owned(), "full_name".to_owned())];
    let wish = Wish { renames: &renames, ..Wish::default() };
    let plain = "CREATE TABLE t (name TEXT, full_name TEXT, age INT);";
    let error = between(before, plain, &wish).unwrap_err();
    assert!(error.contains("both are there already"), "{error}");
}

#[test]
fn hints_rename_along_a_chain_and_swap_names() {
    let chain =
        "CREATE TABLE t (id INTEGER,\nb TEXT, -- renamed from: a\nc TEXT -- renamed from: b\n);";
    let before = "CREATE TABLE t (id INTEGER, a TEXT, b TEXT);";
    let generated = between(before, chain, &Wish::default()).unwrap();
    let expected = "ALTER TABLE t RENAME COLUMN b TO c;\nALTER TABLE t RENAME COLUMN a TO b;";
    assert_eq!(statements(&generated.up).join(";\n") + ";", expected);
    let done = between("CREATE TABLE t (id INTEGER, b TEXT, c TEXT);", chain, &Wish::default());
    assert_eq!(done.unwrap(), Generated::default());

    let swap = "CREATE TABLE t (\na TEXT, -- renamed from: b\nb INTEGER -- renamed from: a\n);";
    let before = "CREATE TABLE t (a INTEGER, b TEXT);";
    let generated = between(before, swap, &Wish::default()).unwrap();
    let kinds: Vec<&str> = generated.changes.iter().map(|it| it.kind.as_str()).collect();
    assert_eq!(kinds, ["rename", "rename"], "{}", generated.up);
    let done = between("CREATE TABLE t (a TEXT, b INTEGER);", swap, &Wish::default());
    assert_eq!(done.unwrap(), Generated::default());
}

#[test]
fn names_are_swapped_on_the_command_line() {
    let pair = |old: &str, new: &str| (old.to_owned(), new.to_owned());
    let renames = [pair("a", "b"), pair("b", "a"), pair("b.x", "y"), pair("a.y", "x")];
    let before = "CREATE TABLE a (id INTEGER PRIMARY KEY, x TEXT); CREATE TABLE b (id INTEGER PRIMARY KEY, y BLOB);";
    let after = "CREATE TABLE b (id INTEGER PRIMARY KEY, y TEXT); CREATE TABLE a (id INTEGER PRIMARY KEY, x BLOB);";
    let wish = Wish { renames: &renames, ..Wish::default() };
    let swapped = between(before, after, &wish).unwrap();
    assert!(swapped.changes.iter().all(|it| it.kind.as_str() == "rename"), "{}", swapped.up);
    assert_eq!(swapped.changes.len(), 4);
}

#[test]
fn likely_renames_are_pointed_out_and_not_done() {
    let before = "CREATE TABLE people (id INTEGER, name TEXT); CREATE TABLE t (a TEXT, b INT);";
    let after = "CREATE TABLE users (id INTEGER, name TEXT); CREATE TABLE t (c TEXT, b INT);";
    let generated = between(before, after, &Wish::default()).unwrap();
    assert_eq!(generated.changes.iter().filter(|it| it.destructive).count(), 2);
    let hints: Vec<String> =
        generated.suggestions.iter().map(|it| format!("{} | {}", it.hint, it.option)).collect();
    let expected =
        ["-- renamed from: people | --rename people=users", "-- renamed from: a | --rename t.a=c"];
    assert_eq!(hints, expected);
}

#[test]
fn destructive_steps_can_be_refused() {
    let destructive = limbeck::config::Destructive::Refuse;
    let wish = Wish { destructive, ..Wish::default() };
    let error = between("CREATE TABLE t (a, b);", "CREATE TABLE t (a);", &wish).unwrap_err();
    assert!(error.contains("drops column t.b with its values"), "{error}");
    assert!(between("CREATE TABLE t (a);", "CREATE TABLE t (a, b);", &wish).is_ok());
}

#[test]
fn what_is_left_out_stays_as_it_is() {
    let filter = limbeck::catalog::Filter {
        include: Vec::new(),
        exclude: vec!["tmp_*".to_owned(), "kept_index".to_owned()],
    };
    let wish = Wish { filter, ..Wish::default() };
    let before = "CREATE TABLE tmp_a (x); CREATE TABLE t (a INT); CREATE INDEX kept_index ON t (a); \
                  CREATE INDEX gone ON t (a); CREATE VIEW tmp_v AS SELECT a FROM t;";
    let generated = between(before, "CREATE TABLE t (a TEXT);", &wish).unwrap();
    let objects: Vec<&str> = generated.changes.iter().map(|it| it.object.as_str()).collect();
    assert_eq!(objects, ["t.a", "gone"]);
    assert!(generated.up.contains("Put view tmp_v back"), "{}", generated.up);
    assert!(generated.up.contains("CREATE INDEX kept_index"), "{}", generated.up);
}

#[test]
fn what_only_an_application_has_is_made_up_and_told() {
    let before = "CREATE TABLE t (a TEXT COLLATE german CHECK (is_fine(a)), b INT);";
    let after = "CREATE TABLE t (a TEXT COLLATE german CHECK (is_fine(a)), b TEXT);";
    let generated = between(before, after, &Wish::default()).unwrap();
    assert!(generated.up.contains("COLLATE german CHECK (is_fine(a))"));
    let told = generated.warnings.join("; ");
    assert!(told.contains("function `is_fine`") && told.contains("collation `german`"), "{told}");
}

#[test]
fn a_script_that_needs_values_works_without_rows_and_fails_cleanly_with_them() {
    let before = "CREATE TABLE t (id INTEGER PRIMARY KEY);";
    let after = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL, b TEXT NOT NULL UNIQUE);";
    for version in [at_least(35), SqliteVersion::default(), at_least(53)] {
        let generated = between(before, after, &Wish { version, ..Wish::default() }).unwrap();
        assert!(generated.up.contains("-- FILL IN: "), "{}", generated.up);
        let schema = load_text(Path::new("before.sql"), before, &mut *empty()).unwrap().schema;
        let mut scratch = empty().with(&schema).unwrap();
        scratch.connection().unwrap().execute("INSERT INTO t VALUES (1)").unwrap();
        let fails = Splitter::new(&generated.up, Dialect::Sqlite)
            .any(|it| scratch.connection().unwrap().execute(it.unwrap().text).is_err());
        assert!(fails, "{}", generated.up);
    }
}

#[test]
fn a_script_is_for_the_sqlite_that_distributions_ship_unless_another_is_named() {
    let (before, after) = ("CREATE TABLE t (a TEXT NOT NULL, b);", "CREATE TABLE t (a TEXT, b);");
    let plain = between(before, after, &Wish::default()).unwrap();
    assert!(!plain.up.contains("ALTER COLUMN"), "{}", plain.up);
    assert_eq!(plain.warnings, [""; 0]);
    let wish = Wish { version: at_least(53), ..Wish::default() };
    let newest = between(before, after, &wish).unwrap();
    let told = "-- Needs SQLite 3.53 or later: ALTER COLUMN\n\n-- Let t.a be NULL\n";
    assert!(newest.up.starts_with(told), "{}", newest.up);
    let told = "-- Needs SQLite 3.53 or later: ALTER COLUMN\n\n-- Refuse NULL in t.a\n";
    assert!(newest.down.starts_with(told), "{}", newest.down);
    let needs = |way: &str| format!("the {way} script needs SQLite 3.53 or later: ALTER COLUMN");
    assert_eq!(newest.warnings, [needs("up"), needs("down")]);
}

#[test]
fn what_only_a_newer_sqlite_reads_is_told_wherever_it_comes_from() {
    let before = "CREATE TABLE t (a TEXT, b);";
    let told = |after: &str, minor| {
        let wish = Wish { version: at_least(minor), ..Wish::default() };
        between(before, after, &wish).unwrap().warnings.join("; ")
    };
    let strict = "CREATE TABLE t (a TEXT, b); CREATE TABLE s (a TEXT) STRICT;";
    assert_eq!(told(strict, 40), "");
    assert_eq!(told(strict, 35), "the up script needs SQLite 3.37 or later: STRICT");
    let view = "CREATE TABLE t (a TEXT, b); CREATE VIEW v AS SELECT concat(a, b) FROM t;";
    assert_eq!(told(view, 40), "the up script needs SQLite 3.44 or later: concat()");
    let view = "CREATE TABLE t (a TEXT, b); CREATE VIEW v AS SELECT 'concat(a)' FROM t;";
    assert_eq!(told(view, 40), "");
}

#[test]
fn a_key_that_fits_none_of_its_parent_stays_and_is_not_made() {
    let (unfit, fit) = ("CREATE TABLE q (a);", "CREATE TABLE q (a UNIQUE);");
    let [unfit, fit] = [unfit, fit].map(|q| format!("{q} CREATE TABLE t (x REFERENCES q (a));"));
    refused("CREATE TABLE q (a);", &unfit, "the up script fails: foreign key mismatch");
    refused(&fit, &unfit, "the up script fails: foreign key mismatch");
    refused(&unfit, &fit, "the down script fails: foreign key mismatch");
    let more = unfit.replace("x REFERENCES", "y, x REFERENCES");
    let generated = between(&unfit, &more, &Wish::default()).unwrap();
    assert!(generated.up.contains("ALTER TABLE t ADD COLUMN y"), "{}", generated.up);
}

#[test]
fn a_broken_view_is_no_hindrance() {
    let before = "CREATE TABLE t (a INT); CREATE VIEW broken AS SELECT x FROM nowhere;";
    let after = "CREATE TABLE t (a TEXT); CREATE VIEW broken AS SELECT x FROM nowhere;";
    let generated = between(before, after, &Wish::default()).unwrap();
    assert!(generated.up.contains("DROP VIEW broken"), "{}", generated.up);
}

#[test]
fn a_project_goes_up_and_down_by_what_was_generated() {
    use limbeck::config::{Environment, Overrides};
    use limbeck::ops::{self, Create, Proposal, ProposalRequest, Request};
    use limbeck::plan::Splice;
    use limbeck::project::Project;

    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    fs::create_dir(folder.path().join("versions")).unwrap();
    write("migrate.toml", "[migrate]\nurl = \"sqlite:a.db\"\n");
    let environment = Environment::new(folder.path(), [("", ""); 0]);
    let open = || Project::open(&Overrides::default(), &environment).unwrap();
    let schemas = [
        "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);\n\
         CREATE TABLE posts (id INTEGER PRIMARY KEY, author REFERENCES users (id) ON DELETE CASCADE);",
        "CREATE TABLE users (\n    id INTEGER PRIMARY KEY,\n    full_name TEXT NOT NULL DEFAULT '?' \
         -- renamed from: name\n);\n\
         CREATE TABLE posts (id INTEGER PRIMARY KEY, author REFERENCES users (id) ON DELETE CASCADE);",
    ];
    let heads = ["head".to_owned()];
    let create = Create {
        message: "step",
        heads: &heads,
        splice: Splice::Refuse,
        branch_labels: &[],
        version_path: None,
        revision: None,
        depends_on: &[],
    };
    let proposed = |from_database| {
        let (renames, include, exclude, create) = (&[], &[], &[], create.clone());
        let request = ProposalRequest { create, renames, include, exclude, from_database };
        ops::propose(&open(), &request).unwrap()
    };
    for schema in schemas {
        write("schema.sql", schema);
        let Proposal { draft, generated, .. } = proposed(false);
        draft.write(&generated.up, Down::Script(&generated.down)).unwrap();
        let project = open();
        let mut connection = ops::open_to_write(&project).unwrap();
        ops::migrate(&project, &mut *connection, &Request::upgrade("head"), &mut |_| {}).unwrap();
        connection.execute("INSERT INTO users (id) VALUES (abs(random() % 1000000))").unwrap();
        for from_database in [false, true] {
            assert_eq!(proposed(from_database).generated, Generated::default());
        }
    }
    let project = open();
    let mut connection = ops::open_to_write(&project).unwrap();
    ops::migrate(&project, &mut *connection, &Request::downgrade("-1"), &mut |_| {}).unwrap();
    let rows = connection.query("SELECT count(*), count(name) FROM users").unwrap();
    assert_eq!(rows, [[Some("2".to_owned()), Some("2".to_owned())]]);
}
