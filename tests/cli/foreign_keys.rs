//! Foreign keys on SQLite, which are checked at the end of a revision.

use insta::assert_snapshot;

use crate::support::Sandbox;

#[test]
fn a_rebuilt_table_takes_no_rows_of_others_along() {
    let sandbox = Sandbox::new();
    let up = "CREATE TABLE p (id INTEGER PRIMARY KEY);\n\
              CREATE TABLE c (p INTEGER NOT NULL REFERENCES p ON DELETE CASCADE);\n\
              INSERT INTO p VALUES (1), (2);\nINSERT INTO c VALUES (1), (2), (2);";
    sandbox.revision("a1", up, "DROP TABLE c; DROP TABLE p;");
    let rebuild = "CREATE TABLE p_new (id INTEGER PRIMARY KEY, name TEXT);\n\
                   INSERT INTO p_new (id) SELECT id FROM p;\nDROP TABLE p;\n\
                   ALTER TABLE p_new RENAME TO p;";
    sandbox.revision("b1<a1", rebuild, "ALTER TABLE p DROP COLUMN name;");
    sandbox.done("upgrade");
    assert_eq!(sandbox.query("SELECT count(*) FROM c"), "3");
    sandbox.done("downgrade -1");
    assert_eq!(sandbox.query("SELECT count(*) FROM c"), "3");
}

#[test]
fn a_script_that_leaves_orphans_is_rolled_back_and_named() {
    let sandbox = Sandbox::new();
    let up = "CREATE TABLE p (id INTEGER PRIMARY KEY);\nCREATE TABLE c (p REFERENCES p);\n\
              INSERT INTO p VALUES (1);\nINSERT INTO c VALUES (1);";
    sandbox.revision("a1", up, "");
    sandbox.revision("b1<a1", "DELETE FROM p;", "");
    assert_snapshot!(sandbox.migrate("upgrade"), @"
    exit 1
    --- stderr
    Running upgrade  -> a1, make a1
    Running upgrade a1 -> b1, make b1
    error: foreign keys are violated: row 1 of `c` refers to no row of `p`
     --> versions/b1.up.sql:7:1
      |
    7 | DELETE FROM p;
      | ^^^^^^
      b1: rolled back
      done before, and kept: a1
    hint: correct the script so that these rows refer to something, and run the command again
    ");
    assert_eq!(sandbox.applied(), "a1");
    assert_eq!(sandbox.query("SELECT count(*) FROM p"), "1");
    let document = sandbox.json("upgrade");
    assert_eq!(document["error"]["kind"], "sql");
    assert_eq!(document["error"]["revision"], "b1");
}

#[test]
fn a_foreign_key_that_fits_nothing_any_more_is_told() {
    let sandbox = Sandbox::new();
    let up = "CREATE TABLE p (id INTEGER PRIMARY KEY);\nCREATE TABLE c (p REFERENCES p);";
    sandbox.revision("a1", up, "");
    sandbox.revision("b1<a1", "DROP TABLE p;\nCREATE TABLE p (id INTEGER);", "");
    assert_snapshot!(sandbox.migrate("upgrade"), @r#"
    exit 1
    --- stderr
    Running upgrade  -> a1, make a1
    Running upgrade a1 -> b1, make b1
    error: foreign key mismatch - "c" referencing "p"
      code: SQLITE_ERROR (1)
      b1: rolled back
      done before, and kept: a1
    "#);
    assert_eq!(sandbox.applied(), "a1");
}

#[test]
fn a_foreign_key_that_fitted_nothing_before_does_not_matter() {
    let sandbox = Sandbox::new();
    sandbox.execute("CREATE TABLE p (id INTEGER); CREATE TABLE c (p REFERENCES p (id));");
    sandbox.revision("a1", "ALTER TABLE c ADD COLUMN a;\nINSERT INTO c VALUES (1, 2);", "");
    sandbox.revision("b1<a1", "CREATE TABLE d (p REFERENCES p (id));", "");
    assert_eq!(sandbox.run("upgrade").code, 1);
    assert_eq!(sandbox.applied(), "a1");
    let mend = "DELETE FROM c;\nCREATE UNIQUE INDEX i ON p (id);";
    sandbox.replace("versions/b1.up.sql", "CREATE TABLE d (p REFERENCES p (id));", mend);
    sandbox.done("upgrade");
    sandbox.revision("c1<b1", "INSERT INTO c VALUES (3, 4);", "");
    assert_eq!(sandbox.run("upgrade").code, 1);
}

#[test]
fn rows_that_were_orphans_before_do_not_matter() {
    let sandbox = Sandbox::new();
    sandbox.execute(
        "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p REFERENCES p); \
         INSERT INTO c VALUES (7);",
    );
    sandbox.revision("a1", "CREATE TABLE d (p REFERENCES p);", "DROP TABLE d;");
    sandbox.done("upgrade");
    sandbox.done("downgrade base");
    sandbox.revision("b1<a1", "INSERT INTO d VALUES (8);", "");
    assert_eq!(sandbox.run("upgrade").code, 1);
    assert_eq!(sandbox.applied(), "a1");
}

#[test]
fn foreign_keys_are_enforced_where_the_head_says_so() {
    let sandbox = Sandbox::new();
    let up = "CREATE TABLE p (id INTEGER PRIMARY KEY);\n\
              CREATE TABLE c (p REFERENCES p ON DELETE CASCADE);\n\
              INSERT INTO p VALUES (1);\nINSERT INTO c VALUES (1);";
    sandbox.revision("a1", up, "");
    sandbox.revision("b1<a1 | Foreign Keys: on", "INSERT INTO c VALUES (2);", "");
    let text = sandbox.migrate("upgrade");
    assert!(text.contains("FOREIGN KEY constraint failed"), "{text}");
    sandbox.replace("versions/b1.up.sql", "INSERT INTO c VALUES (2)", "DELETE FROM p");
    sandbox.done("upgrade");
    assert_eq!(sandbox.query("SELECT count(*) FROM c"), "0");
}
