//! Schemas in, scripts out: each case of `golden/autogenerate/<case>/sqlite` has what is there
//! (`before.sql`), what is wanted (`schema.sql`), and the scripts between them.
//!
//! `UPDATE=1 cargo test --test autogenerate` rewrites the scripts; read the difference before it is
//! committed. A case without a script is one where there is nothing to do.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::{Path, PathBuf};

use limbeck::autogenerate::{Generated, Scratch, Wish, generate, load};
use limbeck::schema::{Schema, dump};
use limbeck::sql::{Dialect, Splitter};

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/autogenerate");
    let mut res: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path().join("sqlite")).collect();
    res.sort();
    res
}

fn generated(case: &Path) -> Result<(Schema, Schema, Generated), String> {
    let before = load(&case.join("before.sql")).unwrap();
    let desired = load(&case.join("schema.sql")).unwrap();
    let version = case.parent().unwrap().to_str().unwrap().ends_with("_3_35");
    let version =
        version.then_some(limbeck::config::SqliteVersion { major: 3, minor: 35, patch: 0 });
    let wish = Wish { version, ..Wish::default() };
    let res = generate(&before.schema, &desired, &wish);
    let res = res.map_err(|error| format!("{}: {error}", case.display()))?;
    Ok((before.schema, desired.schema, res))
}

fn run(scratch: &mut Scratch, script: &str) {
    for statement in Splitter::new(script, Dialect::Sqlite) {
        scratch.connection().execute(statement.unwrap().text).unwrap();
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
        let mut scratch = Scratch::of(&before).unwrap();
        run(&mut scratch, &generated.up);
        assert_eq!(scratch.schema().unwrap(), desired, "{}", case.display());
        run(&mut scratch, &generated.down);
        assert_eq!(scratch.schema().unwrap(), before, "{}", case.display());
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_schema_that_is_dumped_and_loaded_is_dumped_the_same() {
    for case in cases() {
        for file in ["before.sql", "schema.sql"] {
            let schema = load(&case.join(file)).unwrap().schema;
            let text = dump(&schema);
            let again = limbeck::autogenerate::load_text(Path::new("dump.sql"), &text);
            let again = again.unwrap_or_else(|error| panic!("{}: {error}\n{text}", case.display()));
            assert_eq!(again.schema, schema, "{}", case.display());
            assert_eq!(dump(&again.schema), text, "{}", case.display());
        }
    }
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
    let parts = [("", "INTEGER"), ("INTEGER", "INTEGER"), ("INTEGER", "TEXT")];
    for (before, after) in parts {
        let text = |it: &str| if it.is_empty() { String::new() } else { large(it) };
        let start = std::time::Instant::now();
        let before = limbeck::autogenerate::load_text(path, &text(before)).unwrap();
        let mut wanted = text(after);
        if before.schema.tables.len() > 0 {
            wanted += "CREATE TABLE another (a);";
        }
        let desired = limbeck::autogenerate::load_text(path, &wanted).unwrap();
        let loaded = start.elapsed();
        let generated = generate(&before.schema, &desired, &Wish::default()).unwrap();
        eprintln!(
            "{} changes: loaded in {loaded:?}, {:?}",
            generated.changes.len(),
            start.elapsed()
        );
        assert!(!generated.changes.is_empty());
    }
}
