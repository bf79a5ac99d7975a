//! Scripts that lead from one schema to another and back, each proven before it is returned.
//!
//! The inputs are the present and the wanted schema. Renames are done first, since only the user
//! knows them; then the engine's `ddl` orders the rest, and `proof` has the runner run the script
//! on rows in a scratch database. A script that isn't proven is planned again in coarser steps, or
//! refused. The down script is planned in the same way from the result of the up script.
//!
//! Everything specific to an engine is behind `ddl`; databases to try things on are behind `scratch`. No
//! files are written here.

mod compare;
mod copy;
mod ddl;
mod divided;
mod error;
mod fills;
mod generate;
mod hints;
mod join;
mod load;
mod opaque;
mod option;
mod proof;
mod rename;
mod resolve;
mod scratch;
mod script;
mod skip;
mod suggest;
mod tighten;
mod trial;

pub use compare::{Detail, compare};
pub use copy::{Rows, copy};
pub use ddl::{dump, knows, same, text, unwritten};
pub(crate) use ddl::{is_left_out, is_left_out_beside_rights, reaches_out};
pub use divided::{Apart, Online};
pub use error::AutogenerateError;
pub use generate::{Generated, Scripts, Wish, generate};
pub use hints::{Backfills, Hints, RenameHint};
pub use load::{Desired, fill, load, load_text, texts};
pub use opaque::set_apart;
pub(crate) use rename::OWNERS;
pub use rename::Renames;
pub use scratch::{Scratch, drop_scratch, scratch, scratch_on, scratch_without};
pub use skip::without_extensions;
pub use suggest::Suggestion;
