-- Rebuild table added
--   add CHECK (a > 0) to added
--   add CHECK (a < 100) to added
-- Fails if rows don't fit: CHECK (a > 0) of added. To find them: SELECT * FROM added WHERE NOT (a > 0)
-- Fails if rows don't fit: CHECK (a < 100) of added. To find them: SELECT * FROM added WHERE NOT (a < 100)
CREATE TABLE _migrate_new_added (id INTEGER PRIMARY KEY, a INTEGER, CONSTRAINT positive CHECK (a > 0), CHECK (a < 100));
INSERT INTO _migrate_new_added (id, a)
SELECT id, a
FROM added
ORDER BY rowid;
DROP TABLE added;
ALTER TABLE _migrate_new_added RENAME TO added;

-- Rebuild table named
--   change CONSTRAINT changed CHECK (a > 0) of named to CONSTRAINT changed CHECK (a > 1)
--   drop CHECK (a > b) of named
-- Fails if rows don't fit: CHECK (a > 1) of named. To find them: SELECT * FROM named WHERE NOT (a > 1)
CREATE TABLE _migrate_new_named (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER, CONSTRAINT changed CHECK (a > 1));
INSERT INTO _migrate_new_named (id, a, b)
SELECT id, a, b
FROM named
ORDER BY rowid;
DROP TABLE named;
ALTER TABLE _migrate_new_named RENAME TO named;

-- Rebuild table unnamed
--   drop CHECK (a > 0) of unnamed
--   drop CHECK (b IN ('x', 'y')) of unnamed
--   add CHECK (b IN ('x', 'y', 'z')) to unnamed
-- Fails if rows don't fit: CHECK (b IN ('x', 'y', 'z')) of unnamed. To find them: SELECT * FROM unnamed WHERE NOT (b IN ('x', 'y', 'z'))
CREATE TABLE _migrate_new_unnamed (id INTEGER PRIMARY KEY, a INTEGER, b TEXT CHECK (b IN ('x', 'y', 'z')));
INSERT INTO _migrate_new_unnamed (id, a, b)
SELECT id, a, b
FROM unnamed
ORDER BY rowid;
DROP TABLE unnamed;
ALTER TABLE _migrate_new_unnamed RENAME TO unnamed;
