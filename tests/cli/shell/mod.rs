//! The shell of `migrate sql`, as it looks on a terminal.

use std::os::unix::fs::PermissionsExt as _;

use insta::assert_snapshot;
use terminal::Terminal;

use crate::support::Sandbox;

/// A shell that waits for something to be typed.
struct Session(Terminal);

impl Session {
    /// Opens a shell on an empty screen, unless terminals are left out on demand.
    fn open(sandbox: &Sandbox, rows: u16, arguments: &[&str]) -> Option<Self> {
        let mut environment = sandbox.environment();
        environment.push(("HOME", sandbox.path("").to_str().unwrap().to_owned()));
        let environment: Vec<(&str, &str)> =
            environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let mut command = vec![env!("CARGO_BIN_EXE_migrate"), "sql"];
        command.extend(arguments);
        let terminal = Terminal::start(80, rows, &sandbox.path(""), &environment, &command)?;
        terminal.wait_until("prompt", |screen| screen.ends_with("migrate>"));
        terminal.press("C-l");
        terminal.wait_until("empty screen", |screen| screen == "migrate>");
        Some(Self(terminal))
    }

    /// Types lines, each once the shell waits for it.
    fn enter(&self, lines: &str) {
        for line in lines.lines() {
            let before = prompts(&self.0.screen());
            self.0.keys(line);
            self.0.press("Enter");
            self.0.wait_until("next prompt", |screen| {
                let is_waiting = screen.ends_with("\nmigrate>") || screen.ends_with("\n   ...>");
                is_waiting && before < prompts(screen)
            });
        }
    }

    /// Drops what is typed.
    fn cancel(&self) {
        let before = prompts(&self.0.screen());
        self.0.press("C-c");
        self.0.wait_until("next prompt", |screen| before < prompts(screen));
    }

    /// Fails unless another statement runs. What is typed right after a key that cancels can be
    /// lost with it, so it is typed until it is answered.
    fn goes_on(&self) {
        self.0.wait_until("answer", |screen| {
            self.0.keys("select 7 as seven;");
            self.0.press("Enter");
            screen.contains("| seven |")
        });
    }

    fn screen(&self) -> String {
        self.0.screen()
    }
}

fn prompts(screen: &str) -> usize {
    let is_prompt = |line: &&str| line.starts_with("migrate>") || line.starts_with("   ...>");
    screen.lines().filter(is_prompt).count()
}

fn project() -> Sandbox {
    let sandbox = Sandbox::with("a1; b1<a1");
    sandbox.execute(
        "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
         CREATE UNIQUE INDEX by_name ON users (name);
         CREATE VIEW names AS SELECT name FROM users;
         INSERT INTO users VALUES (1, 'ada'), (2, 'grace');",
    );
    sandbox
}

#[test]
fn the_first_lesson_of_sqlite_works() {
    let sandbox = project();
    let Some(shell) = Session::open(&sandbox, 60, &[]) else { return };
    shell.enter(".tables\n.indexes\n.schema users\n.mode table\n.headers on");
    shell.enter("SELECT *\n  FROM users\n  WHERE id > 1;\n.revision");
    assert_snapshot!(shell.screen(), @"
    migrate> .tables
    names  users
    migrate> .indexes
    by_name
    migrate> .schema users
    CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
    CREATE UNIQUE INDEX by_name ON users (name);
    migrate> .mode table
    migrate> .headers on
    migrate> SELECT *
       ...>   FROM users
       ...>   WHERE id > 1;
    +----+-------+
    | id | name  |
    +----+-------+
    |  2 | grace |
    +----+-------+
    migrate> .revision
    base
    2 not applied
    migrate>
    ");
}

#[test]
fn rows_are_changed_and_counted() {
    let sandbox = project();
    let Some(shell) = Session::open(&sandbox, 60, &[]) else { return };
    shell.enter("INSERT INTO users (name)\nVALUES ('linus');");
    shell.enter("UPDATE users SET name = 'x; y' WHERE id = 3;");
    shell.enter("SELECT * FROM users; SELECT count(*) AS n FROM users;");
    shell.enter("DELETE FROM users WHERE id = 3;");
    assert_snapshot!(shell.screen(), @"
    migrate> INSERT INTO users (name)
       ...> VALUES ('linus');
    1 row changed
    migrate> UPDATE users SET name = 'x; y' WHERE id = 3;
    1 row changed
    migrate> SELECT * FROM users; SELECT count(*) AS n FROM users;
    +----+-------+
    | id | name  |
    +----+-------+
    |  1 | ada   |
    |  2 | grace |
    |  3 | x; y  |
    +----+-------+
    +---+
    | n |
    +---+
    | 3 |
    +---+
    migrate> DELETE FROM users WHERE id = 3;
    1 row changed
    migrate>
    ");
    assert_eq!(sandbox.query("SELECT count(*) FROM users"), "2");
}

#[test]
fn rows_are_shown_in_every_mode() {
    let sandbox = project();
    let Some(shell) = Session::open(&sandbox, 60, &[]) else { return };
    for mode in ["list", "csv", "expanded"] {
        shell.enter(&format!(".mode {mode}\nselect *, null as missing from users limit 1;"));
    }
    shell.enter(".headers off\n.mode list\nselect 1 as a;\n.mode\n.mode none");
    assert_snapshot!(shell.screen(), @"
    migrate> .mode list
    migrate> select *, null as missing from users limit 1;
    id|name|missing
    1|ada|NULL
    migrate> .mode csv
    migrate> select *, null as missing from users limit 1;
    id,name,missing
    1,ada,
    migrate> .mode expanded
    migrate> select *, null as missing from users limit 1;
         id = 1
       name = ada
    missing = NULL
    migrate> .headers off
    migrate> .mode list
    migrate> select 1 as a;
    1
    migrate> .mode
    The mode is list.
    migrate> .mode none
    error: a mode is one of `table`, `list`, `json`, `csv` and `expanded`
    migrate>
    ");
    shell.enter(".mode json\nselect 1 as a;");
    let screen = shell.screen();
    assert!(
        screen.contains(r#"{"columns":[{"name":"a","type":"integer"}],"rows":[[1]],"#),
        "{screen}"
    );
}

#[test]
fn an_error_shows_its_place_and_ends_nothing() {
    let sandbox = project();
    let Some(shell) = Session::open(&sandbox, 60, &[]) else { return };
    shell.enter("select id,\n  nme\nfrom users;\nselect '\n;';\n.nothing\n.read nowhere.sql\nselect 1 as a;");
    assert_snapshot!(shell.screen(), @r"
    migrate> select id,
       ...>   nme
       ...> from users;
    error: no such column: nme
     --> <input>:2:3
      |
    2 |   nme
      |   ^^^
      code: SQLITE_ERROR (1)
    migrate> select '
       ...> ;';
    +-------+
    | '\n;' |
    +-------+
    | \n;   |
    +-------+
    migrate> .nothing
    error: `.nothing` is no command: `.help` lists them
    migrate> .read nowhere.sql
    error: can't read `nowhere.sql`: No such file or directory (os error 2)
    hint: check its name and folder
    migrate> select 1 as a;
    +---+
    | a |
    +---+
    | 1 |
    +---+
    migrate>
    ");
}

#[test]
fn keys_cancel_and_complete() {
    let sandbox = project();
    let Some(shell) = Session::open(&sandbox, 40, &[]) else { return };
    shell.enter("select 'half");
    shell.0.keys("typed");
    shell.cancel();
    shell.0.keys("sel");
    shell.0.press("Tab");
    shell.0.wait_for("> select");
    shell.0.keys(" count(*) as n from use");
    shell.0.press("Tab");
    shell.0.wait_for("from users");
    shell.enter(";");
    shell.0.keys(".sch");
    shell.0.press("Tab");
    shell.0.wait_for("> .schema");
    shell.0.keys("nam");
    shell.0.press("Tab");
    shell.0.wait_for(".schema names");
    shell.enter("\n");
    assert_snapshot!(shell.screen(), @"
    migrate> select 'half
       ...> typed
    migrate> select count(*) as n from users;
    +---+
    | n |
    +---+
    | 2 |
    +---+
    migrate> .schema names
    CREATE VIEW names AS SELECT name FROM users;
    migrate>
    ");
}

#[test]
fn the_history_is_private_and_keeps_no_password() {
    let sandbox = project();
    let Some(shell) = Session::open(&sandbox, 40, &[]) else { return };
    shell.enter("select id\nfrom users;\ncreate user a identified by 'secret';");
    shell.0.press("Up");
    shell.0.wait_until("recalled", |screen| screen.matches("from users;").count() == 2);
    shell.enter("\n");
    assert_snapshot!(shell.screen(), @r#"
    migrate> select id
       ...> from users;
    +----+
    | id |
    +----+
    |  1 |
    |  2 |
    +----+
    migrate> create user a identified by 'secret';
    error: near "user": syntax error
     --> <input>:1:8
      |
    1 | create user a identified by 'secret';
      |        ^^^^
      code: SQLITE_ERROR (1)
    migrate> select id
    from users;
    +----+
    | id |
    +----+
    |  1 |
    |  2 |
    +----+
    migrate>
    "#);
    shell.0.press("C-d");
    assert_eq!(shell.0.wait_for_end(), 0);
    let file = ".local/state/migrate/history";
    let kept = sandbox.read(file);
    assert!(kept.contains("select id\\nfrom users;"), "{kept}");
    assert!(!kept.contains("secret"), "{kept}");
    let mode = sandbox.path(file).metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let Some(shell) = Session::open(&sandbox, 40, &[]) else { return };
    shell.0.press("Up");
    shell.0.wait_for("from users;");
}

#[test]
fn a_statement_that_runs_is_interrupted() {
    let sandbox = project();
    let Some(shell) = Session::open(&sandbox, 40, &[]) else { return };
    shell.0.keys(
        "with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n;",
    );
    shell.0.press("Enter");
    // The terminal is the statement's, and no longer the editor's, once keys are no keys to it.
    shell.0.wait_until("interrupt", |screen| {
        shell.0.press("C-c");
        screen.contains("error: interrupted")
    });
    shell.goes_on();
}

#[test]
fn what_is_higher_than_the_terminal_is_paged() {
    let mut sandbox = project();
    sandbox.set("PAGER", "sed -n '2p;$p'");
    let Some(shell) = Session::open(&sandbox, 12, &[]) else { return };
    let rows = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 20) select i from n;";
    shell.enter(&format!(".mode list\n{rows}\n.read nothing"));
    assert_snapshot!(shell.screen(), @"
    migrate> .mode list
    migrate> with recursive n(i) as (select 1 union all select i + 1 from n where i
    < 20) select i from n;
    1
    20
    migrate> .read nothing
    error: can't read `nothing`: No such file or directory (os error 2)
    hint: check its name and folder
    migrate>
    ");
}

#[test]
fn an_open_transaction_is_rolled_back_at_the_end() {
    let sandbox = project();
    sandbox.write("more.sql", "begin;\ndelete from users;\n");
    let Some(shell) = Session::open(&sandbox, 40, &[]) else { return };
    shell.enter(".read more.sql\n.timing on\nselect 1 as a;");
    assert!(shell.screen().contains(" ms\n"), "{}", shell.screen());
    shell.0.keys(".quit");
    shell.0.press("Enter");
    assert_eq!(shell.0.wait_for_end(), 0);
    assert!(shell.screen().contains("a transaction was left open"), "{}", shell.screen());
    assert_eq!(sandbox.query("SELECT count(*) FROM users"), "2");
}

#[test]
fn nothing_is_dimmed() {
    let sandbox = project();
    let Some(shell) = Session::open(&sandbox, 40, &[]) else { return };
    shell.enter("select null as a, 'NULL' as b;");
    let screen = shell.0.screen_with_colors();
    assert!(screen.contains("\u{1b}[2m NULL") && screen.contains(" 'NULL' "), "{screen:?}");
}

#[cfg(all(feature = "postgres", feature = "mysql"))]
mod servers;
