CREATE TABLE log (
    id TEXT PRIMARY KEY,
    before TEXT,
    FOREIGN KEY (before) REFERENCES log (id),
    FOREIGN KEY (before) REFERENCES log,
    CHECK (before <> id),
    CHECK (before <> id)
) WITHOUT ROWID;
