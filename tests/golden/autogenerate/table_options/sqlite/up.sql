-- Rebuild table conflicts
--   change column conflicts.b: NOT NULL is written in another way
--   change UNIQUE (a) of conflicts to UNIQUE (a) ON CONFLICT REPLACE
CREATE TABLE _migrate_new_conflicts (id INTEGER PRIMARY KEY, a TEXT UNIQUE ON CONFLICT REPLACE, b TEXT NOT NULL ON CONFLICT IGNORE);
INSERT OR ABORT INTO _migrate_new_conflicts (id, a, b)
SELECT id, a, b
FROM conflicts
ORDER BY rowid;
DROP TABLE conflicts;
ALTER TABLE _migrate_new_conflicts RENAME TO conflicts;

-- Rebuild table loser
--   make loser not WITHOUT ROWID
CREATE TABLE _migrate_new_loser (k TEXT PRIMARY KEY, a TEXT);
INSERT INTO _migrate_new_loser (k, a)
SELECT k, a
FROM loser;
DROP TABLE loser;
ALTER TABLE _migrate_new_loser RENAME TO loser;

-- Rebuild table stricter
--   make stricter STRICT
-- Fails if rows don't fit: stricter.id takes INTEGER alone. To find them: SELECT * FROM stricter WHERE CAST(id AS INTEGER) <> id
-- Fails if rows don't fit: stricter.a takes TEXT alone. To find them: SELECT * FROM stricter WHERE typeof(a) = 'blob'
-- Fails if rows don't fit: stricter.b takes INTEGER alone. To find them: SELECT * FROM stricter WHERE CAST(b AS INTEGER) <> b
CREATE TABLE _migrate_new_stricter (id INTEGER PRIMARY KEY, a TEXT, b INTEGER) STRICT;
INSERT INTO _migrate_new_stricter (id, a, b)
SELECT id, a, b
FROM stricter
ORDER BY rowid;
DROP TABLE stricter;
ALTER TABLE _migrate_new_stricter RENAME TO stricter;

-- Rebuild table winner
--   make winner WITHOUT ROWID
CREATE TABLE _migrate_new_winner (k TEXT NOT NULL PRIMARY KEY, a TEXT) WITHOUT ROWID;
INSERT INTO _migrate_new_winner (k, a)
SELECT k, a
FROM winner
ORDER BY rowid;
DROP TABLE winner;
ALTER TABLE _migrate_new_winner RENAME TO winner;
