//! The sample project at the root of the repository, which is the template `jwt-auth`, too.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use serde_json::Value;

use crate::support::{Sandbox, rows};

const DATABASE: &str = "auth.db";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The names of the scripts in the repository, in order.
fn scripts() -> Vec<String> {
    let entries = fs::read_dir(root().join("versions")).unwrap();
    let mut res: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    res.sort();
    res
}

/// A copy of the sample project.
fn sample() -> Sandbox {
    let sandbox = Sandbox::empty();
    let copy = |below: &str| sandbox.write(below, fs::read(root().join(below)).unwrap());
    copy("migrate.toml");
    copy("schema.sql");
    for name in scripts() {
        copy(&format!("versions/{name}"));
    }
    sandbox
}

/// Describes a database by what SQLite tells of it, so that the order of columns and the way in
/// which they were added don't count.
fn described(path: &Path) -> Vec<String> {
    let connection = Connection::open(path).unwrap();
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' \
                  AND name NOT LIKE 'migrate_version%' AND name NOT LIKE 'sqlite_%'";
    let mut res = Vec::new();
    for table in rows(&connection, tables) {
        let queries = [
            format!(
                "SELECT name, type, \"notnull\", dflt_value, pk, hidden \
                 FROM pragma_table_xinfo('{table}')"
            ),
            format!(
                "SELECT i.\"unique\", i.origin, i.partial, \
                 iif(i.origin = 'c', i.name, ''), group_concat(c.name || c.\"desc\" || c.coll) \
                 FROM pragma_index_list('{table}') i, pragma_index_xinfo(i.name) c \
                 WHERE c.key GROUP BY i.name"
            ),
            format!(
                "SELECT \"table\", \"from\", \"to\", on_update, on_delete \
                 FROM pragma_foreign_key_list('{table}')"
            ),
            format!("SELECT ncol, wr, strict FROM pragma_table_list WHERE name = '{table}'"),
        ];
        for query in queries {
            res.extend(rows(&connection, &query).into_iter().map(|row| format!("{table}: {row}")));
        }
    }
    let texts = "SELECT type, name, sql FROM sqlite_schema \
                 WHERE type <> 'table' AND sql IS NOT NULL";
    let single = |row: String| row.split_whitespace().collect::<Vec<_>>().join(" ");
    res.extend(rows(&connection, texts).into_iter().map(single));
    res.sort();
    res
}

/// The texts of everything that is not ours, and the rows of every table, times aside.
fn contents(sandbox: &Sandbox) -> Vec<String> {
    let connection = Connection::open(sandbox.path(DATABASE)).unwrap();
    let mut res = rows(
        &connection,
        "SELECT type, name, tbl_name, sql FROM sqlite_schema \
         WHERE name NOT LIKE '%migrate_version%' ORDER BY type, name",
    );
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' \
                  AND name NOT LIKE 'migrate_version%' ORDER BY name";
    for table in rows(&connection, tables) {
        // The times of day differ from one run to the next.
        let columns = format!(
            "SELECT group_concat('\"' || name || '\"') FROM pragma_table_info('{table}') \
             WHERE name NOT LIKE '%\\_at' ESCAPE '\\'"
        );
        let columns = rows(&connection, &columns).join("");
        let mut lines = rows(&connection, &format!("SELECT {columns} FROM \"{table}\""));
        lines.sort();
        res.extend(lines.into_iter().map(|line| format!("{table}: {line}")));
    }
    res
}

/// The revisions in the order in which they are applied, with their parents.
fn revisions(sandbox: &Sandbox) -> Vec<(String, Vec<String>)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let status = sandbox.json("status");
    let revision = |line: &Value| {
        let id = text(&line["revision"]);
        let shown = sandbox.json(&format!("show {id}"));
        let parents = shown["revisions"][0]["revises"].as_array().unwrap().iter().map(text);
        (id, parents.collect())
    };
    status["revisions"].as_array().unwrap().iter().map(revision).collect()
}

#[test]
fn its_revisions_lead_to_its_schema() {
    let sandbox = sample();
    sandbox.done("upgrade head");
    let desired = sandbox.path("desired.db");
    Connection::open(&desired).unwrap().execute_batch(&sandbox.read("schema.sql")).unwrap();
    let described = (described(&sandbox.path(DATABASE)), described(&desired));
    assert!(described.0.len() > 40, "the description is too short to mean much");
    assert_eq!(described.0, described.1);
    assert_eq!(sandbox.run("check").code, 0);
    assert_eq!(sandbox.run("current --check-heads").code, 0);
}

#[test]
fn every_down_script_restores_what_was_before() {
    let sandbox = sample();
    let revisions = revisions(&sandbox);
    assert_eq!(revisions.len() * 2, scripts().len());
    sandbox.done("ensure-version");
    let mut before = Vec::new();
    for (id, _) in &revisions {
        before.push(contents(&sandbox));
        let steps = &sandbox.json(&format!("upgrade {id}"))["steps"];
        assert_eq!(steps.as_array().map(Vec::len), Some(1), "{id}");
    }
    for ((id, parents), before) in revisions.iter().zip(before).rev() {
        // A merge has no way down by steps; a parent's name undoes it.
        let target = match parents.as_slice() {
            [parent, _, ..] => parent.clone(),
            _ => format!("{id}@-1"),
        };
        let steps = &sandbox.json(&format!("downgrade {target}"))["steps"];
        assert_eq!(steps.as_array().map(Vec::len), Some(1), "{id}: {steps}");
        assert_eq!(contents(&sandbox), before, "{id}");
    }
}

#[test]
fn it_goes_up_and_down_and_up_again() {
    let sandbox = sample();
    sandbox.done("upgrade --transaction all");
    let first = contents(&sandbox);
    sandbox.done("downgrade base");
    assert_eq!(contents(&sandbox), Vec::<String>::new());
    sandbox.done("upgrade");
    assert_eq!(contents(&sandbox), first);
}

#[test]
fn its_printed_script_does_the_same() {
    let sandbox = sample();
    sandbox.done("upgrade");
    let run = contents(&sandbox);
    let script = sandbox.run("upgrade --sql").stdout;
    sandbox.remove(DATABASE);
    Connection::open(sandbox.path(DATABASE)).unwrap().execute_batch(&script).unwrap();
    assert_eq!(contents(&sandbox), run);
    assert_eq!(sandbox.run("check").code, 0);
}

#[test]
fn the_template_writes_it_byte_for_byte() {
    let sandbox = Sandbox::empty();
    sandbox.done("init --template jwt-auth");
    for name in ["migrate.toml", "schema.sql"] {
        assert_eq!(sandbox.read(name), fs::read_to_string(root().join(name)).unwrap(), "{name}");
    }
    for name in scripts() {
        let below = format!("versions/{name}");
        assert_eq!(
            sandbox.read(&below),
            fs::read_to_string(root().join(&below)).unwrap(),
            "{name}"
        );
    }
    assert_eq!(sandbox.names(""), ["migrate.toml", "schema.sql", "versions"]);
    sandbox.done("upgrade");
}

#[test]
fn the_template_lists_every_script() {
    let sandbox = Sandbox::empty();
    sandbox.done("init -t jwt-auth");
    assert_eq!(sandbox.names("versions"), scripts());
}

#[test]
fn the_template_takes_a_folder_and_a_url() {
    let sandbox = Sandbox::empty();
    sandbox.done("init db -t jwt-auth --url sqlite:mine.db");
    assert_eq!(sandbox.names("db/versions"), scripts());
    sandbox.done("upgrade");
    assert!(sandbox.path("mine.db").exists());
}

/// The sample as it is begun for each family of databases.
fn dialects() -> [(&'static str, Sandbox); 3] {
    ["sqlite:auth.db", "postgres://app@db/auth", "mariadb://app@db/auth"].map(|url| {
        let sandbox = Sandbox::empty();
        sandbox.done(&format!("init -t jwt-auth --url {url}"));
        (url, sandbox)
    })
}

#[test]
fn every_dialect_has_the_same_graph() {
    let [(_, sqlite), others @ ..] = dialects();
    let graph = |sandbox: &Sandbox| (sandbox.json("history"), sandbox.json("heads"));
    let expected = graph(&sqlite);
    assert_eq!(expected.0["revisions"].as_array().map(Vec::len), Some(8));
    for (url, sandbox) in others {
        assert_eq!(graph(&sandbox), expected, "{url}");
    }
}

#[test]
fn every_dialect_has_the_same_files_and_each_its_own_text() {
    let folder = |name: &str| root().join("src/ops/templates").join(name);
    let folders = [root(), folder("postgres"), folder("mysql")];
    for ((url, sandbox), folder) in dialects().into_iter().zip(folders) {
        // Each up script with its down script, and nothing that the program doesn't know.
        assert_eq!(sandbox.names("versions"), scripts(), "{url}");
        let present = fs::read_dir(folder.join("versions")).unwrap().count();
        assert_eq!(present, scripts().len(), "{url}");
        for name in sandbox.names("versions") {
            let below = format!("versions/{name}");
            let text = fs::read_to_string(folder.join(&below)).unwrap();
            assert_eq!(sandbox.read(&below), text, "{url}: {name}");
        }
        let schema = fs::read_to_string(folder.join("schema.sql")).unwrap();
        assert_eq!(sandbox.read("schema.sql"), schema, "{url}");
    }
}

#[test]
fn no_down_script_but_that_of_the_merge_is_empty() {
    let is_code = |line: &&str| !line.is_empty() && !line.starts_with("--");
    for (url, sandbox) in dialects() {
        let downs = sandbox.names("versions").into_iter().filter(|it| it.ends_with(".down.sql"));
        for name in downs {
            let text = sandbox.read(&format!("versions/{name}"));
            let is_empty = text.lines().filter(is_code).count() == 0;
            assert_eq!(is_empty, name.contains("_merge_"), "{url}: {name}");
        }
    }
}

#[test]
fn a_schema_and_its_revisions_name_the_same_objects() {
    let created = |text: &str| -> BTreeSet<String> {
        let lines = text.lines().filter(|line| line.starts_with("CREATE "));
        lines.map(|line| line.split(" (").next().unwrap_or_default().to_owned()).collect()
    };
    for (url, sandbox) in dialects() {
        let names = sandbox.names("versions").into_iter().filter(|it| it.ends_with(".up.sql"));
        let ups = names.flat_map(|name| created(&sandbox.read(&format!("versions/{name}"))));
        let schema = created(&sandbox.read("schema.sql"));
        assert!(schema.len() > 6, "{url}");
        assert_eq!(ups.collect::<BTreeSet<_>>(), schema, "{url}");
    }
}
