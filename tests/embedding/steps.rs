//! Revisions that are code of the program.

use limbeck::{Error, ErrorKind, Migrator, Session, Step, Versions};

const CREATE: &str = "-- create t\n--\n-- Revision ID: aa11\n-- Revises:\n\n\
                      CREATE TABLE t (id integer PRIMARY KEY, name varchar(20));\n\
                      INSERT INTO t VALUES (1, 'Ärger'), (2, 'ÖL');\n";
const FOLD: &str =
    "-- fold names\n--\n-- Revision ID: bb22\n-- Revises: aa11\n-- Run By: program\n";

fn versions() -> Versions {
    let down = "DROP TABLE t;\n";
    Versions::of([("1.up.sql", CREATE), ("1.down.sql", down), ("2.up.sql", FOLD)])
}

fn fold() -> Step {
    let step = Step::code(|tx| {
        for row in tx.query("SELECT id, name FROM t ORDER BY id")? {
            let [Some(id), Some(name)] = row.as_slice() else {
                return Err("a name is missing".into());
            };
            let name = limbeck::sql::quote_literal(&name.to_lowercase(), tx.dialect());
            let changed = tx.execute(&format!("UPDATE t SET name = {name} WHERE id = {id}"))?;
            assert_eq!(changed, 1);
        }
        Ok(())
    });
    step.reversed_by(|tx| Ok(tx.execute("UPDATE t SET name = upper(name)").map(drop)?))
}

fn names(session: &mut Session<'_>) -> Vec<String> {
    let rows = session.connection().query("SELECT name FROM t ORDER BY id").unwrap();
    rows.into_iter().flatten().flatten().collect()
}

fn goes_both_ways(url: &str) {
    let migrator = Migrator::embedded(&versions()).unwrap().step("bb22", fold()).unwrap();
    let mut session = migrator.url(url).unwrap().connect().unwrap();
    assert_eq!(session.upgrade("head").unwrap().steps.len(), 2);
    assert_eq!(names(&mut session), ["ärger", "öl"]);
    assert_eq!(session.downgrade("-1").unwrap().steps.len(), 1);
    assert!(names(&mut session)[1].ends_with('L'));

    // What fails in the middle has done nothing, on whatever database.
    let failing = Step::code(|tx| {
        tx.execute("UPDATE t SET name = 'gone'")?;
        Err("no more coffee".into())
    });
    let migrator = Migrator::embedded(&versions()).unwrap().step("bb22", failing).unwrap();
    let mut session = migrator.url(url).unwrap().connect().unwrap();
    let error = session.upgrade("head").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Step);
    assert_eq!(error.to_string(), "the step of revision `bb22` failed: no more coffee");
    assert!(!names(&mut session).contains(&"gone".to_owned()));
    assert_eq!(session.current().unwrap().pending, 1);
}

#[test]
fn code_runs_in_the_transaction_of_its_revision() {
    let folder = tempfile::tempdir().unwrap();
    goes_both_ways(&format!("sqlite:{}", folder.path().join("app.db").display()));
}

#[cfg(all(unix, feature = "postgres", feature = "mysql"))]
#[test]
fn code_runs_on_servers_too() {
    if let Some(server) = servers::postgres() {
        goes_both_ways(&server.database().url());
    }
    if let Some(server) = servers::mariadb() {
        goes_both_ways(&server.database().url());
    }
}

#[test]
fn what_the_database_refuses_in_a_step_is_told_as_its_answer() {
    let wrong = Step::code(|tx| Ok(tx.execute("UPDATE nowhere SET a = 1").map(drop)?));
    let migrator = Migrator::embedded(&versions()).unwrap().step("bb22", wrong).unwrap();
    let error = migrator.url("sqlite::memory:").unwrap().upgrade("head").unwrap_err();
    assert_eq!(
        (error.kind(), error.to_string()),
        (ErrorKind::Sql, "no such table: nowhere".into())
    );
    assert_eq!(error.place().unwrap().file.to_str(), Some("2.up.sql"));
}

#[test]
fn a_step_may_not_end_its_transaction() {
    for statement in ["COMMIT", "rollback", "BEGIN"] {
        let step = Step::code(move |tx| Ok(tx.execute(statement).map(drop)?));
        let migrator = Migrator::embedded(&versions()).unwrap().step("bb22", step).unwrap();
        let error = migrator.url("sqlite::memory:").unwrap().upgrade("head").unwrap_err();
        let expected =
            format!("`{}` in a step: its transaction isn't its own", statement.to_uppercase());
        assert_eq!(error.to_string(), expected);
    }
    let sly = Step::code(|tx| Ok(tx.sqlite().ok_or("no SQLite")?.execute_batch("COMMIT")?));
    let migrator = Migrator::embedded(&versions()).unwrap().step("bb22", sly).unwrap();
    let mut session = migrator.url("sqlite::memory:").unwrap().connect().unwrap();
    let error = session.upgrade("head").unwrap_err();
    assert_eq!(error.to_string(), "the step ended its transaction");
    assert_eq!(session.current().unwrap().pending, 1);
}

#[test]
fn parameters_can_be_bound_on_sqlite() {
    let bound = Step::code(|tx| {
        let connection = tx.sqlite().ok_or("no SQLite")?;
        connection.execute("UPDATE t SET name = ?1 WHERE id = ?2", ("bound", 2))?;
        Ok(())
    });
    let migrator = Migrator::embedded(&versions()).unwrap().step("bb22", bound).unwrap();
    let mut session = migrator.url("sqlite::memory:").unwrap().connect().unwrap();
    session.upgrade("head").unwrap();
    assert_eq!(names(&mut session), ["Ärger", "bound"]);
}

#[test]
fn a_revision_of_code_without_its_code_is_refused_before_anything_runs() {
    let migrator = Migrator::embedded(&versions()).unwrap().url("sqlite::memory:").unwrap();
    let mut session = migrator.connect().unwrap();
    let error = session.upgrade("head").unwrap_err();
    let expected = "revision `bb22` is code of a program, and there is none for its upgrade here";
    assert_eq!(error.to_string(), expected);
    assert_eq!(error.place().map(|it| it.line), Some(5));
    assert_eq!(session.current().unwrap().pending, 2, "nothing was run");
    assert_eq!(session.upgrade("aa11").unwrap().steps.len(), 1);

    let no_way_back = Step::code(|_| Ok(()));
    let migrator = migrator.step("bb22", no_way_back).unwrap();
    let mut session = migrator.connect().unwrap();
    session.upgrade("head").unwrap();
    assert!(session.downgrade("-1").unwrap_err().to_string().contains("none for its downgrade"));
}

#[test]
fn code_is_given_to_revisions_that_ask_for_it() {
    let migrator = Migrator::embedded(&versions()).unwrap();
    for revision in ["aa11", "nowhere"] {
        let error = migrator.clone().step(revision, fold()).unwrap_err();
        assert!(matches!(error, Error::NoProgramStep { .. }), "{error}");
    }
    for (tail, problem) in [
        ("-- Run By: program\n\nSELECT 1;\n", "its script has statements"),
        ("-- Run By: program\n-- Transaction: none\n", "its header says `Transaction: none`"),
    ] {
        let text = format!("-- m\n-- Revision ID: aa11\n-- Revises:\n{tail}");
        let migrator = Migrator::embedded(&Versions::of([("1.up.sql", text)])).unwrap();
        let migrator = migrator.step("aa11", fold()).unwrap().url("sqlite::memory:").unwrap();
        let error = migrator.upgrade("head").unwrap_err();
        assert!(error.to_string().ends_with(problem), "{error}");
        assert!(error.place().is_some());
    }
}
