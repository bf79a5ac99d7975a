//! `migrate diagram`: the drawing of a database, as a text, a picture, and a page in a real browser.

use std::fs;
use std::path::{Path, PathBuf};

use browser::{Browser, Page};
use serde_json::json;

use crate::support::Sandbox;

/// A schema of 60 tables.
const ERP: &str = include_str!("../schemas/erp.sql");

/// Names that would like to be something else.
const HOSTILE: &str = r#"
    CREATE TABLE "<script>alert(1)</script>" (id INTEGER PRIMARY KEY, "a""b'c&amp;" TEXT NOT NULL, "--> %% }" TEXT);
    CREATE TABLE "</style></svg><img src=x onerror=alert(2)>" (
        "<b>" "my <type>" UNIQUE REFERENCES "<script>alert(1)</script>" (id), "tab	and
line" TEXT);
    CREATE TABLE "end" ("\"" label=""x" INTEGER, "ü 表" TEXT, "" TEXT);
    CREATE INDEX "</title><script>alert(3)</script>" ON "end" ("ü 表");
    CREATE TRIGGER "' onload='alert(4)" AFTER INSERT ON "end" BEGIN SELECT '</script><script>alert(5)</script>'; END;
    CREATE VIEW "]]>" AS SELECT '<!--' AS "{{x}}";
"#;

/// The sample project, up to date.
pub(crate) fn sample() -> Sandbox {
    let sandbox = Sandbox::empty();
    sandbox.done("init -t jwt-auth --url sqlite:app.db");
    sandbox.done("upgrade head");
    sandbox
}

/// A project whose desired schema is this.
fn desired(schema: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("schema.sql", schema);
    sandbox
}

/// Returns where pictures of the page are kept, for people to look at.
fn picture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("diagram").join(name)
}

/// Opens a page, looks at it in both lights, and fails if it asked for anything else.
fn looked_at(page: &Page<'_>, name: &str) {
    for (is_dark, light) in [(true, "dark"), (false, "light")] {
        page.dark(is_dark);
        page.screenshot(&picture(&format!("{name}-{light}.png")));
    }
}

/// Fails if a page has complained, or asked for anything but itself.
#[track_caller]
fn is_quiet(page: &Page<'_>, url: &str) {
    assert_eq!(page.console_errors(), Vec::<String>::new());
    let asked: Vec<String> =
        page.requests().into_iter().filter(|it| !it.starts_with("data:")).collect();
    assert_eq!(asked, [url]);
}

/// Returns the scale at which the page shows the picture.
fn scale(page: &Page<'_>) -> f64 {
    page.eval("new DOMMatrix(getComputedStyle(document.getElementById('canvas')).transform).a")
        .as_f64()
        .unwrap()
}

#[test]
fn the_default_is_a_text_for_a_readme() {
    let sandbox = desired(
        "CREATE TABLE a (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, up REFERENCES A);
         CREATE TABLE b (a INT NOT NULL REFERENCES a (id), \"the x\" TEXT, one INT UNIQUE REFERENCES a,
             PRIMARY KEY (a, \"the x\"));",
    );
    insta::assert_snapshot!(sandbox.migrate("diagram --schema"), @r#"
    exit 0
    --- stdout
    erDiagram
        a {
            INTEGER id PK
            TEXT name UK "not null"
            x up FK
        }
        b {
            INT a PK, FK
            TEXT the_x PK "the x"
            INT one FK, UK
        }
        a |o--o{ a : "up"
        a ||--o{ b : "a"
        a |o--o| b : "one"
    "#);
}

#[test]
fn the_file_s_name_says_how_it_is_drawn() {
    let sandbox = sample();
    for (file, begins) in [
        ("a.svg", "<svg xmlns="),
        ("a.html", "<!DOCTYPE html>"),
        ("a.dot", "digraph schema {"),
        ("a.gv", "digraph schema {"),
        ("a.mmd", "erDiagram\n"),
    ] {
        let run = sandbox.run(&format!("diagram -o {file}"));
        assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{}", run.text());
        assert_eq!(run.stderr, format!("Wrote the diagram to {file}.\n"));
        let text = sandbox.read(file);
        assert!(text.starts_with(begins), "{file}: {text}");
        for table in ["users", "roles", "user_roles", "refresh_tokens", "signing_keys"] {
            assert!(text.contains(table), "{file} has no {table}");
        }
        assert!(!text.contains("migrate_version"), "{file}");
    }
    sandbox.done("diagram --format svg -o picture");
    assert_eq!(sandbox.read("picture"), sandbox.read("a.svg"));
    assert_eq!(sandbox.run("diagram -f svg").stdout, sandbox.read("a.svg"));
}

#[test]
fn a_drawing_is_the_same_each_time() {
    let sandbox = desired(ERP);
    for format in ["mermaid", "dot", "svg", "html"] {
        let draw = || sandbox.run(&format!("diagram --schema -f {format}")).stdout;
        assert!(draw() == draw(), "{format}");
    }
}

#[test]
fn tables_are_chosen_by_patterns() {
    let sandbox = sample();
    let names = |arguments: &str| {
        let document = sandbox.json(&format!("diagram {arguments}"));
        let tables = document["tables"].as_array().unwrap();
        tables.iter().map(|it| it["name"].as_str().unwrap()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(
        names(""),
        "refresh_tokens revoked_access_tokens roles signing_keys user_roles users"
    );
    assert_eq!(names("--include '*roles' --include users"), "roles user_roles users");
    assert_eq!(names("--exclude '*token*' --exclude SIGNING_KEYS"), "roles user_roles users");
    sandbox.write(
        "migrate.toml",
        "[migrate]\nurl = 'sqlite:app.db'\n[autogenerate]\nexclude = ['user*']\n",
    );
    assert_eq!(names("--include '*r*'"), "refresh_tokens revoked_access_tokens roles");
    // What refers to a table that isn't drawn is drawn without the line.
    assert!(!sandbox.migrate("diagram").contains("users"));
}

#[test]
fn the_document_has_all_that_is_drawn() {
    let sandbox = desired(
        "CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT, b TEXT, UNIQUE (a, b));
         CREATE TABLE c (x TEXT NOT NULL, y, g AS (x || y),
             FOREIGN KEY (X, y) REFERENCES P (A, b) ON DELETE CASCADE ON UPDATE SET NULL);
         CREATE UNIQUE INDEX i ON c (x, lower(y)) WHERE y > 1;
         CREATE TRIGGER t AFTER DELETE ON c BEGIN SELECT 1; END;
         CREATE VIEW v AS SELECT x FROM c;
         CREATE VIRTUAL TABLE f USING fts5 (body);",
    );
    let document = sandbox.json("diagram --schema -o d.svg");
    assert_eq!(document["file"], "d.svg");
    let table = |name: &str| {
        let tables = document["tables"].as_array().unwrap();
        tables.iter().find(|it| it["name"] == name).unwrap().clone()
    };
    assert_eq!(document["tables"].as_array().unwrap().len(), 4);
    assert_eq!(table("p")["primary_key"], json!(["id"]));
    assert_eq!(table("p")["unique"], json!([["a", "b"]]));
    assert_eq!(
        table("c")["foreign_keys"],
        json!([{
            "columns": ["x", "y"], "table": "p", "target": ["a", "b"],
            "on_delete": "CASCADE", "on_update": "SET NULL",
        }])
    );
    assert_eq!(table("c")["columns"][0], json!({ "name": "x", "type": "TEXT", "not_null": true }));
    assert_eq!(table("c")["columns"][2]["name"], "g");
    assert_eq!(
        table("c")["indexes"],
        json!([{ "name": "i", "columns": ["x", "(expression)"], "unique": true, "partial": true }])
    );
    assert_eq!(table("c")["triggers"][0]["name"], "t");
    assert_eq!(
        (&table("v")["type"], &table("v")["columns"][0]["name"]),
        (&json!("view"), &json!("x"))
    );
    assert!(table("v")["query"].as_str().unwrap().contains("SELECT x FROM c"));
    assert_eq!(table("f")["columns"][0]["name"], "body");
}

#[test]
fn a_view_of_a_table_that_is_gone_is_drawn_without_columns() {
    let sandbox = Sandbox::new();
    sandbox.execute("CREATE TABLE t (a); CREATE VIEW v AS SELECT a FROM t; DROP TABLE t");
    let document = sandbox.json("diagram");
    assert_eq!(document["tables"][0]["name"], "v");
    assert_eq!(document["tables"][0]["columns"], json!([]));
    sandbox.done("diagram -o a.html");
}

#[test]
fn an_empty_database_has_an_empty_diagram() {
    let sandbox = Sandbox::with("a1");
    insta::assert_snapshot!(sandbox.refused("diagram"), @r"
    exit 1
    --- stderr
    error: can't open database `sqlite:[ROOT]/app.db`: there is no such database
    hint: check the url: it comes from --url, MIGRATE_URL, migrate.toml or DATABASE_URL
    ");
    sandbox.execute("PRAGMA user_version = 1");
    for format in ["mermaid", "dot", "svg", "html"] {
        sandbox.done(&format!("diagram -f {format}"));
    }
    assert_eq!(sandbox.json("diagram")["tables"], json!([]));
}

#[test]
fn a_file_that_cannot_be_written_is_told() {
    let sandbox = sample();
    let said = sandbox.refused("diagram -o nowhere/a.svg");
    assert!(said.contains("can't write `nowhere/a.svg`"), "{said}");
}

#[test]
fn the_page_of_the_sample_is_used_in_a_browser() {
    let Some(browser) = Browser::start() else { return };
    let sandbox = sample();
    sandbox.done("diagram -o a.html");
    let url = format!("file://{}", sandbox.path("a.html").display());
    let page = browser.open(&url);
    page.size(1440, 900);
    page.click("[data-do=fit]");
    assert_eq!(page.count("#canvas .table"), 6);
    assert_eq!(page.count("#revisions li"), 8);
    assert_eq!(page.text(".counts"), "6 tables, 8 revisions");
    looked_at(&page, "sample");
    // A table shows what is known of it, and who has touched it.
    page.click("#t5 .name");
    assert_eq!(page.text("#panel article.open h2"), "users");
    let panel = page.text("#panel article.open");
    for part in [
        "tokens_valid_from",
        "Referred to by",
        "users_email_key",
        "users_touch",
        "create users table",
    ] {
        assert!(panel.contains(part), "{part}: {panel}");
    }
    assert_eq!(page.count("#revisions li.on"), 2, "{panel}");
    looked_at(&page, "sample-table");
    page.click("#panel article.open a[data-table]");
    assert_eq!(page.text("#panel article.open h2"), "refresh_tokens");
    // A revision shows what it is about.
    page.click("#revisions li:nth-child(6) a");
    let panel = page.text("#panel article.open");
    assert!(
        panel.contains("Revision\ncreate roles and user roles") || panel.contains("create"),
        "{panel}"
    );
    assert!(0 < page.count("#canvas .table.selected"));
    looked_at(&page, "sample-revision");
    page.press("Escape");
    assert_eq!((page.count("#panel.open"), page.count("#canvas .marked")), (0, 0));
    // Keys do all of it.
    page.press("/");
    assert_eq!(page.eval("document.activeElement.id"), "search");
    for _ in 0..4 {
        page.press("Tab");
    }
    page.press("Enter");
    assert_eq!(page.text("#panel article.open h2"), "add sign in guards");
    page.press("Escape");
    is_quiet(&page, &url);
}

#[test]
fn a_narrow_window_shows_one_thing_at_a_time() {
    let Some(browser) = Browser::start() else { return };
    let sandbox = sample();
    sandbox.done("diagram -o a.html");
    let page = browser.open(&format!("file://{}", sandbox.path("a.html").display()));
    page.size(600, 800);
    page.click("[data-do=list]");
    page.click("#revisions li:last-child a");
    assert_eq!(
        (page.count(".listed"), page.text("#panel article.open h2")),
        (0, "create users table".into())
    );
    // What the revision is about is in view, beside the details.
    page.click("#t5 .name");
    assert_eq!(page.text("#panel article.open h2"), "users");
    page.screenshot(&picture("sample-narrow.png"));
}

#[test]
fn a_page_of_60_tables_is_searched_zoomed_and_moved() {
    let Some(browser) = Browser::start() else { return };
    let sandbox = desired(ERP);
    sandbox.done("diagram --schema -o a.html");
    let url = format!("file://{}", sandbox.path("a.html").display());
    let page = browser.open(&url);
    page.size(1680, 1050);
    page.click("[data-do=fit]");
    assert_eq!(page.text(".counts"), "60 tables, 1 view");
    looked_at(&page, "erp");
    page.fill("#search", "variant");
    assert_eq!(page.text("#found"), "10 tables");
    assert_eq!(page.count("#canvas .table.match"), 10);
    looked_at(&page, "erp-search");
    page.fill("#search", "order customer");
    page.press("Enter");
    assert_eq!(page.text("#panel article.open h2"), "open_orders");
    page.press("Escape");
    assert_eq!((page.text("#found"), page.on("#search", "it.value")), (String::new(), json!("")));
    page.click("[data-do=fit]");
    let before = scale(&page);
    page.wheel("#stage", -400.0);
    page.wait_until("true");
    assert!(before < scale(&page));
    page.click("[data-do=out]");
    page.click("[data-do=in]");
    let place = "JSON.stringify(document.getElementById('canvas').getBoundingClientRect())";
    let old = page.eval(place);
    page.drag((700.0, 500.0), (560.0, 430.0));
    assert_ne!(page.eval(place), old);
    assert_eq!(page.count("#panel.open"), 0, "a drag is no click");
    page.on("#stage", "it.focus()");
    page.press("0");
    assert!((scale(&page) - before).abs() < 1e-6);
    page.on("#t30", "it.focus()");
    page.press("Enter");
    assert_eq!(page.count("#canvas .table.selected"), 1);
    looked_at(&page, "erp-table");
    is_quiet(&page, &url);
}

/// Tells in the browser whether any line runs through a box, and any box lies on another.
const OVERLAPS: &str = r"(() => {
    const boxes = [...document.querySelectorAll('#canvas .table .box')].map(it => it.getBoundingClientRect());
    const inside = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
    const res = [];
    boxes.forEach((a, i) => boxes.slice(i + 1).forEach((b, j) => inside(a, b) && res.push(['boxes', i, i + 1 + j])));
    const matrix = document.querySelector('#canvas .lines').getScreenCTM();
    for (const line of document.querySelectorAll('#canvas .line')) {
        const path = line.querySelector('path:not(.hit)'), length = path.getTotalLength();
        for (let at = 3; at < length - 3; at += 4) {
            const it = path.getPointAtLength(at).matrixTransform(matrix);
            const hit = boxes.findIndex(b => b.left + 1 < it.x && it.x < b.right - 1 && b.top + 1 < it.y && it.y < b.bottom - 1);
            if (hit >= 0) { res.push([line.id, hit]); break; }
        }
    }
    const wide = [...document.querySelectorAll('#canvas .table')].filter(it => {
        const box = it.querySelector('.box').getBBox();
        return [...it.querySelectorAll('text')].some(text => { const b = text.getBBox(); return b.x < 0 || b.x + b.width > box.width; });
    });
    return JSON.stringify(res.concat(wide.map(it => it.id)));
})()";

#[test]
fn no_line_runs_through_a_box_and_every_text_fits() {
    let Some(browser) = Browser::start() else { return };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemas");
    let files = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    for file in files.filter(|it| it.is_file()) {
        let sandbox = desired(&fs::read_to_string(&file).unwrap());
        sandbox.done("diagram --schema -o a.html");
        let page = browser.open(&format!("file://{}", sandbox.path("a.html").display()));
        assert_eq!(page.eval(OVERLAPS), "[]", "{}", file.display());
        assert_eq!(page.console_errors(), Vec::<String>::new());
    }
}

#[test]
fn names_of_a_database_do_nothing_in_a_page() {
    let Some(browser) = Browser::start() else { return };
    let sandbox = Sandbox::new();
    sandbox.execute(HOSTILE);
    sandbox.up_only("a1", "CREATE TABLE \"end\" (x);");
    sandbox.replace("versions/a1.up.sql", "make a1", "<img src=x onerror=alert(6)>\"' & more");
    for format in ["mermaid", "dot", "svg", "html"] {
        sandbox.done(&format!("diagram -f {format} -o a.{format}"));
    }
    for file in ["a.html", "a.svg"] {
        let url = format!("file://{}", sandbox.path(file).display());
        let page = browser.open(&url);
        assert_eq!(page.count("script"), u64::from(file == "a.html"));
        assert_eq!((page.count("img"), page.count("svg.er")), (0, 1));
        let names =
            page.eval("[...document.querySelectorAll('.table .name')].map(it => it.textContent)");
        assert!(names.as_array().unwrap().contains(&json!("<script>alert(1)</script>")), "{names}");
        is_quiet(&page, &url);
    }
    let page = browser.open(&format!("file://{}", sandbox.path("a.html").display()));
    page.fill("#search", "ü 表");
    assert_eq!(page.text("#found"), "1 table");
    page.press("Enter");
    let panel = page.text("#panel article.open");
    assert!(panel.contains("</title><script>alert(3)</script>"), "{panel}");
    page.screenshot(&picture("hostile.png"));
}

#[test]
fn a_page_is_read_without_its_script() {
    let Some(browser) = Browser::start() else { return };
    let sandbox = sample();
    sandbox.done("diagram -o a.html");
    let page = browser.open("about:blank");
    page.javascript(false);
    page.go(&format!("file://{}", sandbox.path("a.html").display()));
    let text = page.text("body");
    for part in ["create users table", "Referred to by", "users_email_key"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    page.wait_for("#t5 .name");
    assert_eq!(
        page.eval("getComputedStyle(document.getElementById('search').parentNode).display"),
        "none"
    );
    page.screenshot(&picture("sample-plain.png"));
}

#[test]
fn a_file_of_an_ending_that_is_not_known_is_refused() {
    let sandbox = Sandbox::with("a1");
    sandbox.done("upgrade");
    let before = sandbox.files();
    let run = sandbox.run("diagram -o d.png");
    assert_eq!(run.code, 2, "{}", run.text());
    let told =
        "`d.png` is not a value for `--output <FILE>` without `--format`: it takes `*.svg`, ";
    assert!(run.stderr.contains(told), "{}", run.text());
    assert_eq!(sandbox.json("diagram -o d.PDF")["error"]["kind"], "usage");
    assert!(sandbox.files() == before);
    for name in ["d.mmd", "d.md", "d"] {
        sandbox.done(&format!("diagram -o {name}"));
        assert!(sandbox.read(name).starts_with("erDiagram"), "{name}");
    }
    sandbox.done("diagram -o d.png -f svg");
    assert!(sandbox.read("d.png").starts_with("<svg"));
}

#[test]
fn the_page_lists_revisions_as_the_history_does_with_their_labels() {
    let sandbox = Sandbox::with("a1; b1<a1; x1<a1 side; c1<b1; x2<x1");
    sandbox.done("upgrade heads");
    let page = sandbox.run("diagram -f html").stdout;
    let list = page.split("<ol>").nth(1).unwrap().split("</ol>").next().unwrap();
    let ids: Vec<&str> =
        list.split("<code>").skip(1).map(|it| it.split('<').next().unwrap()).collect();
    let history = sandbox.json("history");
    let expected: Vec<&str> = history["revisions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["revision"].as_str().unwrap())
        .collect();
    assert_eq!(ids, expected);
    assert_eq!(list.matches("<b>side</b>").count(), 2, "{list}");
    let first = page.split("<circle").nth(1).unwrap();
    assert!(first.contains("cx=\"14\""), "{first}");
}

#[test]
fn a_page_knows_which_revisions_touched_a_table() {
    let Some(browser) = Browser::start() else { return };
    let sandbox = Sandbox::new();
    sandbox.revision("a1", "CREATE TABLE old (id INTEGER PRIMARY KEY);", "DROP TABLE old;");
    sandbox.revision("b1<a1", "CREATE TABLE other (x);", "DROP TABLE other;");
    sandbox.revision("c1<b1", "ALTER TABLE old RENAME TO \"new one\";", "SELECT 1;");
    sandbox.revision("d1<c1", "INSERT INTO \"new one\" VALUES (1);", "SELECT 1;");
    sandbox.revision("e1<b1", "CREATE INDEX i ON other (x);", "DROP INDEX i;");
    sandbox.done("upgrade d1");
    sandbox.done("diagram -o a.html");
    let page = browser.open(&format!("file://{}", sandbox.path("a.html").display()));
    let about = |table: &str| {
        page.on(
            &format!("[id='{table}']"),
            "[...it.querySelectorAll('a[data-revision] code')].map(it => it.textContent).join(' ')",
        )
    };
    assert_eq!((about("p-t0"), about("p-t1")), (json!("d1 c1 a1"), json!("e1 b1")));
    let open = "[...document.querySelectorAll('#revisions li.open code')].map(it => it.textContent).join(' ')";
    assert_eq!(page.eval(open), "e1", "what is not applied is told from the rest");
}
