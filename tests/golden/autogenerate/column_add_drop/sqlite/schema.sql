CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    email TEXT NOT NULL DEFAULT '',
    name TEXT NOT NULL,
    created_at TEXT
);
