-- Rename table users to people
ALTER TABLE users RENAME TO people;

-- Rename column people.full_name to name
ALTER TABLE people RENAME COLUMN full_name TO name;

-- Rename column people.years to age
ALTER TABLE people RENAME COLUMN years TO age;

-- Rebuild table people
--   change column people.age: type INTEGER becomes TEXT
CREATE TABLE _migrate_new_people (
    id INTEGER PRIMARY KEY,
    name TEXT,
    age TEXT
);
INSERT INTO _migrate_new_people (id, name, age)
SELECT id, name, age
FROM people
ORDER BY rowid;
DROP TABLE people;
ALTER TABLE _migrate_new_people RENAME TO people;

-- Create index people_age
CREATE INDEX people_age ON people (age, name) WHERE name <> '';

-- Put trigger people_name back
CREATE TRIGGER people_name AFTER UPDATE OF name ON people BEGIN
    UPDATE people SET age = NULL WHERE id = NEW.id;
END;
