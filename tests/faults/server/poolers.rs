//! poolers
