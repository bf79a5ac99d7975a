//! Scripts that lead from one schema to another and back, each proven before it is handed out.
//!
//! Two schemas come in: what is there, and what is wanted. Renames are done first, because nobody
//! else can know them; then the engine's `ddl` orders what is left, and `proof` has the runner run the script
//! on rows in a scratch database. What isn't proven is planned again in coarser steps, or refused. The down
//! script is planned the same way from what the up script led to.
//!
//! What an engine does in its own way is behind `ddl`: SQLite's rules are written. It writes no files.

mod compare;
mod ddl;
mod error;
mod generate;
mod hints;
mod join;
mod load;
mod proof;
mod rename;
mod resolve;
mod scratch;
mod script;
mod suggest;
mod tighten;
mod trial;

pub use compare::{Detail, compare};
pub use ddl::{dump, knows, same};
pub use error::AutogenerateError;
pub use generate::{Generated, Wish, generate};
pub use hints::{Backfills, Hints, RenameHint};
pub use load::{Desired, load, load_text};
pub use rename::Renames;
pub use scratch::{Scratch, scratch};
pub use suggest::Suggestion;
