//! Every command that asks a server, on the sample project.

use serde_json::{Value, json};

use crate::on_servers::{Kind, Remote, each, holds};
use crate::support::Sandbox;

/// The sample as `init` writes it. The password isn't in the file: the environment has it.
fn sample(remote: &mut Remote) {
    let mut sandbox = Sandbox::empty();
    sandbox.set("DATABASE_PASSWORD", servers::PASSWORD);
    sandbox.done(&format!("init -t jwt-auth --url {}", remote.database.url()));
    remote.sandbox = sandbox;
}

fn ids(list: &Value) -> Vec<String> {
    let id = |it: &Value| it["revision"].as_str().unwrap().to_owned();
    list.as_array().unwrap().iter().map(id).collect()
}

#[test]
fn the_sample_goes_up_and_down_and_up_again() {
    each(|remote| {
        sample(remote);
        let before = remote.json("current");
        let up = remote.json("upgrade head");
        let all = ids(&up["steps"]);
        assert!(all.len() > 5, "{up}");
        assert_eq!(before, json!({"heads": [], "pending": all.len(), "unknown": []}));
        assert_eq!(remote.applied(), all.join(" "));
        let filled = remote.objects();
        holds(&filled, &["users"]);

        let down = remote.json("downgrade base");
        let mut back = ids(&down["steps"]);
        back.reverse();
        assert_eq!((back, down["heads"].clone()), (all.clone(), json!([])));
        assert_eq!((remote.objects(), remote.applied()), (String::new(), String::new()));

        let text = remote.run("upgrade head");
        assert_eq!(text.code, 0, "{}", text.text());
        holds(&text.stderr, &["Running upgrade  -> ", "migrate_version is at "]);
        assert_eq!((remote.objects(), remote.applied()), (filled, all.join(" ")));
        holds(&remote.run("upgrade head").stderr, &["Nothing to do; migrate_version is at "]);
    });
}

#[test]
fn what_reads_tells_the_same_as_a_text_and_as_a_document() {
    each(|remote| {
        sample(remote);
        let status = remote.json("status");
        let all = ids(&status["revisions"]);
        remote.done(&format!("upgrade {}", all[1]));
        let status = remote.json("status");
        let state = |at: usize| status["revisions"][at]["state"].as_str().unwrap();
        assert_eq!([state(0), state(1), state(2)], ["applied", "applied", "pending"]);
        assert!(status["revisions"][0]["applied_at"].is_string(), "{status}");
        assert!(status["revisions"][0]["duration_ms"].is_number(), "{status}");
        holds(&remote.migrate("status"), &[&all[0], "applied", "pending"]);

        let current = remote.json("current");
        assert_eq!(current["heads"], json!([all[1]]));
        let text = remote.migrate("current -v");
        let engine = if remote.kind == Kind::Postgres { "PostgreSQL 1" } else { "MariaDB 1" };
        let engine = &format!("\nDatabase: {engine}");
        holds(&text, &["Current revision(s) for ", engine, &format!("Rev: {}", all[1])]);
        assert_eq!(remote.run("current --check-heads").code, 3);

        let history = remote.json("history -i");
        let applied: Vec<&Value> = history["revisions"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|it| it["applied"] == true)
            .collect();
        assert_eq!(applied.len(), 2);
        holds(&remote.migrate("history -i"), &[&format!("{} (tokens) (current)", all[1])]);
        holds(&remote.migrate("show current"), &[&format!("Rev: {}", all[1])]);
        assert_eq!(ids(&remote.json("show current")["revisions"]), [all[1].clone()]);

        let check = remote.json("check");
        assert_eq!(check["clean"], false);
        assert_eq!(check["pending"].as_array().unwrap().len(), all.len() - 2);
        assert_eq!(remote.run("check").code, 3);
        remote.done("upgrade");
        assert_eq!(remote.run("check").code, 0);
        assert_eq!(remote.run("current --check-heads").code, 0);
    });
}

#[test]
fn what_reads_makes_nothing() {
    each(|remote| {
        remote.add("a1; b1<a1");
        for command in [
            "current",
            "status",
            "history -i",
            "check",
            "upgrade --dry-run",
            "lock status",
            "repair",
        ] {
            let run = remote.run(command);
            assert!(matches!(run.code, 0 | 3), "{command}: {}", run.text());
        }
        let tables = "SELECT table_name FROM information_schema.tables \
                      WHERE table_name LIKE 'migrate_version%' AND table_schema IN ('public', '";
        let tables = format!("{tables}{}')", remote.database.name());
        assert_eq!(remote.database.query(&tables), [""; 0]);
        remote.done("ensure-version");
        assert_eq!(remote.database.query(&tables).len(), 3);
        assert_eq!(remote.json("ensure-version"), json!({"table": "migrate_version"}));
    });
}

#[test]
fn a_stamp_records_and_runs_nothing() {
    each(|remote| {
        remote.add("a1; b1<a1; c1<b1");
        let document = remote.json("stamp b1 --tag by-hand");
        assert_eq!(document["heads"], json!(["b1"]));
        assert_eq!(document["steps"][0]["operation"], "stamp");
        assert_eq!((remote.applied(), remote.objects()), ("a1 b1".to_owned(), String::new()));
        let tags = "SELECT DISTINCT tag, operation FROM migrate_version";
        assert_eq!(remote.database.query(tags), ["by-hand|stamp"]);
        remote.done("stamp a1");
        assert_eq!(remote.applied(), "a1");
        remote.done("stamp --purge head");
        assert_eq!(remote.applied(), "a1 b1 c1");
        remote.done("stamp base");
        assert_eq!(remote.applied(), "");
    });
}

#[test]
fn an_edited_script_is_refused_until_it_is_accepted() {
    each(|remote| {
        remote.add("a1; b1<a1");
        remote.done("upgrade a1");
        remote.replace("versions/a1.up.sql", "id INTEGER", "ident INTEGER");
        let run = remote.run("upgrade");
        assert_eq!(run.code, 3, "{}", run.text());
        holds(&run.stderr, &["a1", "versions/a1.up.sql", "repair --accept"]);
        assert_eq!(remote.json("check")["modified"], json!(["a1"]));
        assert_eq!(remote.json("repair --accept a1")["accepted"], json!(["a1"]));
        remote.done("upgrade");
        assert_eq!(remote.applied(), "a1 b1");
    });
}

#[test]
fn a_revision_without_files_is_taken_back_by_what_is_stored() {
    each(|remote| {
        remote.add("a1");
        let up = "CREATE TABLE t (a varchar(40));\nINSERT INTO t VALUES ('ä \\ 🦀');";
        remote.revision("b1<a1", up, "-- it's 'quoted' \\ \"so\"; 🦀\nDROP TABLE t;");
        remote.done("upgrade");
        remote.remove("versions/b1.up.sql");
        remote.remove("versions/b1.down.sql");
        assert_eq!(remote.json("current")["unknown"], json!(["b1"]));
        let run = remote.run("upgrade");
        assert_eq!(run.code, 1, "{}", run.text());
        remote.done("downgrade a1");
        assert_eq!((remote.applied(), remote.objects()), ("a1".to_owned(), "t_a1".to_owned()));
    });
}
