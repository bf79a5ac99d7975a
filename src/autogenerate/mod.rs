//! Scripts that lead from one schema to another and back, each proven before it is handed out.
//!
//! Two schemas come in: what is there, and what is wanted. Renames are done first, because nobody
//! else can know them; then `plan` orders what is left, and `proof` runs the script on rows in a
//! database in memory. What isn't proven is planned again in coarser steps, or refused. The down
//! script is planned the same way from what the up script led to.
//!
//! It knows SQLite only, and writes no files.

mod compare;
mod error;
mod generate;
mod hints;
mod join;
mod load;
mod needs;
mod plan;
mod plant;
mod proof;
mod rename;
mod resolve;
mod rows;
mod scratch;
mod script;
mod suggest;
mod text;
mod tighten;

pub use compare::{Detail, compare};
pub use error::AutogenerateError;
pub use generate::{Generated, Wish, filtered, generate};
pub use hints::{Backfills, Hints, RenameHint};
pub use load::{Desired, load, load_text};
pub use rename::Renames;
pub use scratch::Scratch;
pub use suggest::{Suggestion, suggest};
