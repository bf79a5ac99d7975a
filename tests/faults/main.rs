//! What happens to the program from outside, and what must hold nevertheless.
//!
//! Processes are killed, file operations fail one by one, disks fill up, racers meet, and files
//! say nonsense. After each of these a client of its own looks at the database: a revision is
//! there with its row, wholly and once, or it isn't. Then the next run has to finish the work.
//!
//! [`server`] does the same to clients of real servers, to the servers, and to what is between.
//!
//! The usual run takes samples. `LIMBECK_FAULTS=long cargo test --release --test faults --
//! --nocapture` goes through all operations and prints how many trials it made;
//! `LIMBECK_FAULTS_SEED` shifts the random ones.
#![cfg(all(unix, feature = "sqlite", feature = "cli"))]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod inputs;
mod kills;
mod large;
mod limits;
mod look;
mod operations;
mod project;
mod races;
mod secrets;
mod server;
mod shim;
mod signals;
mod trial;

/// Tells whether every trial is to be made, and not only some of each kind.
#[expect(clippy::disallowed_methods, reason = "the switch of this test, not of the program")]
fn is_long() -> bool {
    std::env::var("LIMBECK_FAULTS").is_ok_and(|value| value == "long")
}

/// Returns one of two numbers: of the short run or of the long one.
fn short_or_long<T>(short: T, long: T) -> T {
    if is_long() { long } else { short }
}

/// Tells what was tried; shown with `--nocapture`.
#[expect(clippy::print_stdout, reason = "counts are what the long run is made for")]
fn tell(text: &str) {
    println!("faults: {text}");
}

/// Says that a test is skipped, past the harness, which hides what passing tests print.
fn skip(what: &str) {
    let why = format!("SKIPPED: {what}, without LIMBECK_FAULTS=long\n");
    drop(std::io::Write::write_all(&mut std::io::stderr(), why.as_bytes()));
}

/// Returns what shifts the random numbers.
#[expect(clippy::disallowed_methods, reason = "the seed of this test, not of the program")]
fn seed() -> u64 {
    let given = std::env::var("LIMBECK_FAULTS_SEED").ok().and_then(|it| it.parse().ok());
    given.unwrap_or(1)
}

/// Numbers that look random, and are the same in every run.
struct Random(u64);

impl Random {
    fn new(salt: u64) -> Self {
        Self((seed() ^ (salt << 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// Returns a number below another.
    fn below(&mut self, limit: u64) -> u64 {
        // xorshift64 (Marsaglia 2003).
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) % limit.max(1)
    }
}
