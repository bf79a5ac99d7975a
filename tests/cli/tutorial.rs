//! The command lines of Alembic's tutorial, with another program's name.

use crate::support::{CONFIG, Sandbox};

/// Runs command lines in turn; each must succeed.
fn all_done(sandbox: &Sandbox, lines: &str) {
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        sandbox.done(line);
    }
}

#[test]
fn its_first_part_works() {
    let sandbox = Sandbox::empty();
    all_done(
        &sandbox,
        "list_templates
        init alembic
        revision -m 'create account table' --rev-id 1975ea83b712
        upgrade head
        revision -m 'Add a column' --rev-id ae1027a6acf
        upgrade ae1
        downgrade base
        upgrade +2
        downgrade -1
        upgrade 1975+1
        current
        history --verbose
        history -r1975ea:ae1027
        history -r-3:current
        history -r1975ea:
        history --rev-range=-1:
        show head
        check
        ensure_version
        upgrade 1975ea83b712:ae1027a6acf --sql
        upgrade ae1027a6acf --sql
        downgrade ae1027a6acf:1975ea83b712 --sql
        stamp head
        downgrade base",
    );
}

#[test]
fn its_part_on_branches_works() {
    let sandbox = Sandbox::new();
    sandbox.write("migrate.toml", format!("{CONFIG}versions = [\"versions\", \"model/net\"]\n"));
    sandbox.write("model/net/.keep", "");
    all_done(
        &sandbox,
        "revision -m 'create account table' --rev-id 1975ea83b712 --version-path versions
        revision -m 'Add a column' --rev-id ae1027a6acf
        revision -m 'add shopping cart table' --head=1975ea83b712 --splice --rev-id 27c6a30d7c24
        upgrade ae1027a6acf
        heads
        heads --verbose
        branches --verbose
        upgrade heads
        current
        history
        merge -m 'merge ae1 and 27c' ae1027 27c6a --rev-id 53fffde5ad5
        history -r ae1027:53fffde5ad5
        upgrade head
        downgrade ae1027
        stamp heads
        revision -m 'create shopping cart' --head=53fff --branch-label=shoppingcart --rev-id 300a
        upgrade shoppingcart@head
        history -r 53fff:shoppingcart@head
        downgrade shoppingcart@-1
        upgrade shoppingcart@+1
        revision -m net --head=base --branch-label=networking --version-path=model/net --rev-id 3cac
        revision -m more --head=networking@head --depends-on=300a --rev-id 109e
        upgrade networking@head
        current --verbose
        downgrade networking@base
        upgrade heads
        history -r networking@base:
        heads --resolve-dependencies",
    );
}
