-- Rename table users to people
ALTER TABLE users RENAME TO people;

-- Rename column people.full_name to name
ALTER TABLE people RENAME COLUMN full_name TO name;

-- Drop view names: it is made anew below
DROP VIEW names;

-- Drop index users_name
DROP INDEX users_name;

-- Create index people_name
CREATE INDEX people_name ON people (name);

-- Create view names
CREATE VIEW names AS SELECT name FROM people;
