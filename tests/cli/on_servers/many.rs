//! Many revisions on PostgreSQL: whatever the scripts do to the session, each revision runs once, and
//! its row is the one it would have alone.

use crate::on_servers::{Remote, on_postgres};

const COUNT: usize = 24;

/// Writes revisions in a line, each of which notes that it runs.
fn line(remote: &Remote) {
    remote.database.execute("CREATE TABLE found (at serial, revision text)");
    let mut parent = String::new();
    for at in 0..COUNT {
        let id = format!("r{at:02}");
        remote.revision(&format!("{id}<{parent}"), &up(&id), &down(&id));
        parent = id;
    }
}

fn up(id: &str) -> String {
    format!("INSERT INTO found (revision) VALUES ('{id}');")
}

fn down(id: &str) -> String {
    up(&format!("-{id}"))
}

/// What ran, in order: each revision once.
fn ran(remote: &Remote) -> String {
    remote.database.query("SELECT revision FROM found ORDER BY at").join(" ")
}

fn ids() -> Vec<String> {
    (0..COUNT).map(|at| format!("r{at:02}")).collect()
}

#[test]
fn many_at_once_leave_the_same_rows_as_one_by_one() {
    let Some(remote) = on_postgres() else { return };
    line(&remote);
    let rows = "SELECT concat_ws('|', revision, position, parents, depends_on, branch_labels, \
                message, options, checksum, down_script, operation, coalesce(tag, '-'), \
                applied_by, duration_ms IS NULL, applied_at ~ '^....-..-..T..:..:..') \
                FROM migrate_version ORDER BY position";
    for _ in 0..COUNT {
        remote.done("upgrade +1 --tag it's");
    }
    let one_by_one = remote.database.query(rows);
    remote.database.execute("TRUNCATE found; DELETE FROM migrate_version");
    remote.done("upgrade --tag it's");
    assert_eq!(ran(&remote), ids().join(" "));
    assert_eq!(remote.database.query(rows), one_by_one);
    remote.database.execute("TRUNCATE found");
    remote.done("downgrade base");
    let back: Vec<String> = ids().iter().rev().map(|id| format!("-{id}")).collect();
    assert_eq!(ran(&remote), back.join(" "));
    assert_eq!(remote.applied(), "");
}

#[test]
fn a_function_may_deallocate_what_is_prepared() {
    let Some(remote) = on_postgres() else { return };
    line(&remote);
    remote.database.execute(
        "CREATE FUNCTION forget() RETURNS int LANGUAGE plpgsql AS \
         $$ BEGIN EXECUTE 'DEALLOCATE ALL'; RETURN 1; END $$",
    );
    for (at, from) in [(5, "r04"), (6, "r05"), (20, "r19")] {
        let id = format!("r{at:02}");
        remote.revision(&format!("{id}<{from}"), &format!("{}\nSELECT forget();", up(&id)), "");
    }
    remote.done("upgrade");
    assert_eq!(ran(&remote), ids().join(" "));
    assert_eq!(remote.applied(), ids().join(" "));
}

#[test]
fn a_script_may_deallocate_what_is_prepared() {
    let Some(remote) = on_postgres() else { return };
    line(&remote);
    for (id, from) in [("r03", "r02"), ("r04", "r03"), ("r11", "r10")] {
        remote.revision(&format!("{id}<{from}"), &format!("{}\nDEALLOCATE ALL;", up(id)), "");
    }
    remote.done("upgrade");
    assert_eq!(ran(&remote), ids().join(" "));
    assert_eq!(remote.applied(), ids().join(" "));
}

#[test]
fn a_version_table_that_changes_meanwhile_is_got_over() {
    let Some(remote) = on_postgres() else { return };
    line(&remote);
    // A script can't say so itself: it is refused.
    remote.database.execute(
        "CREATE FUNCTION widen() RETURNS int LANGUAGE plpgsql AS $$ BEGIN \
         ALTER TABLE migrate_version ALTER COLUMN revision TYPE varchar(80); RETURN 1; END $$",
    );
    remote.revision("r09<r08", &format!("{}\nSELECT widen();", up("r09")), "");
    remote.done("upgrade");
    assert_eq!(ran(&remote), ids().join(" "));
    assert_eq!(remote.applied(), ids().join(" "));
}

#[test]
fn a_merge_among_many_goes_up_and_down() {
    let Some(remote) = on_postgres() else { return };
    line(&remote);
    remote.revision("side<r03", "CREATE TABLE side (a int);", "DROP TABLE side;");
    remote.revision("r08<r07,side", &up("r08"), &down("r08"));
    remote.done("upgrade");
    assert_eq!(ran(&remote), ids().join(" "));
    remote.done("downgrade base");
    assert_eq!(remote.applied(), "");
    assert_eq!(remote.objects(), "found found_at_seq");
}
