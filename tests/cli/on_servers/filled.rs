//! Rows that are there when columns are filled: triggers, deferred checks and numbers of sequences.

use crate::on_servers::{Remote, holds, on_postgres};

/// Makes a project whose database has a schema and rows, and leads it to another schema.
fn led(before: &str, rows: &str, after: &str) -> Option<Remote> {
    let remote = on_postgres()?;
    remote.configure(&remote.database.url(), "");
    remote.write("schema.sql", before);
    remote.done("revision --autogenerate -m first --rev-id a1");
    remote.done("upgrade");
    remote.database.execute(rows);
    remote.write("schema.sql", after);
    remote.done("revision --autogenerate -m second --rev-id b2");
    remote.done("upgrade");
    remote.done("check");
    Some(remote)
}

const TOUCHED: &str = "CREATE FUNCTION touched() RETURNS trigger LANGUAGE plpgsql AS \
                       $$ BEGIN new.u := '2030-01-01'; RETURN new; END $$;\n";
const TOUCH: &str =
    "CREATE TRIGGER touch BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touched();\n";

#[test]
fn triggers_do_not_fire_when_columns_are_filled() {
    let schema = |columns: &str| {
        format!(
            "{TOUCHED}CREATE DOMAIN small AS int CHECK (VALUE < 10);\nCREATE TABLE t ({columns}\n);\n{TOUCH}"
        )
    };
    let before = schema("a int, n int, u date");
    let after = schema(
        "a int, n int NOT NULL DEFAULT 5, u date,\nb int NOT NULL, -- backfill: 7\n\
         c int NOT NULL, -- backfill: a + 1\n\
         d text NOT NULL DEFAULT 'own', -- backfill: 'theirs'::text\ne numeric(5, 2), -- backfill: -1.5\n\
         f small NOT NULL, -- backfill: 7\ng boolean NOT NULL -- backfill: true",
    );
    let rows = "INSERT INTO t VALUES (1, NULL, '2020-01-01')";
    let Some(remote) = led(&before, rows, &after) else { return };
    let row = remote.database.query("SELECT a, n, u, b, c, d, e, f, g FROM t");
    assert_eq!(row, ["1|5|2020-01-01|7|2|theirs|-1.50|7|t"]);
    let defaults = "SELECT attname FROM pg_attrdef JOIN pg_attribute ON attrelid = adrelid \
                    AND attnum = adnum WHERE adrelid = 't'::regclass ORDER BY 1";
    assert_eq!(remote.database.query(defaults), ["d", "n"]);
    remote.database.execute("UPDATE t SET a = 3");
    assert_eq!(remote.database.query("SELECT u FROM t"), ["2030-01-01"]);
}

#[test]
fn deferred_checks_are_made_before_the_table_is_altered() {
    let schema = |p: &str, more: &str| {
        format!(
            "CREATE TABLE p (id int PRIMARY KEY);\n\
             CREATE TABLE t (a int, p int {p} REFERENCES p DEFERRABLE INITIALLY DEFERRED{more});\n"
        )
    };
    let rows = "INSERT INTO p VALUES (7); INSERT INTO t VALUES (1, NULL)";
    let after = schema("NOT NULL DEFAULT 7", ",\nb int NOT NULL -- backfill: a\n");
    let Some(remote) = led(&schema("", ""), rows, &after) else { return };
    assert_eq!(remote.database.query("SELECT a, p, b FROM t"), ["1|7|1"]);
}

#[test]
fn a_number_that_becomes_serial_counts_on() {
    let before = "CREATE TABLE t (id int PRIMARY KEY, n text);\n\
                  CREATE TABLE e (id int PRIMARY KEY, n text);\n";
    let after = "CREATE TABLE t (id serial PRIMARY KEY, n text);\n\
                 CREATE SEQUENCE s START WITH 100;\n\
                 CREATE TABLE e (id int PRIMARY KEY DEFAULT nextval('s'), n text);\n";
    let rows = "INSERT INTO t VALUES (1, 'a'), (2, 'b'); INSERT INTO e VALUES (5, 'a')";
    let Some(remote) = led(before, rows, after) else { return };
    remote.database.execute("INSERT INTO t (n) VALUES ('c'); INSERT INTO e (n) VALUES ('b')");
    assert_eq!(remote.database.query("SELECT max(id) FROM t"), ["3"]);
    assert_eq!(remote.database.query("SELECT max(id) FROM e"), ["100"]);
}

#[test]
fn the_sequence_of_a_renamed_table_goes_with_it() {
    let before = "CREATE TABLE a (id serial PRIMARY KEY, n text);\n";
    let after = "CREATE TABLE a_old ( -- renamed from: a\nid serial PRIMARY KEY, n text);\n\
                 CREATE TABLE a (id serial PRIMARY KEY, m text);\n";
    let rows = "INSERT INTO a (n) VALUES ('x'), ('y')";
    let Some(remote) = led(before, rows, after) else { return };
    remote.database.execute("INSERT INTO a_old (n) VALUES ('z'); INSERT INTO a (m) VALUES ('z')");
    assert_eq!(remote.database.query("SELECT id FROM a_old ORDER BY 1"), ["1", "2", "3"]);
    assert_eq!(remote.database.query("SELECT id FROM a"), ["1"]);
}

#[test]
fn a_backfill_that_can_be_null_is_told() {
    let Some(remote) = on_postgres() else { return };
    remote.configure(&remote.database.url(), "");
    remote.write("schema.sql", "CREATE TABLE t (id int, n text);\n");
    remote.done("revision --autogenerate -m first --rev-id a1");
    remote.done("upgrade");
    let after = "CREATE TABLE t (id int, n text,\nc text NOT NULL -- backfill: n\n);\n";
    remote.write("schema.sql", after);
    let run = remote.run("--json revision --autogenerate -m second --rev-id b2");
    assert_eq!(run.code, 0, "{}", run.text());
    let document: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(document["changes"][0]["may_fail"], true, "{document}");
    let query = "SELECT * FROM public.t WHERE (n) IS NULL";
    holds(&remote.read(document["up"].as_str().unwrap()), &[query]);
    remote.database.execute("INSERT INTO t VALUES (1, NULL)");
    assert_eq!(remote.database.query(query), ["1|NULL"]);
    assert_eq!(remote.run("upgrade").code, 1);
}

#[test]
fn a_column_is_split_in_one_revision() {
    let before = "CREATE TABLE t (id int, fullname text NOT NULL);\n";
    let after = "CREATE TABLE t (id int,\n\
                 first text NOT NULL, -- backfill: split_part(fullname, ' ', 1)\n\
                 last text NOT NULL -- backfill: split_part(fullname, ' ', 2)\n);\n";
    let rows = "INSERT INTO t VALUES (1, 'Ada Lovelace'), (2, 'Alan Turing')";
    let Some(remote) = led(before, rows, after) else { return };
    let rows = remote.database.query("SELECT id, first, last FROM t ORDER BY 1");
    assert_eq!(rows, ["1|Ada|Lovelace", "2|Alan|Turing"]);
}

#[test]
fn columns_in_use_are_filled_in_order_and_without_triggers() {
    let Some(remote) = on_postgres() else { return };
    let keys = "[autogenerate]\nonline = true";
    remote.configure(&remote.database.url(), keys);
    let before = "CREATE TABLE t (z text, a text, b int, u date);\n";
    remote.write("schema.sql", format!("{before}{TOUCHED}{TOUCH}"));
    remote.done("revision --autogenerate -m first --rev-id a1");
    remote.done("upgrade");
    remote.database.execute("INSERT INTO t VALUES (NULL, NULL, NULL, '2020-01-01')");
    let after = "CREATE TABLE t (\nz text NOT NULL, -- backfill: 'none'\n\
                 a text NOT NULL, -- backfill: z || '!'\nb int NOT NULL DEFAULT 7, u date);\n";
    remote.write("schema.sql", format!("{after}{TOUCHED}{TOUCH}"));
    remote.done("revision --autogenerate -m second --rev-id b2");
    remote.done("upgrade");
    remote.done("check");
    assert_eq!(remote.database.query("SELECT z, a, b, u FROM t"), ["none|none!|7|2020-01-01"]);
    remote.database.execute("UPDATE t SET a = 'b'");
    assert_eq!(remote.database.query("SELECT u FROM t"), ["2030-01-01"]);
}
