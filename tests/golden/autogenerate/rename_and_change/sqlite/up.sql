-- Rename table people to users
ALTER TABLE people RENAME TO users;

-- Rename column users.name to full_name
ALTER TABLE users RENAME COLUMN name TO full_name;

-- Rename column users.age to years
ALTER TABLE users RENAME COLUMN age TO years;

-- Rebuild table users
-- DESTRUCTIVE: changes column users.years: type TEXT becomes INTEGER
CREATE TABLE _migrate_new_users (
    id INTEGER PRIMARY KEY,
    full_name TEXT,
    years INTEGER
);
INSERT INTO _migrate_new_users (id, full_name, years)
SELECT id, full_name, years
FROM users
ORDER BY rowid;
DROP TABLE users;
ALTER TABLE _migrate_new_users RENAME TO users;

-- Create index people_age
CREATE INDEX people_age ON users (years, full_name) WHERE full_name <> '';

-- Put trigger people_name back
CREATE TRIGGER people_name AFTER UPDATE OF full_name ON users BEGIN
    UPDATE users SET years = NULL WHERE id = NEW.id;
END;
