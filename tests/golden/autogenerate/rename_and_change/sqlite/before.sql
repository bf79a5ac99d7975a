CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, age TEXT);
CREATE TRIGGER people_name AFTER UPDATE OF name ON people BEGIN
    UPDATE people SET age = NULL WHERE id = NEW.id;
END;
CREATE INDEX people_age ON people (age, name) WHERE name <> '';
