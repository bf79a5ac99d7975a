//! Schema migrations in plain SQL with Alembic's revision graph.
//!
//! A project is a folder of script pairs that form a graph of revisions; the database keeps a
//! table of those that are applied. This library reads the one, compares it with the other, and
//! runs what is missing:
//!
//! ```no_run
//! use limbeck::config::{Environment, Overrides};
//! use limbeck::ops::{self, Request};
//! use limbeck::project::Project;
//!
//! let project = Project::open(&Overrides::default(), &Environment::from_process()?)?;
//! let mut connection = ops::open_to_write(&project)?;
//! let request = Request::upgrade("head");
//! let report = ops::migrate(&project, &mut *connection, &request, &mut |_| {})?;
//! println!("{} revisions applied", report.steps.len());
//! # Ok::<(), limbeck::Error>(())
//! ```
//!
//! The modules, lowest first; none imports from one further down:
//!
//! - [`place`], [`clock`], [`process`], [`url`], [`sql`], [`duration`]: text, time and the system
//! - [`revision`], [`schema`]: the files and the graph they form; schemas, and how two differ
//! - [`config`], [`plan`], [`ledger`], [`database`]: settings, what is to run, the version table,
//!   connections
//! - [`script`], [`inspect`]: a plan as a list of actions; a live database's schema
//! - [`runner`], [`autogenerate`]: executes it; scripts from what two schemas differ in
//! - [`project`], [`error`]: what an operation starts from, and how it can fail
//! - [`ops`]: the operations

#![warn(clippy::wildcard_enum_match_arm)]

pub mod autogenerate;
pub mod clock;
pub mod config;
pub mod database;
pub mod duration;
pub mod error;
pub mod inspect;
pub mod ledger;
pub mod migrator;
pub mod ops;
pub mod place;
pub mod plan;
pub mod process;
pub mod project;
pub mod revision;
pub mod runner;
pub mod schema;
pub mod script;
pub mod sql;
pub mod url;

pub use database::Lend;
pub use error::{Error, ErrorKind};
pub use migrator::{Migrator, Session, Versions};
pub use script::{Step, Transaction};

/// What `versions!` needs to reach from other crates; not for use.
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
