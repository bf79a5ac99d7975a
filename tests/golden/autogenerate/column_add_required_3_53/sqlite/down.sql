-- Rebuild table teams
--   drop UNIQUE (code) of teams
-- DESTRUCTIVE: drops column teams.code with its values
CREATE TABLE _migrate_new_teams (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL
);
INSERT INTO _migrate_new_teams (id, name)
SELECT id, name
FROM teams
ORDER BY rowid;
DROP TABLE teams;
ALTER TABLE _migrate_new_teams RENAME TO teams;

-- Drop column users.email
-- DESTRUCTIVE: drops column users.email with its values
ALTER TABLE users DROP COLUMN email;

-- Drop column users.slug
-- DESTRUCTIVE: drops column users.slug with its values
ALTER TABLE users DROP COLUMN slug;
