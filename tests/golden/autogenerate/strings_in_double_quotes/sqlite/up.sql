-- Drop view v: it is made anew below
DROP VIEW v;

-- Rebuild table t
--   drop CHECK (kind IN ("Abc", "def")) of t
--   add CHECK (kind IN ("abc", "def")) to t
-- Fails if rows don't fit: CHECK (kind IN ("abc", "def")) of t. To find them: SELECT * FROM t WHERE NOT (kind IN ("abc", "def"))
CREATE TABLE _migrate_new_t (kind TEXT CHECK (kind IN ("abc", "def")), size INTEGER CHECK (size > 0));
INSERT INTO _migrate_new_t (rowid, kind, size)
SELECT rowid, kind, size
FROM t
ORDER BY rowid;
DROP TABLE t;
ALTER TABLE _migrate_new_t RENAME TO t;

-- Create view v
CREATE VIEW v AS SELECT "abc" AS a FROM t;
