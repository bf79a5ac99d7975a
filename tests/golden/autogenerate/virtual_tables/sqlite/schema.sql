CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT, body TEXT);
CREATE VIRTUAL TABLE posts_fts USING fts5 (title, body, content='posts', content_rowid='id');
CREATE VIRTUAL TABLE own USING fts5 (a, b);
CREATE VIRTUAL TABLE places USING rtree (id, x0, x1);
CREATE TRIGGER posts_insert AFTER INSERT ON posts BEGIN
    INSERT INTO posts_fts (rowid, title, body) VALUES (NEW.id, NEW.title, NEW.body);
END;
