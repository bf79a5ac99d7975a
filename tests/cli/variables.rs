//! The variables of scripts.

use insta::assert_snapshot;

use crate::support::{CONFIG, Sandbox};

#[test]
fn variables_are_put_in_where_they_are_declared() {
    let sandbox = Sandbox::new();
    let up = "CREATE TABLE ${tenant}_t (a);\nINSERT INTO ${tenant}_t VALUES ('${other} $2a$');";
    sandbox.revision("a1 | Variables: tenant", up, "DROP TABLE ${tenant}_t;");
    sandbox.revision("b1<a1", "CREATE TABLE b (a DEFAULT '${tenant}');", "DROP TABLE b;");
    sandbox.done("upgrade -x tenant=acme -x other=no");
    assert_eq!(sandbox.query("SELECT a FROM acme_t"), "${other} $2a$");
    assert!(sandbox.query("SELECT sql FROM sqlite_schema WHERE name = 'b'").contains("${tenant}"));
    assert_eq!(sandbox.run("check").code, 0);
    sandbox.done("downgrade base -x tenant=acme");
    assert_eq!(sandbox.tables(), "");
}

#[test]
fn a_variable_without_a_value_is_told_with_its_place() {
    let sandbox = Sandbox::with("a1");
    sandbox.revision("b1<a1 | Variables: tenant", "CREATE TABLE t (a);\nSELECT '${tenant}';", "");
    assert_snapshot!(sandbox.refused("upgrade"), @"
    exit 1
    --- stderr
    error: variable `tenant` has no value
     --> versions/b1.up.sql:9:9
      |
    9 | SELECT '${tenant}';
      |         ^
    hint: nothing was changed; give it with `-x NAME=VALUE` or in [variables] of migrate.toml
    ");
    sandbox.write("migrate.toml", format!("{CONFIG}[variables]\ntenant = \"main\"\n"));
    sandbox.done("upgrade");
}

#[test]
fn a_variable_that_looks_like_a_declared_one_is_refused() {
    let sandbox = Sandbox::with("a1");
    sandbox.write("migrate.toml", format!("{CONFIG}[variables]\ntenant = \"main\"\n"));
    sandbox.revision("b1<a1 | Variables: tenant", "CREATE TABLE ${tenant}_t (a);", "");
    assert_snapshot!(sandbox.refused("upgrade -x tenent=acme"), @"
    exit 1
    --- stderr
    error: no header declares the variable `tenent` of `-x`
    hint: did you mean `tenant`?
    ");
    assert_eq!(sandbox.json("upgrade -x Tenant=acme")["error"]["kind"], "config");
    // Nobody means by one what is given as well, or what the configuration knows.
    sandbox.done("upgrade a1 -x tenants=many -x tenant=acme");
    sandbox.write("migrate.toml", format!("{CONFIG}[variables]\ntenent = \"\"\n"));
    sandbox.done("upgrade -x tenent=acme -x tenant=acme");
    assert_eq!(sandbox.tables(), "acme_t t_a1");
}

#[test]
fn a_variable_that_nothing_declares_is_warned_of() {
    let sandbox = Sandbox::with("a1");
    let run = sandbox.run("upgrade -x tenant=acme");
    assert_eq!(run.code, 0, "{}", run.text());
    let warning = "warning: no header declares the variable `tenant` of `-x`";
    assert!(run.stderr.starts_with(warning), "{}", run.stderr);
    assert!(!run.text().contains("acme"), "{}", run.text());
    assert_eq!(sandbox.run("upgrade --quiet -x tenant=acme").text(), "exit 0\n");
    sandbox.revision("b1<a1 | Variables: tenant", "CREATE TABLE ${tenant}_t (a);", "");
    let run = sandbox.run("upgrade -x tenant=acme");
    assert!(!run.stderr.contains("warning"), "{}", run.stderr);
}

#[test]
fn a_variable_that_the_head_does_not_declare_is_told_how_to() {
    let sandbox = Sandbox::with("a1");
    sandbox.revision("b1<a1", "CREATE TABLE ${tenant}_t (a);", "");
    let text = sandbox.migrate("upgrade");
    let hint = "hint: if `tenant` is a variable, declare it: `-- Variables: tenant` in the header";
    assert!(text.contains(hint), "{text}");
    assert!(text.contains("`-x tenant=VALUE`"), "{text}");
    // What is declared, and what is no mistake of syntax, is another matter.
    sandbox.revision("b1<a1", "INSERT INTO nope VALUES ('${tenant}');", "");
    assert!(!sandbox.migrate("upgrade").contains("hint: if `tenant`"));
    sandbox.revision("b1<a1 | Variables: a", "CREATE TABLE t (${a:literal} $);", "");
    assert!(!sandbox.migrate("upgrade -x a=b").contains("Variables:"));
}

#[test]
fn what_looks_like_a_variable_within_quotes_is_told_with_its_place() {
    let sandbox = Sandbox::new();
    let up =
        "CREATE TABLE a (t TEXT);\nINSERT INTO a VALUES ('${tenant}'), ('${tenant} $2a$ ${}');";
    sandbox.revision("a1", up, "DELETE FROM a WHERE t = '${other:literal}';\nDROP TABLE a;");
    for command in ["upgrade --sql", "upgrade --dry-run", "upgrade --rehearse", "upgrade"] {
        let run = sandbox.run(command);
        assert_eq!(run.code, 0, "{command}: {}", run.text());
        let warning = "warning: `${tenant}` in versions/a1.up.sql:8:24 stays text, since no variable \
                       `tenant` is declared; if it is one, add `-- Variables: tenant`";
        assert_eq!(run.stderr.matches(warning).count(), 1, "{command}: {}", run.text());
    }
    assert_eq!(sandbox.query("SELECT min(t) FROM a"), "${tenant}");
    let run = sandbox.run("downgrade base");
    assert!(run.stderr.contains("`${other}` in versions/a1.down.sql:"), "{}", run.text());
    sandbox.revision("a1 | Variables: tenant", up, "DROP TABLE a;");
    let run = sandbox.run("upgrade -x tenant=acme");
    assert!(!run.stderr.contains("warning"), "{}", run.text());
    assert_eq!(sandbox.query("SELECT min(t) FROM a"), "acme");
}
