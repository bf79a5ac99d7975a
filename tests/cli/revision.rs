use insta::assert_snapshot;
use serde_json::json;

use crate::support::{CONFIG, Sandbox};

#[test]
fn a_pair_is_written_on_top_of_the_head() {
    let sandbox = Sandbox::with("a1");
    assert_snapshot!(sandbox.migrate("revision -m 'Create the users table' --rev-id b1"), @"
    exit 0
    --- stdout
    Generating versions/20260101_000000_b1_create_the_users_table.up.sql ...  done
    Generating versions/20260101_000000_b1_create_the_users_table.down.sql ...  done
    ");
    assert_snapshot!(sandbox.read("versions/20260101_000000_b1_create_the_users_table.up.sql"), @"
    -- Create the users table
    --
    -- Revision ID: b1
    -- Revises: a1
    -- Create Date: 2026-01-01T00:00:00Z
    ");
    assert_snapshot!(
        sandbox.read("versions/20260101_000000_b1_create_the_users_table.down.sql"),
        @"
    -- Create the users table (down)
    -- Not written yet: put what undoes the up script below, or `-- Nothing to undo` here
    "
    );
    assert_eq!(sandbox.json("heads")["heads"][0]["revision"], "b1");
}

#[test]
fn an_id_is_twelve_random_digits() {
    let sandbox = Sandbox::new();
    let id = sandbox.json("revision -m one")["revision"].as_str().unwrap().to_owned();
    assert_eq!(id.len(), 12);
    assert!(id.chars().all(|c| c.is_ascii_hexdigit()));
    assert_ne!(sandbox.json("revision -m two")["revision"], id.as_str());
}

#[test]
fn without_a_message_alembics_words_stand_in() {
    let sandbox = Sandbox::new();
    sandbox.done("revision --rev-id a1");
    assert_eq!(
        sandbox.names("versions"),
        ["20260101_000000_a1_.down.sql", "20260101_000000_a1_.up.sql"]
    );
    assert!(sandbox.read("versions/20260101_000000_a1_.up.sql").starts_with("-- empty message\n"));
}

#[test]
fn a_message_is_its_first_line_and_leads_nowhere_else() {
    let sandbox = Sandbox::new();
    sandbox.done("revision --rev-id a1 -m '../../etc/passwd; DROP TABLE x'");
    sandbox.done("revision --rev-id b1 -m 'first line\nsecond line'");
    assert_eq!(
        sandbox.names("versions"),
        [
            "20260101_000000_a1_etc_passwd_drop_table_x.down.sql",
            "20260101_000000_a1_etc_passwd_drop_table_x.up.sql",
            "20260101_000000_b1_first_line_second_line.down.sql",
            "20260101_000000_b1_first_line_second_line.up.sql",
        ]
    );
    sandbox.done("upgrade");
}

#[test]
fn labels_dependencies_and_parents_stand_in_the_head() {
    let sandbox = Sandbox::with("a1; b1<a1 west; c1<a1; d1");
    sandbox.done(
        "revision --rev-id e1 --head c1 --branch-label east --depends-on west --depends-on d1 -m e",
    );
    assert_snapshot!(sandbox.read("versions/20260101_000000_e1_e.up.sql"), @"
    -- e
    --
    -- Revision ID: e1
    -- Revises: c1
    -- Create Date: 2026-01-01T00:00:00Z
    -- Branch Labels: east
    -- Depends On: west, d1
    ");
}

#[test]
fn a_base_is_begun_with_head_base() {
    let sandbox = Sandbox::with("a1");
    sandbox.done("revision --rev-id z1 --head base --branch-label other");
    assert_eq!(sandbox.json("history")["revisions"][0]["revises"], json!([]));
}

#[test]
fn several_heads_ask_for_a_choice() {
    let sandbox = Sandbox::with("a1; b1<a1; c1<a1");
    assert_snapshot!(sandbox.refused("revision -m x"), @"
    exit 1
    --- stderr
    error: `head` is ambiguous: there are several heads, `b1`, `c1`
    hint: name one of them, narrow with `LABEL@head`, take all with `heads`, or join them with `migrate merge heads -m …`
    ");
    sandbox.done("revision -m x --head b1 --rev-id d1");
}

#[test]
fn building_below_a_head_asks_for_splice() {
    let sandbox = Sandbox::with("a1; b1<a1");
    assert_snapshot!(sandbox.refused("revision -m x --head a1"), @"
    exit 1
    --- stderr
    error: revision `a1` is not a head
    hint: add --splice to start a new branch there
    ");
    sandbox.done("revision -m x --head a1 --splice --rev-id c1");
    assert_eq!(sandbox.json("heads")["heads"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_taken_or_impossible_name_is_refused_before_a_file_is_written() {
    let sandbox = Sandbox::with("a1 west");
    assert_snapshot!(sandbox.refused("revision --rev-id a1"), @"
    exit 1
    --- stderr
    error: `a1` is taken by revision `a1`
    hint: choose another; nothing was written
    ");
    assert_snapshot!(sandbox.refused("revision --rev-id a-b"), @"
    exit 1
    --- stderr
    error: character '-' is not allowed in the name `a-b`
    hint: an id holds letters, digits, `_` and the like, but none of @ - + : , /
    ");
    assert_snapshot!(sandbox.refused("revision --rev-id head"), @"
    exit 1
    --- stderr
    error: `head` is a symbol and can't name a revision or a branch
    hint: an id holds letters, digits, `_` and the like, but none of @ - + : , /
    ");
    assert_snapshot!(sandbox.refused("revision --branch-label west"), @"
    exit 1
    --- stderr
    error: `west` is taken by revision `a1`
    hint: choose another; nothing was written
    ");
    assert_snapshot!(sandbox.refused("revision --branch-label a1"), @"
    exit 1
    --- stderr
    error: `a1` is taken by revision `a1`
    hint: choose another; nothing was written
    ");
    assert_snapshot!(sandbox.refused("revision --depends-on nope"), @"
    exit 1
    --- stderr
    error: no revision matches `nope`
    hint: `migrate history` lists the revisions and branch labels
    ");
    assert_snapshot!(sandbox.refused("revision --depends-on base"), @"
    exit 1
    --- stderr
    error: `base` names no revision to depend on
    hint: `migrate history` lists the revisions
    ");
    assert_snapshot!(sandbox.refused("revision --head nope"), @"
    exit 1
    --- stderr
    error: no revision matches `nope`
    hint: `migrate history` lists the revisions and branch labels
    ");
}

#[test]
fn existing_files_are_kept() {
    let sandbox = Sandbox::new();
    sandbox.write("versions/20260101_000000_a1_same.down.sql", "-- precious\n");
    assert_snapshot!(sandbox.refused("revision -m same --rev-id a1"), @"
    exit 1
    --- stderr
    warning: `versions/20260101_000000_a1_same.down.sql` has no up script beside it
    error: `versions/20260101_000000_a1_same.down.sql` already exists
    hint: choose another --rev-id or message; nothing was written
    ");
}

#[test]
fn the_file_template_names_files() {
    let sandbox = Sandbox::new();
    let template = "file_template = \"{epoch}-{year}.{month}.{day}-{slug}.{rev}\"\n";
    sandbox.write("migrate.toml", format!("{CONFIG}{template}"));
    sandbox.done("revision -m 'Add things' --rev-id a1");
    assert_eq!(
        sandbox.names("versions"),
        [
            "1767225600-2026.01.01-add_things.a1.down.sql",
            "1767225600-2026.01.01-add_things.a1.up.sql"
        ]
    );
}

#[test]
fn with_several_folders_the_parent_s_is_taken_or_one_is_chosen() {
    let sandbox = Sandbox::new();
    sandbox.write("migrate.toml", format!("{CONFIG}versions = [\"core\", \"plug\"]\n"));
    sandbox.write("core/.keep", "");
    sandbox.write("plug/.keep", "");
    assert_snapshot!(sandbox.refused("revision --rev-id a1"), @"
    exit 1
    --- stderr
    error: several versions folders are configured, and none is chosen
    hint: choose one with --version-path
    ");
    assert_snapshot!(sandbox.refused("revision --rev-id a1 --version-path versions"), @"
    exit 1
    --- stderr
    error: `versions` is not one of the configured versions folders
    hint: `versions` in migrate.toml lists them
    ");
    sandbox.done("revision --rev-id a1 --version-path core");
    sandbox.done("revision --rev-id z1 --head base --version-path plug");
    sandbox.done("revision --rev-id b1 --head a1");
    sandbox.done("revision --rev-id z2 --head z1");
    assert_eq!(sandbox.names("core").len(), 5);
    assert_eq!(sandbox.names("plug").len(), 5);
    sandbox.done("upgrade heads");
    assert_eq!(sandbox.json("current")["heads"], json!(["b1", "z2"]));
}

#[test]
fn a_hook_runs_on_both_files() {
    let sandbox = Sandbox::new();
    let hook = "[[hooks.post_write]]\nname = \"note\"\n\
                command = [\"sh\", \"-c\", \"echo noise; echo '-- seen' >> \\\"$1\\\"\", \"sh\", \"{file}\"]\n";
    sandbox.write("migrate.toml", format!("{CONFIG}{hook}"));
    assert_snapshot!(sandbox.migrate("revision -m x --rev-id a1"), @"
    exit 0
    --- stdout
    Generating versions/20260101_000000_a1_x.up.sql ...  done
    Generating versions/20260101_000000_a1_x.down.sql ...  done
    --- stderr
    Running post-write hook 'note' on versions/20260101_000000_a1_x.up.sql
    noise
    Running post-write hook 'note' on versions/20260101_000000_a1_x.down.sql
    noise
    ");
    assert!(sandbox.read("versions/20260101_000000_a1_x.up.sql").ends_with("-- seen\n"));
    assert!(sandbox.read("versions/20260101_000000_a1_x.down.sql").ends_with("-- seen\n"));
    let document = sandbox.json("revision -m y --rev-id b1");
    assert_eq!(document["revision"], "b1");
}

#[test]
fn a_failing_hook_is_reported_and_the_files_stay() {
    let sandbox = Sandbox::new();
    let hook = "[[hooks.post_write]]\ncommand = [\"sh\", \"-c\", \"exit 7\"]\n";
    sandbox.write("migrate.toml", format!("{CONFIG}{hook}"));
    assert_snapshot!(sandbox.migrate("revision -m x --rev-id a1"), @"
    exit 1
    --- stdout
    Generating versions/20260101_000000_a1_x.up.sql ...  done
    Generating versions/20260101_000000_a1_x.down.sql ...  done
    --- stderr
    Running post-write hook 'sh' on versions/20260101_000000_a1_x.up.sql
    error: post-write hook `sh` failed: exit status: 7
    hint: the files are written; run the hook again, or remove it from migrate.toml
    ");
    assert_eq!(sandbox.names("versions").len(), 2);
    sandbox.replace("migrate.toml", "\"sh\", \"-c\", \"exit 7\"", "\"no-such-program\"");
    assert_snapshot!(sandbox.migrate("revision -m y --rev-id b1"), @"
    exit 1
    --- stdout
    Generating versions/20260101_000000_b1_y.up.sql ...  done
    Generating versions/20260101_000000_b1_y.down.sql ...  done
    --- stderr
    Running post-write hook 'no-such-program' on versions/20260101_000000_b1_y.up.sql
    error: post-write hook `no-such-program` failed: No such file or directory (os error 2)
    hint: the files are written; run the hook again, or remove it from migrate.toml
    ");
}

#[test]
fn the_document_names_id_and_files() {
    assert_eq!(
        Sandbox::new().json("revision -m x --rev-id a1"),
        json!({
            "revision": "a1",
            "up": "versions/20260101_000000_a1_x.up.sql",
            "down": "versions/20260101_000000_a1_x.down.sql",
            "changes": [],
        })
    );
}
