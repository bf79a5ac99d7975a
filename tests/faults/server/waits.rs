//! Locks of others on what a script changes, and deadlocks.

use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

use crate::project::Run;
use crate::server::scene::{ENGINES, Engine, Scene};
use crate::tell;

/// Has a session of its own hold the table `audit` for some seconds while the program runs.
fn while_held(scene: &Scene, seconds: u32) -> Run {
    let sleep = scene.engine.sleep(seconds);
    let lock = scene.engine.pick(
        "BEGIN; LOCK TABLE audit IN ACCESS EXCLUSIVE MODE",
        "START TRANSACTION; SELECT count(*) FROM audit FOR UPDATE",
    );
    thread::scope(|scope| {
        let holder = scope.spawn(|| scene.database.try_query(&format!("{lock}; {sleep}; COMMIT;")));
        scene.wait_for_session(&format!("leep({seconds})"));
        let run = scene.project.run(&["--json", "upgrade"]);
        holder.join().unwrap().unwrap();
        run
    })
}

/// A revision that changes the table `audit` and waits for it a second at a time.
fn impatient(engine: Engine) -> Option<Scene> {
    let scene = Scene::new(engine, "r0 data", "")?;
    scene.project.done(&["upgrade"]);
    let up = "INSERT INTO data VALUES ('z1', 1);\nALTER TABLE audit ADD COLUMN c INTEGER;\n";
    scene.project.script("z1", "r0", "-- Lock Timeout: 1s\n", up);
    Some(scene)
}

fn tries(run: &Run) -> usize {
    run.stderr.lines().filter(|line| line.contains("attempt") || line.contains("again")).count()
}

/// Does something on each server at the same time, for nearly all of it is waiting.
fn on_each(work: impl Fn(Engine) + Copy + Send) {
    thread::scope(|scope| {
        for engine in ENGINES {
            scope.spawn(move || work(engine));
        }
    });
}

#[test]
fn a_lock_that_does_not_go_away_is_an_error_after_some_tries() {
    on_each(|engine| {
        let Some(scene) = impatient(engine) else { return };
        let start = Instant::now();
        let run = while_held(&scene, 9);
        run.assert_told();
        assert!(start.elapsed() < Duration::from_secs(40), "{:?}", start.elapsed());
        let error = run.json()["error"].clone();
        assert_eq!(error["kind"], "sql", "{run:?}");
        assert_eq!(error["code"], engine.pick("55P03", "1205 (HY000)"), "{run:?}");
        assert_eq!((&error["file"], &error["line"]), (&"versions/z1.up.sql".into(), &9.into()));
        assert!((2..=6).contains(&tries(&run)), "{run:?}");
        assert_eq!(run.steps(), Vec::<String>::new(), "{run:?}");
        // What MariaDB's DDL commits before it begins is kept, and known.
        let kept = engine.pick("r0", "r0 z1").split(' ').collect::<Vec<_>>();
        assert_eq!(scene.database.query("SELECT id FROM data ORDER BY id"), kept, "{run:?}");
        let resume = engine.pick("--allow-edited", "--resume");
        scene.project.done(&["upgrade", resume]);
        assert_eq!(scene.database.query("SELECT id FROM data ORDER BY id"), ["r0", "z1"]);
    });
}

#[test]
fn a_lock_that_goes_away_in_time_only_costs_time() {
    on_each(|engine| {
        let Some(scene) = impatient(engine) else { return };
        let run = while_held(&scene, 3);
        assert_eq!(run.code, Some(0), "{run:?}");
        assert!(tries(&run) >= 1, "{run:?}");
        assert_eq!(run.steps(), ["z1"], "{run:?}");
        assert_eq!(scene.database.query("SELECT id FROM data ORDER BY id"), ["r0", "z1"]);
    });
}

/// Whoever waits last finds the deadlock on `PostgreSQL`, and on `MariaDB` who has changed less is
/// its victim: both are the program here.
#[test]
fn a_deadlock_is_tried_again() {
    on_each(|engine| {
        let Some(scene) = Scene::new(engine, "r0 data", "") else { return };
        scene.project.done(&["upgrade"]);
        let rows: Vec<String> = (1..20).map(|it| format!("('n{it}', 0)")).collect();
        scene.database.execute(&format!("INSERT INTO data VALUES {}", rows.join(", ")));
        let change = |id: &str| format!("UPDATE data SET n = n + 1 WHERE id = '{id}'");
        let (one, two) = (change("n1"), change("n2"));
        scene.project.script("z1", "r0", "", &format!("{two};\n{};\n{one};\n", engine.sleep(3)));
        // One by one, for a statement over many rows locks all that it sees.
        let change = |it: u8| format!("UPDATE data SET n = n + 100 WHERE id = 'n{it}'");
        let others = [1, 3, 4, 5, 6, 7].map(change).join("; ");
        let (pause, after) = (engine.sleep(2), engine.sleep(1));
        let foreign = format!("BEGIN; {others}; {pause}; {two}; {after}; COMMIT;");
        let run = thread::scope(|scope| {
            let foreign = scope.spawn(|| scene.database.try_query(&foreign));
            scene.wait_for_session("leep(2)");
            let run = scene.project.run(&["--json", "upgrade"]);
            foreign.join().unwrap().unwrap();
            run
        });
        assert_eq!(run.code, Some(0), "{engine:?}: {run:?}");
        assert!(tries(&run) >= 1, "{engine:?}: {run:?}");
        let query = "SELECT id, n FROM data WHERE id IN ('n1', 'n2') ORDER BY id";
        assert_eq!(scene.database.query(query), ["n1|101", "n2|2"], "{engine:?}");
    });
    tell("deadlocks: 2 trials");
}

/// Ends the session of an upgrade while it waits for a table that others hold, and asserts that
/// nothing of it was to be seen before, nor is after.
#[track_caller]
fn ended_while_it_waits_for(engine: Engine, table: &str) {
    let Some(scene) = Scene::new(engine, "r0 data; a1<r0 data", "") else { return };
    scene.project.done(&["upgrade", "r0"]);
    let lock = engine.pick("BEGIN; LOCK TABLE ? IN SHARE MODE", "LOCK TABLES ? READ");
    let foreign = format!("{}; {}; COMMIT;", lock.replace('?', table), engine.sleep(3));
    let before = scene.look_now();
    thread::scope(|scope| {
        let foreign = scope.spawn(|| scene.database.try_query(&foreign));
        scene.wait_for_session("leep(3)");
        let child = scene.project.spawn(&["--json", "upgrade"]);
        // All but what it waits for has been done.
        let session = scene.wait_for_session(&format!("INTO%{table}"));
        thread::sleep(Duration::from_millis(200));
        assert_eq!(scene.look_now(), before, "{engine:?}, {table}");
        let end = engine.pick("SELECT pg_terminate_backend(?)", "KILL ?").replace('?', &session);
        scene.database.execute(&end);
        let run = Run::from(child.wait_with_output().unwrap());
        run.assert_told();
        assert_eq!(run.json()["error"]["kind"], "unreachable", "{run:?}");
        foreign.join().unwrap().unwrap();
    });
    assert_eq!(scene.look_now(), before, "{engine:?}, {table}");
    scene.project.done(&["upgrade"]);
}

#[test]
fn a_revision_and_its_row_are_seen_together_or_not_at_all() {
    on_each(|engine| {
        ended_while_it_waits_for(engine, "migrate_version");
        ended_while_it_waits_for(engine, "audit");
    });
}

/// Has a session of its own hold a row of the table `audit` for some seconds while the program builds
/// concurrently on it, a second at a time.
fn build_while_held(scene: &Scene, seconds: u32, statement: &str) -> Run {
    scene.project.script("z1", "r0", "-- Transaction: none\n-- Lock Timeout: 1s\n", statement);
    let sleep = scene.engine.sleep(seconds);
    let holding = format!("BEGIN; INSERT INTO audit DEFAULT VALUES; {sleep}; ROLLBACK;");
    thread::scope(|scope| {
        let holder = scope.spawn(|| scene.database.try_query(&holding));
        scene.wait_for_session(&format!("leep({seconds})"));
        let run = scene.project.run(&["--json", "upgrade"]);
        holder.join().unwrap().unwrap();
        run
    })
}

const INVALID: &str = "SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid";

/// Builds, each with the invalid indexes that a try in vain leaves.
const BUILDS: [&str; 3] = [
    "CREATE INDEX CONCURRENTLY x ON audit (revision);\n",
    "CREATE INDEX CONCURRENTLY ON audit (revision);\n",
    "REINDEX TABLE CONCURRENTLY audit;\n",
];

#[test]
fn an_index_that_a_try_left_invalid_is_dropped_before_the_next() {
    thread::scope(|scope| {
        for statement in BUILDS {
            scope.spawn(move || {
                let Some(scene) = Scene::new(Engine::Postgres, "r0 data", "") else { return };
                scene.project.done(&["upgrade"]);
                scene.database.execute("CREATE INDEX audit_before ON audit (revision)");
                let run = build_while_held(&scene, 5, statement);
                assert_eq!(run.code, Some(0), "{statement}: {run:?}");
                assert!(tries(&run) >= 1, "{statement}: {run:?}");
                assert!(run.stderr.contains("the index was dropped"), "{statement}: {run:?}");
                assert_eq!(scene.database.query(INVALID), Vec::<String>::new(), "{statement}");
            });
        }
    });
}

/// Builds an index that takes so many seconds, and stops it, given the program and its session; afterwards
/// a build takes no time. An index that others have left invalid is there before.
fn build_and_stop(
    scene: &Scene,
    (how, seconds): (&str, u32),
    stop: impl FnOnce(&Child, &str),
) -> Run {
    scene.project.done(&["upgrade"]);
    let function = |pause: &str| {
        format!(
            "CREATE OR REPLACE FUNCTION slow(text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS \
             'BEGIN {pause} RETURN $1; END'"
        )
    };
    scene.database.execute(&function(&format!("PERFORM pg_sleep({seconds});")));
    scene.database.execute("CREATE TABLE other (a int); INSERT INTO other VALUES (1), (1)");
    let failed = scene.database.try_query("CREATE UNIQUE INDEX CONCURRENTLY o ON other (a)");
    assert!(failed.is_err(), "{failed:?}");
    let rows = "INSERT INTO audit (revision) SELECT 'x' WHERE NOT EXISTS (SELECT 1 FROM audit)";
    scene.database.execute(rows);
    let up = format!("CREATE INDEX {how} x ON audit (slow(revision::text));\nSELECT 1;\n");
    scene.project.script("z1", "r0", "-- Transaction: none\n", &up);
    let child = scene.project.spawn(&["upgrade"]);
    let building = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = \
                    current_database()";
    let start = Instant::now();
    let session = loop {
        if let Some(session) = scene.database.query(building).pop() {
            break session;
        }
        assert!(start.elapsed() < Duration::from_mins(1), "it builds nothing");
        thread::sleep(Duration::from_millis(50));
    };
    stop(&child, &session);
    let run = Run::from(child.wait_with_output().unwrap());
    scene.database.execute(&function(""));
    run
}

fn interrupt(child: &Child) {
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
}

/// A lock on a view keeps our own look for invalid indexes waiting, which meets the interrupt then. A build
/// that is concurrent would itself wait for who holds the lock.
#[test]
fn a_build_that_has_ended_before_the_interrupt_comes_is_done() {
    let Some(scene) = Scene::new(Engine::Postgres, "r0 data", "") else { return };
    let hold = "BEGIN; LOCK TABLE pg_catalog.pg_locks IN ACCESS EXCLUSIVE MODE; \
                SELECT pg_sleep(9); COMMIT;";
    let run = build_and_stop(&scene, ("", 4), |child, _| {
        thread::scope(|scope| {
            let holder = scope.spawn(|| scene.database.try_query_as_admin(hold));
            scene.wait_for_session("NOT i.indisvalid");
            interrupt(child);
            holder.join().unwrap().unwrap();
        });
    });
    assert_eq!(run.code, Some(130), "{run:?}");
    assert!(run.stderr.contains("1 of its 2 statements"), "{run:?}");
    assert_eq!(scene.database.query(INVALID), ["o"], "{run:?}");
    // A second time it would be there already.
    scene.project.done(&["upgrade", "--resume"]);
}

#[test]
fn a_build_that_is_interrupted_leaves_nothing() {
    let Some(scene) = Scene::new(Engine::Postgres, "r0 data", "") else { return };
    let run = build_and_stop(&scene, ("CONCURRENTLY", 30), |child, _| interrupt(child));
    assert_eq!(run.code, Some(130), "{run:?}");
    assert!(
        run.stderr.contains(
            "the build of index public.x failed and left it invalid; the index was dropped"
        )
    );
    assert_eq!(scene.database.query(INVALID), ["o"], "{run:?}");
    // So there is nothing half done.
    scene.project.done(&["upgrade"]);
    assert_eq!(scene.database.query(INVALID), ["o"]);
}

#[test]
fn what_a_build_has_left_that_was_cut_off_is_named_and_dropped_before_it_goes_on() {
    let Some(scene) = Scene::new(Engine::Postgres, "r0 data", "") else { return };
    let run = build_and_stop(&scene, ("CONCURRENTLY", 30), |_, session| {
        scene.database.execute(&format!("SELECT pg_terminate_backend({session})"));
    });
    assert_eq!(run.code, Some(1), "{run:?}");
    let mut left = scene.database.query(INVALID);
    left.sort();
    assert_eq!(left, ["o", "x"]);
    let listed = scene.project.run(&["repair"]);
    let drop = "the build has left the index public.x invalid: --resume drops it, or do it by \
                `DROP INDEX CONCURRENTLY public.x`";
    assert!(listed.stdout.contains(drop), "{listed:?}");
    assert!(!listed.stdout.contains("--again"), "{listed:?}");
    let refused = scene.project.run(&["upgrade"]);
    assert!(refused.stderr.contains("statement 1 did not take effect"), "{refused:?}");
    let resumed = scene.project.done(&["upgrade", "--resume"]);
    assert!(resumed.stderr.contains("public.x failed and left it invalid; the index was dropped"));
    assert_eq!(scene.database.query(INVALID), ["o"]);
}

#[test]
fn where_it_can_not_be_dropped_the_first_error_is_told() {
    let Some(scene) = Scene::new(Engine::Postgres, "r0 data", "") else { return };
    scene.project.done(&["upgrade"]);
    let run = build_while_held(&scene, 14, BUILDS[0]);
    let error = run.json()["error"].clone();
    assert_eq!((run.code, &error["code"]), (Some(1), &"55P03".into()), "{run:?}");
    let detail = error["detail"].as_str().unwrap();
    assert!(detail.contains("`DROP INDEX CONCURRENTLY public.x`"), "{detail}");
    assert!(!run.stderr.contains("trying again"), "{run:?}");
    scene.database.execute("DROP INDEX CONCURRENTLY x");
    scene.project.done(&["upgrade", "--resume"]);
    assert_eq!(scene.database.query(INVALID), Vec::<String>::new());
}

#[test]
fn what_could_not_be_dropped_is_named_and_dropped_by_the_next_run() {
    let Some(scene) = Scene::new(Engine::Postgres, "r0 data", "") else { return };
    scene.project.done(&["upgrade"]);
    let run = build_while_held(&scene, 14, BUILDS[0]);
    assert_eq!((run.code, scene.database.query(INVALID)), (Some(1), vec!["x".into()]), "{run:?}");
    let listed = scene.project.run(&["repair"]);
    let left = "the build has left the index public.x invalid: --resume drops it";
    assert!(listed.stdout.contains(left), "{listed:?}");
    assert!(!listed.stdout.contains("--again"), "{listed:?}");
    let resumed = scene.project.done(&["upgrade", "--resume"]);
    assert!(resumed.stderr.contains("public.x failed and left it invalid; the index was dropped"));
    assert_eq!(scene.database.query(INVALID), Vec::<String>::new());
}

#[test]
fn a_partition_that_is_detached_in_part_says_how_to_end_it() {
    let Some(scene) = Scene::new(Engine::Postgres, "r0 data", "") else { return };
    scene.project.done(&["upgrade"]);
    let make = "CREATE TABLE parted (a int) PARTITION BY LIST (a); \
                CREATE TABLE part PARTITION OF parted FOR VALUES IN (1); \
                DROP TABLE audit; CREATE VIEW audit AS SELECT a FROM parted;";
    scene.database.execute(make);
    scene.database.execute("ALTER VIEW audit ALTER COLUMN a SET DEFAULT 1");
    let run =
        build_while_held(&scene, 4, "ALTER TABLE parted DETACH PARTITION part CONCURRENTLY;\n");
    let error = run.json()["error"].clone();
    assert_eq!((run.code, &error["code"]), (Some(1), &"55P03".into()), "{run:?}");
    let detail = error["detail"].as_str().unwrap();
    let finalize = "ALTER TABLE parted DETACH PARTITION part FINALIZE";
    assert!(detail.contains(finalize), "{detail}");
    scene.database.execute(finalize);
}
