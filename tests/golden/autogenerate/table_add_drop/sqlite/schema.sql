CREATE TABLE posts (
    id INTEGER PRIMARY KEY,
    author INTEGER NOT NULL REFERENCES authors (id) ON DELETE CASCADE,
    title TEXT NOT NULL
);
CREATE INDEX posts_author ON posts (author);
CREATE TABLE authors (
    id INTEGER PRIMARY KEY,
    favorite INTEGER REFERENCES posts (id) -- a circle
);
