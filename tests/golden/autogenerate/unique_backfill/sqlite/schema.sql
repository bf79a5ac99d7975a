CREATE TABLE seats (
    place TEXT PRIMARY KEY,
    -- backfill: 'free'
    holder TEXT NOT NULL UNIQUE,
    price INTEGER
);
