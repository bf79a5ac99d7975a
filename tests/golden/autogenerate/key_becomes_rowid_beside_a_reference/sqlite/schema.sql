CREATE TABLE parts (
    owner INTEGER,
    id INTEGER PRIMARY KEY,
    place NUMERIC
);
