//! `migrate diagram` on servers: the same drawing as on SQLite, and what only they have.

use serde_json::{Value, json};

use crate::diagram::sample;
use crate::on_servers::{Kind, Remote, each, on_mariadb, on_postgres};
use crate::support::Sandbox;

/// Returns what has to be the same on every database: tables, columns, keys, what refers to what.
fn bones(document: &Value) -> Vec<String> {
    let words = |value: &Value| {
        let list = value.as_array().unwrap().iter();
        list.map(|it| it.as_str().unwrap().to_owned()).collect::<Vec<_>>().join(",")
    };
    let mut res = Vec::new();
    for table in document["tables"].as_array().unwrap() {
        let name = table["name"].as_str().unwrap();
        for column in table["columns"].as_array().unwrap() {
            let null = if column["not_null"] == true { "" } else { "?" };
            res.push(format!("{name}.{}{null}", column["name"].as_str().unwrap()));
        }
        res.push(format!("{name} key {}", words(&table["primary_key"])));
        let uniques = table["unique"].as_array().unwrap().iter();
        res.extend(uniques.map(|it| format!("{name} unique {}", words(it))));
        for key in table["foreign_keys"].as_array().unwrap() {
            let (from, to) = (words(&key["columns"]), words(&key["target"]));
            let table = key["table"].as_str().unwrap();
            res.push(format!("{name} {from} -> {table} {to} {}", key["on_delete"]));
        }
    }
    res.sort();
    res
}

#[test]
fn every_database_has_the_same_diagram() {
    let here = bones(&sample().json("diagram"));
    assert!(
        here.contains(&"refresh_tokens user_id -> users id \"CASCADE\"".to_owned()),
        "{here:#?}"
    );
    each(|remote| {
        let mut sandbox = Sandbox::empty();
        sandbox.set("DATABASE_PASSWORD", servers::PASSWORD);
        sandbox.done(&format!("init -t jwt-auth --url {}", remote.database.url()));
        sandbox.done("upgrade head");
        remote.sandbox = sandbox;
        let there = bones(&remote.json("diagram"));
        let differs = |one: &[String], other: &[String]| {
            one.iter().filter(|it| !other.contains(it)).cloned().collect::<Vec<_>>()
        };
        let (more, less): (&[&str], &[&str]) = match remote.kind {
            // It is the address in lower case that is unique: an index of an expression.
            Kind::Postgres => (&[], &["users unique email"]),
            // What a partial index does elsewhere takes a computed column.
            Kind::Mariadb => (
                &[
                    "refresh_tokens unique live_family",
                    "refresh_tokens.live_family?",
                    "signing_keys unique active_slot",
                    "signing_keys.active_slot?",
                ],
                &[],
            ),
        };
        assert_eq!(differs(&there, &here), more, "{:?}", remote.kind);
        assert_eq!(differs(&here, &there), less, "{:?}", remote.kind);
        for (format, part) in [("mermaid", "||--o{"), ("svg", "class=\"line"), ("html", "<article")]
        {
            let text = remote.run(&format!("diagram -f {format}")).stdout;
            assert!(text.contains(part), "{:?}: {text}", remote.kind);
        }
    });
}

/// Returns the tables of a database with what refers to what.
fn drawn(remote: &Remote) -> String {
    let text = remote.run("diagram").stdout;
    let is_shown = |line: &&str| line.starts_with("    ") && !line.starts_with("     ");
    let lines = text.lines().filter(is_shown).map(|it| it.trim().trim_end_matches(" {"));
    lines.filter(|it| *it != "}").collect::<Vec<_>>().join("\n")
}

#[test]
fn schemas_partitions_and_views_of_postgres_are_drawn_once() {
    let Some(remote) = on_postgres() else { return };
    remote.database.execute(
        "CREATE TABLE a (id int PRIMARY KEY);
         CREATE SCHEMA other;
         CREATE TABLE other.a (id int REFERENCES a ON DELETE SET NULL, day date, UNIQUE (id, day))
             PARTITION BY RANGE (day);
         CREATE TABLE other.a_2026 PARTITION OF other.a FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
         CREATE TABLE \"Odd name\" (x int NOT NULL, y date, dropped int,
             FOREIGN KEY (y, x) REFERENCES other.a (day, id));
         ALTER TABLE \"Odd name\" DROP COLUMN dropped;
         CREATE INDEX i ON \"Odd name\" ((x + 1), x) WHERE x > 0;
         CREATE VIEW v AS SELECT x FROM \"Odd name\";
         CREATE MATERIALIZED VIEW m AS SELECT 1 AS one;",
    );
    assert_eq!(
        drawn(&remote),
        "Odd_name_[\"Odd name\"]\na\nm\nother_a_[\"other.a\"]\nv\n\
         other_a_ |o--o{ Odd_name_ : \"y, x\"\na |o--o{ other_a_ : \"id\""
    );
    let document = remote.json("diagram --include 'Odd*' --include v");
    let table = &document["tables"][0];
    assert_eq!(table["columns"].as_array().unwrap().len(), 2);
    assert_eq!(table["foreign_keys"][0]["target"], json!(["day", "id"]));
    assert_eq!(
        table["indexes"],
        json!([{ "name": "i", "columns": ["(x + 1)", "x"], "unique": false, "partial": true }])
    );
    assert_eq!(document["tables"][1]["type"], "view");
    assert!(document["tables"][1]["query"].as_str().unwrap().contains("SELECT"));
    // A table's revisions are told from those of another schema's table.
    remote.up_only("a1", "CREATE TABLE other.a (x int);");
    remote.up_only("b1<a1", "ALTER TABLE public.a ADD y int;");
    let page = remote.run("diagram -f html").stdout;
    for link in [
        "data-revision=\"0\"><code>b1",
        "data-revision=\"1\"><code>a1</code> make a1</a></li></ul></article>",
    ] {
        assert_eq!(page.matches(link).count(), 1, "{link}");
    }
}

#[test]
fn keys_triggers_and_views_of_mariadb_are_drawn() {
    let Some(remote) = on_mariadb() else { return };
    for statement in [
        "CREATE TABLE a (id INT PRIMARY KEY, kind ENUM('x', 'it''s') NOT NULL, UNIQUE (kind, id))",
        "CREATE TABLE `o``dd` (x INT NOT NULL, y ENUM('x', 'it''s'), INDEX named (y, x), \
         FOREIGN KEY (y, x) REFERENCES a (kind, id) ON DELETE CASCADE ON UPDATE SET NULL)",
        "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.id = 1",
        "CREATE VIEW v AS SELECT x FROM `o``dd`",
        "CREATE SEQUENCE s",
    ] {
        // An action of SET NULL needs a column that can be empty.
        remote.database.execute(&statement.replace("x INT NOT NULL, y", "x INT, y"));
    }
    assert_eq!(drawn(&remote), "a\no_dd_[\"o#96;dd\"]\nv\na |o--o{ o_dd_ : \"y, x\"");
    let document = remote.json("diagram");
    let (a, odd) = (&document["tables"][0], &document["tables"][1]);
    assert_eq!(a["columns"][1]["type"], "enum('x','it''s')");
    assert!(a["triggers"][0]["sql"].as_str().unwrap().starts_with("BEFORE INSERT ON a"));
    assert_eq!(
        odd["foreign_keys"],
        json!([{
            "columns": ["y", "x"], "table": "a", "target": ["kind", "id"],
            "on_delete": "CASCADE", "on_update": "SET NULL",
        }])
    );
    assert_eq!(odd["indexes"][0]["name"], "named");
    remote.done("diagram -o a.html");
}
