CREATE TABLE log (
    id TEXT PRIMARY KEY,
    before TEXT,
    CHECK (before <> id),
    FOREIGN KEY (before) REFERENCES log (id)
) WITHOUT ROWID;
