CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT, body VARCHAR(100));
CREATE VIRTUAL TABLE posts_fts USING fts5 (title, content='posts', content_rowid='id');
CREATE VIRTUAL TABLE own USING fts5 (a);
CREATE VIRTUAL TABLE gone USING fts5 (a);
CREATE TRIGGER posts_insert AFTER INSERT ON posts BEGIN
    INSERT INTO posts_fts (rowid, title) VALUES (NEW.id, NEW.title);
END;
