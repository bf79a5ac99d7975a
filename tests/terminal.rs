//! The terminal that other tests type at: it shows, waits, colors, and is gone with its owner.
#![cfg(unix)]

use std::path::Path;

use terminal::Terminal;

/// Starts a shell without any configuration.
fn shell(environment: &[(&str, &str)], script: &str) -> Option<Terminal> {
    Terminal::start(40, 6, Path::new("/"), environment, &["/bin/sh", "-c", script])
}

#[test]
fn what_is_typed_reaches_the_program_as_it_is() {
    let Some(terminal) = shell(&[], "stty -echo; echo ready; read -r a; echo \"<$a>\"; read a")
    else {
        return;
    };
    terminal.wait_for("ready");
    terminal.keys("ü 'x' \"$y\" \\; Enter -;");
    terminal.press("Enter");
    terminal.wait_for(">");
    assert_eq!(terminal.screen(), "ready\n<ü 'x' \"$y\" \\; Enter -;>");
}

#[test]
fn the_environment_is_what_is_given() {
    let Some(terminal) = shell(&[("A", "b c;")], "env | sort; stty size; exit 7") else { return };
    assert_eq!(terminal.wait_for_end(), 7);
    let screen = terminal.screen();
    assert_eq!(screen.lines().next().unwrap_or_default(), "A=b c;", "{screen}");
    assert!(screen.contains("TERM=screen-256color\n6 40"), "{screen}");
    assert!(!screen.contains("HOME"), "{screen}");
}

#[test]
fn colors_are_shown_on_demand() {
    let Some(terminal) = shell(&[], "printf '\\033[31mred\\033[0m plain\\n'; read a") else {
        return;
    };
    terminal.wait_for("plain");
    assert_eq!(terminal.screen(), "red plain");
    assert_eq!(terminal.screen_with_colors(), "\u{1b}[31mred\u{1b}[39m plain");
}

#[test]
fn a_key_interrupts_the_program_that_is_gone_with_the_terminal() {
    let Some(terminal) = shell(&[], "trap 'echo caught; exit 3' INT; echo $$; read a") else {
        return;
    };
    terminal.wait_until("number", |screen| screen.parse::<u32>().is_ok());
    terminal.press("C-c");
    assert_eq!(terminal.wait_for_end(), 3);
    assert!(terminal.screen().ends_with("caught"), "{}", terminal.screen());
}
