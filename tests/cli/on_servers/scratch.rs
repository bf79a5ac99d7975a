//! Scratch databases on PostgreSQL: gone after every end, swept up after a kill, made where that is
//! allowed, and nowhere else.

use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use servers::Database;

use crate::on_servers::{Kind, Remote, another, holds, on_postgres};

/// How many times a run is killed.
const KILLS: u32 = 20;

/// The password of the roles that these tests make.
const PASSWORD: &str = "scratch";

/// A project on PostgreSQL whose URL is that of a role of its own.
struct Maker {
    remote: Remote,
    role: String,
}

impl Maker {
    /// Makes a role with a right, such as `CREATEDB`.
    fn with(right: &str) -> Option<Self> {
        let remote = on_postgres()?;
        let role = format!("{}_maker", remote.database.name());
        let create = format!("CREATE ROLE {role} LOGIN {right} PASSWORD '{PASSWORD}'");
        remote.database.execute_as_admin(&create);
        let res = Self { remote, role };
        res.configure("");
        Some(res)
    }

    /// Writes the configuration with further lines.
    fn configure(&self, lines: &str) {
        self.remote.configure(&self.remote.database.url_as(&self.role, PASSWORD), lines);
    }

    /// Returns the scratch databases of the role.
    fn scratch(&self) -> Vec<String> {
        self.remote.database.query(&format!(
            "SELECT datname FROM pg_database WHERE datname LIKE 'migrate\\_scratch\\_%' AND \
             pg_get_userbyid(datdba) = '{}' ORDER BY 1",
            self.role
        ))
    }

    fn spawn(&self, arguments: &str) -> Child {
        let mut command = self.remote.command(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// Starts to load a schema that takes a minute, and waits until it is at it.
    fn load_for_long(&self) -> (Child, String) {
        self.remote.write("schema.sql", "CREATE TABLE t (a int);\nSELECT pg_sleep(60);\n");
        let before = self.scratch();
        let child = self.spawn("diagram --schema");
        let query = "SELECT datname FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)' AND \
                     datname LIKE 'migrate\\_scratch\\_%' AND usename = ";
        let query = format!("{query}'{}'", self.role);
        let mut found = Vec::new();
        wait_for(|| {
            found = self.remote.database.try_query_as_admin(&query).unwrap();
            found.retain(|it| !before.contains(it));
            !found.is_empty()
        });
        (child, found.remove(0))
    }
}

impl Drop for Maker {
    fn drop(&mut self) {
        let free = "SET default_transaction_read_only = off; SET statement_timeout = 0";
        let drops = self.scratch().into_iter().map(|it| format!("DROP DATABASE {it} WITH (FORCE)"));
        let role = format!("DROP OWNED BY {0}; DROP ROLE {0}", self.role);
        for drop in drops.chain([role]) {
            let result = self.remote.database.try_query_as_admin(&format!("{free};\n{drop}"));
            assert!(result.is_ok() || thread::panicking(), "{result:?}");
        }
    }
}

#[track_caller]
fn wait_for(mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < Duration::from_secs(30), "it never comes to be");
        thread::sleep(Duration::from_millis(10));
    }
}

fn signal(child: &Child, name: &str) {
    let pid = child.id().to_string();
    assert!(Command::new("kill").args([name, &pid]).status().unwrap().success());
}

/// Returns the tables and columns of a drawing.
fn drawn(remote: &Remote, arguments: &str) -> Vec<String> {
    let document = remote.json(arguments);
    let tables = document["tables"].as_array().unwrap().iter();
    let columns = tables.flat_map(|table| {
        let name = table["name"].as_str().unwrap();
        let columns = table["columns"].as_array().unwrap().iter();
        columns.map(move |it| format!("{name}.{} {}", it["name"], it["type"]))
    });
    columns.collect()
}

#[test]
fn nothing_is_left_after_a_success_and_after_an_error() {
    let Some(maker) = Maker::with("CREATEDB") else { return };
    // A view before its table, and a path of its own.
    maker.remote.write(
        "schema.sql",
        "CREATE VIEW v AS SELECT a FROM t;\nCREATE TABLE t (a int);\nCREATE SCHEMA s;\nSET search_path \
         = s;\nCREATE TABLE u (b w);\nCREATE DOMAIN w AS int;\n",
    );
    let found = drawn(&maker.remote, "diagram --schema");
    assert_eq!(found, ["s.u.\"b\" \"s.w\"", "t.\"a\" \"integer\"", "v.\"a\" \"integer\""]);
    assert_eq!(maker.scratch(), [""; 0]);
    // The project's own database is only read.
    assert_eq!(maker.remote.objects(), "");
    maker
        .remote
        .write("schema.sql", "CREATE TABLE t (a int);\nCREATE VIEW v AS\n  SELECT b FROM t;");
    let run = maker.remote.run("diagram --schema");
    assert_eq!(run.code, 1);
    holds(&run.stderr, &["column \"b\" does not exist", "schema.sql:3:10"]);
    assert_eq!(maker.scratch(), [""; 0]);
}

#[test]
fn nothing_is_left_after_a_signal() {
    for (name, code) in [("-INT", 2), ("-TERM", 15)] {
        let Some(maker) = Maker::with("CREATEDB") else { return };
        let (child, scratch) = maker.load_for_long();
        assert_eq!(maker.scratch(), [scratch]);
        signal(&child, name);
        let output = child.wait_with_output().unwrap();
        let status = std::os::unix::process::ExitStatusExt::signal(&output.status);
        assert_eq!(status, Some(code), "{output:?}");
        assert_eq!(maker.scratch(), [""; 0]);
    }
}

#[test]
fn what_a_killed_run_leaves_is_swept_up_and_nothing_else() {
    let Some(maker) = Maker::with("CREATEDB") else { return };
    let (child, scratch) = maker.load_for_long();
    let (killed, left) = maker.load_for_long();
    signal(&killed, "-KILL");
    killed.wait_with_output().unwrap();
    let admin = |sql: &str| maker.remote.database.try_query_as_admin(sql).unwrap();
    // Somebody looks at what was left.
    let (used, foreign) =
        ("migrate_scratch_00000002_0badcafe", "migrate_scratch_00000003_0badcafe");
    let role = &maker.role;
    admin(&format!("CREATE DATABASE {used} OWNER {role} TEMPLATE template0"));
    admin(&format!("CREATE DATABASE {foreign} TEMPLATE template0"));
    let url = maker.remote.database.url_as(role, PASSWORD);
    let url = format!("{}/{used}", url.rsplit_once('/').unwrap().0);
    let session = Command::new("psql").args(["-Xqc", "SELECT pg_sleep(60)", &url]).spawn();
    let mut session = session.unwrap();
    let count = format!("SELECT count(*) FROM pg_stat_activity WHERE datname = '{used}'");
    wait_for(|| admin(&count) == ["1"]);
    maker.remote.write("schema.sql", "CREATE TABLE t (a int);");
    maker.remote.done("diagram --schema");
    // The killed one's is gone, although its statement went on; the living one's stays.
    assert_eq!(maker.scratch(), [used, scratch.as_str()], "without {left}");
    session.kill().unwrap();
    session.wait().unwrap();
    signal(&child, "-TERM");
    child.wait_with_output().unwrap();
    assert_eq!(
        admin(&format!("SELECT count(*) FROM pg_database WHERE datname = '{foreign}'")),
        ["1"]
    );
    admin(&format!("DROP DATABASE {foreign}"));
}

#[test]
fn a_kill_at_any_moment_leaves_nothing_behind_the_next_run() {
    let Some(maker) = Maker::with("CREATEDB") else { return };
    maker.remote.write("schema.sql", "CREATE TABLE t (a int PRIMARY KEY, b text NOT NULL);");
    let start = Instant::now();
    maker.remote.done("diff");
    let whole = start.elapsed();
    for at in 0..KILLS {
        let mut child = maker.spawn("diff");
        thread::sleep(whole * at / KILLS);
        // One that has ended by itself can't be killed any more.
        let _result = child.kill();
        child.wait().unwrap();
        maker.remote.done("diff");
        assert_eq!(maker.scratch(), [""; 0], "killed after {at} of {KILLS} parts of {whole:?}");
    }
}

#[test]
fn several_runs_go_on_at_once() {
    let Some(maker) = Maker::with("CREATEDB") else { return };
    maker.remote.write("schema.sql", "CREATE TABLE t (a int);");
    let children: Vec<Child> = (0..4).map(|_| maker.spawn("diagram --schema")).collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }
    assert_eq!(maker.scratch(), [""; 0]);
}

#[test]
fn a_role_without_the_right_is_told_both_ways_out() {
    let Some(maker) = Maker::with("NOCREATEDB") else { return };
    maker.remote.write("schema.sql", "CREATE TABLE t (a int);");
    let run = maker.remote.run("diagram --schema");
    assert_eq!(run.code, 1);
    let role = &maker.role;
    holds(
        &run.stderr,
        &[
            &format!("role `{role}` may not create databases"),
            &format!("`ALTER ROLE \"{role}\" CREATEDB`"),
            "`scratch = \"URL\"`",
            "docker run",
        ],
    );
    // Elsewhere it may.
    let elsewhere = another(Kind::Postgres);
    maker.configure(&format!("scratch = '{}'", elsewhere.url()));
    assert_eq!(drawn(&maker.remote, "diagram --schema"), ["t.\"a\" \"integer\""]);
    assert_eq!(elsewhere.query("SELECT count(*) FROM pg_tables WHERE tablename = 't'"), ["0"]);
}

#[test]
fn the_database_itself_is_no_scratch_database() {
    let Some(remote) = on_postgres() else { return };
    remote.write("schema.sql", "CREATE TABLE t (a int);");
    // By the same name of the host, and by another.
    for url in [remote.database.url(), remote.database.url_on("localhost", "")] {
        remote.configure(&remote.database.url(), &format!("scratch = '{url}'"));
        let error = remote.error("diagram --schema");
        let message = error["message"].as_str().unwrap();
        holds(message, &["`scratch` is the database of the project itself"]);
        assert_eq!(error["kind"], "config");
    }
    remote.configure(&remote.database.url(), "scratch = 'mysql://h/d'");
    holds(
        remote.error("diagram --schema")["message"].as_str().unwrap(),
        &["is no server for scratch databases"],
    );
}

/// Makes objects of many kinds.
const MANY: &str = "SET check_function_bodies = off;
    CREATE TYPE mood AS ENUM ('sad', 'ok');
    CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
    CREATE SCHEMA other;
    CREATE FUNCTION other.late(n integer, t text) RETURNS integer LANGUAGE sql AS 'SELECT a FROM other.b';
    CREATE TABLE other.b (a serial PRIMARY KEY, m mood DEFAULT 'ok');
    CREATE TABLE p (id bigint GENERATED ALWAYS AS IDENTITY, n positive, d date) PARTITION BY RANGE (d);
    CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
    CREATE TABLE c (id integer REFERENCES other.b, x integer GENERATED ALWAYS AS (id * 2) STORED);
    CREATE UNIQUE INDEX ON c (lower(x::text)) WHERE x > 0;
    CREATE VIEW w AS SELECT * FROM c JOIN other.b ON b.a = c.id;
    CREATE MATERIALIZED VIEW mw AS SELECT count(*) FROM w;
    CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
    CREATE TRIGGER t BEFORE INSERT ON c FOR EACH ROW EXECUTE FUNCTION touch();
    ALTER TABLE c ENABLE ROW LEVEL SECURITY;
    CREATE POLICY only_even ON c USING (id % 2 = 0);
    COMMENT ON TABLE c IS 'it''s; a table';
    GRANT SELECT ON c TO PUBLIC;
    INSERT INTO other.b VALUES (1, 'ok')";

fn dump_loads(maker: &Maker, source: &Database, options: &[&str]) {
    maker.remote.write("schema.sql", source.pg_dump(options));
    let there = Remote::of(Kind::Postgres, another(Kind::Postgres));
    there.configure(&source.url(), "");
    assert_eq!(drawn(&maker.remote, "diagram --schema"), drawn(&there, "diagram"));
}

#[test]
fn what_pg_dump_writes_is_a_schema() {
    let Some(maker) = Maker::with("CREATEDB") else { return };
    let source = another(Kind::Postgres);
    source.execute(MANY);
    // With owners, rights and rows, of which a schema has none.
    dump_loads(&maker, &source, &[]);
    dump_loads(&maker, &source, &["-s"]);
    dump_loads(&maker, &source, &["-s", "-O", "-x"]);
    assert_eq!(maker.scratch(), [""; 0]);
}

#[test]
fn a_scratch_database_has_the_settings_of_the_real_one() {
    let Some(maker) = Maker::with("CREATEDB") else { return };
    let (name, role) = (maker.remote.database.name(), &maker.role);
    for set in [
        format!("ALTER DATABASE {name} SET search_path = 'It''s', public"),
        format!("ALTER ROLE {role} IN DATABASE {name} SET TimeZone = 'Asia/Tokyo'"),
        // Not taken: nothing could be made then.
        format!("ALTER ROLE {role} SET statement_timeout = 1"),
        format!("ALTER DATABASE {name} SET default_transaction_read_only = on"),
    ] {
        maker.remote.database.execute_as_admin(&set);
    }
    maker.remote.write(
        "schema.sql",
        "CREATE SCHEMA \"It's\";\nCREATE TABLE t (a int);\nDO $$ BEGIN\n  IF to_regclass('\"It''s\".t') IS \
         NULL OR current_setting('TimeZone') <> 'Asia/Tokyo'\n    OR pg_encoding_to_char((SELECT encoding \
         FROM pg_database WHERE datname = current_database())) <> 'UTF8'\n  THEN\n    RAISE 'another \
         session';\n  END IF;\nEND $$;\n",
    );
    maker.remote.done("diagram --schema");
}

#[test]
fn what_is_of_the_whole_server_has_no_place_in_a_schema() {
    let Some(maker) = Maker::with("CREATEDB") else { return };
    for (text, what) in [
        ("CREATE DATABASE d", "CREATE DATABASE has no place in a schema"),
        ("ALTER SYSTEM SET work_mem = '1GB'", "ALTER SYSTEM has no place in a schema"),
        ("COPY t FROM PROGRAM 'true'", "COPY … PROGRAM has no place in a schema"),
        ("\\connect d", "`\\connect` is a command of psql, not SQL"),
    ] {
        maker.remote.write("schema.sql", format!("CREATE TABLE t (a int);\n{text};\n"));
        let error = maker.remote.error("diagram --schema");
        assert_eq!((error["message"].as_str(), &error["line"]), (Some(what), &2.into()));
    }
    assert_eq!(maker.scratch(), [""; 0]);
}

#[test]
fn a_protected_environment_is_checked_without_a_scratch_database_of_its_own() {
    let Some(maker) = Maker::with("CREATEDB") else { return };
    maker.remote.write("schema.sql", "CREATE TABLE t (a int);");
    maker.configure("protected = true");
    let said = "The schemas were not compared: the environment is protected";
    let run = maker.remote.run("check");
    assert_eq!(run.code, 0, "{}", run.text());
    holds(&run.stderr, &[said]);
    holds(maker.remote.json("check")["uncompared"].as_str().unwrap(), &[said]);
}

#[test]
fn a_check_without_the_right_says_what_it_left_out() {
    let Some(maker) = Maker::with("NOCREATEDB") else { return };
    maker.remote.write("schema.sql", "CREATE TABLE t (a int);");
    let run = maker.remote.run("check");
    assert_eq!(run.code, 0, "{}", run.text());
    holds(&run.stderr, &["The schemas were not compared: the role", "may not create"]);
}

#[test]
fn a_replay_leaves_roles_and_rights_out_and_refuses_what_is_of_the_server() {
    let Some(maker) = Maker::with("CREATEDB") else { return };
    let role = format!("{}_other", maker.remote.database.name());
    let up = format!(
        "CREATE ROLE {role};\nCREATE TABLE t (a int);\nGRANT SELECT ON t TO {role};\nALTER TABLE t OWNER \
         TO {role};\nSET search_path = '';\nSELECT 1;"
    );
    maker.remote.revision("a1<", &up, "DROP TABLE t;");
    let dump = maker.remote.migrate("dump --versions");
    holds(&dump, &["CREATE TABLE public.t (", "a integer"]);
    let roles = format!("SELECT count(*) FROM pg_roles WHERE rolname = '{role}'");
    assert_eq!(maker.remote.database.query(&roles), ["0"]);
    maker.remote.revision("b1<a1 | Transaction: none", "CREATE DATABASE d;", "DROP DATABASE d;");
    let error = maker.remote.error("dump --versions");
    let message = "revision `b1` creates a database, so it can't be run on a scratch database";
    assert_eq!(error["message"], message);
    assert_eq!(maker.scratch(), [""; 0]);
}

#[test]
fn a_check_compares_the_schema_the_revisions_and_the_database() {
    let Some(remote) = on_postgres() else { return };
    remote.write("schema.sql", "CREATE TABLE t (a int PRIMARY KEY, b text DEFAULT 'x');");
    let up = "CREATE TABLE t (a int PRIMARY KEY, b text DEFAULT 'x');";
    remote.revision("a1<", up, "DROP TABLE t;");
    remote.done("upgrade");
    let run = remote.run("check");
    assert_eq!(run.code, 0, "{}", run.text());
    holds(&run.stdout, &["schema, revisions and database agree"]);
    remote.database.execute("CREATE TABLE rogue (a int)");
    remote.write("schema.sql", "CREATE TABLE t (a int PRIMARY KEY);");
    let run = remote.run("check");
    assert_eq!(run.code, 3, "{}", run.text());
    holds(
        &run.stdout,
        &["Not in a revision yet: drop column t.b", "by no revision: create table rogue"],
    );
}

#[test]
fn a_schema_of_rows_and_roles_is_loaded_without_them() {
    let Some(maker) = Maker::with("CREATEDB") else { return };
    let role = format!("{}_other", maker.remote.database.name());
    maker.remote.write(
        "schema.sql",
        format!(
            "CREATE TABLE t (a int);\nCREATE ROLE {role};\nINSERT INTO t VALUES (1);\nINSERT INTO t \
             VALUES (2);\nCOPY t (a) FROM stdin;\n3\n\\.\nALTER TABLE t OWNER TO {role};\n"
        ),
    );
    let run = maker.remote.run("diff");
    assert_eq!(run.code, 0, "{}", run.text());
    holds(&run.stdout, &["CREATE TABLE public.t ("]);
    holds(
        &run.stderr,
        &[
            "3 statements from schema.sql:3 on: left out, since they are about rows",
            "schema.sql:2: left out, since it is about roles",
        ],
    );
}

#[test]
fn a_replay_that_fails_advises_no_stamp() {
    let Some(remote) = on_postgres() else { return };
    remote.write("schema.sql", "CREATE TABLE t (a int);");
    remote.revision("a1<", "CREATE TABLE t (a int);", "DROP TABLE t;");
    remote.done("upgrade");
    remote.database.execute("DROP TABLE t");
    remote.revision("b1<a1", "CREATE TABLE t (a int);", "DROP TABLE t;");
    remote.done("upgrade");
    let text = remote.refused("check");
    holds(&text, &["already exists", "it was a scratch database", "replayed on an empty database"]);
    assert!(!text.contains("stamp"), "{text}");
}

#[test]
fn an_extension_that_a_scratch_database_cannot_have_is_left_out_on_demand() {
    let Some(maker) = Maker::with("CREATEDB") else { return };
    let remote = &maker.remote;
    // Only a superuser may create it.
    remote.database.execute_as_admin(
        "CREATE EXTENSION pageinspect; CREATE TABLE t (a int); CREATE VIEW v AS SELECT (page_header('x')).lsn",
    );
    let grant = format!("GRANT SELECT ON t TO {}", maker.role);
    remote.database.execute_as_admin(&grant);
    let hint = "`scratch_skip_extensions = [\"pageinspect\"]` in migrate.toml leaves it out";
    let message =
        "extension `pageinspect` can't be created in a scratch database: permission denied";
    let text = remote.refused("revision --autogenerate -m base --rev-id a1");
    holds(&text, &["permission denied to create extension", "`scratch_skip_extensions` in"]);
    remote.write("schema.sql", "CREATE TABLE t (a int);\nCREATE EXTENSION pageinspect;\n");
    let text = remote.refused("diff");
    holds(&text, &[message, "schema.sql:2:1", hint]);
    // A replay says the same of a script.
    remote.revision(
        "a1<",
        "CREATE EXTENSION pageinspect;\nCREATE TABLE t (a int);",
        "DROP TABLE t;",
    );
    holds(&remote.refused("dump --versions"), &["permission denied", "`scratch_skip_extensions`"]);
    maker.configure("scratch_skip_extensions = ['pageinspect']");
    assert_eq!(
        remote.run("dump --versions").stdout,
        "CREATE TABLE public.t (\n    a integer\n);\n"
    );
    assert_eq!(remote.migrate("diff"), "exit 0\n--- stderr\nNo changes.\n");
    // A dump is of the database as it is.
    holds(
        &remote.run("dump").stdout,
        &["CREATE EXTENSION pageinspect SCHEMA public;", "VIEW public.v"],
    );
    remote.remove("versions/a1.up.sql");
    remote.remove("versions/a1.down.sql");
    remote.remove("schema.sql");
    let run = remote.run("revision --autogenerate -m base --rev-id a1");
    assert_eq!(run.code, 0, "{}", run.text());
    holds(
        &run.stderr,
        &["left out, since it needs an extension of `scratch_skip_extensions`: view v"],
    );
    assert!(
        !remote.read(&format!("versions/{}", remote.names("versions")[1])).contains("EXTENSION")
    );
    assert_eq!(maker.scratch(), [""; 0]);
}
