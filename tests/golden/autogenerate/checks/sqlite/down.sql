-- Rebuild table added
--   drop CHECK (a > 0) of added
--   drop CHECK (a < 100) of added
CREATE TABLE _migrate_new_added (
    id INTEGER PRIMARY KEY,
    a INTEGER
);
INSERT INTO _migrate_new_added (id, a)
SELECT id, a
FROM added
ORDER BY rowid;
DROP TABLE added;
ALTER TABLE _migrate_new_added RENAME TO added;

-- Rebuild table named
--   change CONSTRAINT changed CHECK (a > 1) of named to CONSTRAINT changed CHECK (a > 0)
--   add CHECK (a > b) to named
-- Fails if rows don't fit: CHECK (a > b) of named. To find them: SELECT * FROM named WHERE NOT (a > b)
-- Fails if rows don't fit: CHECK (a > 0) of named. To find them: SELECT * FROM named WHERE NOT (a > 0)
CREATE TABLE _migrate_new_named (
    id INTEGER PRIMARY KEY,
    a INTEGER,
    b INTEGER,
    CONSTRAINT gone CHECK (a > b),
    CONSTRAINT changed CHECK (a > 0)
);
INSERT INTO _migrate_new_named (id, a, b)
SELECT id, a, b
FROM named
ORDER BY rowid;
DROP TABLE named;
ALTER TABLE _migrate_new_named RENAME TO named;

-- Rebuild table unnamed
--   drop CHECK (b IN ('x', 'y', 'z')) of unnamed
--   add CHECK (a > 0) to unnamed
--   add CHECK (b IN ('x', 'y')) to unnamed
-- Fails if rows don't fit: CHECK (a > 0) of unnamed. To find them: SELECT * FROM unnamed WHERE NOT (a > 0)
-- Fails if rows don't fit: CHECK (b IN ('x', 'y')) of unnamed. To find them: SELECT * FROM unnamed WHERE NOT (b IN ('x', 'y'))
CREATE TABLE _migrate_new_unnamed (
    id INTEGER PRIMARY KEY,
    a INTEGER CHECK (a > 0),
    b TEXT CHECK (b IN ('x', 'y'))
);
INSERT INTO _migrate_new_unnamed (id, a, b)
SELECT id, a, b
FROM unnamed
ORDER BY rowid;
DROP TABLE unnamed;
ALTER TABLE _migrate_new_unnamed RENAME TO unnamed;
