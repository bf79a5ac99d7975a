//! Owners and privileges in revisions, where the configuration says so.

use crate::on_servers::{Remote, holds, on_postgres};

/// Makes a project with a schema, and a role that has no rights yet.
fn project(privileges: bool) -> Option<(Remote, String)> {
    let mut remote = on_postgres()?;
    remote.database = remote.database.of_admin();
    let role = format!("{}_reader", remote.database.name());
    remote.database.execute(&format!("CREATE ROLE {role}"));
    let keys = format!("[autogenerate]\nprivileges = {privileges}");
    remote.configure(&remote.database.admin_url(), &keys);
    remote.write("schema.sql", "CREATE TABLE t (id int, a int);\n");
    remote.done("revision --autogenerate -m first --rev-id a1");
    remote.done("upgrade");
    let schema = format!(
        "CREATE TABLE t (id int, a int);\nGRANT SELECT ON t TO {role};\nGRANT UPDATE (a) ON t TO {role};\n\
         CREATE VIEW v AS SELECT id FROM t;\nALTER VIEW v OWNER TO {role};\n\
         ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO {role};\n"
    );
    remote.write("schema.sql", schema);
    Some((remote, role))
}

#[test]
fn owners_and_privileges_are_part_of_a_revision() {
    let Some((remote, role)) = project(true) else { return };
    assert_eq!(remote.run("check").code, 3);
    let written = remote.run("--json revision --autogenerate -m rights --rev-id b2");
    assert_eq!(written.code, 0, "{}", written.text());
    let document: serde_json::Value = serde_json::from_str(&written.stdout).unwrap();
    let types: Vec<&str> = document["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["type"].as_str().unwrap())
        .collect();
    assert_eq!(types, ["table", "column", "view", "default_privileges"]);
    let up = remote.read(document["up"].as_str().unwrap());
    holds(
        &up,
        &[
            &format!("GRANT SELECT ON TABLE public.t TO {role};"),
            &format!("GRANT UPDATE (a) ON TABLE public.t TO {role};"),
            &format!("ALTER VIEW public.v OWNER TO {role};"),
            &format!("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO {role};"),
        ],
    );
    remote.done("upgrade");
    remote.done("check");
    let dumped = remote.run("dump").stdout;
    holds(&dumped, &["GRANT SELECT ON TABLE public.t TO ", " OWNER TO "]);
    remote.done("downgrade -1");
    remote.done("upgrade");
    remote.done("check");
    // A right that somebody has given by hand.
    remote.database.execute(&format!("GRANT DELETE ON t TO {role}"));
    let run = remote.run("check");
    assert_eq!(run.code, 3);
    holds(&run.text(), &[&format!("change table t: GRANT DELETE {role}")]);
    holds(&remote.run("diff").stdout, &[&format!("REVOKE DELETE ON TABLE public.t FROM {role}")]);
}

#[test]
fn owners_and_privileges_are_left_out_otherwise() {
    let Some((remote, _)) = project(false) else { return };
    let run = remote.run("diff");
    holds(&run.stdout, &["CREATE VIEW public.v"]);
    let text = run.text();
    assert!(!["GRANT", "OWNER", "PRIVILEGES"].iter().any(|it| text.contains(it)), "{text}");
}

#[test]
fn a_role_that_is_missing_is_named() {
    let Some((remote, _)) = project(true) else { return };
    remote.write(
        "schema.sql",
        "CREATE TABLE t (id int, a int);\nGRANT SELECT ON t TO nobody_here;\n",
    );
    let error = remote.error("revision --autogenerate -m rights");
    assert_eq!(error["line"], 2);
    holds(error["message"].as_str().unwrap(), &["role \"nobody_here\" does not exist"]);
    holds(error["hint"].as_str().unwrap(), &["`CREATE ROLE \"nobody_here\"` on the one that has"]);
}

#[test]
fn a_role_without_further_rights_gives_those_on_its_own_tables() {
    let Some((remote, role)) = project(true) else { return };
    let maker = format!("{}_maker", remote.database.name());
    remote.database.execute(&format!("CREATE ROLE {maker} LOGIN CREATEDB PASSWORD 'x'"));
    let there = on_postgres().unwrap();
    there.database.execute_as_admin(&format!("GRANT ALL ON SCHEMA public TO {maker}"));
    there.configure(&there.database.url_as(&maker, "x"), "[autogenerate]\nprivileges = true");
    let schema = format!(
        "CREATE TABLE t (id serial, a int);\nGRANT SELECT ON t TO {role};\n\
         CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';\n\
         REVOKE ALL ON FUNCTION f() FROM PUBLIC;\n"
    );
    there.write("schema.sql", schema);
    there.done("revision --autogenerate -m first --rev-id a1");
    there.done("upgrade");
    let run = there.run("check");
    assert_eq!(run.code, 3, "{}", run.text());
    // The rights that no revision has given.
    let words = format!("change schema public: GRANT CREATE {maker}, GRANT USAGE {maker}");
    holds(&run.text(), &["Changed in the database by no revision: ", &words]);
}

#[test]
fn what_is_made_anew_without_its_rights_is_named() {
    let Some((remote, role)) = project(false) else { return };
    let schema = |id: &str, default: &str| {
        format!(
            "CREATE TABLE t (id {id}, a int);\nCREATE VIEW v AS SELECT id FROM t;\n\
             CREATE FUNCTION f(x int DEFAULT {default}) RETURNS int LANGUAGE sql AS 'SELECT 1';\n"
        )
    };
    remote.write("schema.sql", schema("int", "1"));
    let first = remote.run("revision --autogenerate -m second --rev-id b2");
    assert!(!first.text().contains("made anew"), "{}", first.text());
    remote.done("upgrade");
    remote.database.execute(&format!(
        "GRANT SELECT ON v TO {role}; REVOKE ALL ON FUNCTION f(int) FROM PUBLIC"
    ));
    remote.write("schema.sql", schema("bigint", "2"));
    let run = remote.run("--json revision --autogenerate -m third --rev-id c3");
    assert_eq!(run.code, 0, "{}", run.text());
    holds(&run.stderr, &["without the owner and the privileges that the database has: view v;"]);
    let document: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let up = remote.read(document["up"].as_str().unwrap());
    holds(
        &up,
        &["the owner of view v and privileges on it aren't kept", "CREATE OR REPLACE FUNCTION"],
    );
    remote.done("upgrade");
    let public = "SELECT proacl::text LIKE '%{=X/%' FROM pg_proc WHERE proname = 'f'";
    assert_eq!(remote.database.query(public), ["f"]);
}
