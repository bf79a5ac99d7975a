CREATE TABLE t (kind TEXT CHECK (kind IN ("Abc", "def")), "Size" INTEGER CHECK ("Size" > 0));
CREATE VIEW v AS SELECT "Abc" AS a FROM t;
