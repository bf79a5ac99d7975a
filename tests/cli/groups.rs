//! Revisions share a commit, and a fault of one is nobody else's.

use crate::support::{CONFIG, Sandbox};

/// Both ways to commit must keep the same promises.
fn both(check: impl Fn(&Sandbox)) {
    for line in ["", "group_commit = false\n"] {
        let sandbox = Sandbox::with("a1; b1<a1");
        sandbox.write("migrate.toml", format!("{CONFIG}{line}"));
        check(&sandbox);
    }
}

#[test]
fn a_failing_revision_leaves_the_others_of_its_group() {
    both(|sandbox| {
        sandbox.revision("c1<b1", "CREATE TABLE c (x);\nSELECT nothing;", "");
        assert_eq!(sandbox.json("upgrade")["steps"].as_array().map(Vec::len), Some(2));
        assert_eq!((sandbox.tables(), sandbox.applied()), ("t_a1 t_b1".into(), "a1 b1".into()));
    });
}

#[test]
fn a_statement_that_ends_the_transaction_takes_nothing_along() {
    both(|sandbox| {
        sandbox.revision("c1<b1", "INSERT INTO t_a1 VALUES (1);", "DELETE FROM t_a1;");
        let twice = "CREATE TABLE d (x);\nINSERT OR ROLLBACK INTO t_a1 VALUES (1);";
        sandbox.revision("d1<c1", twice, "");
        let document = sandbox.json("upgrade");
        assert_eq!(document["error"]["revision"], "d1");
        assert_eq!(document["error"]["line"], 8);
        assert_eq!(document["steps"].as_array().map(Vec::len), Some(3));
        assert_eq!(sandbox.applied(), "a1 b1 c1");
        assert_eq!(sandbox.query("SELECT count(*) FROM t_a1"), "1");
        assert_eq!(sandbox.tables(), "t_a1 t_b1");
    });
}

#[test]
fn enforced_and_checked_foreign_keys_follow_each_other() {
    both(|sandbox| {
        let child =
            "CREATE TABLE c (a INTEGER REFERENCES t_a1 (id) DEFERRABLE INITIALLY DEFERRED);";
        sandbox.revision("c1<b1", child, "DROP TABLE c;");
        let orphan = "INSERT INTO c VALUES (7);";
        sandbox.revision("d1<c1 | Foreign Keys: on", orphan, "");
        sandbox.add("e1<d1");
        let document = sandbox.json("upgrade");
        assert_eq!(document["error"]["revision"], "d1");
        assert_eq!(document["error"]["code"], "SQLITE_CONSTRAINT_FOREIGNKEY (787)");
        assert_eq!(sandbox.applied(), "a1 b1 c1");
        sandbox.replace("versions/d1.up.sql", "(7)", "(NULL)");
        sandbox.done("upgrade");
        assert_eq!(sandbox.applied(), "a1 b1 c1 d1 e1");
    });
}

#[test]
fn a_revision_without_a_transaction_stands_between_groups() {
    both(|sandbox| {
        sandbox.revision("c1<b1 | Transaction: none", "VACUUM;", "");
        sandbox.add("d1<c1");
        sandbox.revision("e1<d1", "SELECT nothing;", "");
        assert_eq!(sandbox.json("upgrade")["steps"].as_array().map(Vec::len), Some(4));
        assert_eq!(sandbox.applied(), "a1 b1 c1 d1");
    });
}
