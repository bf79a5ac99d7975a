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

-- Rebuild table users
--   add column users.email
--   add column users.slug
--   users.slug of rows that are there becomes lower(name)
-- FILL IN: users.email is NOT NULL and has no default; rows that are there need a value in place of NULL
CREATE TABLE _migrate_new_users (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    slug TEXT NOT NULL
);
INSERT INTO _migrate_new_users (id, name, email, slug)
SELECT id, name, NULL /* FILL IN */, lower(name)
FROM users
ORDER BY rowid;
DROP TABLE users;
ALTER TABLE _migrate_new_users RENAME TO users;
