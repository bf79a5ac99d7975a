-- Drop trigger posts_insert: it is made anew below
DROP TRIGGER posts_insert;

-- Create virtual table places
CREATE VIRTUAL TABLE places USING rtree (id, x0, x1);

-- Make table own anew
-- DESTRUCTIVE: drops the rows of own
DROP TABLE own;
CREATE VIRTUAL TABLE own USING fts5 (a, b);

-- Rebuild table posts
--   change column posts.body: type VARCHAR(100) becomes TEXT
CREATE TABLE _migrate_new_posts (id INTEGER PRIMARY KEY, title TEXT, body TEXT);
INSERT INTO _migrate_new_posts (id, title, body)
SELECT id, title, body
FROM posts
ORDER BY rowid;
DROP TABLE posts;
ALTER TABLE _migrate_new_posts RENAME TO posts;

-- Make table posts_fts anew
DROP TABLE posts_fts;
CREATE VIRTUAL TABLE posts_fts USING fts5 (title, body, content='posts', content_rowid='id');
INSERT INTO posts_fts (posts_fts) VALUES ('rebuild');

-- Drop table gone
-- DESTRUCTIVE: drops table gone with its rows
DROP TABLE gone;

-- Create trigger posts_insert
CREATE TRIGGER posts_insert AFTER INSERT ON posts BEGIN
    INSERT INTO posts_fts (rowid, title, body) VALUES (NEW.id, NEW.title, NEW.body);
END;
