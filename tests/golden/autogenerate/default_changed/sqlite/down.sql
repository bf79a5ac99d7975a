-- Rebuild table t
--   change column t.a: default 'X' becomes 'x'
--   change column t.b: default datetime('now') becomes CURRENT_TIMESTAMP
--   change column t.c: default -1.5 becomes none
CREATE TABLE _migrate_new_t (
    id INTEGER PRIMARY KEY,
    a TEXT DEFAULT 'x',
    b TEXT DEFAULT CURRENT_TIMESTAMP,
    c REAL
);
INSERT INTO _migrate_new_t (id, a, b, c)
SELECT id, a, b, c
FROM t
ORDER BY rowid;
DROP TABLE t;
ALTER TABLE _migrate_new_t RENAME TO t;
