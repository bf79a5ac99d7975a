//! Where settings come from, and what is wrong with them.

use insta::assert_snapshot;
use serde_json::json;

use crate::support::{CONFIG, Sandbox};

/// Returns the URL that a command would use, as it is shown.
fn url(sandbox: &Sandbox, arguments: &str) -> String {
    let run = sandbox.run(&format!("{arguments} current -v"));
    let line = run.stdout.lines().next().unwrap_or_default();
    let shown = line.strip_prefix("Current revision(s) for ").and_then(|it| it.strip_suffix(':'));
    shown.unwrap_or_else(|| panic!("{}", run.text())).to_owned()
}

/// Writes a configuration and lets the program refuse it.
#[track_caller]
fn refused(text: &str) -> String {
    let sandbox = Sandbox::new();
    sandbox.write("migrate.toml", text);
    sandbox.refused("current")
}

#[test]
fn without_a_configuration_the_way_to_one_is_told() {
    assert_snapshot!(Sandbox::empty().refused("current"), @"
    exit 1
    --- stderr
    error: no `migrate.toml` in `[ROOT]` or its parent folders
    hint: `migrate init` starts a project here; `-c FILE` names another configuration
    ");
    assert_snapshot!(Sandbox::empty().refused("-c other.toml current"), @"
    exit 1
    --- stderr
    error: there is no file `other.toml`
    hint: `migrate init` starts a project here; `-c FILE` names another configuration
    ");
    assert_eq!(Sandbox::empty().json("heads")["error"]["kind"], "config");
}

#[test]
fn what_is_no_toml_is_told_with_its_place() {
    assert_snapshot!(refused("[migrate]\nversions = [\"a\"\nurl = 1\n"), @"
    exit 1
    --- stderr
    error: missing comma between array elements, expected `,`
     --> migrate.toml:3:1
      |
    3 | url = …
      | ^^^
    ");
    assert_snapshot!(refused("[migrate\n"), @"
    exit 1
    --- stderr
    error: unclosed table, expected `]`
     --> migrate.toml:1:9
      |
    1 | [migrate
      |         ^
    ");
    let sandbox = Sandbox::new();
    sandbox.write("migrate.toml", "[migrate]\nversions = versions\n");
    let error = &sandbox.json("heads")["error"];
    assert_eq!((&error["file"], &error["line"]), (&json!("migrate.toml"), &json!(2)));
}

#[test]
fn an_unknown_key_is_told_with_the_nearest_one() {
    assert_snapshot!(refused("[migrate]\nversion = [\"versions\"]\n"), @r#"
    exit 1
    --- stderr
    error: unknown key `version` in [migrate]
     --> migrate.toml:2:1
      |
    2 | version = ["versions"]
      | ^^^^^^^
    hint: did you mean `versions`?
    "#);
    assert_snapshot!(refused("[migrate]\ncolour = \"red\"\n"), @r#"
    exit 1
    --- stderr
    error: unknown key `colour` in [migrate]
     --> migrate.toml:2:1
      |
    2 | colour = "red"
      | ^^^^^^
    "#);
    assert_snapshot!(refused("[environment.production]\n"), @"
    exit 1
    --- stderr
    error: unknown key `environment` in the top level
     --> migrate.toml:1:2
      |
    1 | [environment.production]
      |  ^^^^^^^^^^^
    hint: did you mean `env`?
    ");
    assert_snapshot!(refused("[env.production]\nprotect = true\n"), @"
    exit 1
    --- stderr
    error: unknown key `protect` in [env.production]
     --> migrate.toml:2:1
      |
    2 | protect = true
      | ^^^^^^^
    hint: did you mean `protected`?
    ");
}

#[test]
fn a_value_of_another_type_is_told_with_its_place() {
    assert_snapshot!(refused("[migrate]\nversions = 7\n"), @"
    exit 1
    --- stderr
    error: `versions` must be an array of strings or a string, not an integer
     --> migrate.toml:2:12
      |
    2 | versions = 7
      |            ^
    ");
    assert_snapshot!(refused("[migrate]\nprotected = \"yes\"\n"), @r#"
    exit 1
    --- stderr
    error: `protected` must be true or false, not a string
     --> migrate.toml:2:13
      |
    2 | protected = "yes"
      |             ^
    "#);
    assert_snapshot!(refused("[migrate]\ntransaction = \"each\"\n"), @r#"
    exit 1
    --- stderr
    error: `transaction` is `each`, but must be `revision` or `all`
     --> migrate.toml:2:15
      |
    2 | transaction = "each"
      |               ^
    "#);
}

#[test]
fn a_value_that_can_not_be_is_told_with_its_place() {
    assert_snapshot!(refused("[migrate]\nlock_timeout = \"soon\"\n"), @r#"
    exit 1
    --- stderr
    error: the lock timeout `soon` is not a duration: write `60s`, `500ms` or `2m`
     --> migrate.toml:2:16
      |
    2 | lock_timeout = "soon"
      |                ^
    hint: a duration is a number with `ms`, `s`, `min` or `h`, or a number of seconds
    "#);
    assert_snapshot!(refused("[migrate]\nfile_template = \"{slug}\"\n"), @r#"
    exit 1
    --- stderr
    error: `file_template` cannot be used: `{rev}` is missing
     --> migrate.toml:2:17
      |
    2 | file_template = "{slug}"
      |                 ^
    "#);
    assert_snapshot!(refused("[migrate]\nfile_template = \"../{rev}\"\n"), @r#"
    exit 1
    --- stderr
    error: `file_template` cannot be used: the path contains `..`
     --> migrate.toml:2:17
      |
    2 | file_template = "../{rev}"
      |                 ^
    "#);
}

#[test]
fn an_unset_variable_is_told_with_its_line() {
    let text =
        "[migrate]\nurl = \"sqlite:app.db\"\n\n[env.production]\nurl = \"${DATABASE_URL}\"\n";
    let mut sandbox = Sandbox::new();
    sandbox.write("migrate.toml", text);
    assert_snapshot!(sandbox.refused("-n production current"), @"
    exit 1
    --- stderr
    error: `url` needs the environment variable `DATABASE_URL`, which is not set
     --> migrate.toml:5:7
      |
    5 | url = …
      |       ^
    ");
    sandbox.set("DATABASE_URL", "sqlite:production.db");
    assert_eq!(url(&sandbox, "-n production"), "sqlite:[ROOT]/production.db");
}

#[test]
fn variables_may_have_a_default() {
    let mut sandbox = Sandbox::new();
    sandbox.write("migrate.toml", "[migrate]\nurl = \"sqlite:${NAME:-fallback}.db\"\n");
    assert_eq!(url(&sandbox, ""), "sqlite:[ROOT]/fallback.db");
    sandbox.set("NAME", "given");
    assert_eq!(url(&sandbox, ""), "sqlite:[ROOT]/given.db");
}

#[test]
fn a_dotenv_file_gives_variables_and_overrides_none() {
    let mut sandbox = Sandbox::new();
    sandbox.write("migrate.toml", "[migrate]\nurl = \"sqlite:${NAME}.db\"\n");
    sandbox.write(".env", "# local\nNAME=file\nexport OTHER='x y'\n");
    assert_eq!(url(&sandbox, ""), "sqlite:[ROOT]/file.db");
    sandbox.set("NAME", "environment");
    assert_eq!(url(&sandbox, ""), "sqlite:[ROOT]/environment.db");
    sandbox.write(".env", "NAME=file\nthis is no assignment\n");
    assert_snapshot!(sandbox.refused("current"), @"
    exit 1
    --- stderr
    error: `.env` has a line that is not NAME=VALUE
      --> .env:2:1
    ");
}

#[test]
fn an_environment_lies_over_the_rest() {
    let sandbox = Sandbox::with("a1");
    let text = "[env.test]\nurl = \"sqlite:test.db\"\nversion_table = \"test_version\"\n";
    sandbox.write("migrate.toml", format!("{CONFIG}{text}"));
    sandbox.done("-n test upgrade");
    assert_eq!(sandbox.query_in("test.db", "SELECT revision FROM test_version"), "a1");
    assert!(!sandbox.path("app.db").exists());
    assert_eq!(sandbox.json("upgrade -n test")["steps"], json!([]));
}

#[test]
fn an_unknown_environment_lists_the_known_ones() {
    let sandbox = Sandbox::new();
    sandbox.write("migrate.toml", format!("{CONFIG}[env.production]\n[env.staging]\n"));
    assert_snapshot!(sandbox.refused("-n prodution current"), @"
    exit 1
    --- stderr
    error: no environment `prodution` (from --name): known are `production`, `staging`
    hint: did you mean `production`?
    ");
}

#[test]
fn the_nearest_url_counts() {
    let mut sandbox = Sandbox::new();
    sandbox.write("migrate.toml", "");
    assert_snapshot!(sandbox.refused("current"), @"
    exit 1
    --- stderr
    error: no database url is configured
    hint: set `url` in migrate.toml, the variable MIGRATE_URL or DATABASE_URL, or give --url
    ");
    sandbox.set("DATABASE_URL", "sqlite:1.db");
    assert_eq!(url(&sandbox, ""), "sqlite:[ROOT]/1.db");
    sandbox.write(
        "migrate.toml",
        "[migrate]\nurl = \"sqlite:2.db\"\n[env.e]\nurl = \"sqlite:3.db\"\n",
    );
    assert_eq!(url(&sandbox, ""), "sqlite:[ROOT]/2.db");
    assert_eq!(url(&sandbox, "-n e"), "sqlite:[ROOT]/3.db");
    sandbox.set("MIGRATE_URL", "sqlite:4.db");
    assert_eq!(url(&sandbox, "-n e"), "sqlite:[ROOT]/4.db");
    assert_eq!(url(&sandbox, "-n e --url sqlite:5.db"), "sqlite:[ROOT]/5.db");
}

#[test]
fn paths_are_relative_to_where_they_are_written() {
    let sandbox = Sandbox::with("a1");
    sandbox.write("deep/er/x", "");
    assert_eq!(sandbox.run_in("deep/er", "upgrade").code, 0);
    assert_eq!(sandbox.applied(), "a1");
    assert_eq!(sandbox.run_in("deep/er", "upgrade --url sqlite:here.db").code, 0);
    assert_eq!(sandbox.query_in("deep/er/here.db", "SELECT revision FROM migrate_version"), "a1");
    assert_eq!(sandbox.run_in("deep", "-c ../migrate.toml check").code, 0);
}

#[test]
fn files_outside_the_working_folder_are_shown_whole() {
    let sandbox = Sandbox::with("a1");
    sandbox.write("deep/x", "");
    assert_snapshot!(sandbox.run_in("deep", "show a1").text(), @"
    exit 0
    --- stdout
    Rev: a1 (head)
    Parent: <base>
    Path: [ROOT]/versions/a1.up.sql
    Down: [ROOT]/versions/a1.down.sql

        make a1

        Revision ID: a1
        Revises:
        Create Date: 2026-01-01T00:00:00Z
    ");
}

#[test]
fn a_url_that_is_none_is_told_with_its_origin() {
    assert_snapshot!(refused("[migrate]\nurl = \"app.db\"\n"), @"
    exit 1
    --- stderr
    error: the database url cannot be used: the url does not begin with a scheme: known are `sqlite:`, `postgres://`, `postgresql://`, `cockroachdb://`, `yugabytedb://`, `mysql://`, `mariadb://`, `tidb://`
      --> migrate.toml:2:7
    ");
    let mut sandbox = Sandbox::new();
    assert_snapshot!(sandbox.refused("--url sqlite:file:x.db current"), @"
    exit 1
    --- stderr
    error: the database url of --url cannot be used: `sqlite:file:` (an SQLite URI filename) is not supported: write `sqlite:PATH`
    ");
    sandbox.set("MIGRATE_URL", "oracle://ann:s3cret@host/db");
    let text = sandbox.refused("current");
    assert!(!text.contains("s3cret"), "{text}");
    assert_snapshot!(text, @"
    exit 1
    --- stderr
    error: the database url of MIGRATE_URL cannot be used: the url has an unknown scheme: known are `sqlite:`, `postgres://`, `postgresql://`, `cockroachdb://`, `yugabytedb://`, `mysql://`, `mariadb://`, `tidb://`
    ");
}

#[test]
fn a_memory_database_lasts_as_long_as_a_command() {
    let sandbox = Sandbox::with("a1");
    sandbox.done("upgrade --url sqlite::memory:");
    sandbox.done("upgrade --url sqlite::memory:");
    assert_eq!(sandbox.names(""), ["migrate.toml", "versions"]);
}

#[test]
fn variables_of_scripts_come_from_the_file_or_the_command_line() {
    let sandbox = Sandbox::new();
    sandbox.write("migrate.toml", format!("{CONFIG}[variables]\na = \"1\"\nb = \"2\"\n"));
    let up = "CREATE TABLE t (x);\nINSERT INTO t VALUES ('${a} ${b} ${c}');";
    sandbox.revision("a1 | Variables: a, b, c", up, "");
    sandbox.done("-x b=two upgrade -x 'c=3=three'");
    assert_eq!(sandbox.query("SELECT x FROM t"), "1 two 3=three");
    let run = sandbox.run("-x s3cret current");
    assert_eq!(run.code, 2, "{}", run.text());
    assert!(!run.text().contains("s3cret"), "{}", run.text());
}

#[test]
fn a_lock_timeout_is_a_duration_wherever_it_stands() {
    let mut sandbox = Sandbox::with("a1");
    sandbox.done("current --lock-timeout 500ms");
    assert_snapshot!(sandbox.refused("current --lock-timeout soon"), @"
    exit 1
    --- stderr
    error: the lock timeout `soon` of --lock-timeout is not a duration: write `60s`, `500ms` or `2m`
    hint: a duration is a number with `ms`, `s`, `min` or `h`, or a number of seconds
    ");
    sandbox.set("MIGRATE_LOCK_TIMEOUT", "never");
    assert_snapshot!(sandbox.refused("current"), @"
    exit 1
    --- stderr
    error: the lock timeout `never` of MIGRATE_LOCK_TIMEOUT is not a duration: write `60s`, `500ms` or `2m`
    hint: a duration is a number with `ms`, `s`, `min` or `h`, or a number of seconds
    ");
    sandbox.set("MIGRATE_LOCK_TIMEOUT", "5");
    sandbox.done("current");
}

#[test]
fn several_folders_make_one_graph() {
    let sandbox = Sandbox::new();
    sandbox.write("migrate.toml", format!("{CONFIG}versions = [\"versions\", \"plugins/auth\"]\n"));
    sandbox.add("a1");
    let up =
        sandbox.read("versions/a1.up.sql").replace("a1", "b1").replace("Revises:", "Revises: a1");
    sandbox.write("plugins/auth/b1.up.sql", up);
    sandbox.done("upgrade");
    assert_eq!(sandbox.applied(), "a1 b1");
}

#[test]
fn a_parameter_that_nobody_knows_is_told_with_its_origin_and_without_its_value() {
    let text = refused("[migrate]\nurl = \"postgres://app:s3cret@db/shop?sslmod=s3cret\"\n");
    assert!(!text.contains("s3cret"), "{text}");
    assert_snapshot!(text, @"
    exit 1
    --- stderr
    error: the database url cannot be used: the `postgres` url has an unknown parameter `sslmod`
      --> migrate.toml:2:7
    hint: did you mean `sslmode`?
    ");
    let text = refused("[migrate]\nurl = \"mysql://app:s3cret@db/shop?ssl-mode=s3cret\"\n");
    assert!(!text.contains("s3cret"), "{text}");
    assert_snapshot!(text, @"
    exit 1
    --- stderr
    error: the database url cannot be used: the parameter `ssl-mode` of the `mysql` url must be `disabled`, `preferred`, `required`, `verify_ca` or `verify_identity`
      --> migrate.toml:2:7
    ");
    let sandbox = Sandbox::new();
    let text = sandbox.refused("--url postgres://db/shop?sslcrldir=s3cret current");
    assert!(!text.contains("s3cret"), "{text}");
    assert_snapshot!(text, @"
    exit 1
    --- stderr
    error: the database url of --url cannot be used: the parameter `sslcrldir` of the `postgres` url is not supported
    ");
    let text = sandbox.refused("--url postgres://db/shop?password=a&s3cret=b current");
    assert!(!text.contains("s3cret"), "{text}");
}

#[test]
fn a_variable_of_the_client_that_can_not_be_is_told_by_its_name() {
    let mut sandbox = Sandbox::new();
    sandbox.write("migrate.toml", "[migrate]\nurl = \"postgres://db/shop\"\n");
    sandbox.set("PGSSLMODE", "s3cret");
    let text = sandbox.refused("current");
    assert!(!text.contains("s3cret"), "{text}");
    assert_snapshot!(text, @"
    exit 1
    --- stderr
    error: the variable PGSSLMODE cannot be used: the parameter `sslmode` of the `postgres` url must be `disable`, `allow`, `prefer`, `require`, `verify-ca` or `verify-full`
    ");
    let error = &sandbox.json("current")["error"];
    assert_eq!((&error["kind"], &error["file"]), (&json!("config"), &json!(null)));
}

#[test]
fn how_another_migrate_is_kept_out_is_one_of_three_words() {
    assert_snapshot!(refused("[migrate]\nlock = \"advisory\"\n"), @r#"
    exit 1
    --- stderr
    error: `lock` is `advisory`, but must be `session` or `transaction` or `lease`
     --> migrate.toml:2:8
      |
    2 | lock = "advisory"
      |        ^
    "#);
    let sandbox = Sandbox::with("a1");
    sandbox.write("migrate.toml", format!("{CONFIG}lock = \"lease\"\n"));
    sandbox.done("current");
}

#[test]
fn timeouts_of_scripts_are_durations_wherever_they_stand() {
    assert_snapshot!(refused("[migrate.pg]\nlock_timeout = \"soon\"\n"), @r#"
    exit 1
    --- stderr
    error: `pg.lock_timeout` is `soon`, but must be a duration such as `500ms`, `5s` or `10min`
     --> migrate.toml:2:16
      |
    2 | lock_timeout = "soon"
      |                ^
    hint: a duration is a number with `ms`, `s`, `min` or `h`, or a number of seconds
    "#);
    assert_snapshot!(refused("[mysql]\nlock_timout = \"5s\"\n"), @r#"
    exit 1
    --- stderr
    error: unknown key `lock_timout` in [mysql]
     --> migrate.toml:2:1
      |
    2 | lock_timout = "5s"
      | ^^^^^^^^^^^
    hint: did you mean `lock_timeout`?
    "#);
    let sandbox = Sandbox::new();
    let text = "statement_timeout = \"10min\"\npg.lock_timeout = 5\n[mysql]\nlock_timeout = 0\n";
    sandbox.write("migrate.toml", format!("{CONFIG}{text}"));
    sandbox.revision("a1 | Lock Timeout: 5s | Statement Timeout: 0", "SELECT 1;", "");
    sandbox.done("upgrade");
    sandbox.revision("b1<a1 | Lock Timeout: never", "SELECT 1;", "");
    assert_snapshot!(sandbox.refused("upgrade"), @"
    exit 1
    --- stderr
    error: `Lock Timeout` can't be `never`; it is a duration such as `500ms`, `5s` or `10min`
     --> versions/b1.up.sql:6:18
      |
    6 | -- Lock Timeout: never
      |                  ^^^^^
    hint: a duration is a number with `ms`, `s`, `min` or `h`, or a number of seconds, without quotes
    ");
}

#[test]
fn a_server_is_waited_for_with_or_without_a_time() {
    let sandbox = Sandbox::with("a1");
    sandbox.done("current --wait");
    sandbox.done("--wait current");
    sandbox.done("current --wait=5");
    sandbox.done("--wait=500ms current");
    assert_snapshot!(sandbox.refused("current --wait=soon"), @"
    exit 1
    --- stderr
    error: `--wait` is `soon`, but must be a duration such as `500ms`, `5s` or `10min`
    hint: a duration is a number with `ms`, `s`, `min` or `h`, or a number of seconds
    ");
}
