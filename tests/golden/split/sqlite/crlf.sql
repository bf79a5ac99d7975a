-- from Windows; with love
CREATE TABLE a (
    b TEXT DEFAULT 'c;
d'
);

INSERT INTO a DEFAULT VALUES;
