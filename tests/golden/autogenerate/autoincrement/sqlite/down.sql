-- Rebuild table kept
--   change column kept.a: type INTEGER becomes INT
CREATE TABLE _migrate_new_kept (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    a INT
);
INSERT INTO _migrate_new_kept (id, a)
SELECT id, a
FROM kept
ORDER BY rowid;
DELETE FROM sqlite_sequence WHERE name = '_migrate_new_kept';
INSERT INTO sqlite_sequence (name, seq)
SELECT '_migrate_new_kept', seq FROM sqlite_sequence WHERE name = 'kept';
DROP TABLE kept;
ALTER TABLE _migrate_new_kept RENAME TO kept;

-- Rebuild table turned_off
--   change the primary key of turned_off
CREATE TABLE _migrate_new_turned_off (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    a TEXT
);
INSERT INTO _migrate_new_turned_off (id, a)
SELECT id, a
FROM turned_off
ORDER BY rowid;
DROP TABLE turned_off;
ALTER TABLE _migrate_new_turned_off RENAME TO turned_off;

-- Rebuild table turned_on
--   change the primary key of turned_on
CREATE TABLE _migrate_new_turned_on (
    id INTEGER PRIMARY KEY,
    a TEXT
);
INSERT INTO _migrate_new_turned_on (id, a)
SELECT id, a
FROM turned_on
ORDER BY rowid;
DROP TABLE turned_on;
ALTER TABLE _migrate_new_turned_on RENAME TO turned_on;
