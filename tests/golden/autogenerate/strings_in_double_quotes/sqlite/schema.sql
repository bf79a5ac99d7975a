CREATE TABLE t (kind TEXT CHECK (kind IN ("abc", "def")), size INTEGER CHECK (size > 0));
CREATE VIEW v AS SELECT "abc" AS a FROM t;
