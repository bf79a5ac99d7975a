-- Create table posts
CREATE TABLE posts (
    id INTEGER PRIMARY KEY,
    author INTEGER NOT NULL REFERENCES authors (id) ON DELETE CASCADE,
    title TEXT NOT NULL
);

-- Create index posts_author
CREATE INDEX posts_author ON posts (author);

-- Create table authors
CREATE TABLE authors (
    id INTEGER PRIMARY KEY,
    favorite INTEGER REFERENCES posts (id) -- a circle
);

-- Drop table old_child
-- DESTRUCTIVE: drops table old_child with its rows
DROP TABLE old_child;

-- Drop table old_parent
-- DESTRUCTIVE: drops table old_parent with its rows
DROP TABLE old_parent;
