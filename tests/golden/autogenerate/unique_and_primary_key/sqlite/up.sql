-- Rebuild table composite
--   change the primary key of composite
CREATE TABLE _migrate_new_composite (a INTEGER, b INTEGER, c TEXT, PRIMARY KEY (a, b DESC));
INSERT INTO _migrate_new_composite (rowid, a, b, c)
SELECT rowid, a, b, c
FROM composite
ORDER BY rowid;
DROP TABLE composite;
ALTER TABLE _migrate_new_composite RENAME TO composite;

-- Rebuild table keyless
--   add column keyless.id
--   change the primary key of keyless
CREATE TABLE _migrate_new_keyless (id INTEGER PRIMARY KEY, name TEXT);
INSERT INTO _migrate_new_keyless (id, name)
SELECT rowid, name
FROM keyless
ORDER BY rowid;
DROP TABLE keyless;
ALTER TABLE _migrate_new_keyless RENAME TO keyless;

-- Rebuild table to_key
--   change the primary key of to_key
-- Fails if rows don't fit: to_key has the primary key (id). To find them: SELECT id, count(*) FROM to_key WHERE id IS NOT NULL GROUP BY 1 HAVING count(*) > 1
-- Fails if rows don't fit: to_key.id takes INTEGER alone. To find them: SELECT * FROM to_key WHERE CAST(id AS INTEGER) <> id
CREATE TABLE _migrate_new_to_key (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO _migrate_new_to_key (id, a)
SELECT id, a
FROM to_key
ORDER BY rowid;
DROP TABLE to_key;
ALTER TABLE _migrate_new_to_key RENAME TO to_key;

-- Rebuild table to_rowid
--   change column to_rowid.id: type INT becomes INTEGER
--   change the primary key of to_rowid
CREATE TABLE _migrate_new_to_rowid (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO _migrate_new_to_rowid (id, a)
SELECT id, a
FROM to_rowid
ORDER BY rowid;
DROP TABLE to_rowid;
ALTER TABLE _migrate_new_to_rowid RENAME TO to_rowid;

-- Rebuild table u
--   drop UNIQUE (b) of u
--   drop UNIQUE (a, b) of u
--   add UNIQUE (a) to u
--   add UNIQUE (b, a) to u
-- Fails if rows don't fit: u becomes UNIQUE by a. To find them: SELECT a, count(*) FROM u WHERE a IS NOT NULL GROUP BY 1 HAVING count(*) > 1
CREATE TABLE _migrate_new_u (id INTEGER PRIMARY KEY, a TEXT UNIQUE, b TEXT, CONSTRAINT u_ba UNIQUE (b, a));
INSERT INTO _migrate_new_u (id, a, b)
SELECT id, a, b
FROM u
ORDER BY rowid;
DROP TABLE u;
ALTER TABLE _migrate_new_u RENAME TO u;
