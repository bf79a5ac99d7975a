//! No part of a password is ever printed.

use crate::project::{Project, Run};
use crate::{short_or_long, tell};

/// Parts of passwords; none of them is in anything else that is printed.
const TOKENS: [&str; 6] = ["hunter2", "zebra", "quokka", "walrus", "ocelot", "9f86d081"];

/// What follows the scheme: well formed first, then every way to get it wrong.
const SHAPES: [&str; 26] = [
    "://app:hunter2zebra@db.invalid/shop",
    "://app:hunter2%40zebra%2Fquokka@db.invalid:5432/shop?sslmode=require",
    "://db.invalid/shop?user=app&password=hunter2zebra",
    "://app:hunter2@zebra:quokka@db.invalid/shop",
    "://app:hunter2/zebra@db.invalid/shop",
    "://app:hunter2?zebra@db.invalid/shop",
    "://app:hunter2#zebra@db.invalid/shop",
    "://app:hunter2@zebra/quokka@db.invalid/shop",
    "://app:hunter2@zebra?walrus=ocelot@db.invalid/shop",
    "://app:hunter2 zebra@db.invalid/shop",
    "://app:hunter2\tzebra@db.invalid/shop",
    "://app:hunter2%zebra@db.invalid/shop",
    "://app:hunter2%ffzebra@db.invalid/shop",
    "://app:hunter2%00zebra@db.invalid/shop",
    "://app:hunter2zebra@db.invalid:99999/shop",
    "://app:hunter2zebra@db.invalid:walrus/shop",
    "://app:hunter2zebra@db.invalid/shop/walrus",
    "://app:hunter2zebra@[::1/shop",
    "://app:hunter2zebra@a*b/shop",
    "://app:hunter2zebra@one.invalid,two.invalid/shop",
    ":app:hunter2zebra@db.invalid/shop",
    ":/app:hunter2zebra@db.invalid/shop",
    "//app:hunter2zebra@db.invalid/shop",
    "+driver://app:hunter2zebra@db.invalid/shop",
    "ql2://app:hunter2zebra@db.invalid/shop",
    "://app:hunter2zebra@db.invalid/shop?9f86d081",
];

const SCHEMES: [&str; 2] = ["postgres", "mysql"];

const COMMANDS: [&[&str]; 7] = [
    &["current", "-v"],
    &["upgrade"],
    &["check"],
    &["upgrade", "--raiseerr"],
    &["--json", "current"],
    &["--json", "--raiseerr", "status"],
    &["downgrade", "base", "--dry-run"],
];

/// How a URL reaches the program.
#[derive(Debug, Clone, Copy)]
enum From {
    Option,
    Variable,
    File,
    Dotenv,
    Placeholder,
}

const WAYS: [From; 5] = [From::Option, From::Variable, From::File, From::Dotenv, From::Placeholder];

fn run(project: &mut Project, from: From, url: &str, command: &[&str]) -> Run {
    let quoted = format!("{url:?}");
    let mut arguments = command.to_vec();
    project.write("migrate.toml", "[migrate]\n");
    project.write(".env", "");
    project.unset("MIGRATE_URL");
    project.unset("SECRET");
    match from {
        From::Option => arguments.extend(["--url", url]),
        From::Variable => project.set("MIGRATE_URL", url),
        From::File => project.write("migrate.toml", format!("[migrate]\nurl = {quoted}\n")),
        From::Dotenv => project.write(".env", format!("MIGRATE_URL={quoted}\n")),
        From::Placeholder => {
            project.write("migrate.toml", "[migrate]\nurl = \"${SECRET}\"\n");
            project.set("SECRET", url);
        }
    }
    project.run(&arguments)
}

#[track_caller]
fn assert_silent(run: &Run, about: &str) {
    for token in TOKENS {
        let is_there = [&run.stdout, &run.stderr].iter().any(|text| text.contains(token));
        assert!(!is_there, "{about}: `{token}` is printed: {run:?}");
    }
    assert!(!run.stderr.contains("panicked"), "{about}: {run:?}");
    assert!(matches!(run.code, Some(1..=3)), "{about}: {run:?}");
}

#[test]
fn a_url_s_password_is_never_printed() {
    let mut project = Project::new("r0", "");
    let mut count = 0;
    for scheme in SCHEMES {
        for shape in SHAPES {
            for from in WAYS {
                for (at, command) in COMMANDS.iter().enumerate() {
                    count += 1;
                    if count % short_or_long(5, 1) != 0 && at != 0 {
                        continue;
                    }
                    let url = format!("{scheme}{shape}");
                    let run = run(&mut project, from, &url, command);
                    assert_silent(&run, &format!("{from:?} {url} {command:?}"));
                }
            }
        }
    }
    tell(&format!("passwords in urls: {} ways to write and give them", count / COMMANDS.len()));
}

/// Configurations that are wrong near a URL: an error must not quote the line.
const WRONG: [(&str, &str); 16] = [
    ("migrate.toml", "[migrate]\nurl = \"postgres://app:hunter2zebra@db.invalid/shop\n"),
    ("migrate.toml", "[migrate]\nurl = postgres://app:hunter2zebra@db.invalid/shop\n"),
    ("migrate.toml", "[migrate]\nurl = 'postgres://app:hunter2zebra@db.invalid/shop\" \n"),
    ("migrate.toml", "[migrate]\nurl = \"postgres://app:hunter2\\zebra@db.invalid/shop\"\n"),
    ("migrate.toml", "[migrate]\nurl \"postgres://app:hunter2zebra@db.invalid/shop\"\n"),
    ("migrate.toml", "[migrate]\nurl = [\"postgres://app:hunter2zebra@db.invalid/shop\"]\n"),
    ("migrate.toml", "[migrate]\nurk = \"postgres://app:hunter2zebra@db.invalid/shop\"\n"),
    (
        "migrate.toml",
        "[migrate]\nurl = \"postgres://app:hunter2zebra@db.invalid/shop\"\nlock_timeout = \"x\"\n",
    ),
    (
        "migrate.toml",
        "[migrate]\nlock_timeot = \"1s\"\nurl = \"postgres://app:hunter2zebra@db.invalid/shop\"\n",
    ),
    ("migrate.toml", "[migrate]\nurl = \"postgres://app:hunter2zebra@${NO_HOST}/shop\"\n"),
    ("migrate.toml", "[migrate]\nurl = \"postgres://app:${hunter2zebra@db.invalid/shop\"\n"),
    (
        "migrate.toml",
        "[migrate]\nurl = \"postgres://app:hunter2zebra@db.invalid/shop\"\nurl = \"again\"\n",
    ),
    ("migrate.toml", "[migrate]\nurl = { a = \"postgres://app:hunter2zebra@db.invalid/shop\" }\n"),
    (".env", "MIGRATE_URL='postgres://app:hunter2zebra@db.invalid/shop\n"),
    (".env", "MIGRATE_URL postgres://app:hunter2zebra@db.invalid/shop\n"),
    (".env", "MIGRATE URL=postgres://app:hunter2zebra@db.invalid/shop\n"),
];

#[test]
fn an_error_near_a_url_does_not_quote_it() {
    for (file, text) in WRONG {
        for command in COMMANDS {
            let project = Project::new("r0", "");
            project.write("migrate.toml", "[migrate]\n");
            project.write(file, text);
            assert_silent(&project.run(command), &format!("{file}: {text}"));
        }
    }
}
