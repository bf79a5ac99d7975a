-- Rebuild table composite
--   change the primary key of composite
-- Fails if rows don't fit: composite has the primary key (a). To find them: SELECT a, count(*) FROM composite WHERE a IS NOT NULL GROUP BY 1 HAVING count(*) > 1
-- Fails if rows don't fit: composite.a takes INTEGER alone. To find them: SELECT * FROM composite WHERE CAST(a AS INTEGER) <> a
CREATE TABLE _migrate_new_composite (
    a INTEGER PRIMARY KEY,
    b INTEGER,
    c TEXT
);
INSERT INTO _migrate_new_composite (a, b, c)
SELECT a, b, c
FROM composite
ORDER BY rowid;
DROP TABLE composite;
ALTER TABLE _migrate_new_composite RENAME TO composite;

-- Rebuild table keyless
--   change the primary key of keyless
-- DESTRUCTIVE: drops column keyless.id with its values
CREATE TABLE _migrate_new_keyless (
    name TEXT
);
INSERT INTO _migrate_new_keyless (rowid, name)
SELECT rowid, name
FROM keyless
ORDER BY rowid;
DROP TABLE keyless;
ALTER TABLE _migrate_new_keyless RENAME TO keyless;

-- Rebuild table to_key
--   change the primary key of to_key
CREATE TABLE _migrate_new_to_key (
    id INTEGER,
    a TEXT
);
INSERT INTO _migrate_new_to_key (rowid, id, a)
SELECT rowid, id, a
FROM to_key
ORDER BY rowid;
DROP TABLE to_key;
ALTER TABLE _migrate_new_to_key RENAME TO to_key;

-- Rebuild table to_rowid
--   change column to_rowid.id: type INTEGER becomes INT
--   change the primary key of to_rowid
CREATE TABLE _migrate_new_to_rowid (
    id INT PRIMARY KEY,
    a TEXT
);
INSERT INTO _migrate_new_to_rowid (rowid, id, a)
SELECT rowid, id, a
FROM to_rowid
ORDER BY rowid;
DROP TABLE to_rowid;
ALTER TABLE _migrate_new_to_rowid RENAME TO to_rowid;

-- Rebuild table u
--   drop UNIQUE (a) of u
--   drop UNIQUE (b, a) of u
--   add UNIQUE (b) to u
--   add UNIQUE (a, b) to u
-- Fails if rows don't fit: u becomes UNIQUE by b. To find them: SELECT b, count(*) FROM u WHERE b IS NOT NULL GROUP BY 1 HAVING count(*) > 1
CREATE TABLE _migrate_new_u (
    id INTEGER PRIMARY KEY,
    a TEXT,
    b TEXT UNIQUE,
    UNIQUE (a, b)
);
INSERT INTO _migrate_new_u (id, a, b)
SELECT id, a, b
FROM u
ORDER BY rowid;
DROP TABLE u;
ALTER TABLE _migrate_new_u RENAME TO u;
