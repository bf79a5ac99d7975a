//! Schema migrations in plain SQL with Alembic's revision graph.
//!
//! A project is a folder of script pairs that form a graph of revisions; the database keeps a
//! table of those that are applied. A program that brings its scripts along and upgrades its own
//! database when it starts:
//!
//! ```
//! use limbeck::{Migrator, Versions};
//!
//! static VERSIONS: Versions = limbeck::versions!("$CARGO_MANIFEST_DIR/versions");
//!
//! # let folder = tempfile::tempdir()?;
//! # let url = format!("sqlite:{}", folder.path().join("app.db").display());
//! let report = Migrator::embedded(&VERSIONS)?.url(&url)?.upgrade("head")?;
//! println!("{} revisions applied", report.steps.len());
//! # assert_eq!(report.steps.len(), 8);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The scripts are made with the program `migrate`, as any project's are: `migrate revision -m "create
//! users"`. What a program asks for in its `Cargo.toml` is `limbeck = { version = "0.1",
//! default-features = false, features = ["sqlite"] }`:
//!
//! | feature | brings |
//! |---|---|
//! | `sqlite` | SQLite, built in, and [`rusqlite::Connection`](https://docs.rs/rusqlite) to [lend](Lend) |
//! | `postgres`, `mysql` | the servers, and TLS |
//! | `postgres-client`, `mysql-client` | `postgres::Client` and `mysql::Conn` to [lend](Lend) |
//! | `diagram` | pictures of schemas and of the graph |
//! | `cli` | the program `migrate`, which draws; nothing else of it is used by the library |
//!
//! - **On what**: a URL ([`Migrator::url`]), or a connection that the program holds
//!   ([`Migrator::on`]); scripts that are [built in](versions), or a project's folder
//!   ([`Migrator::open`]).
//! - **What happens** is reported as [events](Migrator::on_event).
//! - **Steps in Rust**: a revision can be [code of the program](Migrator::step) instead of a script.
//! - **Errors** are one enum, [`Error`], with a [kind](Error::kind), the [place](Error::place) in a
//!   script, and what was [done](Error::done) before.
//!
//! # In async programs
//!
//! A migration is one connection that does one statement after another, so there is nothing to await:
//! it runs on a thread where it may block.
//!
//! ```
//! # static VERSIONS: limbeck::Versions = limbeck::versions!("$CARGO_MANIFEST_DIR/versions");
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
//! # runtime.block_on(async {
//! let migrator = limbeck::Migrator::embedded(&VERSIONS)?.url("sqlite::memory:")?;
//! let report = tokio::task::spawn_blocking(move || migrator.upgrade("head")).await??;
//! # assert_eq!(report.heads.len(), 1);
//! # Ok(()) })
//! # }
//! ```
//!
//! # The parts
//!
//! - [`migrator`]: the way in; [`config`]: what can be set
//! - [`ops`]: the operations, their requests and their reports, for programs that want more than
//!   [`Migrator`] offers
//! - [`runner`]: the events of a run; [`script`]: steps; [`sql`]: how values and names are quoted
//! - [`database`]: connections, and how they are lent; [`revision`]: the graph of revisions
//! - [`error`]: how an operation can fail, and [`place`], where in a text
//!
//! What else is public serves the program `migrate` and the tests. It is left out of these pages, and changes
//! without notice.

#![warn(clippy::wildcard_enum_match_arm)]

pub mod config;
pub mod database;
pub mod error;
pub mod migrator;
pub mod ops;
pub mod place;
pub mod revision;
pub mod runner;
pub mod script;
pub mod sql;

#[doc(hidden)]
pub mod autogenerate;
#[doc(hidden)]
pub mod catalog;
#[doc(hidden)]
pub mod clock;
#[cfg(feature = "diagram")]
#[doc(hidden)]
pub mod diagram;
#[doc(hidden)]
pub mod duration;
mod file;
#[doc(hidden)]
pub mod inspect;
#[cfg(feature = "diagram")]
#[doc(hidden)]
pub mod lanes;
#[doc(hidden)]
pub mod ledger;
#[doc(hidden)]
pub mod near;
#[doc(hidden)]
pub mod plan;
#[doc(hidden)]
pub mod process;
#[doc(hidden)]
pub mod project;
#[doc(hidden)]
pub mod sqlite;
#[doc(hidden)]
pub mod url;
mod words;

pub use database::Lend;
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

pub use error::{Error, ErrorKind};
pub use migrator::{Migrator, Session, Versions};
pub use script::{Step, Transaction};

/// Re-exported for the expansion of `versions!`; not for direct use.
#[doc(hidden)]
pub use include_dir as __include_dir;

/// Puts the scripts of a folder into the program, as a [`Versions`](crate::Versions).
///
/// The path is a literal and best begins with `$CARGO_MANIFEST_DIR`, the folder of the package: else it
/// starts from where the compiler runs, which in a workspace is another.
///
/// ```
/// static VERSIONS: limbeck::Versions = limbeck::versions!("$CARGO_MANIFEST_DIR/versions");
/// ```
///
/// Cargo builds anew when a script is edited. That one was added, it finds out only if a build script
/// of the package, `build.rs`, says so: `println!("cargo::rerun-if-changed=versions");`.
#[macro_export]
macro_rules! versions {
    ($folder:tt) => {{
        use $crate::__include_dir as include_dir;
        static FOLDER: include_dir::Dir<'static> = include_dir::include_dir!($folder);
        $crate::Versions::embedded($folder, &FOLDER)
    }};
}
