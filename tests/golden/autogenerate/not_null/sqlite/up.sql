-- Rebuild table t
--   change column t.a: becomes NOT NULL
--   change column t.b: may be NULL
--   change column t.c: becomes NOT NULL
--   change column t.d: becomes NOT NULL
--   NULL in t.a becomes 'none'
--   NULL in t.c becomes the default, 5
-- Fails if rows don't fit: t.d becomes NOT NULL. To find them: SELECT * FROM t WHERE d IS NULL
CREATE TABLE _migrate_new_t (
    id INTEGER PRIMARY KEY,
    a TEXT NOT NULL,
    b TEXT,
    c INTEGER NOT NULL DEFAULT 5,
    d TEXT NOT NULL
);
INSERT INTO _migrate_new_t (id, a, b, c, d)
SELECT id, coalesce(a, 'none'), b, coalesce(c, 5), d
FROM t
ORDER BY rowid;
DROP TABLE t;
ALTER TABLE _migrate_new_t RENAME TO t;
