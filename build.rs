//! Hands the linker an order of functions, by which the program takes less memory.
//!
//! Linux maps a page of a program together with those around it. A command that runs a thousand
//! functions of nine thousand would have most of the others in memory as well, unless its own lie
//! side by side. `benches/order` finds and names them; a name that is no more does no harm.

#![expect(clippy::disallowed_methods, reason = "cargo speaks to build scripts by variables")]

use std::error::Error;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::{env, fs};

/// A pattern a line, of the linker's names.
const ORDER: &str = "src/bin/migrate/functions.txt";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={ORDER}");
    let is = |name, value| env::var(name).is_ok_and(|found| found == value);
    if is("CARGO_CFG_TARGET_OS", "linux") && is("PROFILE", "release") && has_usual_linker() {
        let script = PathBuf::from(env::var("OUT_DIR")?).join("functions.ld");
        fs::write(&script, section(&fs::read_to_string(ORDER)?)?)?;
        // In two: a comma in a path would part what stands behind `-Wl`.
        println!("cargo::rustc-link-arg-bin=migrate=-T");
        println!("cargo::rustc-link-arg-bin=migrate={}", script.display());
    }
    Ok(())
}

/// GNU ld and lld, one of which a compiler for Linux calls by itself, add a script like ours to their
/// own; of what somebody has put in their place that isn't known.
fn has_usual_linker() -> bool {
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    env::var_os("RUSTC_LINKER").is_none() && !flags.contains("fuse-ld") && !flags.contains("linker")
}

/// Compilers put each function into a section of its own, a rare one into `.text.unlikely`; before them
/// all comes where a program starts.
fn section(patterns: &str) -> Result<String, std::fmt::Error> {
    let mut script =
        String::from("SECTIONS {\n.text.everyday : {\n*crt1.o(.text) *crtbegin*.o(.text)\n");
    for pattern in patterns.lines() {
        writeln!(script, "*(.text.{pattern} .text.unlikely.{pattern})")?;
    }
    script.push_str("}\n}\nINSERT BEFORE .text;\n");
    Ok(script)
}
