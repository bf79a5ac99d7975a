//! Has cargo see a revision that was added.

fn main() {
    println!("cargo::rerun-if-changed=versions");
}
