-- renamed from: people
CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    full_name TEXT, -- renamed from: name
    -- renamed from: age
    years INTEGER
);
CREATE TRIGGER people_name AFTER UPDATE OF full_name ON users BEGIN
    UPDATE users SET years = NULL WHERE id = NEW.id;
END;
CREATE INDEX people_age ON users (years, full_name) WHERE full_name <> '';
