CREATE TABLE seats (
    place TEXT PRIMARY KEY,
    price INTEGER
);
