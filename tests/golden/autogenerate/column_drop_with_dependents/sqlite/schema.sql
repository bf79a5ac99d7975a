CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL
);
CREATE TABLE teams (id INTEGER PRIMARY KEY);
CREATE INDEX users_name ON users (name);
CREATE VIEW nicks AS SELECT id, name AS nick FROM users;
CREATE VIEW names AS SELECT id, name FROM users;
