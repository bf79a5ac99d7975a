-- Rename table people to users
ALTER TABLE people RENAME TO users;

-- Rename column users.name to full_name
ALTER TABLE users RENAME COLUMN name TO full_name;

-- Drop view names: it is made anew below
DROP VIEW names;

-- Drop index people_name
DROP INDEX people_name;

-- Create index users_name
CREATE INDEX users_name ON users (full_name);

-- Create view names
CREATE VIEW names AS SELECT full_name AS name FROM users;
