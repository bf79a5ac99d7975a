-- renamed from: a
CREATE TABLE c (
    id INTEGER PRIMARY KEY,
    w INTEGER CHECK (w > 0), -- renamed from: x
    y AS (w + 1),
    z INTEGER REFERENCES c (w),
    UNIQUE (w)
);
CREATE TABLE b (id INTEGER PRIMARY KEY, ax INTEGER REFERENCES c (w));
CREATE INDEX a_x ON c (w + 1) WHERE w > 5;
CREATE VIEW v AS SELECT w, c.w AS other FROM c;
CREATE TRIGGER t AFTER UPDATE OF w ON c WHEN NEW.w > OLD.w BEGIN
    INSERT INTO b (ax) SELECT w FROM c;
END;
-- renamed from: notes
CREATE VIRTUAL TABLE papers USING fts5 (body);
