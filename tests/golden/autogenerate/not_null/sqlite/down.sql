-- Rebuild table t
--   change column t.a: may be NULL
--   change column t.b: becomes NOT NULL
--   change column t.c: may be NULL
--   change column t.d: may be NULL
-- Fails if rows don't fit: t.b becomes NOT NULL. To find them: SELECT * FROM t WHERE b IS NULL
CREATE TABLE _migrate_new_t (
    id INTEGER PRIMARY KEY,
    a TEXT,
    b TEXT NOT NULL,
    c INTEGER DEFAULT 5,
    d TEXT
);
INSERT INTO _migrate_new_t (id, a, b, c, d)
SELECT id, a, b, c, d
FROM t
ORDER BY rowid;
DROP TABLE t;
ALTER TABLE _migrate_new_t RENAME TO t;
