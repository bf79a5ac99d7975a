-- Rename column t.fresh to old
ALTER TABLE t RENAME COLUMN fresh TO old;

-- Drop view v
DROP VIEW v;

-- Rebuild table t
--   change column t.b: type BIGINT becomes INT
CREATE TABLE _migrate_new_t (
    id INTEGER PRIMARY KEY,
    old TEXT,
    b INT
);
INSERT INTO _migrate_new_t (id, old, b)
SELECT id, old, b
FROM t
ORDER BY rowid;
DROP TABLE t;
ALTER TABLE _migrate_new_t RENAME TO t;
