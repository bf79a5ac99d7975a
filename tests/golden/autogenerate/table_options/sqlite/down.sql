-- Rebuild table conflicts
--   change column conflicts.b: NOT NULL is written in another way
--   change UNIQUE (a) ON CONFLICT REPLACE of conflicts to UNIQUE (a)
CREATE TABLE _migrate_new_conflicts (
    id INTEGER PRIMARY KEY,
    a TEXT UNIQUE,
    b TEXT NOT NULL
);
INSERT INTO _migrate_new_conflicts (id, a, b)
SELECT id, a, b
FROM conflicts
ORDER BY rowid;
DROP TABLE conflicts;
ALTER TABLE _migrate_new_conflicts RENAME TO conflicts;

-- Rebuild table loser
--   make loser WITHOUT ROWID
-- Fails if rows don't fit: loser.k becomes NOT NULL. To find them: SELECT * FROM loser WHERE k IS NULL
CREATE TABLE _migrate_new_loser (
    k TEXT PRIMARY KEY,
    a TEXT
) WITHOUT ROWID;
INSERT INTO _migrate_new_loser (k, a)
SELECT k, a
FROM loser
ORDER BY rowid;
DROP TABLE loser;
ALTER TABLE _migrate_new_loser RENAME TO loser;

-- Rebuild table stricter
--   make stricter not STRICT
CREATE TABLE _migrate_new_stricter (
    id INTEGER PRIMARY KEY,
    a TEXT,
    b INTEGER
);
INSERT INTO _migrate_new_stricter (id, a, b)
SELECT id, a, b
FROM stricter
ORDER BY rowid;
DROP TABLE stricter;
ALTER TABLE _migrate_new_stricter RENAME TO stricter;

-- Rebuild table winner
--   make winner not WITHOUT ROWID
CREATE TABLE _migrate_new_winner (
    k TEXT PRIMARY KEY NOT NULL,
    a TEXT
);
INSERT INTO _migrate_new_winner (k, a)
SELECT k, a
FROM winner;
DROP TABLE winner;
ALTER TABLE _migrate_new_winner RENAME TO winner;
