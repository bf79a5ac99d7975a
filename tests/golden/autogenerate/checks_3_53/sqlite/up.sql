-- Needs SQLite 3.53 or later: ADD CONSTRAINT

-- Add constraint positive to added
-- Fails if rows don't fit: CHECK (a > 0) of added. To find them: SELECT * FROM added WHERE NOT (a > 0)
ALTER TABLE added ADD CONSTRAINT positive CHECK (a > 0);

-- Add a CHECK to added
-- Fails if rows don't fit: CHECK (a < 100) of added. To find them: SELECT * FROM added WHERE NOT (a < 100)
ALTER TABLE added ADD CHECK (a < 100);

-- Drop constraint gone of named
ALTER TABLE named DROP CONSTRAINT gone;

-- Drop constraint changed of named
ALTER TABLE named DROP CONSTRAINT changed;

-- Add constraint changed to named
-- Fails if rows don't fit: CHECK (a > 1) of named. To find them: SELECT * FROM named WHERE NOT (a > 1)
ALTER TABLE named ADD CONSTRAINT changed CHECK (a > 1);

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
