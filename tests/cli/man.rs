use insta::assert_snapshot;

use crate::support::Sandbox;

#[test]
fn the_program_has_a_page() {
    let run = Sandbox::empty().run("man");
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert!(run.stdout.contains(".TH migrate 1"));
    assert!(run.stdout.contains("ensure\\-version"));
    assert!(run.stdout.contains("Exit codes"));
}

#[test]
fn each_command_has_a_page() {
    let sandbox = Sandbox::empty();
    for command in ["init", "revision", "upgrade", "stamp", "ensure-version"] {
        let run = sandbox.run(&format!("man {command}"));
        assert_eq!(run.code, 0, "{command}");
        assert!(run.stdout.contains(&format!(".TH migrate-{command} 1")), "{command}");
        assert!(run.stdout.contains("\\-\\-json"), "{command}");
    }
}

#[test]
fn an_unknown_command_is_refused() {
    assert_snapshot!(Sandbox::empty().migrate("man upgarde"), @"
    exit 2
    --- stderr
    error: no such command: `upgarde`
    hint: did you mean `migrate upgrade`? `migrate help` lists the commands
    ");
}
