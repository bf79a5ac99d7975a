CREATE TABLE t (
    id INTEGER PRIMARY KEY,
    a TEXT NOT NULL, -- backfill: 'none'
    b TEXT,
    c INTEGER NOT NULL DEFAULT 5,
    d TEXT NOT NULL
);
