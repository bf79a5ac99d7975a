-- Needs SQLite 3.53 or later: ADD CONSTRAINT

-- Add constraint positive to added
ALTER TABLE added ADD CONSTRAINT positive CHECK (a > 0);

-- Add a CHECK to added
ALTER TABLE added ADD CHECK (a < 100);

-- Drop constraint gone of named
ALTER TABLE named DROP CONSTRAINT gone;

-- Drop constraint changed of named
ALTER TABLE named DROP CONSTRAINT changed;

-- Add constraint changed to named
ALTER TABLE named ADD CONSTRAINT changed CHECK (a > 1);

-- Rebuild table unnamed
--   drop CHECK (a > 0) of unnamed
--   drop CHECK (b IN ('x', 'y')) of unnamed
--   add CHECK (b IN ('x', 'y', 'z')) to unnamed
CREATE TABLE _migrate_new_unnamed (id INTEGER PRIMARY KEY, a INTEGER, b TEXT CHECK (b IN ('x', 'y', 'z')));
INSERT INTO _migrate_new_unnamed (id, a, b)
SELECT id, a, b
FROM unnamed
ORDER BY rowid;
DROP TABLE unnamed;
ALTER TABLE _migrate_new_unnamed RENAME TO unnamed;
