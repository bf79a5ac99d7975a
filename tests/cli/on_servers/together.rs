//! Revisions of PostgreSQL that are sent before the first of them is answered: each stands or falls
//! by itself, as if it had been alone.

use serde_json::Value;

use crate::on_servers::{Remote, on_postgres};

/// Writes ten revisions in a line, `r0` to `r9`, each of which makes a table of its name.
fn line(remote: &Remote) {
    let mut parent = String::new();
    for at in 0..10 {
        let (id, up) = (format!("r{at}"), format!("CREATE TABLE t{at} (a int);"));
        remote.revision(&format!("{id}<{parent}"), &up, &format!("DROP TABLE t{at};"));
        parent = id;
    }
}

/// Runs a command that is to fail; returns its document, and the steps that it tells.
fn stopped(remote: &Remote, arguments: &str) -> (Value, String) {
    let run = remote.run(&format!("--json {arguments}"));
    assert_eq!(run.code, 1, "{}", run.text());
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    let steps = document["steps"].as_array().unwrap();
    let ids: Vec<&str> = steps.iter().map(|step| step["revision"].as_str().unwrap()).collect();
    (document["error"].clone(), ids.join(" "))
}

#[test]
fn an_error_undoes_its_revision_and_nothing_behind_it_runs() {
    let Some(remote) = on_postgres() else { return };
    line(&remote);
    // Found as a statement begins; before any runs; while one runs. The scripts begin in line 7.
    let cases = [
        ("CREATE TABLE t6 (a int);\nINSERT INTO t5 VALUES (1), (nope);", (8, 29), "42703"),
        ("CREATE TABLE t6 (a int);\n  SELEC 1;", (8, 3), "42601"),
        ("CREATE TABLE t6 (a int); SELECT 1 / (SELECT count(*) FROM t5);", (7, 26), "22012"),
    ];
    for (up, (row, column), code) in cases {
        remote.revision("r6<r5", up, "DROP TABLE t6;");
        let (error, steps) = stopped(&remote, "upgrade");
        assert_eq!(steps, "r0 r1 r2 r3 r4 r5", "{error}");
        assert_eq!((&error["revision"], &error["code"]), (&"r6".into(), &code.into()), "{error}");
        assert_eq!((&error["line"], &error["column"]), (&row.into(), &column.into()), "{error}");
        assert_eq!(remote.applied(), "r0 r1 r2 r3 r4 r5");
        assert_eq!(remote.objects(), "t0 t1 t2 t3 t4 t5");
        remote.done("downgrade base");
    }
    remote.revision("r6<r5", "CREATE TABLE t6 (a int);", "DROP TABLE t6;");
    remote.done("upgrade r3");
    remote.done("upgrade");
    assert_eq!(remote.applied(), "r0 r1 r2 r3 r4 r5 r6 r7 r8 r9");
}

#[test]
fn a_commit_that_fails_undoes_its_revision_and_nothing_behind_it_runs() {
    let Some(remote) = on_postgres() else { return };
    line(&remote);
    let up = "CREATE TABLE t6 (a int PRIMARY KEY, b int REFERENCES t6 DEFERRABLE INITIALLY \
              DEFERRED);\nINSERT INTO t6 VALUES (1, 2);";
    remote.revision("r6<r5", up, "DROP TABLE t6;");
    let (error, steps) = stopped(&remote, "upgrade");
    assert_eq!((&error["revision"], &error["code"]), (&"r6".into(), &"23503".into()), "{error}");
    assert_eq!(steps, "r0 r1 r2 r3 r4 r5");
    assert_eq!(remote.applied(), steps);
    assert_eq!(remote.objects(), "t0 t1 t2 t3 t4 t5");
    assert_eq!(remote.json("current")["heads"], serde_json::json!(["r5"]));
}

#[test]
fn an_error_on_the_way_down_leaves_what_is_behind_it_applied() {
    let Some(remote) = on_postgres() else { return };
    line(&remote);
    remote.revision("r4<r3", "CREATE TABLE t4 (a int);", "DROP TABLE nowhere;");
    remote.done("upgrade");
    let (error, steps) = stopped(&remote, "downgrade base");
    assert_eq!((&error["revision"], &error["code"]), (&"r4".into(), &"42P01".into()), "{error}");
    assert_eq!(steps, "r9 r8 r7 r6 r5");
    assert_eq!(remote.applied(), "r0 r1 r2 r3 r4");
}

#[test]
fn what_loses_against_others_is_tried_again_from_its_own_revision() {
    let Some(remote) = on_postgres() else { return };
    line(&remote);
    remote
        .database
        .execute("CREATE SEQUENCE before; CREATE SEQUENCE tries; CREATE SEQUENCE behind");
    let up = |at: usize, sequence: &str| {
        format!("CREATE TABLE t{at} (a int);\nSELECT nextval('{sequence}');")
    };
    remote.revision("r3<r2", &up(3, "before"), "");
    let fail = "DO $$ BEGIN IF nextval('tries') < 3 THEN RAISE EXCEPTION 'lost' USING ERRCODE = \
                '40001'; END IF; END $$;";
    remote.revision("r4<r3", &format!("CREATE TABLE t4 (a int);\n{fail}"), "");
    remote.revision("r5<r4", &up(5, "behind"), "");
    let told = remote.run("upgrade").stderr;
    assert_eq!(told.matches("trying again").count(), 2, "{told}");
    assert_eq!(told.matches("r4: lost").count(), 2, "{told}");
    let tried = "SELECT last_value FROM before; SELECT last_value FROM tries; \
                 SELECT last_value FROM behind";
    assert_eq!(remote.database.query(tried), ["1", "3", "1"]);
    assert_eq!(remote.applied(), "r0 r1 r2 r3 r4 r5 r6 r7 r8 r9");
}

#[test]
fn what_others_apply_meanwhile_is_found_and_the_rest_is_planned_anew() {
    let Some(remote) = on_postgres() else { return };
    line(&remote);
    // As another process would that holds no lock: the row of `r6` appears while `r4` runs.
    remote.done("upgrade r6");
    let rest = "CREATE TABLE stamped AS SELECT * FROM migrate_version WHERE revision = 'r6'";
    remote.database.execute(rest);
    remote.done("downgrade base");
    remote.database.execute(
        "CREATE FUNCTION others() RETURNS int LANGUAGE plpgsql AS $$ BEGIN \
         UPDATE stamped SET position = 1000; \
         INSERT INTO migrate_version SELECT * FROM stamped; RETURN 1; END $$",
    );
    remote.revision("r4<r3", "CREATE TABLE t4 (a int);\nSELECT others();", "DROP TABLE t4;");
    let run = remote.run("--json upgrade");
    assert_eq!(run.code, 0, "{}", run.text());
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    let steps = document["steps"].as_array().unwrap();
    let ids: Vec<&str> = steps.iter().map(|step| step["revision"].as_str().unwrap()).collect();
    assert_eq!(ids.join(" "), "r0 r1 r2 r3 r4 r5 r7 r8 r9");
    assert_eq!(remote.objects(), "others stamped t0 t1 t2 t3 t4 t5 t7 t8 t9");
}

#[test]
fn what_the_server_says_is_told_with_its_revision() {
    let Some(remote) = on_postgres() else { return };
    let mut parent = String::new();
    for at in 0..30 {
        let (id, up) =
            (format!("r{at:02}"), format!("DO $$ BEGIN RAISE NOTICE 'of {at:02}'; END $$;"));
        remote.revision(&format!("{id}<{parent}"), &up, "");
        parent = id;
    }
    let told = remote.run("upgrade").stderr;
    let lines: Vec<&str> =
        told.lines().filter(|line| line.contains("of ") || line.contains("-> r")).collect();
    assert_eq!(lines.len(), 60, "{told}");
    for (at, pair) in lines.chunks(2).enumerate() {
        assert!(pair[0].contains(&format!("-> r{at:02}")), "{told}");
        assert!(pair[1].ends_with(&format!("of {at:02}")), "{told}");
    }
}

#[test]
fn a_script_that_sets_something_travels_alone_between_others() {
    let Some(remote) = on_postgres() else { return };
    line(&remote);
    remote.revision("r4<r3", "SET search_path = pg_catalog;\nCREATE TABLE public.t4 (a int);", "");
    remote.revision("r5<r4", "CREATE TABLE t5 (a int);", "DROP TABLE t5;");
    remote.done("upgrade");
    assert_eq!(remote.objects(), "t0 t1 t2 t3 t4 t5 t6 t7 t8 t9");
    assert_eq!(remote.applied(), "r0 r1 r2 r3 r4 r5 r6 r7 r8 r9");
}

#[test]
fn scripts_of_every_size_are_applied_in_their_order() {
    let Some(remote) = on_postgres() else { return };
    remote.database.execute("CREATE TABLE seen (at serial, n int)");
    let mut parent = String::new();
    // Several that fit together, one that fits with no other, one that fits into no message.
    let sizes = [1, 100_000, 100_000, 100_000, 300_000, 5, 1_500_000, 7, 9];
    for (at, size) in sizes.into_iter().enumerate() {
        let many = format!("INSERT INTO seen (n) SELECT 0 WHERE '{}' = '';\n", "x".repeat(1000));
        let up = format!("{}INSERT INTO seen (n) VALUES ({at});", many.repeat(size / 1000));
        remote.revision(&format!("r{at}<{parent}"), &up, "");
        parent = format!("r{at}");
    }
    remote.done("upgrade");
    assert_eq!(remote.database.query("SELECT n FROM seen ORDER BY at").concat(), "012345678");
    assert_eq!(remote.applied(), "r0 r1 r2 r3 r4 r5 r6 r7 r8");
}

#[test]
fn a_script_that_copies_to_the_client_is_refused_and_not_recorded() {
    let Some(remote) = on_postgres() else { return };
    line(&remote);
    remote.revision("r6<r5", "COPY (SELECT 1) TO STDOUT;", "");
    let (error, steps) = stopped(&remote, "upgrade");
    assert!(error["message"].as_str().unwrap().contains("COPY"), "{error}");
    assert_eq!(
        (&error["revision"], steps.as_str()),
        (&"r6".into(), "r0 r1 r2 r3 r4 r5"),
        "{error}"
    );
    assert_eq!(remote.objects(), "t0 t1 t2 t3 t4 t5");
}
