//! A PostgreSQL database that was there before its first revision, and the two schemas as text.

use std::fs;
use std::path::Path;

use insta::assert_snapshot;
use servers::Database;

use crate::on_servers::{Kind, Remote, another, holds, on_postgres};

/// Returns a schema of `tests/schemas/postgres`.
fn schema(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemas/postgres");
    fs::read_to_string(folder.join(name).with_extension("sql")).unwrap()
}

fn dumped(database: &Database) -> String {
    let text = database.pg_dump(&["--schema-only", "--no-owner", "--no-privileges"]);
    text.lines().filter(|it| !it.starts_with('\\')).map(spelled).collect::<Vec<_>>().join("\n")
}

/// Writes a line in one spelling: the server writes lists of `varchar` in two, and options in the
/// order in which they were set.
fn spelled(line: &str) -> String {
    if line.contains("ARRAY[") && line.contains("::character varying") {
        return line.replace(['(', ')'], "").replace("::text", "").replace("[]", "");
    }
    if let Some((head, options)) = line.split_once("WITH (") {
        let (options, tail) = options.rsplit_once(')').unwrap();
        let mut options: Vec<&str> = options.split(", ").collect();
        options.sort_unstable();
        return format!("{head}WITH ({}){tail}", options.join(", "));
    }
    line.to_owned()
}

/// Fails unless two dumps are the same, and tells what is in only one of them.
#[track_caller]
fn same(found: &str, wanted: &str) {
    let only = |of: &str, not: &str| {
        let lines = of.lines().filter(|it| !not.lines().any(|other| other == *it));
        lines.collect::<Vec<_>>().join("\n")
    };
    let (more, less) = (only(found, wanted), only(wanted, found));
    if let Some(at) = found.lines().zip(wanted.lines()).position(|(one, other)| one != other) {
        let near = |text: &str| {
            text.lines().skip(at.saturating_sub(9)).take(20).collect::<Vec<_>>().join("\n")
        };
        panic!(
            "too much:\n{more}\ntoo little:\n{less}\nfound:\n{}\nwanted:\n{}",
            near(found),
            near(wanted)
        );
    }
    assert_eq!(found.len(), wanted.len());
}

/// Adopts a database by a first revision, and makes another one by that.
fn adopted(remote: &Remote) {
    let run = remote.run("revision --autogenerate -m base --rev-id a1");
    assert_eq!(run.code, 0, "{}", run.text());
    holds(
        &run.stderr,
        &[
            "The database has all of it already: `migrate stamp a1` records that.",
            "There is no schema.sql yet: `migrate dump -o schema.sql` writes",
        ],
    );
    let before = dumped(&remote.database);
    remote.done("stamp a1");
    remote.done("dump -o schema.sql");
    let run = remote.run("check");
    assert_eq!(run.code, 0, "{}", run.text());
    holds(&run.stdout, &["schema, revisions and database agree"]);
    same(&dumped(&remote.database), &before);
    let new = of_admin();
    remote.done(&format!("upgrade --url {}", new.admin_url()));
    same(&dumped(&new), &before);
    remote.done(&format!("downgrade base --url {}", new.admin_url()));
    assert_eq!(dumped(&new), dumped(&of_admin()));
    // The dump is a script for psql, and is the same after a round.
    let loaded = Remote::of(Kind::Postgres, of_admin());
    let dump = remote.run("dump").stdout;
    assert_eq!(dump, fs::read_to_string(remote.path("schema.sql")).unwrap());
    loaded.database.execute(&dump);
    same(&dumped(&loaded.database), &before);
    same(&loaded.run("dump").stdout, &dump);
}

fn adopts(name: &str) {
    let Some(remote) = on_postgres() else { return };
    remote.database.execute(&schema(name));
    adopted(&remote);
}

/// Makes an empty database of the superuser's beside that of a project.
fn of_admin() -> Database {
    another(Kind::Postgres).of_admin()
}

#[test]
fn a_shop_is_adopted() {
    adopts("shop");
}

#[test]
fn a_forum_is_adopted() {
    adopts("forum");
}

#[test]
fn a_ledger_is_adopted() {
    adopts("ledger");
}

#[test]
fn telemetry_is_adopted() {
    adopts("telemetry");
}

#[test]
fn tenants_are_adopted() {
    if on_postgres().is_none() {
        return;
    }
    // Event triggers are the superuser's.
    let remote = Remote::of(Kind::Postgres, of_admin());
    remote.configure(&remote.database.admin_url(), "");
    remote.database.execute(&schema("tenants"));
    adopted(&remote);
}

#[test]
fn a_rental_is_adopted() {
    adopts("rental");
}

#[test]
fn a_database_that_is_to_be_another_is_said_to_be() {
    let Some(remote) = on_postgres() else { return };
    remote.database.execute("CREATE TABLE t (a int)");
    remote.write("schema.sql", "CREATE TABLE t (a int, b int);\n");
    let run = remote.run("revision --autogenerate -m base --rev-id a1");
    assert_eq!(run.code, 0, "{}", run.text());
    holds(&run.stderr, &["with --from-database"]);
    fs::remove_dir_all(remote.path("versions")).unwrap();
    fs::create_dir(remote.path("versions")).unwrap();
    remote.done("revision --autogenerate -m base --rev-id a1 --from-database");
    remote.done("stamp a1");
    remote.done("revision --autogenerate -m more --rev-id b1");
    remote.done("upgrade");
    assert_eq!(remote.run("check").code, 0);
}

#[test]
fn the_texts_of_both_are_compared() {
    let Some(remote) = on_postgres() else { return };
    let made =
        "CREATE TYPE mood AS ENUM ('sad', 'ok');\nCREATE TABLE t (a int PRIMARY KEY, m mood);\n";
    remote.database.execute(made);
    remote.write("schema.sql", made);
    assert_eq!(remote.migrate("diff --text"), "exit 0\n--- stderr\nNo changes.\n");
    assert_eq!(remote.run("diff --text --exit-code").code, 0);
    remote.write(
        "schema.sql",
        "CREATE TYPE mood AS ENUM ('sad', 'so so', 'ok');\nCREATE TABLE t (m mood NOT NULL, a bigint PRIMARY \
         KEY);\nCREATE INDEX ON t (m);\n",
    );
    assert_snapshot!(remote.migrate("diff --text"), @"
    exit 0
    --- stdout
    --- database
    +++ schema.sql
    @@ -1,7 +1,9 @@
    -CREATE TYPE public.mood AS ENUM ('sad', 'ok');
    +CREATE TYPE public.mood AS ENUM ('sad', 'so so', 'ok');
     
     CREATE TABLE public.t (
    -    a integer NOT NULL,
    -    m public.mood,
    +    m public.mood NOT NULL,
    +    a bigint NOT NULL,
         CONSTRAINT t_pkey PRIMARY KEY (a)
     );
    +
    +CREATE INDEX t_m_idx ON public.t USING btree (m);
    ");
    assert_eq!(remote.run("diff --text --exit-code").code, 3);
    // Nothing is written, and the revisions can be asked as well.
    assert_eq!(remote.objects(), "mood t");
    holds(
        &remote.run("diff --text --versions").stdout,
        &["--- versions", "+CREATE TABLE public.t ("],
    );
}

#[test]
fn a_dump_is_loaded_by_psql_whatever_its_functions_name() {
    let Some(remote) = on_postgres() else { return };
    remote.database.execute(
        "SET check_function_bodies = off;
         CREATE FUNCTION a() RETURNS int LANGUAGE sql AS 'SELECT b() + count(*)::int FROM nowhere';
         CREATE FUNCTION b() RETURNS int LANGUAGE plpgsql AS 'DECLARE it nowhere%ROWTYPE; BEGIN RETURN 1; END';
         CREATE TABLE parent (a int, b int GENERATED ALWAYS AS (a * 2) STORED);
         CREATE TABLE child (a int, b int GENERATED ALWAYS AS (a * 2) STORED, c int);
         ALTER TABLE child INHERIT parent;",
    );
    let dump = remote.run("dump").stdout;
    assert!(dump.starts_with("SET check_function_bodies = off;\n\n"), "{dump}");
    let loaded = Remote::of(Kind::Postgres, another(Kind::Postgres));
    loaded.database.execute(&dump);
    assert_eq!(loaded.run("dump").stdout, dump);
    same(&dumped(&loaded.database), &dumped(&remote.database));
    // People don't need that line.
    remote.write("schema.sql", dump.replace("c integer", "c bigint"));
    let text = remote.run("diff --text").stdout;
    assert!(text.contains("+    c bigint") && !text.contains("check_function_bodies"), "{text}");
}

#[test]
fn what_a_dump_cannot_write_is_said() {
    let Some(remote) = on_postgres() else { return };
    remote.database.execute(
        "CREATE TABLE t (a int);
         CREATE OPERATOR === (FUNCTION = int4eq, LEFTARG = int, RIGHTARG = int);
         CREATE PUBLICATION p FOR TABLE t;",
    );
    let run = remote.run("dump");
    assert_eq!(run.code, 0);
    holds(&run.stdout, &["--   publication p", "CREATE TABLE public.t (\n    a integer\n);\n"]);
    holds(
        &run.stderr,
        &["left out, since it can't be written: ", "operator public.===", "publication p"],
    );
}

#[test]
fn what_cannot_be_generated_is_listed_beside_the_rest() {
    let Some(remote) = on_postgres() else { return };
    remote.write("schema.sql", "CREATE TABLE t (a int);");
    remote.done("revision --autogenerate -m one");
    remote.done("upgrade");
    remote.database.execute("CREATE PUBLICATION p FOR TABLE t; ALTER TABLE t ADD b int;");
    let opaque = serde_json::json!({
        "kind": "drop", "type": "other", "object": "publication p",
        "destructive": false, "may_fail": false, "check": null, "sql": null,
    });
    let diff = remote.json("diff");
    assert_eq!(diff["clean"], false);
    assert_eq!(diff["changes"][0]["object"], "t.b", "{diff}");
    assert_eq!(diff["changes"][1], opaque);
    let run = remote.run("diff");
    assert_eq!(run.code, 0, "{}", run.text());
    holds(&run.stdout, &["--   drop publication p\n\n", "DROP COLUMN b;"]);
    holds(&run.stderr, &["left out, since it can't be generated: drop publication p"]);
    let check = remote.run("check --json");
    assert_eq!(check.code, 3, "{}", check.text());
    holds(&check.stdout, &["publication p", "ADD COLUMN b"]);
    // What is only in the database is nothing to a revision that is made of the revisions.
    remote.write("schema.sql", "CREATE TABLE t (a int, c int);");
    remote.done("revision --autogenerate -m two");
    let run = remote.run("revision --autogenerate -m three --from-database");
    assert_ne!(run.code, 0);
    remote.write("schema.sql", "CREATE TABLE t (a int, c int); CREATE PUBLICATION q FOR TABLE t;");
    let run = remote.run("revision --autogenerate -m three");
    holds(&run.stderr, &["creating publication q can't be generated"]);
}
