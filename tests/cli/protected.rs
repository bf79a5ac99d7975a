//! Protected environments: what is asked, of whom, and when not.

use terminal::Terminal;

use crate::support::{CONFIG, Sandbox};

const PROTECTED: &str = "[env.production]\nprotected = true\n";

/// A project with these revisions applied, whose environment `production` is protected.
fn applied(graph: &str) -> Sandbox {
    let sandbox = Sandbox::with(graph);
    sandbox.write("migrate.toml", format!("{CONFIG}{PROTECTED}"));
    sandbox.done("upgrade heads");
    sandbox
}

/// Starts a command on the protected environment at a terminal, unless terminals are left out.
fn at_terminal(sandbox: &Sandbox, arguments: &[&str]) -> Option<Terminal> {
    let mut command = vec![env!("CARGO_BIN_EXE_migrate"), "-n", "production"];
    command.extend(arguments);
    Terminal::start(100, 20, &sandbox.path(""), &[], &command)
}

/// Waits for the question, and answers it.
fn answer(terminal: &Terminal, typed: &str) {
    terminal.wait_for("Type `production` to continue:");
    terminal.keys(typed);
    terminal.press("Enter");
}

#[test]
fn the_question_names_the_database_and_the_plan() {
    let sandbox = applied("a1; b1<a1; c1<b1");
    let Some(terminal) = at_terminal(&sandbox, &["downgrade", "a1"]) else { return };
    terminal.wait_for("Type `production` to continue:");
    let screen = terminal.screen();
    assert!(screen.contains("downgrade takes back 2 revisions on sqlite:"), "{screen}");
    assert!(screen.contains("app.db: c1, b1"), "{screen}");
    answer(&terminal, "production");
    terminal.wait_for("2 revisions in");
    assert_eq!(sandbox.applied(), "a1");
}

#[test]
fn another_answer_changes_nothing() {
    let sandbox = applied("a1");
    let Some(terminal) = at_terminal(&sandbox, &["downgrade", "base"]) else { return };
    answer(&terminal, "y");
    terminal.wait_for("the environment is protected, and `downgrade` would remove something");
    assert_eq!(sandbox.applied(), "a1");
}

#[test]
fn nothing_is_asked_where_there_is_nothing_to_do() {
    let sandbox = applied("a1");
    for arguments in ["downgrade a1", "stamp --purge a1 --url sqlite:none.db", "lock release"] {
        sandbox.done(&format!("-n production {arguments}"));
    }
    let Some(terminal) = at_terminal(&sandbox, &["downgrade", "a1"]) else { return };
    terminal.wait_for("Nothing to do");
    assert!(!terminal.screen().contains("protected"), "{}", terminal.screen());
}

#[test]
fn what_nobody_agreed_to_is_not_taken_back() {
    let sandbox = applied("a1; b1<a1");
    let Some(terminal) = at_terminal(&sandbox, &["downgrade", "base"]) else { return };
    terminal.wait_for("2 revisions on");
    // Another process goes on while the question waits.
    sandbox.add("c1<b1");
    sandbox.done("upgrade");
    answer(&terminal, "production");
    // The graph of the waiting process has no `c1`: it joins from the database.
    terminal.wait_for("`c1` would be taken back as well");
    assert_eq!(sandbox.applied(), "a1 b1 c1");
}

#[test]
fn the_questions_of_stamp_and_sql_name_the_database() {
    let sandbox = applied("a1; b1<a1");
    let Some(terminal) = at_terminal(&sandbox, &["stamp", "--purge", "a1"]) else { return };
    answer(&terminal, "production");
    terminal.wait_for("stamp --purge deletes all 2 from the record of sqlite:");
    terminal.wait_for("is at a1");
    let Some(terminal) = at_terminal(&sandbox, &["sql", "DROP TABLE t_b1"]) else { return };
    terminal.wait_for("statements may change sqlite:");
    answer(&terminal, "no");
    terminal.wait_for("--read-only to look only");
    assert_eq!(sandbox.tables(), "t_a1 t_b1");
}
