//! Has the program built anew when there is a new revision: the scripts are in it.

fn main() {
    println!("cargo::rerun-if-changed=../../versions");
    println!("cargo::rerun-if-changed=../../src/ops/templates/postgres/versions");
}
