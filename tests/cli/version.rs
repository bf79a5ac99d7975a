use serde_json::json;

use crate::support::Sandbox;

#[test]
fn the_command_and_the_option_tell_the_same() {
    let sandbox = Sandbox::empty();
    let expected = format!("migrate {}\n", env!("CARGO_PKG_VERSION"));
    for arguments in ["version", "--version", "-V", "version --quiet", "--no-progress --version"] {
        let run = sandbox.run(arguments);
        assert_eq!((run.code, run.stdout), (0, expected.clone()), "{arguments}");
        assert_eq!(run.stderr, "", "{arguments}");
    }
}

#[test]
fn it_is_a_document_too() {
    let sandbox = Sandbox::empty();
    let expected = json!({"program": "migrate", "version": env!("CARGO_PKG_VERSION")});
    assert_eq!(sandbox.json("version"), expected);
    assert_eq!(sandbox.json("--version"), expected);
}
