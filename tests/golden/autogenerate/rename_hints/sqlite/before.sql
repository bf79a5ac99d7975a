CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, code TEXT);
CREATE TABLE pets (id INTEGER PRIMARY KEY, owner INTEGER REFERENCES people (id));
CREATE INDEX people_name ON people (name);
CREATE VIEW names AS SELECT name FROM people;
