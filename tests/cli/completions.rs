use std::process::Command;

use crate::support::Sandbox;

#[test]
fn every_shell_gets_a_script_that_knows_the_commands() {
    let sandbox = Sandbox::empty();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let run = sandbox.run(&format!("completions {shell}"));
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{shell}");
        for word in ["migrate", "upgrade", "ensure-version", "rev-range"] {
            assert!(run.stdout.contains(word), "{shell} lacks {word}");
        }
    }
}

#[test]
fn the_script_for_bash_can_be_read() {
    let sandbox = Sandbox::empty();
    sandbox.write("migrate.bash", sandbox.run("completions bash").stdout);
    let script = sandbox.path("migrate.bash");
    let status = Command::new("bash").arg("-n").arg(script).status();
    // A machine without bash has nobody to complain.
    assert!(status.is_err() || status.unwrap().success());
}

#[test]
fn quiet_leaves_them_alone() {
    let sandbox = Sandbox::empty();
    let loud = sandbox.run("completions bash").stdout;
    assert_eq!(sandbox.run("--quiet completions bash").stdout, loud);
}

#[test]
fn an_unknown_shell_is_bad_usage() {
    assert_eq!(Sandbox::empty().run("completions cmd").code, 2);
}
