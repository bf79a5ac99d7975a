-- Create table old_parent
CREATE TABLE old_parent (
    id INTEGER PRIMARY KEY
);

-- Create table old_child
CREATE TABLE old_child (
    id INTEGER PRIMARY KEY,
    parent INTEGER REFERENCES old_parent (id)
);

-- Create index old_child_parent
CREATE INDEX old_child_parent ON old_child (parent);

-- Drop table authors
-- DESTRUCTIVE: drops table authors with its rows
DROP TABLE authors;

-- Drop table posts
-- DESTRUCTIVE: drops table posts with its rows
DROP TABLE posts;
