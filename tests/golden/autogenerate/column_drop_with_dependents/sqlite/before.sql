CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    age INTEGER CHECK (age > 0),
    nick TEXT,
    team INTEGER REFERENCES teams (id),
    loud TEXT AS (upper(nick)),
    CHECK (nick <> name)
);
CREATE TABLE teams (id INTEGER PRIMARY KEY);
CREATE INDEX users_nick ON users (nick);
CREATE INDEX users_name ON users (name);
CREATE VIEW nicks AS SELECT id, nick FROM users;
CREATE VIEW names AS SELECT id, name FROM users;
CREATE TRIGGER users_nick AFTER UPDATE OF nick ON users BEGIN
    UPDATE users SET name = NEW.nick WHERE id = NEW.id;
END;
