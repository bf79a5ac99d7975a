-- Needs SQLite 3.53 or later: ALTER COLUMN

-- Rebuild table teams
--   add column teams.code
--   add UNIQUE (code) to teams
-- FILL IN: teams.code is NOT NULL and has no default; rows that are there need a value in place of NULL
CREATE TABLE _migrate_new_teams (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    code TEXT NOT NULL UNIQUE
);
INSERT INTO _migrate_new_teams (id, name, code)
SELECT id, name, NULL /* FILL IN */
FROM teams
ORDER BY rowid;
DROP TABLE teams;
ALTER TABLE _migrate_new_teams RENAME TO teams;

-- Add column users.email
-- FILL IN: users.email is NOT NULL and has no default; rows that are there need a value: UPDATE users SET email = …
ALTER TABLE users ADD COLUMN email TEXT;
ALTER TABLE users ALTER COLUMN email SET NOT NULL;

-- Add column users.slug
--   rows that are there get lower(name)
ALTER TABLE users ADD COLUMN slug TEXT;
UPDATE users SET slug = lower(name);
ALTER TABLE users ALTER COLUMN slug SET NOT NULL;
