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
//! - [`revision`], [`schema`], [`outline`]: the files and the graph they form; schemas, and how two
//!   differ; what a drawing shows of one
//! - [`config`], [`plan`], [`ledger`], [`database`], [`diagram`]: settings, what is to run, the
//!   version table, connections, drawings
//! - [`script`], [`inspect`]: a plan as a list of actions; a live database's schema
//! - [`runner`], [`autogenerate`]: executes it; scripts from what two schemas differ in
//! - [`project`], [`error`]: what an operation starts from, and how it can fail
//! - [`ops`]: the operations

#![warn(clippy::wildcard_enum_match_arm)]

pub mod autogenerate;
pub mod clock;
pub mod config;
pub mod database;
pub mod diagram;
pub mod duration;
pub mod error;
pub mod inspect;
pub mod ledger;
pub mod ops;
pub mod outline;
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

pub use error::{Error, ErrorKind};
