//! How large SQLite's page cache is to be.
//!
//! SQLite goes through its whole schema for each object that is made (`OP_ParseSchema`): one that doesn't
//! fit into the cache is read from the file each time. And pages that wait for a commit may take nine
//! tenths of the cache, which leaves the schema the rest.

/// Our smallest cache and our largest, in KiB. SQLite's own has 2000: the difference is memory that a
/// thousand small revisions need not take, for two commits more.
pub(super) const LEAST: usize = 1600;
const MOST: usize = 16_000;

/// What there is room for beside the schema, in KiB.
const ROOM: usize = 800;

/// What a revision takes of that: the roots of a table and an index, and a part of other pages.
const OF_REVISION: usize = 12;

/// Returns the size, in KiB, for a schema of so many bytes, and how many revisions are best
/// committed together at most.
pub(super) fn for_schema(bytes: usize) -> (usize, usize) {
    let schema = bytes / 1024;
    let cache = (schema + ROOM).clamp(LEAST, MOST);
    (cache, cache.saturating_sub(schema).max(ROOM / 4) / OF_REVISION)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_has_room_beside_the_schema() {
        for megabytes in 0..13 {
            let bytes = megabytes << 20;
            let (cache, revisions) = for_schema(bytes);
            assert!((LEAST..=MOST).contains(&cache), "{bytes}");
            assert!(bytes / 1024 + revisions * OF_REVISION <= cache, "{bytes}");
        }
        let (cache, revisions) = for_schema(usize::MAX / 16);
        assert!(cache == MOST && revisions > 10, "never so few that commits are all there is");
    }
}
