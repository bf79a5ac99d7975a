-- Drop trigger posts_insert: it is made anew below
DROP TRIGGER posts_insert;

-- Create virtual table gone
CREATE VIRTUAL TABLE gone USING fts5 (a);

-- Make table own anew
-- DESTRUCTIVE: drops the rows of own
DROP TABLE own;
CREATE VIRTUAL TABLE own USING fts5 (a);

-- Rebuild table posts
--   change column posts.body: type TEXT becomes VARCHAR(100)
CREATE TABLE _migrate_new_posts (
    id INTEGER PRIMARY KEY,
    title TEXT,
    body VARCHAR(100)
);
INSERT INTO _migrate_new_posts (id, title, body)
SELECT id, title, body
FROM posts
ORDER BY rowid;
DROP TABLE posts;
ALTER TABLE _migrate_new_posts RENAME TO posts;

-- Make table posts_fts anew
DROP TABLE posts_fts;
CREATE VIRTUAL TABLE posts_fts USING fts5 (title, content='posts', content_rowid='id');
INSERT INTO posts_fts (posts_fts) VALUES ('rebuild');

-- Drop table places
-- DESTRUCTIVE: drops table places with its rows
DROP TABLE places;

-- Create trigger posts_insert
CREATE TRIGGER posts_insert AFTER INSERT ON posts BEGIN
    INSERT INTO posts_fts (rowid, title) VALUES (NEW.id, NEW.title);
END;
