#![doc = "The library."]
#![warn(clippy::wildcard_enum_match_arm)]
pub mod place;
pub mod plan;
pub mod revision;
