-- renamed from: log
CREATE TABLE old_log (
    id INTEGER PRIMARY KEY,
    body TEXT, -- renamed from: text
    text BLOB,
    at INTEGER
);
CREATE TABLE log (id INTEGER PRIMARY KEY, line TEXT NOT NULL);
CREATE TABLE refs (id INTEGER PRIMARY KEY, log INTEGER REFERENCES old_log (id));
