-- create accounts (down)

DROP TABLE accounts;
