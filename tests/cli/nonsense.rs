//! What nobody can have meant: told with what to type, and never waited for.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::process::{Command, Stdio};

use crate::support::{CONFIG, Run, Sandbox};

fn pipe(sandbox: &Sandbox, name: &str) {
    assert!(Command::new("mkfifo").arg(sandbox.path(name)).status().unwrap().success());
}

/// Runs the program, which must end with this code and say all of this.
#[track_caller]
fn says(sandbox: &Sandbox, arguments: &str, code: i32, parts: &[&str]) -> Run {
    let run = sandbox.run(arguments);
    assert_eq!(run.code, code, "{arguments}: {}", run.text());
    for part in parts {
        assert!(run.stderr.contains(part), "{arguments}: `{part}` is not in {}", run.text());
    }
    run
}

#[test]
fn a_variable_without_a_value_is_bad_usage() {
    let sandbox = Sandbox::with("a1");
    let hint = "hint: e.g. `-x schema=app`";
    for arguments in
        ["upgrade -x foo", "-x foo upgrade", "-x =v current", "sql -x s3cr3t 'SELECT 1'"]
    {
        let run =
            says(&sandbox, arguments, 2, &["error: argument 1 of `-x` is not KEY=VALUE", hint]);
        assert!(!run.stderr.contains("s3cr3t"));
    }
    says(&sandbox, "-x a=1 upgrade -x b= -x c", 2, &["argument 3 of `-x`"]);
    let document = sandbox.json("upgrade -x foo");
    assert_eq!(document["error"]["kind"], "usage");
    assert_eq!(sandbox.tables(), "");
}

#[test]
fn a_file_that_cannot_be_written_is_told_with_why() {
    let sandbox = Sandbox::with("a1");
    sandbox.done("upgrade");
    let before = sandbox.files();
    for option in ["upgrade --backup", "dump -o", "diagram -o"] {
        let folder = "its folder is not there";
        says(&sandbox, &format!("{option} nodir/x"), 1, &["can't write `nodir/x`", folder]);
        let file = "its folder is a file";
        says(&sandbox, &format!("{option} app.db/x"), 1, &["can't write `app.db/x`", file]);
    }
    says(&sandbox, "dump -o versions", 1, &["can't write `versions`", "name a file"]);
    says(&sandbox, "upgrade --backup -", 2, &["can't be written to standard output"]);
    assert_eq!(sandbox.files(), before);
}

#[test]
fn a_dash_is_standard_output() {
    let sandbox = Sandbox::with("a1");
    sandbox.done("upgrade");
    let before = sandbox.files();
    for command in ["dump", "diagram", "diagram -f svg"] {
        let (plain, dash) = (sandbox.run(command), sandbox.run(&format!("{command} -o -")));
        assert_eq!((dash.code, &dash.stdout), (0, &plain.stdout), "{}", dash.text());
        assert_eq!(dash.stderr, "");
        let document = sandbox.json(&format!("{command} -o -"));
        assert_eq!(document, sandbox.json(command));
    }
    assert_eq!(sandbox.files(), before);
}

#[test]
fn a_link_that_leads_nowhere_is_named() {
    let sandbox = Sandbox::with("a1");
    for name in ["x.up.sql", "x.down.sql"] {
        let path = sandbox.path(&format!("versions/{name}"));
        for target in ["nowhere", name] {
            symlink(target, &path).unwrap();
            let message = format!("`versions/{name}` is a link to `{target}`, which doesn't exist");
            says(&sandbox, "upgrade", 1, &[&message, "or remove the link"]);
            fs::remove_file(&path).unwrap();
        }
    }
    sandbox.remove("migrate.toml");
    symlink("nowhere", sandbox.path("migrate.toml")).unwrap();
    says(&sandbox, "upgrade", 1, &["it is a link to `nowhere`, which doesn't exist"]);
}

#[test]
fn a_name_that_is_no_text_is_told_and_never_repeated_as_the_right_one() {
    let sandbox = Sandbox::with("a1");
    let name = OsStr::from_bytes(b"versions/b1\xff.up.sql");
    fs::copy(sandbox.path("versions/a1.up.sql"), sandbox.path("").join(name)).unwrap();
    let hint = "since its name is not UTF-8: rename it, e.g. `mv NAME*.up.sql NAME.up.sql`";
    says(&sandbox, "upgrade", 0, &["`versions/b1\u{fffd}.up.sql` is not read", hint]);
    assert_eq!(sandbox.run("check").code, 3);
    let word = OsStr::from_bytes(b"h\xe9ad");
    let output = sandbox.command("upgrade").arg(word).output().unwrap();
    let run = sandbox.seen(&output);
    assert_eq!(run.code, 2, "{}", run.text());
    assert!(run.stderr.contains("`h\u{fffd}ad` is not UTF-8"), "{}", run.stderr);
}

#[test]
fn settings_are_files_that_have_an_end() {
    let sandbox = Sandbox::with("a1");
    let settings = sandbox.read("migrate.toml");
    for (name, arguments) in
        [("migrate.toml", "current"), (".env", "current"), ("schema.sql", "diff")]
    {
        let kept = fs::read(sandbox.path(name));
        drop(fs::remove_file(sandbox.path(name)));
        pipe(&sandbox, name);
        says(&sandbox, arguments, 1, &[name, "it is a pipe, not a file"]);
        sandbox.remove(name);
        if name != "schema.sql" {
            symlink("/dev/zero", sandbox.path(name)).unwrap();
            says(&sandbox, arguments, 1, &[name, "it has more than 16 MiB", "hint: "]);
            sandbox.remove(name);
        }
        if let Ok(kept) = kept {
            sandbox.write(name, kept);
        }
    }
    assert_eq!(sandbox.read("migrate.toml"), settings);
    pipe(&sandbox, "pipe");
    for arguments in [
        "-c pipe current",
        "sql -f pipe",
        "current --url 'postgres://u@127.0.0.1:1/d?passfile=pipe'",
        "current --url 'postgres://u@127.0.0.1:1/d?sslmode=verify-full&sslrootcert=pipe'",
        "current --url 'mysql://u@127.0.0.1:1/d?ssl-mode=verify_ca&ssl-ca=pipe'",
    ] {
        says(&sandbox, arguments, 1, &["nobody writes to this pipe"]);
    }
    says(&sandbox, "upgrade --url sqlite:pipe", 1, &["it is no file"]);
}

#[test]
fn a_configuration_may_come_through_a_pipe_that_is_named() {
    let sandbox = Sandbox::with("a1");
    sandbox.remove("migrate.toml");
    let mut command = sandbox.command("-c /dev/stdin upgrade");
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), CONFIG.as_bytes()).unwrap();
    let run = sandbox.seen(&child.wait_with_output().unwrap());
    assert_eq!(run.code, 0, "{}", run.text());
    assert_eq!(sandbox.tables(), "t_a1");
}

#[test]
fn empty_words_and_names_of_files_are_told_for_what_they_are() {
    let sandbox = Sandbox::with("a1");
    for arguments in ["upgrade ''", "downgrade ' '", "show ''", "stamp ''"] {
        says(&sandbox, arguments, 1, &["hint: the name is empty, as a shell's variable is"]);
    }
    says(&sandbox, "-n '' current", 1, &["a section `[env.NAME]` in migrate.toml makes one"]);
    says(&sandbox, "sql seed.sql", 1, &["`migrate sql -f seed.sql` reads statements from a file"]);
    says(&sandbox, "sql -f seed.sql", 1, &["can't read `seed.sql`", "check its name and folder"]);
    sandbox.write("files.toml", format!("{CONFIG}versions = \"seed.sql\"\n"));
    sandbox.write("seed.sql", "");
    says(&sandbox, "-c files.toml status", 0, &["warning: can't read `seed.sql`: "]);
    sandbox.write("top.toml", "url = \"sqlite:app.db\"\n");
    let below = "`url` belongs below a line `[migrate]`";
    says(&sandbox, "-c top.toml current", 1, &["top.toml:1:1", below]);
    says(&sandbox, "upgrade --url sqlite:nodir/app.db", 1, &["its folder is not there"]);
}

#[test]
fn a_duration_that_is_none_is_told_what_one_is() {
    let sandbox = Sandbox::new();
    let hint = "a duration is a number with `ms`, `s`, `min` or `h`, or a number of seconds";
    for line in
        ["statement_timeout = \"soon\"", "lock_timeout = \"5 x\"", "statement_timeout = \"\""]
    {
        sandbox.write("migrate.toml", format!("{CONFIG}{line}\n"));
        says(&sandbox, "current", 1, &["migrate.toml:3:", hint]);
    }
    for line in ["statement_timeout = \"0s\"", "statement_timeout = \"5\"", "statement_timeout = 5"]
    {
        sandbox.write("migrate.toml", format!("{CONFIG}{line}\n"));
        sandbox.done("current");
    }
    sandbox.up_only("a1 | Statement Timeout: \"0s\"", "SELECT 1;");
    says(&sandbox, "upgrade", 1, &["versions/a1.up.sql:", hint, "without quotes"]);
}
