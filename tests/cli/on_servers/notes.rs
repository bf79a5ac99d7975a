//! What is noted of revisions that can stop half way: when there is anything to resume, and that no
//! setting of a script or of a server is in the way of it.

use crate::on_servers::{Kind, Remote, each, holds, on_mariadb, on_postgres};

/// Returns what is noted: how many statements were begun and how many are done.
fn noted(remote: &Remote) -> Vec<String> {
    remote.database.query("SELECT begun, done FROM migrate_version_running")
}

/// Runs a script that fails, and asserts that it leaves nothing behind to be resumed.
#[track_caller]
fn leaves_nothing(remote: &Remote, option: &str, wrong: &str, right: &str) {
    let head = if option.is_empty() { "b1<a1".to_owned() } else { format!("b1<a1 | {option}") };
    remote.revision(&head, wrong, "");
    let run = remote.run("upgrade");
    assert_eq!(run.code, 1, "{wrong}: {}", run.text());
    assert!(!run.stderr.contains("stands") && !run.stderr.contains("--resume"), "{}", run.text());
    assert_eq!(noted(remote), [""; 0], "{wrong}: {}", run.text());
    assert_eq!(remote.json("status")["revisions"][1]["state"], "pending", "{wrong}");
    let run = remote.run("upgrade");
    assert!(!run.stderr.contains("half way"), "{wrong}: {}", run.text());
    remote.done("downgrade base");
    remote.revision(&head, right, "SELECT 1;");
    remote.done("upgrade");
    remote.done("downgrade base");
}

const NONE: &str = "Transaction: none";

#[test]
fn where_the_first_statement_fails_there_is_nothing_to_resume() {
    each(|remote| {
        remote.add("a1");
        remote.done("upgrade");
        for option in ["", NONE] {
            let right = "CREATE TABLE IF NOT EXISTS b (i INT);";
            leaves_nothing(remote, option, "CREATE TABLE b (i nosuchtype);", right);
        }
    });
}

#[test]
fn where_everything_before_a_failure_was_rolled_back_there_is_nothing_to_resume() {
    each(|remote| {
        remote.add("a1");
        remote.done("upgrade");
        let begin =
            "BEGIN;\nINSERT INTO t_a1 VALUES (7);\nINSERT INTO nowhere VALUES (1);\nCOMMIT;";
        leaves_nothing(remote, NONE, begin, "SELECT 1;");
        if remote.kind == Kind::Mariadb {
            let rows = "INSERT INTO t_a1 VALUES (7);\nINSERT INTO nowhere VALUES (1);\n\
                        CREATE TABLE IF NOT EXISTS b (i INT);";
            leaves_nothing(remote, "", rows, "CREATE TABLE IF NOT EXISTS b (i INT);");
            let set = "SET @a = 1;\nCREATE TABLE b (i nosuchtype);";
            leaves_nothing(remote, NONE, set, "SELECT 1;");
            leaves_nothing(remote, "", set, "SELECT 1;");
            let dropped = "DROP TABLE nowhere, nor_there;";
            leaves_nothing(remote, "", dropped, "SELECT 1;");
        } else {
            let built = "CREATE INDEX CONCURRENTLY i ON nowhere (a);";
            leaves_nothing(remote, NONE, built, "SELECT 1;");
            let set = "SET search_path = public;\nCREATE INDEX CONCURRENTLY i ON t_a1 (nope);";
            leaves_nothing(remote, NONE, set, "SELECT 1;");
        }
        assert_eq!(remote.objects(), if remote.kind == Kind::Mariadb { "b" } else { "" });
    });
}

#[test]
fn a_failed_downgrade_that_has_taken_nothing_back_can_simply_be_run_again() {
    each(|remote| {
        let head = if remote.kind == Kind::Mariadb { "a1" } else { "a1 | Transaction: none" };
        remote.revision(head, "CREATE TABLE a (i INT);", "-- Transaction: none\nDROP TABLE b;");
        remote.done("upgrade");
        let run = remote.run("downgrade base");
        holds(&run.stderr, &["a1: still applied", "nothing was changed"]);
        assert_eq!(noted(remote), [""; 0]);
        remote.write("versions/a1.down.sql", "-- Transaction: none\nDROP TABLE a;");
        remote.done("downgrade base");
        assert_eq!(remote.objects(), "");
    });
}

/// MariaDB drops the first one, and says then that there is no other.
#[test]
fn a_statement_that_failed_and_left_a_part_of_its_effect_is_half_done() {
    let Some(remote) = on_mariadb() else { return };
    remote.database.execute("CREATE TABLE t (a INT)");
    remote.revision("a1", "DROP TABLE t, nowhere;", "");
    let run = remote.run("upgrade");
    assert!(!run.stderr.contains("nothing was changed"), "{}", run.text());
    assert_eq!((remote.objects(), noted(&remote)), (String::new(), vec!["0|0".to_owned()]));
}

/// Statements after which a note used to fail, or said something else.
const SETTINGS: [&str; 12] = [
    "SET SQL_SAFE_UPDATES = 1",
    "SET SESSION group_concat_max_len = 4",
    "SET sql_select_limit = 0",
    "SET SESSION max_join_size = 1",
    "SET sql_mode = 'NO_BACKSLASH_ESCAPES,ANSI_QUOTES'",
    "SET sql_mode = 'ORACLE,EMPTY_STRING_IS_NULL'",
    "SET sql_mode = ''",
    "SET character_set_client = latin1, character_set_results = NULL",
    "SET NAMES utf8mb3 COLLATE utf8mb3_bin",
    "SET SESSION foreign_key_checks = 0, default_storage_engine = MyISAM, lc_time_names = 'de_DE'",
    "SET SESSION max_statement_time = 0.5",
    "SET SESSION sql_log_bin = 0",
];

#[test]
fn no_setting_of_a_script_on_mariadb_breaks_a_note_or_a_record() {
    let Some(remote) = on_mariadb() else { return };
    let url = remote.database.admin_url();
    remote.configure(&url, "");
    for option in ["", " | Transaction: none"] {
        for setting in SETTINGS {
            let up = format!(
                "CREATE TABLE a (i INT);\n{setting};\nCREATE TABLE b (i INT);\nDROP TABLE b;\n\
                 CREATE TABLE b (i INT);\nINSERT INTO b VALUES (1);\nALTER TABLE b ADD c INT;\n"
            );
            let down = format!(
                "{}\n{setting};\nDROP TABLE b;\nDROP TABLE a;\n",
                option.replace(" | ", "-- ")
            );
            remote.revision(&format!("a1{option}"), &format!("{up}ALTER TABLE b ADD nope;"), &down);
            let run = remote.run("upgrade");
            holds(&run.stderr, &["a1.up.sql:1", "7 of its 8 statements were committed"]);
            assert_eq!(noted(&remote), ["7|7"], "{setting}{option}");
            remote.revision(
                &format!("a1{option}"),
                &format!("{up}ALTER TABLE b ADD d INT;"),
                &down,
            );
            remote.done("upgrade --resume");
            assert_eq!((remote.applied(), noted(&remote)), ("a1".to_owned(), vec![]), "{setting}");
            remote.done("downgrade base");
            assert_eq!((remote.objects(), remote.applied()), (String::new(), String::new()));
        }
    }
}

#[test]
fn a_script_keeps_what_it_has_set_from_one_note_to_the_next() {
    let Some(remote) = on_mariadb() else { return };
    let up = "SET sql_mode = 'ANSI_QUOTES', SQL_SAFE_UPDATES = 1, sql_select_limit = 3;\n\
              SET NAMES latin1;\nSET SESSION group_concat_max_len = 77;\n\
              CREATE TABLE \"t\" (a INT);\n\
              CREATE TABLE seen AS SELECT @@sql_mode AS m, @@sql_safe_updates AS u, \
              @@sql_select_limit AS l, @@character_set_client AS c, @@group_concat_max_len AS g;";
    for option in ["", " | Transaction: none"] {
        remote.revision(&format!("a1{option}"), up, "DROP TABLE seen;\nDROP TABLE t;");
        remote.done("upgrade");
        assert_eq!(remote.database.query("SELECT * FROM seen"), ["ANSI_QUOTES|1|3|latin1|77"]);
        remote.done("downgrade base");
    }
}

#[test]
fn a_table_of_many_long_columns_is_altered_whatever_a_script_has_set() {
    let Some(remote) = on_mariadb() else { return };
    let columns: Vec<String> = (0..120)
        .map(|it| format!("a_column_with_quite_a_long_name_for_a_table_{it:03} INT"))
        .collect();
    let up = format!(
        "SET SESSION group_concat_max_len = 10000;\nCREATE TABLE t ({});\nALTER TABLE t ADD z INT;\n\
         ALTER TABLE t ADD y INT;",
        columns.join(", ")
    );
    remote.revision("a1", &up, "DROP TABLE t;");
    remote.done("upgrade");
    remote.done("downgrade base");
}

#[test]
fn tables_that_a_script_locks_are_no_obstacle_to_its_notes() {
    let Some(remote) = on_mariadb() else { return };
    let locks = ["LOCK TABLES t WRITE", "LOCK TABLES t READ", "FLUSH TABLES WITH READ LOCK"];
    remote.configure(&remote.database.admin_url(), "");
    for option in ["", " | Transaction: none"] {
        for lock in locks {
            for unlock in ["UNLOCK TABLES;", ""] {
                let within = if lock.ends_with("WRITE") {
                    "ALTER TABLE t DISABLE KEYS;\nINSERT INTO t VALUES (1);\nALTER TABLE t ENABLE KEYS;"
                } else {
                    "SELECT * FROM t;\nDO 1;"
                };
                let after = if unlock.is_empty() { "" } else { "\nCREATE TABLE u (a INT);" };
                let up = format!("CREATE TABLE t (a INT);\n{lock};\n{within}\n{unlock}{after}");
                let down = format!("{}\n{lock};\n{unlock}", option.replace(" | ", "-- "));
                let drop =
                    if unlock.is_empty() { "" } else { "\nDROP TABLE IF EXISTS u;\nDROP TABLE t;" };
                remote.revision(&format!("a1{option}"), &up, &format!("{down}{drop}"));
                remote.done("upgrade");
                assert_eq!((remote.applied(), noted(&remote)), ("a1".to_owned(), vec![]), "{up}");
                remote.done("downgrade base");
                remote.database.execute("DROP TABLE IF EXISTS t, u");
                assert_eq!((remote.applied(), noted(&remote)), (String::new(), vec![]), "{down}");
            }
        }
    }
}

#[test]
fn a_failure_between_locks_is_noted_to_the_statement() {
    let Some(remote) = on_mariadb() else { return };
    let up = "CREATE TABLE t (a INT PRIMARY KEY);\nLOCK TABLES t WRITE;\nINSERT INTO t VALUES (1);\n\
              INSERT INTO t VALUES (2), (1);\nINSERT INTO t VALUES (3);\nUNLOCK TABLES;\n\
              CREATE TABLE u (a INT);";
    remote.revision("a1", up, "");
    let run = remote.run("upgrade");
    holds(&run.stderr, &["a1.up.sql:10:1", "3 of its 7 statements were committed"]);
    assert_eq!(noted(&remote), ["3|3"]);
    assert_eq!(remote.database.query("SELECT a FROM t"), ["1"]);
    remote.replace("versions/a1.up.sql", "(2), (1)", "(2)");
    let run = remote.run("upgrade --resume");
    assert_eq!(run.code, 0, "{}", run.text());
    holds(&run.stderr, &["LOCK TABLES t WRITE"]);
    assert_eq!((remote.objects(), noted(&remote)), ("t u".to_owned(), vec![]));
    assert_eq!(remote.database.query("SELECT a FROM t ORDER BY a"), ["1", "2", "3"]);
}

#[test]
fn a_server_that_insists_on_keys_is_no_obstacle() {
    let Some(server) = servers::Mariadb::start_with(&["sql-safe-updates=1"]) else { return };
    let database = server.database();
    let remote = Remote { kind: Kind::Mariadb, sandbox: crate::support::Sandbox::new(), database };
    remote.configure(&remote.database.url(), "");
    remote.revision(
        "a1",
        "CREATE TABLE t (a INT);\nINSERT INTO t VALUES (1);\nCREATE TABLE u (a INT);",
        "DROP TABLE u, t;",
    );
    remote.revision("b1<a1", "CREATE TABLE v (a INT);\nALTER TABLE v ADD b INT;", "DROP TABLE v;");
    remote.done("upgrade");
    remote.done("downgrade base");
    remote.done("stamp head");
    remote.done("stamp base");
    remote.done("stamp --purge a1");
    assert_eq!(remote.applied(), "a1");
}

#[test]
fn notes_are_written_as_the_role_that_connected() {
    let Some(remote) = on_postgres() else { return };
    let owner = format!("owner_{}", remote.database.name());
    remote.database.execute_as_admin(&format!(
        "CREATE ROLE {owner}; GRANT {owner} TO \"{}\"; GRANT CREATE ON SCHEMA public TO {owner}",
        servers::USER
    ));
    for role in [
        format!("SET ROLE {owner};"),
        format!("SELECT set_config('role', '{owner}', false);"),
        format!(
            "SET ROLE {owner};\nSET search_path = public, pg_catalog;\nSET statement_timeout = '9s';"
        ),
    ] {
        let up = format!(
            "{role}\nCREATE TABLE t (a int);\nCREATE INDEX CONCURRENTLY i ON t (a);\nBEGIN;\n\
             INSERT INTO t VALUES (1);\nINSERT INTO t VALUES (2);\nCOMMIT;\n\
             CREATE TABLE seen AS SELECT current_user::text AS a;\nRESET ROLE;"
        );
        let down = format!("-- Transaction: none\n{role}\nDROP TABLE t;\nDROP TABLE seen;");
        remote.revision("a1 | Transaction: none", &up, &down);
        remote.done("upgrade");
        let seen = "SELECT a FROM seen; SELECT tableowner FROM pg_tables WHERE tablename = 't'";
        assert_eq!(remote.database.query(seen), [owner.as_str(), owner.as_str()]);
        assert_eq!((remote.applied(), noted(&remote)), ("a1".to_owned(), vec![]));
        remote.done("downgrade base");
        assert_eq!(remote.objects(), "");
    }
    let wrong = format!("SET ROLE {owner};\nCREATE TABLE t (a int);\nCREATE TABLE t (a int);");
    remote.revision("a1 | Transaction: none", &wrong, "");
    let run = remote.run("upgrade");
    holds(&run.stderr, &["a1.up.sql:10:1", "2 of its 3 statements were committed"]);
    assert_eq!(noted(&remote), ["2|2"]);
    remote
        .database
        .execute_as_admin(&format!("DROP TABLE t; DROP OWNED BY {owner}; DROP ROLE {owner}"));
}

#[test]
fn notes_are_written_as_the_user_who_connected() {
    let Some(remote) = on_postgres() else { return };
    remote.configure(&remote.database.admin_url(), "");
    let user = servers::USER;
    for within in ["", "BEGIN;\nINSERT INTO t VALUES (1);\nINSERT INTO t VALUES (2);\nCOMMIT;\n"] {
        let up = format!(
            "SET SESSION AUTHORIZATION \"{user}\";\nCREATE TABLE t (a int);\n\
             CREATE INDEX CONCURRENTLY i ON t (a);\n{within}\
             CREATE TABLE seen AS SELECT session_user::text AS a;"
        );
        remote.revision("a1 | Transaction: none", &up, "DROP TABLE t, seen;");
        remote.done("upgrade");
        assert_eq!(remote.database.query("SELECT a FROM seen"), [user]);
        remote.done("downgrade base");
    }
}

#[test]
fn no_setting_of_a_script_on_postgres_breaks_a_note_or_a_record() {
    let Some(remote) = on_postgres() else { return };
    let settings = [
        "SET default_transaction_read_only = on",
        "SET search_path = nowhere",
        "SET standard_conforming_strings = off",
        "SET row_security = off",
        "SET quote_all_identifiers = on",
        "SET transform_null_equals = on",
        "SET DateStyle = 'German'",
        "SET statement_timeout = '1s'",
        "SET lock_timeout = '1s'",
        "SET default_transaction_isolation = 'serializable'",
    ];
    for setting in settings {
        let up = format!(
            "CREATE TABLE public.t (a int);\n{setting};\nSELECT 1;\nSET default_transaction_read_only = off;\n\
             CREATE TABLE public.u (a int);"
        );
        let down = format!(
            "-- Transaction: none\n-- it's \\ a path\nDROP TABLE t;\n{setting};\nSELECT 1;\n\
             SET default_transaction_read_only = off;\nDROP TABLE public.u;"
        );
        remote.revision("a1 | Transaction: none", &up, &down);
        remote.done("upgrade");
        let stored = remote.database.query("SELECT down_script FROM migrate_version").join("\n");
        assert!(stored.contains("it's \\ a path"), "{setting}: {stored}");
        remote.done("downgrade base");
        assert_eq!((remote.objects(), noted(&remote)), (String::new(), vec![]), "{setting}");
    }
}

#[test]
fn where_the_rights_on_our_tables_are_missing_nothing_is_said_to_stand() {
    each(|remote| {
        remote.add("a1");
        remote.done("upgrade");
        let (user, table) = (format!("poor_{}", remote.database.name()), "migrate_version_running");
        if remote.kind == Kind::Postgres {
            remote.database.execute_as_admin(&format!(
                "CREATE ROLE {user} LOGIN PASSWORD 'x'; GRANT ALL ON ALL TABLES IN SCHEMA public TO {user}; \
                 GRANT CREATE ON SCHEMA public TO {user}; REVOKE INSERT, UPDATE ON {table} FROM {user}"
            ));
        } else {
            let name = remote.database.name().to_owned();
            remote.database.execute_as_admin(&format!(
                "CREATE USER {user}@'%' IDENTIFIED BY 'x'; \
                 GRANT SELECT, CREATE, ALTER, DROP, INDEX ON {name}.* TO {user}@'%'; \
                 GRANT ALL ON {name}.migrate_version TO {user}@'%'"
            ));
        }
        remote.revision("b1<a1 | Transaction: none", "CREATE TABLE b (a INT);", "");
        remote.configure(&remote.database.url_as(&user, "x"), "");
        let run = remote.run("upgrade");
        assert_eq!(run.code, 1, "{}", run.text());
        holds(&run.stderr, &["denied", "nothing was changed"]);
        holds(
            &run.stderr,
            &["`migrate_version_running` is a table of this program", "GRANT SELECT, INSERT"],
        );
        assert!(!run.stderr.contains("-->"), "no statement is to blame: {}", run.text());
        assert!(!run.stderr.contains("stands"), "{}", run.text());
        let drop = match remote.kind {
            Kind::Postgres => format!("DROP OWNED BY {user}; DROP ROLE {user}"),
            Kind::Mariadb => format!("DROP USER {user}@'%'"),
        };
        remote.database.execute_as_admin(&drop);
    });
}

#[test]
fn a_right_that_is_missing_half_way_is_told_with_what_to_grant() {
    let Some(remote) = on_mariadb() else { return };
    let (name, user) =
        (remote.database.name().to_owned(), format!("poor_{}", remote.database.name()));
    remote.database.execute_as_admin(&format!(
        "CREATE USER {user}@'%' IDENTIFIED BY 'x'; \
         GRANT SELECT, CREATE, ALTER, INSERT, DELETE ON {name}.* TO {user}@'%'"
    ));
    remote.up_only("a1", "CREATE TABLE t (a INT);\nCREATE TABLE u (a INT);");
    remote.configure(&remote.database.url_as(&user, "x"), "");
    let run = remote.run("upgrade");
    assert_eq!(run.code, 1, "{}", run.text());
    assert!(!run.stderr.contains("-->"), "no statement is to blame: {}", run.text());
    let grant =
        format!("GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER ON {name}.* TO 'poor_");
    holds(&run.stderr, &["UPDATE command denied", &grant, "then continue with --resume"]);
    remote.database.execute_as_admin(&format!("GRANT UPDATE ON {name}.* TO {user}@'%'"));
    remote.done("upgrade --resume");
    remote.up_only("b1<a1", "DROP TABLE t;");
    let error = remote.error("upgrade");
    assert_eq!(error["line"], 7, "{error}");
    holds(error["hint"].as_str().unwrap(), &["grant the right, or give the url of a user"]);
    remote.database.execute_as_admin(&format!("DROP USER {user}@'%'"));
}

#[test]
fn a_url_of_mariadb_without_a_database_is_refused_with_what_to_add() {
    let Some(remote) = on_mariadb() else { return };
    let url = remote.database.url();
    remote.configure(url.trim_end_matches(remote.database.name()), "");
    remote.add("a1");
    for command in ["current", "status", "upgrade", "downgrade base", "stamp head", "check"] {
        let error = remote.error(command);
        let message = error["message"].as_str().unwrap();
        assert_eq!(error["kind"], "config", "{command}: {error}");
        holds(message, &["names no database"]);
        assert!(!message.contains("p@ss") && !message.contains("p%40ss"), "{message}");
        holds(error["hint"].as_str().unwrap(), &["/NAME"]);
    }
}

#[test]
fn the_statement_that_runs_is_the_one_that_is_shown_and_alone_in_doubt() {
    let Some(mut remote) = on_mariadb() else { return };
    for (option, noted_after, resumable) in
        [("", "2|2", true), (" | Transaction: none", "3|2", false)]
    {
        let up = "CREATE TABLE t (a INT);\nTRUNCATE t;\nDO SLEEP(60);\nCREATE TABLE u (a INT);";
        remote.revision(&format!("a1{option}"), up, "");
        let mut child = remote.command("upgrade").spawn().unwrap();
        let sleeps = "SELECT id FROM information_schema.processlist WHERE db = database() AND info \
                      LIKE 'DO SLEEP%'";
        let mut session = Vec::new();
        while session.is_empty() {
            session = remote.database.query(sleeps);
            assert!(child.try_wait().unwrap().is_none());
        }
        let running = remote.json("status")["revisions"][0]["running"].clone();
        assert_eq!((&running["statement"], &running["statements"]), (&3.into(), &4.into()));
        child.kill().unwrap();
        child.wait().unwrap();
        remote.database.execute_as_admin(&format!("KILL {}", session[0]));
        assert_eq!(noted(&remote), [noted_after], "{option}");
        remote.replace("versions/a1.up.sql", "SLEEP(60)", "SLEEP(0)");
        if !resumable {
            remote.replace("versions/a1.up.sql", "SLEEP(0)", "SLEEP(60)");
            remote.done("repair --again a1");
            remote.replace("versions/a1.up.sql", "SLEEP(60)", "SLEEP(0)");
        }
        remote.done("upgrade --resume");
        assert_eq!((remote.applied(), remote.objects()), ("a1".to_owned(), "t u".to_owned()));
        let fresh = servers::mariadb().unwrap().database();
        remote.configure(&fresh.url(), "");
        remote.database = fresh;
    }
}

/// All that the user may do comes of a role.
#[test]
fn notes_on_mariadb_are_written_as_the_role_of_the_login() {
    let Some(remote) = on_mariadb() else { return };
    let name = remote.database.name().to_owned();
    remote.database.execute_as_admin(&format!(
        "CREATE ROLE full_{name}; GRANT ALL ON {name}.* TO full_{name}; CREATE ROLE thin_{name}; \
         GRANT SELECT, CREATE, INSERT ON {name}.* TO thin_{name}; \
         CREATE USER {name}@'%' IDENTIFIED BY 'x'; GRANT SHOW VIEW ON {name}.* TO {name}@'%'; \
         GRANT full_{name} TO {name}@'%'; GRANT thin_{name} TO {name}@'%'; \
         SET DEFAULT ROLE full_{name} FOR {name}@'%'"
    ));
    remote.configure(&remote.database.url_as(&name, "x"), "");
    for option in ["", " | Transaction: none"] {
        let up = format!(
            "CREATE TABLE a (i INT);\nSET ROLE thin_{name};\nCREATE TABLE b (i INT);\n\
             CREATE TABLE c AS SELECT CURRENT_ROLE() AS i;"
        );
        remote.revision(&format!("a1{option}"), &up, "DROP TABLE a;\nDROP TABLE b;\nDROP TABLE c;");
        remote.done("upgrade");
        assert_eq!(remote.database.query("SELECT i FROM c"), [format!("thin_{name}")]);
        remote.done("downgrade base");
    }
    let wrong = format!("CREATE TABLE a (i INT);\nSET ROLE thin_{name};\nDROP TABLE a;");
    remote.revision("a1", &wrong, "");
    let run = remote.run("upgrade");
    holds(&run.stderr, &["denied", "a1.up.sql:9:1", "2 of its 3 statements were committed"]);
    assert_eq!(noted(&remote), ["2|2"]);
    remote.database.execute_as_admin(&format!(
        "DROP USER {name}@'%'; DROP ROLE full_{name}; DROP ROLE thin_{name}"
    ));
}
