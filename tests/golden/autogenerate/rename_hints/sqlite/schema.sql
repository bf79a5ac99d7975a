-- renamed from: people
CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    full_name TEXT, -- renamed from: name
    code TEXT
);
CREATE TABLE pets (id INTEGER PRIMARY KEY, owner INTEGER REFERENCES users (id));
-- renamed from: people_name
CREATE INDEX users_name ON users (full_name);
CREATE VIEW names AS SELECT full_name AS name FROM users;
