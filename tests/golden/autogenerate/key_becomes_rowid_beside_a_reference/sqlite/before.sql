CREATE TABLE parts (
    owner INTEGER,
    id INTEGER,
    place NUMERIC,
    PRIMARY KEY (id, place),
    FOREIGN KEY (owner, id) REFERENCES parts (id, place)
);
