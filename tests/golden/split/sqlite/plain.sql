-- Two tables and a row.
CREATE TABLE author (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE book (
    id INTEGER PRIMARY KEY,
    author INTEGER REFERENCES author (id)
);
INSERT INTO author (name) VALUES ('Ursula');
