-- Drop trigger users_nick
DROP TRIGGER users_nick;

-- Drop view nicks: it is made anew below
DROP VIEW nicks;

-- Drop view names: it comes back below
DROP VIEW names;

-- Rebuild table users
--   drop column users.loud
--   drop FOREIGN KEY (team) REFERENCES teams of users
--   drop CHECK (age > 0) of users
--   drop CHECK (nick <> name) of users
-- DESTRUCTIVE: drops column users.age with its values
-- DESTRUCTIVE: drops column users.nick with its values
-- DESTRUCTIVE: drops column users.team with its values
CREATE TABLE _migrate_new_users (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL
);
INSERT INTO _migrate_new_users (id, name)
SELECT id, name
FROM users
ORDER BY rowid;
DROP TABLE users;
ALTER TABLE _migrate_new_users RENAME TO users;

-- Create index users_name
CREATE INDEX users_name ON users (name);

-- Put view names back
CREATE VIEW names AS SELECT id, name FROM users;

-- Create view nicks
CREATE VIEW nicks AS SELECT id, name AS nick FROM users;
