CREATE TABLE {running} (
    revision TEXT NOT NULL PRIMARY KEY,
    operation TEXT NOT NULL,
    statements INTEGER NOT NULL,
    begun INTEGER NOT NULL,
    done INTEGER NOT NULL,
    begun_digest TEXT NOT NULL,
    done_digest TEXT NOT NULL,
    process TEXT NOT NULL,
    begun_at TEXT NOT NULL,
    catalog TEXT
)
