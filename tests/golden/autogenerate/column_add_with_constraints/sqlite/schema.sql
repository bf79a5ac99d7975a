CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    boss INTEGER,
    age INTEGER NOT NULL DEFAULT 1 CHECK (age > 0),
    shout TEXT AS (upper(name)),
    CONSTRAINT users_boss FOREIGN KEY (boss) REFERENCES users (id) ON DELETE SET NULL,
    CHECK (boss <> id)
);
