-- Rebuild table t
--   change column t.a: default 'x' becomes 'X'
--   change column t.b: default CURRENT_TIMESTAMP becomes datetime('now')
--   change column t.c: default none becomes -1.5
CREATE TABLE _migrate_new_t (id INTEGER PRIMARY KEY, a TEXT DEFAULT 'X', b TEXT DEFAULT (datetime('now')), c REAL DEFAULT -1.5);
INSERT INTO _migrate_new_t (id, a, b, c)
SELECT id, a, b, c
FROM t
ORDER BY rowid;
DROP TABLE t;
ALTER TABLE _migrate_new_t RENAME TO t;
